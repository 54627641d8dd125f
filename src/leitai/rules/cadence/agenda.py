"""The pack of a meeting: what it reads, part by part in the rule-book's order, as plain data that can be kept.

A part with nothing to say is left out, but for the promises of last time: that there were none is said too. Nothing
of a table is repeated that the table itself shows better; the pack has who is named, who leads and who is last with
the ranks they may have, and the moves that chance cannot explain. Every line names what it rests on (`table`,
`case`, `statement`, `commitment`), so that a page can lead there and a correction can be told of.

    moved from rank 9 (8–10) to 3 (1–5)    intervals apart: beyond noise, told first
    moved from rank 5 (2–8) to 3 (1–7)     counted as within noise
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from leitai.rules.regime.gatherings import AgendaPart

FORMAT = "leitai.meeting-pack/1"
ENDS = 3  # lines shown at either end of a group; the rest are in the table
MOVERS = 12
RED = 20
Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """A unit's line in a table: `who` names it ({"key", "zh", "en"}); `score` as text; no rank: too few to judge."""

    who: Plain
    group: str
    rank: int | None
    low: int | None
    high: int | None
    of: int
    score: str | None
    best: bool
    worst: bool


@dataclass(frozen=True, slots=True)
class Read:
    """A table that is read: `head` says which ({"table", "name", "period", "edition", "digest", "published"}).

    `earlier` are the lines of the period before, None where there is no such table.
    """

    head: Plain
    groups: Mapping[str, Plain]
    lines: Sequence[Line]
    earlier: Sequence[Line] | None = None


@dataclass(frozen=True, slots=True)
class Sources:
    """All that a pack is made of. Of cases `late` is how many there are, of which `red` are the gravest."""

    tables: Sequence[Read] = ()
    promised: Sequence[Plain] = ()
    open: Sequence[Plain] = ()
    spoken: Sequence[Plain] = ()
    followed: Sequence[Plain] = ()
    red: Sequence[Plain] = ()
    late: int = 0
    found: Sequence[Plain] = ()


def assemble(agenda: Sequence[AgendaPart], sources: Sources) -> list[Plain]:
    """The parts in the order of the agenda, each {"part": its name, …}; those with nothing to say are left out."""
    return [
        {"part": part, **content}
        for part in dict.fromkeys(agenda)
        if part in _PARTS and (content := _PARTS[part](sources)) is not None
    ]


def _commitments(sources: Sources) -> Plain:
    """Those tested since last time, the missed first and among them those promised most often; and the open ones."""
    order = {"missed": 0, "unknown": 1, "kept": 2}
    tested = sorted(
        sources.promised, key=lambda one: (order[one["verdict"]], -one["times"], one["commitment"])
    )
    counts = {verdict: sum(one["verdict"] == verdict for one in tested) for verdict in order}
    return {"items": tested, "counts": counts, "open": list(sources.open)}


def _standings(sources: Sources) -> Plain | None:
    tables = [
        {**read.head, "groups": [_group(key, name, read) for key, name in read.groups.items()]}
        for read in sources.tables
    ]
    return {"tables": tables} if tables else None


def _group(key: str, name: Plain, read: Read) -> Plain:
    """Both ends of a group, those who are named wherever they stand, and how many there are besides."""
    lines = [one for one in read.lines if one.group == key]
    ranked = sorted((one for one in lines if one.rank), key=lambda one: (one.rank or 0, one.who["key"]))
    ends = {*range(min(ENDS, len(ranked))), *range(max(len(ranked) - ENDS, 0), len(ranked))}
    shown = [one for n, one in enumerate(ranked) if n in ends or one.best or one.worst]
    return {
        "key": key,
        "name": name,
        "lines": [_plain(one) for one in shown],
        "rest": len(ranked) - len(shown),
        "unranked": len(lines) - len(ranked),
    }


def _plain(one: Line) -> Plain:
    named = "best" if one.best else "worst" if one.worst else ""
    return {
        "unit": one.who,
        "rank": one.rank,
        "low": one.low,
        "high": one.high,
        "of": one.of,
        "score": one.score,
        "named": named,
    }


def _changes(sources: Sources) -> Plain | None:
    tables = []
    for read in sources.tables:
        if read.earlier is None:
            continue
        moves = _moves(read.lines, read.earlier)
        real = sorted((one for one in moves if not one["noise"]), key=lambda one: -abs(one["gained"]))
        tables.append(
            {
                **read.head,
                "movers": real[:MOVERS],
                "more": max(len(real) - MOVERS, 0),
                "within_noise": sum(one["noise"] for one in moves),
            }
        )
    return {"tables": tables} if tables else None


def _moves(lines: Sequence[Line], earlier: Sequence[Line]) -> list[Plain]:
    """Every change of rank within a group; `noise` where the two intervals touch."""
    before = {(one.group, one.who["key"]): one for one in earlier if one.rank is not None}
    found = []
    for one in lines:
        old = before.get((one.group, one.who["key"]))
        if one.rank is None or old is None or old.rank is None or old.rank == one.rank:
            continue
        was, now = [old.low, old.rank, old.high], [one.low, one.rank, one.high]
        found.append(
            {
                "unit": one.who,
                "was": was,
                "now": now,
                "gained": old.rank - one.rank,
                "noise": touch(was, now),
            }
        )
    return found


def touch(one: Sequence[Any], other: Sequence[Any]) -> bool:
    """Whether two intervals of ranks (low, rank, high) have a rank in common: chance may explain the difference."""
    return bool(one[0] <= other[2] and other[0] <= one[2])


def _best(sources: Sources) -> Plain | None:
    """Who tells of their experience; where nobody was asked, those whom the tables name as best."""
    spoken = [one for one in sources.spoken if one["kind"] == "experience"]
    named = [
        {**_plain(line), "table": read.head["table"]}
        for read in sources.tables
        for line in read.lines
        if line.best and not spoken
    ]
    return {"items": spoken, "named": named} if spoken or named else None


def _statements(sources: Sources) -> Plain | None:
    """Who makes a statement, and what followed on those of the meeting before."""
    spoken = [one for one in sources.spoken if one["kind"] == "statement"]
    followed = list(sources.followed)
    return {"items": spoken, "followed": followed} if spoken or followed else None


def _cases(sources: Sources) -> Plain | None:
    if not sources.late:
        return None
    shown = list(sources.red[:RED])
    return {"items": shown, "more": sources.late - len(shown)}


def _inspections(sources: Sources) -> Plain | None:
    return {"items": list(sources.found)} if sources.found else None


def _words(_: Sources) -> Plain:
    """Words that are said: there is nothing to read beforehand."""
    return {}


# A part of the agenda that is not here has no source in the house yet, and is not in any pack.
_PARTS: Mapping[AgendaPart, Callable[[Sources], Plain | None]] = {
    "commitments": _commitments,
    "standings": _standings,
    "changes": _changes,
    "best": _best,
    "statements": _statements,
    "cases": _cases,
    "inspections": _inspections,
    "words": _words,
}
