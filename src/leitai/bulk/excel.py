"""Excel workbooks: the first sheet's first row with anything in it names the columns.

python-calamine reads ten times as fast as openpyxl and holds the sheet in memory; openpyxl reads row by row.
So a workbook is read by calamine up to a size, and past it by openpyxl.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from hashlib import file_digest
from pathlib import Path

from leitai.rules.kernel import N_

from .faults import fault

HELD = 128 << 20  # bytes of XML: about as many bytes of memory when calamine holds it


class ExcelTable:
    """An Excel file; see `tables.Table`. `done` and `total` are rows."""

    def __init__(self, path: Path, *, digest: bool, held: int = HELD) -> None:
        self.path = path
        self.digest = _digest(path) if digest else ""
        self.done = 0
        try:
            self.total, self._rows = _streamed(path) if _unpacked_size(path) > held else _held(path)
            self._line, first = next(
                ((line, cells) for line, cells in self._rows if any(map(_filled, cells))), (0, ())
            )
        except Exception as error:  # noqa: BLE001  # both readers raise whatever a damaged file leads them into
            raise self._damaged(error) from None
        if not first:
            raise fault("empty-file", N_("the file is empty"), path)
        names = ["" if cell is None else str(cell).strip() for cell in first]
        while not names[-1]:
            names.pop()
        self.columns = tuple(names)

    def rows(self) -> Iterator[tuple[int, Sequence[object]]]:
        """Each row with its number in the sheet; empty rows are passed over."""
        width = len(self.columns)
        while True:
            try:
                line, cells = next(self._rows, (0, None))
            except Exception as error:  # noqa: BLE001  # as above
                raise self._damaged(error) from None
            if cells is None:
                return
            self.done = line
            if any(map(_filled, cells)):
                yield line, [*cells, *[None] * (width - len(cells))]

    def _damaged(self, error: Exception) -> Exception:
        message = N_(
            "this cannot be read as Excel: it is cut off, damaged or locked with a password (%(why)s)"
        )
        return fault("damaged", message, self.path, why=str(error)[:120] or type(error).__name__)


def _filled(cell: object) -> bool:
    return cell is not None and cell != ""


def _unpacked_size(path: Path) -> int:
    """Bytes of all parts; an old binary workbook is as large as it lies there."""
    if not zipfile.is_zipfile(path):
        return 0
    with zipfile.ZipFile(path) as parts:
        return sum(one.file_size for one in parts.infolist())


def _held(path: Path) -> tuple[int, Iterator[tuple[int, Sequence[object]]]]:
    import python_calamine

    sheet = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    return sheet.total_height, enumerate(sheet.iter_rows(), 1)


def _streamed(path: Path) -> tuple[int, Iterator[tuple[int, Sequence[object]]]]:
    import openpyxl

    sheet = openpyxl.load_workbook(path, read_only=True, data_only=True).worksheets[0]
    return sheet.max_row or 0, enumerate(sheet.iter_rows(values_only=True), 1)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
