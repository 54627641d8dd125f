"""What two sides of a case agree about its clocks: that they stand still, run on, or have more time.

A help-desk's clock that one side can park in "pending" measures nothing. Here a pause begins at the other side's
counter-signature and has an end; what was left of each limit is kept to the second and runs on from there. A limit
that is late already is not paused and not extended: nothing agreed afterwards undoes a breach.

Each of these ends runs and begins others; none changes a run. All instants are aware.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from leitai.rules.worktime import Calendar

from .clocks import Happening, Told, tick
from .runs import GIVEN, NO_PINS, Clock, Pins, apart, counted_by, hung, run_on, timed

# Starts nearer to each other than this are the same instant, kept apart only by their keys (see `apart`).
_SAME = timedelta(milliseconds=1)


def suspend(
    clocks: Iterable[Clock],
    at: datetime,
    until: datetime,
    calendars: Mapping[str, Calendar],
    pins: Pins = NO_PINS,
) -> Told:
    """The clocks of a case that pauses at `at` until `until`, and what befell them until then.

    Every limit that runs and is not late is void and followed by a run that begins at `until` with the time that was
    left; one without a due time, or one that waits for the end of a pause already, stays as it is. Raises ValueError
    for a pause that ends before it begins.
    """
    if until <= at:
        raise ValueError(f"a pause from {at} cannot end at {until}")
    clocks = tuple(clocks)
    after: list[Clock] = []
    happened: list[Happening] = []
    for clock in clocks:
        if not clock.running or clock.started > at:
            after.append(clock)
            continue
        clock, what = tick(clock, at)
        happened += what
        if clock.breached is not None or clock.due is None:
            after.append(clock)
            continue
        void = replace(clock, void=at, void_why="paused")
        after += [void, _follow(void, until, clocks, calendars, pins)]
    return tuple(after), tuple(happened)


def resume(
    clocks: Iterable[Clock], at: datetime, calendars: Mapping[str, Calendar], pins: Pins = NO_PINS
) -> Told:
    """The clocks of a case whose pause ends at `at`, before its time: runs that wait for its end begin now.

    At the end of the pause itself nothing is left to do: the runs have begun.
    """
    clocks = tuple(clocks)
    paused = {clock.key for clock in clocks if clock.void_why == "paused"}
    after: list[Clock] = []
    for clock in clocks:
        if clock.running and clock.key in paused and clock.started - at > _SAME:
            void = replace(clock, void=at, void_why="resumed")
            after += [void, _follow(void, at, clocks, calendars, pins)]
        else:
            after.append(clock)
    return tuple(after), ()


def extend(
    clocks: Iterable[Clock], key: str, at: datetime, due: datetime, calendars: Mapping[str, Calendar]
) -> Told:
    """The clocks of a case after limit `key` was given until `due` by a decision at `at`, and what befell it.

    The run is void and followed by one due at `due`, from `at` or, in a pause, from its end. A run that is late, or has
    no due time, stays as it is. Raises ValueError for a due time that does not lie after that start.
    """
    clocks = tuple(clocks)
    after: list[Clock] = []
    happened: list[Happening] = []
    for clock in clocks:
        if clock.key != key or not clock.running:
            after.append(clock)
            continue
        clock, what = tick(clock, at)
        happened += what
        if clock.breached is not None or clock.due is None:
            after.append(clock)
            continue
        begin, calendar = apart(max(at, clock.started), key, clocks), calendars[clock.calendar]
        if due <= begin:
            raise ValueError(f"clock {key} cannot be given until {due}: it runs from {begin}")
        fresh = replace(
            clock, started=begin, due=due, warn=None, warned=None, rung=0, provisional=False,
            calendar_version=calendar.version,
        )  # fmt: skip
        after += [replace(clock, void=at, void_why="extended"), hung(fresh, calendar)]
    return tuple(after), tuple(happened)


def repin(clock: Clock, calendar: Calendar) -> Clock | None:
    """A provisional run reckoned again from its start, now that its calendar settles its due time.

    None where there is nothing to settle: it is firm, over, or late already; or the calendar still leaves it open.
    What was told stays told.
    """
    if not clock.running or not clock.provisional or clock.breached is not None or clock.within == GIVEN:
        return None
    settled = timed(replace(clock, calendar_version=calendar.version), calendar)
    return None if settled.provisional else settled


def _follow(
    void: Clock,
    at: datetime,
    clocks: tuple[Clock, ...],
    calendars: Mapping[str, Calendar],
    pins: Pins,
) -> Clock:
    """The run that follows a void one of these from `at`."""
    begin, counted = apart(at, void.key, clocks), counted_by(void, calendars, pins)
    return run_on(void, begin, calendars[void.calendar], counted)
