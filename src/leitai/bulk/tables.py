"""Tables of any make as one thing: columns, then rows with their line, never more than a few in memory.

The make is told by the file's first bytes, never by its name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from leitai.rules.kernel import N_

from .faults import fault

GZIP, ZIP, OLE, PARQUET = b"\x1f\x8b", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PAR1"


class Table(Protocol):
    """A table that is being read. `done` and `total` are bytes or rows, for progress."""

    columns: tuple[str, ...]
    total: int
    digest: str

    @property
    def done(self) -> int:
        """How much has been read."""

    def rows(self) -> Iterator[tuple[int, Sequence[object]]]:
        """Each row with its line in the file (for Parquet its number). Raises FileFault where it breaks."""


def open_table(path: Path, *, digest: bool = False) -> Table:
    """The table in a file: CSV (plain or gzip), Excel or Parquet. Raises FileFault with a plain sentence.

    With `digest`, the table's `digest` is the SHA-256 of its content, in hex.
    """
    try:
        if path.is_dir():
            raise fault("folder", N_("this is a folder, not a file"), path)
        with path.open("rb") as file:
            start = file.read(8)
    except FileNotFoundError:
        raise fault("no-file", N_("there is no such file"), path) from None
    except OSError as error:
        raise fault("unreadable", N_("the file cannot be read: %(why)s"), path, why=error.strerror) from None
    if not start:
        raise fault("empty-file", N_("the file is empty"), path)
    if start.startswith((ZIP, OLE)):
        from .excel import ExcelTable

        return ExcelTable(path, digest=digest)
    if start.startswith(PARQUET):
        from .parquet import ParquetTable

        return ParquetTable(path, digest=digest)
    from .text import TextTable

    return TextTable(path, packed=start.startswith(GZIP), digest=digest)
