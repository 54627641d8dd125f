"""Inspections: visits planned and held, findings that open cases, the unit's word, a report that stays."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from leitai.apps.casework.models import Case
from leitai.apps.inspections import actions, queries
from leitai.apps.inspections.models import Finding, Round, Visit
from leitai.rules.kernel import Period
from tests.factories import BY, DAY, HOUR, MINUTE, NOW, Town, refused

from .rounds_town import opened, rules, town, visit

pytestmark = pytest.mark.django_db
ANSWERS = {"window": "no", "papers": "3", "words": "Two of four there"}


@pytest.fixture
def place(db: None) -> Town:
    return town()


def held(row: Visit, *found: str, at: Any = NOW) -> Visit:
    """The visit begun, answered, with what was found, and over an hour later."""
    actions.begin_visit(visit=row, by=BY, now=at)
    actions.note(visit=row, answers=ANSWERS, by=BY, now=at)
    for text in found:
        actions.find(visit=row, item="window", text=text, by=BY, now=at)
    return actions.end_visit(visit=row, minutes=70, words="", by=BY, now=at + HOUR)


def test_a_round_plans_each_unit_of_every_area_once_on_workdays(place: Town) -> None:
    row = opened(place)
    visits = list(row.visits.select_related("unit"))
    assert sorted((one.group, one.unit.key) for one in visits) == [
        ("first", "roads"), ("first", "tax"), ("first", "water"), ("second", "north"),
    ]  # fmt: skip
    assert all(NOW.date() < one.planned <= date(2024, 4, 30) for one in visits)
    # 28 April 2024, a Sunday, was worked for Labour Day; other days of weekends were not.
    assert all(one.planned.weekday() < 5 or one.planned == date(2024, 4, 28) for one in visits)
    assert len({one.planned for one in visits if one.group == "first"}) == 3
    assert not opened(place) and Round.objects.count() == 1


def test_a_unit_visited_lately_is_left_alone_and_the_report_says_so(place: Town) -> None:
    row = visit(place, "roads")
    held(row)
    for one in Visit.objects.exclude(pk=row.pk):
        actions.drop_visit(visit=one, why="Flood", by=BY, now=NOW + DAY)
    actions.close_round(row=row.round, by=BY, now=NOW + DAY)
    second = opened(place, period=Period.parse("2024-H2"), now=NOW + 2 * DAY)
    left = second.visits.get(unit=place.units["roads"])
    assert left.dropped_why == "Visited on 2024-04-10, less than 30 days before"
    report = queries.told(second, NOW)
    assert report["visits"] == {"planned": 4, "made": 0, "left_out": 1}
    assert report["dropped"] == [
        {"unit": "roads", "name": {"zh": "公路局", "en": "Roads Bureau"}, "why": left.dropped_why}
    ]
    with refused("visit-dropped"):
        actions.begin_visit(visit=left, by=BY, now=NOW + 3 * DAY)
    actions.shift_visit(
        visit=left, day=date(2024, 5, 20), why="Thirty days are over", by=BY, now=NOW + 3 * DAY
    )
    left.refresh_from_db()
    assert left.dropped_why == "" and left.planned == date(2024, 5, 20)


def test_a_visit_goes_its_road_and_no_other(place: Town) -> None:
    row = visit(place)
    with refused("not-begun"):
        actions.find(visit=row, item="window", text="Nobody there", by=BY, now=NOW)
    actions.begin_visit(visit=row, by=BY, now=NOW)
    with refused("visit-begun"):
        actions.begin_visit(visit=row, by=BY, now=NOW)
    with refused("visit-begun"):
        actions.drop_visit(visit=row, why="rain", by=BY, now=NOW)
    with refused("lines-open"):
        actions.end_visit(visit=row, minutes=60, by=BY, now=NOW)
    wrong = (("window", "perhaps", "not-yes-no"), ("papers", "few", "no-number"), ("door", "x", "no-line"))
    for item, text, code in wrong:
        with refused(code):
            actions.note(visit=row, answers={item: text}, by=BY, now=NOW)
    with refused("no-number"):
        actions.note(visit=row, answers={"papers": "NaN"}, by=BY, now=NOW)
    actions.note(visit=row, answers={"window": "yes"}, by=BY, now=NOW)
    actions.note(visit=row, answers=ANSWERS, by=BY, now=NOW + MINUTE)
    assert not actions.note(visit=row, answers=ANSWERS, by=BY, now=NOW + 2 * MINUTE)
    assert {one.item: one.value for one in row.answers.all()} == ANSWERS
    with refused("no-words"):
        actions.find(visit=row, item="window", text=" no", by=BY, now=NOW)
    with refused("bad-minutes"):
        actions.end_visit(visit=row, minutes=0, by=BY, now=NOW)
    actions.end_visit(visit=row, minutes=75, by=BY, now=NOW + HOUR)
    row.refresh_from_db()
    assert row.minutes == 75 and row.began_at == NOW and row.ended_at == NOW + HOUR
    with refused("visit-over"):
        actions.find(visit=row, item="window", text="Nobody there", by=BY, now=NOW + HOUR)


def test_a_finding_opens_a_case_by_the_rule_book_once(place: Town) -> None:
    held(visit(place), "Nobody at the window at 14:10")
    row = Finding.objects.get()
    place.drive(NOW + HOUR)
    place.drive(NOW + HOUR)
    case = Case.objects.get(about=f"finding:{row.pk}")
    assert (case.kind, case.unit) == ("finding", place.units["roads"])


def test_the_unit_replies_once_and_its_word_stands_beside_the_finding(place: Town) -> None:
    held(visit(place), "Nobody at the window at 14:10")
    row = Finding.objects.get()
    with refused("no-words"):
        actions.reply(finding=row, text=" ", by="account:roads", now=NOW)
    actions.reply(finding=row, text="It was the fire drill", by="account:roads", now=NOW + DAY)
    with refused("replied-already"):
        actions.reply(finding=row, text="And more", by="account:roads", now=NOW + DAY)
    (found,) = queries.told(row.visit.round, NOW + DAY)["found"]
    assert (found["text"], found["reply"]) == ("Nobody at the window at 14:10", "It was the fire drill")


def test_findings_are_held_against_what_proved_true(place: Town) -> None:
    row = held(
        visit(place), "Nobody at the window", "No price list hangs", "The clock is wrong", "Door is locked"
    )
    place.drive(NOW + HOUR)
    true, false, late, _waiting = (
        Case.objects.get(about=f"finding:{one.pk}") for one in Finding.objects.order_by("pk")
    )
    later = NOW + 2 * HOUR
    for move, role, form in (
        ("dispatch", "office", {"unit": "roads"}), ("answer", "unit", {"done": "Staffed by two again"}),
        ("close", "office", {"evidence": "Seen on the spot"}),
    ):  # fmt: skip
        place.move(true, move, role, later, **form)
        true.refresh_from_db()
    place.move(false, "set-aside", "office", later, reason="The list hangs at the entrance")
    place.move(late, "dispatch", "office", later, unit="roads")
    report = queries.told(row.round, NOW + 5 * DAY)
    assert [one["stands"] for one in report["found"]] == ["verified", "refuted", "overdue", "open"]
    counts = {"found": 4, "verified": 1, "refuted": 1, "open": 2, "overdue": 1, "without_case": 0}
    assert report["findings"] == report["groups"][0]["findings"] == counts
    assert report["groups"][1]["findings"]["found"] == 0
    assert (report["minutes"], report["units"]) == (70, 1)


def test_the_report_is_frozen_when_the_round_is_closed(place: Town) -> None:
    row = held(visit(place), "Nobody at the window")
    with refused("visits-waiting"):
        actions.close_round(row=row.round, by=BY, now=NOW + DAY)
    for one in Visit.objects.filter(ended_at__isnull=True):
        actions.drop_visit(visit=one, why="Flood", by=BY, now=NOW + DAY)
    closed = actions.close_round(row=row.round, by=BY, now=NOW + DAY)
    frozen = closed.report
    place.drive(NOW + DAY)  # a case is opened for the finding only now
    closed.refresh_from_db()
    assert closed.report == frozen and json.loads(frozen)["findings"]["without_case"] == 1
    assert queries.told(closed, NOW + 2 * DAY) == json.loads(frozen)
    with refused("round-closed"):
        actions.close_round(row=closed, by=BY, now=NOW + 2 * DAY)
    with refused("round-closed"):
        actions.reply(finding=Finding.objects.get(), text="Too late", by=BY, now=NOW + 2 * DAY)


def test_a_round_opens_with_the_occasion_that_is_for_it_and_its_visits_end_before_it(place: Town) -> None:
    from leitai.apps.occasions import actions as occasions

    occasions.plan(place=place.place, by="drive", now=NOW)
    place.drive(NOW)
    assert not Round.objects.exists()
    later = NOW + timedelta(days=60)
    place.drive(later)
    place.drive(later)
    (row,) = Round.objects.all()
    assert (row.key, row.period, row.visits.count()) == ("conduct", "2024-H1", 4)
    assert all(later.date() < one.planned <= date(2024, 6, 21) for one in row.visits.all())


def test_an_unknown_inspection_is_refused(place: Town) -> None:
    with refused("no-inspection"):
        opened(place, key="other")


def test_no_rule_book_can_set_a_quota_of_findings() -> None:
    from leitai.rules.regime.check import check_text

    assert not [one for one in check_text(rules()).findings if one.severity == "error"]
    for key in ("quota", "least_findings", "target", "min-findings", "minimum", "指标"):
        book = rules().replace("    case: finding\n", f"    case: finding\n    {key}: 10\n")
        (fault,) = [one for one in check_text(book).findings if one.severity == "error"]
        assert fault.code == "barred-key" and "will invent them" in fault.text
        assert fault.where.line == book[: book.index(f"    {key}: 10")].count("\n") + 1


def test_who_is_posted_at_a_unit_does_not_inspect_it(place: Town) -> None:
    row = queries.visit(place.place, visit(place, "water").pk)
    assert queries.check_visitor(row, place.viewer("office")) is None
    barred = queries.check_visitor(row, place.viewer("clerk"))
    assert barred is not None and barred.code == "own-unit"
