"""Reads sealed days and says what is wrong with them: each file by itself, then all of them as one log.

Whoever holds the files and one head of the log needs nobody's word: the leaves of all days, in order, must give
the root that each day's file names, and the one that was kept. A changed grade leaves its leaf as it was; it is
found by the file's digest, which the ledger of events holds, or which was kept elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from leitai.rules.kernel import N_, Finding, Where
from leitai.rules.ledger import Frontier

from .schema import SCHEMA, STANDINGS, STREAMS, VERSION, DayHead, path_of
from .seal import sha256_of

_LEAF = 32
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Day:
    """A day's head as its file of verdicts has it, and the digests of the day's other two files."""

    path: Path
    head: DayHead
    standings: str
    additions: str

    def file(self, stream: str) -> Path:
        """The file of one of the day's streams."""
        return self.path.parents[2] / stream / self.path.parent.name / self.path.name


@dataclass(frozen=True, slots=True)
class Checked:
    """What a verification saw: days, verdicts, leaves of the log, its root in hex, and what is wrong."""

    days: int
    rows: int
    size: int
    root: str
    findings: tuple[Finding, ...]


def read_day(path: Path) -> Day | Finding:
    """A day's head by its file of verdicts. Findings: `day-damaged`, `day-not-sealed`."""
    try:
        file = pq.read_metadata(path)
    except (pa.ArrowException, OSError) as fault:
        return _damaged(path, fault)
    said = {key.decode(): value.decode() for key, value in (file.metadata or {}).items()}
    try:
        if said["leitai.schema"] != VERSION:
            raise ValueError(said["leitai.schema"])
        head = DayHead(
            place=said["leitai.place"],
            day=date.fromisoformat(said["leitai.day"]),
            zone=said["leitai.zone"],
            first=int(said["leitai.first"]),
            rows=int(said["leitai.rows"]),
            size=int(said["leitai.size"]),
            root=said["leitai.root"],
            algorithm=said["leitai.algorithm"],
            synthetic="leitai.synthetic" in said,
        )
        day = Day(path, head, said["leitai.standings"], said["leitai.additions"])
    except (KeyError, ValueError):
        day = None
    if day is None or not file.schema.to_arrow_schema().equals(SCHEMA):
        return Finding(
            "day-not-sealed", N_("this is not a sealed day, or one of another version"), Where(str(path))
        )
    return day


def days(folder: Path, place: str) -> tuple[tuple[Day, ...], tuple[Finding, ...]]:
    """The sealed days of a place, in order, and what keeps them from being whole: reads no rows.

    Findings, besides those of `read_day`: `day-misplaced`, and `day-missing` where leaves of the log lie in no day.
    """
    found, faults = [], []
    for path in sorted((folder / place / "ballots").glob("month=*/day-*.parquet"), key=lambda p: p.name):
        day = read_day(path)
        if isinstance(day, Finding):
            faults.append(day)
        elif path != path_of(folder, place, "ballots", day.head.day) or day.head.place != place:
            message = N_("this file is %(day)s of %(place)s: it lies where another day belongs")
            values = {"day": day.head.day, "place": day.head.place}
            faults.append(Finding("day-misplaced", message, Where(str(path)), values))
        else:
            found.append(day)
            gone = [name for name in STREAMS if not day.file(name).is_file()]
            faults += [_gone(day.file(name)) for name in gone]
    size = 0
    for day in found:
        if day.head.first != size:
            message = N_("%(day)s begins at leaf %(first)s, and what is before it ends at leaf %(size)s")
            values = {"day": day.head.day, "first": day.head.first, "size": size}
            faults.append(Finding("day-missing", message, Where(str(day.path)), values))
        size = day.head.size
    return tuple(found), tuple(faults)


def verify_day(path: Path, digest: str = "") -> list[Finding]:
    """What is wrong with a day's three files by themselves; `digest`: what is recorded of the file of verdicts.

    Findings: those of `read_day`, `day-altered`, `day-file-missing`, `day-rows`, `day-leaves`, `day-dates`,
    `day-standings`.
    """
    day = read_day(path)
    if isinstance(day, Finding):
        return [day]
    found = []
    try:
        for stream, said in (
            ("ballots", digest),
            ("standings", day.standings),
            ("additions", day.additions),
        ):
            file = day.file(stream)
            if not file.is_file():
                found.append(_gone(file))
            elif said and sha256_of(file) != said:
                found.append(_altered(file))
        if not found:
            found += [*_rows(day), *_decisions(day)]
    except (pa.ArrowException, OSError) as fault:
        found.append(_damaged(path, fault))
    return found


