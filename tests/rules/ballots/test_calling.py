"""Who is drawn to call, what follows from what they find, and until when each side may ask for a review."""

from __future__ import annotations

import doctest
import hashlib
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leitai.rules.ballots import calling
from leitai.rules.ballots.calling import (
    ACTS,
    DECISIONS,
    OUTCOMES,
    STAGES,
    Hands,
    Stage,
    Window,
    below,
    check_outcome,
    check_reviewer,
    check_stage,
    check_window,
    draw,
    seed_of,
    stage_of,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
SINCE = datetime(2024, 4, 10, 15, 30, tzinfo=UTC)  # 23:30 of the 10th in Shanghai
NAMES = st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=12)
SEEDS = st.binary(min_size=32, max_size=32)
HANDS = Hands("account:clerk", "account:patrol", ("account:leader",), False)


def seed(number: int) -> bytes:
    return seed_of("town", number, "ab" * 32)


PAGE = (Path(__file__).parents[3] / "docs/explanation/verification.md").read_text(encoding="utf-8")


def rows(first: str) -> list[list[str]]:
    """The rows of the page's table whose heading starts with this cell."""
    table = PAGE.split(f"\n| {first} |", 1)[1].split("\n\n", 1)[0].split("\n")[2:]
    return [[cell.strip() for cell in line.strip("| ").split("|")] for line in table]


# The draw


@given(NAMES, SEEDS)
def test_one_of_the_candidates_is_drawn_in_whatever_order_they_are_named(names: list[str], by: bytes) -> None:
    drawn = draw(names, by)
    assert drawn in names
    assert draw([*reversed(names), *names], by) == drawn


