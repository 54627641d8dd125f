"""The meter: what the drive took of each unit's time, from records that are kept anyway.

A figure counts on the day after its period, when it is asked for; an ask beside the rule-book on the day it was made;
an answer in a case, a preparation and a statement when they were given; a meeting on its day; a visit when it ended.
Minutes are those the rule-book states for each, and for visits those noted on the spot. docs/explanation/burden.md
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from leitai.apps.casework.queries.about import answers
from leitai.apps.inspections import queries as inspections
from leitai.apps.occasions import queries as occasions
from leitai.apps.occasions.queries import taken
from leitai.apps.people import queries as people
from leitai.apps.regimes import queries as regimes
from leitai.rules.cadence.burden import Cause, asked_groups, begun, comers
from leitai.rules.kernel import Period, Text
from leitai.rules.regime.model import Pick, Regime

from ..models import Ask, Excess, Reply

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Spent:
    """Time of each of some units (by id) on a day: for what, and what the ledger calls that ("ask:12")."""

    units: tuple[int, ...]
    day: date
    cause: Cause
    name: Text | str
    minutes: int
    subject: str


@dataclass(frozen=True)
class Meter:
    """A unit's minutes in each of some periods."""

    unit: Any
    minutes: tuple[int, ...]

    @property
    def total(self) -> int:
        """All of the periods together."""
        return sum(self.minutes)


@dataclass(frozen=True)
class UnitBurden:
    """What a unit's page tells: minutes of the present week and month, and the ceiling of a month, if there is one."""

    week: int
    month: int
    ceiling: int | None
    lines: tuple[Spent, ...]


def spent(
    place: Any, first: date, last: date, unit: Any | None = None, picks: Picks | None = None
) -> list[Spent]:
    """What was spent in whole days from `first` to `last`, in order of day; of one unit where it is given.

    `picks` of units that are at hand saves reading them.
    """
    found: list[Spent] = []
    shelf = regimes.shelf(place)
    days = [first + n * _DAY for n in range((last - first).days + 1)]
    picks = picks or Picks(place, unit=unit)
    for _version, own in groupby(days, key=lambda day: shelf.version(day).pk):
        span = list(own)
        regime = shelf.on(span[-1])
        found += _figures(regime, span[0], span[-1], picks)
        found += _asks(place, span[0], span[-1], unit)
        found += _on_the_spot(place, regime, span[0], span[-1], unit)
        found += _meetings(place, regime, span[0], span[-1], picks, unit)
    return sorted(found, key=lambda one: one.day)


def total_by_unit(rows: Iterable[Spent]) -> dict[int, int]:
    """Minutes by unit's id."""
    found: dict[int, int] = {}
    for one in rows:
        for unit in one.units:
            found[unit] = found.get(unit, 0) + one.minutes
    return found


def by_cause(rows: Iterable[Spent], unit: int) -> dict[Cause, int]:
    """A unit's minutes by cause, what took most first."""
    found: dict[Cause, int] = {}
    for one in rows:
        if unit in one.units:
            found[one.cause] = found.get(one.cause, 0) + one.minutes
    return dict(sorted(found.items(), key=lambda one: -one[1]))


def meter(place: Any, periods: Sequence[Period], until: date, units: Iterable[Any]) -> list[Meter]:
    """Minutes of units in periods that follow each other, up to a day; those that were asked most first."""
    return metered(place, periods, until, Picks(place, units))


def metered(place: Any, periods: Sequence[Period], until: date, picks: Picks) -> list[Meter]:
    """`meter` for units that are at hand."""
    known = {unit.pk: unit for unit in picks.units}
    counts = {pk: [0] * len(periods) for pk in known}
    last = min(periods[-1].last, until)
    for one in spent(place, periods[0].first, last, picks=picks):
        at = next(number for number, period in enumerate(periods) if one.day in period)
        for pk in one.units:
            if pk in counts:
                counts[pk][at] += one.minutes
    found = [Meter(known[pk], tuple(own)) for pk, own in counts.items()]
    return sorted(found, key=lambda one: (-one.total, one.unit.key))


def of_unit(unit: Any, now: datetime) -> UnitBurden | None:
    """What the present week and month took of a unit so far; None without a rule-book."""
    today = now.astimezone(unit.place.zone).date()
    week, month = Period.containing("week", today), Period.containing("month", today)
    try:
        ceiling = regimes.regime_on(unit.place, today).burden.ceiling
        rows = spent(unit.place, min(week.first, month.first), today, unit)
    except regimes.NoRegime:
        return None
    this_week = tuple(one for one in rows if one.day in week)
    minutes = sum(one.minutes for one in this_week)
    return UnitBurden(minutes, sum(one.minutes for one in rows if one.day in month), ceiling, this_week)


def excesses(place: Any, months: Sequence[Period]) -> list[Excess]:
    """The unit's months above the ceiling that were told of, the newest first."""
    rows = Excess.objects.filter(place=place, month__in=[one.key for one in months])
    return list(rows.select_related("unit").order_by("-month", "-minutes", "unit__key"))


