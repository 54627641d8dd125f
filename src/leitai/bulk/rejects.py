"""The file of rows that could not be taken: where, what and why, then the row as it was.

Mended in place it can be imported again with the same map, because columns are found by name. It opens in
Excel as it is (UTF-8 with its mark), and does not come into being when nothing is rejected.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from leitai.apps.ledger.errors import tell
from leitai.rules.kernel import N_
from leitai.rules.records import Rejected

from .faults import fault

HEAD = ("line", "column", "value", "reason")


class Rejects:
    """Where rejected rows go; a context. `path` None: they are only counted."""

    def __init__(self, path: Path | None, columns: Sequence[str]) -> None:
        self.path = path
        self._head = [f"leitai_{name}" if name in columns else name for name in HEAD] + list(columns)
        self._file: IO[str] | None = None
        self._writer: Any = None
        self.count = 0
        self._reasons: dict[tuple[str, str], tuple[str, int]] = {}

    @property
    def reasons(self) -> tuple[tuple[str, int], ...]:
        """Column and reason with how many rows, most frequent first, in the first one's words."""
        told = [(f"{column}: {why}" if column else why, n) for (column, _), (why, n) in self._reasons.items()]
        return tuple(sorted(told, key=lambda one: -one[1]))

    def __enter__(self) -> Rejects:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, line: int, rejected: Rejected, cells: Sequence[object]) -> None:
        """Note a rejected row. Raises FileFault where the file cannot be written."""
        self.count += 1
        reason = tell(rejected.finding)
        kind = (rejected.column, rejected.finding.code)
        first, before = self._reasons.get(kind, (reason, 0))
        self._reasons[kind] = (first, before + 1)
        if self.path is None:
            return
        try:
            if self._file is None:
                self._file = self.path.open("w", encoding="utf-8-sig", newline="")
                self._writer = csv.writer(self._file)
                self._writer.writerow(self._head)
            row = ["" if cell is None else cell for cell in cells]
            self._writer.writerow([line, rejected.column, rejected.value, reason, *row])
        except OSError as error:
            message = N_("the rejected rows cannot be written: %(why)s")
            raise fault("rejects", message, self.path, why=error.strerror) from None
