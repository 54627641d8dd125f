"""What a rule-book costs the units by itself: figures asked, meetings, preparations, statements, inspections, contests.

A drive that asks, calls and visits without counting drowns in itself. Here a year of it is counted before it begins,
from the rule-book and the list of units alone, in minutes of each unit by month. What only the year can bring is not
guessed: answers in cases, asks beside the rule-book, meetings that events call where no table says how often.
How each line is counted, with a worked unit: docs/explanation/burden.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from leitai.rules.kernel import N_, Period, PeriodKind, Text
from leitai.rules.regime.calendars import calendar_of
from leitai.rules.regime.model import ArenaSpec, OccasionSpec, Pick, Regime
from leitai.rules.regime.units import Unit, picked

from .occasions import between

Cause = Literal["figure", "ask", "form", "meeting", "preparation", "statement", "inspection", "contest"]
CAUSES: Mapping[Cause, str] = {
    "figure": N_("figures of the rule-book"),
    "ask": N_("other asks"),
    "form": N_("answers in cases"),
    "meeting": N_("meetings"),
    "preparation": N_("preparations"),
    "statement": N_("statements"),
    "inspection": N_("inspections"),
    "contest": N_("nominations"),
}
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Line:
    """One thing the rule-book causes: how often in each month of the year, `minutes` of each of `units` each time.

    `minutes` is an expected value where a table decides whose it is: a statement of three among a hundred.
    """

    cause: Cause
    key: str
    name: Text
    units: tuple[str, ...]
    months: tuple[int, ...]
    minutes: float

    @property
    def times(self) -> int:
        """How often in the year."""
        return sum(self.months)


@dataclass(frozen=True)
class Caused:
    """A year of a rule-book. `uncounted` are occasions that events call so often as they happen."""

    year: int
    ceiling: int | None
    lines: tuple[Line, ...]
    uncounted: tuple[Text, ...]

    def months_of(self, unit: str) -> tuple[float, ...]:
        """A unit's minutes, January first."""
        own = [line for line in self.lines if unit in line.units]
        return tuple(sum(line.months[at] * line.minutes for line in own) for at in range(MONTHS))

    def by_unit(self) -> dict[str, tuple[float, ...]]:
        """Each unit's minutes by month; the most burdened first."""
        found: dict[str, list[float]] = {}
        for line in self.lines:
            for unit in line.units:
                own = found.setdefault(unit, [0.0] * MONTHS)
                for at, times in enumerate(line.months):
                    own[at] += times * line.minutes
        order = sorted(found.items(), key=lambda one: (-round(sum(one[1]), 6), one[0]))
        return {unit: tuple(own) for unit, own in order}

    def by_cause(self, units: Iterable[str]) -> dict[Cause, float]:
        """Minutes in the year by cause, of some units together."""
        wanted = set(units)
        found: dict[Cause, float] = {}
        for line in self.lines:
            many = len(wanted.intersection(line.units))
            found[line.cause] = found.get(line.cause, 0.0) + many * line.times * line.minutes
        return {cause: minutes for cause, minutes in found.items() if minutes}

    def above(self, unit: str) -> int:
        """In how many months a unit's minutes are above the ceiling."""
        return 0 if self.ceiling is None else sum(one > self.ceiling for one in self.months_of(unit))


def caused(regime: Regime, units: Mapping[str, Unit], year: int) -> Caused:
    """What a rule-book causes in a calendar year (1900 to 2200), for the units of a list."""
    uncounted: list[Text] = []
    lines = [*_figures(regime, units, year), *_inspections(regime, units, year)]
    for key, spec in regime.cadence.items():
        months = _held(regime, spec, year)
        if months is None:
            uncounted.append(spec.name)
        else:
            lines += _of_occasion(regime, units, key, spec, months)
    kept = tuple(line for line in lines if line.units and line.times)
    return Caused(year, regime.burden.ceiling, kept, tuple(uncounted))


def comers(regime: Regime, spec: OccasionSpec) -> tuple[Pick, ...]:
    """Whose units come to an occasion: those it names, else the groups of the arenas that it reads."""
    if spec.comes is not None:
        return (spec.comes,)
    groups = dict.fromkeys(group for key in spec.reads for group in regime.arenas[key].groups)
    return tuple(regime.groups[group].units for group in groups)


