"""How likely so much, or so little, is by chance, where honest places differ among themselves.

Counts scatter more than dice: one hall's visitors scan twice as readily as another's, and a rainy Monday is
unlike a dry one. So a count is taken to be Poisson about a true rate that itself varies (`spread`: the
variance of the true rate over its mean, squared), and hits among n to be binomial with a true share that
itself varies (`alike`: the intra-class correlation of two of the n).

Nobody knows the shape of that variation, and far out the shape decides. Two are in use: gamma and beta
(Greenwood and Yule 1920; Skellam 1948), which reach further down, and the lognormal and logit-normal,
which reach further up. Every tail here is the milder of the two: a lead must stand under both.

>>> round(count_tail(0, mean=12.0, spread=0.1, above=False), 6)
0.000377
"""

from __future__ import annotations

from functools import lru_cache
from math import exp, log, log1p, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

LEAST = 1e-6  # spreads below this are as good as none, and log_gamma keeps its digits
_FAR = 36.0  # log odds, beyond which a share is 0 or 1 in doubles
_Z: Floats = np.linspace(-9.0, 9.0, 181)
_WEIGHT: Floats = np.exp(-(_Z**2) / 2) / np.exp(-(_Z**2) / 2).sum()


def log_gamma(x: ArrayLike) -> Floats:
    """The logarithm of the gamma function of every x > 0, to 10 decimals (Stirling's series from x + 8)."""
    x = np.asarray(x, dtype=np.float64)
    z = x + 8
    series = (1 / 12 - (1 / 360 - (1 / 1260 - 1 / (1680 * z**2)) / z**2) / z**2) / z
    steps = x.copy()
    for step in range(1, 8):
        steps *= x + step
    return np.asarray((z - 0.5) * np.log(z) - z + 0.5 * log(2 * np.pi) + series - np.log(steps))


def log_count(x: ArrayLike, mean: ArrayLike, spread: ArrayLike) -> Floats:
    """The log probability of a count of x, the true rate gamma distributed; arguments broadcast, mean > 0."""
    x, mean = np.asarray(x, dtype=np.float64), np.asarray(mean, dtype=np.float64)
    shape = 1 / np.maximum(spread, LEAST)
    return np.asarray(
        log_gamma(x + shape)
        - log_gamma(shape)
        - log_gamma(x + 1)
        - shape * np.log1p(mean / shape)
        + x * np.log(mean / (shape + mean))
    )


def log_share(x: ArrayLike, n: ArrayLike, share: ArrayLike, alike: ArrayLike) -> Floats:
    """The log probability of x hits among n, the true share beta distributed; 0 < share < 1, alike < 1."""
    x, n, share = (np.asarray(one, dtype=np.float64) for one in (x, n, share))
    scale = 1 / np.maximum(alike, LEAST) - 1
    a, b = share * scale, (1 - share) * scale
    return np.asarray(
        log_gamma(n + 1)
        - log_gamma(x + 1)
        - log_gamma(n - x + 1)
        + log_gamma(x + a)
        + log_gamma(n - x + b)
        - log_gamma(n + scale)
        - log_gamma(a)
        - log_gamma(b)
        + log_gamma(scale)
    )


def count_tail(x: int, mean: float, spread: float, *, above: bool, close: float = 1.0) -> float:
    """The chance of x or more (`above`), or of x or fewer, where `mean` > 0 are expected.

    Above `close` only the gamma reading is computed: a chance that large is no lead in either.
    """
    if above and x == 0:
        return 1.0
    first = _gamma_tail(x, mean, spread, above)
    if first > close:
        return first
    sigma = sqrt(log1p(max(spread, LEAST)))
    rates = np.exp(log(mean) - sigma**2 / 2 + sigma * _Z)
    return max(first, min(1.0, float(_WEIGHT @ poisson_tail(x, rates, above=above))))


def share_tail(x: int, n: int, share: float, alike: float, *, above: bool, close: float = 1.0) -> float:
    """The chance of x hits or more among n (`above`), or x or fewer; 0 < share < 1; `close` as above."""
    if (above and x == 0) or (not above and x >= n):
        return 1.0
    first = _beta_tail(x, n, share, alike) if above else _beta_tail(n - x, n, 1 - share, alike)
    if first > close:
        return first
    shares = _logit_normal(share, alike)
    if not above:
        x, shares = n - x, 1 - shares
    return max(first, min(1.0, float(_WEIGHT @ _binomial_above(x, n, shares))))


