"""Lists of cases: nothing that is due soon is hidden by what is due late, and no queue hides another."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from leitai.apps.casework import actions, queries, queues
from leitai.apps.casework.models import Case
from leitai.apps.people import actions as people
from leitai.apps.people.access import viewer_of
from leitai.apps.people.models import Account
from tests.factories import BY, DAY, HOUR, MINUTE, NOW, Town, at_once, build

DONE = {"done": "The pipe was replaced on Friday"}
REPLY = {"owner": "Li Hua", "next_step": "Send a crew out tomorrow", "time": "2024-04-12"}


def first_due(case: Any) -> Any:
    """What the rows of clocks say that the case's own column must say."""
    running = case.clocks.filter(met_at__isnull=True, void_at__isnull=True).order_by("due_at")
    return running.values_list("due_at", flat=True).first()


def test_a_ten_minute_question_stands_before_what_is_due_in_days(town: Town) -> None:
    # Its last clock, three workdays, is due after all of these.
    question = town.case("question", complex=True, title="Ten minutes")
    for n in range(8):
        town.case("errand", None, title=f"Errand {n}", given_due=NOW + HOUR + n * MINUTE)
    rest = queries.desk(town.viewer("leader"), town.place, NOW, others=3).rest
    assert (len(rest), rest[0].case) == (3, question)
    assert [view.case for view in queries.of_unit(town.units["water"], NOW, limit=1)] == [question]


def test_what_has_no_clock_comes_last_on_every_database(town: Town) -> None:
    loose = town.case("finding", None, at=NOW - DAY)
    due = town.case("errand", None, given_due=NOW + 30 * DAY)
    assert list(queues.queue(town.place, "undispatched", NOW)) == [due, loose]
    assert [view.case for view in queries.desk(town.viewer("office"), town.place, NOW, limit=1).mine] == [due]


def test_the_next_due_time_follows_the_clocks_through_every_move(town: Town) -> None:
    case = town.case("question", complex=True)
    assert case.next_due_at == first_due(case) == NOW + 10 * MINUTE
    last = case.due_at
    case = town.move(case, "reply", "unit", NOW + MINUTE, **REPLY)
    assert case.next_due_at == first_due(case) == last
    case = town.move(case, "answer", "unit", NOW + HOUR, **DONE)
    assert case.next_due_at is None is first_due(case)
    case = town.move(case, "return", "enterprise", NOW + DAY, reason="It leaks again")
    assert case.next_due_at == first_due(case) is not None
    actions.tick_clocks(place=town.place, by="drive", now=NOW + 30 * DAY)
    case.refresh_from_db()
    assert case.next_due_at == first_due(case), "a breach changes neither"
    case = town.move(case, "answer", "unit", NOW + 31 * DAY, **DONE)
    case = town.move(case, "confirm", "enterprise", NOW + 32 * DAY)
    assert (case.next_due_at, case.holder) == (None, "none")


def test_imported_cases_stand_in_the_same_lists(town: Town) -> None:
    records = [
        actions.CaseRecord("1", town.units["water"].pk, "Open", NOW - DAY, due=NOW + HOUR),
        actions.CaseRecord("2", town.units["water"].pk, "Over", NOW - DAY, due=NOW + HOUR, closed=NOW),
    ]
    actions.import_cases(place=town.place, kind="errand", source="old", records=records, by=BY, now=NOW)
    found = {row.source_id: (row.next_due_at, row.holder) for row in Case.objects.filter(source="old")}
    assert found == {"1": (NOW + HOUR, "unit"), "2": (None, "none")}


def test_a_long_queue_hides_no_other(town: Town) -> None:
    for n in range(60):
        town.case("finding", None, at=NOW - DAY, title=f"Loose {n}")
    sent = town.move(town.case("finding", None), "dispatch", "office", unit="tax")
    checked = town.move(sent, "answer", "unit", **DONE)
    assert queues.counts(town.place, NOW).queues == {"undispatched": 60, "to_verify": 1, "overdue": 0}
    assert list(queues.queue(town.place, "to_verify", NOW)) == [checked]
    assert queues.queue(town.place, "undispatched", NOW).count() == 60


