"""Clocks on a case: started by a milestone, met by another, warned and breached at their own instants.

Three things make clocks worth trusting. The event of a breach bears the due instant, not the moment at
which a worker noticed it. The version of the calendar that fixed a due time stays with the clock, so that
a calendar edited afterwards makes no breach disappear. And an answer that is returned has not met its
clock: the time that was left runs on, so that a hollow answer in the last minute wins nothing.

A clock is on time when it is met at or before its due instant; it is breached from the first instant
after it. All instants are aware datetimes; those made here are UTC.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from leitai.rules.regime.model import CaseSpec, ClockSpec
from leitai.rules.worktime import Calendar, Within, between, due, parse_within

from .flows import FLOWS
from .machine import Flow

GIVEN = "given"
Light = Literal["green", "yellow", "red"]
Facts = Mapping[str, object]

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_MOST_MINUTES = 600_000


@dataclass(frozen=True, slots=True)
class Clock:
    """One run of one time limit on one case.

    It runs from milestone `since` until milestone `until`. `due` is None where the record brought none,
    `warn` where nobody is warned. `warned`, `met` and `breached` are when that happened; `void` is when
    an undone milestone took the run out of the count (a fresh run follows where time was left). `ahead`
    is how long before the due instant the holder is warned, as the rule-book writes it.
    """

    key: str
    since: str
    until: str
    within: str
    calendar: str
    started: datetime
    due: datetime | None
    warn: datetime | None = None
    warned: datetime | None = None
    met: datetime | None = None
    breached: datetime | None = None
    void: datetime | None = None
    ahead: str | None = None
    calendar_version: str = ""
    provisional: bool = False

    @property
    def running(self) -> bool:
        """Whether it still asks something of anybody."""
        return self.met is None and self.void is None


@dataclass(frozen=True, slots=True)
class Happening:
    """Something a clock did: `kind` is the event ("clock.warned", "clock.breached"), `at` its true
    instant."""

    kind: Literal["clock.warned", "clock.breached"]
    key: str
    at: datetime


def start_clocks(
    spec: CaseSpec,
    facts: Facts,
    milestone: str,
    at: datetime,
    calendars: Mapping[str, Calendar],
    holds: Callable[[str, Facts], bool],
    given_due: datetime | None = None,
) -> tuple[Clock, ...]:
    """The clocks of a case kind that start when a case passes a milestone, in the rule-book's order.

    `holds` answers whether a condition (CEL) is true of the facts. `given_due` is the record's own due
    time, for clocks that run `within: given`. Raises KeyError for a calendar that is not there.
    """
    return tuple(
        _start(key, clock, at, calendars[clock.on], given_due)
        for key, clock in spec.clocks.items()
        if clock.from_ == milestone and (clock.when is None or holds(clock.when, facts))
    )


def meet(
    clocks: Iterable[Clock], milestone: str, at: datetime, flow: Flow
) -> tuple[tuple[Clock, ...], tuple[Happening, ...]]:
    """The clocks after a case passes a milestone, and what befell them until then.

    A milestone meets the clocks of those before it too: an answer given at once is a reply, a closed case
    runs no more clocks. One met after its due instant is breached at the due instant.
    """
    passed = flow.fulfils(milestone)
    after: list[Clock] = []
    happened: list[Happening] = []
    for clock in clocks:
        if clock.running and clock.until in passed:
            clock, what = tick(clock, at)
            clock = replace(clock, met=at)
            happened += what
        after.append(clock)
    return tuple(after), tuple(happened)


def lay_down(clocks: Iterable[Clock], at: datetime) -> tuple[tuple[Clock, ...], tuple[Happening, ...]]:
    """The clocks after a matter was set aside: what still ran is void, neither kept nor missed, and what befell it."""
    after: list[Clock] = []
    happened: list[Happening] = []
    for clock in clocks:
        if clock.running:
            clock, what = tick(clock, at)
            clock = replace(clock, void=at)
            happened += what
        after.append(clock)
    return tuple(after), tuple(happened)


def rewind(
    clocks: Iterable[Clock], undone: str, at: datetime, flow: Flow, calendars: Mapping[str, Calendar]
) -> tuple[tuple[Clock, ...], tuple[Happening, ...]]:
    """The clocks after a milestone was undone (a return, a hand-back), and what befell them until then.

    Clocks that ran from it are void. One that it had met on time is void too and followed by a fresh run
    with the time that was left; one that it had met late runs on, late.
    """
    gone = flow.follows(undone)
    after: list[Clock] = []
    happened: list[Happening] = []
    for clock in clocks:
        if clock.void is not None:
            after.append(clock)
        elif clock.since in gone:
            clock, what = tick(clock, at)
            happened += what
            after.append(replace(clock, void=at))
        elif clock.met is None or clock.until not in gone:
            after.append(clock)
        elif clock.breached is not None or clock.due is None:
            after.append(replace(clock, met=None))
        else:
            after += [
                replace(clock, void=at),
                _run_on(clock, (clock.met, clock.due), at, calendars[clock.calendar]),
            ]
    return tuple(after), tuple(happened)


def next_instant(clock: Clock) -> datetime | None:
    """The instant after which `tick` has something new to say; None where it never will.

    The worker's indexed column: ask for clocks whose `next_instant` lies before now.
    """
    if not clock.running or clock.due is None or clock.breached is not None:
        return None
    return clock.due if clock.warn is None or clock.warned is not None else min(clock.warn, clock.due)


def tick(clock: Clock, now: datetime) -> tuple[Clock, tuple[Happening, ...]]:
    """The clock as of `now`, and what became of it since it was looked at last, in order, each told once."""
    if not clock.running:
        return clock, ()
    happened: list[Happening] = []
    warn, due_at = clock.warn, clock.due
    if warn is not None and clock.warned is None and now > warn:
        clock = replace(clock, warned=warn)
        happened.append(Happening("clock.warned", clock.key, warn))
    if due_at is not None and clock.breached is None and now > due_at:
        clock = replace(clock, breached=due_at)
        happened.append(Happening("clock.breached", clock.key, due_at))
    return clock, tuple(happened)


def light(clock: Clock, now: datetime) -> Light:
    """Red once it is late, met or not; yellow from the warning on; green otherwise."""
    until = clock.met or clock.void or now
    if clock.breached is not None or (clock.due is not None and until > clock.due):
        return "red"
    return "yellow" if clock.running and clock.warn is not None and now >= clock.warn else "green"


def judge(
    key: str, started: datetime, due_at: datetime | None, closed: datetime | None, now: datetime
) -> Clock:
    """The clock of an imported record that brings its own due time, as it stands at `now`."""
    clock = Clock(key, "opened", "closed", GIVEN, "", started, due_at)
    clock, _ = tick(clock, closed or now)
    return replace(clock, met=closed)


def _start(key: str, spec: ClockSpec, at: datetime, calendar: Calendar, given: datetime | None) -> Clock:
    clock = Clock(
        key, spec.from_, spec.until, spec.within, spec.on, at, given,
        ahead=spec.warn, calendar_version=calendar.version,
    )  # fmt: skip
    return _timed(clock, calendar)


def _timed(clock: Clock, calendar: Calendar) -> Clock:
    """The clock with its due and warning instants, for a clock whose start is set."""
    if clock.within != GIVEN:
        fixed = due(clock.started, parse_within(clock.within), calendar)
        clock = replace(clock, due=fixed.instant, provisional=fixed.provisional)
    if clock.due is None or clock.ahead is None:
        return clock
    warn = before(clock.due, parse_within(clock.ahead), calendar, clock.started)
    return replace(clock, warn=max(clock.started, warn))


def before(end: datetime, ahead: Within, calendar: Calendar, start: datetime) -> datetime:
    """The instant so long before `end`, counted in the calendar as the duration says; not before `start`.

    Working minutes are counted in whole minutes from the start, so a warning may come up to a minute early;
    "1 workday" is the end of the workday before.
    """
    if ahead.unit == "days":
        local = end.astimezone(calendar.zone) - ahead.amount * _DAY
        return max(start, local.astimezone(UTC))
    if ahead.unit == "minutes":
        left = (between(start, end, calendar) - ahead.amount * _MINUTE) // _MINUTE
        return due(start, Within(left, "minutes"), calendar).instant if left > 0 else start
    day, left = end.astimezone(calendar.zone).date(), ahead.amount
    while left and day > start.astimezone(calendar.zone).date():
        day -= _DAY
        left -= calendar.day(day).working
    windows = calendar.day(day).windows
    if left or not windows:
        return start
    midnight = datetime(day.year, day.month, day.day, tzinfo=calendar.zone)
    return max(start, (midnight + windows[-1][1] * _MINUTE).astimezone(UTC))


def _run_on(clock: Clock, unused: tuple[datetime, datetime], at: datetime, calendar: Calendar) -> Clock:
    """A fresh run of a clock with the time it had not used, counted as the clock counts, from `at`."""
    left = unused[1] - unused[0]
    fresh = replace(
        clock, started=at, due=None, warn=None, warned=None, met=None, calendar_version=calendar.version
    )
    if clock.within == GIVEN:
        return _timed(replace(fresh, due=at + left), calendar)
    if parse_within(clock.within).unit == "days":
        return _timed(replace(fresh, within=f"{max(1, math.ceil(left / _DAY))} days"), calendar)
    minutes = math.ceil(between(*unused, calendar) / _MINUTE)
    return _timed(replace(fresh, within=f"{min(max(1, minutes), _MOST_MINUTES)} minutes"), calendar)


def flow_of(spec: CaseSpec) -> Flow:
    """The flow that a kind of case goes through. Raises KeyError for one that is unknown (the check finds
    it)."""
    return FLOWS[spec.flow]
