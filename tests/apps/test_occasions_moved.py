"""Occasions that people move or cancel: with a reason, once, and planned anew by nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest

from leitai.apps.ledger.actions import UNCHANGED
from leitai.apps.ledger.models import Event
from leitai.apps.ledger.queries import data
from leitai.apps.occasions import actions, queries
from leitai.apps.occasions.models import Occasion, OccasionState, Preparation
from leitai.apps.regimes.actions import load
from tests.apps.opening_town import CADENCE, at, drive, local, meeting, opening_town, rules
from tests.factories import BY, DAY, HOUR, NOW, Town, refused


@pytest.fixture
def town(db: None) -> Town:
    return opening_town()


def shift(
    row: Occasion, to: object, now: object = NOW, reason: str = "The hall is being painted"
) -> Occasion:
    return actions.shift(occasion=row, at=to, reason=reason, by=BY, now=now)


def cancel(row: Occasion, now: object = NOW, reason: str = "Flood") -> Occasion:
    return actions.cancel(occasion=row, reason=reason, by=BY, now=now)


def test_what_is_moved_keeps_the_time_it_was_planned_for_and_its_reason(town: Town) -> None:
    row = meeting(town, "dispatch", "2024-W17")
    first = row.at
    shift(row, first + DAY)
    moved = shift(row, first + 2 * DAY, reason=" Again ")
    assert (moved.at, moved.planned_at, moved.moved) == (first + 2 * DAY, first, "Again")
    assert moved.shifted_by == BY
    said = [data(one) for one in Event.objects.filter(kind="occasion.shifted").order_by("id")]
    assert [one["reason"] for one in said] == ["The hall is being painted", "Again"]
    assert said[1]["from"] == said[0]["to"]
    assert queries.revisions(town.place) == {f"occasion:{row.pk}": 2}


def test_what_was_moved_is_not_entered_anew_nor_taken_back(town: Town) -> None:
    row = meeting(town, "dispatch", "2024-W17")
    shift(row, row.at + DAY)
    count = Occasion.objects.count()
    assert actions.plan(place=town.place, by="drive", now=NOW + HOUR) is UNCHANGED
    assert Occasion.objects.count() == count
    assert Occasion.objects.filter(key="dispatch", nominal="2024-W17").count() == 1


def test_what_was_cancelled_stays_on_the_calendar_and_comes_no_more(town: Town) -> None:
    row = cancel(meeting(town, "dispatch", "2024-W17"), reason=" Flood ")
    assert (row.state, row.cancelled_at, row.cancelled_why) == (OccasionState.CANCELLED, NOW, "Flood")
    assert actions.plan(place=town.place, by="drive", now=NOW + HOUR) is UNCHANGED
    drive(town, NOW + 20 * DAY)
    assert not Event.objects.filter(
        kind__in=("occasion.due", "occasion.opened", "preparation.missed"), subject=f"occasion:{row.pk}"
    ).exists()
    assert row in queries.month(town.place, 2024, 4)
    assert row not in queries.coming(town.place, NOW + 20 * DAY)


@pytest.mark.parametrize("key", ["moved", "cancelled"])
def test_a_change_needs_a_reason(town: Town, key: str) -> None:
    row = meeting(town, "dispatch", "2024-W17")
    if key == "moved":
        with refused("shift-no-reason"):
            shift(row, row.at + DAY, reason="  ")
    else:
        with refused("cancel-no-reason"):
            cancel(row, reason="  ")


def test_nothing_is_moved_to_the_past_or_nowhere(town: Town) -> None:
    row = meeting(town, "dispatch", "2024-W17")
    with refused("shift-to-past"):
        shift(row, NOW)
    with refused("shift-nowhere"):
        shift(row, row.at)


def test_what_has_begun_is_not_moved_and_what_is_over_is_not_cancelled(town: Town) -> None:
    row = meeting(town, "dispatch", "2024-W16")
    with refused("occasion-over"):
        shift(row, row.at + DAY, now=row.at)
    drive(town, row.at)
    with refused("occasion-over"):
        shift(row, row.at + DAY, now=row.at - HOUR)
    cancel(row, now=row.at + HOUR)
    with refused("occasion-over"):
        cancel(row, now=row.at + HOUR)
    with refused("occasion-over"):
        shift(row, row.at + 9 * DAY, now=row.at + HOUR)


def test_what_must_be_ready_is_due_later_when_the_meeting_is(town: Town) -> None:
    drive(town, at(town, "2024-04-11 08:30"))
    row = meeting(town, "dispatch", "2024-W16")
    shift(row, at(town, "2024-04-17 09:00"), now=at(town, "2024-04-11 10:00"))
    assert {local(town, one.due) for one in row.preparations.all()} == {"04-16 17:30"}
    drive(town, at(town, "2024-04-12 18:00"))
    assert not Event.objects.filter(kind="preparation.missed").exists()
    assert Event.objects.filter(kind="occasion.opened", subject=f"occasion:{row.pk}").count() == 1


def test_what_was_missed_before_the_meeting_was_moved_stays_missed(town: Town) -> None:
    drive(town, at(town, "2024-04-11 08:30"))
    row = meeting(town, "dispatch", "2024-W16")
    due = at(town, "2024-04-12 17:30")
    shift(row, row.at + timedelta(days=2), now=due + HOUR)  # the drive slept since it was due
    found = list(Preparation.objects.filter(occasion=row))
    assert {(one.rung, one.missed_at) for one in found} == {(1, due)}
    drive(town, at(town, "2024-04-15 12:00"))
    assert {one.rung for one in Preparation.objects.filter(occasion=row)} == {1}
    drive(town, row.at + timedelta(days=2))
    assert {one.rung for one in Preparation.objects.filter(occasion=row)} == {2}


def test_moved_nearer_it_opens_at_once(town: Town) -> None:
    row = shift(meeting(town, "dispatch", "2024-W18"), at(town, "2024-04-11 14:00"))
    assert (row.state, row.opened_at, row.late) == (OccasionState.OPEN, NOW, False)
    assert all(NOW < one.due <= row.at for one in row.preparations.all())
    drive(town, NOW + HOUR)
    assert Event.objects.filter(kind="occasion.opened", subject=f"occasion:{row.pk}").count() == 1


def test_a_changed_rule_book_takes_back_what_was_planned_but_not_what_people_were_told_of(town: Town) -> None:
    drive(town, at(town, "2024-04-11 08:30"))
    shift(meeting(town, "dispatch", "2024-W18"), at(town, "2024-05-06 16:00"))
    later = CADENCE.replace("day: monday", "day: thursday").replace("of: north", "of: office")
    later = later.replace("of: water", "of: office")
    text = rules(cadence=later).replace("in_force: 2024-01-01", "in_force: 2024-04-11")
    load(place=town.place, text=text, by=BY, now=NOW)
    actions.plan(place=town.place, by="drive", now=at(town, "2024-04-11 09:00"))
    days = {
        row.nominal: row.at.astimezone(town.place.zone).strftime("%a %H:%M")
        for row in Occasion.objects.filter(key="dispatch")
    }
    assert days["2024-W16"] == "Mon 09:00", "opened already"
    assert days["2024-W17"] == "Thu 09:00"
    assert days["2024-W18"] == "Mon 16:00", "moved by people"
