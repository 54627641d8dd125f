"""Figures and tables of a simulated year: clerks report, the office checks, two people freeze and publish.

A table must be out before the meeting that reads it, so that meeting's eve is when figures must be in; what comes
later is late, and what was wrong is corrected after it was published, as happens.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from leitai.apps.ledger.errors import Refused
from leitai.apps.measures import actions as measures
from leitai.apps.measures import queries as held
from leitai.apps.measures.queries import Sources
from leitai.apps.occasions import queries as occasions
from leitai.apps.people import queries as people
from leitai.apps.tables import actions as tables
from leitai.apps.tables import queries as table_rows
from leitai.rules.kernel import PERIOD_KINDS, Period, Text

from ..months import in_order
from . import words
from .world import GRID, World

MISSING, WRONG, DISPUTED = 0.006, 0.002, 0.006
SOON = {
    "week": 2,
    "month": 6,
    "quarter": 8,
    "half": 8,
    "year": 10,
}  # workdays, where no meeting waits for the table
LETTERS = 6  # units that sign a letter of responsibility, at most
_DAY = timedelta(days=1)
_LETTER = Text(zh="{year}年度责任书（{unit}）", en="Letter of responsibility for {year} ({unit})")
_NOT_SO = Text(zh="与台账第{n}页不一致", en="It does not agree with page {n} of the register")


def deadlines(world: World) -> dict[tuple[str, str], date]:
    """The day on which each table of the year is published, by arena and period: the eve of a meeting that reads it."""
    regime = world.regime
    found: dict[tuple[str, str], date] = {}
    start, end = world.wall(world.first, 0), world.end + timedelta(days=40)
    meetings = [
        (world.local(row.at).date(), spec)
        for row in occasions.span(world.place, start, end)
        if (spec := occasions.spec_of(row)) is not None and spec.every is not None
    ]
    for period in _periods(world):
        for arena in in_order(regime, period):
            soon = world.workdays(period.last, SOON[period.kind])
            waits = [
                day
                for day, spec in meetings
                if arena in spec.reads
                and PERIOD_KINDS.index(spec.every) >= PERIOD_KINDS.index(period.kind)
                and period.last < day <= soon + 3 * _DAY
            ]
            day = world.working(min(waits) - _DAY, -1) if waits else soon
            if day <= period.last:
                day = world.working(period.last + _DAY)
            below = [
                found.get((one, part.key), day)
                for one in regime.arenas[arena].weigh
                if one in regime.arenas
                for part in period.within(regime.arenas[one].every)
            ]
            found[arena, period.key] = max([day, *below])
    return found


def _periods(world: World) -> list[Period]:
    """The periods that end in the year, smaller ones first where they end together."""
    found = []
    for kind in PERIOD_KINDS:
        one = Period.containing(kind, world.first)
        while one.last <= world.last:
            if one.first >= world.first:
                found.append(one)
            one = one.next()
    return sorted(found, key=lambda one: (one.last, PERIOD_KINDS.index(one.kind)))


def plan(world: World, records: list[Any], due: Mapping[tuple[str, str], date]) -> None:
    """Have the year's figures reported and its tables published, each on its day."""
    regime = world.regime
    units = {unit.pk: unit for unit in people.units(world.place)}
    for (arena, key), day in due.items():
        # What is made of other tables is frozen once those are out.
        at = world.wall(day, 15) + GRID * _depth(regime, arena)
        world.at(at, partial(_freeze, world, arena, Period.parse(key)))
    by_unit: dict[tuple[str, int], list[Any]] = {}
    for one in records:
        by_unit.setdefault((one.period, one.unit_id), []).append(one)
    for (key, unit), own in by_unit.items():
        period = Period.parse(key)
        days = [
            day
            for (arena, of), day in due.items()
            if of == key and any(one.measure in regime.arenas[arena].weigh for one in own)
        ]
        last = min(days, default=world.workdays(period.last, SOON[period.kind]))
        opens, ends = world.wall(world.working(period.last + _DAY), 8, 30), world.wall(last, 11)
        rng = world.chance.of("report", key, units[unit].key)
        at = world.in_hours(opens + max(ends - opens, timedelta(hours=1)) * rng.betavariate(2, 2))
        world.at(min(at, world.wall(last, 14)), partial(_report, world, units[unit], tuple(own), False))
    for seats in _weekly(world).values():
        for day in (world.first + n * _DAY for n in range((world.last - world.first).days)):
            if day.weekday() == 4 and world.chance.share("seen", day) < 0.5 * min(world.scale * 2, 1):
                world.at(world.in_hours(world.wall(day, 15)), partial(_seen, world, seats, day))


def _depth(regime: Any, arena: str) -> int:
    """How many tables stand below one, the longest way."""
    below = [one for one in regime.arenas[arena].weigh if one in regime.arenas]
    return 1 + max(_depth(regime, one) for one in below) if below else 0


def _weekly(world: World) -> dict[str, tuple[str, list[Any]]]:
    """Weekly figures that no table weighs: each with the units that come to the weekly meetings, who report them."""
    weighed = {key for arena in world.regime.arenas.values() for key in arena.weigh}
    comes = [
        one.comes for one in world.regime.cadence.values() if one.every == "week" and one.comes is not None
    ]
    return {
        key: (key, people.picked(world.place, comes[0]))
        for key, spec in world.regime.measures.items()
        if spec.every == "week" and spec.from_ == "reported" and key not in weighed and comes
    }


