"""Closed cases drawn to be looked at again: as many as the bound asks for, by nobody's choice, blind, and for good."""

from __future__ import annotations

import json
from typing import Any

import pytest

from leitai.apps.casework import actions
from leitai.apps.casework.models import Case, Recheck
from leitai.apps.casework.queries import rechecks as look
from leitai.apps.casework.seals import draw_secret
from leitai.apps.ledger.models import Event
from leitai.apps.ledger.sealing import publish_head
from leitai.apps.measures.case_facts import report
from leitai.drive.rechecks import draw_due
from leitai.rules.ballots.sampling import sampled
from leitai.rules.casework import draw_seed, sample_size, upper_bound
from tests.factories import BY, DAY, HOUR, NOW, Town, build, refused, text

MAY = NOW + 22 * DAY  # the second of May
RULE = """  - {on: case.rechecked, if: 'recheck.outcome == "not-over"', do: open case errand, source: rule 13}\n"""


def book(way: str = "inspect", bound: float = 0.2, every: str = "month") -> str:
    """The small place's rules, in which findings are looked at again, and what is not over becomes an errand."""
    spec = f"    recheck: {{way: {way}, bound: {bound}, confidence: 0.8, every: {every}}}\n"
    found = text().replace("    public: true\n  errand:", f"    public: true\n{spec}  errand:")
    assert spec in found
    return found.rstrip("\n") + "\n" + RULE


@pytest.fixture
def town(db: None) -> Town:
    return build("town", regime=book())


def closed(town: Town, count: int = 1, unit: str = "water", at: Any = NOW, **reporter: str) -> list[Case]:
    """Findings answered by the clerk and closed by the office."""
    found = []
    for number in range(count):
        case = town.case("finding", None, at=at, where=f"{number} Long Street")
        actions.keep_reporter(case=case, reporter=reporter, by=BY, now=at)
        town.move(case, "dispatch", "office", at, unit=unit)
        town.move(case, "answer", "unit", at + HOUR, done=f"Lid {number} mended")
        found.append(town.move(case, "close", "office", at + 2 * HOUR, evidence="Seen on the spot"))
    return found


def goes_on(town: Town, at: Any = MAY) -> Any:
    """Something happens and is sealed: a citizen is satisfied."""
    ballot = town.verdict(grade="satisfied", at=at)
    town.drive(at)
    return ballot


def draw(town: Town, period: str = "2024-04", at: Any = MAY) -> Any:
    goes_on(town, at)
    return actions.draw_rechecks(place=town.place, period=period, by="drive", now=at)


def finish(
    row: Recheck,
    outcome: str = "over",
    by: str = "account:patrol-town",
    at: Any = MAY,
    note: str = "The lid is firm",
) -> Recheck:
    return actions.finish_recheck(recheck=row, outcome=outcome, note=note, by=by, now=at)


# Drawing


def test_each_unit_gets_as_many_as_the_bound_asks_for(town: Town) -> None:
    closed(town, 12)
    closed(town, 3, "roads")
    rows = draw(town)
    drawn = {key: sum(row.unit.key == key for row in rows) for key in ("water", "roads")}
    assert (
        drawn
        == {"water": sample_size(12, 0.2, 0.8), "roads": sample_size(3, 0.2, 0.8)}
        == {"water": 5, "roads": 3}
    )
    assert {row.way for row in rows} == {"inspect"} and {row.period for row in rows} == {"2024-04"}


def test_anybody_can_draw_again_from_the_link_in_the_event(town: Town) -> None:
    cases = closed(town, 9)
    rows = draw(town)
    (event,) = Event.objects.filter(kind="rechecks.drawn")
    told = json.loads(event.data)
    assert told["groups"] == [["water", "finding", 9, len(rows)]]
    seed = draw_seed("town", "2024-04", told["link"], told["secret"])
    assert {row.case.ref for row in rows} == set(sampled([case.ref for case in cases], len(rows), seed))


def test_whoever_draws_cannot_wait_for_a_link_that_suits_them(town: Town) -> None:
    closed(town, 9)
    town.drive(NOW + DAY)
    publish_head(town.place, now=NOW + DAY)
    before = Event.objects.count()
    assert not actions.draw_rechecks(place=town.place, period="2024-04", by="drive", now=MAY), "nothing since"
    for day in range(4):
        goes_on(town, MAY + day * DAY)
    assert actions.draw_rechecks(place=town.place, period="2024-04", by="drive", now=MAY + 4 * DAY)
    first = Event.objects.filter(place=town.place, noted_at__gte=MAY, seq__gt=0).order_by("seq")[0]
    told = json.loads(Event.objects.get(kind="rechecks.drawn").data)
    assert (first.seq, first.link) == (before + 1, told["link"])


