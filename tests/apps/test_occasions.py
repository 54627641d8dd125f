"""Occasions: each comes round once, is told when it is due, and is held with minutes."""

from __future__ import annotations

from datetime import datetime, timedelta

from leitai.apps.ledger.actions import UNCHANGED
from leitai.apps.ledger.models import Event
from leitai.apps.ledger.queries import data
from leitai.apps.occasions import actions, queries
from leitai.apps.occasions.models import Occasion, OccasionState
from tests.factories import BY, DAY, HOUR, MINUTE, NOW, Town, refused


def plan(town: Town, now: datetime = NOW, since: datetime | None = None) -> object:
    return actions.plan(place=town.place, since=since, by="drive", now=now)


def tell(town: Town, now: datetime) -> object:
    return actions.tell_due(place=town.place, by="drive", now=now)


def call(town: Town, mark: str = "event:7") -> object:
    return actions.call(
        place=town.place, key="statement", at=NOW, mark=mark, cause="event:7/x", by="drive", now=NOW
    )


def test_a_hundred_days_are_planned_and_each_once(town: Town) -> None:
    count = plan(town)
    assert count == Occasion.objects.count() > 15
    assert plan(town) is UNCHANGED
    assert plan(town, NOW + 7 * DAY) == 1, "one more week"
    assert Occasion.objects.values("key", "nominal").distinct().count() == Occasion.objects.count()


def test_a_day_off_moves_it_and_the_reason_is_kept(town: Town) -> None:
    plan(town)
    moved = Occasion.objects.get(
        key="dispatch", nominal="2024-W24"
    )  # Monday 10 June: the Dragon Boat festival
    assert moved.at.astimezone(town.place.zone).strftime("%Y-%m-%d %H:%M") == "2024-06-11 09:00"
    assert "2024-06-10" in moved.moved
    usual = Occasion.objects.get(key="dispatch", nominal="2024-W16")
    assert usual.moved == ""


def test_what_is_only_called_is_not_planned(town: Town) -> None:
    plan(town)
    assert not Occasion.objects.filter(key="statement").exists()


def test_an_event_calls_one_meeting_once(town: Town) -> None:
    row = call(town)
    assert row.at.astimezone(town.place.zone).strftime("%Y-%m-%d %H:%M") == "2024-04-17 15:00"
    assert call(town) is UNCHANGED
    assert call(town, "event:8").pk != row.pk
    assert Event.objects.get(kind="occasion.called", subject=f"occasion:{row.pk}").cause == "event:7/x"


def test_it_is_told_when_it_is_due_and_once(town: Town) -> None:
    plan(town)
    first = Occasion.objects.order_by("at")[0]
    assert tell(town, first.at - MINUTE) is UNCHANGED
    assert tell(town, first.at) == 1
    assert tell(town, first.at + MINUTE) is UNCHANGED
    event = Event.objects.get(kind="occasion.due")
    assert event.at == first.at
    assert data(event) == {"occasion.key": first.key, "occasion.late": False}


def test_one_that_is_told_late_says_so(town: Town) -> None:
    plan(town)
    first, second = Occasion.objects.order_by("at")[:2]
    tell(town, second.at + HOUR)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.late, second.late) == (True, False)
    assert [
        data(event)["occasion.late"] for event in Event.objects.filter(kind="occasion.due").order_by("id")
    ] == [
        True,
        False,
    ]


def test_it_is_held_with_minutes_once_and_not_before_its_day(town: Town) -> None:
    plan(town)
    row = Occasion.objects.order_by("at")[0]

    def hold(note: str, now: datetime) -> Occasion:
        return actions.hold(occasion=row, note=note, nothing=True, by=BY, now=now)

    with refused("too-early"):
        hold("Decided", row.at - 2 * DAY)
    with refused("no-minutes"):
        hold("  ", row.at)
    held = hold(" Decided ", row.at + HOUR)
    assert (held.state, held.note, held.held_at) == (OccasionState.HELD, "Decided", row.at + HOUR)
    with refused("held-already"):
        hold("Again", row.at + 2 * HOUR)
    assert tell(town, row.at + MINUTE) is UNCHANGED, "what was held is not told as due"


def test_a_month_at_a_glance_is_the_places_own(town: Town) -> None:
    plan(town)
    may = queries.month(town.place, 2024, 5)
    assert {row.at.astimezone(town.place.zone).month for row in may} == {5}
    assert [row.key for row in may].count("review") == 1
    assert queries.name(may[0]).en == "Dispatch"
    soon = queries.coming(town.place, NOW, days=7)
    assert soon and all(row.at < NOW + timedelta(days=7) for row in soon)


def test_one_places_occasions_are_not_in_anothers_calendar(town: Town, vale: Town) -> None:
    plan(town)
    assert queries.coming(vale.place, NOW) == queries.month(vale.place, 2024, 5) == []
    assert queries.occasion(vale.place, Occasion.objects.first().pk) is None
    assert tell(vale, NOW + 90 * DAY) is UNCHANGED
    assert plan(vale) == Occasion.objects.filter(place=town.place).count()
