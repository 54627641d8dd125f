"""Starts in Excel, as they are shown: when each can be made, who holds it up, since when."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from .queries.lists import Line

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST = 10_000


def workbook(title: str, lines: Iterable[Line], visit: Any) -> bytes:
    """The bytes of the workbook; days are dates of the place."""
    zone, language = visit.place.zone, get_language() or "zh-hans"
    columns = (
        (_("What is started"), 40), (_("Kind of start"), 30), (_("Enterprise"), 28), (_("Project"), 18),
        (_("Opened"), 12), (_("Permits granted"), 9), (_("of permits"), 9), (_("Earliest start"), 14),
        (_("Started on"), 12), (_("Held up by"), 30), (_("Held by"), 28), (_("Since"), 12),
    )  # fmt: skip
    book = Workbook(write_only=True)
    page = book.create_sheet(_("Starts"))
    for number, (_name, width) in enumerate(columns, 1):
        page.column_dimensions[get_column_letter(number)].width = width
    page.append([_cell(page, title, bold=True)])
    page.append([_cell(page, name, bold=True) for name, _width in columns])
    for one in lines:
        row = one.start
        days = [at.astimezone(zone).date() if at else None for at in (row.opened_at, one.earliest, one.since)]
        values = (
            row.title, one.name.show(language), row.enterprise.name if row.enterprise else "",
            row.project.code if row.project else "", days[0], one.granted, one.of, days[1], row.started_on,
            one.permit.show(language) if one.permit else "", one.holder, days[2],
        )  # fmt: skip
        page.append([_cell(page, value) for value in values])
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def _cell(page: Any, value: Any, *, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(page, ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value)
    if isinstance(value, str):
        cell.data_type = "s"  # what begins with = is no formula
    cell.font = Font(bold=bold)
    return cell
