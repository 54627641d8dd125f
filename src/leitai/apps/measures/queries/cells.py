"""Reading measures: the cells of a table, from readings that are reported and facts that are computed.

A fact of a unit covers the units below it that the same table does not judge by themselves: a record counts once
in a table. Every cell says how many observations it rests on and, where it
is a rate or a median of records, its standard error; a reported figure is taken as exact, as reported.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
from django.db.models import QuerySet

from leitai.apps.ballots import queries as ballots
from leitai.apps.casework import queries as casework
from leitai.apps.people import queries as people
from leitai.rules.kernel import Period
from leitai.rules.regime.model import MeasureSpec, Regime
from leitai.rules.scoring import Cell, rate_se
from leitai.rules.scoring.spec import State

from .. import project_facts
from ..case_facts import FACTS, grouped
from ..models import Reading, ReadingState
from . import responsibility

Signed = Mapping[tuple[int, str], Decimal]  # targets of a measure by unit id and key of period


@dataclass
class Sources:
    """What is read once while a table, or several, are frozen: nothing outlives it."""

    place: Any
    arrays: dict[str | None, Any] = field(default_factory=dict)
    ballots: dict[tuple[Period, str], Any] = field(default_factory=dict)
    held_by: dict[tuple[int, ...], dict[int, int]] = field(default_factory=dict)
    ventures: dict[tuple[Period, str, tuple[tuple[str, str], ...]], Any] = field(default_factory=dict)

    def holders(self, units: Sequence[Any]) -> dict[int, int]:
        """Which of these units each unit's records count for."""
        key = tuple(unit.pk for unit in units)
        if key not in self.held_by:
            self.held_by[key] = people.holders(self.place, units)
        return self.held_by[key]

    def readings(self, measure: str, periods: Sequence[str]) -> list[Reading]:
        """The readings that stand: those no correction has replaced."""
        return current(self.place, measure, periods)

    @cached_property
    def altered(self) -> dict[int, frozenset[str]]:
        """Letters that are no longer what was signed."""
        return responsibility.altered(self.place)

    def targets(self, measure: str) -> Signed:
        """What letters in force state for a measure. Raises Refused where one about it was altered."""
        return responsibility.targets(self.place, measure, self.altered)

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

    def projects(self, spec: MeasureSpec, period: Period) -> Mapping[int, Any]:
        """What a measure counts of projects, by unit."""
        key = (period, spec.from_, tuple(sorted(spec.of.items())))
        if key not in self.ventures:
            self.ventures[key] = project_facts.counted(self.place, spec, period)
        return self.ventures[key]


def cells(
    sources: Sources, regime: Regime, measure: str, period: Period, units: Sequence[Any]
) -> Mapping[str, Cell]:
    """The cell of each unit, by unit key, for a measure of the rule-book over a period."""
    spec = regime.measures[measure]
    signed = sources.targets(measure) if spec.points.by == "target" else {}
    if spec.from_ in ("reported", "readings.rate"):
        found = _reported(sources, spec, measure, period, units, signed)
    elif spec.from_.startswith("ballots."):
        found = _verdicts(sources, spec, period, units)
    elif spec.from_ in project_facts.FACTS:
        known = sources.projects(spec, period)
        found = project_facts.cells(spec, known, sources.holders(units), list(units))
    else:
        found = _cases(sources, spec, period, units)
    if spec.share_of:
        found = _shares(regime, spec, period, found)
    return {unit.key: _aimed(found[unit.key], signed.get((unit.pk, period.key))) for unit in units}


def _aimed(cell: Cell, target: Decimal | None) -> Cell:
    """The cell with the target that a letter states for the whole period, where one does."""
    return cell if target is None or cell.value is None else replace(cell, target=target)


def _shares(regime: Regime, spec: MeasureSpec, period: Period, cells: Mapping[str, Cell]) -> dict[str, Cell]:
    """Each value as a share of the period's total; missing where the rule-book has no total of that period."""
    total = total_of(regime, spec, period)
    if total is None:
        return {key: Cell(state="missing", source=f"no total of {period.key}") for key in cells}
    return {
        key: cell
        if cell.value is None
        else Cell.of(
            round(cell.value / total, 9),
            target=cell.target,
            state=cell.state,
            source=f"{cell.source} / {total}",
        )
        for key, cell in cells.items()
    }


