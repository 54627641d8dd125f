"""What a list shows as an office's ledger (台账) in Excel, written row by row: its cases are never in memory together.

The rows are those of the screen, whatever the screen is: a queue as the database has it, or a desk as it was shown.
Words that others wrote stand as words: a cell that begins like a formula is marked as text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from itertools import islice
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

from leitai.rules.casework import COLOURS, ROLES

from .models import Case
from .queries import CaseView, each, progress

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST = 100_000  # rows of a sheet; who needs more asks for a kind at a time
CHUNK = 2000
Rows = QuerySet[Case] | Sequence[CaseView]


@dataclass(frozen=True)
class Head:
    """What stands above the rows: title, the sheet's own name, and the instant they are true of, in a zone."""

    title: str
    name: str
    now: datetime
    zone: ZoneInfo


def workbook(head: Head, rows: Rows) -> bytes:
    """The rows of a screen as the bytes of a workbook: cases of `queries.open_cases`, or views that were shown."""
    columns = _columns()
    book = Workbook(write_only=True)
    sheet = book.create_sheet(head.name[:31])
    sheet.freeze_panes = "A4"
    for index, (_name, width) in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    count = rows.count() if isinstance(rows, QuerySet) else len(rows)
    said = _("As of %(time)s") % {"time": f"{head.now.astimezone(head.zone):%Y-%m-%d %H:%M}"}
    if count > MOST:
        said += " · " + _("the first %(most)s of %(count)s") % {"most": MOST, "count": count}
    sheet.append([bold(sheet, head.title, 14)])
    sheet.append([said])
    sheet.append([bold(sheet, name) for name, _width in columns])
    for number, (one, done) in enumerate(_with_progress(_views(rows, head)), 1):
        sheet.append([number, *(cell(sheet, value) for value in _values(one, done, head))])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _columns() -> tuple[tuple[str, int], ...]:
    """What the columns are called, and how wide they are."""
    return (
        (_("No."), 6),
        (_("Reference"), 14),
        (_("Kind"), 16),
        (_("Matter"), 46),
        (_("Where"), 24),
        (_("Unit"), 24),
        (_("State"), 14),
        (_("Held by"), 14),
        (_("Opened"), 17),
        (_("Due"), 17),
        (_("Hours late"), 12),
        (_("Light"), 10),
        (_("Slip"), 14),
        (_("Times returned"), 10),
        (_("Where it stands"), 46),
    )


def _views(rows: Rows, head: Head) -> Iterable[CaseView]:
    if isinstance(rows, QuerySet):
        return each(rows.all()[:MOST].iterator(chunk_size=CHUNK), head.now)
    return rows[:MOST]


def _with_progress(views: Iterable[CaseView]) -> Iterator[tuple[CaseView, str]]:
    """Views with what was last said of each, asked for many at a time."""
    stream = iter(views)
    while chunk := list(islice(stream, CHUNK)):
        said = progress([one.case.pk for one in chunk])
        yield from ((one, said.get(one.case.pk, "")) for one in chunk)


def _values(one: CaseView, done: str, head: Head) -> Iterable[Any]:
    """The cells of a case after its number; instants as the place's wall clock, which is all Excel knows of."""
    language = get_language() or "zh-hans"
    left = one.clock.seconds_left if one.clock else None
    lights = {"green": _("green"), "yellow": _("yellow"), "red": _("red")}
    return (
        one.case.ref,
        one.kind.show(language),
        one.case.title,
        one.case.where,
        one.case.unit.name if one.case.unit else "",
        one.state.show(language),
        ROLES[one.holder].show(language),
        one.case.opened_at.astimezone(head.zone).replace(tzinfo=None),
        one.clock.due_at.astimezone(head.zone).replace(tzinfo=None) if one.clock else None,
        round(-left / 3600, 1) if left is not None and left < 0 else None,
        lights.get(one.light, ""),
        COLOURS[one.case.slip].show(language) if one.case.slip else "",
        one.case.returns or None,
        done,
    )


def cell(sheet: Any, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    value = ILLEGAL_CHARACTERS_RE.sub(" ", value)[:32_767]
    if not value.startswith("="):
        return value
    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    return cell


def bold(sheet: Any, text: str, size: int = 11) -> Any:
    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True, size=size)
    return cell
