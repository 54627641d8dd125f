"""How many closed cases are drawn, and the bound on false ones: the worked tables, and the promise kept exactly."""

from __future__ import annotations

import doctest
import re
from fractions import Fraction
from itertools import combinations
from math import comb
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leitai.rules.casework import draw_seed, rechecks, sample_size, upper_bound

PAGE = Path(__file__).resolve().parents[3] / "docs/methods/rechecks.md"
few = st.integers(1, 60)
shares = st.integers(1, 99).map(lambda one: one / 100)


def test_the_example_of_the_module_is_true() -> None:
    told = doctest.testmod(rechecks)
    assert told.attempted and not told.failed


def test_the_worked_table_of_sizes() -> None:
    page = PAGE.read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| (0\.\d+) \| (\d+) \| (0\.\d{4}) \|$", page, re.MULTILINE)
    assert len(rows) == 8
    for closed, bound, drawn, most in rows:
        size = sample_size(int(closed), float(bound), 0.9)
        assert (size, f"{upper_bound(int(closed), size, 0, 0.9):.4f}") == (int(drawn), most)


def test_the_worked_table_of_bounds() -> None:
    page = PAGE.read_text(encoding="utf-8").split("what was found")[1]
    rows = re.findall(r"^\| (\d+) \| (\d+) \| (\d+) \| ([01]\.\d{4}) \|$", page, re.MULTILINE)
    assert len(rows) == 6
    for closed, checked, false, most in rows:
        assert f"{upper_bound(int(closed), int(checked), int(false), 0.9):.4f}" == most


@settings(max_examples=200, deadline=None)
@given(few, shares, shares)
def test_the_size_is_the_smallest_that_keeps_the_promise(
    closed: int, bound: float, confidence: float
) -> None:
    size = sample_size(closed, bound, confidence)
    assert 1 <= size <= closed
    assert upper_bound(closed, size, 0, confidence) < bound
    if size > 1:
        assert upper_bound(closed, size - 1, 0, confidence) >= bound


@settings(max_examples=100, deadline=None)
@given(few, shares, st.data())
def test_the_bound_holds_what_is_known_and_grows_with_what_is_found(
    closed: int, confidence: float, data: st.DataObject
) -> None:
    checked = data.draw(st.integers(0, closed))
    bounds = [upper_bound(closed, checked, false, confidence) for false in range(checked + 1)]
    assert bounds == sorted(bounds)
    many = [round(one * closed) for one in bounds]
    assert all(n <= many[n] <= closed - (checked - n) for n in range(checked + 1))
    if checked < closed:
        assert upper_bound(closed, checked + 1, 0, confidence) <= bounds[0]


def test_it_covers_the_truth_as_often_as_it_says_over_all_samples_that_there_are() -> None:
    """Every sample of 5 out of 12 with D false ones, counted one by one: the bound is too low in 20 % at most."""
    for false in range(13):
        missed = sum(
            Fraction(false, 12)
            > Fraction(upper_bound(12, 5, sum(one < false for one in sample), 0.8)).limit_denominator(12)
            for sample in combinations(range(12), 5)
        )
        assert missed <= 0.2 * comb(12, 5)


def test_of_very_many_it_is_the_bound_of_clopper_and_pearson() -> None:
    # Their bound p for none in n is the root of (1 - p)^n = 1 - confidence.
    assert upper_bound(1_000_000, 22, 0, 0.9) == pytest.approx(1 - 0.1 ** (1 / 22), abs=1e-5)
    assert sample_size(1_000_000, 0.05, 0.95) == 59


@pytest.mark.parametrize(
    ("closed", "bound", "confidence"), [(-1, 0.1, 0.9), (5, 0, 0.9), (5, 1, 0.9), (5, 0.1, 0), (5, 0.1, 1.0)]
)
def test_what_is_no_share_is_a_programmers_fault(closed: int, bound: float, confidence: float) -> None:
    with pytest.raises(ValueError, match=r"between|cannot"):
        sample_size(closed, bound, confidence)


@pytest.mark.parametrize(("closed", "checked", "false"), [(5, 6, 0), (5, 3, 4), (5, 3, -1)])
def test_more_false_than_checked_than_closed_cannot_be(closed: int, checked: int, false: int) -> None:
    with pytest.raises(ValueError, match="cannot be"):
        upper_bound(closed, checked, false, 0.9)


def test_nothing_closed_asks_for_nothing() -> None:
    assert (sample_size(0, 0.1, 0.9), upper_bound(0, 0, 0, 0.9)) == (0, 0.0)


def test_place_period_link_and_secret_each_make_another_seed() -> None:
    seeds = {
        draw_seed(*one)
        for one in (
            ("a", "2024-03", "f0", "e0"),
            ("b", "2024-03", "f0", "e0"),
            ("a", "2024-04", "f0", "e0"),
            ("a", "2024-03", "f1", "e0"),
            ("a", "2024-03", "f0", "e1"),
        )
    }
    assert len(seeds) == 5