@given(st.integers(1, 2**64), SEEDS)
def test_a_number_is_below_its_end_and_can_be_drawn_again_by_hand(end: int, by: bytes) -> None:
    blocks = (
        int.from_bytes(hashlib.sha256(by + block.to_bytes(8, "big")).digest()[:8], "big")
        for block in range(99)
    )
    wanted = next(one for one in blocks if one < 2**64 // end * end)
    assert below(end, by) == wanted % end < end


def test_a_block_that_would_favour_small_numbers_is_passed_over() -> None:
    end = 2**63 + 1  # about half of all blocks lie past the only whole multiple
    passed = 0
    for number in range(60):
        by = seed(number)
        first = int.from_bytes(hashlib.sha256(by + bytes(8)).digest()[:8], "big")
        passed += below(end, by) != first
        assert (first < end) == (below(end, by) == first)
    assert 15 < passed < 45


def test_each_of_five_is_drawn_about_as_often() -> None:
    drawn = Counter(draw("abcde", seed(number)) for number in range(5000))
    assert all(900 < drawn[name] < 1100 for name in "abcde"), drawn  # 1000 each, a deviation of 28


def test_a_seed_hangs_on_the_place_the_leaf_and_the_link() -> None:
    seeds = {
        seed_of("town", 1, "aa"),
        seed_of("vale", 1, "aa"),
        seed_of("town", 2, "aa"),
        seed_of("town", 1, "ab"),
        seed_of("town", None, "aa"),
    }
    assert len(seeds) == 5


@pytest.mark.parametrize("end", [0, -1, 2**64 + 1])
def test_nothing_is_drawn_from_nothing(end: int) -> None:
    with pytest.raises(ValueError, match="below"):
        below(end, bytes(32))
    with pytest.raises(ValueError, match="below 0"):
        draw([], bytes(32))


# The road


@pytest.mark.parametrize(
    ("standing", "outcome", "answered", "asked", "stage"),
    [
        ("counted", None, False, None, "undrawn"),
        ("counted", "", False, None, "calling"),
        ("counted", "unreachable", False, None, "unreached"),
        ("counted", "mistaken", False, "proposal", "doubted"),
        ("counted", "unreachable", False, "appeal", "appealed"),
        ("upheld", "upheld", False, None, "upheld"),
        ("upheld", "upheld", False, "appeal", "appealed"),
        ("upheld", "upheld", True, None, "answered"),
        ("upheld", "upheld", True, "objection", "objected"),
        ("set_aside", "mistaken", False, None, "set-aside"),
        ("set_aside", "mistaken", False, "objection", "objected"),
    ],
)
def test_where_a_verdict_stands(
    standing: str, outcome: str | None, answered: bool, asked: str | None, stage: str
) -> None:
    assert stage_of(standing, outcome, answered, asked) == stage


def test_every_stage_has_words_and_is_led_on_or_can_be_contested() -> None:
    assert set(STAGES) == set(Stage)
    assert all(text.zh and text.en for text in STAGES.values())
    assert set(Stage) == frozenset().union(*ACTS.values())


def test_what_speaks_against_the_citizen_is_never_decided_by_the_call_alone() -> None:
    for outcome, follow in OUTCOMES.items():
        assert follow.standing != "set_aside"
        against = outcome not in ("upheld", "unreachable")
        assert (follow.ask == "proposal") is against
        assert follow.says
    asides = {key for key, follow in DECISIONS.items() if follow.standing == "set_aside"}
    assert asides == {("proposal", True), ("appeal", True)}


def test_the_page_tells_every_outcome_and_every_decision() -> None:
    assert [(key, standing, event) for key, standing, event, _ in rows("Outcome")] == [
        (key, follow.standing or "counted", follow.event) for key, follow in OUTCOMES.items()
    ]
    assert {(ask, yes, no) for ask, _, yes, no in rows("Review")} == {
        (ask, DECISIONS[ask, True].event, DECISIONS[ask, False].event) for ask, _ in DECISIONS
    }


def test_an_act_at_the_wrong_stage_says_where_the_verdict_stands() -> None:
    assert check_stage("appeal", Stage.UPHELD) is None
    found = check_stage("appeal", Stage.SET_ASIDE)
    assert found is not None and "set aside" in found.text
    with pytest.raises(KeyError):
        check_stage("forget", Stage.UPHELD)


@pytest.mark.parametrize(
    ("outcome", "tries", "reachable", "code"),
    [
        ("unreachable", 2, True, "tries-left"),
        ("unreachable", 3, True, None),
        ("unreachable", 0, False, None),
        ("upheld", 0, True, None),
        ("", 3, True, "unknown-outcome"),
        ("forgotten", 3, True, "unknown-outcome"),
    ],
)
def test_not_reached_is_said_after_the_rule_books_tries(
    outcome: str, tries: int, reachable: bool, code: str | None
) -> None:
    found = check_outcome(outcome, tries, 3, reachable)
    assert (found.code if found else None) == code


# Days


def test_days_are_whole_ones_of_the_place_after_the_day_of_the_decision() -> None:
    window = Window(SINCE, 10, SHANGHAI)
    assert (window.first, window.last) == (date(2024, 4, 10), date(2024, 4, 20))
    assert window.end == datetime(2024, 4, 20, 16, tzinfo=UTC)
    assert check_window(window, window.end - timedelta(microseconds=1)) is None
    late = check_window(window, window.end)
    assert late is not None and late.code == "too-late" and "2024-04-20" in late.text
    assert "2024-04-20" in window.account.zh and "2024-04-20" in window.account.en
    assert Window(SINCE, 10, UTC).end == datetime(2024, 4, 21, tzinfo=UTC)


@pytest.mark.parametrize(("decided", "days", "last", "end"), rows("Decided"))
def test_the_pages_days(decided: str, days: str, last: str, end: str) -> None:
    window = Window(datetime.fromisoformat(f"{decided}+08:00"), int(days), SHANGHAI)
    assert window.last == date.fromisoformat(last)
    assert window.end == datetime.fromisoformat(f"{end}+08:00")


def test_a_rule_book_without_days_gives_none() -> None:
    found = check_window(Window(SINCE, 0, SHANGHAI), SINCE)
    assert found is not None and found.code == "no-days"


# From 2000 on: until 1991 the zone had summer time, and one day a year an hour more.
@given(st.integers(946_684_800, 2_200_000_000), st.integers(1, 365))
def test_there_are_at_least_so_many_whole_days_and_less_than_one_more(second: int, days: int) -> None:
    since = datetime.fromtimestamp(second, UTC)
    left = Window(since, days, SHANGHAI).end - since
    assert timedelta(days=days) < left <= timedelta(days=days + 1)


# A second person


@pytest.mark.parametrize(
    ("by", "near", "code"),
    [
        ("account:inspector", False, None),
        ("account:inspector", True, "own-unit"),
        ("account:patrol", False, "own-call"),
        ("account:clerk", False, "own-ask"),
        ("account:leader", False, "own-decision"),
    ],
)
def test_a_reviewer_has_had_no_hand_in_it(by: str, near: bool, code: str | None) -> None:
    found = check_reviewer(by, Hands(HANDS.asked, HANDS.called, HANDS.decided, near))
    assert (found.code if found else None) == code


def test_the_example_runs() -> None:
    assert doctest.testmod(calling).failed == 0
