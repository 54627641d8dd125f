"""A bad verdict to its end: decided about the verdict alone, its case follows, and the citizen reads the outcome."""

from __future__ import annotations

from datetime import datetime

import pytest

from leitai.apps.ballots import actions as ballots
from leitai.apps.ballots import queries
from leitai.apps.ballots.models import Ballot, CallBack
from leitai.apps.casework.models import Case
from leitai.apps.casework.queries import roles
from leitai.apps.ledger.models import Event
from leitai.drive.audit import audit
from tests.factories import DAY, HOUR, NOW, Town, refused

TRUE = "The window was shut although it was noon duty"
WRONG = "The citizen meant the office next door"
DONE = "The noon rota names two people now, and a bell calls the second"
SEEN = "Went there at noon on the 12th: both were at the window"


@pytest.fixture
def road(town: Town) -> Town:
    """A bad verdict with its caller drawn and the case that the rules opened about it."""
    town.verdict()
    town.drive()
    return town


def only() -> Ballot:
    return Ballot.objects.select_related("place", "unit").get()


def state() -> str:
    return Case.objects.order_by("id").last().state


def move(town: Town, name: str, role: str, at: datetime, **form: str) -> None:
    town.move(Case.objects.order_by("id").last(), name, role, at, **form)
    town.drive(at)


def called(town: Town, outcome: str, reason: str = "", *, at: datetime = NOW + HOUR) -> None:
    town.called(only(), outcome, reason, at=at)
    town.drive(at)


def decided(town: Town, granted: bool, reason: str, *, at: datetime) -> None:
    town.decided(only(), granted, reason, at=at)
    town.drive(at)


def put_right(town: Town, at: datetime) -> None:
    move(town, "answer", "unit", at, done=DONE)
    move(town, "close", "office", at + HOUR, evidence=SEEN)


def sound(town: Town) -> None:
    """No rule failed on the way, and the rows are what the ledger says."""
    assert not Event.objects.filter(kind="rule.failed").exists()
    assert audit(town.place).findings == ()


def test_a_bad_verdict_sets_a_draw_and_a_case_going(road: Town) -> None:
    assert (CallBack.objects.get().outcome, state()) == ("", "opened")
    assert Case.objects.get().clocks.count() == 3


def test_a_verdict_found_true_and_put_right_answers_the_citizen(road: Town) -> None:
    called(road, "upheld", TRUE)
    assert (only().standing, state()) == ("upheld", "upheld")
    put_right(road, NOW + DAY)
    assert (only().answer, state()) == (DONE, "closed")
    assert Event.objects.filter(kind="ballot.answered").count() == 1
    sound(road)


def test_a_verdict_set_aside_by_a_reviewer_closes_its_case(road: Town) -> None:
    called(road, "mistaken", WRONG)
    assert (only().standing, state()) == ("counted", "not-upheld")
    decided(road, True, WRONG, at=NOW + DAY)
    assert (only().standing, state()) == ("set_aside", "set-aside")
    case = Case.objects.get()
    assert not case.clocks.filter(void_at=None, met_at=None).exists()
    said = case.steps.get(move="set-aside").form
    assert said == {"reason": WRONG, "evidence": "rule 7"}
    sound(road)


def test_a_reviewer_who_finds_it_true_hands_it_to_the_unit(road: Town) -> None:
    called(road, "malicious", WRONG)
    decided(road, False, TRUE, at=NOW + DAY)
    assert (only().standing, state()) == ("upheld", "upheld")
    put_right(road, NOW + 2 * DAY)
    assert only().answer == DONE
    sound(road)


def test_where_nobody_was_reached_the_verdict_counts_and_the_case_ends(road: Town) -> None:
    called(road, "unreachable")
    assert (only().standing, only().answer, state()) == ("counted", "", "closed")
    sound(road)


@pytest.mark.parametrize("answered", [False, True])
def test_an_appeal_granted_takes_the_case_from_the_unit(road: Town, answered: bool) -> None:
    called(road, "upheld", TRUE)
    ballots.appeal(ballot=only(), text="We have no such window", by="account:clerk", now=NOW + HOUR)
    road.drive(NOW + HOUR)
    assert state() == "upheld", "until it is decided, it counts and is to be put right"
    if answered:
        move(road, "answer", "unit", NOW + 2 * HOUR, done=DONE)
    decided(road, True, WRONG, at=NOW + DAY)
    assert (only().standing, state()) == ("set_aside", "set-aside")
    sound(road)


def test_an_objection_granted_opens_a_new_case_that_the_unit_must_put_right(road: Town) -> None:
    called(road, "mistaken", WRONG)
    decided(road, True, WRONG, at=NOW + DAY)
    ballots.object_to(ballot=only(), text="It was their window", by="anyone", now=NOW + 2 * DAY)
    decided(road, True, TRUE, at=NOW + 3 * DAY)
    assert list(Case.objects.order_by("id").values_list("state", flat=True)) == ["set-aside", "upheld"]
    assert CallBack.objects.count() == 1, "nobody is called again"
    put_right(road, NOW + 4 * DAY)
    assert only().answer == DONE
    sound(road)


def test_an_answer_that_put_nothing_right_can_be_contested_once(road: Town) -> None:
    called(road, "upheld", TRUE)
    put_right(road, NOW + DAY)
    ballots.object_to(ballot=only(), text="It was shut again on the 15th", by="anyone", now=NOW + 3 * DAY)
    decided(road, True, "Shut again on the 15th, says the rota", at=NOW + 4 * DAY)
    assert list(Case.objects.order_by("id").values_list("state", flat=True)) == ["closed", "upheld"]
    put_right(road, NOW + 5 * DAY)
    with refused("asked-already"):
        ballots.object_to(ballot=only(), text="And again", by="anyone", now=NOW + 6 * DAY)
    sound(road)


def test_what_was_decided_before_its_case_was_opened_is_caught_up_with(town: Town) -> None:
    """The worker was away while the caller and a reviewer were quick."""
    ballot = town.verdict()
    names = queries.candidates(ballot)
    ballots.draw_caller(ballot=ballot, candidates=names, seed=bytes(32), by="drive", now=NOW)
    by = f"account:{queries.call_of(ballot).caller.username}"
    ballots.finish_call(ballot=ballot, outcome="mistaken", reason=WRONG, by=by, now=NOW)
    decided(town, True, WRONG, at=NOW)
    assert (only().standing, state()) == ("set_aside", "set-aside")
    sound(town)


def test_the_case_itself_offers_no_way_to_decide_a_verdict(road: Town) -> None:
    case = Case.objects.get()
    for role in ("office", "patrol", "leader", "inspector", "administrator", "clerk"):
        assert not {"caller", "reviewer"} & set(roles(case, road.viewer(role)))
    for role in ("office", "unit"):
        with refused("wrong-role"):
            road.move(case, "uphold", role, note=TRUE)


def test_a_draw_is_made_once_however_often_the_drive_comes_round(road: Town) -> None:
    seed = CallBack.objects.get().seed
    for hours in (1, 2):
        road.drive(NOW + hours * HOUR)
    assert CallBack.objects.get().seed == seed
    assert road.kinds().count("ballot.call_drawn") == 1