def test_an_event_that_is_not_sealed_yet_draws_nothing(town: Town) -> None:
    closed(town, 9)
    town.drive(NOW + DAY)
    town.verdict(grade="satisfied", at=MAY)
    assert not actions.draw_rechecks(place=town.place, period="2024-04", by="drive", now=MAY)
    town.drive(MAY)
    assert actions.draw_rechecks(place=town.place, period="2024-04", by="drive", now=MAY)


def test_the_ledger_alone_does_not_tell_what_will_be_drawn(settings: Any) -> None:
    settings.DATA_KEY = "one"
    secrets = {draw_secret("town", "2024-04"), draw_secret("town", "2024-05"), draw_secret("vale", "2024-04")}
    settings.DATA_KEY = "other"
    assert len(secrets | {draw_secret("town", "2024-04")}) == 4


def test_a_period_is_drawn_once_and_not_before_it_is_over(town: Town) -> None:
    closed(town, 4)
    with refused("period-runs"):
        actions.draw_rechecks(place=town.place, period="2024-04", by="drive", now=NOW + DAY)
    assert draw(town)
    assert not draw(town) and not draw(town, at=MAY + DAY)
    assert Recheck.objects.count() == sample_size(4, 0.2, 0.8)


def test_cases_of_other_months_and_kinds_and_those_never_taken_up_are_not_drawn(town: Town) -> None:
    (mine,) = closed(town)
    closed(town, at=NOW - 20 * DAY)
    closed(town, at=MAY - HOUR)
    town.move(town.case("question", enterprise=town.firm), "answer", "unit", done="There is a bus now")
    town.move(town.case("finding", None), "set-aside", "office", reason="No such street")
    assert [row.case_id for row in draw(town)] == [mine.pk]


def test_without_anything_closed_nothing_is_told(town: Town) -> None:
    assert not draw(town)
    assert "rechecks.drawn" not in town.kinds()


def test_the_drive_draws_last_month_once(town: Town) -> None:
    closed(town, 4)
    goes_on(town)
    assert draw_due(town.place, now=MAY) == sample_size(4, 0.2, 0.8)
    assert draw_due(town.place, now=MAY + DAY) == 0
    assert draw_due(town.place, now=NOW) == 0, "March left nothing"


def test_quarters_are_drawn_when_a_quarter_is_over(db: None) -> None:
    town = build("town", regime=book(every="quarter"))
    (case,) = closed(town)
    goes_on(town)
    assert draw_due(town.place, now=MAY) == 0
    july = NOW + 90 * DAY
    goes_on(town, july)
    assert draw_due(town.place, now=july) == 1
    assert Recheck.objects.get().period == "2024-Q2" and Recheck.objects.get().case_id == case.pk


# Saying what was found


def test_not_over_is_told_and_opens_what_the_rule_book_says(town: Town) -> None:
    (case,) = closed(town)
    (row,) = draw(town)
    done = finish(row, "not-over", note="The lid rocks under a foot")
    assert (done.outcome, done.by, done.at) == ("not-over", "account:patrol-town", MAY)
    event = Event.objects.get(kind="case.rechecked")
    assert event.subject == f"case:{case.ref}"
    told = json.loads(event.data)
    assert (told["recheck.outcome"], told["unit.key"], told["case.kind"]) == ("not-over", "water", "finding")
    assert "rocks" not in event.data
    town.drive(MAY)
    assert Case.objects.get(kind="errand").unit.key == "water"


def test_over_and_cannot_tell_open_nothing(town: Town) -> None:
    closed(town, 2)
    for row, outcome in zip(draw(town), ("over", "cannot-tell"), strict=True):
        finish(row, outcome)
    town.drive(MAY)
    assert not Case.objects.filter(kind="errand").exists()


@pytest.mark.parametrize(
    ("by", "code"),
    [
        ("account:clerk-town", "own-unit"),  # posted at the unit
        ("account:office", "own-work"),  # who closed it
        ("account:unit", "own-work"),  # who answered it
    ],
)
def test_nobody_looks_at_their_own_work(town: Town, by: str, code: str) -> None:
    closed(town)
    (row,) = draw(town)
    with refused(code):
        finish(row, by=by)
    assert look.to_do(town.place, by) == []
    assert look.to_do(town.place, "account:patrol-town") == [row]


