"""Reading measures: the cells of a table, from readings that are reported and facts that are computed.

A fact of a unit covers the units below it that the same table does not judge by themselves: a record counts once
in a table. Every cell says how many observations it rests on and, where it
is a rate or a median of records, its standard error; a reported figure is taken as exact, as reported.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
from django.db.models import QuerySet

from leitai.apps.ballots import queries as ballots
from leitai.apps.casework import queries as casework
from leitai.apps.people import queries as people
from leitai.rules.kernel import Period, Text
from leitai.rules.regime.model import MeasureSpec, Regime
from leitai.rules.scoring import Cell, rate_se

from .case_facts import FACTS, grouped
from .models import Reading, ReadingState


@dataclass
class Sources:
    """What is read once while a table, or several, are frozen: nothing outlives it."""

    place: Any
    arrays: dict[str | None, Any] = field(default_factory=dict)
    ballots: dict[tuple[Period, str], Any] = field(default_factory=dict)
    held_by: dict[tuple[int, ...], dict[int, int]] = field(default_factory=dict)

    def holders(self, units: Sequence[Any]) -> dict[int, int]:
        """Which of these units each unit's records count for."""
        key = tuple(unit.pk for unit in units)
        if key not in self.held_by:
            self.held_by[key] = people.holders(self.place, units)
        return self.held_by[key]

    def readings(self, measure: str, periods: Sequence[str]) -> list[Reading]:
        """The readings that stand: those no correction has replaced."""
        return current(self.place, measure, periods)

    def cases(self, kind: str | None) -> Any:
        """All cases of a kind as arrays."""
        if kind not in self.arrays:
            self.arrays[kind] = casework.arrays(self.place, kind)
        return self.arrays[kind]

    def verdicts(self, period: Period, channel: str) -> dict[int, tuple[int, int, int]]:
        """Verdicts counted by unit; through one channel where it is named."""
        if (period, channel) not in self.ballots:
            self.ballots[period, channel] = ballots.counts_by_unit(
                self.place, period.first, period.last, channel
            )
        return self.ballots[period, channel]


def cells(
    sources: Sources, regime: Regime, measure: str, period: Period, units: Sequence[Any]
) -> Mapping[str, Cell]:
    """The cell of each unit, by unit key, for a measure of the rule-book over a period."""
    spec = regime.measures[measure]
    if spec.from_ in ("reported", "readings.rate"):
        return _reported(sources, spec, measure, period, units)
    if spec.from_.startswith("ballots."):
        return _verdicts(sources, spec, period, units)
    return _cases(sources, spec, period, units)


def current(place: Any, measure: str, periods: Sequence[str]) -> list[Reading]:
    """The readings that stand: those no correction has replaced."""
    rows = Reading.objects.filter(place=place, measure=measure, period__in=periods, replaced_by__isnull=True)
    return list(rows.order_by("period", "id"))


def standing(place: Any, measures: Sequence[str], period: str) -> QuerySet[Reading]:
    """The readings of a period that stand, by measure and unit, with their units."""
    rows = Reading.objects.filter(place=place, measure__in=measures, period=period, replaced_by__isnull=True)
    return rows.select_related("unit").order_by("measure", "unit__key", "id")


def _reported(
    sources: Sources, spec: MeasureSpec, measure: str, period: Period, units: Sequence[Any]
) -> dict[str, Cell]:
    periods = [one.key for one in period.within(spec.every)]
    found: dict[int, list[Reading]] = defaultdict(list)
    for row in sources.readings(measure, periods):
        found[row.unit_id].append(row)
    return {unit.key: _reading_cell(spec, found.get(unit.pk, []), len(periods)) for unit in units}


def _reading_cell(spec: MeasureSpec, rows: Sequence[Reading], periods: int) -> Cell:
    if not rows:
        return Cell(state="missing", source="reported")
    state = "disputed" if any(row.state == ReadingState.DISPUTED for row in rows) else "ok"
    if len({row.period for row in rows}) < periods:
        state = "late"
    if not spec.sum:
        rows = [row for row in rows if row.period == rows[-1].period]
    source = f"readings {','.join(str(row.pk) for row in rows[:20])}"
    if rows[0].numerator is not None:
        hits, n = sum(row.numerator for row in rows), sum(row.denominator for row in rows)
        whole = hits == int(hits) and n == int(n)
        se = rate_se(int(hits), int(n)) if whole and 0 <= hits <= n else None
        return Cell.of(hits / n, n=int(n), se=se, target=spec.points.target, state=state, source=source)
    targets = [row.target for row in rows if row.target is not None]
    target = sum(targets) if targets else spec.points.target
    return Cell.of(sum(row.value for row in rows), target=target, state=state, source=source)


