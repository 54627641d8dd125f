"""A table as files for everyone: the pack that recomputes anywhere, and its lines as CSV and as JSON.

Open data of what is public anyway; a draft is for those who freeze or publish, as its page is.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from leitai.apps.people.access import Visit, public_page

from . import queries
from .models import Table
from .pages import table_of
from .zips import zipped

BOM = "\ufeff"  # without it a spreadsheet takes Chinese for Latin letters


def _named(row: Table, ending: str) -> dict[str, str]:
    name = f"{row.place.key}-{row.arena}-{row.period}-{row.edition}.{ending}"
    return {"Content-Disposition": f'attachment; filename="{name}"'}


@require_safe
@public_page
def pack(_request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """All that `leitai table recompute` needs, as one zip."""
    row = table_of(visit, number)
    content = zipped(queries.pack_files(row))
    return HttpResponse(content, content_type="application/zip", headers=_named(row, "zip"))


@require_safe
@public_page
def lines(_request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """The table's lines as CSV."""
    row = table_of(visit, number)
    content = BOM + queries.as_csv(row)
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=_named(row, "csv"))


@require_safe
@public_page
def values(_request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """The table's lines as JSON."""
    row = table_of(visit, number)
    said = {"ensure_ascii": False}
    return JsonResponse(queries.as_json(row), json_dumps_params=said, headers=_named(row, "json"))
