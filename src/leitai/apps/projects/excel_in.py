"""A file of an office opened: its sheets as grids, merged ranges and formulas without a value told apart."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from leitai.apps.ledger.errors import refuse
from leitai.rules.kernel import N_
from leitai.rules.records.sheets import Grid, uncomputed

MOST_BYTES, MOST_UNPACKED, MOST_ROWS, MOST_COLUMNS = 8 << 20, 128 << 20, 20_000, 200


def opened(data: bytes) -> tuple[list[Grid], list[str]]:
    """The sheets that are shown, and the names of those that are hidden, which are not read. Raises Refused."""
    if len(data) > MOST_BYTES:
        raise refuse("too-big", N_("The file is larger than %(most)s MB."), most=MOST_BYTES >> 20)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise refuse("old-excel", N_("This is the old kind of Excel file (.xls); save it as .xlsx."))
    fault = refuse("not-a-workbook", N_("This is no Excel file (.xlsx), or it is damaged."))
    try:
        formulas = _formulas(data)
        book = load_workbook(BytesIO(data), data_only=True)
        typed = load_workbook(BytesIO(data)) if formulas else None
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        grids = [_grid(sheet, typed[sheet.title] if typed else None) for sheet in shown]
    except Exception as error:  # the reader raises whatever a damaged file leads it into
        raise fault from error
    for grid in grids:
        if len(grid.rows) > MOST_ROWS or grid.width > MOST_COLUMNS:
            raise refuse(
                "too-long-a-sheet",
                N_("Sheet %(sheet)s has more than %(rows)s rows or %(columns)s columns."),
                sheet=grid.name,
                rows=MOST_ROWS,
                columns=MOST_COLUMNS,
            )
    return grids, [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]


def _formulas(data: bytes) -> bool:
    """Whether any cell holds a formula. Raises for what unpacks to more than a file of an office does."""
    with zipfile.ZipFile(BytesIO(data)) as parts:
        if sum(one.file_size for one in parts.infolist()) > MOST_UNPACKED:
            raise ValueError("too large unpacked")
        names = [one for one in parts.namelist() if one.startswith("xl/worksheets/")]
        return any(b"<f" in parts.read(one) for one in names)


def _grid(sheet: Any, typed: Any) -> Grid:
    """A sheet's cells; rows and columns beyond the last that holds something are left off."""
    rows = [list(row) for row in sheet.iter_rows(values_only=True, max_row=min(sheet.max_row, MOST_ROWS + 1))]
    if typed is not None:
        for at, row in enumerate(typed.iter_rows(values_only=True, max_row=len(rows))):
            for column, cell in enumerate(row):
                if isinstance(cell, str) and cell.startswith("=") and rows[at][column] is None:
                    rows[at][column] = uncomputed()
    while rows and all(cell in (None, "") for cell in rows[-1]):
        rows.pop()
    width = max((at + 1 for row in rows for at, cell in enumerate(row) if cell not in (None, "")), default=0)
    merged = tuple(
        (one.min_row - 1, one.min_col - 1, one.max_row - 1, one.max_col - 1)
        for one in sheet.merged_cells.ranges
    )
    return Grid(sheet.title, tuple(tuple(row[:width]) for row in rows), merged)
