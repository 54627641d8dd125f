"""Funnel limits: against binomial sums, Spiegelhalter's formulas written out, and units that are honest."""

from __future__ import annotations

from math import asin, comb, sin, sqrt
from statistics import NormalDist, fmean

import numpy as np
import pytest

from leitai.rules.scoring import exact_limits, funnel, funnel_of_rates, roughness


def upto(hits: int, n: int, share: float) -> float:
    return sum(comb(n, one) * share**one * (1 - share) ** (n - one) for one in range(hits + 1))


@pytest.mark.parametrize(("target", "n"), [(0.2, 40), (0.03, 15), (0.9, 60), (0.5, 1)])
def test_exact_limits_are_the_interpolated_binomial_quantiles(target: float, n: int) -> None:
    ((low, high),) = exact_limits(target, [n], 0.95)
    for share, end in ((0.025, low), (0.975, high)):
        r = next(one for one in range(n + 1) if upto(one, n, target) >= share - 1e-12)
        p = upto(r, n, target) - (upto(r - 1, n, target) if r else 0.0)
        limit = (r - (upto(r, n, target) - share) / p) / n
        assert end == pytest.approx(min(max(limit, 0), 1), abs=1e-9)


def test_over_dispersion_is_spiegelhalter_s() -> None:
    z, ses = [-6.0, -1.0, 0.2, 0.4, 1.1, 1.3, 2.0, 2.2, 3.0, 9.0, 0.1], [0.1, 0.2, 0.3] * 3 + [0.2, 0.4]
    found = roughness(z, ses)
    # Eleven units: a tenth at either end is exactly the outermost one, drawn in to its neighbour.
    drawn = sorted(z)
    drawn[0], drawn[-1] = drawn[1], drawn[-2]
    assert found.phi == pytest.approx(fmean(one * one for one in drawn))
    weight = [1 / se**2 for se in ses]
    room = sum(weight) - sum(one * one for one in weight) / sum(weight)
    assert found.tau == pytest.approx(sqrt((11 * found.phi - 10) / room))
    assert roughness([0.1, -0.2, 0.1], [1, 1, 1]).tau == 0


def test_both_ways_to_widen() -> None:
    values, ses = [0.0, 4.0, -5.0, 3.0], [1.0, 1.0, 1.0, 2.0]
    z = NormalDist().inv_cdf(0.975)
    rough = roughness([0, 4, -5, 1.5], ses)
    times = funnel(values, ses, 0.0, spread="multiplicative").limits[0.95]
    plus = funnel(values, ses, 0.0, spread="additive").limits[0.95]
    for unit, se in enumerate(ses):
        assert times[unit][1] == pytest.approx(z * se * sqrt(rough.phi))
        assert plus[unit][1] == pytest.approx(z * sqrt(se * se + rough.tau**2))
        assert times[unit][0] == -times[unit][1]
    calm = funnel([0.1, -0.1, 0.0], [1, 1, 1], 0.0, spread="multiplicative").limits[0.95]
    assert calm[0][1] == pytest.approx(z)


def test_on_the_arcsine_scale() -> None:
    found = funnel_of_rates([5, 30, 20], [50, 60, 200], spread="additive", scale="arcsine", winsorise=0.0)
    centre = asin(sqrt(55 / 310))
    wide = sqrt(0.25 / 200 + found.roughness.tau**2)
    assert found.limits[0.95][2][1] == pytest.approx(sin(centre + 1.959963985 * wide) ** 2)


def test_honest_units_lie_inside_and_order_does_not_matter() -> None:
    chance = np.random.default_rng(3)
    n = chance.integers(5, 400, 2000)
    hits = chance.binomial(n, 0.1)
    found = funnel_of_rates(hits.tolist(), n.tolist())
    inside = [low <= one <= high for one, (low, high) in zip(hits / n, found.limits[0.95], strict=True)]
    assert 0.93 < fmean(inside) < 0.97
    turned = funnel_of_rates(hits[::-1].tolist(), n[::-1].tolist())
    assert turned.roughness.phi == pytest.approx(found.roughness.phi)
    assert turned.limits[0.998] == found.limits[0.998][::-1]


def test_what_has_no_funnel_is_refused() -> None:
    for counts, ns in (([], []), ([1], [0]), ([3], [2]), ([0, 0], [4, 5]), ([1, 1], [2])):
        with pytest.raises(ValueError):
            funnel_of_rates(counts, ns)
    with pytest.raises(ValueError):
        funnel([1.0, 2.0], [1.0, 0.0], 0.0)
    with pytest.raises(ValueError):
        roughness([1.0], [1.0], 0.5)
