"""The units that a table compares with each other, and what becomes of one of them if its figures were others.

The change account and the climbs ask for one unit many times: with these figures in the place of its own, where would
it stand among the others? The answer is the table's own, frames included: where points are relative to the group, the
others' points change too. Only what a changed figure can touch is computed anew, so that a table of thousands answers
in milliseconds where its frames stay.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from heapq import nlargest, nsmallest

import numpy as np

from .exact import EXACT, ZERO, dec
from .intervals import table_z
from .points import Bands, Given, MinMax, PassFail, Target
from .spec import Cell, Measure, TableSpec, UnitInputs
from .table import Points, column, is_counted, state_of, weigh

_Standing = tuple[Decimal, Decimal]  # a score and its standard error


@dataclass(frozen=True, slots=True)
class Swapped:
    """Where a unit would stand: its rank (behind all others without a score), its score, whether named worst."""

    rank: int
    score: Decimal | None
    named: bool


class Field:
    """Units compared with each other; made once, asked for each unit."""

    def __init__(self, spec: TableSpec, units: Sequence[UnitInputs]) -> None:
        self.spec, self.units = spec, units
        self.index = {unit.key: n for n, unit in enumerate(units)}
        self.values = [self._values(measure) for measure in spec.measures]
        with localcontext(EXACT):
            self._columns = [column(spec, measure, units) for measure in spec.measures]
            self._standing = [self._stand([one[n] for one in self._columns]) for n in range(len(units))]
        self._scores = sorted(one[0] for one in self._standing if one is not None)
        self._lows = [nsmallest(2, of.items(), key=lambda one: one[1]) for of in self.values]
        self._highs = [nlargest(2, of.items(), key=lambda one: one[1]) for of in self.values]
        self.told = [
            max((max(0, -int(dec(one).as_tuple().exponent)) for one in of.values()), default=0)
            for of in self.values
        ]

    def _values(self, measure: Measure) -> dict[int, Decimal]:
        """The values of a measure that count, by the number of the unit."""
        found = {n: _counted(measure, unit.cells.get(measure.key)) for n, unit in enumerate(self.units)}
        return {n: value for n, value in found.items() if value is not None}

    def ends(self, number: int, at: int) -> tuple[Decimal, ...]:
        """The lowest and the highest value of a measure that count for the others; () where none does."""
        low = next((value for n, value in self._lows[number] if n != at), None)
        high = next((value for n, value in self._highs[number] if n != at), None)
        return () if low is None or high is None else (low, high)

    def is_ranked(self, at: int) -> bool:
        """Whether a unit has a score."""
        return self._standing[at] is not None

    def swap(self, at: int, cells: Mapping[str, Cell]) -> Swapped:
        """Where the unit would stand with these cells, the others as they are."""
        unit = replace(self.units[at], cells=cells)
        mine: list[Points] = []
        fresh: dict[int, list[Points]] = {}
        with localcontext(EXACT):
            for n, measure in enumerate(self.spec.measures):
                old, new = self.units[at].cells.get(measure.key), cells.get(measure.key)
                if old == new:
                    mine.append(self._columns[n][at])
                    continue
                frame = self._frame(n, at, new)
                if frame is not None and frame == self._frame(n, at, old):
                    mine.append(column(self.spec, _fixed(measure, frame), [unit])[0])
                else:
                    fresh[n] = column(self.spec, measure, [*self.units[:at], unit, *self.units[at + 1 :]])
                    mine.append(fresh[n][at])
            own = self._stand(mine)
            others = self._others(at, fresh) if fresh else None
        return self._placed(at, own, others)

    def _frame(self, number: int, at: int, cell: Cell | None) -> tuple[Decimal, ...] | None:
        """What the others' points depend on of this unit's cell; None where that is anything."""
        measure = self.spec.measures[number]
        if isinstance(measure.method, Target | Bands | PassFail | Given):
            return ()
        if not isinstance(measure.method, MinMax):
            return None
        value = _counted(measure, cell)
        seen = [*self.ends(number, at), *([] if value is None else [value])]
        return (min(seen), max(seen)) if seen else ()

    def _others(self, at: int, fresh: Mapping[int, list[Points]]) -> list[_Standing]:
        """The others' scores where some columns are new."""
        columns = [fresh.get(n, one) for n, one in enumerate(self._columns)]
        every = (self._stand([one[n] for one in columns]) for n in range(len(self.units)) if n != at)
        return [one for one in every if one is not None]

    def _stand(self, cells: Sequence[Points]) -> _Standing | None:
        found = weigh(self.spec, cells)
        return None if found.score is None or found.se is None else (found.score, found.se)

    def _placed(self, at: int, own: _Standing | None, others: list[_Standing] | None) -> Swapped:
        was = self._standing[at] if others is None else None
        scores = self._scores if others is None else sorted(score for score, _ in others)
        count = len(scores) - (was is not None) + 1  # of the ranked, with this one
        if own is None:
            return Swapped(count, None, False)
        ahead = len(scores) - bisect_right(scores, own[0]) - (was is not None and was[0] > own[0])
        with_ties = len(scores) - bisect_left(scores, own[0]) - (was is not None and was[0] >= own[0])
        rank = 1 + (with_ties if self.spec.ties == "worse" else ahead)
        naming = self.spec.naming
        if not 0 < naming.worst < count:
            return Swapped(rank, own[0], False)
        first = 1 + (self._clearly_ahead(at, own, others, count) if naming.worst_certain else with_ties)
        return Swapped(rank, own[0], first > count - naming.worst)

    def _clearly_ahead(self, at: int, own: _Standing, others: list[_Standing] | None, count: int) -> int:
        """How many are ahead by more than chance: the comparison of the rank sets."""
        if others is None:
            others = [one for n, one in enumerate(self._standing) if n != at and one is not None]
        z = table_z(count, float(self.spec.confidence))
        better = [one for one in others if one[0] > own[0]]
        gaps = np.array([float(score) for score, _ in better]) - float(own[0])
        errors = np.array([float(se) for _, se in better])
        return int((gaps > z * np.sqrt(np.square(errors) + float(own[1]) ** 2)).sum())


def _counted(measure: Measure, cell: Cell | None) -> Decimal | None:
    """The value of a cell, where it counts."""
    if cell is None or not is_counted(cell, state_of(measure, cell)):
        return None
    return cell.value


def _fixed(measure: Measure, frame: tuple[Decimal, ...]) -> Measure:
    """The measure with the group's ends written down where it has none, for one unit alone."""
    method = measure.method
    if not frame or not isinstance(method, MinMax):
        return measure
    least = frame[0] if method.least is None else method.least
    most = frame[1] if method.most is None else method.most
    return replace(measure, method=replace(method, least=least, most=most))


def step(told: int, values: Sequence[Decimal], fine: int) -> Decimal:
    """The smallest change of a figure worth telling: as fine as the figures are, no finer than a part of their spread.

    `told` is the decimals they have, `fine` how many digits below the leading one of the spread.
    """
    spread = max(values) - min(values) or abs(values[0])
    wanted = max(0, fine - dec(spread).adjusted()) if spread else 0
    return Decimal(1).scaleb(-min(told, wanted)) or ZERO
