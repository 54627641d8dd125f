"""The account of a case from its rows: the verdict stands whatever is done to the calendar, and tampering shows."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from typer.testing import CliRunner

from leitai.apps.casework import actions
from leitai.apps.casework.explain import explained
from leitai.apps.casework.models import Clock
from leitai.apps.ledger.actions import UNCHANGED
from leitai.apps.ledger.models import Event
from leitai.apps.ledger.queries import data
from leitai.apps.regimes import actions as regimes_actions
from leitai.apps.regimes import pins
from leitai.apps.regimes import queries as regimes
from leitai.apps.regimes.models import CalendarPin
from leitai.cli import complete
from leitai.rules.casework import Account
from leitai.rules.worktime import Calendar
from tests.factories import BY, DAY, FOLDER, HOUR, MINUTE, NOW, Town

CLERK, OFFICE = "account:clerk", "account:office"
WHY = "The ground is frozen until the end of the week"
REPLY = {"owner": "Li Hua", "next_step": "Send a crew out tomorrow", "time": "2024-04-30"}


def office(town: Town, at: datetime = NOW) -> Calendar:
    day = at.astimezone(town.place.zone).date()
    return regimes.calendars(regimes.regime_on(town.place, day))["office"]


def pin(town: Town, *keys: str) -> None:
    """Write the town's calendars down as they stand."""
    calendars = regimes.calendars(regimes.regime_on(town.place, NOW.date()))
    for key in keys:
        pins.pin(place=town.place, calendar=calendars[key], by=BY, now=NOW)


def edit_the_calendar(town: Town) -> None:
    """Load a rule-book of the same day in which the second half of April is one long holiday."""
    days = ", ".join(f'2024-04-{day:02}: "放假"' for day in range(11, 31))
    text = (FOLDER / "regime.yaml").read_text(encoding="utf-8")
    text = text.replace("  office:\n    holidays: CN", "  office:\n    holidays: {" + days + "}", 1)
    regimes_actions.load(place=town.place, text=text, by=BY, now=NOW + DAY)


def hole(town: Town) -> Any:
    """A hole in the road at the water bureau: eight office hours from Wednesday at ten."""
    case = town.case("hole", None, where="Mill Lane 3")
    return town.move(case, "dispatch", "office", unit="water")


def verdicts(account: Account) -> dict[str, str]:
    return {key: one.outcome for key, one in account.verdicts.items()}


def test_a_breach_stands_after_the_calendar_was_edited(town: Town) -> None:
    case = hole(town)
    pin(town, "office")
    now = NOW + 2 * DAY
    actions.tick_clocks(place=town.place, by="drive", now=now)
    before = explained(case, now)
    edit_the_calendar(town)
    assert not office(town, NOW + DAY).day((NOW + DAY).date()).working, "the edit took hold"
    after = explained(case, now)
    assert verdicts(before) == verdicts(after) == {"mend": "late"}
    assert before.text("zh") == after.text("zh")
    assert after.holds
    assert "2024-04-11 星期四 · 工作日 · 08:30–10:30" in "\n".join(after.text("zh"))


def test_what_was_left_at_a_pause_is_counted_by_the_calendar_of_then(town: Town) -> None:
    """Two hours of Thursday were left on Wednesday evening; that Thursday became a holiday does not eat them."""
    case = hole(town)
    edit_the_calendar(town)
    wednesday, may = NOW + 8 * HOUR, NOW + 22 * DAY
    ask = {"case": case, "kind": "pause", "ground": "frost", "text": WHY, "until": may - 3 * DAY}
    request = actions.ask(**ask, unit=case.unit, by=CLERK, now=wednesday)
    actions.answer_request(request=request, granted=True, role="office", by=OFFICE, now=wednesday)
    old, fresh = Clock.objects.filter(case=case).order_by("id")
    assert old.calendar_version != fresh.calendar_version
    assert fresh.within == "120 minutes"
    assert explained(case, may).holds


def test_opening_a_case_writes_its_calendars_down(town: Town) -> None:
    case = hole(town)
    clock = Clock.objects.get(case=case)
    kept = regimes.pinned(town.place, clock.calendar, clock.calendar_version)
    assert kept is not None
    assert kept.version == office(town).version
    assert (
        Event.objects.filter(place=town.place, kind="calendar.pinned", subject="calendar:office").count() == 1
    )


