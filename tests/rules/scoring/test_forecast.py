"""The forecast of a year's end: exact where the model is, wider where less is known, kept as stated in simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from leitai.rules.scoring.forecast import Forecast, added_up, last_stands, student
from leitai.rules.scoring.forecast_trials import ASSUMED, trials

PARTS = st.lists(st.floats(0.5, 1000), min_size=3, max_size=11)


def test_it_is_what_the_book_says() -> None:
    """Three months of 8, 10, 12: mean 10, s 2, t(2) 4.303; nine to come: 90 ± 4.303·2·sqrt(9 + 81/3)."""
    found = added_up([8, 10, 12], rest=[1.0] * 9, level=0.95)
    assert found is not None and found.end == 120
    assert found.high == pytest.approx(120 + 4.302653 * 2 * 6, abs=1e-4)


@pytest.mark.parametrize(("freedom", "t"), [(1, 6.313752), (2, 2.919986), (5, 2.015048), (30, 1.697261)])
def test_students_t_is_the_tables(freedom: int, t: float) -> None:
    assert student(0.9, freedom) == pytest.approx(t, abs=1e-5)


def test_a_year_just_like_the_last_one_times_a_factor_is_foreseen_exactly() -> None:
    before = [4.0, 3.0, 7.0, 8.0]
    found = added_up([2 * one for one in before[:3]], before[:3], before[3:])
    assert found == Forecast(44.0, 44.0, 44.0, 3, 0.9)


def test_too_little_says_nothing() -> None:
    assert added_up([1, 2], rest=[1.0] * 10) is None
    assert last_stands([1, 2, 3], 9) is None and last_stands([1, 2, 4, 5], 8) is not None


@given(PARTS)
def test_what_has_come_is_not_taken_back_and_the_end_lies_within(parts: list[float]) -> None:
    found = added_up(parts, rest=[1.0] * (12 - len(parts)))
    assert found is not None and sum(parts) <= found.low * (1 + 1e-9)
    assert found.low <= found.end * (1 + 1e-9) and found.end <= found.high * (1 + 1e-9)


@given(PARTS, st.floats(0.1, 100))
def test_another_unit_is_the_same_forecast(parts: list[float], scale: float) -> None:
    one = added_up(parts, rest=[1.0] * 4)
    other = added_up([scale * part for part in parts], rest=[1.0] * 4)
    assert one is not None and other is not None
    for a, b in zip((one.low, one.end, one.high), (other.low, other.end, other.high), strict=True):
        assert b == pytest.approx(scale * a, rel=1e-9)


@given(PARTS)
def test_a_surer_interval_is_wider_and_a_nearer_end_narrower(parts: list[float]) -> None:
    assume(max(parts) - min(parts) > 1)
    near, far = added_up(parts, rest=[1.0]), added_up(parts, rest=[1.0] * 5)
    sure = added_up(parts, rest=[1.0], level=0.99)
    assert near is not None and far is not None and sure is not None
    assert near.high - near.end < far.high - far.end and near.high < sure.high


@pytest.mark.parametrize("weights", [[1.0, 1.0], [1.0, 0.0, 1.0], [1.0, math.nan, 1.0]])
def test_weights_that_cannot_be_are_refused(weights: list[float]) -> None:
    with pytest.raises(ValueError):
        added_up([1, 2, 3], weights, [1.0])


def test_a_chance_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError):
        added_up([1, 2, 3], rest=[1.0], level=1.0)


def test_it_covers_as_stated_where_the_model_holds_and_the_page_may_say_where_not() -> None:
    told = list(trials(np.random.default_rng(7), 1500))
    for one in told:
        if one.world in ASSUMED:
            assert abs(one.achieved - one.stated) < 4 * one.error, one
    rush = next(one for one in told if one.world == "a rush at the end" and one.known == 9)
    assert rush.achieved < 0.2, "what nobody can know from nine even months is not covered, and docs say so"
