"""Writes a day's files so that a kill at any instant leaves a whole file or none, and twice gives the same bytes.

A file is written under another name, flushed to the disk, then renamed; a rename is there or not after a power
cut once its folder was flushed too. The file of verdicts comes last and names the digests of the other two: where
it is, the day is whole. Nothing in a file depends on the time or the size of the batches it came in, so sealing
a day again, which is what happens after a kill, writes the same bytes.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import file_digest
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from leitai.apps.ledger.errors import refuse
from leitai.rules.kernel import N_

from .schema import STREAMS, VERSION, DayHead, Sealed, path_of

ROWS = 1 << 20  # of a row group: what an engine reads at a time
_SORTED = ("index", "at", "decided_at")  # rise from row to row, so their differences are what is stored
_RANDOM = ("leaf",)  # hashes: nothing makes them smaller


def write_day(
    folder: Path,
    head: DayHead,
    ballots: Iterable[pa.RecordBatch],
    standings: Iterable[pa.RecordBatch] = (),
    additions: Iterable[pa.RecordBatch] = (),
) -> Sealed:
    """Seal a day under the lake's folder, or seal it again; needs memory for one row group, and a byte a leaf.

    Streams are read one after the other: verdicts, additions, standings. Refused, and the day not there: `day-rows`
    where there are not `head.rows` verdicts, `day-leaves` where verdicts and additions, in rising order, are not
    exactly the leaves [head.first, head.size). Whatever a stream raises is raised.
    """
    seen = np.zeros(head.size - head.first, dtype=bool)
    with _alone(folder, head.place), _new(folder, head, "ballots") as cast:
        for part in cast.write(ballots):
            _take(seen, head, part)
        if cast.rows != head.rows:
            message = N_("%(day)s has %(rows)s verdicts, not the %(said)s of its head: it is not sealed")
            raise refuse("day-rows", message, day=head.day, rows=cast.rows, said=head.rows)
        with _new(folder, head, "additions") as added:
            for part in added.write(additions):
                _take(seen, head, part)
            if not seen.all():
                raise _not_the_leaves(head)
            more = added.keep(described(head))
        with _new(folder, head, "standings") as decided:
            for _ in decided.write(standings):
                pass  # a decision may be about a verdict of any day
            last = decided.keep(described(head))
        digest = cast.keep(described(head) | {"leitai.additions": more, "leitai.standings": last})
    return Sealed(cast.path, cast.rows, digest)


def described(head: DayHead) -> dict[str, str]:
    """The head as a file says it, by key."""
    found = {
        "leitai.schema": VERSION,
        "leitai.place": head.place,
        "leitai.day": head.day.isoformat(),
        "leitai.zone": head.zone,
        "leitai.first": str(head.first),
        "leitai.rows": str(head.rows),
        "leitai.size": str(head.size),
        "leitai.root": head.root,
        "leitai.algorithm": head.algorithm,
    }
    return found | ({"leitai.synthetic": "1"} if head.synthetic else {})


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


class _File:
    """A file on its way: under another name until `keep` has it flushed and renamed."""

    def __init__(self, path: Path, stream: str) -> None:
        self.path, self.schema, self.rows = path, STREAMS[stream], 0
        self.partial = path.with_name(f".{path.stem}.partial")
        self.file = self.partial.open("wb")
        self.writer = pq.ParquetWriter(self.file, self.schema, **_options(self.schema))

    def write(self, given: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
        """Writes rows; gives each part of them, of one row group, before it is written."""
        for part in _parts(self.schema, given):
            yield part
            self.writer.write_table(part, row_group_size=ROWS)
            self.rows += len(part)

    def keep(self, metadata: dict[str, str]) -> str:
        """The file, with what it says of itself, is there from now on; its digest."""
        self.writer.add_key_value_metadata(metadata)
        self.writer.close()
        self.file.flush()
        os.fsync(self.file.fileno())
        digest = sha256_of(self.partial)
        self.partial.replace(self.path)
        _flush(self.path.parent)
        return digest


@contextmanager
def _new(folder: Path, head: DayHead, stream: str) -> Iterator[_File]:
    """A file of a day to write; gone at the end, unless it was kept."""
    path = path_of(folder, head.place, stream, head.day)
    _make(path.parent, folder)
    made = _File(path, stream)
    try:
        yield made
    finally:
        made.partial.unlink(missing_ok=True)
        made.writer.is_open = False  # closing it would write the rest of a file that is given up
        with suppress(OSError):  # and so would this; a file that was kept is flushed already
            made.file.close()


def _options(schema: pa.Schema) -> dict[str, object]:
    """How a file is written; what it says must hold for every reader of Parquet, so without Arrow's own schema."""
    plain = {name for name in schema.names if name in _SORTED + _RANDOM}
    return {
        "version": "2.6",
        "store_schema": False,
        "write_statistics": [name for name in schema.names if name not in _RANDOM],
        "compression": {name: "none" if name in _RANDOM else "zstd" for name in schema.names},
        "use_dictionary": [
            name for name in schema.names if name not in plain and schema.field(name).type != pa.bool_()
        ],
        "column_encoding": {name: "DELTA_BINARY_PACKED" for name in schema.names if name in _SORTED},
    }


def _parts(schema: pa.Schema, given: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """The rows in tables of one row group each, in one piece, whatever sizes they came in."""
    waiting: list[pa.RecordBatch] = []
    count = 0
    for batch in given:
        while count + len(batch) >= ROWS:
            fits = ROWS - count
            waiting.append(batch.slice(0, fits))
            yield _joined(schema, waiting)
            batch, waiting, count = batch.slice(fits), [], 0
        waiting.append(batch)
        count += len(batch)
    if count:
        yield _joined(schema, waiting)


def _joined(schema: pa.Schema, some: list[pa.RecordBatch]) -> pa.Table:
    # Pages end where chunks do, so rows that came in other batches must not be in other chunks.
    return pa.Table.from_batches(some).cast(schema).combine_chunks()


def _take(seen: np.ndarray, head: DayHead, part: pa.Table) -> None:
    """Marks a part's leaves as seen. Refused where one is no leaf of the day, or comes twice or out of order."""
    index = part["index"].to_numpy() - head.first
    if index[0] < 0 or index[-1] >= len(seen) or not (np.diff(index) > 0).all() or seen[index].any():
        raise _not_the_leaves(head)
    seen[index] = True


def _not_the_leaves(head: DayHead) -> Exception:
    message = N_(
        "the verdicts of %(day)s are not the leaves %(first)s to %(last)s of the log: it is not sealed"
    )
    return refuse("day-leaves", message, day=head.day, first=head.first, last=head.size - 1)


def _make(path: Path, folder: Path) -> None:
    """A folder and those above it up to the lake's, each of them there after a power cut."""
    if path.is_dir():
        return
    if path != folder:
        _make(path.parent, folder)
    path.mkdir(parents=path == folder, exist_ok=True)
    _flush(path.parent)


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _alone(folder: Path, place: str) -> Iterator[None]:
    """One process at a time seals a place; the lock goes with the process that held it."""
    _make(folder / place, folder)
    with (folder / place / ".lock").open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