def test_a_pinned_calendar_is_written_once_and_the_ledger_keeps_its_digest(town: Town) -> None:
    calendar = office(town)
    CalendarPin.objects.all().delete()
    Event.objects.filter(kind="calendar.pinned").delete()
    row = pins.pin(place=town.place, calendar=calendar, by=BY, now=NOW)
    assert (row.key, row.version) == ("office", calendar.version)
    assert pins.pin(place=town.place, calendar=calendar, by=BY, now=NOW + HOUR) is UNCHANGED
    (event,) = Event.objects.filter(kind="calendar.pinned")
    assert (event.subject, data(event)["version"]) == ("calendar:office", calendar.version)
    kept = regimes.pinned(town.place, "office", calendar.version)
    assert kept is not None
    assert kept.day(NOW.date()) == calendar.day(NOW.date())
    assert regimes.pinned(town.place, "office", "CN-1949.1+00000000") is None


def test_a_pin_of_one_place_is_not_anothers(town: Town, vale: Town) -> None:
    CalendarPin.objects.all().delete()
    pin(town, "office")
    assert regimes.pinned(vale.place, "office", office(town).version) is None


def test_a_pin_that_was_edited_in_the_database_is_named(town: Town) -> None:
    case = hole(town)
    pin(town, "office")
    assert explained(case, NOW + HOUR).holds
    row = CalendarPin.objects.get(place=town.place, key="office")
    day = row.said["years"]["2024"]
    day[101] = day[102 + 2]  # Thursday 11 April becomes what Sunday the 14th is
    row.save()
    account = explained(case, NOW + HOUR)
    assert not account.holds
    assert any("was altered after it had been written down" in line for line in account.text())


def test_a_row_of_a_clock_that_was_edited_shows(town: Town) -> None:
    case = hole(town)
    pin(town, "office")
    Clock.objects.filter(case=case).update(due_at=NOW + 9 * DAY)
    account = explained(case, NOW + HOUR)
    assert (account.holds, verdicts(account)) == (False, {"mend": "running"})


def paused(town: Town, case: Any, until: timedelta) -> Any:
    """The case after the office agreed, an hour later, that the ground is frozen."""
    ask = {"case": case, "kind": "pause", "ground": "frost", "text": WHY, "until": NOW + until}
    request = actions.ask(**ask, unit=case.unit, by=CLERK, now=NOW)
    actions.answer_request(request=request, granted=True, role="office", by=OFFICE, now=NOW + HOUR)
    case.refresh_from_db()
    return case


def test_a_pause_shows_whose_it_was_and_charges_its_time_to_the_one_who_agreed(town: Town) -> None:
    case = paused(town, hole(town), 2 * DAY)
    actions.end_pause(case=case, by="drive", now=NOW + 3 * DAY)
    case.refresh_from_db()
    account = explained(case, NOW + 3 * DAY)
    assert account.paused == 47 * 3600
    assert account.hands == {"office": 47 * 3600, "unit:water": 25 * 3600}
    assert (account.passes, account.holds) == (0, True), "that the other side waits is no pass"
    text = "\n".join(account.text())
    assert (
        f"pause (Frozen ground) until 2024-04-12 10:00:00: asked by {CLERK} at 2024-04-10 10:00:00; agreed"
        in text
    )
    assert "run 2 of 2" in text
    assert "冻土" in "\n".join(account.text("zh"))


def test_the_slips_of_a_clock_are_on_the_account(town: Town) -> None:
    case = hole(town)
    actions.tick_clocks(place=town.place, by="drive", now=NOW + 9 * DAY)
    given = explained(case, NOW + 9 * DAY).plain()["slips"]
    assert [line.split(" slip")[0].split()[-1] for line in given] == ["blue", "yellow", "red"]


