"""Judging a case again from its own inputs: the starts of its runs, their limits, and the calendars of then.

A verdict that cannot be reached again by anybody is a claim. Nothing but what was given is used here: when each run
began and ended and why, what it was given, and the calendar as it stood under the version that the run names. The due
instants come out anew and are held against those that are stored; where they differ the verdict says so, and the
stored one is not replaced.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from leitai.rules.kernel import Text
from leitai.rules.worktime import Calendar, due, parse_within

from .runs import GIVEN, NO_PINS, Clock, Pins, counted_by, run_on, unused

Outcome = Literal["on-time", "late", "running", "void"]

OUTCOMES: Mapping[Outcome, Text] = {
    "on-time": Text(zh="按时", en="on time"),
    "late": Text(zh="超期", en="late"),
    "running": Text(zh="计时中", en="running"),
    "void": Text(zh="不计", en="not counted"),
}

_SAME = timedelta(milliseconds=1)
_DIFFERS = Text(
    zh="复算的到期时间为%s，与记录的不同", en="Counted again the due time is %s, not the one that is stored"
)
_NOT_LEFT = Text(
    zh="本段时限与前段剩余时间不符", en="This run was not given the time that the run before had left"
)
_FLAG = Text(zh="记录的超期标记与其时间不符", en="What is stored of its breach does not fit its instants")


@dataclass(frozen=True, slots=True)
class Replayed:
    """A run counted again: `before` is the run it followed, `due` what comes out, `faults` where that is another."""

    clock: Clock
    before: Clock | None
    calendar: Calendar
    due: datetime | None
    faults: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one limit of a case: as it is stored, and as it comes out again."""

    key: str
    outcome: Outcome
    replayed: Outcome
    faults: tuple[Text, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the replay gives what was stored, to the instant."""
        return self.outcome == self.replayed and not self.faults


def replay(
    clocks: Iterable[Clock], calendars: Mapping[str, Calendar], now: datetime, pins: Pins = NO_PINS
) -> tuple[Replayed, ...]:
    """Every run counted again, by limit in the order given. A limit's runs are given in the order they were made in.

    `calendars` are those of now by key, used where the calendar of then is not among `pins`; a stored due instant that
    they contradict is told, and stands. Raises KeyError for a calendar that is in neither.
    """
    runs = tuple(clocks)
    found: list[Replayed] = []
    for key in dict.fromkeys(run.key for run in runs):
        own = [run for run in runs if run.key == key]
        last: Clock | None = None
        for run in own:
            before = last if last is not None and _follows(last, run) else None
            calendar = counted_by(run, calendars, pins)
            again, faults = _again(run, before, own[0].within, calendar, calendars, pins)
            if again is not None and again != run.due:
                shown = str(again.astimezone(calendar.zone).replace(tzinfo=None, microsecond=0))
                faults = (*faults, Text(zh=_DIFFERS.zh % shown, en=_DIFFERS.en % shown))
            if run.due is not None and not _flag_fits(run, run.due, now):
                faults = (*faults, _FLAG)
            found.append(Replayed(run, before, calendar, again, faults))
            last = run
    return tuple(found)


def verdicts(
    clocks: Iterable[Clock], calendars: Mapping[str, Calendar], now: datetime, pins: Pins = NO_PINS
) -> tuple[Verdict, ...]:
    """The verdict on each limit of a case as of `now`, in order: stored, and replayed (see `replay`)."""
    return tuple(judged(replay(clocks, calendars, now, pins), now).values())


def judged(runs: Iterable[Replayed], now: datetime) -> dict[str, Verdict]:
    """The verdict on each limit from its replayed runs, by its key."""
    by_key: dict[str, list[Replayed]] = {}
    for run in runs:
        by_key.setdefault(run.clock.key, []).append(run)
    return {
        key: Verdict(
            key,
            _together(outcome(one.clock, one.clock.due, now) for one in own),
            _together(outcome(one.clock, one.due, now) for one in own),
            tuple(fault for one in own for fault in one.faults),
        )
        for key, own in by_key.items()
    }


def outcome(clock: Clock, due_at: datetime | None, now: datetime) -> Outcome:
    """What became of a run as of `now`, were it due at `due_at`. Met at that instant is on time."""
    if clock.void is not None:
        return "void"
    if due_at is not None and (clock.met or now) > due_at:
        return "late"
    return "running" if clock.met is None else "on-time"


def _together(found: Iterable[Outcome]) -> Outcome:
    every = set(found)
    order: tuple[Outcome, ...] = ("late", "running", "on-time")
    return next((one for one in order if one in every), "void")


def _follows(last: Clock, run: Clock) -> bool:
    """Whether a run was made of what the one before had left, not started afresh by a milestone."""
    if last.void_why == "extended":
        return True
    if last.void is None or not last.void_why or unused(last) is None or run.since != last.since:
        return False
    return last.void_why == "paused" or abs(run.started - last.void) < _SAME


def _again(
    run: Clock,
    before: Clock | None,
    first: str,
    calendar: Calendar,
    calendars: Mapping[str, Calendar],
    pins: Pins,
) -> tuple[datetime | None, tuple[Text, ...]]:
    """A run's due instant anew, and what is wrong with what it was given. `first` is the limit of the rule-book."""
    if before is not None and before.void_why == "extended":
        return run.due, ()
    left = run_on(before, run.started, calendar, counted_by(before, calendars, pins)) if before else None
    if run.within == GIVEN:
        return (left.due if left is not None else run.due), ()
    again = due(run.started, parse_within(run.within), calendar).instant
    # A limit that a milestone started afresh in the instant of a return has its whole time again, rightly.
    wrong = left is not None and run.within not in (left.within, first)
    return again, (_NOT_LEFT,) if wrong else ()


def _flag_fits(run: Clock, due_at: datetime, now: datetime) -> bool:
    """Whether a stored breach is one: at the due instant, and only where the run went on after it."""
    if run.breached is None:
        # A worker may not have looked yet at what still runs.
        return run.running or (run.met or run.void or now) <= due_at
    return run.breached == due_at and (run.met or run.void or now) > due_at
