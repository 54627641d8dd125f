"""A round of inspection in Excel: its visits as they are shown, and what was found, each with the unit's reply."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def stands() -> dict[str, str]:
    """How a finding stands by its case, in words."""
    return {
        "none": _("no case yet"),
        "open": _("being worked on"),
        "overdue": _("overdue"),
        "verified": _("proved true, put right"),
        "refuted": _("not borne out"),
    }


def workbook(title: str, rows: Iterable[Any], report: dict[str, Any], visit: Any) -> bytes:
    """The bytes of the workbook: visits, findings."""
    zone = visit.place.zone
    names = {one["key"]: one["name"] for one in report["groups"]}
    book = Workbook(write_only=True)
    first = _sheet(
        book,
        _("Visits"),
        title,
        (_("Group"), 24), (_("Unit"), 28), (_("Planned for"), 13), (_("Began"), 17), (_("Ended"), 17),
        (_("Minutes of the unit"), 12), (_("Findings"), 10), (_("Not held because"), 40),
    )  # fmt: skip
    for one in rows:
        times = (
            at.astimezone(zone).replace(tzinfo=None) if at else None for at in (one.began_at, one.ended_at)
        )
        values = (
            names.get(one.group, one.group),
            one.unit.name,
            one.planned,
            *times,
            one.minutes,
            one.many,
            one.dropped_why,
        )
        first.append([_cell(first, value) for value in values])
    second = _sheet(
        book,
        _("Findings"),
        title,
        (_("Group"), 24), (_("Unit"), 28), (_("Line of the checklist"), 28), (_("Finding in words"), 50),
        (_("What the unit says to it"), 50), (_("Case"), 14), (_("How it stands"), 20),
    )  # fmt: skip
    for one in report["found"]:
        said = stands()[one["stands"]]
        values = (one["group"], one["name"], one["line"], one["text"], one["reply"], one["case"], said)
        second.append([_cell(second, value) for value in values])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(book: Any, name: str, title: str, *columns: tuple[str, int]) -> Any:
    sheet = book.create_sheet(name[:31])
    sheet.freeze_panes = "A3"
    for index, (_name, width) in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.append([_bold(sheet, title)])
    sheet.append([_bold(sheet, one) for one, _width in columns])
    return sheet


def _bold(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: Any, value: Any) -> Any:
    """Words that others wrote stand as words: one that begins like a formula is marked as text."""
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub(" ", value)[:32_767])
    cell.data_type = "s"
    return cell
