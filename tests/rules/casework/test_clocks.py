"""Clocks: started, met, warned and breached at their true instants; returned answers win nothing."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leitai.rules.casework import (
    FLOWS,
    Clock,
    before,
    flow_of,
    judge,
    light,
    meet,
    next_instant,
    rewind,
    start_clocks,
    tick,
    time_sheet,
)  # fmt: skip
from leitai.rules.regime.model import CaseSpec
from leitai.rules.worktime import between, office, parse_within

ZONE = "Asia/Shanghai"
OFFICE = office("office", ZONE)
HALL = office("hall", ZONE, ["08:30-17:30"], days={"saturday": ["09:00-12:00"]})
CALENDARS = {"office": OFFICE, "hall": HALL}
QUESTION = CaseSpec.model_validate(
    {
        "name": "企业诉求",
        "flow": "question",
        "clocks": {
            "reply": {"until": "replied", "within": "10 minutes", "on": "hall", "warn": "5 minutes"},
            "solve": {
                "until": "answered", "within": "3 workdays", "on": "office", "warn": "1 workday",
                "when": "case.complex",
            },
            "end": {
                "from": "answered",
                "until": "closed",
                "within": "5 days",
                "on": "office",
                "warn": "2 days",
            },
            "promised": {"until": "closed", "within": "given", "on": "office", "warn": "4 hours"},
        },
    }
)  # fmt: skip
FLOW = flow_of(QUESTION)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text + "+08:00")


def holds(condition: str, facts: Mapping[str, object]) -> bool:
    return bool(facts[condition])


def started(text: str, *, complex_one: bool = True, given_due: datetime | None = None) -> dict[str, Clock]:
    facts = {"case.complex": complex_one}
    clocks = start_clocks(QUESTION, facts, "opened", at(text), CALENDARS, holds, given_due)
    return {clock.key: clock for clock in clocks}


def test_the_clocks_of_a_milestone_start_where_their_condition_holds() -> None:
    assert list(started("2026-03-02T09:00")) == ["reply", "solve", "promised"]
    assert list(started("2026-03-02T09:00", complex_one=False)) == ["reply", "promised"]
    later = start_clocks(QUESTION, {}, "answered", at("2026-03-02T09:00"), CALENDARS, holds)
    assert [(one.key, one.since, one.until) for one in later] == [("end", "answered", "closed")]


def test_due_and_warning_are_counted_in_the_clocks_own_calendar() -> None:
    clocks = started("2026-03-06T17:25", given_due=at("2026-03-10T09:30"))
    # Friday 17:25: five minutes are left of the day; the hall opens again on Saturday at nine.
    assert (clocks["reply"].due, clocks["reply"].warn) == (at("2026-03-07T09:05"), at("2026-03-06T17:30"))
    assert (clocks["solve"].due, clocks["solve"].warn) == (at("2026-03-11T17:30"), at("2026-03-10T17:30"))
    # Four office hours before Tuesday 09:30: one on Tuesday, three on Monday afternoon.
    assert clocks["promised"].warn == at("2026-03-09T14:30")
    end = start_clocks(QUESTION, {}, "answered", at("2026-03-06T17:25"), CALENDARS, holds)[0]
    assert (end.due, end.warn) == (at("2026-03-11T17:25"), at("2026-03-09T17:25"))
    assert clocks["reply"].calendar_version == HALL.version


def test_a_record_without_a_due_time_never_breaches() -> None:
    clock = started("2026-03-02T09:00")["promised"]
    assert clock.due is None
    assert next_instant(clock) is None
    assert tick(clock, at("2036-03-02T09:00")) == (clock, ())
    assert light(clock, at("2036-03-02T09:00")) == "green"


def test_a_warning_of_workdays_leaps_the_weekend() -> None:
    one = parse_within("1 workday")
    assert before(at("2026-03-09T17:30"), one, OFFICE, at("2026-03-02T09:00")) == at("2026-03-06T17:30")


def test_a_warning_longer_than_the_clock_comes_at_its_start() -> None:
    hour = parse_within("1 hour")
    assert before(at("2026-03-02T09:10"), hour, HALL, at("2026-03-02T09:00")) == at("2026-03-02T09:00")
    days = parse_within("9 workdays")
    assert before(at("2026-03-04T17:30"), days, HALL, at("2026-03-02T09:00")) == at("2026-03-02T09:00")


def test_a_late_worker_tells_the_true_instants_once() -> None:
    clock = started("2026-03-02T09:00")["reply"]
    assert next_instant(clock) == clock.warn
    clock, happened = tick(clock, at("2026-03-09T09:00"))
    assert [(one.kind, one.at) for one in happened] == [
        ("clock.warned", at("2026-03-02T09:05")),
        ("clock.breached", at("2026-03-02T09:10")),
    ]
    assert tick(clock, at("2026-03-10T09:00")) == (clock, ())
    assert next_instant(clock) is None


def test_met_at_the_due_instant_is_on_time_and_a_moment_later_is_late() -> None:
    clock = started("2026-03-02T09:00")["reply"]
    (on_time,), happened = meet([clock], "replied", at("2026-03-02T09:10"), FLOW)
    assert (on_time.breached, on_time.met) == (None, at("2026-03-02T09:10"))
    assert [one.kind for one in happened] == ["clock.warned"]
    (late,), happened = meet([clock], "replied", at("2026-03-02T09:10") + timedelta(microseconds=1), FLOW)
    assert late.breached == at("2026-03-02T09:10")
    assert [one.kind for one in happened] == ["clock.warned", "clock.breached"]


def test_an_answer_at_once_is_a_reply_too_and_closing_ends_every_clock() -> None:
    clocks = tuple(started("2026-03-02T09:00").values())
    after, _ = meet(clocks, "answered", at("2026-03-02T09:03"), FLOW)
    assert {one.key for one in after if one.running} == {"promised"}
    after, _ = meet(clocks, "closed", at("2026-03-02T09:03"), FLOW)
    assert not any(one.running for one in after)


def test_lights() -> None:
    clock = started("2026-03-02T09:00")["reply"]
    shown = [light(clock, at(f"2026-03-02T09:{minute}")) for minute in ("04", "05", "10", "11")]
    assert shown == ["green", "yellow", "yellow", "red"]
    (met,), _ = meet([clock], "replied", at("2026-03-02T09:06"), FLOW)
    assert light(met, at("2026-04-02T09:00")) == "green"
    (late,), _ = meet([clock], "replied", at("2026-03-02T09:20"), FLOW)
    assert light(late, at("2026-04-02T09:00")) == "red"


def test_a_returned_answer_gives_back_only_the_time_that_was_left() -> None:
    clock = started("2026-03-02T09:00")["solve"]  # due Thursday 17:30
    met, _ = meet([clock], "answered", at("2026-03-05T16:30"), FLOW)
    (old, fresh), happened = rewind(met, "answered", at("2026-03-09T10:00"), FLOW, CALENDARS)
    assert (old.void, old.met) == (at("2026-03-09T10:00"), at("2026-03-05T16:30"))
    assert (fresh.started, fresh.due) == (at("2026-03-09T10:00"), at("2026-03-09T11:00"))
    assert fresh.within == "60 minutes"
    assert (fresh.running, happened) == (True, ())
    again, _ = meet((old, fresh), "answered", at("2026-03-09T10:30"), FLOW)
    assert [one.met for one in again] == [at("2026-03-05T16:30"), at("2026-03-09T10:30")]


def test_time_left_of_days_and_of_a_given_due_time_is_given_back_as_such() -> None:
    promised = started("2026-03-02T09:00", given_due=at("2026-03-10T09:00"))["promised"]
    end = start_clocks(QUESTION, {}, "answered", at("2026-03-02T09:00"), CALENDARS, holds)[0]
    met, _ = meet([promised, end], "closed", at("2026-03-05T08:00"), FLOW)
    back = at("2026-03-20T10:00")
    fresh = [one for one in rewind(met, "closed", back, FLOW, CALENDARS)[0] if one.running]
    # Five days and an hour were left of the one, two days and an hour of the other; not a begun day more.
    assert [(one.key, one.within) for one in fresh] == [("promised", "given"), ("end", "given")]
    assert [one.due for one in fresh] == [
        back + timedelta(days=5, hours=1),
        back + timedelta(days=2, hours=1),
    ]


def test_a_late_answer_that_is_returned_stays_late() -> None:
    clock = started("2026-03-02T09:00")["solve"]
    met, _ = meet([clock], "answered", at("2026-03-06T09:00"), FLOW)
    (same,), _ = rewind(met, "answered", at("2026-03-09T10:00"), FLOW, CALENDARS)
    assert (same.running, same.due, same.breached) == (True, clock.due, clock.due)


def test_a_return_voids_the_clocks_that_ran_from_the_answer_with_their_breach_on_record() -> None:
    end = start_clocks(QUESTION, {}, "answered", at("2026-03-02T09:00"), CALENDARS, holds)
    (void,), happened = rewind(end, "answered", at("2026-03-09T09:00"), FLOW, CALENDARS)
    assert (void.running, void.breached) == (False, at("2026-03-07T09:00"))
    assert [one.kind for one in happened] == ["clock.warned", "clock.breached"]
    assert next_instant(void) is None
    assert rewind((void,), "answered", at("2026-03-10T09:00"), FLOW, CALENDARS) == ((void,), ())


@pytest.mark.parametrize(
    ("closed", "breached", "running"),
    [("2011-03-04T09:00", False, False), ("2011-03-06T09:00", True, False), (None, True, True)],
)
def test_an_imported_record_is_judged_by_its_own_times(
    closed: str | None, breached: bool, running: bool
) -> None:
    due = at("2011-03-05T09:00")
    clock = judge("record", at("2011-03-01T09:00"), due, closed and at(closed), at("2012-01-01T00:00"))
    assert (clock.breached == due, clock.running) == (breached, running)


def test_the_time_sheet_counts_and_closes_with_a_verdict() -> None:
    clock = started("2026-03-02T09:00")["solve"]
    sheet = time_sheet(clock, OFFICE, at("2026-03-03T09:00"))
    assert sheet.lines[-1].at == clock.due
    assert sheet.text("zh")[-1] == "到期2026-03-05 17:30:00，计时中"
    assert sheet.text()[-1] == "Due 2026-03-05 17:30:00, running"
    assert time_sheet(clock, OFFICE, at("2026-03-06T09:00")).text()[-1].endswith("not met: overdue")
    (late,), _ = meet([clock], "answered", at("2026-03-06T09:00"), FLOW)
    assert (
        time_sheet(late, OFFICE, at("2026-04-06T09:00")).text()[-1].endswith("met 2026-03-06 09:00:00: late")
    )


def test_met_at_the_due_instant_reads_on_time() -> None:
    (kept,), _ = meet([started("2026-03-02T09:00")["solve"]], "answered", at("2026-03-05T17:30"), FLOW)
    assert time_sheet(kept, OFFICE, at("2026-04-06T09:00")).text()[-1].endswith(": on time")


def test_a_calendar_edited_afterwards_does_not_move_a_due_time() -> None:
    clock = started("2026-03-02T09:00")["solve"]
    edited = office("office", ZONE, makeup={}, holidays={at("2026-03-05T00:00").date(): "临时放假"})
    sheet = time_sheet(clock, edited, at("2026-03-06T09:00"))
    assert "Due 2026-03-05 17:30:00" in sheet.verdict[0].show("en")
    assert OFFICE.version in sheet.verdict[1].show("en")


YEAR = timedelta(days=330)
moments = st.timedeltas(timedelta(), YEAR).map(lambda after: datetime(2026, 1, 1, tzinfo=UTC) + after)
spans = st.timedeltas(timedelta(), timedelta(days=9))


@settings(max_examples=40, deadline=None)
@given(moments, spans, st.lists(spans, max_size=4))
def test_however_often_the_worker_looks_the_story_is_the_same(
    start: datetime, met_after: timedelta, looks: list[timedelta]
) -> None:
    facts = {"case.complex": True}
    clocks = start_clocks(QUESTION, facts, "opened", start, CALENDARS, holds, start + timedelta(days=4))
    told = []
    for look in sorted(looks):
        if look <= met_after:
            ticked = [tick(clock, start + look) for clock in clocks]
            clocks = tuple(clock for clock, _ in ticked)
            told += [one for _, happened in ticked for one in happened]
    looked, happened = meet(clocks, "closed", start + met_after, FLOW)
    fresh = start_clocks(QUESTION, facts, "opened", start, CALENDARS, holds, start + timedelta(days=4))
    unlooked, at_once = meet(fresh, "closed", start + met_after, FLOW)
    assert looked == unlooked
    assert sorted(map(repr, [*told, *happened])) == sorted(map(repr, at_once))
    for clock in looked:
        assert clock.due is not None
        assert clock.warn is not None
        assert clock.started <= clock.warn <= clock.due
        assert (clock.breached == clock.due) == (start + met_after > clock.due)


@settings(max_examples=30, deadline=None)
@given(moments, spans, spans)
def test_answering_early_and_being_returned_never_wins_working_time(
    start: datetime, answered: timedelta, returned: timedelta
) -> None:
    clocks = start_clocks(QUESTION, {"case.complex": True}, "opened", start, CALENDARS, holds)
    clock = next(one for one in clocks if one.key == "solve")
    met, _ = meet([clock], "answered", start + answered, FLOW)
    after, _ = rewind(met, "answered", start + answered + returned, FLOW, CALENDARS)
    last = after[-1]
    assert clock.due is not None
    assert last.due is not None
    if met[0].breached is None:
        spent = between(start, start + answered, OFFICE) + between(
            start + answered + returned, last.due, OFFICE
        )
        allowed = between(start, clock.due, OFFICE)
        assert allowed <= spent <= allowed + timedelta(seconds=1)
    else:
        assert last.due == clock.due


def test_flow_of_every_kind() -> None:
    for key in FLOWS:
        assert flow_of(CaseSpec.model_validate({"name": "x", "flow": key})) is FLOWS[key]
