"""What a table is frozen from: the units of its groups, and the cell of each in every measure or arena it weighs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from leitai.apps.measures import queries as measures
from leitai.apps.people import queries as people
from leitai.rules.kernel import Period
from leitai.rules.regime.model import Regime
from leitai.rules.scoring import Cell, TableInputs, UnitInputs, cells_of
from leitai.rules.scoring.by_rule import table_spec
from leitai.rules.scoring.result import cells_of_rows
from leitai.rules.scoring.table import scored


def members(place: Any, regime: Regime, arena: str) -> dict[str, list[Any]]:
    """The units of an arena by group; a unit that two groups pick is in the first of them."""
    taken: set[int] = set()
    found: dict[str, list[Any]] = {}
    for group in regime.arenas[arena].groups:
        rows = [unit for unit in people.picked(place, regime.groups[group].units) if unit.pk not in taken]
        taken |= {unit.pk for unit in rows}
        found[group] = rows
    return found


def members_of(place: Any, frozen: TableInputs) -> dict[str, list[Any]]:
    """The units of a frozen table by group."""
    rows = {unit.key: unit for unit in people.units(place)}
    found: dict[str, list[Any]] = defaultdict(list)
    for one in frozen.units:
        found[one.group].append(rows[one.key])
    return found


def gather(sources: measures.Sources, regime: Regime, arena: str, period: Period) -> TableInputs:
    """The inputs of an arena's table for a period, as the rows say now."""
    return _inputs(sources, regime, arena, period, members(sources.place, regime, arena))


def recounted(
    sources: measures.Sources,
    regime: Regime,
    arena: str,
    period: Period,
    frozen: TableInputs,
    columns: Collection[str],
) -> TableInputs:
    """The inputs as they were frozen, but for some columns, which are as the rows say now.

    The units and their groups stay those of the frozen table, whatever has become of them since.
    """
    fresh = _inputs(sources, regime, arena, period, members_of(sources.place, frozen), columns)
    cells = {(one.group, one.key): one.cells for one in fresh.units}
    return TableInputs(
        tuple(
            replace(one, cells={**_without(one.cells, columns), **cells[one.group, one.key]})
            for one in frozen.units
        )
    )


def _without(cells: Mapping[str, Cell], columns: Collection[str]) -> dict[str, Cell]:
    return {key: cell for key, cell in cells.items() if key not in columns}


def _inputs(
    sources: measures.Sources,
    regime: Regime,
    arena: str,
    period: Period,
    groups: Mapping[str, Sequence[Any]],
    columns: Collection[str] | None = None,
) -> TableInputs:
    """As `gather`, of units by group; only some of the columns where they are named."""
    units = [unit for rows in groups.values() for unit in rows]
    cells: dict[str, dict[str, Cell]] = defaultdict(dict)
    for key in regime.arenas[arena].weigh:
        if columns is not None and key not in columns:
            continue
        column = (
            measures.cells(sources, regime, key, period, units)
            if key in regime.measures
            else _arena_cells(sources, regime, key, period, groups)
        )
        for unit in units:
            if unit.key in column:
                cells[unit.key][key] = column[unit.key]
    return TableInputs(
        tuple(
            UnitInputs(unit.key, group, cells.get(unit.key, {}))
            for group, rows in groups.items()
            for unit in rows
        )
    )


def _arena_cells(
    sources: measures.Sources, regime: Regime, arena: str, period: Period, groups: Mapping[str, Sequence[Any]]
) -> Mapping[str, Cell]:
    """Each unit's mean score in the tables of an arena below over the period.

    A unit has the score that was published; one that the arena below does not rank is scored by its rules
    among the units it is compared with here.
    """
    from .queries import published

    found: dict[str, list[Cell]] = defaultdict(list)
    parts = period.within(regime.arenas[arena].every)
    units = [unit for rows in groups.values() for unit in rows]
    for part in parts:
        row = published(sources.place, arena, part)
        known = cells_of(row.computed(), f"table {row.pk}") if row is not None else {}
        if any(unit.key not in known for unit in units):
            known = scored_here(sources, regime, arena, part, groups) | known
        for unit in units:
            if unit.key in known:
                found[unit.key].append(known[unit.key])
    return {key: mean_of(cells, len(parts)) for key, cells in found.items()}


def scored_here(
    sources: measures.Sources, regime: Regime, arena: str, part: Period, groups: Mapping[str, Sequence[Any]]
) -> dict[str, Cell]:
    """Each unit's score by an arena's rules among the units of another table, as the rows say now."""
    fields = scored(table_spec(regime, arena, part.key), _inputs(sources, regime, arena, part, groups))
    return cells_of_rows((row for rows in fields.values() for row in rows), f"arena {arena} {part.key}")


def mean_of(cells: Sequence[Cell], parts: int) -> Cell:
    """The mean of a period's scores with the error of the mean; late where a part is missing."""
    counted = [cell for cell in cells if cell.value is not None]
    source = "; ".join(sorted({cell.source for cell in cells}))
    if not counted:
        few = any(cell.state == "few" for cell in cells)
        return Cell(state="few" if few else "missing", source=source)
    value = sum((cell.value for cell in counted if cell.value is not None), Decimal(0)) / len(counted)
    square = sum(((cell.se or Decimal(0)) ** 2 for cell in counted), Decimal(0))
    se = square.sqrt() / len(counted) if square else None
    return Cell.of(
        round(value, 9),
        se=round(se, 9) if se else None,
        state="ok" if len(counted) == parts else "late",
        source=source,
    )
