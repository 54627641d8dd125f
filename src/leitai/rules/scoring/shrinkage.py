"""Rates of small units drawn towards those of all, as far as their few cases say little: beta-binomial.

True rates are taken to vary between units as a beta distribution; its two numbers are fitted to all units at
once (maximum likelihood), then each unit's rate is what its own cases and the others together say. Three bad
verdicts of three move a unit a little, three hundred of three hundred all the way. Efron and Morris, Data
analysis using Stein's estimator, JASA 70 (1975), 311-319; Kleinman, Proportions with extraneous variance, JASA
68 (1973), 46-54.

How well the two numbers are known matters with few units: `Prior` keeps a grid of plausible pairs, each with
its weight, and every chance and interval is a mean over them. Before anything was seen the weight of (a, b) is
(a + b)^-5/2, as in Gelman and others, Bayesian Data Analysis (3rd edition, 2013), 5.3: flat in the mean and in the
spread of rates. By the likeliest pair alone intervals of 95 % would hold some 92 % in a place of fifty units.

    prior = fit_prior([3, 0, 12], [60, 4, 240])
    shrunk([3, 0, 12], [60, 4, 240], prior).rate
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from .ranks import ranks
from .special import Floats, Ints, beta_cdf, beta_quantile, log_beta

_SIDE = 15  # the grid of plausible pairs is _SIDE × _SIDE
_WIDTH = 3.5  # how far it reaches, in standard errors
_HALVINGS = 40  # the ends of an interval are found to the last digits printed
_SIZES = (-1.0, 16.0)  # of a + b, as logarithms: from wholly different units to all alike


@dataclass(frozen=True, slots=True)
class Prior:
    """How true rates vary between units: beta(a, b) at its likeliest, and plausible pairs with their weights."""

    a: float
    b: float
    pairs: tuple[tuple[float, float], ...]
    weights: tuple[float, ...]

    @property
    def mean(self) -> float:
        """The likeliest mean of true rates."""
        return self.a / (self.a + self.b)


@dataclass(frozen=True, slots=True)
class Shrunk:
    """For each unit its rate drawn in, the ends between which the true one lies, and the rank by that rate."""

    rate: tuple[float, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    rank: tuple[int, ...]


def fit_prior(counts: Sequence[int], ns: Sequence[int]) -> Prior:
    """The beta distribution that rates of such units come from; units with n = 0 say nothing.

    Raises ValueError for counts that are no part of their n, or where no unit has a case.
    """
    hits, n = checked(counts, ns)
    pairs, times = np.unique(np.stack([hits, n - hits], axis=1)[n > 0], axis=0, return_counts=True)
    if not len(pairs):
        raise ValueError("no unit has a case")

    def likelihood(place: Floats) -> Floats:
        """Of each (log odds of the mean, log of a + b), places × 2."""
        a, b = _beta(place)
        gained: Floats = log_beta(a[:, None] + pairs[:, 0], b[:, None] + pairs[:, 1]) @ times
        gained -= times.sum() * log_beta(a, b)
        return gained

    # A tiny part of a case each way keeps the mean off 0 and 1 where all rates are.
    odds = np.log((hits.sum() + 0.5) / ((n - hits).sum() + 0.5))
    best = np.array([odds, 4.0])
    reach = np.array([2.0, 6.0])
    for _ in range(14):
        steps = np.stack(np.meshgrid(np.linspace(-1, 1, 7), np.linspace(-1, 1, 7)), axis=-1).reshape(-1, 2)
        places = best + steps * reach
        places[:, 1] = np.clip(places[:, 1], *_SIZES)
        best = places[np.argmax(likelihood(places))]
        reach = reach * 0.45
    along = np.linspace(-_WIDTH, _WIDTH, _SIDE)
    axes = []
    for axis in (0, 1):
        error = _error(likelihood, best, axis)
        ends = np.clip(best[axis] + along * error, *_SIZES) if axis else best[axis] + along * error
        axes.append(np.unique(ends))
    places = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
    found = likelihood(places) + _before(places)
    weight = np.exp(found - found.max())
    weight /= weight.sum()
    kept = weight > 1e-4 * weight.max()
    a, b = _beta(places[kept])
    likeliest_a, likeliest_b = _beta(best[None, :])
    return Prior(
        float(likeliest_a[0]),
        float(likeliest_b[0]),
        tuple(zip(a.tolist(), b.tolist(), strict=True)),
        tuple((weight[kept] / weight[kept].sum()).tolist()),
    )


def _error(likelihood: Callable[[Floats], Floats], best: Floats, axis: int) -> float:
    """How far along an axis the likelihood falls by a half: a standard error, without derivatives."""
    top = likelihood(best[None, :])[0]
    low, high = 1e-4, 8.0
    for _ in range(24):
        middle = (low * high) ** 0.5
        ends = np.stack([best, best])
        ends[0, axis] -= middle
        ends[1, axis] += middle
        ends[:, 1] = np.clip(ends[:, 1], *_SIZES)
        low, high = (low, middle) if top - likelihood(ends).min() > 0.5 else (middle, high)
    return low


def _before(place: Floats) -> Floats:
    """The logarithm of what weight a place has before anything was seen: (a + b)^-5/2, by odds and size."""
    a, b = _beta(place)
    return np.log(a) + np.log(b) - 2.5 * place[:, 1]


def _beta(place: Floats) -> tuple[Floats, Floats]:
    size, share = np.exp(place[:, 1]), 1 / (1 + np.exp(-place[:, 0]))
    return size * share, size * (1 - share)


def shrunk(
    counts: Sequence[int], ns: Sequence[int], prior: Prior, *, confidence: float = 0.95, better: str = "less"
) -> Shrunk:
    """Each unit's posterior expectation, the middle `confidence` of its posterior, and the rank by expectation.

    Expectation and ranks are by the likeliest prior, the interval by all plausible ones; `better` "less": the
    lowest rate ranks first.
    """
    hits, n = checked(counts, ns)
    tail = (1 - confidence) / 2
    rate = (prior.a + hits) / (prior.a + prior.b + n)
    lower, upper = _between(hits, n, prior, tail)
    rounded = [Decimal(repr(round(one, 12))) for one in rate.tolist()]
    return Shrunk(
        tuple(rate.tolist()),
        tuple(lower.tolist()),
        tuple(upper.tolist()),
        ranks([-one for one in rounded] if better == "less" else rounded),
    )


def _between(hits: Ints, n: Ints, prior: Prior, tail: float) -> tuple[Floats, Floats]:
    """The `tail` and 1 - `tail` quantiles of each unit's rate, over all plausible priors."""
    cases, at = np.unique(np.stack([hits, n]), axis=1, return_inverse=True)
    a, b, weight = _mixture(cases[0], cases[1], prior)
    ends = []
    for share in (tail, 1 - tail):
        of_each = beta_quantile(a, b, share)
        low, high = of_each.min(axis=0), of_each.max(axis=0)
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            under = weight @ beta_cdf(a, b, middle) < share
            low, high = np.where(under, middle, low), np.where(under, high, middle)
        ends.append(high[at.ravel()])
    return ends[0], ends[1]


