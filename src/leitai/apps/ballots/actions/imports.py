"""Verdicts that another system took, and those from before there was a log: they count, and set nothing going."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from leitai.apps.ledger import log
from leitai.apps.ledger.actions import UNCHANGED, action, insert_many, record
from leitai.apps.ledger.errors import refuse
from leitai.apps.people import queries as people
from leitai.apps.regimes import queries as regimes
from leitai.rules import ballots as core
from leitai.rules.kernel import N_

from .. import tallies
from ..leaves import leaf_of_ballot
from ..models import Ballot, Channel, Point
from ..queries.log import batch_digest

COLUMNS = (
    "place_id", "unit_id", "point_id", "index", "grade", "bad", "channel", "cast_at", "standing", "reason", "source",
    "source_id", "batch",
)  # fmt: skip

OWN = frozenset({"standing", *Channel.values})


@dataclass(frozen=True)
class BallotRecord:
    """A verdict as another system kept it. `standing` is what became of it there; `cast_at` is UTC.

    `point_id`: the point of this house at which it was given, where that is known.
    """

    source_id: str
    unit_id: int
    grade: str
    cast_at: datetime
    channel: str = "imported"
    standing: str = "counted"
    reason: str = ""
    point_id: int | None = None


@action("ballots.imported")
def import_ballots(
    *, place: Any, source: str, records: Sequence[BallotRecord], by: str, now: datetime
) -> int:
    """Take a batch of another system's verdicts; those already here by source id are left alone. Returns how many.

    They are history: they count, and set nothing going. None comes in as given by a way of this house, but for sample
    data: a unit could fill its own second channel with praise. Each gets its leaf in the log of this house.
    """
    # `exclude` says again what the index is limited to; without it no database uses the index.
    known = set(
        Ballot.objects.filter(place=place, source=source, source_id__in=[one.source_id for one in records])
        .exclude(source_id="")
        .values_list("source_id", flat=True)
    )
    new = {one.source_id: one for one in reversed(records) if one.source_id not in known}
    fresh = list(reversed(new.values()))
    if not fresh:
        return UNCHANGED
    batch = batch_digest((one.source_id, one.unit_id, one.grade, one.cast_at, one.standing) for one in fresh)
    tree = log.lock(place)
    first = tree.size
    units, day_of = people.unit_keys(place), _days(place.zone)
    grades = _grades(place)
    numbers = _numbers(place, fresh)
    rows, leaves, counts = [], [], Counter[tallies.Cell]()
    for index, one in enumerate(fresh, first):
        day = day_of(one.cast_at)
        grade = grades(day, one.grade)
        ours = one.channel in OWN and not place.sample
        channel = "imported" if ours else one.channel[:20]
        number = numbers[one.point_id] if one.point_id is not None else 0
        said = (grade.key, grade.bad, channel, one.cast_at, one.standing, one.reason[:300])
        rows.append((place.pk, one.unit_id, one.point_id, index, *said, source, one.source_id, batch))
        mark = core.source_mark(source, one.source_id)
        leaves.append(
            core.ballot_leaf(place.key, units[one.unit_id], number, grade.key, channel, one.cast_at, mark)
        )
        counts[tallies.Cell(day, one.unit_id, number, channel, grade.key, grade.bad, one.standing)] += 1
    insert_many(Ballot, COLUMNS, rows)
    log.grow(tree, leaves)
    tallies.add(place, counts)
    record(
        place=place,
        kind="ballots.imported",
        by=by,
        now=now,
        subject=f"source:{source}",
        data={
            "count": len(fresh),
            "first": fresh[0].source_id,
            "last": fresh[-1].source_id,
            "digest": batch,
            "size": tree.size,
            "root": log.root(tree).hex(),
        },
    )
    return len(fresh)


@action("ballots.logged")
def take_up(*, place: Any, limit: int = 5000, by: str, now: datetime) -> int:
    """Give verdicts from before there was a log their leaf and their count, the oldest first; how many."""
    rows = list(
        Ballot.objects.filter(place=place, index__isnull=True)
        .select_related("place", "unit", "point")
        .order_by("id")[:limit]
    )
    if not rows:
        return UNCHANGED
    tree = log.lock(place)
    counts = Counter[tallies.Cell]()
    for index, row in enumerate(rows, tree.size):
        row.index = index
        counts[tallies.cell_of(row)] += 1
    Ballot.objects.bulk_update(rows, ["index"], batch_size=500)
    first = log.grow(tree, [leaf_of_ballot(row) for row in rows])
    tallies.add(place, counts)
    record(
        place=place,
        kind="ballots.logged",
        by=by,
        now=now,
        subject=f"log:{first}",
        data={"count": len(rows), "first": first, "size": tree.size, "root": log.root(tree).hex()},
    )
    return len(rows)


def _numbers(place: Any, records: Sequence[BallotRecord]) -> dict[int, int]:
    """The numbers of the points that are named, by id. Raises KeyError later for one of another place."""
    named = {one.point_id for one in records if one.point_id is not None}
    return dict(Point.objects.filter(place=place, pk__in=named).values_list("pk", "number")) if named else {}


def _days(zone: tzinfo) -> Callable[[datetime], date]:
    """The day of an instant in a zone."""
    return lambda at: at.astimezone(zone).date()


def _grades(place: Any) -> Callable[[date, str], core.Grade]:
    """The grade of a key on the scale of a day. Raises Refused for one that is not on it."""
    books = regimes.shelf(place)
    scales: dict[date, core.Scale] = {}

    def grade(day: date, key: str) -> core.Grade:
        if day not in scales:
            scales[day] = core.scale_of(books.on(day).ballots.grades)
        try:
            return scales[day].grade(key)
        except KeyError:
            raise refuse(
                "unknown-grade",
                N_("There is no grade %(grade)s here; there are %(known)s."),
                grade=key,
                known=", ".join(one.key for one in scales[day].grades),
            ) from None

    return grade
