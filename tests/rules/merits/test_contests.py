"""Contests: stages follow one another in the calendar, the record is asked, and the count can be checked by hand."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leitai.rules.kernel import Text
from leitai.rules.merits import contests
from leitai.rules.merits.contests import Ends, check_ballot, check_record, count, ends, stage_at
from leitai.rules.regime.calendars import calendar_of
from leitai.rules.regime.duties import ContestSpec
from leitai.rules.regime.parse import parse
from leitai.rules.regime.vocabulary import RECORD
from tests.rules.regime.helpers import RIGHT

SPEC = ContestSpec.model_validate(
    {
        "name": "The doers",
        "nominations": "10 workdays",
        "notice": "5 workdays",
        "vote": "3 workdays",
        "on": "office",
        "seats": 2,
        "jury": 3,
        "merit": "doer",
        "checks": {
            "clean": {"name": "Clean", "if": "record.accountability == 0"},
            "kept": {"name": "Kept", "if": "record.commitments_missed + record.false_closings < 2"},
        },
    }
)
NONE = dict.fromkeys(RECORD, 0)


def test_each_stage_is_counted_from_the_end_of_the_one_before() -> None:
    regime = parse(RIGHT).regime
    assert regime is not None
    calendar = calendar_of(regime, "office")
    monday = datetime(2024, 4, 8, 2, 0, tzinfo=UTC)
    times = ends(SPEC, monday, calendar)
    assert monday < times.nominations < times.notice < times.vote
    # Ten workdays; then five, of which Sunday 28 April 2024 is one, a make-up day; then three before May Day.
    days = [one.astimezone(calendar.zone).date().isoformat() for one in (times.nominations, times.notice)]
    assert days == ["2024-04-22", "2024-04-28"]


def test_an_end_belongs_to_the_stage_after_it() -> None:
    start = datetime(2024, 1, 1, tzinfo=UTC)
    times = Ends(*(start + timedelta(days=n) for n in (1, 2, 3)))
    shown = [stage_at(times, start + timedelta(hours=12 * n), closed=False) for n in range(8)]
    assert shown == ["nominations"] * 2 + ["notice"] * 2 + ["vote"] * 2 + ["count"] * 2
    assert stage_at(times, start, closed=True) == "closed"


def test_an_objection_without_an_answer_holds_the_vote_and_the_count_but_nothing_before_or_after() -> None:
    start = datetime(2024, 1, 1, tzinfo=UTC)
    times = Ends(*(start + timedelta(days=n) for n in (1, 2, 3)))
    at = [start + timedelta(hours=12 * n) for n in range(8)]
    shown = [stage_at(times, one, closed=False, unanswered=True) for one in at]
    assert shown == ["nominations"] * 2 + ["notice"] * 2 + ["held"] * 4
    assert stage_at(times, at[7], closed=True, unanswered=True) == "closed"


def test_an_answer_and_a_vote_that_waited_for_it_have_their_time_in_the_calendar() -> None:
    regime = parse(RIGHT).regime
    assert regime is not None
    calendar = calendar_of(regime, "office")
    monday = datetime(2024, 4, 8, 2, 0, tzinfo=UTC)
    assert SPEC.answer == "3 workdays"
    assert (
        contests.answer_due(SPEC, monday, calendar).astimezone(calendar.zone).date().isoformat()
        == "2024-04-11"
    )
    late = contests.vote_end(SPEC, monday, calendar)
    assert late.astimezone(calendar.zone).date().isoformat() == "2024-04-11"


def test_the_record_is_asked_and_what_was_asked_is_kept() -> None:
    fine = check_record(SPEC, NONE)
    assert [one.held for one in fine] == [True, True]
    assert fine[1].asked == {"record.commitments_missed": 0, "record.false_closings": 0}
    bad = check_record(SPEC, NONE | {"record.accountability": 1, "record.false_closings": 2})
    assert [one.held for one in bad] == [False, False]
    assert bad[0].name == Text(en="Clean")


@pytest.mark.parametrize(
    ("choices", "code"),
    [(["d"], "not-nominated"), (["a", "a"], "named-twice"), (["a", "b", "c"], "too-many")],
)
def test_a_ballot_that_cannot_be_counted_is_refused(choices: list[str], code: str) -> None:
    found = check_ballot(choices, "abc", 2)
    assert found is not None and found.code == code


def test_an_empty_ballot_counts_as_one_that_names_nobody() -> None:
    assert check_ballot([], "abc", 2) is None
    assert count("ab", ["a", "a", ""], seats=1, jury=3).elected == ("a",)
    assert count("ab", ["a", "", ""], seats=1, jury=3).elected == ()


def test_those_level_at_the_last_seat_leave_it_empty() -> None:
    found = count("abc", ["abc", "abc", "a"], seats=2, jury=3)
    assert (found.elected, found.level) == (("a",), ("b", "c"))


def test_too_few_jurors_elect_nobody() -> None:
    found = count("ab", ["a", "a"], seats=1, jury=3)
    assert (found.valid, found.elected, found.votes["a"]) == (False, (), 2)


BALLOTS = st.lists(st.sets(st.sampled_from("abcdef")).map(sorted), max_size=30)


@given(BALLOTS, st.integers(1, 5), st.integers(3, 7))
def test_the_elected_have_more_than_half_and_more_than_anyone_who_is_not(
    ballots: list[list[str]], seats: int, jury: int
) -> None:
    found = count("abcdef", ballots, seats=seats, jury=jury)
    tally = Counter(one for ballot in ballots for one in ballot)
    assert dict(found.votes) == {one: tally[one] for one in "abcdef"}
    assert len(found.elected) <= seats
    able = {one for one in "abcdef" if 2 * tally[one] > len(ballots)} if len(ballots) >= jury else set()
    assert set(found.elected) | set(found.level) <= able
    if found.elected:
        least = min(tally[one] for one in found.elected)
        assert all(tally[one] < least for one in able - set(found.elected))
    if len(able) <= seats:
        assert set(found.elected) == able


@given(BALLOTS, st.randoms(use_true_random=False))
def test_the_order_of_ballots_tells_nothing(ballots: list[list[str]], chance: object) -> None:
    shuffled = list(ballots)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert count("abcdef", ballots, seats=2, jury=3) == contests.count("abcdef", shuffled, seats=2, jury=3)
