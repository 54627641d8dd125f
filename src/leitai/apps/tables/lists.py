"""What a page shows of a table of thousands of units: sizes, intervals, who moved, the viewer's own lines.

A table's texts are megabytes; a list needs a hundred short rows. So the texts are read as plain JSON, and only the rows
that a page shows become values of the core: of 3,200 units that is the difference between a blink and a second. What is
read is kept by the table's digest, which names its content, so nothing kept can ever be out of date or another place's.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import Count, Q

from leitai.rules.scoring import Row, TableResult, TableSpec, Told
from leitai.rules.scoring.spec import NamedBy

from .models import Standing, Table
from .queries import previous

MANY = 1000  # lines of a table above which a page fetches what asks all of them when the rest is there


@dataclass(frozen=True)
class Sketch:
    """A result as it is kept: its specification read, its rows as plain JSON by group and unit, in their order."""

    spec: TableSpec
    rows: Mapping[tuple[str, str], dict[str, Any]]
    told: Mapping[str, Told]

    def named_by(self, group: str) -> NamedBy:
        """What the names of a group rest on, where they are certain."""
        told = self.told.get(group if self.spec.within == "group" else "")
        return told.named if told is not None else "sets"

    def row(self, group: str, unit: str) -> Row:
        """A unit's row, read. Raises KeyError."""
        return Row.from_json(self.rows[group, unit])

    def group_of(self, unit: str) -> str:
        """The group in which a unit stands. Raises KeyError."""
        found = next((group for group, key in self.rows if key == unit), None)
        if found is None:
            raise KeyError(unit)
        return found

    def field(self, group: str) -> list[dict[str, Any]]:
        """The rows that those of a group are compared with: its own, or all where the table compares all."""
        return [one for key, one in self.rows.items() if self.spec.within == "all" or key[0] == group]

    def around(self, unit: str) -> TableResult:
        """The result as far as it concerns one unit: the rows of its field, made up only of it and its neighbours.

        Neighbours are all with the next score above and below. Raises KeyError for a unit that is not there.
        """
        field = self.field(self.group_of(unit))
        own = next(one["score"] for one in field if one["unit"] == unit)
        kept = {own, *self._beside(field, own)}
        return TableResult(
            self.spec,
            tuple(
                Row.from_json(one if one["unit"] == unit or one["score"] in kept else _bare(one))
                for one in field
            ),
            told=self.told,
        )

    @staticmethod
    def _beside(field: Iterable[dict[str, Any]], own: str | None) -> Iterator[str]:
        """The next scores above and below, as they are written."""
        if own is None:
            return
        scores = {Decimal(one["score"]): one["score"] for one in field if one["score"] is not None}
        ordered = sorted(scores)
        at = bisect_left(ordered, Decimal(own))
        yield from (scores[one] for one in (*ordered[max(at - 1, 0) : at], *ordered[at + 1 : at + 2]))


def _bare(row: dict[str, Any]) -> dict[str, Any]:
    """A row without what it is made of."""
    return {**row, "contributions": ()}


@lru_cache(maxsize=16)
def _sketch(_digest: str, number: int) -> Sketch:
    kept = json.loads(Table.objects.only("result").get(pk=number).result)
    rows = {(one["group"], one["unit"]): one for one in kept["rows"]}
    told = {name: Told.from_json(one) for name, one in kept.get("told", {}).items()}
    return Sketch(TableSpec.from_json(kept["spec"]), rows, told)


def sketch(row: Table) -> Sketch:
    """The result of a table for a page that shows some of its lines."""
    return _sketch(row.digest, row.pk)


@lru_cache(maxsize=8)
def _cells(_digest: str, number: int, measure: str) -> tuple[tuple[str, str, dict[str, Any]], ...]:
    kept = json.loads(Table.objects.only("inputs").get(pk=number).inputs)
    return tuple(
        (unit["group"], unit["key"], unit["cells"][measure])
        for unit in kept["units"]
        if measure in unit.get("cells", {})
    )


def cells(row: Table, measure: str) -> tuple[tuple[str, str, dict[str, Any]], ...]:
    """(group, unit, cell as plain JSON) of one measure as it was frozen."""
    return _cells(row.digest, row.pk, measure)


@dataclass(frozen=True)
class Size:
    """How many of a group are ranked and how many there is too little to judge."""

    group: str
    ranked: int
    unranked: int


def counts(row: Table) -> dict[str, Size]:
    """The sizes of a table's groups."""
    return sizes([row])[row.pk]


