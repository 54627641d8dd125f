"""Codes as they are printed: sheets of A4 with four stickers or one poster, and the same signs as files in a ZIP."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from leitai.apps.people.access import Visit, page

from ..models import Point
from ..signs import Signs, zipped
from .choice import asked, chosen

A_SHEET = {"sticker": 4, "poster": 1}
SHEETS = 50  # of A4 on a page of the browser, which draws more only slowly
ZIP_MOST = 2000


def base_of(request: HttpRequest) -> str:
    """The address that codes lead to: the one that is set, else that by which this page was opened."""
    return settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")


def drawn(signs: Signs, points: Iterable[Point]) -> list[SafeString]:
    """The signs of points, to be set into a page."""
    return [mark_safe(signs.svg(point)) for point in points]


@require_safe
@page("point.manage")
def print_codes(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The signs of the chosen points on sheets of A4, so many at a time."""
    size = "poster" if request.GET.get("size") == "poster" else "sticker"
    points, query = chosen(request.GET, visit)
    total = points.count()
    if not total:
        messages.warning(request, _("Tick codes that are in use first."))
        return redirect("ballots:codes", visit.place.key)
    many = A_SHEET[size]
    found = Paginator(points, SHEETS * many).get_page(request.GET.get("page"))
    signs = Signs(visit.place, base_of(request))
    all_drawn = drawn(signs, found.object_list)
    context = {
        "visit": visit,
        "size": size,
        "page": found,
        "query": query,
        "total": total,
        "sheets": [all_drawn[at : at + many] for at in range(0, len(all_drawn), many)],
        "zip": total <= ZIP_MOST,
        "zip_most": ZIP_MOST,
        "command": _command(request, visit),
        "is_set": bool(settings.PUBLIC_URL),
        "address": signs.address(found.object_list[0]),
    }
    return render(request, "ballots/sheets.html", context)


def _command(request: HttpRequest, visit: Visit) -> str:
    """The command that draws these signs, or more, into a ZIP of any size."""
    told = asked(request.GET, visit)
    narrow = f"--hall {told.hall}" if told.hall else f"--unit {told.key}" if told.key else "--all"
    return f"leitai ballots codes {visit.place.key} {narrow} --zip codes.zip"


@require_safe
@page("point.manage")
def zip_codes(request: HttpRequest, visit: Visit) -> HttpResponse | StreamingHttpResponse:
    """The signs of the chosen points in a ZIP, sent as they are drawn."""
    points, _query = chosen(request.GET, visit)
    if not 0 < points.count() <= ZIP_MOST:
        messages.warning(request, _("A download holds one to %(most)s codes.") % {"most": ZIP_MOST})
        return redirect("ballots:codes", visit.place.key)
    pieces = zipped(Signs(visit.place, base_of(request)), points, visit.now.astimezone(visit.place.zone))
    return StreamingHttpResponse(
        pieces,
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="codes-{visit.place.key}.zip"'},
    )