def asked_groups(regime: Regime, measure: str) -> tuple[str, ...]:
    """The groups that a reported measure is asked of: those of the arenas that weigh it."""
    found = (group for arena in regime.arenas.values() if measure in arena.weigh for group in arena.groups)
    return tuple(dict.fromkeys(found))


def begun(kind: PeriodKind, first: date, last: date) -> Iterator[Period]:
    """The periods that ended just before a day of [first, last]: a figure is asked for on the day after its period."""
    period = Period.containing(kind, first)
    if period.first < first:
        period = period.next()
    while period.first <= last:
        yield period.previous()
        period = period.next()


def _union(units: Mapping[str, Unit], picks: Iterable[Pick]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for pick in picks for key in picked(pick, units)))


def _by_month(days: Iterable[date]) -> tuple[int, ...]:
    months = [0] * MONTHS
    for day in days:
        months[day.month - 1] += 1
    return tuple(months)


def _asked(kind: PeriodKind, year: int) -> tuple[int, ...]:
    periods = begun(kind, date(year, 1, 1), date(year, 12, 31))
    return _by_month(period.next().first for period in periods)


def _figures(regime: Regime, units: Mapping[str, Unit], year: int) -> Iterator[Line]:
    for key, spec in regime.measures.items():
        groups = asked_groups(regime, key) if spec.from_ == "reported" else ()
        whose = _union(units, (regime.groups[group].units for group in groups))
        yield Line("figure", key, spec.name, whose, _asked(spec.every, year), regime.burden.ask)


def _inspections(regime: Regime, units: Mapping[str, Unit], year: int) -> Iterator[Line]:
    """Each round once, in the last month of its period; a unit is visited at most once a round."""
    for key, spec in regime.inspections.items():
        whose = _union(units, (group.area for group in spec.groups.values()))
        rounds = Period(date(year, 1, 1), "year").within(spec.every)
        yield Line(
            "inspection",
            key,
            spec.name,
            whose,
            _by_month(one.last for one in rounds if one.last.year == year),
            spec.minutes,
        )


def _held(regime: Regime, spec: OccasionSpec, year: int) -> tuple[int, ...] | None:
    """How often an occasion is held in each month; None for one that events call and no table says how often.

    One that is called and reads a table is counted once for each time that the table comes out.
    """
    zone = ZoneInfo(regime.place.timezone)
    if spec.every is not None:
        start, end = (datetime(one, 1, 1, tzinfo=zone).astimezone(UTC) for one in (year, year + 1))
        coming = between(spec, start, end, calendar_of(regime, spec.on), zone)
        return _by_month(one.at.astimezone(zone).date() for one in coming)
    if not spec.reads:
        return None
    return _asked(regime.arenas[spec.reads[0]].every, year)


def _of_occasion(
    regime: Regime, units: Mapping[str, Unit], key: str, spec: OccasionSpec, months: tuple[int, ...]
) -> Iterator[Line]:
    whose = _union(units, comers(regime, spec))
    yield Line("meeting", key, spec.name, whose, months, spec.minutes)
    for name, ready in spec.ready.items():
        of, share = whose, 1.0
        if ready.of in ("best", "worst"):
            share = _named(regime, spec, ready.of, len(whose))
        elif ready.of != "comers":
            one = (regime.place.office or "") if ready.of == "office" else ready.of
            of = (one,) if one in units else ()
        yield Line("preparation", f"{key}.{name}", ready.name, of, months, ready.minutes * share)
    if spec.speaking is not None and whose:
        many = min(spec.speaking.best + spec.speaking.worst, len(whose))
        yield Line("statement", key, spec.name, whose, months, regime.burden.form * many / len(whose))
    for called in spec.contests:
        contest = regime.contests[called]
        if "unit" in contest.nominates:
            who = _union(units, (contest.who or Pick(all=True),))
            yield Line("contest", called, contest.name, who, months, regime.burden.form)


def _named(regime: Regime, spec: OccasionSpec, end: str, many: int) -> float:
    """The share of those who come that a table's naming rule names at an end, at most."""
    arenas: Iterator[ArenaSpec] = (regime.arenas[key] for key in spec.reads)
    rule = next(((arena, found) for arena in arenas if (found := getattr(arena, end)) is not None), None)
    if rule is None or not many:
        return 0.0
    arena, naming = rule
    return float(min(naming.take * len(arena.groups) / many, 1.0))
