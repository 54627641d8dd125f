"""What another rule-book would have made of past periods: who gains, who loses, who is named, which rules act.

The tables that were published are computed again from their frozen inputs by the rules in question, lower arenas
before those that weigh them, and the same is asked of the rules on every other event of those periods. Nothing is
written and nobody is told. A value is taken as it was frozen; where the rules in question weigh a measure that was not
weighed, or define it otherwise, it is read from the rows as they are now, and that is said.

What it cannot know: how units would have acted under other rules. It says what the rules do, not what people would.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from leitai.apps.ledger import queries as ledger
from leitai.apps.measures.queries import Sources
from leitai.apps.people import queries as people
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import Period
from leitai.rules.regime.conditions import ConditionError
from leitai.rules.regime.matching import matching
from leitai.rules.regime.model import Regime
from leitai.rules.scoring import Cell, TableInputs, TableResult, cells_of, compute, named_last_time
from leitai.rules.scoring.by_rule import table_spec
from leitai.rules.scoring.change import Edition, Moved, difference

from ..inputs import mean_of, members_of, recounted, scored_here
from ..models import Standing, Table
from ..rows import facts
from .reading import HEAVY, previous

PUBLISHED = "table.published"
ACTS, CEASES = "would act", "would not act"


@dataclass(frozen=True)
class Deed:
    """What a rule would do and did not, or did and would not: to a unit, or ("") once for the event."""

    unit: str
    do: str
    source: str
    what: str


@dataclass(frozen=True)
class Replayed:
    """A published table by the rules in question. `fresh` names measures whose values were not frozen with it."""

    table: Table
    result: TableResult
    moved: tuple[Moved, ...]
    fresh: tuple[str, ...]
    deeds: tuple[Deed, ...]


@dataclass(frozen=True)
class Skipped:
    """A table that the rules in question cannot be asked about: "no-arena", or "other-period" where it has another."""

    table: Table
    why: str


@dataclass(frozen=True)
class Fired:
    """How often rules on an event other than a table's would have acted, of how many times the event happened."""

    event: str
    do: str
    source: str
    did: int
    would: int
    of: int


@dataclass(frozen=True)
class Replay:
    """The whole of it. `units` sums up each unit: places gained and lost, and in how many tables it is named or not."""

    tables: tuple[Replayed, ...]
    skipped: tuple[Skipped, ...]
    rules: tuple[Fired, ...]
    unanswered: int

    def lines(self) -> list[tuple[Table, Moved]]:
        """Every line that would be another, by table."""
        return [(one.table, moved) for one in self.tables for moved in one.moved]

    def units(self) -> dict[str, UnitSum]:
        """Each unit whose rank or name would be another, those who gain most first, those who lose most last."""
        found: dict[str, UnitSum] = {}
        for table in self.tables:
            for one in table.moved:
                sum_ = found.setdefault(one.unit, UnitSum(one.unit))
                gained = one.gained or 0
                sum_.gained += max(gained, 0)
                sum_.lost += max(-gained, 0)
                was, now = (row is not None and row.named_worst for row in (one.old, one.new))
                sum_.named += now and not was
                sum_.cleared += was and not now
        kept = [one for one in found.values() if any((one.gained, one.lost, one.named, one.cleared))]
        return {one.unit: one for one in sorted(kept, key=lambda one: (one.lost - one.gained, one.unit))}


@dataclass
class UnitSum:
    """Over all tables: places gained, places lost, times newly named among the worst, times named no more."""

    unit: str
    gained: int = 0
    lost: int = 0
    named: int = 0
    cleared: int = 0


@dataclass
class _Way:
    """What is known so far while tables are computed one after the other."""

    place: Any
    regime: Regime
    sources: Sources
    kinds: Mapping[str, str]
    results: dict[tuple[str, str], TableResult] = field(default_factory=dict)
    changed: set[tuple[str, str]] = field(default_factory=set)


def replay(
    place: Any,
    regime: Regime,
    first: date,
    last: date,
    sources: Sources | None = None,
    arenas: Collection[str] | None = None,
) -> Replay:
    """The published tables of the periods that lie within two days, and the other events between, by other rules.

    Where `arenas` are named, their tables alone: of rules on other events nothing is asked then.
    """
    kinds = {unit.key: unit.kind for unit in people.units(place)}
    way = _Way(place, regime, sources or Sources(place), kinds)
    done: list[Replayed] = []
    skipped: list[Skipped] = []
    for row in sorted(_published(place, first, last, arenas), key=lambda row: _order(regime, row)):
        if row.arena not in regime.arenas:
            skipped.append(Skipped(row, "no-arena"))
        elif regime.arenas[row.arena].every != Period.parse(row.period).kind:
            skipped.append(Skipped(row, "other-period"))
        else:
            done.append(_replayed(way, row))
    done.sort(key=lambda one: (Period.parse(one.table.period).first, one.table.arena))
    rules, unanswered = _events(place, regime, first, last) if arenas is None else ((), 0)
    return Replay(tuple(done), tuple(skipped), rules, unanswered)


