"""The ladder of slips: each rung at its own instant, once, whatever the instants at which somebody looks."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leitai.rules.casework import (
    FLOWS,
    Clock,
    Happening,
    meet,
    next_instant,
    rewind,
    start_clocks,
    suspend,
    tick,
)
from leitai.rules.regime.model import CaseSpec
from leitai.rules.worktime import office

OFFICE = office("office", "Asia/Shanghai")
CALENDARS = {"office": OFFICE}
FLOW = FLOWS["question"]
LADDER = [
    {"slip": "blue", "at": "warn", "to": "unit"},
    {"slip": "yellow", "at": "due", "to": "head"},
    {"slip": "orange", "at": "4 hours", "to": "leader"},
    {"slip": "red", "at": "2 workdays", "to": "office"},
]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text + "+08:00")


def holds(condition: str, facts: Mapping[str, object]) -> bool:
    return bool(facts[condition])


def mend(start: datetime, ladder: list[dict[str, str]] = LADDER, warn: str | None = "1 hour") -> Clock:
    one = {"until": "answered", "within": "8 hours", "on": "office", "warn": warn, "slips": ladder}
    spec = CaseSpec.model_validate({"name": "x", "flow": "question", "clocks": {"mend": one}})
    (found,) = start_clocks(spec, {}, "opened", start, CALENDARS, holds)
    return found


def told(happened: tuple[Happening, ...]) -> list[tuple[str, str, datetime]]:
    return [(one.kind.split(".")[1], one.colour, one.at) for one in happened]


# Opened on Monday at nine: warned at the end of the day, due on Tuesday at 09:30.
STORY = [
    ("warned", "", at("2026-03-02T17:30")),
    ("issued", "blue", at("2026-03-02T17:30")),
    ("breached", "", at("2026-03-03T09:30")),
    ("issued", "yellow", at("2026-03-03T09:30")),
    ("issued", "orange", at("2026-03-03T15:00")),
    ("issued", "red", at("2026-03-05T17:30")),
]


def test_the_rungs_stand_at_their_instants_on_the_clocks_own_calendar() -> None:
    clock = mend(at("2026-03-02T09:00"))
    assert [(rung.colour, rung.at, rung.to) for rung in clock.rungs] == [
        (colour, when, to) for (_, colour, when), to in zip(
            (one for one in STORY if one[1]), ("unit", "head", "leader", "office"), strict=True
        )
    ]  # fmt: skip


def test_a_worker_who_comes_late_tells_all_of_it_in_order() -> None:
    clock, happened = tick(mend(at("2026-03-02T09:00")), at("2026-04-01T09:00"))
    assert told(happened) == STORY
    assert [one.rung for one in happened if one.rung] == [1, 2, 3, 4]
    assert (clock.rung, next_instant(clock)) == (4, None)
    assert tick(clock, at("2026-05-01T09:00")) == (clock, ())


def test_the_next_instant_is_the_first_that_was_not_told() -> None:
    clock, seen = mend(at("2026-03-02T09:00")), []
    while (coming := next_instant(clock)) is not None:
        assert tick(clock, coming) == (clock, ()), "an instant has passed only after it"
        clock, happened = tick(clock, coming + timedelta(microseconds=1))
        seen += told(happened)
    assert seen == STORY


def test_nothing_is_sent_once_it_is_answered_and_what_was_due_before_is_told() -> None:
    (met,), happened = meet([mend(at("2026-03-02T09:00"))], "answered", at("2026-03-03T16:00"), FLOW)
    assert told(happened) == STORY[:5]
    assert tick(met, at("2026-04-01T09:00")) == (met, ())
    assert next_instant(met) is None


def test_an_answer_that_is_returned_late_puts_the_rest_of_the_ladder_off_by_the_time_it_lay_with_others() -> (
    None
):
    met, _ = meet([mend(at("2026-03-02T09:00"))], "answered", at("2026-03-03T16:00"), FLOW)
    (late,), _ = rewind(met, "answered", at("2026-03-10T16:00"), FLOW, CALENDARS)
    assert (late.rung, late.running) == (3, True)
    # From Tuesday 16:00 to Thursday's end were 16.5 hours; so many again from the return on.
    assert told(tick(late, at("2026-04-01T09:00"))[1]) == [("issued", "red", at("2026-03-12T17:30"))]


def test_a_fresh_run_has_a_ladder_of_its_own() -> None:
    clock, _ = tick(mend(at("2026-03-02T09:00")), at("2026-03-03T09:00"))
    assert clock.rung == 1
    clocks, _ = suspend([clock], at("2026-03-03T09:00"), at("2026-03-09T08:30"), CALENDARS)
    fresh = clocks[-1]
    assert [rung.at for rung in fresh.rungs] == [
        at("2026-03-09T08:30"), at("2026-03-09T09:00"), at("2026-03-09T14:30"), at("2026-03-11T17:30"),
    ]  # fmt: skip
    assert fresh.rung == 0


def test_a_rung_never_comes_before_the_one_below_it() -> None:
    ladder = [
        {"slip": "yellow", "at": "2 workdays", "to": "head"},
        {"slip": "red", "at": "1 hour", "to": "leader"},
    ]
    clock = mend(at("2026-03-02T09:00"), ladder)
    assert clock.rungs[0].at == clock.rungs[1].at


def test_a_slip_for_a_warning_that_is_not_given_comes_at_the_due_time() -> None:
    clock = mend(at("2026-03-02T09:00"), LADDER[:1], warn=None)
    assert [rung.at for rung in clock.rungs] == [clock.due]


@pytest.mark.parametrize("due", [None, at("2026-03-10T09:00")])
def test_a_due_time_of_the_records_own_has_a_ladder_where_there_is_one(due: datetime | None) -> None:
    one = {"until": "answered", "within": "given", "on": "office", "slips": LADDER[1:]}
    spec = CaseSpec.model_validate({"name": "x", "flow": "question", "clocks": {"one": one}})
    (clock,) = start_clocks(spec, {}, "opened", at("2026-03-02T09:00"), CALENDARS, holds, due)
    assert [rung.colour for rung in clock.rungs] == ([] if due is None else ["yellow", "orange", "red"])


moments = st.timedeltas(timedelta(), timedelta(days=330)).map(
    lambda after: datetime(2026, 1, 1, tzinfo=UTC) + after
)


@settings(max_examples=60, deadline=None)
@given(moments, st.lists(st.timedeltas(timedelta(), timedelta(days=20)), max_size=8), st.booleans())
def test_each_thing_is_told_once_and_at_its_instant_whenever_somebody_looks(
    start: datetime, looks: list[timedelta], answered: bool
) -> None:
    end = start + timedelta(days=20)
    clock, seen = mend(start), []
    for look in sorted(looks):
        clock, happened = tick(clock, start + look)
        seen += happened
    if answered:
        (clock,), rest = meet([clock], "answered", end, FLOW)
    else:
        clock, rest = tick(clock, end)
    (once,), at_once = meet([mend(start)], "answered", end, FLOW)
    assert [*seen, *rest] == list(at_once)
    assert (clock.rung, clock.warned, clock.breached) == (once.rung, once.warned, once.breached)
    assert len({(one.kind, one.rung) for one in at_once}) == len(at_once)
