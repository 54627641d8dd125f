"""What a sealed day holds: one row a verdict, and no personal data.

A day lies in three files. `ballots` is what was cast, never changed later. `standings` is what was decided that
day, about verdicts of any day: so a recount needs no file to be rewritten. `additions` are the leaves of the
place's log that are no verdict (what was added to one): with them the day's head can be computed again.
A receipt, words, a phone, a network or a device is in none of them.

    lake/<place>/ballots/month=2026-11/day-2026-11-20.parquet       and the like under standings, additions
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

VERSION = "1"
COUNTED, UPHELD, SET_ASIDE = STANDINGS = ("counted", "upheld", "set_aside")


def _schema(*columns: tuple[str, pa.DataType]) -> pa.Schema:
    return pa.schema([pa.field(name, kind, nullable=False) for name, kind in columns])


# index: the leaf in the place's log, from 0. day: in the place's zone. point: its number, 0 for none. source: the
# system a verdict came from, empty for one given here.
SCHEMA = _schema(
    ("index", pa.int64()),
    ("at", pa.timestamp("us", tz="UTC")),
    ("day", pa.date32()),
    ("unit", pa.string()),
    ("point", pa.int32()),
    ("grade", pa.string()),
    ("bad", pa.bool_()),
    ("channel", pa.string()),
    ("leaf", pa.binary(32)),
    ("source", pa.string()),
)
# One row a verdict: what it counted as when the day ended.
STANDINGS_SCHEMA = _schema(
    ("index", pa.int64()), ("standing", pa.string()), ("decided_at", pa.timestamp("us", tz="UTC"))
)
ADDITIONS_SCHEMA = _schema(("index", pa.int64()), ("leaf", pa.binary(32)))
STREAMS = {"ballots": SCHEMA, "standings": STANDINGS_SCHEMA, "additions": ADDITIONS_SCHEMA}


@dataclass(frozen=True, slots=True)
class DayHead:
    """Where the log stood when a day ended.

    The day's leaves are [first, size); `rows` of them are verdicts. `root`, in hex, is the head of the tree of `size`
    leaves by the hash `algorithm`. `zone` is the place's, in which `day` is meant. `synthetic`: made, not cast.
    """

    place: str
    day: date
    zone: str
    first: int
    rows: int
    size: int
    root: str
    algorithm: str = "sha256"
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Sealed:
    """A day as it lies on disk: the file of its verdicts, how many, and the file's SHA-256 in hex.

    The file names the digests of the day's other two, so this one digest stands for all three.
    """

    path: Path
    rows: int
    digest: str


def path_of(folder: Path, place: str, stream: str, day: date) -> Path:
    """Where a stream of a place's day lies under the lake's folder."""
    return folder / place / stream / f"month={day:%Y-%m}" / f"day-{day.isoformat()}.parquet"


def batches(schema: pa.Schema, rows: Iterable[Sequence[tuple[object, ...]]]) -> Iterator[pa.RecordBatch]:
    """Lists of rows, in the schema's order of columns, as record batches. Raises pa.ArrowException for another type."""
    for some in rows:
        columns = zip(*some, strict=True) if some else ([] for _ in schema)
        arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)
