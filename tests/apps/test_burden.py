"""The burden meter: what is asked is registered once with its basis, what takes time counts, months above."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from leitai.apps.burden import actions, queries
from leitai.apps.burden.doubles import alike, figure_of
from leitai.apps.burden.models import Ask, Excess
from leitai.apps.ledger.models import Event
from leitai.rules.kernel import Period
from tests.factories import BY, DAY, NOW, Town, refused

from .rounds_town import town, visit

pytestmark = pytest.mark.django_db
APRIL, MARCH = Period.parse("2024-04"), Period.parse("2024-03")
BASIS = "Fire law, article 53"


@pytest.fixture
def place(db: None) -> Town:
    return town()


def ask(place: Town, title: str = "Boilers older than ten years", **more: Any) -> Ask:
    given = {
        "basis": BASIS, "minutes": 30, "due": NOW + 5 * DAY, "units": [place.units[key] for key in ("water", "roads")],
        "by": BY, "now": NOW,
    }  # fmt: skip
    return actions.make(place=place.place, title=title, **given | more)


def pointer(place: Town, title: str, **more: Any) -> str:
    """What a refused ask points to."""
    from leitai.apps.ledger.errors import Refused

    with pytest.raises(Refused) as told:
        ask(place, title, **more)
    return f"{told.value.finding.code} {told.value.finding.values['subject']}"


def minutes(place: Town, period: Period = APRIL, until: Any = None) -> dict[str, int]:
    rows = queries.spent(place.place, period.first, until or period.last)
    names = {unit.pk: key for key, unit in place.units.items()}
    return {names[pk]: took for pk, took in queries.total_by_unit(rows).items()}


def test_an_ask_needs_a_basis_a_time_and_somebody_who_is_asked(place: Town) -> None:
    for wrong, code in (
        ({"basis": " "}, "no-basis"), ({"title": ""}, "no-title"), ({"minutes": 0}, "bad-minutes"),
        ({"due": NOW}, "due-over"), ({"units": []}, "no-units"), ({"period": "spring"}, "no-period"),
    ):  # fmt: skip
        with refused(code):
            ask(place, **{"title": "Boilers", **wrong})
    row = ask(place)
    assert row.replies.count() == 2 and place.kinds()[-1] == "ask.made"


def test_the_same_is_not_asked_twice_and_what_it_doubles_is_pointed_at(place: Town) -> None:
    row = ask(place, period="2024-03")
    same = f"ask:{row.pk}"
    assert pointer(place, "BOILERS, older than ten years!", period="2024-03") == f"asked-already {same}"
    assert pointer(place, "Boilers that are older than ten years") == f"asked-alike {same}"
    assert ask(place, "Boilers older than ten years", period="2024-04").pk != row.pk
    assert ask(place, "Heads of staff and their telephone numbers").pk != row.pk
    actions.withdraw(ask=row, why="The fire brigade has it", by=BY, now=NOW + DAY)
    assert ask(place, period="2024-03", now=NOW + DAY).pk != row.pk


def test_what_the_rule_book_asks_or_the_house_works_out_is_not_asked(place: Town) -> None:
    assert pointer(place, "Funds arrived") == "in-rule-book measure:funds"
    assert pointer(place, "到位资金") == "in-rule-book measure:funds"
    assert pointer(place, "Another title", figure="funds") == "in-rule-book measure:funds"
    assert pointer(place, "Errands finished") == "worked-out measure:finished"
    # Windows are in no table that weighs it: nobody asks them for it, and nobody can say it of them.
    assert ask(place, "Funds arrived", units=[place.units["tax-window"]]).pk


def test_titles_are_alike_by_their_letters_not_by_their_numbers_and_marks() -> None:
    assert alike("2024年3月到位资金统计表", "4月份到位资金统计表")
    assert alike("Boilers, older than TEN years", "boilers older than ten years")
    assert not alike("到位资金统计表", "干部联系电话花名册")
    assert not alike("Boilers", "Bridges") and not alike("…", "Boilers")
    assert figure_of("Boilers, by street") == figure_of(" BOILERS by Street") != figure_of("Bridges")


def test_a_unit_answers_once_and_nobody_answers_what_was_withdrawn(place: Town) -> None:
    row, water, roads = ask(place), place.units["water"], place.units["roads"]
    with refused("not-asked"):
        actions.reply(ask=row, unit=place.units["tax"], text="None", by=BY, now=NOW)
    with refused("no-words"):
        actions.reply(ask=row, unit=water, text=" ", by=BY, now=NOW)
    actions.reply(ask=row, unit=water, text="None here", by=BY, now=NOW + DAY)
    with refused("replied-already"):
        actions.reply(ask=row, unit=water, text="One after all", by=BY, now=NOW + DAY)
    with refused("no-reason"):
        actions.withdraw(ask=row, why="", by=BY, now=NOW + DAY)
    actions.withdraw(ask=row, why="Found elsewhere", by=BY, now=NOW + DAY)
    with refused("withdrawn-already"):
        actions.reply(ask=row, unit=roads, text="None", by=BY, now=NOW + DAY)
    with refused("withdrawn-already"):
        actions.withdraw(ask=row, why="Again", by=BY, now=NOW + DAY)
    clerk = place.viewer("clerk")
    assert queries.to_answer(clerk, place.place) == []


def test_a_clerk_is_told_what_waits_for_the_own_unit(place: Town) -> None:
    late, soon = ask(place, due=NOW + 9 * DAY), ask(place, "Bridges over water", due=NOW + DAY)
    ask(place, "Trees along the road", units=[place.units["roads"]])
    assert [one.ask for one in queries.to_answer(place.viewer("clerk"), place.place)] == [soon, late]


def test_everything_that_takes_time_counts_where_and_when_it_did(place: Town) -> None:
    from leitai.apps.inspections import actions as inspections
    from leitai.apps.occasions.models import Occasion

    before = minutes(place)
    # The figure of March is asked of bureaus and districts on 1 April: 20 minutes of each.
    assert before == dict.fromkeys(("water", "roads", "tax", "north", "south", "harbour"), 20)
    ask(place)
    row = visit(place, "roads")
    inspections.begin_visit(visit=row, by=BY, now=NOW)
    inspections.note(visit=row, answers={"window": "yes", "papers": "0", "words": "Well"}, by=BY, now=NOW)
    inspections.end_visit(visit=row, minutes=70, by=BY, now=NOW)
    Occasion.objects.create(place=place.place, key="inspection-talk", nominal="2024-H1", at=NOW)
    case = place.case("hole", None, title="Hole")
    place.move(case, "dispatch", "office", unit="tax")
    place.move(
        case, "reply", "unit", owner="Li", next_step="Send the crew on Friday", time="2024-04-20 10:00"
    )
    after = minutes(place)
    assert {key: after[key] - before[key] for key in before} == {
        "water": 30 + 90, "roads": 30 + 70 + 90, "tax": 15 + 90, "north": 0, "south": 0, "harbour": 0,
    }  # fmt: skip
    rows = queries.spent(place.place, APRIL.first, APRIL.last)
    assert queries.by_cause(rows, place.units["roads"].pk) == {
        "meeting": 90,
        "inspection": 70,
        "ask": 30,
        "figure": 20,
    }
    assert minutes(place, MARCH)["water"] == 20 and minutes(place, until=NOW.date() - DAY)["roads"] == 20


def test_of_one_unit_the_same_is_told_as_of_all(place: Town) -> None:
    from leitai.apps.occasions.models import Occasion

    ask(place)
    Occasion.objects.create(place=place.place, key="inspection-talk", nominal="2024-H1", at=NOW)
    case = place.case("hole", None, title="Hole")
    place.move(case, "dispatch", "office", unit="water")
    place.move(
        case, "reply", "unit", owner="Li", next_step="Send the crew on Friday", time="2024-04-20 10:00"
    )
    whole = minutes(place)
    for key, unit in place.units.items():
        own = queries.spent(place.place, APRIL.first, APRIL.last, unit)
        assert sum(one.minutes for one in own) == whole.get(key, 0)
        assert all(one.units == (unit.pk,) for one in own)
    told = queries.of_unit(place.units["water"], NOW)
    assert told is not None
    assert (told.week, told.month, told.ceiling) == (30 + 90 + 15, 30 + 90 + 15 + 20, 300)


def test_a_cancelled_meeting_and_a_withdrawn_ask_cost_nothing_but_the_answers_given(place: Town) -> None:
    from leitai.apps.occasions.models import Occasion

    Occasion.objects.create(
        place=place.place, key="inspection-talk", nominal="x", at=NOW, state="cancelled", cancelled_at=NOW,
        cancelled_why="Flood",
    )  # fmt: skip
    row = ask(place)
    actions.reply(ask=row, unit=place.units["water"], text="None here", by=BY, now=NOW)
    actions.withdraw(ask=row, why="Found elsewhere", by=BY, now=NOW)
    after = minutes(place)
    assert (after["water"], after["roads"]) == (50, 20)


def test_weeks_of_units_come_with_the_most_burdened_first(place: Town) -> None:
    ask(place)
    weeks = [Period.parse(f"2024-W{n}") for n in (13, 14, 15)]
    rows = queries.meter(place.place, weeks, NOW.date(), place.units.values())
    assert [(one.unit.key, one.minutes, one.total) for one in rows[:3]] == [
        ("roads", (0, 20, 30), 50), ("water", (0, 20, 30), 50), ("harbour", (0, 20, 0), 20),
    ]  # fmt: skip


def test_a_month_above_the_ceiling_is_told_once_for_each_unit(place: Town) -> None:
    from leitai.drive.daily import tell_excess

    ask(place, minutes=290)
    may = NOW + timedelta(days=25)
    with refused("month-not-over"):
        actions.tell_excess(place=place.place, month=APRIL, by="drive", now=NOW)
    assert actions.tell_excess(place=place.place, month=APRIL, by="drive", now=may) == 2
    assert not actions.tell_excess(place=place.place, month=APRIL, by="drive", now=may)
    assert sorted((row.unit.key, row.minutes, row.ceiling) for row in Excess.objects.all()) == [
        ("roads", 310, 300), ("water", 310, 300),
    ]  # fmt: skip
    events = Event.objects.filter(kind="burden.exceeded")
    assert {event.at for event in events} == {APRIL.bounds(place.place.zone)[1]}
    tell_excess(place.place, may)
    assert Excess.objects.count() == events.count() == 2


def test_the_daily_work_tells_of_months_since_the_place_was_and_of_no_others(db: None) -> None:
    from leitai.drive.daily import tell_excess

    place = town(ceiling=10)
    may, july = NOW + timedelta(days=25), NOW + timedelta(days=90)
    tell_excess(place.place, may)
    assert not Excess.objects.exists()  # it began on 10 April: that month is not told of, nor any before
    tell_excess(place.place, july)
    assert {row.month for row in Excess.objects.all()} == {"2024-05", "2024-06"}
    count = Excess.objects.count()
    tell_excess(place.place, july + DAY)
    assert Excess.objects.count() == count


def test_a_worker_looks_at_a_month_once_and_the_next_worker_again(db: None) -> None:
    from leitai.drive.daily import Excess as Months

    place = town(ceiling=10)
    july = NOW + timedelta(days=90)
    worker = Months()
    worker(place.place, july)
    told = Excess.objects.count()
    assert told and {row.month for row in Excess.objects.all()} == {"2024-05", "2024-06"}
    Excess.objects.all().delete()
    worker(place.place, july + DAY)
    assert not Excess.objects.exists()
    Months()(place.place, july + DAY)
    assert Excess.objects.count() == told


def test_without_a_ceiling_nothing_is_told(db: None) -> None:
    place = town(ceiling=None)
    ask(place, minutes=4000)
    assert not actions.tell_excess(place=place.place, month=APRIL, by="drive", now=NOW + timedelta(days=25))
