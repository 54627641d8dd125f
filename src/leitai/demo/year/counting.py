"""What a simulated year should have brought, by the rule-book's calendar, beside what the ledger and the tables say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from leitai.apps.burden import queries as burden
from leitai.apps.inspections import queries as rounds
from leitai.apps.ledger import queries as ledger
from leitai.apps.occasions import queries as occasions
from leitai.apps.people import queries as people
from leitai.apps.regimes import queries as regimes
from leitai.apps.tables import queries as tables
from leitai.rules import cadence
from leitai.rules.kernel import Period

from .world import World

SLACK = timedelta(days=1)  # a meeting of the last day is minuted on it


@dataclass(frozen=True)
class Counted:
    """A kind of thing: how many there should be (None: no calendar says), and how many there are."""

    what: str
    expected: int | None
    counted: int

    @property
    def right(self) -> bool:
        """Whether it is as it should be."""
        return self.expected is None or self.expected == self.counted


@dataclass(frozen=True)
class Named:
    """A unit that a table names among its worst, and how sure that is: it is truly at one of these places."""

    unit: str
    arena: str
    period: str
    rank: int
    low: int
    high: int
    of: int
    seeded: bool


def calendar_counts(world: World, due: dict[tuple[str, str], Any], ballots: int) -> Iterator[Counted]:
    """What the calendar says, line by line."""
    place, start = world.place, world.wall(world.first, 0)
    until = min(world.end - SLACK, world.wall(world.last + timedelta(days=1), 0))
    regime = regimes.regime_on(place, world.last)
    calendars = regimes.calendars(regime)
    held = [row.key for row in occasions.span(place, start - SLACK, world.end) if row.state == "held"]
    in_year = [
        row.key for row in occasions.span(place, start, until) if row.state == "held" and not row.called
    ]
    for key, spec in regime.cadence.items():
        name = spec.name.show("en")
        if spec.every is not None:
            coming = cadence.between(spec, start, until, calendars[spec.on], place.zone)
            yield Counted(f"held: {name}", len(coming), in_year.count(key))
        else:
            calls = {rule.on: rule for rule in regime.rules if rule.do == f"call {key}"}
            called = ledger.told(place, "occasion.called").count() if calls else 0
            wanted = sum(
                world.end - SLACK > world.wall(day, 23) + timedelta(days=12)
                and not world.empty.get((arena, of))
                for (arena, of), day in due.items()
                if any(f'"{arena}"' in (rule.if_ or "") for rule in calls.values())
            )
            yield Counted(f"called: {name}", wanted, min(called, held.count(key)))
    yield from _tables(world, due, regime)
    opened = ledger.told(place, "inspection.opened").count()
    late = sum(row.closed_at is None for row in rounds.rounds(place))
    for key, one in regime.inspections.items():
        meetings = [spec for spec in regime.cadence.values() if spec.inspection == key and spec.every]
        wanted = sum(
            len(cadence.between(spec, start, until, calendars[spec.on], place.zone)) for spec in meetings
        )
        mine = [
            row for row in rounds.rounds(place) if row.key == key and row.closed_at and row.opened_at < until
        ]
        yield Counted(f"inspected: {one.name.show('en')}", min(wanted, opened) if late else wanted, len(mine))
    yield Counted("verdicts cast", ballots, _sum(place, "ballots.cast", "count"))


def _tables(world: World, due: dict[tuple[str, str], Any], regime: Any) -> Iterator[Counted]:
    """Tables by arena; a month in which nobody gave a verdict has nothing to be judged by verdicts alone."""
    for arena, spec in regime.arenas.items():
        wanted = [
            key
            for (one, key), day in due.items()
            if one == arena and world.wall(day, 18) < world.end and not _silent(world, regime, arena, key)
        ]
        there = [
            key
            for (one, key) in due
            if one == arena and tables.published(world.place, arena, Period.parse(key)) is not None
        ]
        yield Counted(f"tables: {spec.name.show('en')}", len(wanted), len(there))
        sizes = [regime.groups[one].expect for one in spec.groups]
        if there and all(sizes):
            last = tables.published(world.place, arena, Period.parse(there[-1]))
            yield Counted(f"units in it, in {len(sizes)} groups", sum(sizes), tables.standings(last).count())


def _silent(world: World, regime: Any, arena: str, key: str) -> bool:
    """Whether a table rests on verdicts and cases alone and was refused for having nothing to judge by."""
    below = list(regime.arenas[arena].weigh)
    while any(one in regime.arenas for one in below):
        below = [
            more for one in below for more in (regime.arenas[one].weigh if one in regime.arenas else (one,))
        ]
    reported = any(regime.measures[one].from_ == "reported" for one in below)
    return not reported and world.empty.get((arena, key)) == "nothing-to-judge"


def _sum(place: Any, kind: str, field: str) -> int:
    return sum(ledger.data(event)[field] for event in ledger.told(place, kind).iterator())


KINDS = (
    "reading.reported", "reading.corrected", "reading.disputed", "case.opened", "case.closed", "clock.breached",
    "slip.issued", "case.relapsed", "case.rechecked", "ballot.bad", "ballot.upheld", "ballot.set_aside",
    "preparation.done", "preparation.missed", "statement.asked", "statement.given", "commitment.made",
    "commitment.tested", "peers.worked_out", "inspection.visited", "inspection.found", "contest.closed",
    "contest.elected", "merit.proposed", "merit.replied", "merit.decided", "merit.appealed", "merit.settled",
    "merit.expired", "bulletin.drawn", "bulletin.issued", "bulletin.corrected", "table.corrected", "letter.signed",
    "ask.made", "burden.exceeded", "rule.failed",
)  # fmt: skip


def tallies(world: World) -> list[Counted]:
    """How often each thing happened of which no calendar says how often it should; a rule that failed should not."""
    found = []
    for kind in KINDS:
        count = ledger.told(world.place, kind).count()
        found.append(Counted(kind, 0 if kind == "rule.failed" else None, count))
    return found


def named_worst(world: World, due: dict[tuple[str, str], Any]) -> list[Named]:
    """Whom the tables of whole years name among the worst, else those of the longest period that name anyone."""
    found: list[Named] = []
    for arena, key in due:
        period = Period.parse(key)
        table = tables.published(world.place, arena, period)
        if table is None or period.kind not in ("year", "quarter"):
            continue
        for line in tables.standings(table).filter(named_worst=True):
            found.append(
                Named(
                    line.unit.key,
                    arena,
                    key,
                    line.rank,
                    line.rank_low or line.rank,
                    line.rank_high or line.rank,
                    line.of,
                    line.unit.key in world.worst,
                )
            )
    years = [one for one in found if "-" not in one.period]
    return years or found


def hours(world: World) -> tuple[float, float]:
    """(hours of a middling unit in the year, of those asked for anything, and of the most burdened), by the meter."""
    year = Period.containing("year", world.first)
    now: datetime = world.end
    last = min(world.last, world.local(now).date())
    meters = burden.meter(world.place, [year], last, people.units(world.place))
    totals = sorted(one.total for one in meters if one.total)
    if not totals:
        return 0.0, 0.0
    return totals[len(totals) // 2] / 60, totals[-1] / 60
