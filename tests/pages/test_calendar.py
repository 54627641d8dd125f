"""The calendar in the browser and on the phone: what is with each occasion, what people do, and who may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import icalendar
import pytest
from django.test import Client
from django.utils import timezone

from leitai.apps.ledger.models import Event
from leitai.apps.occasions import actions
from leitai.apps.occasions.models import Occasion, OccasionState, Preparation
from leitai.apps.people.models import Place, Post
from tests.apps.opening_town import at, drive, meeting, opening_town
from tests.factories import BY, HOUR, Town

Door = Callable[[str], Client]
PRESENT = "2024-04-11 10:00"  # a Thursday: the dispatch of Monday 15 April has just opened


@pytest.fixture
def town(db: None) -> Town:
    """The town, living at PRESENT."""
    found = opening_town()
    drive(found, at(found, "2024-04-11 08:30"))
    lag = timezone.now() - at(found, PRESENT)
    Place.objects.filter(pk=found.place.pk).update(lag=lag)
    return found


@pytest.fixture
def door(town: Town) -> Door:
    def client(role: str) -> Client:
        one = Client(headers={"accept-language": "en"})
        if role:
            assert one.login(username=f"{role}-town", password="pass the long way")
        return one

    return client


def body(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def feed(client: Client, url: str = "/town/calendar.ics") -> Any:
    answer = client.get(url)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return icalendar.Calendar.from_ical(answer.content)


def event(found: Any, start: datetime) -> Any:
    (one,) = [part for part in found.walk("VEVENT") if part["DTSTART"].dt == start]
    return one


def own(town: Town, role: str) -> str:
    from leitai.apps.occasions import queries

    return f"/town/calendar/{queries.calendar_token(town.place, town.posts[role].account)}.ics"


# The page


def test_the_month_shows_what_is_with_each_occasion(town: Town, door: Door) -> None:
    page = body(door("").get("/town/calendar?month=2024-04"))
    assert "being prepared" in page and "planned" in page
    assert "45 minutes" in page
    assert "Water Bureau" in page, "who comes"
    assert "Move or cancel" not in page and "of 4 ready" not in page, "that is not for everyone"
    assert f'href="/town/o/{meeting(town, "dispatch", "2024-W16").pk}"' in page
    office = body(door("office").get("/town/calendar?month=2024-04"))
    assert "Move or cancel" in office and "0 of 4 ready" in office


def test_what_was_moved_or_cancelled_says_why(town: Town, door: Door) -> None:
    moved, off = meeting(town, "dispatch", "2024-W17"), meeting(town, "dispatch", "2024-W18")
    office = door("office")
    form = {"at": "2024-04-23T15:30", "reason": "The hall is <painted>"}
    assert office.post(f"/town/calendar/{moved.pk}/shift", form)["Location"].endswith("?month=2024-04")
    office.post(f"/town/calendar/{off.pk}/cancel", {"reason": "Flood"})
    moved.refresh_from_db()
    assert (moved.at, moved.shifted_by) == (at(town, "2024-04-23 15:30"), "account:office-town")
    page = body(door("").get("/town/calendar?month=2024-04"))
    assert "planned for" in page and "The hall is &lt;painted&gt;" in page
    assert "Cancelled: Flood" in page


@pytest.mark.parametrize("role", ["", "clerk", "leader", "patrol"])
def test_only_the_office_moves_and_cancels(town: Town, door: Door, role: str) -> None:
    row = meeting(town, "dispatch", "2024-W17")
    for act, form in (("shift", {"at": "2024-04-23T15:30", "reason": "x"}), ("cancel", {"reason": "x"})):
        answer = door(role).post(f"/town/calendar/{row.pk}/{act}", form)
        assert answer.status_code == (403 if role else 302)
    row.refresh_from_db()
    assert (row.state, row.shifted_by) == (OccasionState.PLANNED, "")


@pytest.mark.parametrize(
    "typed", ["", "tomorrow", "2024-13-01T10:00", "0001-01-01T00:00", "9999-12-31T23:59+00:00:01"]
)
def test_a_time_that_is_none_is_refused_with_words(town: Town, door: Door, typed: str) -> None:
    row = meeting(town, "dispatch", "2024-W17")
    answer = door("office").post(f"/town/calendar/{row.pk}/shift", {"at": typed, "reason": ""}, follow=True)
    assert answer.status_code == 200
    row.refresh_from_db()
    assert row.shifted_by == ""


def test_an_occasion_of_another_place_is_not_moved_from_here(town: Town, door: Door) -> None:
    other = opening_town(key="vale")
    row = meeting(other, "dispatch", "2024-W17")
    assert door("office").post(f"/town/calendar/{row.pk}/cancel", {"reason": "x"}).status_code == 404
    assert door("office").post(f"/vale/calendar/{row.pk}/cancel", {"reason": "x"}).status_code == 403


def test_a_clerk_hands_in_what_is_asked_and_the_calendar_tells_what_waits(town: Town, door: Door) -> None:
    clerk = door("clerk")
    assert "You have 1 thing to make ready" in body(clerk.get("/town/calendar"))
    page = body(clerk.get("/town/preparations"))
    assert "Report" in page and "Room" not in page
    row = Preparation.objects.get(unit__key="water")
    clerk.post(f"/town/preparations/{row.pk}", {"text": "Two leaks\x00 closed"})
    row.refresh_from_db()
    assert (row.text, row.done_by) == ("Two leaks closed", "account:clerk-town")
    assert "You have" not in body(clerk.get("/town/calendar"))
    assert "Two leaks closed" in body(clerk.get("/town/preparations"))


def test_nobody_hands_in_what_others_were_asked_for(town: Town, door: Door) -> None:
    for key, unit in (("report", "tax"), ("room", None)):
        row = Preparation.objects.get(key=key, unit__key=unit) if unit else Preparation.objects.get(key=key)
        assert door("clerk").post(f"/town/preparations/{row.pk}", {"text": "x"}).status_code == 403
        assert door("leader").post(f"/town/preparations/{row.pk}", {"text": "x"}).status_code == 403
    assert door("office").post("/town/preparations/999999", {"text": "x"}).status_code == 404
    assert not Event.objects.filter(kind="preparation.done").exists()


def test_what_is_missing_is_told_to_the_office_first_and_to_leaders_when_the_meeting_begins(
    town: Town, door: Door
) -> None:
    drive(town, at(town, "2024-04-12 18:00"))
    assert "Not ready in time" in body(door("office").get("/town/calendar"))
    assert "Not ready in time" not in body(door("leader").get("/town/calendar"))
    assert "Not ready in time" not in body(door("clerk").get("/town/calendar"))
    drive(town, at(town, "2024-04-15 09:00"))
    leader = body(door("leader").get("/town/calendar"))
    assert "Not ready in time" in leader and "Tax Bureau" in leader


# The phone


def test_the_feed_holds_every_occasion_with_its_time_and_length(town: Town, door: Door) -> None:
    found = feed(door(""))
    assert (found["VERSION"], found["X-WR-CALNAME"], found["X-WR-TIMEZONE"]) == (
        "2.0",
        "Town: occasions",
        "Asia/Shanghai",
    )
    assert found["PRODID"].startswith("-//Leitai//")
    assert len(found.walk("VEVENT")) == Occasion.objects.count() and not found.walk("VTODO")
    row = meeting(town, "dispatch", "2024-W16")
    one = event(found, row.at)
    assert one["DTEND"].dt - one["DTSTART"].dt == timedelta(minutes=45)
    assert (one["SUMMARY"], one["STATUS"], one["SEQUENCE"]) == ("Dispatch", "CONFIRMED", 0)
    assert one["URL"] == f"http://testserver/town/o/{row.pk}"
    assert one["DTSTAMP"].dt.utcoffset() == timedelta()
    uids = [part["UID"] for part in found.walk("VEVENT")]
    assert len(set(uids)) == len(uids)


def test_a_moved_occasion_keeps_its_uid_and_a_cancelled_one_says_so(town: Town, door: Door) -> None:
    row = meeting(town, "dispatch", "2024-W17")
    before, now = event(feed(door("")), row.at), at(town, PRESENT)
    reason = "Flood, mud; and\nEND:VEVENT\n" + "大雨" * 60
    actions.shift(occasion=row, at=row.at + 6 * HOUR, reason=reason, by=BY, now=now)
    moved = event(feed(door("")), row.at + 6 * HOUR)
    assert (moved["UID"], moved["SEQUENCE"]) == (before["UID"], 1)
    assert "Flood, mud; and\nEND:VEVENT" in moved["DESCRIPTION"] and "Planned for" in moved["DESCRIPTION"]
    actions.cancel(occasion=row, reason="Worse", by=BY, now=now)
    off = event(feed(door("")), row.at + 6 * HOUR)
    assert (off["UID"], off["SEQUENCE"], off["STATUS"]) == (before["UID"], 2, "CANCELLED")
    assert off["SUMMARY"] == "Cancelled: Dispatch"


def test_every_line_of_the_feed_ends_and_folds_as_the_standard_says(town: Town, door: Door) -> None:
    row = meeting(town, "dispatch", "2024-W17")
    actions.cancel(occasion=row, reason="大雨" * 100, by=BY, now=at(town, PRESENT))
    raw = door("").get("/town/calendar.ics").content
    lines = raw.split(b"\r\n")
    assert raw.endswith(b"END:VCALENDAR\r\n") and b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 75
    assert any(line.startswith(b" ") for line in lines)


def test_ones_own_feed_holds_what_concerns_one(town: Town, door: Door) -> None:
    clerk, office = feed(door(""), own(town, "clerk")), feed(door(""), own(town, "office"))
    assert {str(part["SUMMARY"]) for part in clerk.walk("VEVENT")} == {"Dispatch"}, (
        "the bureaus come to that alone"
    )
    assert [str(part["SUMMARY"]) for part in clerk.walk("VTODO")] == ["Report (Dispatch)"]
    assert {str(part["SUMMARY"]) for part in office.walk("VEVENT")} == {"Dispatch", "Review"}
    assert [str(part["SUMMARY"]) for part in office.walk("VTODO")] == ["Room (Dispatch)"]
    (todo,) = clerk.walk("VTODO")
    assert (todo["DUE"].dt, todo["STATUS"]) == (at(town, "2024-04-12 17:30"), "NEEDS-ACTION")
    row = Preparation.objects.get(unit__key="water")
    actions.prepare(preparation=row, text="Done", by=BY, now=at(town, PRESENT))
    (todo,) = feed(door(""), own(town, "clerk")).walk("VTODO")
    assert todo["STATUS"] == "COMPLETED"
    assert door("").get(own(town, "clerk"))["Cache-Control"] == "private, no-store"


def test_ones_own_link_ends_when_it_is_renewed_and_with_ones_post(town: Town, door: Door) -> None:
    clerk, before = door("clerk"), own(town, "clerk")
    assert before.rpartition("/")[2] in body(clerk.get("/town/calendar"))
    assert "-" + before.rpartition("-")[2] not in body(door("office").get("/town/calendar"))
    clerk.post("/town/calendar/link")
    assert door("").get(before).status_code == 404
    after = own(town, "clerk")
    assert after != before and door("").get(after).status_code == 200
    assert door("").get(own(town, "office")).status_code == 200, "another's stays"
    Post.objects.filter(account=town.posts["clerk"].account).delete()
    assert door("").get(after).status_code == 404


@pytest.mark.parametrize("token", ["1", "1-", "-", "x-y", "99999999999999999999-a", "²-a", "1-" + "a" * 32])
def test_a_guessed_link_finds_nothing(town: Town, door: Door, token: str) -> None:
    assert door("").get(f"/town/calendar/{token}.ics").status_code == 404


def test_a_link_of_one_place_opens_no_other(town: Town, door: Door) -> None:
    opening_town(key="vale")
    assert door("").get(own(town, "clerk").replace("/town/", "/vale/")).status_code == 404


def test_someone_without_a_post_has_no_link_of_their_own(town: Town, door: Door) -> None:
    assert "secret link" not in body(door("").get("/town/calendar"))
    assert door("").post("/town/calendar/link").status_code == 302
    assert not Event.objects.filter(kind="calendar.link_renewed").exists()
