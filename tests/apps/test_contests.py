"""Contests from the call to the count: who may, on what record, with which objections; the ballot is secret."""

from __future__ import annotations

import json

import pytest
from django.db import connection

from leitai.apps.contests import actions, queries
from leitai.apps.contests.models import Challenge, Contest, SecretBallot
from leitai.apps.ledger.errors import Refused
from leitai.apps.ledger.models import Event
from leitai.apps.people import actions as people
from leitai.apps.people import queries as people_queries
from tests.apps.contest_town import (
    OFFICE,
    answered,
    at_vote,
    called,
    cast,
    contest_town,
    forward,
    jurors,
    objected,
)
from tests.factories import BY, DAY, HOUR, NOW, Town

pytestmark = pytest.mark.usefixtures("english")


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


def test_nobody_votes_before_the_records_were_looked_up(town: Town) -> None:
    row = called(town)
    forward(row, town.units["water"])
    actions.name_jury(contest=row, accounts=jurors(town), by=OFFICE, now=NOW + HOUR)
    with pytest.raises(Refused) as refused:
        cast(row, jurors(town)[0], now=row.notice_until + HOUR)
    assert code(refused) == "not-this-stage"
    with pytest.raises(Refused) as refused:
        actions.close(contest=row, by="drive", now=row.vote_until + HOUR)
    assert code(refused) == "not-this-stage"


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
        cast(row, town.posts["office"].account, roads)
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


def test_an_objection_without_an_answer_holds_the_vote_and_the_count_and_says_which(town: Town) -> None:
    row, (water, roads) = at_vote(town, "water", "roads")
    said, meant = objected(water), row.vote_until
    begun = row.notice_until + HOUR
    assert queries.stage(row, begun) == "held"
    for choice in (water, roads):  # a juror who votes before the answer could not take it into account
        with pytest.raises(Refused) as refused:
            cast(row, jurors(town)[0], choice, now=begun)
        assert code(refused) == "objection-unanswered"
    told = str(refused.value)
    until = queries.answer_due(row, said).astimezone(town.place.zone)
    for part in (f"Objection {said.pk}", water.unit.name, "The office", f"{until:%Y-%m-%d %H:%M}"):
        assert part in told
    assert not queries.to_vote(town.place, jurors(town)[0], begun)
    from leitai.drive.contests import run_contests

    assert run_contests(town.place, meant + DAY) == 0, "nothing is counted either"
    with pytest.raises(Refused) as refused:
        actions.close(contest=row, by="drive", now=meant + DAY)
    assert code(refused) == "objection-unanswered"
    answered(said, meant + DAY)
    row.refresh_from_db()
    assert queries.stage(row, meant + DAY + HOUR) == "vote"
    assert row.vote_until - meant > 3 * DAY, "the jury has its three workdays from the answer on"
    for juror in jurors(town):
        cast(row, juror, water, now=meant + DAY + HOUR)
    assert run_contests(town.place, row.vote_until) == 1
    water.refresh_from_db()
    assert water.elected


def test_an_objection_upheld_while_the_vote_waits_leaves_out_and_one_answered_in_time_holds_nothing(
    town: Town,
) -> None:
    row, (water, roads) = at_vote(town, "water", "roads")
    meant = row.vote_until
    early, late = objected(roads), objected(water)
    answered(early, row.notice_until - HOUR / 2)
    row.refresh_from_db()
    assert row.vote_until == meant
    answered(late, row.notice_until + HOUR, upheld=True)
    water.refresh_from_db()
    assert water.passed is False
    assert [one.pk for one in queries.voted_on(row)] == [roads.pk]
    row.refresh_from_db()
    cast(row, jurors(town)[0], roads, now=row.notice_until + 2 * HOUR)