def verify(
    folder: Path,
    place: str,
    *,
    digests: Mapping[date, str] | None = None,
    heads: Mapping[int, str] | None = None,
    progress: Progress = lambda _done, _total: None,
) -> Checked:
    """Check every sealed day of a place, then the log that they make together.

    `digests`: the recorded digest of each day that was sealed; None where there is no record here. `heads`: roots in
    hex, by number of leaves, that were kept elsewhere. Findings, besides those of `days` and `verify_day`:
    `day-unrecorded`, `day-lost`, `root-differs`, `head-differs`, `head-missing`.
    """
    listed, faults = days(folder, place)
    found = [*faults]
    if digests is not None:
        found += _recorded(folder, place, listed, digests)
    kept = dict(sorted((heads or {}).items()))
    frontier = Frontier(algorithm=listed[0].head.algorithm if listed else "sha256")
    whole = rooted = not faults
    rows = 0
    for number, day in enumerate(listed):
        progress(number, len(listed))
        wrong = verify_day(day.path, (digests or {}).get(day.head.day, ""))
        found += [one for one in wrong if one not in faults]
        rows += day.head.rows
        leaves = _leaves_of(day) if whole else None
        if leaves is None:
            whole = False  # from here on there is no root to compare
            continue
        for size in [size for size in kept if frontier.size < size <= day.head.size]:
            cut = size - frontier.size
            frontier = frontier.extend(leaves[:cut])
            leaves = leaves[cut:]
            if frontier.root().hex() != kept.pop(size):
                message = N_("the first %(size)s leaves do not give the root that was kept")
                found.append(Finding("head-differs", message, Where(str(day.path)), {"size": size}))
        frontier = frontier.extend(leaves)
        if rooted and frontier.root().hex() != day.head.root:
            rooted = False  # nor will any later one be right
            message = N_("the leaves up to %(day)s do not give the root that its file names")
            found.append(Finding("root-differs", message, Where(str(day.path)), {"day": day.head.day}))
    for size in kept:
        message = N_(
            "a head of %(size)s leaves was kept, and the sealed days that can be read hold %(found)s"
        )
        found.append(Finding("head-missing", message, values={"size": size, "found": frontier.size}))
    progress(len(listed), len(listed))
    return Checked(len(listed), rows, frontier.size, frontier.root().hex(), tuple(found))


def _recorded(
    folder: Path, place: str, listed: Iterable[Day], digests: Mapping[date, str]
) -> Iterator[Finding]:
    """Days with a file and no record, and days with a record and no file."""
    there = {day.head.day: day.path for day in listed}
    for day in sorted(set(digests) - set(there)):
        message = N_("%(day)s was sealed, and its file cannot be found or read")
        yield Finding("day-lost", message, Where(str(path_of(folder, place, "ballots", day))), {"day": day})
    for day in sorted(set(there) - set(digests)):
        message = N_("nothing is recorded of %(day)s being sealed")
        yield Finding("day-unrecorded", message, Where(str(there[day])), {"day": day})


def _rows(day: Day) -> Iterator[Finding]:
    """Whether the verdicts are as many as the head says, on their days, and with the additions its leaves."""
    table = pq.read_table(day.path, columns=["index", "at", "day"], partitioning=None)
    more = pq.read_table(day.file("additions"), columns=["index"], partitioning=None)
    head, where = day.head, Where(str(day.path))
    if len(table) != head.rows:
        message = N_("this file has %(rows)s verdicts, and its head says %(said)s")
        yield Finding("day-rows", message, where, {"rows": len(table), "said": head.rows})
    index = np.concatenate([table["index"].to_numpy(), more["index"].to_numpy()])
    if not np.array_equal(np.sort(index), np.arange(head.first, head.size)):
        message = N_("the verdicts and additions are not the leaves %(first)s to %(last)s of the log")
        yield Finding("day-leaves", message, where, {"first": head.first, "last": head.size - 1})
    local = pc.local_timestamp(table["at"].cast(pa.timestamp("us", tz=head.zone))).cast(pa.date32())
    wrong = pc.sum(pc.not_equal(local, table["day"])).as_py()
    if wrong:
        message = N_("%(count)s verdicts stand on another day than the one they were cast on")
        yield Finding("day-dates", message, where, {"count": wrong})


def _decisions(day: Day) -> Iterator[Finding]:
    """Whether the decisions are about verdicts there are, one each, to a standing there is."""
    table = pq.read_table(day.file("standings"), partitioning=None)
    index = table["index"]
    known = pc.all(pc.is_in(table["standing"], pa.array(STANDINGS)), min_count=0).as_py()
    if (
        not known
        or len(index.unique()) != len(index)
        or (len(index) and pc.max(index).as_py() >= day.head.size)
    ):
        message = N_("the decisions of %(day)s are not one for each verdict, to a standing that there is")
        yield Finding("day-standings", message, Where(str(day.file("standings"))), {"day": day.head.day})


def _leaves_of(day: Day) -> list[bytes] | None:
    """The hashes of a day's leaves, in order; None where they are not just those of its head, which is told apart."""
    head = day.head
    found = np.empty((head.size - head.first, _LEAF), dtype=np.uint8)
    seen = np.zeros(len(found), dtype=bool)
    try:
        for stream in ("ballots", "additions"):
            table = pq.read_table(day.file(stream), columns=["index", "leaf"], partitioning=None)
            for batch in table.to_batches():
                leaf, place = batch["leaf"], batch["index"].to_numpy() - head.first
                if ((place < 0) | (place >= len(found))).any():
                    return None
                raw = np.frombuffer(leaf.buffers()[1], dtype=np.uint8).reshape(-1, _LEAF)
                found[place] = raw[leaf.offset : leaf.offset + len(leaf)]
                seen[place] = True
    except (pa.ArrowException, OSError):
        return None
    if not seen.all():
        return None
    data = found.tobytes()
    return [data[start : start + _LEAF] for start in range(0, len(data), _LEAF)]


def _damaged(path: Path, fault: BaseException) -> Finding:
    message = N_("this cannot be read as Parquet: it is cut off or damaged (%(why)s)")
    return Finding("day-damaged", message, Where(str(path)), {"why": str(fault).splitlines()[0][:120]})


def _altered(path: Path) -> Finding:
    message = N_("this file is not the one that was sealed: its digest differs")
    return Finding("day-altered", message, Where(str(path)))


def _gone(path: Path) -> Finding:
    return Finding("day-file-missing", N_("this file of a sealed day is missing"), Where(str(path)))
