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
from .naming import WorstLine
from .points import Bands, Given, MinMax, PassFail, Target
from .result import Row, TableResult
from .spec import Cell, Measure, TableSpec, UnitInputs
from .sure import line_of
from .table import Points, column, is_counted, state_of, weigh

_MANY = 500  # units
_Standing = tuple[Decimal, Decimal]  # a score and its standard error


@dataclass(frozen=True, slots=True)
class Swapped:
    """Where a unit would stand: its rank (behind all others without a score), its score, whether named worst.

    `named` is False where it was not asked.
    """

    rank: int
    score: Decimal | None
    named: bool


class Field:
    """Units compared with each other; made once, asked for each unit.

    `result` is their table. What it tells units apart by and holds names against, drawn for all figures together, is
    held as it is while one unit's figures change: a step of one unit moves it by next to nothing.
    """

    def __init__(self, spec: TableSpec, units: Sequence[UnitInputs], result: TableResult) -> None:
        self.spec, self.units = spec, units
        self._told = result.told_of(units[0].group) if units else None
        mine = {unit.key for unit in units}
        self._rows: dict[str, Row] = {row.unit: row for row in result.rows if row.unit in mine}
        self._lines: dict[int, WorstLine | None] = {}
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

    def is_named(self, at: int) -> bool:
        """Whether the table names a unit among the worst."""
        return self._rows[self.units[at].key].named_worst

    def swap(self, at: int, cells: Mapping[str, Cell], *, naming: bool = True) -> Swapped:
        """Where the unit would stand with these cells, the others as they are; `naming` asks whether it is named."""
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
        return self._placed(at, own, others, cells if naming else None)

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

    def _placed(
        self,
        at: int,
        own: _Standing | None,
        others: list[_Standing] | None,
        cells: Mapping[str, Cell] | None,
    ) -> Swapped:
        was = self._standing[at] if others is None else None
        scores = self._scores if others is None else sorted(score for score, _ in others)
        count = len(scores) - (was is not None) + 1  # of the ranked, with this one
        if own is None:
            return Swapped(count, None, False)
        ahead = len(scores) - bisect_right(scores, own[0]) - (was is not None and was[0] > own[0])
        with_ties = len(scores) - bisect_left(scores, own[0]) - (was is not None and was[0] >= own[0])
        rank = 1 + (with_ties if self.spec.ties == "worse" else ahead)
        naming = self.spec.naming
        if cells is None or not naming.worst or not naming.of_worst < count:
            return Swapped(rank, own[0], False)
        if naming.worst_certain and self._told is not None and self._told.named == "counts":
            return Swapped(rank, own[0], self._named_by_counts(at, cells))
        first = 1 + (self._clearly_ahead(at, own, others, count) if naming.worst_certain else with_ties)
        return Swapped(
            rank, own[0], first > count - (naming.of_worst if naming.worst_certain else naming.worst)
        )

    def _named_by_counts(self, at: int, cells: Mapping[str, Cell]) -> bool:
        """Whether the unit alone would be truly among the worst with the probability asked of the whole list.

        With less it is on no such list: to fall short of it is enough not to be named.
        """
        cell = cells.get(self.spec.measures[0].key)
        if cell is None or cell.value is None or not cell.n:
            return False
        line = self._line(at, cells)
        if line is None:
            return False
        share = float(cell.value if self.spec.measures[0].better == "less" else 1 - cell.value)
        return line.chance_beyond(share * cell.n, cell.n) >= float(self.spec.confidence)

    def _line(self, at: int, cells: Mapping[str, Cell]) -> WorstLine | None:
        """What the unit is held against: drawn anew for every figure among few; among many its own moves nothing."""
        others = [self.units[n] for n, one in enumerate(self._standing) if n != at and one is not None]
        if len(others) < _MANY:
            return line_of(self.spec, others, cells)
        if at not in self._lines:
            self._lines[at] = line_of(self.spec, others, cells, draws=1000)
        return self._lines[at]

    def _clearly_ahead(self, at: int, own: _Standing, others: list[_Standing] | None, count: int) -> int:
        """How many are ahead by more than chance: the comparison of the rank sets."""
        if others is None:
            others = [one for n, one in enumerate(self._standing) if n != at and one is not None]
        z = table_z(count, float(self.spec.confidence)) if self._told is None else float(self._told.z)
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
