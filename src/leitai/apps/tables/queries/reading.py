"""The latest editions, the reason of a rank, a unit's history, and the recount. Lines: `lists.py`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet

from leitai import __version__
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import PERIOD_KINDS, Period, Text
from leitai.rules.regime.model import Regime
from leitai.rules.scoring import Explanation, TableResult, named_last_time, packs
from leitai.rules.scoring import explain as explain_row

from ..models import Standing, Table
from ..rows import standings_of

HEAVY = ("spec", "inputs", "result")


def edition(place: Any, arena: str, period: Period) -> Table | None:
    """The newest edition of an arena's table for a period, published or not."""
    return Table.objects.filter(place=place, arena=arena, period=period.key).order_by("-edition").first()


def published(place: Any, arena: str, period: Period) -> Table | None:
    """The newest published edition of an arena's table for a period."""
    rows = Table.objects.filter(place=place, arena=arena, period=period.key, published_at__isnull=False)
    return rows.order_by("-edition").first()


def table(place: Any, number: int, *, drafts: bool = True) -> Table | None:
    """A table by its number, its texts left in the database until they are read; without `drafts` a published one."""
    rows = Table.objects.filter(place=place, pk=number).select_related("place").defer(*HEAVY)
    if not drafts:
        rows = rows.filter(published_at__isnull=False)
    return rows.first()


def tables(place: Any, *, arena: str | None = None, drafts: bool = False, limit: int = 100) -> list[Table]:
    """Tables, the newest period first; without `drafts` only published ones."""
    rows = Table.objects.filter(place=place).defer(*HEAVY)
    if arena is not None:
        rows = rows.filter(arena=arena)
    if not drafts:
        rows = rows.filter(published_at__isnull=False)
    return list(rows.order_by("-published_at", "-period", "arena", "-edition")[:limit])


@dataclass(frozen=True)
class TableView:
    """A table as a page introduces it; `reported` where all its figures are, so that chance plays no part."""

    table: Table
    name: Text
    period: Period
    groups: Mapping[str, Text]
    reported: bool = False


def view(row: Table) -> TableView:
    """A table with the names that its own rule-book has for it."""
    period = Period.parse(row.period)
    regime = regimes.regime_on(row.place, period.last)
    arena = regime.arenas[row.arena]
    groups = {key: regime.groups[key].name for key in arena.groups}
    return TableView(row, arena.name, period, groups, _reported(regime, row.arena))


def _reported(regime: Regime, key: str) -> bool:
    """Whether a measure, or all that an arena weighs, is reported in full, not sampled."""
    if key in regime.measures:
        return regime.measures[key].from_ == "reported"
    return all(_reported(regime, part) for part in regime.arenas[key].weigh)


def latest(place: Any) -> list[TableView]:
    """The newest published edition of every arena, in the rule-book's order."""
    newest: dict[str, Table] = {}
    rows = Table.objects.filter(place=place, published_at__isnull=False).defer(*HEAVY)
    for row in rows.select_related("place").order_by("arena", "-edition"):
        kept = newest.get(row.arena)
        mine = (Period.parse(row.period).first, row.edition)
        if kept is None or mine > (Period.parse(kept.period).first, kept.edition):
            newest[row.arena] = row
    found = [view(row) for row in newest.values()]
    order = (
        {key: n for n, key in enumerate(regimes.regime_on(place, max(v.period.last for v in found)).arenas)}
        if found
        else {}
    )
    return sorted(found, key=lambda one: order.get(one.table.arena, 99))


def standings(row: Table, group: str = "", text: str = "") -> QuerySet[Standing]:
    """The lines of a table, best first, the unranked last; of a group, of units named like `text`."""
    found = row.standings.select_related("unit").order_by(
        "group", F("rank").asc(nulls_last=True), "unit__key"
    )
    if group:
        found = found.filter(group=group)
    if text:
        found = found.filter(
            Q(unit__name_zh__icontains=text) | Q(unit__name_en__icontains=text) | Q(unit__key__icontains=text)
        )
    return found


def explain(row: Table, unit_key: str, result: TableResult | None = None) -> Explanation:
    """Why a unit stands where it stands. Raises KeyError for a unit that the table does not have."""
    return explain_row(result or row.computed(), unit_key)


def history(unit: Any, arena: str | None = None) -> list[Standing]:
    """A unit's published standings, the newest period first; of each period the newest edition."""
    rows = Standing.objects.filter(unit=unit, table__published_at__isnull=False).select_related("table")
    if arena is not None:
        rows = rows.filter(table__arena=arena)
    newest: dict[tuple[str, str], Standing] = {}
    for one in rows.defer("table__spec", "table__inputs", "table__result").order_by("table__edition"):
        newest[one.table.arena, one.table.period] = one
    return sorted(newest.values(), key=lambda one: Period.parse(one.table.period).first, reverse=True)