def lines_in_question(place: Any, first: date, last: date, arenas: Collection[str] | None = None) -> int:
    """How many lines the tables have that `replay` would compute again: what it costs."""
    rows = _published(place, first, last, arenas)
    return Standing.objects.filter(table__in=[row.pk for row in rows]).count()


def _published(place: Any, first: date, last: date, arenas: Collection[str] | None) -> list[Table]:
    """The newest published edition of each arena and period that lies within two days, its texts not yet read."""
    rows = Table.objects.filter(place=place, published_at__isnull=False).defer(*HEAVY)
    if arenas is not None:
        rows = rows.filter(arena__in=arenas)
    newest: dict[tuple[str, str], Table] = {}
    for row in rows.order_by("edition"):
        period = Period.parse(row.period)
        if first <= period.first and period.last <= last:
            row.place = place
            newest[row.arena, row.period] = row
    return list(newest.values())


def _order(regime: Regime, row: Table) -> tuple[int, date, str]:
    """Lower arenas come before those that weigh them, earlier periods before later ones."""

    def depth(arena: str) -> int:
        below = (
            [key for key in regime.arenas[arena].weigh if key in regime.arenas]
            if arena in regime.arenas
            else []
        )
        return 1 + max((depth(key) for key in below), default=0)

    return depth(row.arena), Period.parse(row.period).first, row.arena


def _replayed(way: _Way, row: Table) -> Replayed:
    period = Period.parse(row.period)
    spec, frozen = row.frozen()
    inputs, fresh = _inputs(way, row, period, frozen)
    # By the edition's own way of being sure: what differs is to come from the rules in question alone.
    result = compute(table_spec(way.regime, row.arena, row.period).sure_as(spec), inputs)
    way.results[row.arena, row.period] = result
    old = Edition(spec, frozen, row.computed())
    moved = difference(old, Edition(result.spec, inputs, result)).moved
    if moved:
        way.changed.add((row.arena, row.period))
    return Replayed(row, result, moved, fresh, tuple(_deeds(way, row, old.result, result)))


def _inputs(
    way: _Way, row: Table, period: Period, frozen: TableInputs
) -> tuple[TableInputs, tuple[str, ...]]:
    """The cells by the rules in question, and which measures are not as they were frozen."""
    old = regimes.regime_on(way.place, period.last)
    weighed = way.regime.arenas[row.arena].weigh
    below = {key: _below(way, key, period, frozen) for key in weighed if key in way.regime.arenas}
    kept = {key for key in weighed if _kept(old, way.regime, row.arena, key) and not below.get(key)}
    fresh = tuple(key for key in weighed if key not in kept and not below.get(key))
    if fresh:
        frozen = recounted(way.sources, way.regime, row.arena, period, frozen, fresh)
    units = []
    for unit in frozen.units:
        cells = {}
        for key in weighed:
            cell = below[key].get(unit.key) if below.get(key) else unit.cells.get(key)
            if cell is not None:
                cells[key] = _aimed(cell, old, way.regime, key)
        units.append(replace(unit, cells=cells))
    return TableInputs(tuple(units)), fresh


def _kept(old: Regime, new: Regime, arena: str, key: str) -> bool:
    """Whether a frozen value means the same by both rule-books."""
    if key not in old.arenas[arena].weigh:
        return False
    if key in new.measures and key in old.measures:
        was, now = old.measures[key], new.measures[key]
        return (was.from_, was.of) == (now.from_, now.of)
    return key in new.arenas and key in old.arenas


def _aimed(cell: Cell, old: Regime, new: Regime, key: str) -> Cell:
    """The cell with the target that the new rules state for all, where it had the one of the old."""
    was = old.measures[key].points.target if key in old.measures else None
    now = new.measures[key].points.target if key in new.measures else None
    return replace(cell, target=now) if was != now and cell.target == was else cell


def _below(way: _Way, arena: str, period: Period, frozen: TableInputs) -> dict[str, Cell]:
    """Each unit's mean score in an arena below, where a table of it in the period came out otherwise; else {}.

    A unit that the arena below does not rank is scored by its rules among the units of this table, as the rows are now.
    """
    parts = period.within(way.regime.arenas[arena].every)
    if not any((arena, part.key) in way.changed for part in parts):
        return {}
    groups = members_of(way.place, frozen)
    found: dict[str, list[Cell]] = {}
    for part in parts:
        result = way.results.get((arena, part.key))
        known = cells_of(result, f"replayed {arena} {part.key}") if result is not None else {}
        if any(unit.key not in known for unit in frozen.units):
            known = scored_here(way.sources, way.regime, arena, part, groups) | known
        for unit, cell in known.items():
            found.setdefault(unit, []).append(cell)
    return {unit: mean_of(cells, len(parts)) for unit, cells in found.items()}


