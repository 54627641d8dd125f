"""Pauses, more time and provisional years: what is left is kept to the second, and nothing undoes a breach."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leitai.rules.casework import (
    FLOWS,
    Clock,
    extend,
    lay_down,
    light,
    meet,
    next_instant,
    repin,
    resume,
    rewind,
    start_clocks,
    suspend,
    tick,
)
from leitai.rules.regime.model import CaseSpec
from leitai.rules.worktime import Calendar, between, office

ZONE = "Asia/Shanghai"
OFFICE = office("office", ZONE)
LONG = office("long", ZONE, ["08:00-18:00"])
CALENDARS = {"office": OFFICE, "long": LONG}
FLOW = FLOWS["question"]
SECOND = timedelta(seconds=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text + "+08:00")


def holds(condition: str, facts: Mapping[str, object]) -> bool:
    return bool(facts[condition])


def clock(
    within: str, start: datetime, on: str = "office", due: datetime | None = None, **more: object
) -> Clock:
    """A clock until the answer, as it starts."""
    spec = {
        "name": "x",
        "flow": "question",
        "clocks": {"one": {"until": "answered", "within": within, "on": on, **more}},
    }
    (found,) = start_clocks(CaseSpec.model_validate(spec), {}, "opened", start, CALENDARS, holds, due)
    return found


def only(clocks: tuple[Clock, ...]) -> Clock:
    (running,) = (one for one in clocks if one.running)
    return running


def test_a_pause_keeps_what_was_left_and_runs_it_on_from_its_end() -> None:
    first = clock("8 hours", at("2026-03-02T09:00"), warn="1 hour")  # due Tuesday 09:30
    (void, fresh), happened = suspend([first], at("2026-03-02T15:30"), at("2026-03-09T08:30"), CALENDARS)
    assert (void.void, void.void_why, void.due) == (at("2026-03-02T15:30"), "paused", at("2026-03-03T09:30"))
    # Three hours before noon and two after it are used; three are left.
    assert (fresh.within, fresh.started, fresh.due) == (
        "180 minutes",
        at("2026-03-09T08:30"),
        at("2026-03-09T11:30"),
    )
    assert (fresh.warn, fresh.warned, fresh.running) == (at("2026-03-09T10:30"), None, True)
    assert happened == ()
    assert light(fresh, at("2026-03-05T12:00")) == "green"
    assert tick(fresh, at("2026-03-08T12:00")) == (fresh, ())


def test_a_pause_one_second_before_the_due_instant_leaves_one_second() -> None:
    first = clock("4 hours", at("2026-03-11T17:00"), "long")
    assert first.due == at("2026-03-12T11:00")
    clocks, happened = suspend([first], first.due - SECOND, at("2026-03-16T08:00"), CALENDARS)
    fresh = only(clocks)
    assert (fresh.within, fresh.due, happened) == ("1 seconds", at("2026-03-16T08:00") + SECOND, ())
    assert tick(fresh, fresh.due) == (fresh, ())
    assert tick(fresh, fresh.due + SECOND)[0].breached == fresh.due


def test_what_is_late_runs_on_through_a_pause_and_is_given_no_more_time() -> None:
    late = clock("4 hours", at("2026-03-11T17:00"), "long")
    assert late.due is not None
    (same,), happened = suspend([late], late.due + SECOND, at("2026-03-16T08:00"), CALENDARS)
    assert (same.running, same.breached, same.void) == (True, late.due, None)
    assert [one.kind for one in happened] == ["clock.breached"]
    (same,), happened = extend([late], "one", late.due + SECOND, at("2026-03-30T17:30"), CALENDARS)
    assert (same.running, same.due, same.breached) == (True, late.due, late.due)
    assert [one.at for one in happened] == [late.due]


def test_a_pause_can_end_early_and_its_time_runs_from_then() -> None:
    first = clock("8 hours", at("2026-03-02T09:00"))
    paused, _ = suspend([first], at("2026-03-02T15:30"), at("2026-03-20T08:30"), CALENDARS)
    again, happened = resume(paused, at("2026-03-04T13:30"), CALENDARS)
    assert [one.void_why for one in again] == ["paused", "resumed", ""]
    assert (only(again).due, happened) == (at("2026-03-04T16:30"), ())
    assert resume(again, at("2026-03-05T09:00"), CALENDARS)[0] == again, "what runs already is left alone"
    assert resume(paused, at("2026-03-20T08:30"), CALENDARS)[0] == paused, (
        "at its end the pause is over by itself"
    )


def test_no_two_runs_of_a_limit_share_a_start() -> None:
    until = at("2026-03-20T08:30")
    clocks, _ = suspend([clock("8 hours", at("2026-03-02T09:00"))], at("2026-03-02T10:00"), until, CALENDARS)
    clocks, _ = resume(clocks, at("2026-03-03T09:00"), CALENDARS)
    clocks, _ = suspend(clocks, at("2026-03-03T10:00"), until, CALENDARS)
    clocks, _ = extend(clocks, "one", at("2026-03-04T10:00"), at("2026-03-25T10:00"), CALENDARS)
    assert len({one.started for one in clocks}) == len(clocks) == 5
    assert abs(only(clocks).started - until) < timedelta(milliseconds=1)


def test_of_days_and_of_a_due_time_that_was_said_the_same_length_is_left() -> None:
    start, until = at("2026-03-02T09:00"), at("2026-03-20T10:00")
    days, said = clock("5 days", start), clock("given", start, due=at("2026-03-10T09:00"))
    after = [only(suspend([one], at("2026-03-05T08:00"), until, CALENDARS)[0]) for one in (days, said)]
    assert [one.within for one in after] == ["given", "given"]
    assert [one.due for one in after] == [
        until + timedelta(days=2, hours=1),
        until + timedelta(days=5, hours=1),
    ]
    nothing = clock("given", start)
    assert suspend([nothing], at("2026-03-05T08:00"), until, CALENDARS)[0] == (nothing,)


def test_a_pause_ends_after_it_begins() -> None:
    with pytest.raises(ValueError, match="cannot end"):
        suspend([], at("2026-03-05T08:00"), at("2026-03-05T08:00"), CALENDARS)


def test_more_time_is_a_new_run_due_as_was_decided() -> None:
    first = clock("3 workdays", at("2026-03-02T09:00"), warn="1 workday")  # due Thursday
    clocks, happened = extend([first], "one", at("2026-03-04T10:00"), at("2026-03-10T12:00"), CALENDARS)
    fresh = only(clocks)
    assert clocks[0].void_why == "extended"
    assert (fresh.started, fresh.due) == (at("2026-03-04T10:00"), at("2026-03-10T12:00"))
    assert (fresh.warn, fresh.provisional, happened) == (at("2026-03-09T17:30"), False, ())
    # Returned later, what is left of it is counted as the limit counts: half a morning, not half a day.
    met, _ = meet(clocks, "answered", at("2026-03-10T10:00"), FLOW)
    assert only(rewind(met, "answered", at("2026-03-13T17:00"), FLOW, CALENDARS)[0]).due == at(
        "2026-03-16T10:00"
    )
    assert extend([first], "other", at("2026-03-04T10:00"), at("2026-03-10T12:00"), CALENDARS)[0] == (first,)
    with pytest.raises(ValueError, match="cannot be given"):
        extend([first], "one", at("2026-03-04T10:00"), at("2026-03-04T09:00"), CALENDARS)


def test_what_was_left_is_counted_by_the_calendar_of_then() -> None:
    """Wednesday becomes a holiday after the clock was set: it does not eat what was left, nor add to it."""
    first = clock("3 workdays", at("2026-03-02T09:00"))  # due Thursday the 5th
    edited = office("office", ZONE, holidays={date(2026, 3, 4): "临时放假"})
    pins = {("office", OFFICE.version): OFFICE}
    fresh = only(
        suspend([first], at("2026-03-03T17:30"), at("2026-03-09T08:30"), {"office": edited}, pins)[0]
    )
    assert (fresh.within, fresh.calendar_version) == ("900 minutes", edited.version)
    assert fresh.due == at("2026-03-10T17:30")


def test_a_provisional_due_time_is_settled_once_by_the_notice() -> None:
    then = {"office": OFFICE.as_known(date(2025, 11, 1))}  # before the notice for 2026
    spec = {"name": "x", "flow": "question", "clocks": {
        "one": {"until": "answered", "within": "3 workdays", "on": "office", "slips": [{"slip": "red", "to": "head"}]}
    }}  # fmt: skip
    (first,) = start_clocks(CaseSpec.model_validate(spec), {}, "opened", at("2025-12-30T09:00"), then, holds)
    assert (first.provisional, first.due) == (True, at("2026-01-02T17:30"))
    settled = repin(first, OFFICE)
    assert settled is not None
    # New Year's holiday is 1 to 3 January; Sunday the 4th is worked.
    assert (settled.due, settled.provisional) == (at("2026-01-05T17:30"), False)
    assert (settled.calendar_version, settled.rungs[0].at) == (OFFICE.version, settled.due)
    assert repin(settled, OFFICE) is None
    assert repin(first, OFFICE.as_known(date(2025, 11, 2))) is None, "still open"
    assert repin(tick(first, at("2026-01-03T09:00"))[0], OFFICE) is None, "what was told stands"
    assert repin(replace(first, met=first.started), OFFICE) is None


def test_why_a_run_ended() -> None:
    start = at("2026-03-02T09:00")
    (void,), _ = lay_down([clock("3 days", start)], start + SECOND)
    assert void.void_why == "set-aside"
    met, _ = meet([clock("3 days", start)], "answered", start + SECOND, FLOW)
    assert rewind(met, "answered", start + 2 * SECOND, FLOW, CALENDARS)[0][0].void_why == "returned"
    problem = FLOWS["problem"]
    spec = {"name": "x", "flow": "problem", "clocks": {
        "a": {"from": "dispatched", "until": "answered", "within": "3 days", "on": "office"},
        "b": {"until": "dispatched", "within": "3 days", "on": "office"},
    }}  # fmt: skip
    kind = CaseSpec.model_validate(spec)
    clocks = start_clocks(kind, {}, "opened", start, CALENDARS, holds)
    clocks, _ = meet(clocks, "dispatched", start + SECOND, problem)
    clocks += start_clocks(kind, {}, "dispatched", start + SECOND, CALENDARS, holds)
    back, _ = rewind(clocks, "dispatched", start + 2 * SECOND, problem, CALENDARS)
    assert [(one.key, one.void_why) for one in back] == [
        ("b", "handed-back"),
        ("b", ""),
        ("a", "handed-back"),
    ]
    assert only(back).due == start + timedelta(days=3, seconds=1)


moments = st.timedeltas(timedelta(), timedelta(days=300)).map(
    lambda after: datetime(2026, 1, 1, tzinfo=UTC) + after
)
spans = st.timedeltas(timedelta(seconds=1), timedelta(days=9))
withins = st.sampled_from(["10 minutes", "8 hours", "3 workdays", "48 hours", "5 days"])


@settings(max_examples=60, deadline=None)
@given(moments, withins, st.lists(st.tuples(spans, spans, st.booleans()), min_size=1, max_size=4))
def test_pausing_and_running_on_conserves_working_time(
    start: datetime, within: str, steps: list[tuple[timedelta, timedelta, bool]]
) -> None:
    """However often a case pauses, and whether each pause ends early or not, the time given is the time spent."""
    first = clock(within, start)
    assert first.due is not None
    clocks: tuple[Clock, ...] = (first,)
    now, spent, pauses = start, timedelta(), 0
    counts = _elapsed if within.endswith("days") and "work" not in within else _open
    for run, pause, early in steps:
        now += run
        before = only(clocks)
        if before.due is None or now > before.due:
            break
        spent += counts(before.started, now, OFFICE)
        clocks, _ = suspend(clocks, now, now + pause, CALENDARS)
        now += pause / 2 if early else pause
        if early:
            clocks, _ = resume(clocks, now, CALENDARS)
        pauses += 1
    last = only(clocks)
    assert last.due is not None
    given_time = counts(start, first.due, OFFICE)
    spent += counts(last.started, last.due, OFFICE)
    assert given_time <= spent <= given_time + pauses * SECOND
    assert len({one.started for one in clocks}) == len(clocks)
    assert [next_instant(one) for one in clocks if not one.running] == [None] * (len(clocks) - 1)


def _open(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    return between(start, end, calendar)


def _elapsed(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    return end - start


def test_a_case_that_is_paused_already_is_paused_no_longer_by_a_second_pause() -> None:
    clocks, _ = suspend(
        [clock("8 hours", at("2026-03-02T09:00"))], at("2026-03-02T10:00"), at("2026-03-06T08:30"), CALENDARS
    )
    assert suspend(clocks, at("2026-03-03T10:00"), at("2026-03-20T08:30"), CALENDARS) == (clocks, ())


def test_only_what_waits_for_the_end_of_a_pause_is_resumed() -> None:
    ahead = clock("8 hours", at("2026-03-06T09:00"))
    assert resume([ahead], at("2026-03-02T09:00"), CALENDARS) == ((ahead,), ())


def test_more_time_begins_a_ladder_of_its_own() -> None:
    ladder = [{"slip": "blue", "at": "warn", "to": "unit"}]
    first = clock("3 workdays", at("2026-03-02T09:00"), warn="1 workday", slips=ladder)
    clocks, happened = extend([first], "one", at("2026-03-05T10:00"), at("2026-03-10T12:00"), CALENDARS)
    assert [(one.kind, one.rung) for one in happened] == [("clock.warned", 0), ("slip.issued", 1)]
    assert ([one.rung for one in clocks], only(clocks).rungs[0].at) == ([1, 0], at("2026-03-09T17:30"))