def counting(place: Any, day: date) -> list[tuple[Table, list[str]]]:
    """Published tables whose period holds a day and which weigh verdicts, each with those columns; newest editions."""
    found = []
    for row in _newest_of(place, day):
        regime = regimes.regime_on(place, Period.parse(row.period).last)
        weighed = regime.arenas[row.arena].weigh
        columns = [
            key
            for key in weighed
            if key in regime.measures and regime.measures[key].from_.startswith("ballots.")
        ]
        if columns:
            found.append((row, columns))
    return found


def using(place: Any, measure: str, day: date) -> list[Table]:
    """Published tables whose period holds a day and which weigh a measure; newest editions."""
    return [
        row
        for row in _newest_of(place, day)
        if measure in regimes.regime_on(place, Period.parse(row.period).last).arenas[row.arena].weigh
    ]


def weighing(row: Table) -> list[Table]:
    """Published tables that weigh the arena of a table over a period that holds its own; newest editions."""
    place, period = row.place, Period.parse(row.period)
    return [
        one
        for one in _newest_of(place, period.first)
        if one.arena != row.arena
        and row.arena in regimes.regime_on(place, Period.parse(one.period).last).arenas[one.arena].weigh
    ]


def _newest_of(place: Any, day: date) -> list[Table]:
    """The newest published edition of every table whose period holds a day."""
    keys = {Period.containing(kind, day).key for kind in PERIOD_KINDS}
    rows = Table.objects.filter(place=place, period__in=keys, published_at__isnull=False)
    newest = {(row.arena, row.period): row for row in rows.defer(*HEAVY).order_by("edition")}
    return list(newest.values())


def previous(row: Table) -> Table | None:
    """The newest published edition of the same arena for the period before, its texts left in the database."""
    before = Period.parse(row.period).previous().key
    found = Table.objects.filter(
        place_id=row.place_id, arena=row.arena, period=before, published_at__isnull=False
    )
    return found.defer(*HEAVY).order_by("-edition").first()


def editions(row: Table) -> list[Table]:
    """All editions of a table's period, the first first."""
    rows = Table.objects.filter(place=row.place, arena=row.arena, period=row.period)
    return list(rows.defer(*HEAVY).order_by("edition"))


def facts_of(row: Table) -> Iterable[tuple[Standing, dict[str, Any]]]:
    """For each line of a table, what a rule's condition may ask of it."""
    earlier = previous(row)
    old = {one.unit_id: one for one in earlier.standings.all()} if earlier else {}
    named = _named_last_time(row, earlier) if earlier and any(one.named_worst for one in old.values()) else ()
    for one in row.standings.select_related("unit").order_by("id"):
        last = old.get(one.unit_id)
        yield (
            one,
            {
                "unit.key": one.unit.key,
                "unit.kind": one.unit.kind,
                "unit.group": one.group,
                "unit.rank": one.rank or 0,
                "unit.ranked": one.rank is not None,
                "unit.of": one.of,
                "unit.named_worst": one.named_worst,
                "unit.named_best": one.named_best,
                "unit.named_worst_last_time": one.unit.key in named,
                "unit.gained": last.rank - one.rank if last and last.rank and one.rank else 0,
            },
        )


def _named_last_time(row: Table, earlier: Table) -> Collection[str]:
    """The units named in the period before; where they are named again, only those of whom both are sure at once."""
    return named_last_time(row.computed(), earlier.computed())


@dataclass(frozen=True)
class Recount:
    """Whether a table computes from its frozen inputs to the very bytes that were kept; `found` says what differs."""

    same: bool
    digest: str
    computed: str
    found: packs.Recount


def verify(row: Table) -> Recount:
    """Recompute a table from its frozen inputs and compare byte for byte.

    Of a table frozen by another version, the fields that only this one writes are left out (`found.added`).
    """
    found = packs.recount(row.spec, row.inputs, row.result, same_code=row.code_version == __version__)
    computed = packs.edition_digest(row.spec, row.inputs, found.computed)
    kept = packs.edition_digest(row.spec, row.inputs, row.result)
    return Recount(found.same and kept == row.digest, row.digest, computed, found)


_LINE = ("unit_id", "group", "score", "rank", "rank_low", "rank_high", "of", "named_worst", "named_best")


def standings_hold(row: Table) -> bool:
    """Whether the lines that pages read are those of the edition's result."""

    def plain(one: Standing) -> tuple[Any, ...]:
        return tuple(getattr(one, name) for name in _LINE)

    wanted = {plain(one) for one in standings_of(row, row.computed())}
    return {plain(one) for one in row.standings.all()} == wanted
