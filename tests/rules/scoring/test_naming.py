"""Names with a promise: kept on made-up years, the same in any order, and none where nothing is known."""

from __future__ import annotations

import numpy as np
import pytest

from leitai.rules.scoring import (
    fit_prior,
    name_worst,
    name_worst_both,
    shrunk,
    simultaneous_sets,
    surely_best,
    surely_worst,
    surely_worst_both,
)
from leitai.rules.scoring.calibrate import Kept, calibrate
from leitai.rules.scoring.simulate import LIST, RULES, directed, trials, year


def chance(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_who_is_clear_of_the_others_is_named_and_who_is_not_is_not() -> None:
    hits, n = [90, 80, 5, 4, 6, 3, 5, 0], [100, 100, 100, 100, 100, 100, 100, 2]
    found = name_worst(hits, n, 2, chance=chance())
    assert found.units == (0, 1)
    assert found.joint >= 0.95
    assert found.chances[0] > 0.95 > found.chances[7]
    assert name_worst(hits, n, 2, chance=chance(), most=1).units == (0,)
    alike = name_worst([5] * 8, [100] * 8, 2, chance=chance())
    assert alike.units == ()
    assert sum(alike.chances) == pytest.approx(2, abs=1e-9)


def test_the_order_of_units_decides_nothing() -> None:
    hits, n = [40, 9, 5, 30, 6, 3], [100, 90, 80, 70, 60, 50]
    order = [3, 5, 0, 1, 4, 2]
    one = name_worst(hits, n, 2, chance=chance())
    two = name_worst([hits[unit] for unit in order], [n[unit] for unit in order], 2, chance=chance())
    assert [order[unit] for unit in two.units] == list(one.units)
    assert two.chances == tuple(one.chances[unit] for unit in order)


def test_two_years_are_one_statement() -> None:
    first, second = ([90, 80, 5, 4, 6, 3], [100] * 6), ([85, 6, 5, 70, 4, 3], [100] * 6)
    assert name_worst_both(first, second, 2, chance=chance()).units == (0,)
    with pytest.raises(ValueError):
        name_worst_both(first, ([1], [2]), 2, chance=chance())
    years = [([-one for one in hits], [3.0] * 6) for hits, _ in (first, second)]
    assert surely_worst_both(years[0], years[1], 2, chance=chance()) == (0,)


def test_surely_is_the_whole_set_and_nobody_where_all_would_be() -> None:
    sets = simultaneous_sets([9, 5, 4.9, 1], [0.1] * 4, chance=chance())
    assert surely_worst(sets, 1) == (3,)
    assert surely_worst(sets, 2) == (3,)
    assert surely_best(sets, 1) == (0,)
    assert surely_worst(sets, 4) == surely_best(sets, 4) == ()


def test_shrinkage_draws_small_units_in_and_large_ones_hardly() -> None:
    made = chance(4)
    n = np.exp(made.normal(4, 1.3, 1500)).astype(int) + 1
    rate = made.beta(1.2, 60, 1500)
    hits = made.binomial(n, rate)
    prior = fit_prior(hits.tolist(), n.tolist())
    assert prior.mean == pytest.approx(1.2 / 61.2, rel=0.1)
    assert prior.a + prior.b == pytest.approx(61.2, rel=0.35)
    found = shrunk([*hits, 2, 2000], [*n, 2, 10_000], prior)
    assert found.rate[-2] < 0.1 < 0.19 < found.rate[-1]
    error = np.array(found.rate[:-2]) - rate
    assert (error**2).mean() < ((hits / n - rate) ** 2).mean() / 3
    inside = (np.array(found.lower[:-2]) <= rate) & (rate <= np.array(found.upper[:-2]))
    assert 0.93 < inside.mean() < 0.97


def test_a_prior_for_units_all_alike_and_for_units_without_cases() -> None:
    alike = fit_prior([2] * 30, [100] * 30)
    assert alike.a + alike.b > 1e4
    assert sum(alike.weights) == pytest.approx(1)
    assert fit_prior([0, 0], [9, 9]).mean < 0.2
    with pytest.raises(ValueError):
        fit_prior([0], [0])
    with pytest.raises(ValueError):
        fit_prior([3], [2])
    with pytest.raises(ValueError):
        name_worst([1, 2], [3, 4], 3, chance=chance())


def test_in_made_up_years_the_rules_come_in_their_order() -> None:
    told = list(trials(chance(3), 1000, 3, 100, draws=100))
    right = dict(zip(RULES, np.array([one.right for one in told]).sum(axis=0), strict=True))
    assert right["raw rate"] < right["shrinkage"] < 3 * LIST


def test_a_directed_draw_brings_more_names_and_right_ones() -> None:
    made = year(chance(2), 120)
    prior = fit_prior(made.hits.tolist(), made.n.tolist())
    more = directed(chance(7), made, 12, 3000, prior)
    assert int(more.n.sum() - made.n.sum()) == 3000
    before, after = (
        name_worst(one.hits.tolist(), one.n.tolist(), 12, chance=chance(), draws=1000, prior=prior).units
        for one in (made, more)
    )
    assert len(before) < len(after)
    assert made.worst(12)[list(after)].all()


def test_promises_are_kept_and_a_broken_one_is_seen() -> None:
    *_, last = calibrate(chance(5), 12, 4, draws=200)
    assert len({one.promise for one in last}) == len(last) > 20
    assert not [one.promise for one in last if one.below]
    assert Kept("x", 0.95, 100, 0.90, 0.01, 0.0).below
    assert not Kept("x", 0.95, 100, 0.94, 0.01, 0.0).below