def sizes(tables: Sequence[Table]) -> dict[int, dict[str, Size]]:
    """The sizes of the groups of some tables, by the table's number."""
    found: dict[int, dict[str, Size]] = {row.pk: {} for row in tables}
    groups = Standing.objects.filter(table_id__in=found).values("table_id", "group")
    for one in groups.annotate(ranked=Count("rank"), every=Count("id")):
        size = Size(one["group"], one["ranked"], one["every"] - one["ranked"])
        found[one["table_id"]][size.group] = size
    return found


def intervals(row: Table, group: str) -> tuple[tuple[int, int, int], ...]:
    """(best, rank, worst) of every ranked unit of a group."""
    found = row.standings.filter(group=group, rank__isnull=False).order_by("rank")
    return tuple(found.values_list("rank_low", "rank", "rank_high"))


@dataclass(frozen=True)
class Move:
    """A unit's standing beside the one of the period before: (best, rank, worst) each."""

    unit: Any
    before: tuple[int, int, int]
    now: tuple[int, int, int]
    of: int
    group: str

    @property
    def gained(self) -> int:
        """Places gained; negative where lost."""
        return self.before[1] - self.now[1]

    @property
    def lost(self) -> int:
        """Places lost; negative where gained."""
        return -self.gained


@dataclass(frozen=True)
class Moves:
    """Who moved since the period before: those whose rank intervals do not touch, and how many drifted."""

    earlier: Table
    real: tuple[Move, ...]
    within_noise: int
    still: int


def moves(row: Table, group: str = "", limit: int = 0, earlier: Table | None = None) -> Moves | None:
    """The moves beyond noise since the period before, the largest first; None where it has no table."""
    earlier = earlier or previous(row)
    if earlier is None:
        return None
    real, drift, still = _moved(row.pk, row.digest, earlier.pk, earlier.digest)
    if group:
        real = tuple(one for one in real if one[4] == group)
    shown = real[:limit] if limit else real
    units = _units(row, [one[0] for one in shown]) if shown else {}

    def many(counts: dict[str, int]) -> int:
        return counts.get(group, 0) if group else sum(counts.values())

    return Moves(earlier, tuple(Move(units[one[0]], *one[1:]) for one in shown), many(drift), many(still))


_Moved = tuple[tuple[Any, ...], dict[str, int], dict[str, int]]


@lru_cache(maxsize=32)
def _moved(now: int, _digest: str, before: int, _other: str) -> _Moved:
    """Between two tables: moves beyond noise as plain values; by group, how many drifted or stood still.

    The digests are there to be part of the key: they are what makes a table's content certain.
    """
    ranked = Standing.objects.filter(rank__isnull=False)
    kept = ranked.filter(table_id=before).values_list("unit_id", "rank_low", "rank", "rank_high")
    old = {unit: (low, rank, high) for unit, low, rank, high in kept}
    fields = ("unit_id", "group", "rank_low", "rank", "rank_high", "of")
    real: list[tuple[Any, ...]] = []
    drift: dict[str, int] = {}
    still: dict[str, int] = {}
    for unit, group, low, rank, high, of in ranked.filter(table_id=now).values_list(*fields):
        was = old.get(unit)
        if was is None:
            continue
        if high < was[0] or low > was[2]:
            real.append((unit, was, (low, rank, high), of, group))
        else:
            counts = still if was[1] == rank else drift
            counts[group] = counts.get(group, 0) + 1
    real.sort(key=lambda one: -abs(one[1][1] - one[2][1]))
    return tuple(real), drift, still


def _units(row: Table, ids: Sequence[int]) -> dict[int, Any]:
    """The units of these ids, by way of the table's own lines."""
    found = row.standings.filter(unit_id__in=ids).select_related("unit")
    return {one.unit_id: one.unit for one in found}


def standings_of(units: Iterable[Any], tables: Iterable[Table]) -> dict[int, list[Standing]]:
    """For each unit, its lines in some tables, in the order of the tables."""
    order = {table.pk: n for n, table in enumerate(tables)}
    found: dict[int, list[Standing]] = {unit.pk: [] for unit in units}
    for one in Standing.objects.filter(table_id__in=order, unit_id__in=found):
        found[one.unit_id].append(one)
    for lines in found.values():
        lines.sort(key=lambda one: order[one.table_id])
    return found


def mine(row: Table, units: Iterable[Any]) -> list[Standing]:
    """The lines of the viewer's own units."""
    return list(row.standings.filter(unit__in=list(units)).select_related("unit").order_by("rank"))


def named(row: Table) -> list[Standing]:
    """Those that the table names among the best and the worst, the best first."""
    found = row.standings.filter(Q(named_best=True) | Q(named_worst=True)).select_related("unit")
    return sorted(found, key=lambda one: (one.named_worst, one.group, one.rank or 0))
