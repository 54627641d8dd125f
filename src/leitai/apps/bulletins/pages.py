"""The bulletin of a table: a Word document in the official layout, drawn up by the office, for anyone."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leitai.apps.ledger.errors import Refused
from leitai.apps.people.access import Visit, page, public_page
from leitai.apps.tables import queries as tables

from . import actions, queries

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
@public_page
def bulletin(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """The document, or a page that says it is not drawn up yet."""
    table = tables.table(visit.place, number)
    if table is None or table.published_at is None:
        raise Http404(_("There is no such table, or it is not published yet."))
    row = queries.of_table(table)
    if row is None:
        context = {"visit": visit, "table": table, "view": tables.view(table)}
        return render(request, "bulletins/missing.html", context, status=404)
    name = quote(f"{row.title}.docx")
    headers = {
        "Content-Disposition": f"attachment; filename=\"bulletin-{table.pk}.docx\"; filename*=UTF-8''{name}"
    }
    return HttpResponse(bytes(row.document), content_type=WORD, headers=headers)


@require_POST
@page("table.freeze")
def draw(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """Draw the bulletin up, by those who keep the tables."""
    table = tables.table(visit.place, number)
    if table is None or table.published_at is None:
        raise Http404(_("There is no such table, or it is not published yet."))
    try:
        actions.draw(table=table, by=visit.viewer.name, now=visit.now)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("tables:table", visit.place.key, number)
    messages.success(request, _("The bulletin is drawn up."))
    return redirect("tables:table", visit.place.key, number)