def total_of(regime: Regime, spec: MeasureSpec, period: Period) -> Decimal | None:
    """The total that a measure is a share of, of this period, or of all its parts together where it adds up."""
    known = {
        Period.parse(figure.period).key: figure.value
        for figure in (regime.figures[key] for key in spec.share_of)
        if figure.period
    }
    if period.key in known:
        return known[period.key]
    parts = [known.get(one.key) for one in period.within(spec.every)]
    if not parts or not spec.sum or any(one is None for one in parts):
        return None
    return sum((one for one in parts if one is not None), Decimal(0))


def current(place: Any, measure: str, periods: Sequence[str]) -> list[Reading]:
    """The readings that stand: those no correction has replaced."""
    rows = Reading.objects.filter(place=place, measure=measure, period__in=periods, replaced_by__isnull=True)
    return list(rows.order_by("period", "id"))


def standing(place: Any, measures: Sequence[str], period: str) -> QuerySet[Reading]:
    """The readings of a period that stand, by measure and unit, with their units."""
    rows = Reading.objects.filter(place=place, measure__in=measures, period=period, replaced_by__isnull=True)
    return rows.select_related("unit").order_by("measure", "unit__key", "id")


def _reported(
    sources: Sources, spec: MeasureSpec, measure: str, period: Period, units: Sequence[Any], signed: Signed
) -> dict[str, Cell]:
    periods = [one.key for one in period.within(spec.every)]
    found: dict[int, list[Reading]] = defaultdict(list)
    for row in sources.readings(measure, periods):
        found[row.unit_id].append(row)
    return {unit.key: _reading_cell(spec, found.get(unit.pk, []), len(periods), signed) for unit in units}


def _reading_cell(spec: MeasureSpec, rows: Sequence[Reading], periods: int, signed: Signed) -> Cell:
    if not rows:
        return Cell(state="missing", source="reported")
    state = _state(rows, periods)
    if not spec.sum:
        rows = [row for row in rows if row.period == rows[-1].period]
    source = f"readings {','.join(str(row.pk) for row in rows[:20])}"
    if rows[0].numerator is not None:
        hits, n = sum(row.numerator for row in rows), sum(row.denominator for row in rows)
        whole = hits == int(hits) and n == int(n)
        se = rate_se(int(hits), int(n)) if whole and 0 <= hits <= n else None
        return Cell.of(hits / n, n=int(n), se=se, target=spec.points.target, state=state, source=source)
    # Parts of a period may come as several readings, each with its part of the target; a letter states the whole.
    stated = [
        one for period in dict.fromkeys(row.period for row in rows) for one in _stated(rows, period, signed)
    ]
    target = sum(stated) if stated else spec.points.target
    return Cell.of(sum(row.value for row in rows), target=target, state=state, source=source)


def _state(rows: Sequence[Reading], periods: int) -> State:
    """Late where a part is not there yet; else disputed where one is; else late where one came after its day."""
    if len({row.period for row in rows}) < periods:
        return "late"
    if any(row.state == ReadingState.DISPUTED for row in rows):
        return "disputed"
    return "late" if any(row.late for row in rows) else "ok"


def _stated(rows: Sequence[Reading], period: str, signed: Signed) -> list[Decimal]:
    """The targets of a unit's readings of a period: the letter's, or else what the reports said."""
    own = [row for row in rows if row.period == period]
    letter = signed.get((own[0].unit_id, period))
    return [letter] if letter is not None else [row.target for row in own if row.target is not None]


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


def readings(unit: Any, periods: Sequence[str]) -> list[Reading]:
    """A unit's readings of some periods, corrections beside what they replaced."""
    return list(
        Reading.objects.filter(unit=unit, period__in=list(periods)).order_by("measure", "period", "id")
    )


def decimal(text: str) -> Decimal:
    """A number as people type it: 1,234.5 or 12%. Raises decimal.InvalidOperation."""
    clean = text.strip().replace(",", "").replace("，", "")
    return Decimal(clean[:-1]) / 100 if clean.endswith(("%", "％")) else Decimal(clean)
