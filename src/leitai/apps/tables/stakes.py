"""What an open value could still change: the ranks a unit would have, were the value the group's worst or its best.

A value that is missing, late and not yet there, or disputed leaves a rank open in a way that no interval of chance
covers. The other units are held fixed, and the open value is taken as low and as high as any counted one of the group
was: more than that nobody can know. A toy case: of three units with 60, 50 and 40 points of 100 from a first measure
of weight 1, the last lacks a second of weight 1 in which the others have 10 and 90; it may end anywhere from 1 to 3.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any

from leitai.rules.scoring import Contribution, Row, TableSpec, round_to
from leitai.rules.scoring.exact import EXACT

OPEN = ("missing", "late", "disputed")


@dataclass(frozen=True)
class Stake:
    """An open value of a unit: its measure, why it is open, and the best and worst rank it may still bring."""

    measure: str
    state: str
    best: int
    worst: int
    of: int


def is_open(one: Contribution) -> bool:
    """Whether a value may still come or change; a late one that has come is counted and settled."""
    return one.state in OPEN and not (one.state == "late" and one.raw is not None)


@dataclass(frozen=True)
class Field:
    """What a unit is compared with: all scores, the lowest first; by measure the lowest and highest points."""

    scores: tuple[Decimal, ...]
    ends: Mapping[str, tuple[Decimal, Decimal]]


def field_of(spec: TableSpec, rows: Iterable[Mapping[str, Any]]) -> Field:
    """The field of units that are compared with each other, from their rows as plain JSON."""
    counted: dict[str, list[Decimal]] = {one.key: [] for one in spec.measures}
    scores = []
    for row in rows:
        if row["score"] is not None:
            scores.append(Decimal(row["score"]))
        for part in row["contributions"]:
            if part["points"] is not None and part["raw"] is not None:
                counted[part["measure"]].append(Decimal(part["points"]))
    return Field(
        tuple(sorted(scores)), {key: (min(column), max(column)) for key, column in counted.items() if column}
    )


def stakes(spec: TableSpec, row: Row, field: Field) -> dict[str, Stake]:
    """The stakes of a row's open values, by measure; each alone, the others as they are.

    A measure that nobody of the field was counted in is left out: there is nothing to go by.
    """
    found = {}
    of = len(field.scores) + (row.score is None)
    for one in row.contributions:
        if is_open(one) and one.measure in field.ends:
            low, high = field.ends[one.measure]
            best, worst = (_rank(spec, row, one.measure, points, field.scores) for points in (high, low))
            found[one.measure] = Stake(one.measure, one.state, best, worst, of)
    return found


def without_late(spec: TableSpec, row: Row, field: Field) -> dict[str, int]:
    """For each counted value of a row that came late, the rank without it; 0 where too little would be left to judge.

    The other units are held fixed. It says what a late value decided: of one in time nobody needs to ask.
    """
    late = [one for one in row.contributions if one.state == "late" and one.raw is not None]
    whole = sum((one.weight for one in row.contributions), Decimal(0))
    found = {}
    for one in late:
        left = sum((o.weight for o in row.contributions if o.points is not None and o is not one), Decimal(0))
        judged = bool(left) and whole - left <= spec.uncounted * whole
        found[one.measure] = _rank(spec, row, one.measure, None, field.scores) if judged else 0
    return found


def _rank(
    spec: TableSpec, row: Row, measure: str, points: Decimal | None, scores: tuple[Decimal, ...]
) -> int:
    """The rank the row would have among the others, if a measure had brought so many points, or None at all."""
    with localcontext(EXACT):
        weighed = total = Decimal(0)
        for one in row.contributions:
            got = points if one.measure == measure else one.points
            if got is not None:
                weighed += one.weight
                total += got * one.weight
        score = round_to(total / weighed, spec.decimals, spec.rounding) if weighed else Decimal(0)
    if spec.ties == "worse":
        own = row.score is not None and row.score >= score
        return len(scores) - bisect_left(scores, score) + 1 - own
    own = row.score is not None and row.score > score
    return len(scores) - bisect_right(scores, score) + 1 - own
