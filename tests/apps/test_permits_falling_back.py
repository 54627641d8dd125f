"""Commitments and their later duties; a permit withdrawn after the start opens again all that rested on it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from leitai.apps.ledger.models import Event
from leitai.apps.permits import actions, queries
from leitai.apps.permits.models import Duty, Paper
from tests.factories import BY, DAY, HOUR, NOW, Town, refused

from .start_town import PAPERS, cases, give, grant, opened, permit, states, town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def place(db: None) -> Town:
    return town()


def committed(place: Town) -> Any:
    """A start whose planning permit is taken up on the promise of the drawings."""
    start = opened(place, "licence", "contract", "energy")
    grant(place, start, "land")
    actions.commit(permit=permit(start, "planning"), by="enterprise:firm", now=NOW)
    place.drive(NOW)
    return start


def started(place: Town) -> Any:
    """A start that was made, every permit granted."""
    start = opened(place, *PAPERS)
    grant(place, start, "land", "energy", "planning", "construction", at=NOW + DAY)
    return actions.make_start(start=start, on=date(2024, 4, 11), by=BY, now=NOW + DAY)


def events(kind: str) -> list[Event]:
    return list(Event.objects.filter(kind=kind).order_by("id"))


def test_only_what_the_rule_book_allows_is_taken_up_on_a_commitment(place: Town) -> None:
    start = opened(place, "licence")
    with refused("no-commitment"):
        actions.commit(permit=permit(start, "land"), by="enterprise:firm", now=NOW)
    give(start, "contract")
    with refused("not-asking"):
        actions.commit(permit=permit(start, "planning"), by="enterprise:firm", now=NOW)
    grant(place, start, "land")
    assert [one.row.key for one in queries.account(start, NOW).permits if one.may_commit] == ["planning"]


def test_a_permit_granted_on_a_commitment_owes_the_papers_and_the_next_may_begin(place: Town) -> None:
    start = committed(place)
    assert states(start)["planning"] == "working"
    grant(place, start, "planning", "energy", at=NOW + HOUR)
    assert states(start)["construction"] == "working"
    (owed,) = queries.account(start, NOW + HOUR).owed
    assert (owed.papers, owed.row.state) == ("Drawings", "open")
    assert owed.row.due_at.isoformat() == "2024-04-24T09:30:00+00:00", "ten workdays after the grant"


def test_what_is_owed_is_done_when_the_paper_comes(place: Town) -> None:
    start = committed(place)
    grant(place, start, "planning", at=NOW + HOUR)
    give(start, "drawings", NOW + DAY)
    duty = Duty.objects.get()
    assert (duty.state, duty.at) == ("done", NOW + DAY)
    place.drive(NOW + 30 * DAY)
    assert states(start)["planning"] == "granted"


def test_a_paper_that_comes_before_the_grant_leaves_nothing_owed(place: Town) -> None:
    start = committed(place)
    give(start, "drawings")
    grant(place, start, "planning", at=NOW + HOUR)
    assert Duty.objects.count() == 0


def test_a_broken_commitment_takes_the_permit_back_with_what_rested_on_it(place: Town) -> None:
    start = committed(place)
    grant(place, start, "planning", "energy", "construction", at=NOW + HOUR)
    actions.make_start(start=start, on=NOW.date(), by=BY, now=NOW + HOUR)
    duty = Duty.objects.get()
    place.drive(duty.due_at)
    assert Duty.objects.get().state == "open", "due, and not yet over"
    place.drive(duty.due_at + HOUR)
    duty.refresh_from_db()
    assert (duty.state, duty.at) == ("missed", duty.due_at)
    assert states(start) == {
        "land": "granted",
        "planning": "asking",
        "energy": "granted",
        "construction": "waiting",
    }
    start.refresh_from_db()
    assert start.started_on is None and start.reopened_at == duty.due_at + HOUR
    (missed,) = events("duty.missed")
    assert missed.at == duty.due_at, "the event bears the instant of the breach"
    assert len(events("start.reopened")) == 1
    place.drive(duty.due_at + DAY)
    assert len(events("duty.missed")) == 1


def test_who_broke_a_commitment_brings_the_papers_first(place: Town) -> None:
    start = committed(place)
    grant(place, start, "planning", at=NOW + HOUR)
    late = Duty.objects.get().due_at + HOUR
    place.drive(late)
    with refused("commitment-broken"):
        actions.commit(permit=permit(start, "planning"), by="enterprise:firm", now=late)
    give(start, "drawings", late)
    place.drive(late)
    assert states(start)["planning"] == "working" and len(cases(start, "planning")) == 2


def test_a_permit_withdrawn_after_the_start_opens_again_what_rested_on_it(place: Town) -> None:
    start = started(place)
    at = NOW + 10 * DAY
    actions.withdraw(permit=permit(start, "land"), why="The boundary was wrong", by="account:roads", now=at)
    place.drive(at)
    assert states(start) == {
        "land": "working",
        "planning": "waiting",
        "energy": "granted",
        "construction": "waiting",
    }
    start.refresh_from_db()
    assert start.started_on is None and start.reopened_at == at
    assert [row.state for row in cases(start, "land")] == ["closed", "working"]
    assert permit(start, "planning").number == ""
    found = queries.account(start, at)
    assert [one.row.key for one in found.path] == ["land", "planning", "construction"]
    assert queries.lines(queries.listed(place.place, queries.Narrow(state="reopened")), at)[0].start == start
    with refused("not-granted"):
        actions.make_start(start=start, on=date(2024, 4, 20), by=BY, now=at)
    grant(place, start, "land", "planning", "construction", at=at + DAY)
    actions.make_start(start=start, on=date(2024, 4, 21), by=BY, now=at + DAY)
    assert [row.state for row in cases(start, "construction")] == ["closed", "closed"]


def test_withdrawing_lays_down_the_running_case_of_what_rested_on_it(place: Town) -> None:
    start = opened(place, *PAPERS)
    grant(place, start, "land", at=NOW + DAY)
    assert states(start)["planning"] == "working"
    actions.withdraw(permit=permit(start, "land"), why="A mistake", by="account:roads", now=NOW + 2 * DAY)
    place.drive(NOW + 2 * DAY)
    (case,) = cases(start, "planning")
    (clock,) = case.clocks.all()
    assert case.state == "set-aside" and clock.void_at is not None and clock.breached_at is None
    with refused("not-granted"):
        actions.withdraw(permit=permit(start, "planning"), why="x", by=BY, now=NOW + 2 * DAY)
    grant(place, start, "land", at=NOW + 3 * DAY)
    with refused("no-reason"):
        actions.withdraw(permit=permit(start, "land"), why=" ", by=BY, now=NOW + 3 * DAY)


def test_a_returned_paper_stops_the_clock_of_what_waits_for_it(place: Town) -> None:
    start = opened(place, *PAPERS)
    paper = Paper.objects.get(start=start, key="contract")
    with refused("no-reason"):
        actions.return_paper(paper=paper, why="", by=BY, now=NOW)
    actions.return_paper(paper=paper, why="Not signed; page 3 is missing", by="account:roads", now=NOW + HOUR)
    place.drive(NOW + HOUR)
    assert states(start)["land"] == "asking" and cases(start, "land")[0].state == "set-aside"
    found = queries.account(start, NOW + 3 * DAY)
    assert found.holder is not None and found.holder.holder == "Firm"
    with refused("returned-already"):
        actions.return_paper(paper=paper, why="Again", by=BY, now=NOW + HOUR)
    give(start, "contract", NOW + 4 * DAY)
    place.drive(NOW + 4 * DAY)
    assert states(start)["land"] == "working"
    assert [row.state for row in cases(start, "land")] == ["set-aside", "working"]


def test_a_promised_paper_that_is_returned_is_owed_anew_with_as_much_time(place: Town) -> None:
    start = committed(place)
    grant(place, start, "planning", at=NOW + HOUR)
    give(start, "drawings", NOW + DAY)
    paper = Paper.objects.get(start=start, key="drawings")
    actions.return_paper(paper=paper, why="Of another plant", by="account:roads", now=NOW + 20 * DAY)
    duty = Duty.objects.get()
    assert duty.state == "open" and duty.due_at > NOW + 30 * DAY
    assert states(start)["planning"] == "granted"


def test_a_kill_between_grant_and_case_is_caught_up_by_the_drive(place: Town) -> None:
    start = opened(place, *PAPERS)
    # Granted before the drive came round: the case that is open follows all the same, once.
    actions.grant(permit=permit(start, "land"), by="account:roads", now=NOW)
    actions.grant(permit=permit(start, "planning"), by="account:roads", now=NOW)
    place.drive(NOW + HOUR)
    place.drive(NOW + 2 * HOUR)
    assert [row.state for row in cases(start, "land")] == ["closed"]
    assert cases(start, "planning") == [], "nothing is timed that is over already"


def test_a_drive_that_comes_late_moves_only_the_case_of_the_round_it_reads_of(place: Town) -> None:
    start = opened(place, *PAPERS)
    # Granted and withdrawn before it comes round: what it reads of the first round says nothing of the next.
    actions.grant(permit=permit(start, "land"), by="account:roads", now=NOW + HOUR)
    actions.withdraw(permit=permit(start, "land"), why="A mistake", by="account:roads", now=NOW + 2 * HOUR)
    place.drive(NOW + 3 * HOUR)
    place.drive(NOW + 4 * HOUR)
    assert states(start)["land"] == "working"
    assert [row.state for row in cases(start, "land")] == ["closed", "working"]