def test_whoever_found_the_problem_may_look_again(town: Town) -> None:
    closed(town)
    (row,) = draw(town)
    assert Case.objects.get().steps.get(move="open").by == BY
    assert finish(row, by=BY).outcome == "over"


@pytest.mark.parametrize(
    ("outcome", "note", "code"),
    [
        ("fine", "The lid is firm", "recheck-outcome"),
        ("over", " ", "says-nothing"),
        ("over", "已核实", "says-nothing"),
    ],
)
def test_a_finding_says_what_and_why(town: Town, outcome: str, note: str, code: str) -> None:
    closed(town)
    (row,) = draw(town)
    with refused(code):
        finish(row, outcome, note=note)


def test_what_was_found_stands(town: Town) -> None:
    closed(town)
    (row,) = draw(town)
    finish(row)
    with refused("recheck-done"):
        finish(row, "not-over", by="account:inspector-town")


# Calling


@pytest.fixture
def calls(db: None) -> Town:
    return build("town", regime=book("callback"))


def test_where_no_number_is_kept_somebody_goes_there(calls: Town) -> None:
    closed(calls, 1, phone="139 0000 0000")
    closed(calls, 1, mail="a@b.example")
    closed(calls, 1)
    assert sorted(row.way for row in draw(calls)) == ["callback", "inspect", "inspect"]


def test_a_number_is_shown_to_one_caller_and_the_ledger_keeps_who_not_what(calls: Town) -> None:
    closed(calls, phone="139 0000 0000")
    (row,) = draw(calls)
    show = actions.show_phone
    assert show(recheck=row, by="account:patrol-town", now=MAY) == "139 0000 0000"
    assert show(recheck=row, by="account:patrol-town", now=MAY + HOUR) == "139 0000 0000"
    with refused("other-caller"):
        show(recheck=row, by="account:inspector-town", now=MAY + HOUR)
    with refused("other-caller"):
        finish(row, by="account:inspector-town", at=MAY + HOUR)
    with refused("own-unit"):
        show(recheck=row, by="account:clerk-town", now=MAY + HOUR)
    (event,) = Event.objects.filter(kind="recheck.phone_shown")
    assert event.by == "account:patrol-town" and "139" not in event.data
    assert show(recheck=row, by="account:inspector-town", now=MAY + 4 * DAY) == "139 0000 0000", (
        "three days later"
    )
    finish(row, by="account:inspector-town", at=MAY + 4 * DAY)
    with refused("recheck-done"):
        show(recheck=row, by="account:inspector-town", now=MAY + 4 * DAY)


def test_there_is_no_number_of_an_inspection(town: Town) -> None:
    closed(town, phone="139 0000 0000")
    (row,) = draw(town)
    with refused("no-phone"):
        actions.show_phone(recheck=row, by="account:patrol-town", now=MAY)


# What it says


def test_the_bound_of_a_unit_narrows_with_each_finding_and_not_with_those_that_cannot_be_told(
    town: Town,
) -> None:
    closed(town, 12)
    rows = draw(town)
    (at_first,) = look.bounds(town.place, "2024-04")
    assert (at_first.closed, at_first.drawn, at_first.waiting, at_first.most) == (12, 5, 5, 1.0)
    for row, outcome in zip(rows, ("over", "over", "over", "cannot-tell", "not-over"), strict=True):
        finish(row, outcome)
    (one,) = look.bounds(town.place, "2024-04")
    assert (one.checked, one.false, one.unclear, one.waiting) == (4, 1, 1, 0)
    assert one.most == upper_bound(12, 4, 1, 0.8) and one.unit == town.units["water"]
    assert look.periods(town.place) == ["2024-04"] and look.bounds(town.place, "2024-03") == []
    first, last = (int(at.timestamp()) for at in (NOW - 9 * DAY, MAY))
    fact = report(town.place, "finding", first, last, [town.units["water"]]).facts[
        "cases.false_closing_share"
    ]
    assert (fact.values[0], fact.n[0]) == (0.25, 4)


def test_nothing_of_another_place_is_drawn_or_seen(town: Town) -> None:
    vale = build("vale", regime=book().replace("key: town,", "key: vale,"))
    closed(town, 3)
    rows = draw(town)
    assert not draw(vale)
    assert look.to_do(vale.place, "account:patrol-vale") == [] and look.periods(vale.place) == []
    assert look.recheck(vale.place, rows[0].pk) is None
