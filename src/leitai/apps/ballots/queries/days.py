"""Days to be sealed as files: which of the log's leaves came on a day, and what was decided on it.

A day's part of the log is what was added to it that day by the place's clock. Verdicts of another system come in
later than they were given: they lie in the day they were taken in, and their own day is a column.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from leitai.apps.ledger import log
from leitai.apps.ledger import queries as ledger
from leitai.rules.ledger import leaf_hash

from ..leaves import Row, in_order, leaf_of
from ..models import Ballot, SealedDay, Standing

GROWING = ("ballots.cast", "ballots.imported", "ballots.logged", "ballot.words_added")
DECIDING = {
    "ballot.upheld": Standing.UPHELD.value,
    "ballot.set_aside": Standing.SET_ASIDE.value,
    "ballot.reinstated": Standing.UPHELD.value,
}
A_LOT = 10_000


@dataclass(frozen=True)
class DayPart:
    """The leaves [first, size) that a day added to a place's log; `rows` of them are verdicts. `root` in hex."""

    day: date
    zone: str
    first: int
    rows: int
    size: int
    root: str
    algorithm: str


def sealable_days(place: Any, now: datetime) -> list[date]:
    """Days that have ended, that added leaves or decided something, and are not sealed, the oldest first."""
    today = now.astimezone(place.zone).date()
    last = SealedDay.objects.filter(place=place).order_by("-day").first()
    rows = ledger.told(place, *GROWING, *DECIDING).order_by()
    if last is not None:
        rows = rows.filter(noted_at__gte=_end(place, last.day))
    rows = rows.filter(noted_at__lt=_end(place, today - timedelta(days=1)))
    found = {
        at.astimezone(place.zone).date() for at in rows.values_list("noted_at", flat=True).iterator(5000)
    }
    return sorted(found)


def day_head(place: Any, day: date) -> DayPart:
    """Where the log stood when a day ended; the days before it are sealed. Raises LookupError before the first leaf."""
    tree = log.of(place)
    if tree is None:
        raise LookupError(f"{place.key} has no log")
    before = SealedDay.objects.filter(place=place, day__lt=day).order_by("-day").first()
    first = before.size if before is not None else 0
    size = max(first, _size_at(place, _end(place, day)))
    rows = Ballot.objects.filter(place=place, index__gte=first, index__lt=size).count()
    return DayPart(day, place.timezone, first, rows, size, log.root_at(tree, size).hex(), log.algorithm(tree))


def day_rows(place: Any, day: date) -> Iterator[Sequence[tuple[Any, ...]]]:
    """A day's verdicts as the lake's columns have them, some at a time.

    (leaf's index, instant, day of the verdict in the place's zone, unit's key, point's number or 0, grade, bad,
    channel, leaf's hash, source).
    """
    part = day_head(place, day)
    bad = set(
        Ballot.objects.filter(place=place, index__gte=part.first, index__lt=part.size, bad=True).values_list(
            "index", flat=True
        )
    )
    some: list[tuple[Any, ...]] = []
    for row in in_order(place, part.first, part.size):
        some.append(_columns(place, row, row.index in bad, part.algorithm))
        if len(some) == A_LOT:
            yield some
            some = []
    if some:
        yield some


def _columns(place: Any, row: Row, bad: bool, algorithm: str) -> tuple[Any, ...]:
    leaf = leaf_hash(leaf_of(place.key, row), algorithm)
    day = row.at.astimezone(place.zone).date()
    said = (row.unit, row.point or 0, row.grade, bad, row.channel)
    return (row.index, row.at, day, *said, leaf, row.source)


def day_standings(place: Any, day: date) -> Iterator[Sequence[tuple[int, str, datetime]]]:
    """(leaf's index, what it counts as, instant) of verdicts decided on a day, the day's last word on each.

    Also of those that came from another system on that day, decided there.
    """
    part, found = day_head(place, day), dict[int, tuple[str, datetime]]()
    rows = ledger.told(place, *DECIDING).filter(
        noted_at__gte=_end(place, day - timedelta(days=1)), noted_at__lt=_end(place, day)
    )
    for subject, kind, at in rows.values_list("subject", "kind", "noted_at"):
        found[int(subject.partition(":")[2])] = (DECIDING[kind], at)
    index = dict(Ballot.objects.filter(pk__in=found).values_list("pk", "index"))
    taken = Ballot.objects.filter(place=place, index__gte=part.first, index__lt=part.size).exclude(source="")
    last = {
        leaf: (standing, at)
        for leaf, standing, at in taken.exclude(standing=Standing.COUNTED).values_list(
            "index", "standing", "cast_at"
        )
    }
    last |= {index[pk]: told for pk, told in found.items()}
    rows = sorted((leaf, *told) for leaf, told in last.items())
    for start in range(0, len(rows), A_LOT):
        yield rows[start : start + A_LOT]


def _size_at(place: Any, end: datetime) -> int:
    """How many leaves the log had at an instant, as the ledger told them."""
    size = 0
    for kind in GROWING:
        rows = ledger.told(place, kind).filter(noted_at__lt=end).order_by("-id")
        data = rows.values_list("data", flat=True).first()
        if data is not None:
            said = json.loads(data)
            size = max(size, said["leaf"] + 1 if "leaf" in said else said.get("size", 0))
    return size


def _end(place: Any, day: date) -> datetime:
    """The instant at which a day ends in the place's zone."""
    return datetime.combine(day + timedelta(days=1), time(0), place.zone)
