"""Intervals and rank sets agree with those that others computed, and with what must hold of any."""

from __future__ import annotations

import csv
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leitai.rules.ballots import NATIONAL_FIVE, Tally, rate
from leitai.rules.scoring import bands, rank_intervals, ranks, rate_se, wilson
from tests.data import data_file

SCORE = st.tuples(st.integers(0, 40), st.sampled_from([0.0, 0.5, 2.0, 9.0]))


def rows_of(name: str) -> list[dict[str, str]]:
    with data_file(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_wilson_intervals_are_those_of_r() -> None:
    rows = rows_of("fft_gp/r_intervals_expected.csv")
    assert len(rows) == 11
    for row in rows:
        low, high = wilson(int(row["pos"]), int(row["n"]))
        assert low == pytest.approx(float(row["wilson_lo"]), abs=1e-9)
        assert high == pytest.approx(float(row["wilson_hi"]), abs=1e-9)


def test_rank_sets_contain_the_published_method_s_and_are_hardly_wider() -> None:
    rows = rows_of("rank_sets/expected_pisa2018_math.csv")
    scores, errors = [float(row["score"]) for row in rows], [float(row["se"]) for row in rows]
    for level in (95, 90, 75):
        sets = rank_intervals(scores, errors, level / 100)
        for row, low, high in zip(rows, sets.low, sets.high, strict=True):
            assert 0 <= int(row[f"simul_{level}_L"]) - low <= 3
            assert 0 <= high - int(row[f"simul_{level}_U"]) <= 3


def test_ranks_of_a_published_index_are_the_published_ones() -> None:
    rows = [row for row in rows_of("hdi/hdi_2021_inputs_score_rank.csv") if row["hdi_2021"]]
    found = ranks([Decimal(row["hdi_2021"]) for row in rows])
    assert list(found) == [int(float(row["hdi_rank_2021"])) for row in rows]


@settings(max_examples=35)
@given(st.integers(0, 200), st.integers(0, 200))
def test_a_wilson_interval_holds_its_rate_and_mirrors(hits: int, misses: int) -> None:
    n = hits + misses
    low, high = wilson(hits, n)
    assert 0 <= low < high <= 1
    if n:
        assert low <= hits / n <= high
        assert wilson(misses, n) == pytest.approx((1 - high, 1 - low), abs=1e-12)
        wider = wilson(hits, n, 0.99)
        assert wider[0] <= low < high <= wider[1]


def test_a_tally_s_rate_bears_the_interval() -> None:
    found = rate(Tally("code", {"satisfied": 8, "very-dissatisfied": 2}), NATIONAL_FIVE, wilson)
    assert (found.bad, found.counted, found.share) == (2, 10, 0.2)
    assert (found.low, found.high) == wilson(2, 10)


def test_standard_errors() -> None:
    assert rate_se(0, 0) is None
    assert (rate_se(0, 3) or 0) > (rate_se(0, 300) or 0) > 0
    for call in (wilson, rate_se):
        with pytest.raises(ValueError):
            call(4, 3)
    with pytest.raises(ValueError):
        rank_intervals([1.0], [])


@settings(max_examples=30)
@given(st.lists(SCORE, min_size=1, max_size=12))
def test_a_rank_lies_in_its_set_and_more_doubt_never_narrows_it(units: list[tuple[int, float]]) -> None:
    scores, errors = [float(score) for score, _ in units], [error for _, error in units]
    places = ranks([Decimal(score) for score, _ in units])
    sets = rank_intervals(scores, errors)
    wider = rank_intervals(scores, [error + 1 for error in errors])
    for index, place in enumerate(places):
        assert 1 <= wider.low[index] <= sets.low[index] <= place <= sets.high[index] <= wider.high[index]


@settings(max_examples=30)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=100))
def test_without_errors_the_sets_are_the_ranks(whole: list[int]) -> None:
    scores = [Decimal(score) for score in whole]
    sets = rank_intervals([float(score) for score in whole], [0.0] * len(whole))
    assert sets.low == ranks(scores)
    assert sets.high == ranks(scores, "worse")


def test_a_band_goes_as_far_as_its_first_cannot_be_told_apart() -> None:
    assert bands([90.0, 88.0, 86.0, 60.0], [1.0, 1.0, 1.0, 1.0], 2.0) == (1, 1, 2, 3)
    assert bands([], [], 2.0) == ()
