"""A bad verdict to its end: whichever side is decided first the other follows, and the citizen reads the outcome."""

from __future__ import annotations

import pytest

from leitai.apps.ballots import actions as ballots
from leitai.apps.ballots.models import Ballot
from leitai.apps.casework import actions as casework
from leitai.apps.casework.models import Case
from leitai.apps.ledger.models import Event
from tests.factories import DAY, HOUR, NOW, Town

CALLED = {"note": "Called at ten: the window was shut although it was noon duty, telephone 5551234"}


def only(town: Town) -> tuple[Ballot, Case]:
    return Ballot.objects.get(place=town.place), Case.objects.get(place=town.place)


def move(town: Town, name: str, role: str, at: object, **form: str) -> None:
    case = Case.objects.get(place=town.place)
    casework.move_case(case=case, move=name, role=role, form=form, by=f"account:{role}", now=at)
    town.drive(at)


@pytest.fixture
def road(town: Town) -> Town:
    """A bad verdict with the case that the rules opened about it."""
    town.verdict()
    town.drive()
    return town


def test_a_case_found_true_and_put_right_answers_the_citizen(road: Town) -> None:
    move(road, "uphold", "caller", NOW + HOUR, **CALLED)
    ballot, _ = only(road)
    assert ballot.standing == "upheld"
    assert "5551234" not in ballot.reason
    move(
        road,
        "answer",
        "unit",
        NOW + DAY,
        done="The noon rota names two people now, and a bell calls the second",
    )
    move(
        road,
        "close",
        "office",
        NOW + 2 * DAY,
        evidence="Went there at noon on the 12th: both were at the window",
    )
    ballot, case = only(road)
    assert case.state == "closed"
    assert ballot.answer == "The noon rota names two people now, and a bell calls the second"
    assert Event.objects.filter(kind="ballot.answered").count() == 1
    assert not Event.objects.filter(kind="rule.failed").exists()


def test_a_case_set_aside_sets_the_verdict_aside_with_its_reason(road: Town) -> None:
    move(road, "doubt", "caller", NOW + HOUR, **CALLED)
    assert only(road)[0].standing == "counted"
    reason = "The citizen pressed the wrong button and says so"
    move(road, "set-aside", "office", NOW + DAY, reason=reason, evidence="Record of the call of the 11th")
    ballot, _ = only(road)
    assert (ballot.standing, ballot.reason) == ("set_aside", reason)


@pytest.mark.parametrize(("upheld", "state"), [(True, "upheld"), (False, "set-aside")])
def test_a_verdict_decided_in_the_queue_moves_its_case(road: Town, upheld: bool, state: str) -> None:
    ballot, _ = only(road)
    reason = (
        "The citizen describes the shut window in detail"
        if upheld
        else "The citizen meant the office next door"
    )
    ballots.verify(ballot=ballot, upheld=upheld, reason=reason, by="account:office", now=NOW + HOUR)
    road.drive(NOW + HOUR)
    assert only(road)[1].state == state
    assert not Event.objects.filter(kind="rule.failed").exists()
