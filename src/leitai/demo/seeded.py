"""A year of records made up from a seed, so that a rule-book can be seen at work before real records come.

Each unit has a quality that drifts from month to month; what it reports, how fast it works and what citizens
say of it follow from that with noise. What a report states of the place is pinned and comes out as stated.
The same seed gives the same records. All of it is marked as sample data on every page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from leitai.apps.ballots.actions import BallotRecord
from leitai.apps.casework.actions import CaseRecord
from leitai.apps.measures.actions import ReadingRecord
from leitai.apps.people import queries as people
from leitai.apps.regimes import queries as regimes
from leitai.apps.tables.inputs import members
from leitai.rules import ballots as ballot_rules
from leitai.rules.kernel import Period
from leitai.rules.regime.model import ClockSpec, MeasureSpec, Regime
from leitai.rules.worktime import due_many, parse_within

from .enterprises import by_turns
from .script import Ballots, Pin, Seeded

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass
class Year:
    """The makings of a seeded year: units with their quality by month, and the generator that all is drawn from."""

    place: Any
    regime: Regime
    seeded: Seeded
    now: datetime
    rng: np.random.Generator = field(init=False)
    quality: dict[str, Any] = field(default_factory=dict)
    shift: dict[tuple[str, str], float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng(self.seeded.seed)

    def of(self, unit: str, month: int) -> float:
        """A unit's quality in a month (0 to 23 from the first January), standard normal, drifting slowly."""
        if unit not in self.quality:
            own = np.random.default_rng([self.seeded.seed, *unit.encode()])
            steps = own.normal(0, 0.25, 24)
            self.quality[unit] = own.normal() * 0.9 + np.cumsum(steps)
        return float(self.quality[unit][month % 24])


def readings(year: Year) -> list[ReadingRecord]:
    """Every reported measure of every unit that an arena weighs it for, over the months asked."""
    if year.seeded.readings is None:
        return []
    first, last = Period.parse(year.seeded.readings.from_), Period.parse(year.seeded.readings.to)
    found = []
    for key, spec in year.regime.measures.items():
        units = _weighed(year, key)
        if spec.from_ != "reported" or not units:
            continue
        for period in _span(first, last, spec.every):
            for unit in units:
                found.append(_reading(year, key, spec, period, unit))
    for pin in year.seeded.pins:
        found = _pinned(year, pin, found)
    return found


def redo(year: Year, records: Sequence[ReadingRecord], unit_key: str, period: Period) -> list[ReadingRecord]:
    """The readings with those of one unit in a period made anew, after its quality was shifted; pinned ones stay."""
    unit = people.unit(year.place, unit_key)
    pinned = {pin.measure for pin in year.seeded.pins}
    return [
        _reading(year, one.measure, year.regime.measures[one.measure], Period.parse(one.period), unit)
        if unit
        and one.unit_id == unit.pk
        and one.measure not in pinned
        and Period.parse(one.period).first in period
        else one
        for one in records
    ]


def _weighed(year: Year, measure: str) -> list[Any]:
    """The units of all arenas that weigh a measure, or an arena that does."""
    arenas = {key for key, spec in year.regime.arenas.items() if measure in spec.weigh}
    while True:
        above = {key for key, spec in year.regime.arenas.items() if arenas & set(spec.weigh)} - arenas
        if not above:
            break
        arenas |= above
    rows = {
        unit.pk: unit
        for arena in sorted(arenas)
        for units in members(year.place, year.regime, arena).values()
        for unit in units
    }
    return sorted(rows.values(), key=lambda unit: unit.key)


def _span(first: Period, last: Period, kind: Any) -> list[Period]:
    found = [Period.containing(kind, first.first)]
    while found[-1].last < last.last:
        found.append(found[-1].next())
    return found


def _reading(year: Year, key: str, spec: MeasureSpec, period: Period, unit: Any) -> ReadingRecord:
    draw = np.random.default_rng([year.seeded.seed, *f"{key}/{period.key}/{unit.key}".encode()])
    level = (
        year.of(unit.key, period.first.month - 1)
        + year.shift.get((unit.key, period.key), 0.0)
        + draw.normal(0, 0.4)
    )
    share = float(np.clip(0.93 + 0.07 * level, 0.2, 1.4))
    value, target = _value(spec, level, share, draw)
    return ReadingRecord(
        source_id=f"{key}/{period.key}/{unit.key}",
        unit_id=unit.pk,
        measure=key,
        period=period.key,
        value=Decimal(str(round(value, 2))),
        target=None if target is None else Decimal(str(target)),
    )