def _verdicts(sources: Sources, spec: MeasureSpec, period: Period, units: Sequence[Any]) -> dict[str, Cell]:
    counted = sources.verdicts(period, spec.of.get("channel", ""))
    sums = [[0, 0, 0] for _ in units]
    for pk, index in sources.holders(units).items():
        for column, number in enumerate(counted.get(pk, ())):
            sums[index][column] += number
    found = {}
    for unit, (n, bad, upheld) in zip(units, sums, strict=True):
        if spec.from_ == "ballots.upheld_bad":
            found[unit.key] = Cell.of(upheld, n=n, se=max(upheld, 1) ** 0.5, source="ballots")
            continue
        hits = {
            "ballots.bad_rate": bad,
            "ballots.upheld_bad_rate": upheld,
            "ballots.satisfied_rate": n - bad,
        }[spec.from_]
        found[unit.key] = (
            Cell.of(hits / n, n=n, se=rate_se(hits, n), target=spec.points.target, source="ballots")
            if n
            else Cell(n=0, state="few", source="ballots")
        )
    return found


def _cases(sources: Sources, spec: MeasureSpec, period: Period, units: Sequence[Any]) -> dict[str, Cell]:
    known = sources.cases(spec.of.get("kind"))
    start, end = (int(one.timestamp()) for one in period.bounds(sources.place.zone))
    by = grouped(sources.place, known, units, sources.holders(units))
    fact = FACTS[spec.from_](known, start, end, by)
    found: dict[str, Cell] = {}
    for number, unit in enumerate(units):
        value, se = float(fact.values[number]), float(fact.errors[number])
        n = int(fact.n[number]) if fact.n is not None else None  # a count itself rests on no sample
        if n == 0 or np.isnan(value):
            found[unit.key] = Cell(n=n, state="few", source="cases")
        else:
            found[unit.key] = Cell.of(
                round(value, 9),
                n=n,
                se=None if np.isnan(se) else round(se, 9),
                target=spec.points.target,
                source="cases",
            )
    return found


@dataclass(frozen=True)
class Asked:
    """A figure that a unit is to report for a period, with what it reported, if anything."""

    key: str
    name: Text
    unit: Text | None
    period: Period
    reading: Reading | None
    source: str


def asked(unit: Any, regime: Regime, day: Any) -> list[Asked]:
    """What a unit is to report for the periods that ended last before a day; each figure is asked once."""
    found = []
    for key, spec in regime.measures.items():
        if spec.from_ != "reported" or not _weighed(regime, key, unit):
            continue
        period = Period.containing(spec.every, day).previous()
        row = (
            Reading.objects.filter(unit=unit, measure=key, period=period.key, replaced_by__isnull=True)
            .order_by("-id")
            .first()
        )
        found.append(Asked(key, spec.name, spec.unit, period, row, spec.source))
    return found


def _weighed(regime: Regime, measure: str, unit: Any) -> bool:
    groups = {group for arena in regime.arenas.values() if measure in arena.weigh for group in arena.groups}
    return any(people.is_picked(unit, regime.groups[group].units) for group in groups)


def readings(unit: Any, periods: Sequence[str]) -> list[Reading]:
    """A unit's readings of some periods, corrections beside what they replaced."""
    return list(
        Reading.objects.filter(unit=unit, period__in=list(periods)).order_by("measure", "period", "id")
    )


def decimal(text: str) -> Decimal:
    """A number as people type it: 1,234.5 or 12%. Raises decimal.InvalidOperation."""
    clean = text.strip().replace(",", "").replace("，", "")
    return Decimal(clean[:-1]) / 100 if clean.endswith(("%", "％")) else Decimal(clean)