def _mixture(hits: Ints, n: Ints, prior: Prior) -> tuple[Floats, Floats, Floats]:
    """A few beta distributions for each unit, parts × units, and the weight of each part.

    Pairs of one size a + b, which differ in the mean alone, make one part together, by its mean and variance.
    """
    pairs, weights = np.array(prior.pairs), np.array(prior.weights)
    sizes, part = np.unique(np.log(pairs.sum(axis=1)).round(6), return_inverse=True)
    share = np.zeros((len(sizes), len(weights)))
    share[part, np.arange(len(weights))] = weights
    weight = share.sum(axis=1)
    share /= weight[:, None]
    above, whole = pairs[:, :1] + hits, pairs.sum(axis=1)[:, None] + n
    mean, square = share @ (above / whole), share @ (above / whole * (above + 1) / (whole + 1))
    size = (mean - square) / (square - mean * mean)
    return mean * size, (1 - mean) * size, weight


def checked(counts: Sequence[int], ns: Sequence[int]) -> tuple[Ints, Ints]:
    """Counts and sizes as whole numbers. Raises ValueError where they are none, or no part of each other."""
    hits, n = np.array(counts, dtype=np.float64), np.array(ns, dtype=np.float64)
    if hits.shape != n.shape or hits.ndim != 1 or not (np.isfinite(hits).all() and np.isfinite(n).all()):
        raise ValueError("each count has its n")
    if (hits < 0).any() or (hits > n).any() or (hits % 1 != 0).any() or (n % 1 != 0).any():
        raise ValueError("each count is a whole number from 0 to its n")
    return hits.astype(np.int64), n.astype(np.int64)