def _value(spec: MeasureSpec, level: float, share: float, draw: Any) -> tuple[float, float | None]:
    """A value that such a level would be reported as, and the target it is held to."""
    points = spec.points
    if points.by == "target":
        if points.target is not None:
            return float(points.target) * share, None
        target = float(draw.integers(4, 20))
        return target * (share if spec.better == "more" else 2 - share), target
    if points.by == "bands":
        texts = [text for text in points.bands if text != "else"]
        limits = [float(_NUMBER.findall(text)[0]) / (100 if "%" in text else 1) for text in texts]
        place = int(np.clip((1.5 - level) / 3 * (len(limits) + 1), 0, len(limits)))
        if place == len(limits):
            return (limits[-1] + 1 if spec.better == "less" else max(limits[-1] - 1, 0)), None
        return (limits[place] - 1 if "<" in texts[place] else limits[place]), None
    if points.by == "given":
        return float(np.clip(85 + 6 * level, 40, 100)), None
    return max(0.0, 50 + 10 * level), None


def _pinned(year: Year, pin: Pin, found: list[ReadingRecord]) -> list[ReadingRecord]:
    """The readings with a value or a total of a report put in its place."""
    if pin.measure is None or pin.period is None:
        return found
    period = Period.parse(pin.period)

    def meant(one: ReadingRecord) -> bool:
        return one.measure == pin.measure and Period.parse(one.period).first in period

    if pin.value is not None:
        unit = people.unit(year.place, pin.unit or "")
        return [
            _with(one, pin.value) if meant(one) and unit and one.unit_id == unit.pk else one for one in found
        ]
    if pin.total is None:
        return found
    mine = [one for one in found if meant(one)]
    weights = np.array([float(one.value or 0) + 0.01 for one in mine])
    parts = year.rng.multinomial(pin.total, weights / weights.sum())
    values = {one.source_id: Decimal(int(part)) for one, part in zip(mine, parts, strict=True)}
    each = Decimal(str(round(pin.total / max(len(mine), 1), 3)))
    return [
        _with(one, values[one.source_id], target=each) if one.source_id in values else one for one in found
    ]


def _with(one: ReadingRecord, value: Decimal, target: Decimal | None = None) -> ReadingRecord:
    return ReadingRecord(
        one.source_id, one.unit_id, one.measure, one.period, value=value, target=target or one.target
    )


def answering(place: Any, regime: Regime) -> list[Any]:
    """The units that cases are given to: no counters and points, and not the one that dispatches them."""
    return [
        unit
        for unit in people.units(place)
        if unit.kind not in ("window", "hall", "point") and unit.key != regime.place.office
    ]


def cases(year: Year, first: Period, until: datetime) -> dict[str, list[CaseRecord]]:
    """Closed cases of each kind, opened evenly over the months and closed before `until`."""
    units = answering(year.place, year.regime)
    found = {}
    for kind, count in year.seeded.cases.items():
        pins = [pin for pin in year.seeded.pins if pin.cases == kind]
        found[kind] = _cases(year, kind, count, pins, units, first, until)
    return found


def _cases(
    year: Year,
    kind: str,
    count: int,
    pins: Sequence[Pin],
    units: Sequence[Any],
    first: Period,
    until: datetime,
) -> list[CaseRecord]:
    spec = year.regime.cases[kind]
    clock = max(spec.clocks.values(), key=_length, default=None)
    rng = np.random.default_rng([year.seeded.seed, *kind.encode()])
    start = int(first.bounds(year.place.zone)[0].timestamp())
    end = int(until.timestamp())
    weight = rng.lognormal(0, 1, len(units))
    chosen = list(rng.choice(len(units), count, p=weight / weight.sum()))
    opened = np.sort(rng.integers(start, max(end - 86400, start + 1), count))
    for pin in pins:
        _apply_pin(year, pin, units, chosen, opened, rng)
    due = opened + 7 * 86400
    if clock is not None and clock.within != "given":
        calendar = regimes.calendars(year.regime)[clock.on]
        due = due_many(opened, parse_within(clock.within), calendar)
    name = spec.name.show(year.place.language)
    firms = by_turns(year.place, year.seeded.enterprises, kind)
    records = []
    for n in range(count):
        unit = units[chosen[n]]
        month = datetime.fromtimestamp(int(opened[n]), UTC).month - 1
        late = rng.random() < 1 / (1 + np.exp(2.6 + 0.8 * year.of(unit.key, month)))
        span = max(int(due[n] - opened[n]), 60)
        took = span * (1 + rng.exponential(0.4)) if late else span * rng.beta(2, 2)
        closed = int(opened[n] + took)
        if closed >= end:
            continue
        records.append(
            CaseRecord(
                source_id=f"{kind}/{n + 1}",
                unit_id=unit.pk,
                title=f"{name} {n + 1}",
                opened=datetime.fromtimestamp(int(opened[n]), UTC),
                due=datetime.fromtimestamp(int(due[n]), UTC),
                closed=datetime.fromtimestamp(closed, UTC),
                enterprise_id=firms[n % len(firms)].pk if firms else None,
            )
        )
    return records


