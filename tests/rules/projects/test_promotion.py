"""Investment promotion: the funnel counts a lead at every step it came to; one firm under two names is found."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from leitai.rules.projects.promotion import ALIKE, STEPS, Road, alike, funnel, plain, twins

D = date(2022, 1, 1)


def road(key: int, firm: str = "A", unit: str = "park", **steps: int) -> Road:
    return Road(key, unit, firm, {step: D + timedelta(days=day) for step, day in steps.items()})


def test_names_are_compared_without_what_all_firms_share() -> None:
    assert plain("高景太阳能（某省）股份有限公司") == plain("高景太阳能有限责任公司") == "高景太阳能"
    assert plain("ACME Holdings Co., Ltd.") == plain("acme") == "acme"
    assert plain("某县高景太阳能公司", ["某县"]) == "高景太阳能"
    assert plain("有限公司") == "有限公司"  # nothing would be left


def test_two_units_after_one_firm_are_found_and_one_units_own_are_not() -> None:
    rows = [
        road(1, "中复神鹰碳纤维有限公司", "east", found=0),
        road(2, "中复神鹰碳纤维（集团）股份有限公司", "west", found=3),
        road(3, "中复神鹰碳纤维", "west", found=5),
        road(4, "完全不同食品厂", "south", found=5),
    ]
    assert [(pair.first, pair.second, pair.share) for pair in twins(rows)] == [(1, 2, 1.0), (1, 3, 1.0)]


def test_the_funnel_counts_skipped_steps_and_times_only_known_ones() -> None:
    rows = [
        road(1, found=0, visited=10, talks=20, signed=50, landed=80),
        road(2, found=0, signed=40),
        road(3, found=0, visited=20, lost=30),
        road(4, found=0),
    ]
    rungs = {rung.step: rung for rung in funnel(rows)}
    assert [rungs[step].came for step in STEPS] == [4, 3, 2, 2, 1]
    assert rungs["visited"].lost == 1 and rungs["visited"].still == 0 and rungs["signed"].still == 1
    assert rungs["visited"].days == 15 and rungs["visited"].timed == 2
    assert rungs["signed"].days == 30 and rungs["signed"].timed == 1 and rungs["found"].days is None


NAMES = st.lists(st.tuples(st.text("甲乙丙丁戊", min_size=1, max_size=6), st.sampled_from("ab")), max_size=12)


@given(NAMES)
def test_pairs_are_those_a_comparison_of_all_would_find(said: list[tuple[str, str]]) -> None:
    rows = [road(n, name, unit, found=0) for n, (name, unit) in enumerate(said)]
    want = {
        (one.key, other.key)
        for one, other in combinations(rows, 2)
        if one.unit != other.unit and alike(plain(one.firm), plain(other.firm)) >= ALIKE
    }
    assert {(pair.first, pair.second) for pair in twins(rows)} == want


@given(st.lists(st.sets(st.sampled_from([*STEPS[1:], "lost"])), max_size=9))
def test_every_lead_is_somewhere_in_the_funnel_once(said: list[set[str]]) -> None:
    rows = [road(n, found=0, **dict.fromkeys(steps, n + 1)) for n, steps in enumerate(said)]
    rungs = funnel(rows)
    assert sum(rung.still + rung.lost for rung in rungs) == len(rows)
    assert all(a.came - a.still - a.lost == b.came for a, b in pairwise(rungs))


@given(st.text(max_size=8), st.text(max_size=8))
def test_likeness_is_the_same_both_ways_and_within_bounds(one: str, other: str) -> None:
    assert alike(one, other) == alike(other, one) and 0 <= alike(one, other) <= 1 and alike(one, one) == 1
