"""The week's two lists, the visit list, and a unit's verdicts in public and looked into."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from leitai.apps.ballots import actions, queries
from leitai.rules.kernel import Period

from .place import BY, Shan

Door = Callable[[str], Any]


def text(answer: Any) -> str:
    """The page, which was answered well."""
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def last_week(shan: Shan) -> tuple[Period, datetime]:
    """The newest whole week and noon of its Wednesday."""
    week = Period.containing("week", shan.now.astimezone(shan.place.zone).date()).previous()
    return week, week.bounds(shan.place.zone)[0] + timedelta(days=2, hours=12)


def past(
    shan: Shan, unit: Any, good: int, bad: int, channel: str = "visit", standing: str = "upheld"
) -> None:
    """Verdicts of last week on a unit, at its point where it has one."""
    at = last_week(shan)[1]
    records = [
        actions.BallotRecord(
            f"{unit.key}-{channel}-{standing}-{number}",
            unit.pk,
            "satisfied" if number < good else "dissatisfied",
            at,
            channel,
            "counted" if number < good else standing,
            "Pressed by mistake" if number >= good and standing == "set_aside" else "",
            shan.point.pk if unit == shan.north else None,
        )
        for number in range(good + bad)
    ]
    shan.place.sample = True  # only there does a record come in as given by a way of the house
    actions.import_ballots(place=shan.place, source="old", records=records, by=BY, now=shan.now)


@pytest.fixture
def busy(shan: Shan) -> Shan:
    """A week in which the north is clearly worse by ticket and the south has most verdicts."""
    past(shan, shan.north, 20, 20)
    past(shan, shan.south, 400, 22)
    past(shan, shan.south, 5, 3, "standing", "set_aside")
    return shan


# The week


def test_the_newest_whole_week_is_shown_and_others_are_reached(busy: Shan, at_door: Door) -> None:
    client, (week, _) = at_door(""), last_week(busy)
    page = text(client.get("/shan/verdicts/week"))
    assert f"{week.first:%Y-%m-%d} – {week.last:%Y-%m-%d}" in page
    assert page.count('rel="next"') == 1 and 'rel="prev"' not in page, "nothing was given before it"
    same = text(client.get(f"/shan/verdicts/week/{week.key}"))
    assert "Most bad verdicts found true" in same
    running = text(client.get(f"/shan/verdicts/week/{week.next().key}"))
    assert "No verdicts were given in this week." in running and "not over yet" in running
    assert 'rel="prev"' in running


@pytest.mark.parametrize("key", ["2026-99", "2020-03", "week", "2199-W02"])
def test_what_is_no_week_or_yet_to_come_is_not_there(shan: Shan, at_door: Door, key: str) -> None:
    assert at_door("").get(f"/shan/verdicts/week/{key}").status_code == 404


def test_the_two_lists_stand_side_by_side(busy: Shan, at_door: Door) -> None:
    page = text(at_door("").get("/shan/verdicts/week"))
    most, share = page.split("Share of bad verdicts beyond chance")
    assert most.index("South Bureau") < most.index("North Bureau"), "22 found true before 20"
    assert "50%" in most and "n = 40" in most
    assert "North Bureau" in share and "South Bureau" not in share
    assert "all others 5.2%" in share
    assert '<line class="line"' in share
    assert "2 units had at least 30 verdicts by this way; 0 had fewer" in share
    assert "Only 1 can be told apart from the rest." in share


def test_ways_are_apart_and_set_aside_is_shown(busy: Shan, at_door: Door) -> None:
    page = text(at_door("").get("/shan/verdicts/week?by=wall"))
    share = page.split("Share of bad verdicts beyond chance")[1]
    assert "Too few to judge: by this way no unit had enough verdicts." in share
    assert re.search(r'href="\?by=wall" aria-current="true">By the code on the wall', share)
    assert "By ticket" in share and "By random draw" not in share
    stats = page.split("Set aside, with the reason</dt>")[1]
    assert stats.startswith("<dd>3<")


def test_a_tie_that_ten_cannot_hold_is_told(shan: Shan, at_door: Door) -> None:
    from leitai.apps.people import actions as people
    from leitai.apps.people.queries import units

    drafts = [people.UnitDraft(f"office-{n:02d}", name_en=f"Office {n}") for n in range(11)]
    people.put_units(place=shan.place, drafts=drafts, by=BY, now=shan.now)
    for unit in units(shan.place, "office"):
        past(shan, unit, 3, 1)
    past(shan, shan.south, 3, 2)
    page = text(at_door("").get("/shan/verdicts/week"))
    assert "South Bureau" in page and "Office 4" not in page
    assert "11 units more have 1 each." in page


def test_a_small_count_is_no_rate(shan: Shan, at_door: Door) -> None:
    past(shan, shan.north, 0, 2)
    page = text(at_door("").get("/shan/verdicts/week"))
    assert "North Bureau" in page and "100%" not in page
    assert "too few to judge" in page


def test_a_week_of_a_place_without_verdicts_or_rules_opens(shan: Shan, at_door: Door) -> None:
    from leitai.apps.people import actions as people

    people.add_place(key="hai", name_zh="海县", name_en="Sea", timezone="Asia/Shanghai", by=BY, now=shan.now)
    for place in ("shan", "hai"):
        assert "No verdicts were given in this week." in text(at_door("").get(f"/{place}/verdicts/week"))


def test_both_languages_have_the_lists(busy: Shan) -> None:
    from django.test import Client

    page = text(Client(headers={"accept-language": "zh-CN"}).get("/shan/verdicts/week"))
    assert "每周十差" in page and "北局" in page


# Whom to visit


def test_the_office_sees_whom_to_visit_and_a_clerk_does_not(shan: Shan, at_door: Door) -> None:
    page = text(at_door("office").get("/shan/office/silent"))
    assert "North Bureau" in page and "never scanned" in page
    assert at_door("north").get("/shan/office/silent").status_code == 403
    assert at_door("").get("/shan/office/silent").status_code == 302


def test_a_code_that_is_scanned_is_not_to_be_visited(shan: Shan, at_door: Door) -> None:
    row = shan.verdict()
    client = at_door("office")
    assert "Every code in use is being scanned." not in text(client.get("/shan/office/silent?days=7"))
    at = shan.now - timedelta(days=1)
    record = actions.BallotRecord("1", shan.north.pk, "satisfied", at, "standing", point_id=shan.point.pk)
    shan.place.sample = True
    actions.import_ballots(place=shan.place, source="old", records=[record], by=BY, now=shan.now)
    assert row.unit == shan.north
    assert "Every code in use is being scanned." in text(client.get("/shan/office/silent?days=7"))


def test_the_visit_list_is_searched_and_printed_whole(shan: Shan, at_door: Door) -> None:
    actions.add_points(place=shan.place, units=[shan.south], by=BY, now=shan.now)
    client = at_door("office")
    found = text(client.get("/shan/office/silent?q=south"))
    assert "South Bureau" in found and "North Bureau" not in found
    assert "Nothing in this list matches." in text(client.get("/shan/office/silent?q=nowhere"))
    whole = text(client.get("/shan/office/silent?all=1&days=nonsense"))
    assert "data-print" in whole and "South Bureau" in whole and "North Bureau" in whole


# One unit


def test_the_public_page_tells_ways_points_and_what_was_set_aside(busy: Shan, at_door: Door) -> None:
    past(busy, busy.north, 0, 2, "standing", "set_aside")
    page = text(at_door("").get("/shan/u/north"))
    assert "By ticket" in page and "By the code on the wall" in page
    assert "By point, 12 months" not in page, "it has but one"
    assert "looked into" not in page, "not for everybody"
    fresh = actions.put_points(
        place=busy.place,
        drafts=[actions.PointDraft(busy.north, kind="window", name_en="Side window")],
        by=BY,
        now=busy.now,
    )
    actions.cast(unit=busy.north, grade="satisfied", once="s" * 20, point=fresh[0], by="anyone", now=busy.now)
    page = text(at_door("").get("/shan/u/north"))
    assert "By point, 12 months" in page and "Side window" in page


def test_a_units_verdicts_are_looked_into_by_its_clerk_and_the_office_alone(
    busy: Shan, at_door: Door
) -> None:
    for name in ("north", "office"):
        assert "looked into" in text(at_door(name).get("/shan/u/north"))
        assert "Day by day" in text(at_door(name).get("/shan/u/north/verdicts"))
    assert at_door("south").get("/shan/u/north/verdicts").status_code == 403
    assert at_door("").get("/shan/u/north/verdicts").status_code == 302
    assert at_door("office").get("/shan/u/nowhere/verdicts").status_code == 404


def test_what_is_looked_into_tells_days_and_reasons_and_never_words_or_instants(
    shan: Shan, at_door: Door
) -> None:
    ballot = shan.verdict()
    actions.add_words(
        ballot=ballot,
        reasons=["slow"],
        words="the man in the red coat",
        phone="13900001234",
        by="anyone",
        now=shan.now,
    )
    page = text(at_door("north").get("/shan/u/north/verdicts"))
    assert "Dragged out" in page
    day = shan.now.astimezone(shan.place.zone)
    main = page.split("<main")[1].split("</main>")[0].split('class="stamp"')[1].split("</div>", 1)[1]
    assert f"{day:%Y-%m-%d}" in main and "Dissatisfied" in main
    assert f"{day:%H:%M}" not in main
    for secret in ("red coat", "13900001234", ballot.receipt, f"/{ballot.pk}"):
        assert secret not in main


def test_another_month_is_looked_into_and_nonsense_is_this_month(busy: Shan, at_door: Door) -> None:
    client, at = at_door("office"), last_week(busy)[1].astimezone(busy.place.zone)
    month = text(client.get(f"/shan/u/south/verdicts?month={at:%Y-%m}"))
    assert "Ticket of a visit" in month
    assert 'aria-label="on 1 day, at most 400"' in month
    before = text(client.get("/shan/u/south/verdicts?month=2020-01"))
    assert "No verdicts in this month." in before and 'rel="next"' in before
    for wrong in ("2199-01", "2020", "x"):
        assert 'rel="next"' not in text(client.get(f"/shan/u/south/verdicts?month={wrong}"))


def test_open_cases_about_bad_verdicts_are_counted_and_the_overdue_among_them(
    shan: Shan, at_door: Door
) -> None:
    from leitai.apps.casework import actions as casework
    from leitai.apps.regimes import actions as regimes

    from .place import RULES

    kind = """
  bad-verdict:
    name: {zh: 差评, en: Bad verdict}
    flow: verdict
    clocks:
      call: {until: called, within: 1 days, on: always}
merits:"""
    regimes.load(
        place=shan.place,
        text=RULES.replace("merits:", kind.lstrip("\n"), 1).replace("2020-01-01", "2020-01-02"),
        by=BY,
        now=shan.now,
    )
    for days in (3, 0):
        at = shan.now - timedelta(days=days)
        casework.open_case(
            place=shan.place, kind="bad-verdict", unit=shan.north, title="x", at=at, by=BY, now=at
        )
    page = text(at_door("north").get("/shan/u/north/verdicts"))
    part = page.split("Open cases about bad verdicts")[1].split("</section>")[0]
    assert "<b>2</b>" in part and "1 overdue" in part


def test_the_board_leads_to_the_week(busy: Shan, at_door: Door) -> None:
    assert "/shan/verdicts/week" in text(at_door("").get("/shan/"))


def test_counts_on_the_page_are_those_of_the_recount(busy: Shan, at_door: Door) -> None:
    counted = queries.recount(busy.place)
    assert counted.findings == ()
    page = text(at_door("").get("/shan/verdicts/week"))
    assert f"<dd>{counted.verdicts - 3}</dd>" in page, "all but the three set aside"
