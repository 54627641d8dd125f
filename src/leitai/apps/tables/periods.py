"""All tables of one period on one page: for each group its units by arena, with the interval of every rank.

A month's four arenas stand side by side; a quarter's overall table stands by group. A group of more than a hundred
is shown from its top only: its tables have pages and a search of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from leitai.apps.people import queries as people
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import PERIOD_KINDS, Period, Text

from . import lists, queries
from .lines import Gain, gains
from .models import Standing, Table

MOST = 120  # units of a group that one page shows whole
TOP = 20  # units shown of a larger group


@dataclass(frozen=True)
class Cell:
    """A unit's standing in one arena, and the places it gained there; no row where the arena does not have it."""

    view: queries.TableView
    row: Standing | None
    gain: Gain | None


@dataclass(frozen=True)
class Line:
    """A unit and its cells, in the order of the columns."""

    unit: Any
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Group:
    """A group: its columns, its lines in the order of one of them, and how many there are in all."""

    key: str
    name: Text
    columns: tuple[queries.TableView, ...]
    by: str
    lines: tuple[Line, ...]
    size: int


def views(place: Any, period: Period) -> list[queries.TableView]:
    """The newest published edition of every arena's table for a period, in the rule-book's order."""
    newest: dict[str, Table] = {}
    rows = Table.objects.filter(place=place, period=period.key, published_at__isnull=False)
    for row in rows.defer(*queries.HEAVY).order_by("edition"):
        row.place = place
        newest[row.arena] = row
    found = [queries.view(row) for row in newest.values()]
    order = {key: n for n, key in enumerate(regimes.regime_on(place, period.last).arenas)} if found else {}
    return sorted(found, key=lambda one: order.get(one.table.arena, len(order)))


def told(place: Any) -> list[Period]:
    """The periods that have a published table, the newest first, the longer before the shorter that end with it."""
    rows = Table.objects.filter(place=place, published_at__isnull=False)
    keys = rows.order_by("period").values_list("period", flat=True).distinct()
    found = [Period.parse(key) for key in keys]
    return sorted(found, key=lambda one: (one.last, -one.first.toordinal()), reverse=True)


def around(period: Period, known: Sequence[Period]) -> Mapping[str, Any]:
    """Where to go from a period: `earlier` and `later` of its kind, `parts` within it and `wholes` that hold it."""
    same = sorted(one for one in known if one.kind == period.kind)
    length = PERIOD_KINDS.index(period.kind)
    return {
        "earlier": next((one for one in reversed(same) if one.first < period.first), None),
        "later": next((one for one in same if one.first > period.first), None),
        "parts": sorted(o for o in known if PERIOD_KINDS.index(o.kind) < length and o.first in period),
        "wholes": sorted(
            (o for o in known if PERIOD_KINDS.index(o.kind) > length and period.first in o),
            key=lambda o: PERIOD_KINDS.index(o.kind),
        ),
    }


def groups(place: Any, found: Sequence[queries.TableView], by: str = "", text: str = "") -> list[Group]:
    """The groups of some tables of one period; each sorted by the arena `by` where it has that, else its first."""
    names: dict[str, Text] = {}
    columns: dict[str, list[queries.TableView]] = {}
    sizes = lists.sizes([view.table for view in found])
    for view in found:
        for key, name in view.groups.items():
            if key in sizes[view.table.pk]:
                names.setdefault(key, name)
                columns.setdefault(key, []).append(view)
    earlier = {view.table.pk: queries.previous(view.table) for view in found}
    return [_group(place, key, names[key], columns[key], sizes, earlier, by, text) for key in columns]


def _group(
    place: Any,
    key: str,
    name: Text,
    columns: Sequence[queries.TableView],
    sizes: Mapping[int, Mapping[str, lists.Size]],
    earlier: Mapping[int, Table | None],
    by: str,
    text: str,
) -> Group:
    first = next((view for view in columns if view.table.arena == by), columns[0])
    counts = sizes[first.table.pk][key]
    size = counts.ranked + counts.unranked
    ordered = queries.standings(first.table, key, text)
    heads = list(ordered[: MOST if size <= MOST or text else TOP])
    units = {one.unit_id: one.unit for one in heads}
    if size <= MOST:  # some arenas may have units that the first has not
        rest = people.units(place, text).filter(
            standings__group=key, standings__table_id__in=[view.table.pk for view in columns]
        )
        units |= {unit.pk: unit for unit in rest.distinct() if unit.pk not in units}
    cells: dict[int, dict[int, Standing]] = {unit: {} for unit in units}
    moved: dict[int, dict[int, Gain]] = {}
    for view in columns:
        rows = list(view.table.standings.filter(group=key, unit_id__in=units))
        moved[view.table.pk] = gains(earlier[view.table.pk], rows)
        for one in rows:
            cells[one.unit_id][view.table.pk] = one
    lines = [
        Line(
            unit,
            tuple(Cell(v, cells[pk].get(v.table.pk), moved[v.table.pk].get(pk)) for v in columns),
        )
        for pk, unit in units.items()
    ]
    return Group(key, name, tuple(columns), first.table.arena, tuple(lines), size)
