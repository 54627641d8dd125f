"""How sure a table is: by what difference its units are told apart, and whom it can name.

Rank sets come from the published step-down (`ranksets.py`), names from the sets or, in a table of one rate, from the
counts behind it (`naming.py`). Both need draws. They are seeded from the digest of the figures of the units compared,
so that they are nobody's choice, and whoever has the inputs draws the same: a table still follows from its inputs.
The z is taken a little further out, for the error of the draws, and rounded up to six decimals, so that the last bits
of a machine decide nothing.

Names of two tables. A rule that acts on who is named twice running makes one statement, and is wrong where either name
is. So each table also says whom it would name with half of the error allowed (`of_two`); the names that two tables
share by that are right of both at once, at the stated level. docs/methods/naming.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from math import sqrt

import numpy as np

from leitai.rules.ledger import canonical, digest

from .exact import ZERO, dec
from .intervals import RankSets, intervals_at, rank_intervals
from .naming import WorstLine, name_worst_at, surely_best, surely_worst, worst_line
from .points import Target
from .ranks import ranks
from .ranksets import joint_lines
from .result import Row, TableResult, Told
from .shrinkage import fit_prior
from .spec import Cell, TableSpec, UnitInputs
from .special import Chance

_DRAWS = 5000
_FINE = Decimal("0.000001")
_WHOLE = Decimal("0.01")  # how near a whole number value × n must come: rates are kept to nine decimals

Counts = tuple[list[int], list[int]]
"""Bad cases and all cases, of each unit."""


@dataclass(frozen=True, slots=True)
class Sure:
    """Of ranked rows, best first: their rank sets, and whom the table names, as places among them.

    `of_two` is None where the worst are not named with certainty.
    """

    told: Told | None
    sets: RankSets
    worst: frozenset[int]
    best: frozenset[int]
    of_two: frozenset[int] | None


def sure(spec: TableSpec, rows: Sequence[Row], units: Sequence[UnitInputs]) -> Sure:
    """How sure the ranks of these rows are; `units` are all that are compared, those without a score too."""
    scores = [row.score or ZERO for row in rows]
    values, errors = [float(one) for one in scores], [float(row.se or ZERO) for row in rows]
    naming, level = spec.naming, float(spec.confidence)
    worst, best = _ends(spec, scores)
    if spec.rank_sets == "bonferroni":
        sets = rank_intervals(values, errors, level)
        worst = (
            _last(surely_worst(sets, naming.of_worst), scores, naming.worst)
            if naming.worst_certain
            else worst
        )
        best = _first(surely_best(sets, naming.of_best), scores, naming.best) if naming.best_certain else best
        return Sure(None, sets, worst, best, None)
    seed, levels = _seed(units), (level, (1 + level) / 2)
    chance, further = _chance(seed, "sets"), [_further(one) for one in levels]
    line, stricter = (_line(z) for z in joint_lines(values, errors, further, chance=chance, draws=_DRAWS))
    sets = intervals_at(values, errors, float(line))
    cells = {unit.key: unit.cells for unit in units}
    counts = counts_of(spec, [cells[row.unit] for row in rows])
    of_two = None
    if counts is None:
        if naming.worst_certain and naming.worst:
            worst = _last(surely_worst(sets, naming.of_worst), scores, naming.worst)
            of_two = worst & set(surely_worst(intervals_at(values, errors, float(stricter)), naming.of_worst))
        if naming.best_certain:
            best = _first(surely_best(sets, naming.of_best), scores, naming.best)
        return Sure(Told(line), sets, worst, best, of_two)
    bad, n = counts
    good = [all_ - one for one, all_ in zip(bad, n, strict=True)]
    if naming.worst_certain and naming.worst:
        sure_of, of_both = _by_counts(bad, n, naming.of_worst, levels, _chance(seed, "worst"))
        worst = _last(sure_of, scores, naming.worst)
        of_two = worst & of_both
    if naming.best_certain:
        sure_of, _ = _by_counts(good, n, naming.of_best, levels, _chance(seed, "best"))
        best = _first(sure_of, scores, naming.best)
    return Sure(Told(line, "counts"), sets, worst, best, of_two)


def named_last_time(now: TableResult, before: TableResult) -> frozenset[str]:
    """The units that the table before names among the worst; of those named again, only who surely is both.

    So "named, and named the last time" is one statement, none of which is wrong of either table with the stated
    probability. Where a rule-book names by the printed rank alone, its table promises nothing and simply counts.
    """
    once = {row.unit for row in before.rows if row.named_worst}
    again = {row.unit for row in now.rows if row.named_worst}
    return frozenset(once - again) | (_of_two(now) & _of_two(before))


def _of_two(result: TableResult) -> frozenset[str]:
    named = [row for row in result.rows if row.named_worst]
    if not result.spec.naming.worst_certain:
        return frozenset(row.unit for row in named)
    if result.spec.rank_sets == "step-down":
        return frozenset(row.unit for row in named if row.of_two)
    found: set[str] = set()
    for group in {row.group if result.spec.within == "group" else "" for row in named}:
        field = result.field_of(next(row for row in named if group in ("", row.group)))
        values, errors = [float(row.score or ZERO) for row in field], [float(row.se or ZERO) for row in field]
        sets = rank_intervals(values, errors, (1 + float(result.spec.confidence)) / 2)
        found |= {field[place].unit for place in surely_worst(sets, result.spec.naming.of_worst)}
    return frozenset(found)


def counts_of(spec: TableSpec, cells: Sequence[Mapping[str, Cell]]) -> Counts | None:
    """The bad cases behind the rate that a table consists of; None where it does not name by counts, or cannot.

    It cannot where a unit has no whole cases, or where units are held against different targets.
    """
    if spec.naming.by != "counts" or len(spec.measures) != 1:
        return None
    (measure,) = spec.measures
    bad, every = [], []
    for of_unit in cells:
        cell = of_unit.get(measure.key, Cell(state="missing"))
        if cell.value is None or not cell.n or not 0 <= cell.value <= 1:
            return None
        hits = int((cell.value * cell.n).to_integral_value())
        if abs(cell.value * cell.n - hits) > _WHOLE:
            return None
        bad.append(hits if measure.better == "less" else cell.n - hits)
        every.append(cell.n)
    targets = {of_unit[measure.key].target for of_unit in cells}
    if isinstance(measure.method, Target) and len(targets) > 1:
        return None
    return bad, every


def line_of(
    spec: TableSpec, others: Sequence[UnitInputs], own: Mapping[str, Cell], draws: int = _DRAWS
) -> WorstLine | None:
    """What a unit with these cells beside others is held against, to be among the worst by counts.

    None where there are no counts to go by.
    """
    bare = {key: replace(cell, value=_to_whole(cell)) for key, cell in own.items()}
    counts = counts_of(spec, [*(unit.cells for unit in others), bare])
    if counts is None or not 1 <= spec.naming.of_worst <= len(others):
        return None
    bad, n = counts
    chance = _chance(_seed(others), "climbs")
    return worst_line(
        bad[:-1], n[:-1], spec.naming.of_worst, prior=fit_prior(bad, n), chance=chance, draws=draws
    )


def _to_whole(cell: Cell) -> Decimal | None:
    """The rate of the nearest whole number of cases."""
    if cell.value is None or not cell.n:
        return cell.value
    return (cell.value * cell.n).to_integral_value() / cell.n


def _by_counts(
    bad: Sequence[int], n: Sequence[int], k: int, levels: Sequence[float], chance: Chance
) -> tuple[frozenset[int], frozenset[int]]:
    """The units named at each of two levels; nobody in a group no larger than k."""
    if not 0 < k < len(bad):
        return frozenset(), frozenset()
    first, second = name_worst_at(bad, n, k, levels, chance=chance, draws=_DRAWS)
    return frozenset(first.units), frozenset(second.units)


def _last(named: Iterable[int], scores: Sequence[Decimal], most: int) -> frozenset[int]:
    """At most so many of the named, the lowest first; of those level at the border none is picked out."""
    ordered = sorted(named, key=lambda at: scores[at])
    if len(ordered) <= most:
        return frozenset(ordered)
    border = scores[ordered[most]]
    return frozenset(at for at in ordered[:most] if scores[at] < border)


def _first(named: Iterable[int], scores: Sequence[Decimal], most: int) -> frozenset[int]:
    """The same from the other end."""
    return _last(named, [-one for one in scores], most)


def _ends(spec: TableSpec, scores: Sequence[Decimal]) -> tuple[frozenset[int], frozenset[int]]:
    """The worst and the best by the printed rank alone: the tied share the border, all of them are named."""
    count, naming = len(scores), spec.naming
    worst, best = ranks(scores, "worse"), ranks(scores)
    return (
        frozenset(at for at in range(count) if naming.worst < count and worst[at] > count - naming.worst),
        frozenset(at for at in range(count) if naming.best < count and best[at] <= naming.best),
    )


def _seed(units: Sequence[UnitInputs]) -> int:
    """A number that the figures of some units determine; where a figure comes from is no part of it."""
    cells = {
        unit.key: {key: replace(cell, source="").to_json() for key, cell in unit.cells.items()}
        for unit in units
    }
    return int(digest(canonical(cells)), 16)


def _chance(seed: int, purpose: str) -> Chance:
    return np.random.default_rng([seed, *purpose.encode()])  # noqa: TID251 - from the inputs, not from nowhere


def _further(level: float) -> float:
    """The level with two standard errors of the draws' own on top."""
    return min(level + 2 * sqrt(level * (1 - level) / _DRAWS), (1 + level) / 2)


def _line(z: float) -> Decimal:
    return dec(Decimal(z).quantize(_FINE, ROUND_CEILING))
