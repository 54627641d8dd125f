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

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Literal

from .exact import FULL, ZERO
from .field import Field, step
from .points import Bands, Given, Method, MinMax, PassFail, Target
from .spec import TableInputs, TableSpec
from .table import compute, fields_of

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


def climbs(spec: TableSpec, inputs: TableInputs, unit: str) -> tuple[Climb, ...]:
    """The cheapest climbs of a unit. Raises KeyError for a unit that the table does not have."""
    group = next((one.group for one in inputs.units if one.key == unit), None)
    if group is None:
        raise KeyError(unit)
    units = fields_of(spec, inputs)[group if spec.within == "group" else ""]
    return climbs_in(Field(spec, units, compute(spec, inputs)), unit)


def climbs_in(field: Field, unit: str) -> tuple[Climb, ...]:
    """The climbs of a unit among those it is compared with, the measures in the order of the table.

    Raises KeyError for a unit that is not there; () for one without a rank.
    """
    at = field.index[unit]
    if not field.is_ranked(at):
        return ()
    return tuple(one for n in range(len(field.spec.measures)) for one in _of(field, at, n))


def _of(field: Field, at: int, number: int) -> Iterator[Climb]:
    if at not in field.values[number]:
        return
    named = field.is_named(at)
    trial = _Trial(field, at, number, named)
    rank, _ = trial.of(trial.value)
    goals: list[Goal] = []
    goals += ["place"] if rank > 1 else []
    goals += ["unnamed"] if named else []
    for goal in goals:

        def enough(value: Decimal, goal: Goal = goal) -> bool:
            there, still = trial.of(value)
            return there < rank if goal == "place" else not still

        to = _smallest(trial.values(), enough)
        cost = None if to is None else abs(to - trial.value)
        reached = None if to is None else trial.of(to)[0]
        yield Climb(trial.measure.key, goal, trial.value, to, cost, reached, trial.own.n)


class _Trial:
    """One measure of one unit, with other values in the place of its own; whether it is named only where it is."""

    def __init__(self, field: Field, at: int, number: int, named: bool) -> None:
        self.field, self.at, self._named = field, at, named
        self.measure = field.spec.measures[number]
        self.own = field.units[at].cells[self.measure.key]
        self.value = field.values[number][at]
        self._ends = field.ends(number, at)
        self._seen = [*self._ends, self.value]
        self._step = step(field.told[number], self._seen, _FINE)
        self._found: dict[Decimal, tuple[int, bool]] = {}

    def of(self, value: Decimal) -> tuple[int, bool]:
        """The unit's rank with this value, and whether it would be named among the worst."""
        if value not in self._found:
            cells = self.field.units[self.at].cells
            found = self.field.swap(
                self.at, {**cells, self.measure.key: replace(self.own, value=value)}, naming=self._named
            )
            self._found[value] = (found.rank, found.named)
        return self._found[value]

    def values(self) -> _Ladder | tuple[Decimal, ...]:
        """Better values, the nearest first: steps up to where full points are had, or the borders of bands."""
        method, value, step = self.measure.method, self.value, self._step
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
            elif self._ends:
                yield self._ends[1] + self._step if more else self._ends[0] - self._step

    def _inside(self, value: Decimal) -> Decimal:
        """No share of observations above 1; no figure below 0 where none is."""
        values = self._seen
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
