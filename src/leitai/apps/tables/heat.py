"""A table as a heat map: units by measures, every cell with its points, its value and where it lies in the group.

The shade says in which fifth of the group the points lie, the number says the same without colour. An empty cell says
why it is empty and what it could still change (`stakes.py`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import Text
from leitai.rules.scoring import Contribution, Row

from . import lists
from .models import Standing, Table
from .stakes import Field, Stake, field_of, is_open, stakes, without_late

FIFTHS = 5
RANK = "rank"  # what the map is sorted by unless a measure is asked for
SHOWN = Decimal("0.05")  # points are shown to one decimal


@dataclass(frozen=True)
class Column:
    """A measure of the table: its name, the unit it is in, its share of the whole weight, whether it is a rate."""

    key: str
    name: Text
    unit: Text | None
    weight: Decimal
    rate: bool


@dataclass(frozen=True)
class Cell:
    """What a measure brought a unit; `fifth` from 1, the lowest, to 5, or 0 where it was not counted.

    `without` is the rank without a value that came late, 0 where the unit would not be judged then.
    """

    part: Contribution
    column: Column
    fifth: int
    stake: Stake | None
    without: int | None = None

    @property
    def plain(self) -> bool:
        """Whether the value is the points themselves as they are shown, so that both would say one thing twice."""
        raw, points = self.part.raw, self.part.points
        return raw is not None and points is not None and abs(raw - points) < SHOWN


@dataclass(frozen=True)
class Line:
    """A unit's standing and its cells in the order of the columns."""

    row: Standing
    cells: tuple[Cell, ...]


def columns(row: Table, view: Any) -> tuple[Column, ...]:
    """The measures of a table, with the names that its own rule-book has for them."""
    spec, regime = lists.sketch(row).spec, regimes.regime_on(row.place, view.period.last)
    known: Mapping[str, Any] = {**regime.measures, **regime.arenas}
    whole = sum((one.weight for one in spec.measures), Decimal(0)) or Decimal(1)
    return tuple(
        Column(
            one.key,
            known[one.key].name if one.key in known else Text(en=one.key),
            getattr(known.get(one.key), "unit", None),
            one.weight / whole,
            getattr(known.get(one.key), "from_", "").endswith("rate"),
        )
        for one in spec.measures
    )


@lru_cache(maxsize=8)
def _fields(_digest: str, row: Table) -> Mapping[tuple[str, str], Sequence[Decimal]]:
    """The counted points of every group and measure, sorted."""
    found: dict[tuple[str, str], list[Decimal]] = {}
    for (group, _unit), one in lists.sketch(row).rows.items():
        for part in one["contributions"]:
            if part["points"] is not None:
                found.setdefault((group, part["measure"]), []).append(Decimal(part["points"]))
    return {key: sorted(column) for key, column in found.items()}


@lru_cache(maxsize=64)
def _field(_digest: str, row: Table, group: str) -> Field:
    known = lists.sketch(row)
    return field_of(known.spec, known.field(group))


def row_of(row: Table, group: str, unit: str) -> Row:
    """A unit's row of the result. Raises KeyError."""
    return lists.sketch(row).row(group, unit)


def stakes_of(row: Table, line: Row) -> dict[str, Stake]:
    """What a line's open values could still change, by measure."""
    if not any(is_open(one) for one in line.contributions):
        return {}
    return stakes(lists.sketch(row).spec, line, _field(row.digest, row, line.group))


def without_late_of(row: Table, line: Row) -> dict[str, int]:
    """What the values of a line that came late decided, by measure."""
    if not any(one.state == "late" and one.raw is not None for one in line.contributions):
        return {}
    return without_late(lists.sketch(row).spec, line, _field(row.digest, row, line.group))


def fifth(points: Decimal, column: Sequence[Decimal]) -> int:
    """In which fifth of a sorted column points lie, 1 the lowest; where all are equal, in the middle one."""
    if column[0] == column[-1]:
        return (FIFTHS + 1) // 2
    return min(FIFTHS * bisect_left(column, points) // len(column) + 1, FIFTHS)


def order(row: Table, ids: Sequence[tuple[int, str, str]], by: str, down: bool) -> list[int]:
    """Numbers of lines, given as (number, group, unit) by rank, in the order of a measure's points; the empty last.

    Groups stay together, in the order in which they came. `down` puts the highest points first.
    """
    rows = lists.sketch(row).rows
    first: dict[str, int] = {}

    def key(at: int) -> tuple[int, bool, Decimal, int]:
        _number, group, unit = ids[at]
        parts = rows[group, unit]["contributions"]
        points = next((one["points"] for one in parts if one["measure"] == by), None)
        value = Decimal(points or 0) * (-1 if down else 1)
        return first.setdefault(group, len(first)), points is None, value, at

    for _number, group, _unit in ids:
        first.setdefault(group, len(first))
    return [ids[at][0] for at in sorted(range(len(ids)), key=key)]


def lines(row: Table, standings: Sequence[Standing], shown: Sequence[Column]) -> list[Line]:
    """The lines of a page of the map."""
    fields = _fields(row.digest, row)
    found = []
    for one in standings:
        of = row_of(row, one.group, one.unit.key)
        parts = {part.measure: part for part in of.contributions}
        open_ones, late = stakes_of(row, of), without_late_of(row, of)
        cells = []
        for column in shown:
            part = parts[column.key]
            place = 0 if part.points is None else fifth(part.points, fields[one.group, column.key])
            cells.append(Cell(part, column, place, open_ones.get(column.key), late.get(column.key)))
        found.append(Line(one, tuple(cells)))
    return found
