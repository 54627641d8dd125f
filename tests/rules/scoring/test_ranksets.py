"""Rank sets by the step-down method: the published example, a bootstrap done the long way, and what must hold."""

from __future__ import annotations

import csv
from copy import deepcopy

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leitai.rules.scoring import (
    clopper_pearson,
    marginal_sets,
    rank_intervals,
    ranks,
    simultaneous_sets,
    tau_best,
    tau_worst,
)
from leitai.rules.scoring.exact import dec
from leitai.rules.scoring.ranksets import bands_by
from tests.data import data_file

Floats = np.ndarray
UNITS = st.lists(st.tuples(st.integers(0, 30), st.sampled_from([0.0, 0.1, 1.0, 4.0])), min_size=1, max_size=9)


def rows_of(name: str) -> list[dict[str, str]]:
    with data_file(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("level", [95, 90, 75])
def test_the_published_example(level: int) -> None:
    rows = rows_of("rank_sets/expected_pisa2018_math.csv")
    scores, errors = [float(row["score"]) for row in rows], [float(row["se"]) for row in rows]
    joint = simultaneous_sets(scores, errors, level / 100, chance=np.random.default_rng(1), draws=2000)
    own = marginal_sets(scores, errors, level / 100)
    for kind, low, high in (("simul", joint.low, joint.high), ("marg", own.low, own.high)):
        for unit, row in enumerate(rows):
            assert abs(low[unit] - int(row[f"{kind}_{level}_L"])) <= 1
            assert abs(high[unit] - int(row[f"{kind}_{level}_U"])) <= 1
    if level == 95:
        for k in (3, 5, 10):
            assert list(tau_best(joint.low, k)) == [row[f"tau{k}best95"] == "TRUE" for row in rows]
            assert list(tau_worst(joint.high, k)) == [row[f"tau{k}worst95"] == "TRUE" for row in rows]


def test_exact_intervals_are_those_of_r() -> None:
    rows = rows_of("fft_gp/r_intervals_expected.csv")
    assert len(rows) == 11
    for row in rows:
        expected = float(row["clopper_lo"]), float(row["clopper_hi"])
        assert clopper_pearson(int(row["pos"]), int(row["n"])) == pytest.approx(expected, abs=1e-12)
    with pytest.raises(ValueError):
        clopper_pearson(4, 3)


def long_way(x: Floats, s: Floats, level: float, errors: Floats, asked: Floats) -> float:
    """The last z by comparing every asked pair in every draw."""
    sigma = np.sqrt(s[:, None] ** 2 + s**2)
    asked = asked & (sigma > 0)
    scaled = np.where(sigma > 0, sigma, 1)
    apart = (errors[:, :, None] * s[:, None] - errors[:, None, :] * s) / scaled
    while True:
        z = float(np.quantile(np.where(asked, apart, -np.inf).max(axis=(1, 2)), level))
        kept = asked & (x[:, None] - x <= z * sigma)
        if (kept == asked).all():
            return z
        asked = kept


def alone(x: Floats, s: Floats, unit: int, errors: Floats) -> float:
    """The last z of one unit's pairs, both ways."""
    others = np.arange(len(x)) != unit
    sigma = np.sqrt(s[unit] ** 2 + s[others] ** 2)
    apart = (errors[:, [unit]] * s[unit] - errors[:, others] * s[others]) / sigma
    lead = x[unit] - x[others]
    upper = lower = np.ones(len(sigma), dtype=bool)
    while True:
        largest = np.maximum(np.where(upper, apart, -np.inf), np.where(lower, -apart, -np.inf))
        z = float(np.quantile(largest.max(axis=1), 0.95))
        kept = upper & (lead <= z * sigma), lower & (-lead <= z * sigma)
        if (kept[0] == upper).all() and (kept[1] == lower).all():
            return z
        upper, lower = kept


@pytest.mark.parametrize(("count", "unlike"), [(2, 1.0), (7, 0.0), (40, 0.7), (90, 3.0)])
def test_simultaneous_sets_are_those_of_the_long_way(count: int, unlike: float) -> None:
    made = np.random.default_rng(count)
    x, s = np.sort(made.normal(0, 3, count))[::-1], np.exp(unlike * made.normal(size=count))
    if count > 50:
        s[:4] = 0  # certain units, and among themselves no error at all
    chance = np.random.default_rng(5)
    errors = deepcopy(chance).spawn(1)[0].standard_normal((120, count))
    found = simultaneous_sets(x.tolist(), s.tolist(), chance=chance, draws=120)
    assert found.z == pytest.approx(long_way(x, s, 0.95, errors, ~np.eye(count, dtype=bool)), abs=1e-12)


@pytest.mark.parametrize("sides", ["both", "best", "worst"])
def test_marginal_sets_are_those_of_a_large_bootstrap(sides: str) -> None:
    made = np.random.default_rng(3)
    x, s = np.sort(made.normal(0, 3, 9)), np.exp(made.normal(size=9))
    s[3] = 0
    errors = made.standard_normal((20_000, 9))
    own = marginal_sets(x.tolist(), s.tolist(), sides=sides)  # type: ignore[arg-type]
    for unit in (3, 5):
        asked = np.zeros((9, 9), dtype=bool)
        asked[unit, :] = sides != "best"
        asked[:, unit] = sides != "worst"
        asked[unit, unit] = False
        assert own.z[unit] == pytest.approx(long_way(x, s, 0.95, errors, asked), abs=0.03)
    free = {"best": own.high, "worst": tuple(10 - one for one in own.low)}.get(sides, (9,))
    assert set(free) == {9}


def test_many_different_errors_are_interpolated_closely() -> None:
    made = np.random.default_rng(4)
    x, s = made.normal(0, 1, 70), np.sort(np.exp(made.normal(size=70)))
    errors = made.standard_normal((10_000, 70))
    found = marginal_sets(x.tolist(), s.tolist())
    for unit in (0, 69):
        assert found.z[unit] == pytest.approx(alone(x, s, unit, errors), abs=0.04)


@given(UNITS, st.randoms(use_true_random=False))
def test_sets_hold_the_rank_and_no_order_or_scale_matters(
    units: list[tuple[int, float]], shuffle: object
) -> None:
    scores, errors = [float(one) for one, _ in units], [error for _, error in units]

    def joint(values: list[float], ses: list[float]) -> object:
        return simultaneous_sets(values, ses, chance=np.random.default_rng(2), draws=60)

    sets, own = joint(scores, errors), marginal_sets(scores, errors)
    place = ranks([dec(one) for one in scores])
    for found in (sets, own):
        for unit, rank in enumerate(place):
            assert 1 <= found.low[unit] <= rank <= found.high[unit] <= len(units)  # type: ignore[attr-defined]
    order = list(range(len(units)))
    shuffle.shuffle(order)  # type: ignore[attr-defined]
    turned = joint([scores[one] for one in order], [errors[one] for one in order])
    assert turned.low == tuple(sets.low[one] for one in order)  # type: ignore[attr-defined]
    assert turned.high == tuple(sets.high[one] for one in order)  # type: ignore[attr-defined]
    scaled = joint([8 * one for one in scores], [8 * one for one in errors])
    assert (scaled.low, scaled.high) == (sets.low, sets.high)  # type: ignore[attr-defined]


def test_they_are_closer_than_bonferroni_s_and_the_joint_wider_than_the_own() -> None:
    made = np.random.default_rng(9)
    x, s = made.normal(0, 3, 30).tolist(), np.exp(made.normal(size=30)).tolist()
    joint, own = simultaneous_sets(x, s, chance=np.random.default_rng(1)), marginal_sets(x, s)
    bonferroni = rank_intervals(x, s)
    for unit in range(30):
        assert bonferroni.low[unit] <= joint.low[unit] <= own.low[unit]
        assert own.high[unit] <= joint.high[unit] <= bonferroni.high[unit]
    assert own.low != joint.low


def test_one_unit_and_certain_units() -> None:
    assert simultaneous_sets([5.0], [1.0], chance=np.random.default_rng(1)).high == (1,)
    assert marginal_sets([5.0], [1.0]).low == (1,)
    found = simultaneous_sets([3, 2, 2, 1], [0, 0, 0, 0], chance=np.random.default_rng(1))
    assert (found.low, found.high) == ((1, 2, 2, 4), (1, 3, 3, 4))
    assert marginal_sets([3, 2, 2, 1], [0, 0, 0, 0]).high == (1, 3, 3, 4)


@pytest.mark.parametrize(
    ("values", "ses", "level"),
    [
        ([1.0], [], 0.95),
        ([float("nan")], [1.0], 0.95),
        ([1.0], [float("inf")], 0.95),
        ([1.0], [-1.0], 0.95),
        ([1.0], [1.0], 1.0),
        ([1.0], [1.0], 0.4),
    ],
)
def test_what_cannot_be_ranked_is_refused(values: list[float], ses: list[float], level: float) -> None:
    for call in (marginal_sets, lambda *one: simultaneous_sets(*one, chance=np.random.default_rng(1))):
        with pytest.raises(ValueError):
            call(values, ses, level)  # type: ignore[operator]
    with pytest.raises(ValueError):
        tau_best((1, 2), 3)


def test_a_band_goes_as_far_as_its_first_is_not_told_apart() -> None:
    places = [9, 8, 6, 5, 1]
    assert bands_by(lambda one, two: places[one] - places[two] > 2, 5) == (1, 1, 2, 2, 3)
    assert bands_by(lambda one, two: True, 0) == ()
