"""Parquet files, a batch of rows at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import file_digest
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from leitai.rules.kernel import N_

from .faults import FileFault, fault

ROWS = 4096


class ParquetTable:
    """A Parquet file; see `tables.Table`. `done` and `total` are rows."""

    def __init__(self, path: Path, *, digest: bool) -> None:
        self.path = path
        self.digest = ""
        self.done = 0
        if digest:
            with path.open("rb") as file:
                self.digest = file_digest(file, "sha256").hexdigest()
        try:
            self._file = pq.ParquetFile(path)
        except (pa.ArrowException, OSError) as error:
            raise self._damaged(error) from None
        self.columns = tuple(str(name).strip() for name in self._file.schema_arrow.names)
        self.total = self._file.metadata.num_rows

    def rows(self) -> Iterator[tuple[int, Sequence[object]]]:
        """Each row with its number from 1."""
        batches = self._file.iter_batches(batch_size=ROWS, use_threads=False)
        while True:
            try:
                batch = next(batches, None)
                rows = zip(*map(_values, batch.columns), strict=True) if batch is not None else None
            except (pa.ArrowException, OSError) as error:
                raise self._damaged(error) from None
            if rows is None:
                return
            for cells in rows:
                self.done += 1
                yield self.done, cells

    def _damaged(self, error: BaseException) -> FileFault:
        message = N_("this cannot be read as Parquet: it is cut off or damaged (%(why)s)")
        return fault("damaged", message, self.path, why=str(error).splitlines()[0][:120])


def _values(column: Any) -> list[object]:
    """A column as Python values; times finer than a microsecond lose what is finer."""
    kind = column.type
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        column = column.cast(pa.timestamp("us", tz=kind.tz), safe=False)
    return list(column.to_pylist())