def _length(clock: ClockSpec) -> float:
    """A rough length of a clock, to find the longest of a kind."""
    if clock.within == "given":
        return 0
    within = parse_within(clock.within)
    return within.amount * {"minutes": 1, "workdays": 480, "days": 1440}[within.unit]


def _apply_pin(year: Year, pin: Pin, units: Sequence[Any], chosen: list[Any], opened: Any, rng: Any) -> None:
    """Give the first so many cases to the unit, and to the month, that a report names."""
    count = min(pin.count or 0, len(chosen))
    place = next((n for n, unit in enumerate(units) if unit.key == pin.unit), None)
    for n in range(count):
        if place is not None:
            chosen[n] = place
        if pin.opened is not None:
            start, end = Period.parse(pin.opened).bounds(year.place.zone)
            opened[n] = rng.integers(int(start.timestamp()), int(end.timestamp()))


def verdicts(year: Year, spec: Ballots) -> list[BallotRecord]:
    """Verdicts over the months: few units have many and many have few; the bad share falls as the report says."""
    rng = np.random.default_rng([year.seeded.seed, 7])
    units = [point.unit for point in _points(year.place)]
    months = _span(Period.parse(spec.from_), Period.parse(spec.to), "month")
    scale = ballot_rules.scale_of(year.regime.ballots.grades)
    good = [grade for grade in scale.grades if not grade.bad]
    bad = [grade for grade in scale.grades if grade.bad]
    pins = {pin.unit: pin for pin in spec.pins}
    free = [n for n, unit in enumerate(units) if unit.key not in pins]
    worst = _worst(rng, spec, free)
    usual = [n for n in free if n not in worst]
    weight = rng.lognormal(0, 1.3 if spec.heavy_tail else 0.2, len(usual))
    which = rng.choice(usual, spec.total, p=weight / weight.sum())
    month = rng.integers(0, len(months), spec.total)
    shares = np.geomspace(spec.bad_share.first_month, spec.bad_share.last_month, len(months))
    rows = [(int(which[n]), int(month[n]), bool(rng.random() < shares[month[n]])) for n in range(spec.total)]
    for n in sorted(worst):
        rows += [
            (n, int(rng.integers(0, len(months))), bool(rng.random() < spec.worst_bad_share))
            for _ in range(spec.worst_ballots)
        ]
    for n, unit in enumerate(units):
        if unit.key in pins:
            rows += _pinned_verdicts(pins[unit.key], n, months, rng)
    found = []
    for number, (n, at, is_bad) in enumerate(sorted(rows, key=lambda row: row[1])):
        start, end = months[at].bounds(year.place.zone)
        span = min(int(end.timestamp()), int(year.now.timestamp())) - int(start.timestamp())
        instant = start + timedelta(seconds=int(rng.integers(0, max(span, 1))))
        grade = (bad if is_bad else good)[int(rng.integers(0, len(bad if is_bad else good)))]
        aside = is_bad and units[n].key not in pins and rng.random() < 0.1
        found.append(
            BallotRecord(
                source_id=str(number + 1),
                unit_id=units[n].pk,
                grade=grade.key,
                cast_at=instant,
                channel="standing",
                standing="set_aside" if aside else "upheld" if is_bad else "counted",
                reason="样例：回访核实为误评" if aside else "",
            )
        )
    return found


def worst_points(seed: int, spec: Ballots, units: Sequence[Any]) -> frozenset[int]:
    """Which of the units with a point (by their place in the list) a seeded year makes clearly worse than the rest."""
    pins = {pin.unit for pin in spec.pins}
    free = [n for n, unit in enumerate(units) if unit.key not in pins]
    return _worst(np.random.default_rng([seed, 7]), spec, free)


def _worst(rng: np.random.Generator, spec: Ballots, free: Sequence[int]) -> frozenset[int]:
    """The first thing that the verdicts' generator is asked."""
    many = min(spec.worst, len(free))
    return frozenset(rng.choice(free, many, replace=False).tolist()) if many else frozenset()


def _points(place: Any) -> list[Any]:
    from leitai.apps.ballots import queries as ballots

    return ballots.points(place)


def _pinned_verdicts(pin: Any, n: int, months: Sequence[Period], rng: Any) -> list[tuple[int, int, bool]]:
    """A unit's verdicts as the report states them: so many, so many bad, within the months named."""
    first, last = pin.months.split("..")
    inside = [
        at
        for at, month in enumerate(months)
        if Period.parse(first).first <= month.first <= Period.parse(last).first
    ]
    rows = [(n, int(rng.choice(inside)), True) for _ in range(pin.bad)]
    return rows + [(n, int(rng.choice(inside)), False) for _ in range(pin.total - pin.bad)]
