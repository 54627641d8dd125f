"""A list of burden in Excel: title, heads, and the rows that are seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(title: str, heads: Sequence[tuple[str, int]], rows: Iterable[Sequence[Any]]) -> bytes:
    """The bytes of a workbook of one sheet; heads with the width of their columns."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title.rpartition(" · ")[2][:31])
    sheet.freeze_panes = "B3"
    for index, (_name, width) in enumerate(heads, 1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.append([_bold(sheet, title)])
    sheet.append([_bold(sheet, name) for name, _width in heads])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


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
