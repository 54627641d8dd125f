"""Clocks on a case: started by a milestone, met by another, warned and breached at their own instants.

Three things make clocks worth trusting. The event of a breach bears the due instant, not the moment at
which a worker noticed it. The version of the calendar that fixed a due time stays with the clock, so that
a calendar edited afterwards makes no breach disappear. And an answer that is returned has not met its
clock: the time that was left runs on, so that a hollow answer in the last minute wins nothing.

A clock is on time when it is met at or before its due instant; it is breached from the first instant
after it. All instants are aware datetimes; those made here are UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from leitai.rules.flows import Flow
from leitai.rules.regime.model import CaseSpec, ClockSpec
from leitai.rules.worktime import Calendar

from .runs import GIVEN, NO_PINS, Clock, Pins, Rung, apart, counted_by, reopened, run_on, timed

Light = Literal["green", "yellow", "red"]
Facts = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Happening:
    """Something a clock did: `kind` is the event, `at` its true instant.

    A slip also has its number on the ladder (1 first), its colour, and to whom it goes.
    """

    kind: Literal["clock.warned", "clock.breached", "slip.issued"]
    key: str
    at: datetime
    rung: int = 0
    colour: str = ""
    to: str = ""


Told = tuple[tuple[Clock, ...], tuple[Happening, ...]]


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


def meet(clocks: Iterable[Clock], milestone: str, at: datetime, flow: Flow) -> Told:
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


def lay_down(clocks: Iterable[Clock], at: datetime) -> Told:
    """The clocks after a matter was set aside: what still ran is void, neither kept nor missed, and what befell it."""
    after: list[Clock] = []
    happened: list[Happening] = []
    for clock in clocks:
        if clock.running:
            clock, what = tick(clock, at)
            clock = replace(clock, void=at, void_why="set-aside")
            happened += what
        after.append(clock)
    return tuple(after), tuple(happened)


def rewind(
    clocks: Iterable[Clock],
    undone: str,
    at: datetime,
    flow: Flow,
    calendars: Mapping[str, Calendar],
    pins: Pins = NO_PINS,
) -> Told:
    """The clocks after a milestone was undone (a return, a hand-back), and what befell them until then.

    Clocks that ran from it are void. One that it had met on time is void too and followed by a fresh run
    with the time that was left; one that it had met late runs on, late, and of its ladder what is still to come
    comes as much later as the answer lay with others. `pins` are the calendars as they stood when runs were set by
    them; what was left is counted in those.
    """
    clocks, gone, why = tuple(clocks), flow.follows(undone), _why(flow, undone)
    after: list[Clock] = []
    happened: list[Happening] = []
    for clock in clocks:
        if clock.void is not None:
            after.append(clock)
        elif clock.since in gone:
            clock, what = tick(clock, at)
            happened += what
            after.append(replace(clock, void=at, void_why=why))
        elif clock.met is None or clock.until not in gone:
            after.append(clock)
        elif clock.breached is not None or clock.due is None:
            after.append(reopened(clock, at, calendars[clock.calendar]))
        else:
            void = replace(clock, void=at, void_why=why)
            begin, counted = apart(at, clock.key, clocks), counted_by(clock, calendars, pins)
            after += [void, run_on(void, begin, calendars[clock.calendar], counted)]
    return tuple(after), tuple(happened)


def next_instant(clock: Clock) -> datetime | None:
    """The instant after which `tick` has something new to say; None where it never will.

    The worker's indexed column: ask for clocks whose `next_instant` lies before now.
    """
    if not clock.running:
        return None
    ahead = [clock.warn if clock.warned is None else None, clock.due if clock.breached is None else None]
    ahead += [rung.at for rung in clock.rungs[clock.rung : clock.rung + 1]]
    return min((at for at in ahead if at is not None), default=None)


def tick(clock: Clock, now: datetime) -> tuple[Clock, tuple[Happening, ...]]:
    """The clock as of `now`, and what became of it since it was looked at last, in order, each told once.

    Everything is told strictly after its instant, and none of it once the clock was met or void.
    """
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
    for rung in clock.rungs[clock.rung :]:
        if now <= rung.at:
            break
        clock = replace(clock, rung=clock.rung + 1)
        happened.append(Happening("slip.issued", clock.key, rung.at, clock.rung, rung.colour, rung.to))
    return clock, tuple(sorted(happened, key=lambda one: one.at))


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
        rungs=tuple(Rung(at, slip.slip, slip.to, slip.at) for slip in spec.slips),
    )  # fmt: skip
    return timed(clock, calendar)


def _why(flow: Flow, undone: str) -> str:
    """What an undone milestone is called: a matter is handed back by who got it, or what was done is returned."""
    handed = any(move.undoes == undone and move.event == "case.handed_back" for move in flow.moves)
    return "handed-back" if handed else "returned"
