"""What is asked of units, by which rule, until when, and what came: each once, and nothing that the house can count.

The rule-book is the register of asks: a measure that is reported and that a table weighs asks the units of that table,
once a period. A figure that is held, whoever brought it, is not asked for again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any, Literal

from leitai.apps.people import queries as people
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import Period, Text
from leitai.rules.regime.model import MeasureSpec, Regime
from leitai.rules.worktime import due, parse_within

from ..models import Dispute, Evidence, Reading
from . import responsibility

AskState = Literal["missing", "late", "reported", "verified", "disputed"]


@dataclass(frozen=True)
class Asked:
    """A figure that a unit is to report for a period, with what it reported, if anything, and what a letter aims at."""

    key: str
    name: Text
    unit: Text | None
    period: Period
    reading: Reading | None
    source: str
    due: datetime | None = None
    target: Decimal | None = None
    letter: int | None = None


@dataclass(frozen=True)
class Ask:
    """The same as the office sees it: of which unit, and how it stands."""

    key: str
    spec: MeasureSpec
    unit: Any
    reading: Reading | None
    state: AskState


def due_at(regime: Regime, spec: MeasureSpec, period: Period, zone: tzinfo) -> datetime | None:
    """Until when a figure of a period may be reported without being late; None where the rule-book sets no limit."""
    if not spec.within or not spec.on:
        return None
    _start, end = period.bounds(zone)  # type: ignore[arg-type]
    return due(end, parse_within(spec.within), regimes.calendars(regime)[spec.on]).instant


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
        term = responsibility.standing(unit, key, period.key)
        found.append(
            Asked(
                key,
                spec.name,
                spec.unit,
                period,
                row,
                spec.source,
                due_at(regime, spec, period, unit.place.zone),
                term.target if term else None,
                term.letter_id if term else None,
            )
        )
    return found


def _groups(regime: Regime, measure: str) -> set[str]:
    return {group for arena in regime.arenas.values() if measure in arena.weigh for group in arena.groups}


def _weighed(regime: Regime, measure: str, unit: Any) -> bool:
    return any(people.is_picked(unit, regime.groups[group].units) for group in _groups(regime, measure))


def asked_units(place: Any, regime: Regime, every: str = "") -> dict[str, list[Any]]:
    """The units that each reported measure is asked of: those of the tables that weigh it. Only of a kind of period."""
    by_group: dict[str, list[Any]] = {}
    found = {}
    for key, spec in regime.measures.items():
        if spec.from_ != "reported" or every not in ("", spec.every):
            continue
        units: dict[int, Any] = {}
        for group in sorted(_groups(regime, key)):
            if group not in by_group:
                by_group[group] = people.picked(place, regime.groups[group].units)
            units |= {unit.pk: unit for unit in by_group[group]}
        found[key] = sorted(units.values(), key=lambda unit: unit.key)
    return found


def asks(place: Any, regime: Regime, period: Period, now: datetime) -> list[Ask]:
    """Every figure asked for a period with how it stands: missing, late, reported, verified or disputed."""
    found = []
    for key, units in asked_units(place, regime, period.kind).items():
        spec = regime.measures[key]
        limit = due_at(regime, spec, period, place.zone)
        rows = Reading.objects.filter(
            place=place, measure=key, period=period.key, replaced_by__isnull=True
        ).order_by("id")
        held = {row.unit_id: row for row in rows}
        late: AskState = "late" if limit is not None and now > limit else "missing"
        for unit in units:
            row = held.get(unit.pk)
            state: Any = late if row is None else row.state
            found.append(Ask(key, spec, unit, row, state))
    return found


@dataclass(frozen=True)
class Burden:
    """How many figures a unit is asked for, week by week; `total` over all of them."""

    unit: Any
    weeks: tuple[int, ...]

    @property
    def total(self) -> int:
        """All of the weeks together."""
        return sum(self.weeks)


def burden(place: Any, regime: Regime, weeks: Sequence[Period]) -> list[Burden]:
    """Asks per unit and ISO week, whoever is asked most first. A figure is asked for in the week after its period."""
    units: dict[int, Any] = {}
    counts: dict[int, list[int]] = {}
    for key, asked_of in asked_units(place, regime).items():
        times = [_begun(regime.measures[key], week) for week in weeks]
        for unit in asked_of:
            units[unit.pk] = unit
            own = counts.setdefault(unit.pk, [0] * len(weeks))
            for at, times_asked in enumerate(times):
                own[at] += times_asked
    found = [Burden(units[pk], tuple(own)) for pk, own in counts.items()]
    return sorted(found, key=lambda one: (-one.total, one.unit.key))


def _begun(spec: MeasureSpec, week: Period) -> int:
    """How many periods of a measure ended just before a day of the week."""
    days = (week.first + timedelta(days=n) for n in range(7))
    return sum(Period.containing(spec.every, day).first == day for day in days)


def evidence(readings: Iterable[Reading]) -> Mapping[int, list[Evidence]]:
    """Evidence by id of its reading, without its content."""
    found: dict[int, list[Evidence]] = {}
    rows = Evidence.objects.filter(reading__in=list(readings)).defer("content").order_by("id")
    for row in rows:
        found.setdefault(row.reading_id, []).append(row)
    return found


def piece(place: Any, number: int) -> Evidence | None:
    """A piece of evidence by its number."""
    rows = Evidence.objects.filter(reading__place=place, pk=number)
    return rows.select_related("reading__unit").first()


def disputes(readings: Iterable[Reading]) -> list[Dispute]:
    """Disputes about readings, the newest first."""
    return list(Dispute.objects.filter(reading__in=list(readings)).order_by("-at", "-id"))


def open_dispute(reading: Reading) -> Dispute | None:
    """The dispute about a reading that nobody has answered."""
    return Dispute.objects.filter(reading=reading, answered_at__isnull=True).first()


def dispute_of(place: Any, number: int) -> Dispute | None:
    """A dispute by its number."""
    rows = Dispute.objects.filter(reading__place=place, pk=number)
    return rows.select_related("reading__unit", "reading__place").first()


def reading(place: Any, number: int) -> Reading | None:
    """A reading by its number."""
    return Reading.objects.filter(place=place, pk=number).select_related("unit", "place").first()


def line(reading: Reading) -> list[Reading]:
    """A reading with all it replaced and all that replaced it, the first one first."""
    first = reading
    while first.replaces is not None:
        first = first.replaces
    found = [first]
    while (after := Reading.objects.filter(replaces=found[-1]).first()) is not None:
        found.append(after)
    return found
