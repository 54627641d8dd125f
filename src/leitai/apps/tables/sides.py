"""Two to five units side by side: where each stands now, whether they can be told apart, and what makes the difference.

Units are compared where they are compared anyway: in the newest published table of every arena that has them in the
same group. Whether two can be told apart is the table's own finding, not a new one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from leitai.apps.people import queries as people
from leitai.rules.kernel import Text
from leitai.rules.scoring import explain

from . import heat, lists, queries
from .models import Standing

LEAST, MOST = 2, 5
PERIODS = 12


@dataclass(frozen=True)
class Pair:
    """Two units of one group: the better ranked first, and whether the figures tell them apart."""

    better: Any
    worse: Any
    apart: bool


@dataclass(frozen=True)
class Measure:
    """One measure of an arena, and what it brought each unit in turn; None where the unit is not in the table."""

    column: heat.Column
    cells: tuple[heat.Cell | None, ...]


@dataclass(frozen=True)
class Arena:
    """One arena's newest table: each unit's standing and history (newest first) in turn, pairs, measures."""

    view: queries.TableView
    rows: tuple[Standing | None, ...]
    histories: tuple[Sequence[Standing], ...]
    groups: Mapping[str, Text]
    pairs: tuple[Pair, ...]
    measures: tuple[Measure, ...]


def chosen(place: Any, keys: Sequence[str]) -> tuple[list[Any], list[str]]:
    """The active units of these keys in their order, each once, at most `MOST`; and the keys that name none."""
    wanted = list(dict.fromkeys(key for key in keys if key))
    rows = {unit.key: unit for unit in people.units(place).filter(key__in=wanted)}
    return [rows[key] for key in wanted if key in rows][:MOST], [key for key in wanted if key not in rows]


def arenas(place: Any, units: Sequence[Any]) -> list[Arena]:
    """The arenas in whose newest table at least one of the units is, those that have most of them first."""
    views = queries.latest(place)
    found = lists.standings_of(units, [view.table for view in views])
    histories = {unit.pk: queries.history(unit) for unit in units}
    made = []
    for view in views:
        at = view.table.pk
        rows = tuple(next((one for one in found[unit.pk] if one.table_id == at), None) for unit in units)
        if any(row is not None for row in rows):
            made.append(_arena(view, units, rows, histories))
    return sorted(made, key=lambda one: sum(row is None for row in one.rows))


def _arena(
    view: queries.TableView,
    units: Sequence[Any],
    rows: tuple[Standing | None, ...],
    histories: Mapping[int, Sequence[Standing]],
) -> Arena:
    table = view.table
    columns = heat.columns(table, view)
    cells = {}
    for unit, row in zip(units, rows, strict=True):
        if row is not None:
            row.unit = unit
            cells[unit.pk] = heat.lines(table, [row], columns)[0].cells
    return Arena(
        view,
        rows,
        tuple([one for one in histories[u.pk] if one.table.arena == table.arena][:PERIODS] for u in units),
        {
            key: view.groups[key]
            for key in dict.fromkeys(row.group for row in rows if row)
            if key in view.groups
        },
        tuple(_pairs(view, [row for row in rows if row is not None and row.rank is not None])),
        tuple(
            Measure(column, tuple(cells[u.pk][n] if u.pk in cells else None for u in units))
            for n, column in enumerate(columns)
        ),
    )


def _pairs(view: queries.TableView, rows: Sequence[Standing]) -> list[Pair]:
    """Every two units that the table compares with each other."""
    known = lists.sketch(view.table)
    alike = {row.unit.key: set(explain(known.around(row.unit.key), row.unit.key).alike) for row in rows}
    found = []
    for one, other in combinations(sorted(rows, key=lambda row: row.rank or 0), 2):
        if one.group == other.group or known.spec.within == "all":
            found.append(Pair(one.unit, other.unit, other.unit.key not in alike[one.unit.key]))
    return found
