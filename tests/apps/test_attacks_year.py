"""What somebody with ill will, or with two thumbs, tries against meetings, contests, inspections and bulletins."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leitai.apps.bulletins import actions as bulletins
from leitai.apps.contests import actions as contests
from leitai.apps.contests.models import Challenge, Contest
from leitai.apps.inspections import actions as inspections
from leitai.apps.inspections.models import Finding
from leitai.apps.ledger.models import Event
from leitai.apps.merits import actions as merits
from leitai.apps.occasions import actions as occasions
from leitai.apps.occasions import queries
from leitai.apps.occasions.models import Commitment, Minute
from leitai.apps.people import actions as people
from tests.factories import BY, DAY, HOUR, NOW, Town, build, refused, text

from . import rounds_town
from .contest_town import CONTESTS, OFFICE, at_vote, called, cast, contest_town, forward, jurors
from .meeting_town import REVIEW, begun, meeting_town, promised, review
from .test_merits import propose


def clerk_of(town: Town, unit: str, name: str) -> Any:
    """Somebody posted at a unit."""
    post = people.appoint(
        place=town.place, username=name, role="clerk", unit=town.units[unit], password="pass the long way",
        by=BY, now=NOW,
    )  # fmt: skip
    return post.account


def test_an_objection_upheld_before_the_records_were_looked_up_is_not_forgotten(db: None) -> None:
    town = contest_town()
    row = called(town)
    made = forward(row, town.units["water"])
    at = row.nominations_until + HOUR / 2  # the worker has not been by
    said = contests.challenge(nomination=made, text="The leak was never mended", by="anyone", now=at)
    contests.answer_challenge(challenge=said, upheld=True, answer="It leaks", by="account:other", now=at)
    contests.check_records(contest=row, by="drive", now=at + HOUR / 4)
    made.refresh_from_db()
    assert (made.passed, made.excluded_why) == (False, "It leaks")


def test_who_serves_at_a_unit_put_forward_after_the_jury_was_named_does_not_judge_it(db: None) -> None:
    town = contest_town()
    row = called(town)
    forward(row, town.units["roads"])
    near = clerk_of(town, "water", "near")
    contests.name_jury(contest=row, accounts=[near, *jurors(town)], by=OFFICE, now=NOW + HOUR)
    made = forward(row, town.units["water"], now=NOW + 2 * HOUR)
    contests.check_records(contest=row, by="drive", now=row.nominations_until)
    row.refresh_from_db()
    with refused("juror-near"):
        cast(row, near, made)


def test_nobody_of_another_place_is_on_the_jury(vale: Town) -> None:
    town = contest_town()
    row = called(town)
    forward(row, town.units["water"])
    strangers = [*jurors(town)[1:], clerk_of(town, "south", "far"), vale.posts["leader"].account]
    with refused("juror-unknown"):
        contests.name_jury(contest=row, accounts=strangers, by=OFFICE, now=NOW + HOUR)


def test_two_presses_are_one_objection(db: None) -> None:
    contest, (made, *_rest) = at_vote(contest_town(), "water", "roads")
    at = contest.nominations_until + HOUR / 2
    for _press in range(2):
        contests.challenge(nomination=made, text="The leak was never mended", by="anyone", now=at)
    assert Challenge.objects.count() == 1


def test_two_presses_are_one_objection_to_an_honour(town: Town) -> None:
    row = propose(town, "flag", target="unit")
    for _press in range(2):
        merits.object_to(proposal=row, text="The figures were bought", by="anyone", now=NOW + HOUR)
    row.refresh_from_db()
    assert row.reply == "The figures were bought"


def test_two_presses_are_one_finding_and_one_case(db: None) -> None:
    visit = rounds_town.visit(rounds_town.town())
    inspections.begin_visit(visit=visit, by=BY, now=NOW)
    for _press in range(2):
        inspections.find(visit=visit, item="window", text="Nobody at window 3", by=BY, now=NOW + HOUR)
    assert Finding.objects.count() == Event.objects.filter(kind="inspection.found").count() == 1
    inspections.find(visit=visit, item="window", text="Nobody at window 4", by=BY, now=NOW + HOUR)
    assert Finding.objects.count() == 2


def test_words_of_an_inspection_stay_out_of_the_ledger(db: None) -> None:
    visit = rounds_town.visit(rounds_town.town())
    inspections.begin_visit(visit=visit, by=BY, now=NOW)
    inspections.note(visit=visit, answers={"words": "Wang was asleep", "papers": "3"}, by=BY, now=NOW)
    found = inspections.find(visit=visit, item="window", text="Nobody but Wang at 3", by=BY, now=NOW + HOUR)
    inspections.reply(finding=found, text="Wang was ill that day", by="account:clerk", now=NOW + HOUR)
    told = "".join(Event.objects.values_list("data", flat=True))
    assert "Wang" not in told
    assert '"papers":"3"' in told


def test_two_presses_are_one_promise_and_one_note(db: None) -> None:
    town = meeting_town()
    row = begun(town)
    first, second = promised(town, row), promised(town, row)
    assert first.pk == second.pk and Commitment.objects.count() == 1
    assert promised(town, row, text="Ten million more").pk != first.pk
    for words in ("Agreed", "Agreed", "Not agreed", "Agreed"):
        occasions.note(occasion=row, part="words", text=words, by=BY, now=row.at + HOUR)
    assert Minute.objects.count() == 3


@pytest.mark.parametrize("at", [datetime(9999, 12, 31, 12, tzinfo=UTC), NOW + timedelta(days=800)])
def test_a_meeting_is_not_moved_out_of_every_calendar(db: None, at: datetime) -> None:
    row = review(meeting_town())
    with refused("shift-too-far"):
        occasions.shift(occasion=row, at=at, reason="Never", by=BY, now=NOW)


def test_a_person_named_in_the_title_or_the_frame_of_an_exposure_is_masked(town: Town) -> None:
    draft = people.OfficialDraft("zhang", "water", "head", date(2023, 1, 1), name="Zhang Weiguo")
    people.put_officials(place=town.place, drafts=[draft], by=BY, now=NOW)
    ballot = town.found(town.verdict())
    row = bulletins.draft(
        place=town.place, kind="exposure", about=f"ballot:{ballot.pk}", by=BY, now=NOW + DAY
    )
    frame = dict(row.blocks[0]) | {"to": "To Zhang Weiguo:", "annexes": ["Letter of Zhang Weiguo"]}
    kept = [frame, *(dict(one) | {"at": str(n)} for n, one in enumerate(row.blocks) if n)]
    bulletins.edit(bulletin=row, title="Zhang Weiguo slept", blocks=kept, by=BY, now=NOW + DAY)
    row.refresh_from_db()
    assert "Zhang" not in f"{row.title}{row.blocks}"


def asked(read: Callable[[], Any]) -> int:
    """How many questions to the database a reading takes."""
    with CaptureQueriesContext(connection) as found:
        read()
    return len(found)


def test_more_promises_and_statements_take_no_more_questions(db: None) -> None:
    town = meeting_town()
    row = begun(town)
    viewer = town.viewer("office")

    def read() -> None:
        for one in queries.all_commitments(town.place):
            queries.measured_by(one)
            queries.name(one.occasion)
        for one in queries.to_prepare(viewer, town.place):
            queries.called(one)

    promised(town, row, text="Promise")
    few = asked(read)
    for n in range(5):
        promised(town, row, text=f"Promise {n}")
    assert asked(read) == few


def test_a_meeting_held_before_the_worker_came_by_calls_its_contests_all_the_same(db: None) -> None:
    book = text("town").replace("\nmerits:\n", CONTESTS, 1)
    assert book.count(REVIEW) == 1
    town = build("town", regime=book.replace(REVIEW, REVIEW.replace("reads: [works]", "contests: [doers]")))
    occasions.plan(place=town.place, by="drive", now=NOW)
    row = review(town)
    occasions.hold(occasion=row, note="Honours are due", nothing=True, by=BY, now=row.at + HOUR)
    town.drive(row.at + 3 * DAY)
    assert [one.key for one in Contest.objects.all()] == ["doers"]