class Picks:
    """The ids of the units that a rule-book's words mean, each asked for once: of all of a place, some, or one."""

    def __init__(self, place: Any, units: Iterable[Any] | None = None, *, unit: Any | None = None) -> None:
        self._place, self._unit = place, unit
        self._known: dict[str, tuple[int, ...]] = {}
        self._units = [unit] if unit is not None else None if units is None else list(units)

    @property
    def units(self) -> list[Any]:
        """The units in question, read once."""
        if self._units is None:
            self._units = list(people.units(self._place))
        return self._units

    def __call__(self, picks: Iterable[Pick]) -> tuple[int, ...]:
        return tuple(dict.fromkeys(pk for pick in picks for pk in self._ids(pick)))

    def _ids(self, pick: Pick) -> tuple[int, ...]:
        key = pick.model_dump_json()
        if key not in self._known:
            if self._unit is None:
                self._known[key] = tuple(row.pk for row in people.picked(self._place, pick, self.units))
            else:
                self._known[key] = (self._unit.pk,) if people.is_picked(self._unit, pick) else ()
        return self._known[key]


def _figures(regime: Regime, first: date, last: date, picks: Picks) -> Iterator[Spent]:
    for key, spec in regime.measures.items():
        periods = list(begun(spec.every, first, last)) if spec.from_ == "reported" else []
        if not periods:
            continue
        units = picks(regime.groups[group].units for group in asked_groups(regime, key))
        for period in periods if units else ():
            day = period.next().first
            yield Spent(units, day, "figure", spec.name, regime.burden.ask, f"measure:{key}@{period.key}")


def _asks(place: Any, first: date, last: date, unit: Any | None) -> Iterator[Spent]:
    """An ask that was withdrawn costs those who had replied."""
    start, end = _bounds(place, first, last)
    rows = Reply.objects.filter(ask__place=place, ask__asked_at__gte=start, ask__asked_at__lt=end)
    rows = rows.exclude(ask__withdrawn_at__isnull=False, at__isnull=True)
    rows = rows if unit is None else rows.filter(unit=unit)
    put: dict[int, list[int]] = {}
    # An ask is put to thousands of units: numbers, not rows.
    for number, whose in rows.order_by("ask", "unit").values_list("ask_id", "unit_id"):
        put.setdefault(number, []).append(whose)
    for number, ask in sorted(Ask.objects.in_bulk(put).items()):
        day = ask.asked_at.astimezone(place.zone).date()
        yield Spent(tuple(put[number]), day, "ask", ask.title, ask.minutes, f"ask:{number}")


def _on_the_spot(place: Any, regime: Regime, first: date, last: date, unit: Any | None) -> Iterator[Spent]:
    """Answers in cases, and visits."""
    start, end = _bounds(place, first, last)
    for whose, at, ref in answers(place, start, end, unit):
        day = at.astimezone(place.zone).date()
        yield Spent((whose,), day, "form", ref, regime.burden.form, f"case:{ref}")
    for one in inspections.taken(place, start, end, unit):
        day, minutes = one.ended_at.astimezone(place.zone).date(), one.minutes or 0
        yield Spent(
            (one.unit_id,),
            day,
            "inspection",
            inspections.name(one.round),
            minutes,
            f"inspection-visit:{one.pk}",
        )


def _meetings(
    place: Any, regime: Regime, first: date, last: date, picks: Picks, unit: Any | None
) -> Iterator[Spent]:
    """Meetings for those who come, what units prepared for them, and their statements."""
    start, end = _bounds(place, first, last)
    for row in taken.begun(place, start, end):
        spec = regime.cadence.get(row.key)
        units = picks(comers(regime, spec)) if spec is not None else ()
        if spec is not None and units:
            day = row.at.astimezone(place.zone).date()
            yield Spent(units, day, "meeting", spec.name, spec.minutes, f"occasion:{row.pk}")
    for done in taken.prepared(place, start, end, unit):
        spec = occasions.spec_of(done.occasion)
        ready = spec.ready.get(done.key) if spec is not None else None
        if ready is not None:
            day = done.done_at.astimezone(place.zone).date()
            yield Spent(
                (done.unit_id,), day, "preparation", ready.name, ready.minutes, f"occasion:{done.occasion_id}"
            )
    for said in taken.stated(place, start, end, unit):
        day = said.given_at.astimezone(place.zone).date()
        words = occasions.name(said.occasion)
        yield Spent(
            (said.unit_id,), day, "statement", words, regime.burden.form, f"occasion:{said.occasion_id}"
        )


def _bounds(place: Any, first: date, last: date) -> tuple[datetime, datetime]:
    """The instants [start, end) of whole days."""
    return (
        datetime(first.year, first.month, first.day, tzinfo=place.zone),
        datetime(last.year, last.month, last.day, tzinfo=place.zone) + _DAY,
    )
