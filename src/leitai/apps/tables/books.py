"""Pages of tables as Excel: what is seen, in the order in which it is seen, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST = 31  # characters of a sheet's name
NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))

Rows = Iterable[Sequence[Any]]


def book(sheets: Sequence[tuple[str, Sequence[str], Rows]], about: Rows) -> bytes:
    """The workbook's bytes: sheets of (name, head, rows), and one that says where the figures come from."""
    made = Workbook(write_only=True)
    taken: set[str] = set()
    for number, (name, head, rows) in enumerate(sheets, start=1):
        title = name.translate(NOT_IN_NAMES)[:LONGEST].strip() or str(number)
        if title.lower() in taken:
            title = f"{title[: LONGEST - 4]} {number}"
        taken.add(title.lower())
        sheet = made.create_sheet(title)
        sheet.freeze_panes = "B2"
        sheet.column_dimensions["A"].width = 32
        sheet.append([_bold(sheet, text) for text in head])
        for row in rows:
            sheet.append([_plain(value) for value in row])
    last = made.create_sheet(_("Where it comes from"))
    last.column_dimensions["A"].width, last.column_dimensions["B"].width = 32, 80
    for label, *values in about:
        last.append([_bold(last, label), *(_plain(value) for value in values)])
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def answer(content: bytes, name: str) -> HttpResponse:
    """The workbook as a file to keep."""
    return HttpResponse(
        content, content_type=MIME, headers={"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    )


def _bold(sheet: Any, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=_plain(text))
    cell.font = Font(bold=True)
    return cell


def _plain(value: Any) -> Any:
    """A value as a spreadsheet keeps it; a text that it would take for a formula stays a text."""
    if value is None or isinstance(value, int | float):
        return value
    if not isinstance(value, str):
        return float(value)
    value = ILLEGAL_CHARACTERS_RE.sub(" ", value)
    return "'" + value if value[:1] in ("=", "+", "-", "@") else value
