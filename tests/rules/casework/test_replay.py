"""A verdict comes out again from its own inputs, whatever became of the calendar, and what was altered shows."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leitai.rules.casework import (
    FLOWS,
    Asked,
    Clock,
    Given,
    Hold,
    Matter,
    account,
    extend,
    judge,
    lay_down,
    meet,
    replay,
    resume,
    rewind,
    start_clocks,
    suspend,
    tick,
    verdicts,
)
from leitai.rules.kernel import Text
from leitai.rules.regime.model import CaseSpec
from leitai.rules.worktime import freeze, office, thaw

ZONE = ZoneInfo("Asia/Shanghai")
OFFICE = office("office", ZONE)
CALENDARS = {"office": OFFICE}
PINS = {("office", OFFICE.version): thaw(freeze(OFFICE))}
# Somebody makes holidays of a fortnight, so that whatever was late was not.
EDITED = {"office": office("office", ZONE, holidays={date(2026, 3, day): "放假" for day in range(2, 16)})}
FLOW = FLOWS["question"]
KIND = CaseSpec.model_validate(
    {
        "name": "x",
        "flow": "question",
        "clocks": {
            "reply": {"until": "replied", "within": "10 minutes", "on": "office", "warn": "5 minutes"},
            "solve": {"until": "answered", "within": "3 workdays", "on": "office"},
            "close": {"until": "closed", "within": "20 days", "on": "office"},
            "confirm": {"from": "answered", "until": "closed", "within": "5 days", "on": "office"},
        },
    }
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text + "+08:00")


def holds(condition: str, facts: Mapping[str, object]) -> bool:
    return bool(facts[condition])


def begun(milestone: str, start: datetime) -> tuple[Clock, ...]:
    return start_clocks(KIND, {}, milestone, start, CALENDARS, holds)


NOW = at("2026-03-20T09:00")


def late_reply() -> tuple[Clock, ...]:
    clocks, _ = meet(begun("opened", at("2026-03-02T09:00")), "replied", at("2026-03-02T09:11"), FLOW)
    return clocks


def test_a_calendar_edited_afterwards_changes_nothing_that_was_judged() -> None:
    clocks = late_reply()
    before = verdicts(clocks, CALENDARS, NOW, PINS)
    after = verdicts(clocks, EDITED, NOW, PINS)
    assert before == after
    assert {one.key: one.outcome for one in after} == {"reply": "late", "solve": "late", "close": "running"}
    assert all(one.holds for one in after)


def test_without_the_calendar_of_then_the_stored_verdict_stands_and_the_difference_is_told() -> None:
    found = {one.key: one for one in verdicts(late_reply(), EDITED, NOW)}
    assert (found["reply"].outcome, found["reply"].replayed, found["reply"].holds) == (
        "late",
        "on-time",
        False,
    )
    assert "2026-03-16 08:40:00" in found["reply"].faults[0].show("en")


@pytest.mark.parametrize(
    "change",
    [
        {"due": at("2026-03-02T09:12"), "breached": None},
        {"breached": None},
        {"breached": at("2026-03-02T09:11")},
        {"met": at("2026-03-02T09:10")},
        {"started": at("2026-03-02T09:02")},
        {"within": "1 hour"},
    ],
    ids=", ".join,
)
def test_a_row_that_was_altered_does_not_come_out_again(change: dict[str, object]) -> None:
    reply, *rest = late_reply()
    found = verdicts((replace(reply, **change), *rest), CALENDARS, NOW, PINS)  # type: ignore[arg-type]
    assert [one.key for one in found if not one.holds] == ["reply"]


def test_a_run_that_was_given_more_than_was_left_is_told() -> None:
    clocks, _ = suspend(
        begun("opened", at("2026-03-02T09:00")), at("2026-03-02T09:05"), at("2026-03-04T09:00"), CALENDARS
    )
    generous = tuple(
        replace(one, within="20 minutes", due=at("2026-03-04T09:20"))
        if one.key == "reply" and one.running
        else one
        for one in clocks
    )
    assert all(one.holds for one in verdicts(clocks, CALENDARS, NOW, PINS))
    (reply,) = (one for one in verdicts(generous, CALENDARS, NOW, PINS) if one.key == "reply")
    assert "had left" in reply.faults[0].show("en")


def test_the_verdict_on_a_limit_is_that_of_the_run_that_counts() -> None:
    clocks, _ = meet(begun("opened", at("2026-03-02T09:00")), "answered", at("2026-03-02T09:05"), FLOW)
    clocks += begun("answered", at("2026-03-02T09:05"))
    clocks, _ = rewind(clocks, "answered", at("2026-03-03T09:00"), FLOW, CALENDARS)
    found = {one.key: one.outcome for one in verdicts(clocks, CALENDARS, at("2026-03-03T10:00"))}
    assert found == {"reply": "on-time", "solve": "running", "close": "running", "confirm": "void"}
    clocks, _ = lay_down(clocks, at("2026-03-03T11:00"))
    found = {one.key: one.outcome for one in verdicts(clocks, CALENDARS, at("2026-03-03T12:00"))}
    assert found == {"reply": "on-time", "solve": "void", "close": "void", "confirm": "void"}


def test_what_a_worker_has_not_looked_at_yet_is_late_all_the_same() -> None:
    (reply, *_) = verdicts(begun("opened", at("2026-03-02T09:00")), CALENDARS, at("2026-03-02T09:11"))
    assert (reply.outcome, reply.holds) == ("late", True)


def test_an_imported_record_is_judged_by_the_due_time_it_brought() -> None:
    clock = judge("given", at("2026-03-02T09:00"), at("2026-03-03T09:00"), at("2026-03-04T09:00"), NOW)
    (found,) = verdicts([replace(clock, calendar="office")], CALENDARS, NOW)
    assert (found.outcome, found.holds) == ("late", True)
    with pytest.raises(KeyError):
        verdicts([replace(clock, calendar="gone")], CALENDARS, NOW)


# The account

EXTENSION = Asked(
    "extension", None, at("2026-03-10T12:00"), "clerk", at("2026-03-04T09:00"), "granted", "office",
    at("2026-03-05T09:00"),
)  # fmt: skip
ASKED = Asked(
    "pause", Text(zh="冻土", en="frost"), at("2026-03-06T08:30"), "clerk", at("2026-03-02T15:00"), "granted",
    "firm", at("2026-03-02T15:30"),
)  # fmt: skip


def story() -> Matter:
    """A solution that pauses on Monday, is resumed on Wednesday, is given more time, and is late all the same."""
    clocks, _ = meet(begun("opened", at("2026-03-02T09:00")), "replied", at("2026-03-02T09:05"), FLOW)
    clocks, _ = suspend(clocks, at("2026-03-02T15:30"), at("2026-03-06T08:30"), CALENDARS)
    clocks, _ = resume(clocks, at("2026-03-04T09:00"), CALENDARS)
    clocks, _ = extend(clocks, "solve", at("2026-03-05T09:00"), at("2026-03-10T12:00"), CALENDARS)
    clocks = tuple(tick(one, at("2026-03-10T12:30"))[0] for one in clocks)
    clocks, _ = meet(clocks, "closed", at("2026-03-11T09:00"), FLOW)
    return Matter(
        clocks,
        at("2026-03-11T09:00"),
        holds=(
            Hold(at("2026-03-02T09:00"), "unit:water"),
            Hold(at("2026-03-02T15:30"), "enterprise"),
            Hold(at("2026-03-04T09:00"), "unit:water"),
        ),
        asked=(
            ASKED,
            EXTENSION,
            replace(ASKED, state="refused", answered_by="office"),
            replace(ASKED, state="open", answered_at=None),
            replace(ASKED, state="withdrawn", answered_by=""),
        ),
        resumed=(at("2026-03-04T09:00"),),
        slips=(
            Given("solve", "yellow", "head", at("2026-03-10T12:00")),
            Given("solve", "red", "leader", at("2026-03-10T12:00"), "chief", at("2026-03-10T14:00")),
        ),
        names={"solve": Text(zh="解决", en="Solution")},
        holders={"unit:water": Text(zh="水务局", en="Water")},
    )  # fmt: skip


def test_the_account_can_be_read_line_by_line_in_both_languages() -> None:
    found = account(story(), EDITED, NOW, ZONE, PINS)
    assert found.holds
    english, chinese = found.text("en"), found.text("zh")
    assert len(english) == len(chinese)
    day = "2026-03-02 15"
    for line in (
        "Solution · late",
        "  run 1 of 4 · 3 workdays · office " + OFFICE.version,
        "    Paused at 2026-03-02 15:30:00: the time that was left is kept",
        "    Resumed early at 2026-03-04 09:00:00: the time that was left runs on from then",
        "    More time was given at 2026-03-05 09:00:00: another run follows",
        "    From 2026-03-05 09:00:00; due as was decided",
        "    Due 2026-03-10 12:00:00, met 2026-03-11 09:00:00: late",
        f"  pause (frost) until 2026-03-06 08:30:00: asked by clerk at {day}:00:00; agreed by firm at {day}:30:00",
        "  2026-03-10 12:00:00 red slip to the leader in charge (Solution), signed for by chief at 2026-03-10 14:00:00",
        "  Water: 174 h 30 min",
        "  enterprise: 41 h 30 min",
        "  216 h in all, of which paused 41 h 30 min; back to a unit that had had it: 0",
    ):
        assert line in english, line
    assert english[-1].startswith("Counted again from each run's own start")
    assert "解决 · 超期" in chinese
    assert "  2026-03-10 12:00:00 黄色督办单发单位主要负责人（解决），未签收" in chinese
    assert chinese[-1].startswith("按各段自身的起点")


def test_a_day_of_the_time_sheet_is_that_of_the_calendar_of_then() -> None:
    text = "\n".join(account(story(), EDITED, NOW, ZONE, PINS).text("zh"))
    assert "2026-03-03 星期二 · 工作日 · 累计1/3" in text
    assert "放假" not in text
    without = "\n".join(account(story(), EDITED, NOW, ZONE).text("zh"))
    assert "放假" in without
    assert "不溯及既往" in without


def test_the_account_as_values() -> None:
    said = account(story(), EDITED, NOW, ZONE, PINS).plain("en")
    assert (said["holds"], said["passes"], said["paused_seconds"], said["life_seconds"]) == (
        True,
        0,
        149400,
        777600,
    )
    solve = next(one for one in said["clocks"] if one["key"] == "solve")
    assert (solve["name"], solve["verdict"], solve["replayed"], len(solve["runs"])) == (
        "Solution",
        "late",
        "late",
        4,
    )
    assert all(run["due"] == run["due_again"] and run["calendar_kept"] for run in solve["runs"])
    assert [one["seconds"] for one in said["hands"]] == [628200, 149400]


def test_a_calendar_that_was_altered_after_it_was_written_down_is_named() -> None:
    altered = replace(story(), edited=frozenset({("office", OFFICE.version)}))
    found = account(altered, CALENDARS, NOW, ZONE, PINS)
    assert not found.holds
    assert any(line.startswith(f"! Calendar office {OFFICE.version} was altered") for line in found.text())
    assert found.plain()["edited_calendars"] == [f"office {OFFICE.version}"]


def test_a_verdict_that_does_not_come_out_again_ends_the_account_with_its_name() -> None:
    matter = story()
    wrong = tuple(
        replace(one, due=at("2026-03-12T09:00")) if one.key == "reply" else one for one in matter.clocks
    )
    found = account(replace(matter, clocks=wrong), CALENDARS, NOW, ZONE, PINS)
    assert not found.holds
    assert found.text()[-1].startswith("Counted again it is not what is stored: reply.")
    assert any("Counted again the due time is 2026-03-02 09:10:00" in line for line in found.text())


STEPS = ("replied", "answered", "return", "pause", "resume", "extend", "tick", "closed")
moments = st.timedeltas(timedelta(), timedelta(days=300)).map(
    lambda after: datetime(2026, 1, 1, tzinfo=UTC) + after
)
roads = st.lists(st.tuples(st.timedeltas(timedelta(), timedelta(days=6)), st.sampled_from(STEPS)), max_size=8)


@settings(max_examples=50, deadline=None)
@given(moments, roads)
def test_whatever_a_case_went_through_its_verdict_comes_out_again(
    start: datetime, road: list[tuple[timedelta, str]]
) -> None:
    clocks, now = begun("opened", start), start
    answered = False
    for after, step in road:
        now += after
        if step == "pause":
            clocks, _ = suspend(clocks, now, now + timedelta(days=3, seconds=7), CALENDARS)
            continue
        if step == "tick":
            clocks = tuple(tick(one, now)[0] for one in clocks)
            continue
        clocks, _ = resume(clocks, now, CALENDARS)
        if step == "return" and answered:
            clocks, answered = rewind(clocks, "answered", now, FLOW, CALENDARS)[0], False
        elif step == "extend":
            clocks, _ = extend(clocks, "solve", now, now + timedelta(days=30), CALENDARS)
        elif step in FLOW.milestones and not (answered and step != "closed"):
            clocks, _ = meet(clocks, step, now, FLOW)
            if step == "answered":
                clocks, answered = clocks + begun("answered", now), True
        if step == "closed":
            break
    found = verdicts(clocks, EDITED, now, PINS)
    assert [one for one in found if not one.holds] == []
    assert {one.key: one.outcome for one in found} == {
        one.key: one.outcome for one in verdicts(clocks, CALENDARS, now, PINS)
    }
    assert all(one.due == one.clock.due for one in replay(clocks, EDITED, now, PINS))


def test_a_due_time_that_was_said_rests_on_no_calendar() -> None:
    clock = replace(
        judge("given", at("2026-03-02T09:00"), at("2026-03-03T09:00"), None, NOW), calendar="office"
    )
    told = account(Matter([replace(clock, calendar_version=OFFICE.version)], NOW), EDITED, NOW, ZONE)
    assert told.holds
    assert told.text()[2:4] == (
        "    From 2026-03-02 09:00:00; the record brought its due time",
        "    Due 2026-03-03 09:00:00, not met: overdue",
    )
    assert told.plain()["clocks"][0]["runs"][0]["calendar_kept"]
