"""What changed and what would: two editions held together, a unit's move between two periods, its cheapest climbs.

The arithmetic is the core's (`rules/scoring/{change,drift,climbs}.py`); here keys become names. What is the same for
all units of a table is kept by the table's digest, which names its content, so that a page asks for one unit in
milliseconds and nothing kept can be out of date.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from functools import lru_cache
from typing import Any

from leitai.apps.people import queries as people
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import Period, Text
from leitai.rules.scoring.change import CellChange, ChangeAccount, Edition, Moved, Steps
from leitai.rules.scoring.change import difference as core_difference
from leitai.rules.scoring.climbs import Climb, climbs_in
from leitai.rules.scoring.field import Field
from leitai.rules.scoring.packs import Differs
from leitai.rules.scoring.table import fields_of

from ..models import Table
from .reading import previous


@lru_cache(maxsize=8)
def _edition(_digest: str, number: int) -> Edition:
    row = Table.objects.only("spec", "inputs", "result").get(pk=number)
    return Edition(*row.frozen(), row.computed())


@lru_cache(maxsize=8)
def _steps(old: tuple[str, int], new: tuple[str, int]) -> Steps:
    return Steps(_edition(*old), _edition(*new))


@lru_cache(maxsize=8)
def _field(digest: str, number: int, name: str) -> Field:
    frozen = _edition(digest, number)
    return Field(frozen.spec, fields_of(frozen.spec, frozen.inputs)[name], frozen.result)


def edition_of(row: Table) -> Edition:
    """A table with its specification and inputs, parsed once per process for the few that are read now."""
    return _edition(row.digest, row.pk)


def _names(row: Table) -> Mapping[str, Any]:
    """The measures and arenas that the table's own rule-book has, by key."""
    regime = regimes.regime_on(row.place, Period.parse(row.period).last)
    return {**regime.measures, **regime.arenas}


def _name(known: Mapping[str, Any], key: str) -> Text:
    return known[key].name if key in known else Text(en=key)


@dataclass(frozen=True)
class CellDiffers:
    """A cell that two editions have otherwise, by name; `cell.old` or `cell.new` is None where one has none."""

    unit: Any
    name: Text
    cell: CellChange


@dataclass(frozen=True)
class LineDiffers:
    """A unit's line that is another in the later edition."""

    unit: Any
    moved: Moved


@dataclass(frozen=True)
class TableDifference:
    """What differs between two editions of a table; the first so many of `cells_count` and `lines_count`."""

    old: Table
    new: Table
    rules: tuple[Differs, ...]
    cells: tuple[CellDiffers, ...]
    cells_count: int
    lines: tuple[LineDiffers, ...]
    lines_count: int


def difference(old: Table, new: Table, limit: int = 200) -> TableDifference:
    """Which rules and inputs differ between two editions, and whose score, rank or name it moved."""
    found = core_difference(edition_of(old), edition_of(new))
    cells, moved, known = found.cells[:limit], found.moved[:limit], _names(new)
    wanted = {one.unit for one in (*cells, *moved)}
    units = {unit.key: unit for unit in people.units(new.place).filter(key__in=wanted)}
    return TableDifference(
        old,
        new,
        found.rules,
        tuple(CellDiffers(units.get(one.unit), _name(known, one.measure), one) for one in cells),
        len(found.cells),
        tuple(LineDiffers(units.get(one.unit), one) for one in moved),
        len(found.moved),
    )


@dataclass(frozen=True)
class Accounted:
    """Why a unit moved since the period before; `measures` is the change of its own score by measure, as shown.

    The name is None for the rounding of scores.
    """

    earlier: Table
    account: ChangeAccount
    measures: tuple[tuple[Text | None, Decimal], ...]


def change_account(row: Table, unit: str, earlier: Table | None = None) -> Accounted | None:
    """The account of a unit's move since the newest published table of the period before, or since `earlier`.

    None where there is none. Raises KeyError for a unit that the table does not have.
    """
    before = earlier or previous(row)
    if before is None:
        return None
    found = _steps((before.digest, before.pk), (row.digest, row.pk)).account(unit)
    known = _names(row)
    parts = sorted(found.measures, key=lambda part: -abs(part.shown))
    measures = tuple(
        (_name(known, part.measure) if part.measure else None, part.shown) for part in parts if part.shown
    )
    return Accounted(before, found, measures)


@dataclass(frozen=True)
class Climbed:
    """A climb by name; `rate` where the value is a share, and then how many observations would be other ones."""

    name: Text
    unit: Text | None
    rate: bool
    climb: Climb

    @property
    def observations(self) -> int | None:
        """How many of the observations behind a share would have to be the other way."""
        if not self.rate or self.climb.n is None or self.climb.cost is None:
            return None
        return int((self.climb.cost * self.climb.n).to_integral_value(ROUND_CEILING))


def climbs(row: Table, unit: str) -> tuple[Climbed, ...]:
    """By how much each figure of a unit alone would have to be better, in the order of the table's measures.

    They are not put in an order of cost: days, yuan and shares do not compare. Raises KeyError for a unit not there.
    """
    found = edition_of(row)
    line = found.result.row(unit)
    field = line.group if found.spec.within == "group" else ""
    known = _names(row)
    return tuple(
        Climbed(
            _name(known, one.measure),
            getattr(known.get(one.measure), "unit", None),
            getattr(known.get(one.measure), "from_", "").endswith("rate"),
            one,
        )
        for one in climbs_in(_field(row.digest, row.pk, field), unit)
    )
