"""Exact rank sets: each test done the long way, and what must hold of any."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leitai.rules.scoring import clopper_pearson, multinomial_sets, rate_sets
from leitai.rules.scoring.exactsets import Correction, ahead_chance

COUNTS = st.lists(st.integers(0, 40), min_size=1, max_size=7)


def chance(more: int, fewer: int) -> Fraction:
    """P(Bin(more + fewer, 1/2) >= more) in whole numbers."""
    size = more + fewer
    return Fraction(sum(comb(size, hits) for hits in range(more, size + 1)), 2**size)


def told(pairs: dict[tuple[int, int], Fraction], holm: bool) -> set[tuple[int, int]]:
    found = set()
    for place, (pair, p) in enumerate(sorted(pairs.items(), key=lambda one: one[1])):
        if p > Fraction(1, 20) / (len(pairs) - (place if holm else 0)):
            break
        found.add(pair)
    return found


@given(COUNTS, st.booleans())
def test_sets_of_counts_are_those_of_the_tests_one_by_one(counts: list[int], holm: bool) -> None:
    correction: Correction = "holm" if holm else "bonferroni"
    size = len(counts)
    pairs = {(j, k): chance(counts[j], counts[k]) for j in range(size) for k in range(size) if j != k}
    joint = multinomial_sets(counts, correction=correction)
    own = multinomial_sets(counts, correction=correction, simultaneous=False)
    beyond = told(pairs, holm)
    for unit in range(size):
        assert joint.low[unit] == 1 + sum(k == unit for _, k in beyond)
        assert joint.high[unit] == size - sum(j == unit for j, _ in beyond)
        mine = told({pair: p for pair, p in pairs.items() if unit in pair}, holm)
        assert own.low[unit] == 1 + sum(k == unit for _, k in mine)
        assert own.high[unit] == size - sum(j == unit for j, _ in mine)
    for j, k in pairs:
        assert (ahead_chance(counts[j], counts[k]) <= joint.joint_line) == ((j, k) in beyond)


def test_one_sided_sets_bound_one_end_more_closely() -> None:
    counts = [60, 41, 22, 9]
    both = multinomial_sets(counts, simultaneous=False)
    best = multinomial_sets(counts, simultaneous=False, sides="best")
    worst = multinomial_sets(counts, simultaneous=False, sides="worst")
    assert set(best.high) == {4}
    assert set(worst.low) == {1}
    assert all(one >= two for one, two in zip(best.low, both.low, strict=True))
    assert all(one <= two for one, two in zip(worst.high, both.high, strict=True))


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 60)), min_size=1, max_size=8))
def test_sets_of_rates_follow_from_their_intervals(units: list[tuple[int, int]]) -> None:
    counts, ns = [min(one) for one in units], [one[1] for one in units]
    sets = rate_sets(counts, ns)
    each = 0.95 ** (1 / len(ns))
    for unit, (count, n) in enumerate(zip(counts, ns, strict=True)):
        assert (sets.lower[unit], sets.upper[unit]) == pytest.approx(
            clopper_pearson(count, n, each), abs=1e-9
        )
        assert sets.low[unit] == 1 + sum(one > sets.upper[unit] for one in sets.lower)
        assert sets.high[unit] == len(ns) - sum(one < sets.lower[unit] for one in sets.upper)


def test_what_is_no_count_is_refused() -> None:
    for counts in ([-1, 2], [1.5, 2]):
        with pytest.raises(ValueError):
            multinomial_sets(counts)  # type: ignore[arg-type]
    for counts, ns in (([3], [2]), ([0], [0]), ([1, 2], [3])):
        with pytest.raises(ValueError):
            rate_sets(counts, ns)
    with pytest.raises(ValueError):
        multinomial_sets([1, 2], 1.0)
