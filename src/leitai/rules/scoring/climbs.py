"""The cheapest climbs: by how much one figure alone would have to be better to gain a place, or not to be named.

For each measure that counts for a unit, the other units and the unit's other figures are held as they are, and the
smallest better value is sought that lifts the unit by one place (and, for a unit named among the worst, out of the
names). Every trial is the table itself, frames included: where points are relative to the group, a better value of
the unit's own changes the others' points too. A better value never ranks a unit lower, so the search may halve;
bands are tried border by border, since a rule-book's bands need not rise.

A value is tried in steps no finer than the figures themselves are told, and no further than full points can be had:
the best of the group, the cap, the highest band. What that does not bring is said to be out of reach by this figure
alone. docs/methods/climbs-in-a-table.md has a worked table.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from typing import Literal

from .exact import EXACT, FULL, ZERO, dec
from .intervals import table_z, told_apart
from .points import Bands, Given, Method, MinMax, PassFail, Target
from .spec import Measure, TableInputs, TableSpec
from .table import Points, column, fields_of, is_counted, state_of, weigh

Goal = Literal["place", "unnamed"]
_FINE = 3  # decimals below the leading digit of a column's spread: finer steps help nobody


@dataclass(frozen=True, slots=True)
class Climb:
    """What it takes by one measure: from its value to a better one, `cost` apart, and the rank that brings.

    `to`, `cost` and `rank` are None where no value of this measure alone is enough. `n` is how many observations the
    value rests on, where that is known.
    """

    measure: str
    goal: Goal
    start: Decimal
    to: Decimal | None
    cost: Decimal | None
    rank: int | None
    n: int | None


class Slope:
    """The units that are compared with each other, with their points, made once and asked for each unit."""

    def __init__(self, spec: TableSpec, inputs: TableInputs, field: str) -> None:
        """`field` is a group's key, or "" where the table ranks across all groups. Raises KeyError."""
        self.spec = spec
        self.units = fields_of(spec, inputs)[field]
        with localcontext(EXACT):
            self.columns = [column(spec, measure, self.units) for measure in spec.measures]
            self.standing = [
                _standing(spec, [one[n] for one in self.columns]) for n in range(len(self.units))
            ]
        self.index = {unit.key: n for n, unit in enumerate(self.units)}

    def climbs(self, unit: str) -> tuple[Climb, ...]:
        """The climbs of a unit, the measures in the order of the table. Raises KeyError; () for one without a rank."""
        at = self.index[unit]
        if self.standing[at] is None:
            return ()
        with localcontext(EXACT):
            found = [one for n in range(len(self.spec.measures)) for one in self._of(at, n)]
        return tuple(found)

    def _of(self, at: int, number: int) -> Iterator[Climb]:
        measure = self.spec.measures[number]
        cell = self.units[at].cells.get(measure.key)
        if cell is None or cell.value is None or not is_counted(cell, state_of(measure, cell)):
            return
        trial = _Trial(self, at, number)
        rank, named = trial.of(cell.value)
        goals: list[Goal] = []
        goals += ["place"] if rank > 1 else []
        goals += ["unnamed"] if named else []
        for goal in goals:

            def enough(value: Decimal, goal: Goal = goal) -> bool:
                there, still = trial.of(value)
                return there < rank if goal == "place" else not still

            to = _smallest(trial.values(), enough)
            cost = None if to is None else abs(to - cell.value)
            yield Climb(
                measure.key, goal, cell.value, to, cost, None if to is None else trial.of(to)[0], cell.n
            )


def climbs(spec: TableSpec, inputs: TableInputs, unit: str) -> tuple[Climb, ...]:
    """The cheapest climbs of a unit. Raises KeyError for a unit that the table does not have."""
    group = next((one.group for one in inputs.units if one.key == unit), None)
    if group is None:
        raise KeyError(unit)
    return Slope(spec, inputs, group if spec.within == "group" else "").climbs(unit)