def test_lists_walk_along_their_index(town: Town) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL reads a table of one row as a whole")
    town.case("question")
    rows = Case.objects.filter(place=town.place, closed_at__isnull=True)
    assert "case_open_due" in queries.in_order(rows).explain()
    assert "case_open_held" in queries.in_order(rows.filter(holder="office")).explain()
    assert "case_about" in rows.filter(about="ballot:1").exclude(about="").explain()


# Two pairs of eyes


def both(town: Town, unit: str, *, office_at: str | None = None) -> Any:
    """Someone who is a clerk of a unit and of the office."""
    where = town.units[office_at] if office_at else None
    people.appoint(place=town.place, username="both", role="office", unit=where, by=BY, now=NOW)
    if not office_at:
        people.appoint(place=town.place, username="both", role="clerk", unit=town.units[unit], by=BY, now=NOW)
    return viewer_of(Account.objects.get(username="both"), town.place)


@pytest.mark.parametrize("posted", ["tax", "town-hall"])
def test_nobody_judges_the_work_of_a_unit_they_are_posted_at_or_above(town: Town, posted: str) -> None:
    viewer = both(town, posted)
    own = town.move(
        town.move(town.case("finding", None), "dispatch", "office", unit="tax"), "answer", "unit", **DONE
    )
    other = town.move(
        town.move(town.case("finding", None), "dispatch", "office", unit="harbour"), "answer", "unit", **DONE
    )
    assert "office" not in queries.roles(own, viewer)
    assert queries.moves(own, viewer) == ()
    assert {move.key for move in queries.moves(other, viewer)} == {"return", "close"}
    desk = queries.desk(viewer, town.place, NOW)
    assert [view.case for view in desk.mine] == [other]
    assert [view.case for view in desk.rest] == [own]


def test_an_office_post_at_a_unit_is_a_post_at_the_unit(town: Town) -> None:
    viewer = both(town, "tax", office_at="tax")
    case = town.move(town.case("finding", None), "dispatch", "office", unit="tax")
    assert queries.roles(case, viewer) == ()
    assert queries.desk(viewer, town.place, NOW).others == 1, "the office sees the whole place all the same"


# The reference


@pytest.mark.django_db(transaction=True)
def test_cases_opened_at_once_have_references_of_their_own() -> None:
    town = build()
    works = [lambda n=n: town.case("question", title=f"Q{n}") for n in range(4)]
    cases = at_once(*works)
    assert len({case.ref for case in cases}) == 4
    assert all(case.ref.endswith(f"-{case.pk}") for case in cases)
    assert not Case.objects.filter(ref__isnull=True).exists()


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_twice_at_once_is_one_case() -> None:
    town = build()
    cases = at_once(*[lambda: town.case("question", once="one-form") for _ in range(2)])
    assert len({case.pk for case in cases}) == Case.objects.count() == 1
    assert town.kinds().count("case.opened") == 1


# Sponsors


def test_a_leader_sees_what_the_enterprises_answered_for_wait_for(town: Town) -> None:
    case = town.case("question", enterprise=town.firm)
    over = town.move(town.case("question", enterprise=town.firm), "answer", "unit", **DONE)
    town.move(over, "confirm", "enterprise")
    town.case("question")
    (mine,) = queries.sponsored(town.viewer("leader"), town.place, NOW)
    assert mine.enterprise == town.firm
    assert [view.case for view in mine.cases] == [case]
    assert queries.sponsored(town.viewer("office"), town.place, NOW) == []
    assert queries.of_enterprises(town.place, NOW + timedelta(hours=1)) == {town.firm.pk: (1, 1)}
