"""Tails are sums of probabilities, and honest variation is found as large as it is."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leitai.rules.ballots.screens.fits import beside_past, counts_beside_peers, share_of, spread_of
from leitai.rules.ballots.screens.tails import (
    count_tail,
    log_count,
    log_gamma,
    log_share,
    poisson_tail,
    share_tail,
)

MEANS = st.floats(0.01, 60)
SPREADS = st.floats(0.001, 5)
FEW = settings(max_examples=12, deadline=None)


def rising(start: Fraction, steps: int) -> Fraction:
    return math.prod((start + step for step in range(steps)), start=Fraction(1))


def beta_binomial(x: int, n: int, a: Fraction, b: Fraction) -> Fraction:
    """The chance of x hits among n, in fractions."""
    return math.comb(n, x) * rising(a, x) * rising(b, n - x) / rising(a + b, n)


@FEW
@given(st.floats(1e-4, 1e6))
def test_log_gamma(x: float) -> None:
    assert float(log_gamma(x)) == pytest.approx(math.lgamma(x), rel=1e-12, abs=1e-10)


@FEW
@given(st.integers(0, 90), MEANS)
def test_poisson_tails_are_sums(x: int, rate: float) -> None:
    terms = [math.exp(i * math.log(rate) - rate - math.lgamma(i + 1)) for i in range(400)]
    rates = np.array([rate])
    assert poisson_tail(x, rates, above=True)[0] == pytest.approx(math.fsum(terms[x:]), rel=1e-9, abs=1e-13)
    assert poisson_tail(x, rates, above=False)[0] == pytest.approx(
        math.fsum(terms[: x + 1]), rel=1e-9, abs=1e-13
    )


@FEW
@given(st.integers(0, 80), MEANS, SPREADS)
def test_count_tails_are_the_milder_of_two_sums(x: int, mean: float, spread: float) -> None:
    gamma = np.exp(log_count(np.arange(6_000), mean, spread))
    sigma = math.sqrt(math.log1p(spread))
    z = np.linspace(-8, 8, 401)
    weight = np.exp(-(z**2) / 2)
    rates = mean * np.exp(sigma * z - sigma**2 / 2)
    for above in (True, False):
        one = float(gamma[x:].sum() if above else gamma[: x + 1].sum())
        other = float(weight @ poisson_tail(x, rates, above=above) / weight.sum())
        found = count_tail(x, mean, spread, above=above)
        assert found == pytest.approx(max(one, other), rel=1e-6)
        assert count_tail(x, mean, spread, above=above, close=0.0) == pytest.approx(one, rel=1e-6)


@FEW
@given(st.integers(1, 25), st.data(), st.integers(1, 19), st.integers(1, 30))
def test_share_tails_are_at_least_the_exact_sum(
    n: int, data: st.DataObject, twentieths: int, scale: int
) -> None:
    x = data.draw(st.integers(0, n))
    share, alike = Fraction(twentieths, 20), Fraction(1, scale + 1)
    a, b = share * scale, (1 - share) * scale
    exact = [beta_binomial(i, n, a, b) for i in range(n + 1)]
    assert float(log_share(x, n, float(share), float(alike))) == pytest.approx(math.log(exact[x]), abs=1e-8)
    for above, part in ((True, exact[x:]), (False, exact[: x + 1])):
        found = share_tail(x, n, float(share), float(alike), above=above, close=0.0)
        assert found == pytest.approx(float(sum(part)), rel=1e-8)
        assert share_tail(x, n, float(share), float(alike), above=above) >= found


@FEW
@given(st.integers(1, 40), st.data(), st.floats(0.02, 0.98))
def test_without_variation_shares_are_binomial(n: int, data: st.DataObject, share: float) -> None:
    x = data.draw(st.integers(0, n))
    plain = math.fsum(math.comb(n, i) * share**i * (1 - share) ** (n - i) for i in range(x, n + 1))
    assert share_tail(x, n, share, 0.0, above=True) == pytest.approx(plain, rel=2e-3)


def test_variation_is_found_at_its_upper_end() -> None:
    chance = np.random.default_rng(5)
    mean = np.exp(chance.normal(1.5, 1.0, 2000))
    for spread in (0.0, 0.2, 0.8):
        rate = chance.gamma(1 / spread, spread, 2000) if spread else np.ones(2000)
        found = spread_of(chance.poisson(mean * rate).astype(float), mean)
        assert 0.95 * spread <= found <= spread * 1.3 + 0.05
    n = chance.integers(1, 60, 2000)
    share, alike = share_of(chance.binomial(n, chance.beta(1.8, 7.2, 2000)).astype(float), n.astype(float))
    assert share == pytest.approx(0.2, abs=0.01)
    assert 0.1 <= alike <= 0.14


def test_one_among_few_cannot_hide_behind_its_own_size() -> None:
    count, over = np.full(12, 50), np.full(12, 500.0)
    count[3] = 400
    p, expected = counts_beside_peers(count, over, 0.01)
    assert np.flatnonzero(p <= 0.01).tolist() == [3]
    assert expected[3] == pytest.approx(50, rel=0.02)


def test_a_past_that_is_too_short_says_nothing() -> None:
    counts = np.full((20, 20), 5)
    assert beside_past(counts, None, 7, 0.01, above=False) is None
    assert beside_past(counts[:5], None, 3, 0.01, above=False) is None
    past = beside_past(counts, None, 3, 0.01, above=False)
    assert past is not None
    assert past.seen.tolist() == [15] * 20
    assert np.allclose(past.expected, 15, rtol=0.02)
    assert (past.p == 1).all()