@pytest.mark.parametrize("road", ["closed", "handed-back", "set-aside"])
def test_time_in_hands_sums_to_the_cases_life_however_it_ends(town: Town, road: str) -> None:
    case = town.case("errand", None, given_due=NOW + DAY)
    if road == "set-aside":
        town.move(case, "set-aside", "office", NOW + HOUR, reason="It belongs to the province by law")
    else:
        town.move(case, "dispatch", "office", NOW + 5 * MINUTE, unit="water")
        if road == "handed-back":
            town.move(case, "hand-back", "unit", NOW + 20 * MINUTE, reason="The roads bureau laid this pipe")
            town.move(case, "dispatch", "office", NOW + 30 * MINUTE, unit="roads")
        town.move(case, "reply", "unit", NOW + HOUR, **REPLY)
        town.move(case, "answer", "unit", NOW + 3 * HOUR, done="The pipe was replaced on Friday")
        town.move(case, "close", "office", NOW + 4 * HOUR, evidence="Photographs of 12 April")
    case.refresh_from_db()
    account = explained(case, NOW + 90 * DAY)
    assert sum(account.hands.values()) == (case.closed_at - case.opened_at).total_seconds()
    assert account.holds
    if road == "handed-back":
        assert account.hands == {"office": 5 * 60 + 10 * 60 + 3600, "unit:water": 900, "unit:roads": 9000}
        assert account.passes == 0


def test_a_case_that_comes_back_to_a_unit_is_counted(town: Town) -> None:
    case = hole(town)
    for hour, (asking, taking) in enumerate([("water", "roads"), ("roads", "water")]):
        ask = {"kind": "transfer", "ground": "by-law", "text": WHY, "to_unit": town.units[taking]}
        at, unit = NOW + hour * HOUR, town.units[asking]
        request = actions.ask(case=case, **ask, unit=unit, by=f"account:{asking}", now=at)
        later, by = at + 9 * MINUTE, f"account:{taking}"
        actions.answer_request(request=request, granted=True, role="unit", by=by, now=later)
        case.refresh_from_db()
    account = explained(case, NOW + 2 * HOUR)
    assert account.passes == 1
    assert account.hands == {"office": 0, "unit:water": 9 * 60 + 51 * 60, "unit:roads": 3600}


def test_an_imported_case_has_a_verdict_and_no_hands(town: Town) -> None:
    record = actions.CaseRecord(
        "7", town.units["water"].pk, "A leak", NOW - 9 * DAY, due=NOW - 8 * DAY, closed=NOW - 7 * DAY
    )
    actions.import_cases(place=town.place, kind="errand", source="old", records=[record], by=BY, now=NOW)
    account = explained(Clock.objects.get(case__source_id="7").case, NOW)
    assert (verdicts(account), dict(account.hands), account.holds) == ({"given": "late"}, {}, True)


# As typed


def typed(*words: str) -> Any:
    return CliRunner(env={"LANG": "C.UTF-8", "LC_ALL": ""}).invoke(complete(), ["case", "explain", *words])


def test_the_command_prints_the_account_in_either_language_and_as_json(town: Town) -> None:
    case = paused(town, hole(town), 2 * DAY)
    english, chinese = typed(case.ref, "--place", "town"), typed(case.ref, "--place", "town", "--lang", "zh")
    assert (english.exit_code, chinese.exit_code) == (0, 0)
    assert english.stdout.startswith(f"{case.ref}: A leak [dispatched]\nMend · ")
    assert "在谁手里多久" in chinese.stdout
    said = json.loads(typed(case.ref, "--place", "town", "--json").stdout)
    assert (said["ref"], said["holds"]) == (case.ref, True)
    assert [run["void_why"] for run in said["clocks"][0]["runs"]] == ["paused", ""]
    started = datetime.fromisoformat(said["clocks"][0]["runs"][1]["started"])
    assert started.astimezone(UTC) == NOW + 2 * DAY


def test_the_command_says_what_is_wrong(town: Town) -> None:
    case = hole(town)
    assert "no such case" in typed("9999", "--place", "town").stderr
    assert "write zh or en" in typed(case.ref, "--place", "town", "--lang", "fr").stderr
    Clock.objects.filter(case=case).update(due_at=NOW + 9 * DAY)
    assert typed(case.ref, "--place", "town").exit_code == 1