def test_nobody_is_left_out_once_a_ballot_is_in_the_box(town: Town) -> None:
    row, (water, roads) = at_vote(town, "water", "roads")
    said = objected(water)
    answered(said, row.notice_until - HOUR / 2)
    cast(row, jurors(town)[0], roads)
    Challenge.objects.filter(pk=said.pk).update(
        upheld=None, answer="", answered_by="", answered_at=None
    )  # as a contest that ran before votes waited may have it
    said.refresh_from_db()
    with pytest.raises(Refused) as refused:
        answered(said, row.notice_until + DAY, upheld=True)
    assert code(refused) == "too-late"


def test_who_put_somebody_forward_does_not_judge_and_the_refusal_says_why(town: Town) -> None:
    row = called(town)
    forward(row, town.units["water"])
    office = town.posts["office"].account
    with pytest.raises(Refused) as refused:
        actions.name_jury(contest=row, accounts=[office, *jurors(town)], by="account:second", now=NOW + HOUR)
    assert code(refused) == "juror-nominated"
    assert "put somebody forward" in str(refused.value) and str(office) in str(refused.value)


def test_a_juror_who_was_named_first_puts_nobody_forward(town: Town) -> None:
    row = called(town)
    actions.name_jury(contest=row, accounts=jurors(town), by=OFFICE, now=NOW + HOUR)
    leader = jurors(town)[0]
    with pytest.raises(Refused) as refused:
        forward(row, town.units["water"], by=f"account:{leader.username}")
    assert code(refused) == "juror-nominates" and "on the jury" in str(refused.value)
    made = forward(row, town.units["water"])
    actions.check_records(contest=row, by="drive", now=row.nominations_until)
    row.refresh_from_db()
    # A jury that was named before this rule held may have one who put somebody forward.
    row.nominations.update(by=f"account:{leader.username}")
    with pytest.raises(Refused) as refused:
        cast(row, leader, made)
    assert code(refused) == "juror-nominated"
    cast(row, jurors(town)[1], made)


def test_an_official_who_is_put_forward_does_not_judge(db: None) -> None:
    town = contest_town(of="official")
    leader = town.posts["leader"].account
    draft = people.OfficialDraft(
        "zhang", "water", "deputy", NOW.date() - 30 * DAY, name="Zhang", account=leader.username
    )
    people.put_officials(place=town.place, drafts=[draft], by=BY, now=NOW)
    row = called(town)
    forward(row, town.units["water"], official=people_queries.official(town.place, "zhang"))
    with pytest.raises(Refused) as refused:
        actions.name_jury(contest=row, accounts=jurors(town), by=OFFICE, now=NOW + HOUR)
    assert code(refused) == "juror-put-forward" and "is put forward" in str(refused.value)


def _as_written(table: str, of: int) -> list[tuple[str, str]]:
    """(key, transaction) of the rows of a contest in the order in which they lie in their table."""
    written, lies = ("xmin::text", "ctid") if connection.vendor == "postgresql" else ("''", "rowid")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, {written} FROM {table} WHERE contest_id = %s ORDER BY {lies}", [of])
        return [(str(key), str(by)) for key, by in cursor.fetchall()]


def test_neither_transactions_nor_keys_nor_order_of_rows_join_a_ballot_to_its_juror(town: Town) -> None:
    row, (water, roads) = at_vote(town, "water", "roads")
    slips, keys = [], set()
    for juror, choice in zip(jurors(town), (water, roads, water), strict=True):
        slips.append(cast(row, juror, choice))
        ballots, seats = (_as_written(f"contests_{name}", row.pk) for name in ("secretballot", "juror"))
        # All rows of both tables bear the number of the last vote, whoever's ballot they are.
        assert len({by for _key, by in (*ballots, *seats)}) == 1
        lie = [key for key, _by in ballots]
        assert lie == sorted(lie) and not keys & set(lie), "drawn anew, and lying in the order of the draw"
        keys |= set(lie)
    kept = {one.slip: one.choices for one in SecretBallot.objects.filter(contest=row)}
    assert kept == {slips[0]: [str(water.pk)], slips[1]: [str(roads.pk)], slips[2]: [str(water.pk)]}
    assert [queries.juror(row, one).voted for one in jurors(town)] == [True] * 3


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
