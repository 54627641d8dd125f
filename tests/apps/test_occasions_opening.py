"""Opening: those who prepare are asked in time, and what is not ready climbs once, at the instant of the breach."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from leitai.apps.ledger.models import Event
from leitai.apps.ledger.queries import data
from leitai.apps.occasions import actions, queries
from leitai.apps.occasions.models import Occasion, OccasionState, Preparation
from leitai.apps.outbox import actions as outbox
from leitai.apps.outbox.models import Channel, Message
from leitai.drive.coming import next_due
from tests.apps.opening_town import at, drive, local, meeting, opening_town
from tests.factories import BY, DAY, HOUR, MINUTE, NOW, Town, refused

VALUES = {"water": 12, "roads": 9, "tax": 5, "north": 10, "south": 7, "harbour": 3}


@pytest.fixture
def town(db: None) -> Town:
    return opening_town()


def asked(row: Occasion) -> set[tuple[str, str, str]]:
    return {
        (
            one.key,
            one.unit.key if one.unit else "",
            one.due.astimezone(row.place.zone).strftime("%m-%d %H:%M"),
        )
        for one in queries.preparations_of(row)
    }


def told(town: Town, kind: str) -> list[tuple[str, datetime, dict[str, object]]]:
    rows = Event.objects.filter(place=town.place, kind=kind).order_by("at", "id")
    return [(row.subject, row.at, data(row)) for row in rows]


def hand_in(row: Preparation, now: datetime, text: str = "All is told") -> Preparation:
    return actions.prepare(preparation=row, text=text, by=BY, now=now)


def channel(town: Town, unit: str) -> Channel:
    kinds = ("occasion.opened", "occasion.cancelled", "preparation.missed")
    draft = outbox.ChannelDraft(f"Of {unit}", kinds, address="li@office.example")
    row = town.units[unit] if unit else None
    return outbox.add_channel(place=town.place, unit=row, kind="mail", draft=draft, by=BY, now=NOW)


def test_it_opens_in_the_morning_of_the_workday_and_asks_those_who_come_and_the_office(town: Town) -> None:
    drive(town, at(town, "2024-04-11 08:29"))
    assert meeting(town, "dispatch", "2024-W16").state == OccasionState.PLANNED
    drive(town, at(town, "2024-04-11 08:30"))
    row = meeting(town, "dispatch", "2024-W16")
    assert (row.state, row.opened_at, row.late) == (OccasionState.OPEN, at(town, "2024-04-11 08:30"), False)
    assert asked(row) == {
        ("room", "", "04-12 17:30"),
        ("report", "water", "04-12 17:30"),
        ("report", "roads", "04-12 17:30"),
        ("report", "tax", "04-12 17:30"),
    }
    drive(town, at(town, "2024-04-11 12:00"))
    (event,) = [one for one in told(town, "occasion.opened") if one[0] == f"occasion:{row.pk}"]
    assert event[1] == at(town, "2024-04-11 08:30")
    assert event[2] == {"occasion.key": "dispatch", "occasion.late": False, "preparations": 4}


def test_best_and_worst_are_those_whom_the_table_that_is_read_names(town: Town) -> None:
    town.reports("2024-03", VALUES)
    town.table("works", "2024-03")
    drive(town, at(town, "2024-05-06 08:30"))
    row = meeting(town, "review", "2024-05")
    assert {(key, unit) for key, unit, _ in asked(row)} == {
        ("plan", "tax"),
        ("plan", "harbour"),
        ("story", "water"),
        ("story", "north"),
        ("map", "north"),
    }


def test_without_a_table_nobody_is_best_or_worst(town: Town) -> None:
    drive(town, at(town, "2024-05-06 08:30"))
    assert {(key, unit) for key, unit, _ in asked(meeting(town, "review", "2024-05"))} == {("map", "north")}


def test_what_is_missing_climbs_to_the_office_when_due_and_to_the_leaders_when_the_meeting_begins(
    town: Town,
) -> None:
    drive(town, at(town, "2024-04-11 08:30"))
    row = meeting(town, "dispatch", "2024-W16")
    for one in queries.preparations_of(row):
        if one.unit is None or one.unit.key != "tax":
            hand_in(one, at(town, "2024-04-12 10:00"))
    late = Preparation.objects.get(occasion=row, unit__key="tax")
    drive(town, at(town, "2024-04-12 17:29"))
    assert told(town, "preparation.missed") == []
    drive(town, at(town, "2024-04-12 19:00"))
    drive(town, at(town, "2024-04-13 19:00"))
    drive(town, at(town, "2024-04-15 11:00"))
    drive(town, at(town, "2024-04-15 12:00"))
    said = {
        "preparation.key": "report",
        "occasion.key": "dispatch",
        "occasion.late": False,
        "unit.key": "tax",
        "unit.kind": "bureau",
        "preparation": late.pk,
    }
    subject = f"occasion:{row.pk}"
    first, second = told(town, "preparation.missed")
    assert first == (subject, at(town, "2024-04-12 17:30"), said | {"preparation.rung": 1})
    assert second[:2] == (subject, at(town, "2024-04-15 09:00"))
    assert second[2]["preparation.rung"] == 2
    late.refresh_from_db()
    assert (late.rung, late.missed_at) == (2, at(town, "2024-04-12 17:30"))


def test_late_is_late_whether_or_not_the_drive_had_noticed(town: Town) -> None:
    drive(town, at(town, "2024-04-11 08:30"))
    row = Preparation.objects.get(key="room")
    hand_in(row, at(town, "2024-04-12 17:31"))
    drive(town, at(town, "2024-04-12 17:40"))
    (first, *others) = [one for one in told(town, "preparation.missed") if one[2]["unit.key"] == ""]
    assert (first[1], first[2]["preparation.rung"], others) == (at(town, "2024-04-12 17:30"), 1, [])
    drive(town, at(town, "2024-04-15 10:00"))
    assert [one[2]["preparation.rung"] for one in told(town, "preparation.missed")].count(2) == 3, (
        "handed in before the meeting, it does not climb to the leaders"
    )


def test_what_is_handed_in_at_the_instant_it_is_due_is_in_time(town: Town) -> None:
    drive(town, at(town, "2024-04-11 08:30"))
    due = at(town, "2024-04-12 17:30")
    assert next_due(town.place, due - MINUTE) == next_due(town.place, due) == due + timedelta(seconds=1), (
        "whoever plays a year at speed stops when it is missed, not before"
    )
    drive(town, due)
    assert told(town, "preparation.missed") == [], "the drive comes by at the instant itself"
    for one in Preparation.objects.exclude(unit=town.units["tax"]):
        hand_in(one, due)
    assert told(town, "preparation.missed") == []
    assert {one[2]["late"] for one in told(town, "preparation.done")} == {False}
    drive(town, due + timedelta(microseconds=1))
    (missed,) = told(town, "preparation.missed")
    assert (missed[1], missed[2]["unit.key"]) == (due, "tax")


def test_what_is_due_when_the_meeting_begins_is_in_time_when_it_begins(town: Town) -> None:
    drive(town, at(town, "2024-04-11 08:30"))
    row = meeting(town, "dispatch", "2024-W16")
    Preparation.objects.filter(occasion=row).update(due=row.at)
    drive(town, row.at)
    assert told(town, "preparation.missed") == []
    for one in queries.preparations_of(row)[1:]:
        hand_in(one, row.at)
    drive(town, row.at + MINUTE)
    assert [one[2]["preparation.rung"] for one in told(town, "preparation.missed")] == [1, 2]


def test_handing_in_needs_a_text_can_be_done_anew_until_due_and_not_after_all_is_over(town: Town) -> None:
    drive(town, at(town, "2024-04-11 08:30"))
    row = Preparation.objects.get(key="room")
    with refused("nothing-prepared"):
        hand_in(row, at(town, "2024-04-11 10:00"), " ")
    hand_in(row, at(town, "2024-04-11 10:00"), " Room 3 ")
    assert hand_in(row, at(town, "2024-04-12 17:30"), "Room 4").text == "Room 4"
    with refused("prepared-already"):
        hand_in(row, at(town, "2024-04-12 17:31"), "Room 5")
    actions.cancel(occasion=row.occasion, reason="Flood", by=BY, now=at(town, "2024-04-12 17:32"))
    other = Preparation.objects.get(key="report", unit__key="tax")
    with refused("occasion-over"):
        hand_in(other, at(town, "2024-04-12 17:33"))


def test_whoever_is_told_late_has_as_much_more_time_at_most_until_the_meeting(town: Town) -> None:
    drive(town, at(town, "2024-04-11 20:30"))
    row = meeting(town, "dispatch", "2024-W16")
    assert row.late
    assert {due for _, _, due in asked(row)} == {"04-13 05:30"}, "twelve hours later, as it was opened"
    drive(town, at(town, "2024-04-20 08:30"))  # two days after the next should have opened
    drive(town, at(town, "2024-04-21 23:00"))
    assert {due for _, _, due in asked(meeting(town, "dispatch", "2024-W17"))} == {"04-21 17:30"}


def test_nobody_is_asked_for_what_can_not_be_ready_any_more(town: Town) -> None:
    drive(town, at(town, "2024-04-15 10:30"))
    row = meeting(town, "dispatch", "2024-W16")
    assert (row.state, row.late, asked(row)) == (OccasionState.DUE, True, set())
    assert [one[2]["occasion.late"] for one in told(town, "occasion.opened")].count(True) >= 1
    assert told(town, "preparation.missed") == []


def test_a_called_meeting_opens_at_once_where_its_opening_lies_before_its_call(town: Town) -> None:
    row = actions.call(
        place=town.place,
        key="statement",
        at=NOW,
        mark="event:7",
        cause="event:7/x",
        by="drive",
        now=NOW + MINUTE,
    )
    assert (row.state, row.late) == (OccasionState.OPEN, False)
    assert local(town, row.at) == "04-17 15:00"
    (event,) = told(town, "occasion.opened")[-1:]
    assert event[1] == NOW, "not before it was called"
    words = Preparation.objects.get(key="words")
    # Eight workdays before it is 7 April, a make-up workday, seven is the 8th: told on the 10th, as much later.
    assert local(town, words.due) == "04-11 19:00"
    actions.open_due(place=town.place, by="drive", now=NOW + HOUR)
    assert len([one for one in told(town, "occasion.opened") if one[0] == f"occasion:{row.pk}"]) == 1


def test_those_who_come_are_told_by_their_own_channels_and_others_are_not(town: Town) -> None:
    mine, other, everyone = (channel(town, unit) for unit in ("water", "south", ""))
    drive(town, at(town, "2024-04-11 08:30"))
    opened = Message.objects.filter(kind="occasion.opened")
    assert set(opened.values_list("channel", flat=True)) == {mine.pk, everyone.pk}
    assert [row.text for row in opened.filter(channel=mine)] == ["Dispatch, 15 Apr, 09:00: to be prepared"]
    assert "Review, 10 Apr, 14:30: told too late to be prepared" in [row.text for row in opened]
    drive(town, at(town, "2024-04-12 18:00"))
    missed = Message.objects.filter(kind="preparation.missed")
    assert missed.filter(channel=everyone).count() == 4
    assert [row.text for row in missed.filter(channel=mine)] == [
        "Dispatch, 15 Apr, 09:00: “Report” of Water Bureau is missing"
    ]
    assert not Message.objects.filter(channel=other).exists()


def test_a_viewer_sees_what_is_asked_of_their_own(town: Town) -> None:
    drive(town, at(town, "2024-04-11 08:30"))

    def of(role: str) -> set[tuple[str, str]]:
        rows = queries.to_prepare(town.viewer(role), town.place)
        return {(row.key, row.unit.key if row.unit else "") for row in rows}

    assert of("clerk") == {("report", "water")}
    assert of("office") == {("room", "")}
    assert of("leader") == set()
    clerk = town.viewer("clerk")
    assert queries.prepares(clerk, town.units["water"])
    assert not queries.prepares(clerk, town.units["tax"])
    assert not queries.prepares(clerk, None), "what is the office's is not any clerk's"
    assert queries.prepares(town.viewer("office"), town.units["tax"])


def test_opening_one_place_opens_nothing_in_another(town: Town) -> None:
    vale = opening_town(key="vale")
    drive(town, NOW + 5 * DAY)
    assert not Occasion.objects.filter(place=vale.place, opened_at__isnull=False).exists()
    assert not Event.objects.filter(place=vale.place, kind="occasion.opened").exists()