def _seen(world: World, what: tuple[str, list[Any]], day: date, now: datetime) -> None:
    """A weekly figure that is reported only when there is something to report."""
    measure, units = what
    unit = world.chance.one(units, "seen", measure, day)
    period = Period.containing("week", day)
    measures.report(
        unit=unit, measure=measure, period=period, value=Decimal(1), by=world.clerk(unit), now=now
    )


def _report(world: World, unit: Any, records: tuple[Any, ...], late: bool, now: datetime) -> None:
    """A unit's figures of a period; one in so many is forgotten, and comes after the table."""
    kept = []
    for one in records:
        name = (one.measure, one.period, unit.key)
        if not late and world.chance.share("missing", *name) < MISSING:
            world.at(world.after(now, 60), partial(_report, world, unit, (one,), True))
            continue
        period = Period.parse(one.period)
        term = held.standing_term(unit, one.measure, one.period)
        value = one.value
        if world.chance.share("wrong", *name) < WRONG and value:
            right = value
            value = value * 10
            world.at(world.after(now, 70), partial(_correct, world, unit, one.measure, one.period, right))
        kept.append(
            measures.report(
                unit=unit,
                measure=one.measure,
                period=period,
                value=value,
                target=None if term is not None else one.target,
                by=world.clerk(unit),
                now=now,
            )
        )
    if kept:
        at = world.after(now, 0.5 + 3 * world.chance.share("check", records[0].period, unit.key))
        # Before the office freezes a table on its eve, it has looked at what it got.
        world.at(min(at, max(now, world.wall(world.local(at).date(), 14, 30))), partial(_verify, world, kept))


def _verify(world: World, rows: list[Any], now: datetime) -> None:
    """The office checks figures against their evidence; some do not agree."""
    by = world.one_of("office", "verify", rows[0].pk)
    for row in rows:
        if world.chance.share("dispute", row.measure, row.period, row.unit.key) < DISPUTED:
            said = world.say(_NOT_SO).format(n=row.pk % 40 + 1)
            found = measures.dispute(reading=row, side="office", reason=said, by=by, now=now)
            world.at(world.after(now, 8), partial(_answer, world, found, row))
        else:
            measures.verify(reading=row, by=by, now=now)


def _answer(world: World, dispute: Any, row: Any, now: datetime) -> None:
    rng = world.chance.of("answer-dispute", row.measure, row.period, row.unit.key)
    measures.answer_dispute(
        dispute=dispute, upheld=False, answer=world.say(words.cause(rng)), by=world.clerk(row.unit), now=now
    )


def _correct(world: World, unit: Any, measure: str, period: str, right: Decimal, now: datetime) -> None:
    row = next((one for one in held.current(world.place, measure, [period]) if one.unit_id == unit.pk), None)
    if row is None:
        return
    why = world.say(words.cause(world.chance.of("correct", measure, period, unit.key)))
    measures.correct(reading=row, value=right, why=why, by=world.clerk(unit), now=now)


def _freeze(world: World, arena: str, period: Period, now: datetime) -> None:
    """The office freezes a table, a leader publishes it a quarter of an hour later."""
    if table_rows.edition(world.place, arena, period) is not None:
        return
    try:
        row = tables.freeze(
            place=world.place,
            arena=arena,
            period=period,
            sources=Sources(world.place),
            by=world.one_of("office", "freeze", period.key),
            now=now,
        )
    except Refused as refused:
        world.empty[arena, period.key] = refused.finding.code
        return
    by = world.one_of("leader", "publish", period.key)

    def publish(then: datetime) -> None:
        tables.publish(table=row, by=by, now=then)

    world.at(now + GRID / 2, publish)


def sign_letters(world: World, records: list[Any]) -> None:
    """Letters of responsibility at the year's beginning: the targets of a few units, signed by both sides."""
    drafts: dict[int, list[Any]] = {}
    targets = {
        key: spec
        for key, spec in world.regime.measures.items()
        if spec.points.by == "target" and spec.points.target is None and spec.from_ == "reported"
    }
    groups = [
        one for key, one in held.asked_units(world.place, world.regime).items() if key in targets and one
    ]
    if not groups:
        return
    units = min(groups, key=len)[:LETTERS]
    for one in records:
        if one.measure in targets and one.target is not None and one.target > 0:
            drafts.setdefault(one.unit_id, []).append(measures.TermDraft(one.measure, one.period, one.target))
    year = Period.containing("year", world.first)
    for n, unit in enumerate(units):
        at = world.in_hours(world.now + timedelta(days=1, hours=n))
        if unit.pk in drafts:
            world.at(at, partial(_letter, world, unit, year, drafts[unit.pk]))


def _letter(world: World, unit: Any, year: Period, terms: list[Any], now: datetime) -> None:
    title = world.say(_LETTER).format(year=year.key, unit=unit.name)
    office, other = (f"account:{one}" for one in world.staff["office"][:2])
    row = measures.draft_letter(
        unit=unit, period=year, title=title, document=title, terms=terms, by=office, now=now
    )

    def sign(side: str, by: str, then: datetime) -> None:
        measures.confirm_letter(letter=row, side=side, digest=row.digest, by=by, now=then)

    world.at(world.after(now, 4), partial(sign, "unit", world.clerk(unit)))
    world.at(world.after(now, 6), partial(sign, "office", other))
