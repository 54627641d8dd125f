"""A simulated year from end to end: the place is founded, its people live the year, and what came of it is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import translation

from leitai.apps.ledger import queries as ledger
from leitai.apps.occasions import actions as occasions
from leitai.rules.regime.parse import parse

from ..script import DemoError, read_script
from . import cases, counting, duties, figures, founding, meetings, merits, verdicts
from .chance import Chance
from .world import Reaction, World

TAIL = timedelta(days=45)  # for the year's last tables, and what is decided of them
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Asked:
    """Which year is played. `scale`: of cases and verdicts; `weeks`: only the first so many of it (0: all)."""

    folder: Path
    year: int
    seed: int
    scale: float = 1.0
    weeks: int = 0


@dataclass(frozen=True)
class Simulated:
    """What came of it. `head` is the ledger's last link, the same for the same year, seed and rule-book."""

    place: Any
    end: datetime
    counts: tuple[counting.Counted, ...]
    tallies: tuple[counting.Counted, ...]
    worst: tuple[counting.Named, ...]
    hours: tuple[float, float]
    events: int
    head: str
    whole: bool
    instants: int
    refused: Counter[str]
    logins: tuple[tuple[str, str, str], ...]

    @property
    def right(self) -> bool:
        """Whether every count is as the calendar says, and the ledger is whole."""
        return self.whole and all(one.right for one in (*self.counts, *self.tallies))


def simulate(
    asked: Asked, *, clock: datetime, tell: Tell, step: Callable[[datetime, datetime, datetime], None]
) -> Simulated:
    """Play a year. `tell` hears of each stage, `step` of each instant: (start, now, end).

    `clock` is what the clock on the wall says, from which the place's present is reckoned ever after. Raises DemoError
    for a place that brings no seeded year, or whose rule-book is not in force in it; and what `put_place` raises.
    """
    script = read_script(asked.folder / "demo.yaml")
    if script.seeded is None:
        raise DemoError(f"{asked.folder.name} brings no seeded year: there is nobody to play it")
    parsed = parse((asked.folder / "regime.yaml").read_text(encoding="utf-8-sig"))
    if parsed.regime is None:
        raise DemoError(f"{asked.folder / 'regime.yaml'}: {parsed.findings[0]}")
    first, last = date(asked.year, 1, 1), date(asked.year, 12, 31)
    if parsed.regime.regime.in_force > first:
        raise DemoError(
            f"the rule-book is in force from {parsed.regime.regime.in_force}, not in {asked.year}"
        )
    zone = ZoneInfo(parsed.regime.place.timezone)
    start, end = founding.ends(first, last, zone, TAIL)
    if asked.weeks:
        end = start + timedelta(weeks=asked.weeks)
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    tell("rule-book, units and people")
    place = founding.found(asked.folder, script, start, end, clock)
    with translation.override(place.language):
        world = World(place, script, Chance(asked.seed), first, last, end, asked.scale, _reactions(), start)
        return _played(world, tell, lambda now: step(start, now, end))


def _played(world: World, tell: Tell, step: Callable[[datetime], None]) -> Simulated:
    logins = founding.appoint(world)
    founding.name_officials(world)
    # The year's meetings are known on its first day, so that figures can be ready for them.
    occasions.plan(place=world.place, since=world.now, by="drive", now=world.now)
    tell("figures of the year")
    year, records = founding.makings(world)
    world.quality = lambda unit, day: year.of(unit, (day.year - world.first.year) * 12 + day.month - 1)
    due = figures.deadlines(world)
    figures.sign_letters(world, records)
    figures.plan(world, records, due)
    cases.plan(world)
    cast = verdicts.plan(world)
    duties.plan_asks(world)
    tell("the year")
    world.live(step)
    tell("counts")
    chain = ledger.chain(world.place)
    assert chain is not None  # the place itself is an event
    checked = ledger.verify(world.place)
    return Simulated(
        place=world.place,
        end=world.end,
        counts=tuple(counting.calendar_counts(world, due, cast)),
        tallies=tuple(counting.tallies(world)),
        worst=tuple(counting.named_worst(world, due)),
        hours=counting.hours(world),
        events=chain.size,
        head=chain.link,
        whole=not checked.findings,
        instants=world.instants,
        refused=world.refused,
        logins=tuple(logins),
    )


def _reactions() -> dict[str, tuple[Reaction, ...]]:
    """What people do when the ledger tells of something, of all that they know."""
    found: dict[str, tuple[Reaction, ...]] = {}
    for one in (cases, verdicts, meetings, merits, duties):
        for kind, more in one.REACTIONS.items():
            found[kind] = (*found.get(kind, ()), *more)
    return found
