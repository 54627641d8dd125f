"""What anyone may read: the list of bulletins, the exposure column, one bulletin with its files, and feeds.

A draft is there for those who write or approve bulletins, and for nobody else.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import feedgenerator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from leitai.apps.people.access import Visit, public_page
from leitai.apps.tables import queries as tables
from leitai.ui import words

from .. import queries
from ..documents import marked_pdf, preview
from ..models import Bulletin

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
EXPOSURE = "exposure"


@require_safe
@public_page
def listing(request: HttpRequest, visit: Visit) -> HttpResponse:
    """All that was issued, the newest first; above it what is not issued yet, for those whose work it is."""
    drafts = queries.drafts(visit.place) if works(visit) else []
    page = Paginator(queries.issued(visit.place), 30).get_page(request.GET.get("page"))
    context = {"visit": visit, "rows": page, "page": page, "drafts": drafts, "works": works(visit)}
    return render(request, "bulletins/list.html", context)


@require_safe
@public_page
def exposure(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The exposure column: each proven finding with what the unit says beside it."""
    page = Paginator(queries.issued(visit.place, kind=EXPOSURE), 10).get_page(request.GET.get("page"))
    shown = [(row, _sides(row)) for row in page]
    return render(request, "bulletins/exposure.html", {"visit": visit, "shown": shown, "page": page})


def _sides(row: Bulletin) -> dict[str, list[dict[str, Any]]]:
    """A bulletin's text in two: what was found, and what the unit says to it."""
    blocks = queries.meant(row, words.chinese())
    return {
        "found": [one for one in blocks if one["kind"] in ("paragraph", "table", "source")],
        "said": [one for one in blocks if one["kind"] == "reply"],
    }


@require_safe
@public_page
def one(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """One bulletin as a page, its figures linked to the editions they are from, and what was corrected since."""
    row = _seen(visit, number)
    context = {
        "visit": visit,
        "row": row,
        "blocks": queries.meant(row, words.chinese()),
        "marks": [said for said in row.mark.split("\n") if said],
        "corrections": [(one.new, tables.view(one.new)) for one in queries.corrections(row)],
        "read": queries.digest_of(row),
        "mine": row.first_by == visit.viewer.name,
        "has_pdf": row.state == "draft" or row.pdf is not None,
    }
    return render(request, "bulletins/one.html", context)


@require_safe
@public_page
def word(_request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """The Word file: as it was issued; of a draft as it stands."""
    row = _seen(visit, number)
    return _file(row, queries.word(row, visit.now), WORD, "docx")


@require_safe
@public_page
def pdf(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """The PDF; of one that was corrected since, a copy that says so, and with `?issued` the one that was issued."""
    row = _seen(visit, number)
    if row.state == "draft":
        content = preview(row, visit.now)
    elif row.pdf is None:
        raise Http404(_("This bulletin was issued as a Word file alone."))
    elif row.mark and "issued" not in request.GET:
        content = marked_pdf(row, visit.now)
    else:
        content = bytes(row.pdf)
    return _file(row, content, PDF, "pdf", inline=True)


def _file(row: Bulletin, content: bytes, kind: str, ending: str, *, inline: bool = False) -> HttpResponse:
    name = quote(f"{row.number} {row.title}.{ending}".strip())
    way = "inline" if inline else "attachment"
    headers = {
        "Content-Disposition": f"{way}; filename=\"bulletin-{row.pk}.{ending}\"; filename*=UTF-8''{name}"
    }
    return HttpResponse(content, content_type=kind, headers=headers)


@require_safe
@public_page
def of_table(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """The bulletin of a table; a page that says so where none was drawn up or issued yet."""
    table = tables.table(visit.place, number)
    if table is None or table.published_at is None:
        raise Http404(_("There is no such table, or it is not published yet."))
    row = queries.of_table(table)
    if row is not None and (row.state == "issued" or works(visit)):
        return redirect("bulletins:one", visit.place.key, row.pk)
    context = {"visit": visit, "table": table, "view": tables.view(table), "drafted": row is not None}
    return render(request, "bulletins/missing.html", context, status=404)


@require_safe
@public_page
def feed(request: HttpRequest, visit: Visit, kind: str = "") -> HttpResponse:
    """What was issued lately as Atom: all of it, or the exposure column."""
    place = visit.place
    home = "bulletins:exposure" if kind else "bulletins:list"
    base = settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")
    made = feedgenerator.Atom1Feed(
        title=f"{place.name} · {_('Exposure column') if kind else _('Bulletins')}",
        link=base + reverse(home, args=[place.key]),
        description="",
        language=place.language,
        feed_url=base + request.path,
    )
    for row in queries.issued(place, kind=kind, limit=30):
        made.add_item(
            title=f"{row.number} {row.title}".strip(),
            link=base + reverse("bulletins:one", args=[place.key, row.pk]),
            description=row.mark and _("Corrected since: %(mark)s") % {"mark": row.mark},
            pubdate=row.issued_at,
            updateddate=row.marked_at or row.issued_at,
        )
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def works(visit: Visit) -> bool:
    """Whether bulletins that are not issued yet are this viewer's work."""
    return visit.viewer.may("bulletin.draft") or visit.viewer.may("bulletin.approve")


def _seen(visit: Visit, number: int) -> Bulletin:
    row = queries.bulletin(visit.place, number)
    if row is None or (row.state != "issued" and not works(visit)):
        raise Http404(_("There is no such bulletin."))
    return row
