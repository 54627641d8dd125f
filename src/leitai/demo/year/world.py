"""The clock of a simulated year and who lives by it: acts in order of time, the drive after each, people who read on.

The clock jumps from one instant at which something is due, for a person or for the drive, to the next. After each the
drive does what a worker would; then people read what the ledger tells anew, and each makes up their mind when to act.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from leitai.apps.ledger import queries as ledger
from leitai.apps.ledger.errors import Refused
from leitai.apps.ledger.models import Event
from leitai.apps.people import actions as people_actions
from leitai.apps.people import queries as people
from leitai.apps.regimes import queries as regimes
from leitai.drive.coming import next_due
from leitai.drive.contests import run_contests
from leitai.drive.daily import Daily
from leitai.drive.engine import BATCH, housekeeping, run
from leitai.drive.worker import daily_jobs
from leitai.rules.kernel import Text
from leitai.rules.worktime import Within, due

from ..script import Script
from .chance import Chance

Act = Callable[[datetime], object]
Reaction = Callable[["World", Event], None]
GRID = timedelta(minutes=30)
SHORT = timedelta(hours=3)  # what is to be done within it is done to the minute
_DAY = timedelta(days=1)
_PAGE = 500


@dataclass
class World:
    """A place, the people of it, and what is still to come. All instants are aware; `now` is the last one lived."""

    place: Any
    script: Script
    chance: Chance
    first: date
    last: date
    end: datetime
    scale: float
    reactions: Mapping[str, tuple[Reaction, ...]] = field(default_factory=dict)
    now: datetime = field(default=datetime.min.replace(tzinfo=UTC))
    read: int = 0
    instants: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    quality: Callable[[str, date], float] = lambda _unit, _day: 0.0
    worst: frozenset[str] = frozenset()
    empty: dict[tuple[str, str], str] = field(default_factory=dict)
    staff: dict[str, list[str]] = field(default_factory=dict)
    _acts: list[tuple[datetime, int, Act]] = field(default_factory=list)
    _count: int = 0
    _book: tuple[date, Any] | None = None
    _clerks: dict[str, str] = field(default_factory=dict)
    _daily: Daily = field(default_factory=lambda: Daily(daily_jobs()))

    # Time

    @property
    def regime(self) -> Any:
        """The rule-book of the present day."""
        day = self.local(self.now).date()
        if self._book is None or self._book[0] != day:
            self._book = (day, regimes.regime_on(self.place, day))
        return self._book[1]

    @property
    def office_hours(self) -> Any:
        """The calendar that the place's offices work by: the first of the rule-book."""
        return regimes.calendars(self.regime)[next(iter(self.regime.calendars))]

    def local(self, instant: datetime) -> datetime:
        """An instant as the clock on the place's wall shows it."""
        return instant.astimezone(self.place.zone)

    def wall(self, day: date, hour: int, minute: int = 0) -> datetime:
        """An hour of a day of the place, as an instant."""
        return datetime.combine(day, time(hour, minute), self.place.zone).astimezone(UTC)

    def working(self, day: date, step: int = 1) -> date:
        """The day, or the next workday after it; with -1 the last before it."""
        while not self.office_hours.day(day).working:
            day += step * _DAY
        return day

    def workdays(self, day: date, count: int) -> date:
        """So many workdays after a day, or before it."""
        step = 1 if count >= 0 else -1
        for _ in range(abs(count)):
            day = self.working(day + step * _DAY, step)
        return day

    def after(self, start: datetime, hours: float) -> datetime:
        """So many working hours after an instant, on the half-hour."""
        minutes = max(1, round(hours * 60))
        return self.in_hours(due(start, Within(minutes, "minutes"), self.office_hours).instant)

    def in_hours(self, instant: datetime, fine: bool = False) -> datetime:
        """The instant, or where the offices are closed then, soon after they open; on the half-hour unless `fine`."""
        zone, windows = self.place.zone, self.office_hours.day
        local = instant.astimezone(zone)
        minute = local.hour * 60 + local.minute
        if not windows(local.date()).working or minute >= 17 * 60 + 30:
            day = self.working(local.date() + _DAY)
            return self.wall(day, 8, 30 + (minute % 10 if fine else 0))
        if minute < 8 * 60 + 30:
            return self.wall(local.date(), 8, 30 + (minute % 10 if fine else 0))
        if fine:
            return instant
        rest = timedelta(minutes=local.minute % 30, seconds=local.second, microseconds=local.microsecond)
        return instant if not rest else instant + GRID - rest

    # Acts

    def at(self, instant: datetime, act: Act) -> None:
        """Have somebody do something at an instant; at the present one if that has passed."""
        self._count += 1
        heapq.heappush(self._acts, (max(instant, self.now), self._count, act))

    def live(self, tell: Callable[[datetime], None]) -> None:
        """From the present to the end. `tell` hears of each instant."""
        day = self.local(self.now).date()
        while True:
            coming = self._next(day)
            if coming is None or coming >= self.end:
                self._round(self.end)
                return
            self.now = coming
            self.instants += 1
            tell(coming)
            if self.local(coming).date() != day:
                day = self.local(coming).date()
                housekeeping(self.place, now=coming)
                self._daily.work(self.place, now=coming)
            while self._acts and self._acts[0][0] <= coming:
                self._do(heapq.heappop(self._acts)[2])
            self._round(coming)

    def _next(self, day: date) -> datetime | None:
        """The next instant at which anything is due: an act, the drive, or a day that begins."""
        found = [self.wall(day + _DAY, 0, 1)]
        if self._acts:
            found.append(self._acts[0][0])
        drive = next_due(self.place, self.now)
        if drive is not None:
            found.append(drive)
        return min(found)

    def _do(self, act: Act) -> None:
        try:
            act(self.now)
        except Refused as refused:
            # People are refused now and then; a house that refused a whole year of them would not go unseen.
            self.refused[refused.finding.code] += 1

    def _round(self, now: datetime) -> None:
        """What the worker does at an instant, and what people make of it, until neither has anything more to do."""
        self.now = now
        run_contests(self.place, now)
        while True:
            done = run(self.place, now=now)
            acted = False
            self._hear()
            while self._acts and self._acts[0][0] <= now:
                self._do(heapq.heappop(self._acts)[2])
                acted = True
            # What was only sealed and read, and led to nothing, leaves nothing for another round.
            if not acted and not (
                done.fired or done.clocks or done.occasions or done.merits or done.read >= BATCH
            ):
                return

    def _hear(self) -> None:
        """Read what the ledger tells anew."""
        while rows := list(ledger.after(self.place, self.read + 1, _PAGE)):
            for row in rows:
                for react in self.reactions.get(row.kind, ()):
                    react(self, row)
            self.read = rows[-1].seq or self.read

    # People

    def say(self, text: Text) -> str:
        """A text in the place's language."""
        return text.show(self.place.language)

    def one_of(self, role: str, *name: object) -> str:
        """Somebody of a role, as the ledger names them."""
        return f"account:{self.chance.one(self.staff[role], role, *name)}"

    def clerk(self, unit: Any) -> str:
        """The clerk of a unit, appointed when there is something to do for the first time."""
        if unit.key not in self._clerks:
            login = f"{unit.key}-{self.place.key}"
            if login not in people.accounts([login]):
                people_actions.appoint(
                    place=self.place, username=login, role="clerk", unit=unit, by="demo", now=self.now
                )
            self._clerks[unit.key] = login
        return f"account:{self._clerks[unit.key]}"

    def posted(self, unit: str, login: str) -> None:
        """Somebody who is the clerk of a unit already."""
        self._clerks[unit] = login
