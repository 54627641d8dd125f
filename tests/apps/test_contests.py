"""Contests from the call to the count: who may, on what record, with which objections; the ballot is secret."""

from __future__ import annotations

import json

import pytest

from leitai.apps.contests import actions, queries
from leitai.apps.contests.models import Contest, SecretBallot
from leitai.apps.ledger.errors import Refused
from leitai.apps.ledger.models import Event
from tests.apps.contest_town import OFFICE, at_vote, called, cast, contest_town, forward, jurors
from tests.factories import BY, DAY, HOUR, NOW, Town


@pytest.fixture
def town(db: None) -> Town:
    """The town with a contest."""
    return contest_town()


def code(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.finding.code


def test_a_contest_is_called_once_a_period(town: Town) -> None:
    row = called(town)
    assert not actions.call(place=town.place, key="doers", period="2024", at=NOW, by=BY, now=NOW + DAY)
    assert Contest.objects.count() == 1
    assert row.opened_at < row.nominations_until < row.notice_until < row.vote_until


def test_who_is_put_forward_needs_evidence_and_must_be_open_to_it(town: Town) -> None:
    row = called(town)
    with pytest.raises(Refused) as refused:
        forward(row, town.units["water"], exhibits=[("case:1", " ")])
    assert code(refused) == "no-evidence"
    with pytest.raises(Refused) as refused:
        forward(row, town.units["north"])
    assert code(refused) == "not-open-to"
    forward(row, town.units["water"])
    with pytest.raises(Refused) as refused:
        forward(row, town.units["water"])
    assert code(refused) == "raced"
    with pytest.raises(Refused) as refused:
        forward(row, town.units["roads"], now=row.nominations_until)
    assert code(refused) == "not-this-stage"


def test_the_record_is_looked_up_and_who_does_not_pass_is_left_out_with_the_figures(town: Town) -> None:
    row = called(town)
    clean, late = forward(row, town.units["water"]), forward(row, town.units["roads"])
    from leitai.drive.engine import run_until_idle

    for n in range(3):
        town.case("question", "roads", at=NOW, title=f"Nobody answers {n}")
    run_until_idle(town.place, now=NOW + DAY)
    actions.check_records(contest=row, by="drive", now=row.nominations_until)
    clean.refresh_from_db()
    late.refresh_from_db()
    assert (clean.passed, late.passed) == (True, False)
    assert late.excluded_why == "No false closing"
    failed = next(one for one in queries.checks_of(late) if not one["held"])
    assert failed["asked"] == {"record.breaches": 3, "record.false_closings": 0}
    assert [one.pk for one in queries.voted_on(row)] == [clean.pk]


def test_a_check_that_comes_late_gives_the_notice_its_full_length(town: Town) -> None:
    row = called(town)
    forward(row, town.units["water"])
    meant = row.vote_until
    actions.check_records(contest=row, by="drive", now=meant + DAY)
    row.refresh_from_db()
    assert queries.stage(row, meant + DAY) == "notice"
    assert row.notice_until > meant + 5 * DAY
    last = Event.objects.filter(kind="contest.checked").get()
    assert json.loads(last.data)["late"] is True


def test_an_objection_is_answered_by_another_and_may_leave_out(town: Town) -> None:
    row = called(town)
    made = forward(row, town.units["water"])
    actions.check_records(contest=row, by="drive", now=row.nominations_until)
    made = queries.nomination(town.place, made.pk)
    during = row.nominations_until + HOUR
    said = actions.challenge(nomination=made, text="It was not they who did it.", by="anyone", now=during)
    with pytest.raises(Refused) as refused:
        actions.answer_challenge(challenge=said, upheld=True, answer="So it was.", by=OFFICE, now=during)
    assert code(refused) == "own-case"
    other = "account:leader-town"
    with pytest.raises(Refused) as refused:
        actions.answer_challenge(challenge=said, upheld=True, answer=" ", by=other, now=during)
    assert code(refused) == "no-grounds"
    with pytest.raises(Refused) as refused:
        actions.answer_challenge(
            challenge=said, upheld=True, answer="So it was.", by=other, now=row.notice_until
        )
    assert code(refused) == "too-late"
    actions.answer_challenge(challenge=said, upheld=True, answer="So it was.", by=other, now=during)
    made.refresh_from_db()
    assert (made.passed, made.excluded_why) == (False, "So it was.")


def test_a_juror_serves_at_no_unit_that_is_put_forward(town: Town) -> None:
    row = called(town)
    forward(row, town.units["water"])
    with_clerk = [*jurors(town)[:2], town.posts["clerk"].account]
    with pytest.raises(Refused) as refused:
        actions.name_jury(contest=row, accounts=with_clerk, by=OFFICE, now=NOW + HOUR)
    assert code(refused) == "juror-near"
    with pytest.raises(Refused) as refused:
        actions.name_jury(contest=row, accounts=jurors(town)[:2], by=OFFICE, now=NOW + HOUR)
    assert code(refused) == "jury-small"


def test_the_jury_votes_once_each_and_the_count_can_be_followed_by_the_slips(town: Town) -> None:
    row, (water, roads) = at_vote(town, "water", "roads")
    first, second, third = jurors(town)
    slips = [cast(row, first, water), cast(row, second, water), cast(row, third, roads)]
    with pytest.raises(Refused) as refused:
        cast(row, first, roads)
    assert code(refused) == "voted-already"
    with pytest.raises(Refused) as refused:
        cast(row, town.posts["patrol"].account, roads)
    assert code(refused) == "no-juror"
    with pytest.raises(Refused) as refused:
        actions.close(contest=row, by="drive", now=row.vote_until - HOUR)
    assert code(refused) == "not-this-stage"
    actions.close(contest=row, by="drive", now=row.vote_until)
    row.refresh_from_db()
    result = queries.result_of(row)
    assert (result["valid"], result["elected"], result["ballots"]) == (True, [water.pk], 3)
    assert dict(result["slips"]) == {
        slips[0]: [str(water.pk)],
        slips[1]: [str(water.pk)],
        slips[2]: [str(roads.pk)],
    }
    won = Event.objects.get(kind="contest.elected")
    assert json.loads(won.data)["unit.key"] == "water"
    assert not actions.close(contest=row, by="drive", now=row.vote_until + DAY)


def test_nothing_that_is_kept_joins_a_ballot_to_its_juror(town: Town) -> None:
    row, (water, _roads) = at_vote(town, "water", "roads")
    voter = jurors(town)[0]
    slip = cast(row, voter, water)
    kept = SecretBallot.objects.values().get()
    assert voter.username not in json.dumps(kept) and voter.pk not in kept.values()
    assert set(kept) == {"id", "contest_id", "choices", "slip"}
    event = Event.objects.get(kind="contest.voted")
    said = f"{event.by} {event.subject} {event.data} {event.cause}"
    assert voter.username not in said and slip not in said and str(water.pk) not in json.loads(event.data)
    assert event.by == "jury"


def test_too_few_ballots_elect_nobody_and_say_so(town: Town) -> None:
    row, (water,) = at_vote(town, "water")
    cast(row, jurors(town)[0], water)
    actions.close(contest=row, by="drive", now=row.vote_until)
    row.refresh_from_db()
    assert queries.result_of(row)["valid"] is False
    assert not Event.objects.filter(kind="contest.elected").exists()


def test_the_drive_takes_a_contest_along_and_the_honour_is_proposed(town: Town) -> None:
    from leitai.apps.merits.models import Proposal
    from leitai.drive.engine import housekeeping, run_until_idle

    row = called(town)
    water = forward(row, town.units["water"])
    actions.name_jury(contest=row, accounts=jurors(town), by=OFFICE, now=NOW + HOUR)
    housekeeping(town.place, now=row.nominations_until + HOUR / 6)
    row.refresh_from_db()
    for juror in jurors(town):
        cast(row, juror, water)
    housekeeping(town.place, now=row.vote_until)
    run_until_idle(town.place, now=row.vote_until + HOUR)
    made = Proposal.objects.get(merit="flag", unit=town.units["water"])
    assert (made.tone, made.state) == ("honour", "proposed")
    assert f"nomination:{water.pk}" in made.links
    run_until_idle(town.place, now=row.vote_until + DAY)
    assert Proposal.objects.filter(merit="flag").count() == 1