def poisson_tail(x: int, rates: Floats, *, above: bool) -> Floats:
    """The chance of x or more, or of x or fewer, at each Poisson rate; exact to 12 digits of its size."""
    reach = int(12 * sqrt(x + 1)) + 60
    up = np.arange(x if above else x + 1, x + reach)
    down = np.arange(max(0, x - reach), x if above else x + 1)
    far = rates < x if above else rates > x  # where the sum asked for is the small one
    near = ~far
    found = np.empty_like(rates)
    found[far] = _poisson(up if above else down, rates[far])
    found[near] = 1 - _poisson(down if above else up, rates[near])
    return np.clip(found, 0.0, 1.0)


def _poisson(counts: Counts, rates: Floats) -> Floats:
    terms = counts[None, :] * np.log(rates)[:, None] - rates[:, None] - log_gamma(counts + 1.0)[None, :]
    return np.asarray(np.exp(terms).sum(axis=1))


def _gamma_tail(x: int, mean: float, spread: float, above: bool) -> float:
    """The sum of `log_count` from 0 to x, or from x until what is left cannot matter."""
    if not above:
        return min(1.0, float(np.exp(log_count(np.arange(x + 1), mean, spread)).sum()))
    shape = 1 / max(spread, LEAST)
    falls = mean / (shape + mean)  # the ratio of neighbours far out
    total, start, step = 0.0, x, 256
    while True:
        span = np.arange(start, start + step)
        terms = np.exp(log_count(span, mean, spread))
        total += float(terms.sum())
        last, end = float(terms[-1]), int(span[-1])
        ratio = max(falls, (end + shape) / (end + 1) * falls)
        if total >= 1 or (ratio < 1 and last * ratio / (1 - ratio) <= 1e-9 * total):
            return min(1.0, total)
        start, step = start + step, 2 * step


def _beta_tail(x: int, n: int, share: float, alike: float) -> float:
    """The sum of `log_share` from x to n, by the ratios of neighbours."""
    scale = 1 / max(alike, LEAST) - 1
    span = np.arange(x, n)
    ratio = (n - span) / (span + 1) * (share * scale + span) / ((1 - share) * scale + n - span - 1)
    first = float(log_share(x, n, share, alike))
    return min(1.0, exp(first) + float(np.exp(first + np.cumsum(np.log(ratio))).sum()))


def _binomial_above(x: int, n: int, shares: Floats) -> Floats:
    """The chance of x hits or more among n, 0 < x, at each share between 0 and 1, both left out."""
    reach = int(12 * sqrt(n)) + 60
    up, down = np.arange(x, min(n + 1, x + reach)), np.arange(max(0, x - reach), x)
    far = shares * n < x
    found = np.empty_like(shares)
    found[far] = _binomial(up, n, shares[far])
    found[~far] = 1 - _binomial(down, n, shares[~far])
    return np.clip(found, 0.0, 1.0)


def _binomial(hits: Counts, n: int, shares: Floats) -> Floats:
    ways = log_gamma(n + 1.0) - log_gamma(hits + 1.0) - log_gamma(n - hits + 1.0)
    terms = hits[None, :] * np.log(shares)[:, None] + (n - hits)[None, :] * np.log1p(-shares)[:, None]
    return np.asarray(np.exp(ways[None, :] + terms).sum(axis=1))


@lru_cache(maxsize=64)
def _logit_normal(share: float, alike: float) -> Floats:
    """Shares at the nodes _Z, normal in log odds, with this mean and intra-class correlation."""
    wanted = max(alike, LEAST) * share * (1 - share)

    def shares(sigma: float) -> Floats:
        low, high = -60.0, 60.0
        for _ in range(45):
            middle = (low + high) / 2
            odds = np.clip(middle + sigma * _Z, -_FAR, _FAR)
            found = 1 / (1 + np.exp(-odds))
            low, high = (middle, high) if float(_WEIGHT @ found) < share else (low, middle)
        return np.asarray(found)

    low, high = 0.0, 20.0
    for _ in range(35):
        middle = (low + high) / 2
        variance = float(_WEIGHT @ (shares(middle) - share) ** 2)
        low, high = (middle, high) if variance < wanted else (low, middle)
    return shares(high)
