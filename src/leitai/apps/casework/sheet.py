"""A queue as a ledger in Excel, written row by row: its cases are never in memory together.

Words that others wrote stand as words: a cell that begins like a formula is marked as text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from leitai.rules.casework import ROLES

from .models import Case
from .queries import CaseView, each

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST = 100_000  # rows of a sheet; who needs more asks for a kind at a time
CHUNK = 2000


@dataclass(frozen=True)
class Head:
    """What stands above the rows: title, the sheet's own name, and the instant they are true of, in a zone."""

    title: str
    name: str
    now: datetime
    zone: ZoneInfo


def workbook(head: Head, rows: QuerySet[Case]) -> bytes:
    """The rows of a queue as the bytes of a workbook."""
    columns = (
        (_("No."), 6),
        (_("Reference"), 14),
        (_("Kind"), 16),
        (_("Matter"), 46),
        (_("Unit"), 24),
        (_("State"), 14),
        (_("Held by"), 14),
        (_("Opened"), 17),
        (_("Due"), 17),
        (_("Hours late"), 12),
    )
    book = Workbook(write_only=True)
    sheet = book.create_sheet(head.name[:31])
    sheet.freeze_panes = "A4"
    for index, (_name, width) in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    count = rows.count()
    said = _("As of %(time)s") % {"time": f"{head.now.astimezone(head.zone):%Y-%m-%d %H:%M}"}
    if count > MOST:
        said += " · " + _("the first %(most)s of %(count)s") % {"most": MOST, "count": count}
    sheet.append([_bold(sheet, head.title, 14)])
    sheet.append([said])
    sheet.append([_bold(sheet, name) for name, _width in columns])
    for number, one in enumerate(each(rows[:MOST].iterator(chunk_size=CHUNK), head.now), 1):
        sheet.append([number, *(_cell(sheet, value) for value in _values(one, head))])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _values(one: CaseView, head: Head) -> Iterable[Any]:
    """The cells of a case after its number; instants as the place's wall clock, which is all Excel knows of."""
    language = get_language() or "zh-hans"
    left = one.clock.seconds_left if one.clock else None
    return (
        one.case.ref,
        one.kind.show(language),
        one.case.title,
        one.case.unit.name if one.case.unit else "",
        one.state.show(language),
        ROLES[one.holder].show(language),
        one.case.opened_at.astimezone(head.zone).replace(tzinfo=None),
        one.clock.due_at.astimezone(head.zone).replace(tzinfo=None) if one.clock else None,
        round(-left / 3600, 1) if left is not None and left < 0 else None,
    )


def _cell(sheet: Any, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    value = ILLEGAL_CHARACTERS_RE.sub(" ", value)
    if not value.startswith("="):
        return value
    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    return cell


def _bold(sheet: Any, text: str, size: int = 11) -> Any:
    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True, size=size)
    return cell