def _deeds(way: _Way, row: Table, old: TableResult, new: TableResult) -> Iterator[Deed]:
    """What follows from the publication by one rule-book and not by the other."""
    earlier = previous(row)
    before = earlier.computed() if earlier is not None else None
    replayed = way.results.get((row.arena, Period.parse(row.period).previous().key), before)
    day = (
        row.published_at.astimezone(way.place.zone).date()
        if row.published_at
        else Period.parse(row.period).last
    )
    did = _asked(way, row, regimes.regime_on(way.place, day), old, before)
    would = _asked(way, row, way.regime, new, replayed)
    for key in sorted(did.keys() ^ would.keys()):
        unit, do = key
        yield Deed(unit, do, (would | did)[key], ACTS if key in would else CEASES)


def _asked(
    way: _Way, row: Table, regime: Regime, result: TableResult, before: TableResult | None
) -> dict[tuple[str, str], str]:
    """What a rule-book does when a table is published: the rule's source by unit ("" for the event) and deed."""
    found: dict[tuple[str, str], str] = {}
    for of_unit in _facts(result, before, way.kinds):
        try:
            matches = matching(regime, PUBLISHED, facts(row) | {"table.edition": 1} | of_unit)
        except ConditionError:
            continue  # the drive tells the office of it and does nothing, and so does this
        for match in matches:
            unit = "" if match.do.target == "event" else of_unit["unit.key"]
            found[unit, match.rule.do] = match.rule.source
    return found


def _facts(
    result: TableResult, before: TableResult | None, kinds: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """What a rule may ask of each line, as `facts_of` says it of rows."""
    counts = Counter(line.group for line in result.rows if line.rank is not None)
    old = {line.unit: line for line in before.rows} if before is not None else {}
    old_names = named_last_time(result, before) if before is not None else frozenset()
    for line in result.rows:
        last = old.get(line.unit)
        yield {
            "unit.key": line.unit,
            "unit.kind": kinds.get(line.unit, ""),
            "unit.group": line.group,
            "unit.rank": line.rank or 0,
            "unit.ranked": line.rank is not None,
            "unit.of": counts[line.group],
            "unit.named_worst": line.named_worst,
            "unit.named_best": line.named_best,
            "unit.named_worst_last_time": line.unit in old_names,
            "unit.gained": last.rank - line.rank if last and last.rank and line.rank else 0,
        }


def _events(place: Any, regime: Regime, first: date, last: date) -> tuple[tuple[Fired, ...], int]:
    """Rules on what happened otherwise, and how many conditions could not be answered from what was kept."""
    shelf = regimes.shelf(place)
    books = [regime, *{id(one): one for one in (shelf.on(first), shelf.on(last))}.values()]
    kinds = sorted({rule.on for book in books for rule in book.rules if not rule.on.startswith("table.")})
    start = Period.containing("month", first).bounds(place.zone)[0]
    end = Period.containing("month", last).bounds(place.zone)[1]
    did: Counter[tuple[str, str, str]] = Counter()
    would: Counter[tuple[str, str, str]] = Counter()
    seen: Counter[str] = Counter()
    unanswered = 0
    for event in ledger.told(place, *kinds).filter(at__gte=start, at__lt=end).iterator(chunk_size=5000):
        values = json.loads(event.data)
        seen[event.kind] += 1
        try:
            for book, count in ((shelf.on(event.at.astimezone(place.zone).date()), did), (regime, would)):
                matches = matching(book, event.kind, values)
                count.update({(event.kind, one.rule.do, one.rule.source) for one in matches})
        except (ConditionError, KeyError):
            unanswered += 1
    found: dict[tuple[str, str], list[Any]] = {}
    for counts, place_of in ((did, 0), (would, 1)):
        for (kind, do, source), number in counts.items():
            kept = found.setdefault((kind, do), [0, 0, source])
            kept[place_of] += number
            kept[2] = source
    fired = [
        Fired(kind, do, source, before, after, seen[kind])
        for (kind, do), (before, after, source) in sorted(found.items())
        if before != after
    ]
    return tuple(fired), unanswered


def weighed_otherwise(regime: Regime, arena: str, weights: Mapping[str, Any]) -> Regime:
    """The rule-book with other weights in one arena, for a page that asks what they would do. Raises KeyError."""
    spec = regime.arenas[arena]
    changed = spec.model_copy(update={"weigh": dict(weights)})
    return regime.model_copy(update={"arenas": {**regime.arenas, arena: changed}})


def scored_otherwise(regime: Regime, measure: str, by: str) -> Regime:
    """The rule-book with another way to points for one measure, floor, cap and target as they are. Raises KeyError."""
    spec = regime.measures[measure]
    changed = spec.model_copy(update={"points": spec.points.model_copy(update={"by": by})})
    return regime.model_copy(update={"measures": {**regime.measures, measure: changed}})


def touched(regime: Regime, keys: Collection[str]) -> set[str]:
    """The arenas whose tables another weight or method can touch: these, and those that weigh them at any depth."""
    found = {key for key in keys if key in regime.arenas}
    grown = True
    while grown:
        above = {
            key for key, spec in regime.arenas.items() if key not in found and {*keys, *found} & {*spec.weigh}
        }
        found |= above
        grown = bool(above)
    return found