_Standing = tuple[Decimal, Decimal]


def _standing(spec: TableSpec, cells: Sequence[Points]) -> _Standing | None:
    """A unit's score and its standard error, or None."""
    found = weigh(spec, cells)
    return None if found.score is None or found.se is None else (found.score, found.se)


class _Trial:
    """One measure of one unit, with other values in the place of its own."""

    def __init__(self, slope: Slope, at: int, number: int) -> None:
        self.slope, self.at, self.number = slope, at, number
        self.measure = slope.spec.measures[number]
        self.cells = [unit.cells.get(self.measure.key) for unit in slope.units]
        self.column = [
            one.value
            for n, one in enumerate(self.cells)
            if n != at
            and one is not None
            and one.value is not None
            and is_counted(one, state_of(self.measure, one))
        ]
        own = self.cells[at]
        assert own is not None and own.value is not None
        self.own, self.value = own, own.value
        self._frame = self._frame_of(self.value)
        others = [one for n, one in enumerate(slope.standing) if n != at and one is not None]
        self._kept = (others, sorted(score for score, _ in others))
        self._found: dict[Decimal, tuple[int, bool]] = {}

    def of(self, value: Decimal) -> tuple[int, bool]:
        """The unit's rank with this value, and whether it would be named among the worst."""
        if value not in self._found:
            self._found[value] = self._try(value)
        return self._found[value]

    def _try(self, value: Decimal) -> tuple[int, bool]:
        slope, at = self.slope, self.at
        unit = slope.units[at]
        changed = replace(unit, cells={**unit.cells, self.measure.key: replace(self.own, value=value)})
        frame = self._frame_of(value)
        if frame is not None and frame == self._frame:
            own = column(slope.spec, self._fixed(frame), [changed])[0]
            points, (others, scores) = self._cells(at, own), self._kept
        else:
            fresh = column(slope.spec, self.measure, [*slope.units[:at], changed, *slope.units[at + 1 :]])
            points = self._cells(at, fresh[at])
            every = (_standing(slope.spec, self._cells(n, fresh[n])) for n in range(len(fresh)) if n != at)
            others = [one for one in every if one is not None]
            scores = sorted(score for score, _ in others)
        mine = _standing(slope.spec, points)
        if mine is None:
            return len(others) + 1, False
        return self._placed(mine, others, scores)

    def _cells(self, unit: int, own: Points) -> list[Points]:
        return [own if n == self.number else one[unit] for n, one in enumerate(self.slope.columns)]

    def _placed(
        self, mine: _Standing, others: Sequence[_Standing], scores: Sequence[Decimal]
    ) -> tuple[int, bool]:
        spec, count = self.slope.spec, len(others) + 1
        behind, tied_or_behind = bisect_left(scores, mine[0]), bisect_right(scores, mine[0])
        better, worse = count - tied_or_behind, count - behind
        naming, rank = spec.naming, worse if spec.ties == "worse" else better
        if naming.worst >= count or not naming.worst:
            return rank, False
        if not naming.worst_certain:
            return rank, worse > count - naming.worst
        z, own, se = table_z(count, float(spec.confidence)), float(mine[0]), float(mine[1])
        ahead = sum(
            told_apart(float(score), float(error), own, se, z) for score, error in others if score > mine[0]
        )
        return rank, ahead + 1 > count - naming.worst

    def _frame_of(self, value: Decimal) -> tuple[Decimal, ...] | None:
        """What the others' points depend on of this unit's value; None where that is anything."""
        method = self.measure.method
        if isinstance(method, Target | Bands | PassFail | Given):
            return ()
        if isinstance(method, MinMax):
            low = min((*self._ends[:1], value)) if method.least is None else method.least
            high = max((*self._ends[1:], value)) if method.most is None else method.most
            return low, high
        return None

    @property
    def _ends(self) -> tuple[Decimal, ...]:
        return (min(self.column), max(self.column)) if self.column else ()

    def _fixed(self, frame: tuple[Decimal, ...]) -> Measure:
        """The measure with the group's ends written down, for one unit alone."""
        if not frame or not isinstance(self.measure.method, MinMax):
            return self.measure
        return replace(self.measure, method=replace(self.measure.method, least=frame[0], most=frame[1]))

    def values(self) -> _Ladder | tuple[Decimal, ...]:
        """Better values, the nearest first: steps up to where full points are had, or the borders of bands."""
        method, value, step = self.measure.method, self.value, self._step()
        more = self.measure.better == "more" or isinstance(method, Given)
        limits = list(self._limits(method))
        if isinstance(method, Bands):
            near = {self._inside(at) for limit in limits for at in (limit - step, limit, limit + step)}
            better = [at for at in near if (at > value if more else at < value)]
            return tuple(sorted(better, key=lambda at: abs(at - value)))
        end = self._inside(max(limits, default=value) if more else min(limits, default=value))
        start = (value / step).to_integral_value(ROUND_FLOOR if more else ROUND_CEILING) * step
        many = ((end - start if more else start - end) / step).to_integral_value(ROUND_CEILING)
        return _Ladder(start, step if more else -step, max(int(many), 0), end)

    def _limits(self, method: Method) -> Iterator[Decimal]:
        """Values at which points are full, or as good as the group has them."""
        step = self._step()
        if isinstance(method, Target):
            target = self.own.target
            if target is not None and target > 0:
                share = method.cap / FULL
                yield target * (share if self.measure.better == "more" else 2 - share)
            elif target is not None:
                yield target
        elif isinstance(method, PassFail):
            limit = self.own.target if method.threshold is None else method.threshold
            if limit is not None:
                yield limit
        elif isinstance(method, Bands):
            yield from (band.limit for band in method.bands)
        elif isinstance(method, Given):
            yield method.cap
        else:
            yield from self._ends
            more = self.measure.better == "more"
            if isinstance(method, MinMax):
                fixed = method.most if more else method.least
                if fixed is not None:
                    yield fixed
            elif self.column:
                yield max(self.column) + step if more else min(self.column) - step

    def _step(self) -> Decimal:
        """The smallest change worth telling: as fine as the figures are, no finer than a part of their spread."""
        values = [*self.column, self.value]
        told = max(max(0, -int(dec(one).as_tuple().exponent)) for one in values)
        spread = max(values) - min(values) or abs(self.value)
        wanted = max(0, _FINE - dec(spread).adjusted()) if spread else 0
        return Decimal(1).scaleb(-min(told, wanted))

    def _inside(self, value: Decimal) -> Decimal:
        """No share of observations above 1; no figure below 0 where none is."""
        values = [*self.column, self.value]
        if min(values) >= 0:
            value = max(value, ZERO)
        if self.own.n is not None and max(values) <= 1 and min(values) >= 0:
            value = min(value, Decimal(1))
        return value


@dataclass(frozen=True, slots=True)
class _Ladder:
    """So many values at equal steps after a start, the last of them no further than the end."""

    start: Decimal
    step: Decimal
    many: int
    end: Decimal

    def __len__(self) -> int:
        return self.many

    def __getitem__(self, index: int) -> Decimal:
        value = self.start + self.step * (index + 1)
        return min(value, self.end) if self.step > 0 else max(value, self.end)


def _smallest(values: _Ladder | tuple[Decimal, ...], enough: Callable[[Decimal], bool]) -> Decimal | None:
    """The first of the values that is enough; None where none is. On a ladder, what comes after is enough too."""
    if isinstance(values, tuple):
        return next((value for value in values if enough(value)), None)
    if not len(values) or not enough(values[len(values) - 1]):
        return None
    return values[bisect_left(range(len(values)), True, key=lambda n: enough(values[n]))]
