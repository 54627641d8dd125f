"""Rank sets of counts that hold exactly, however small the counts are: no normal law is leant on.

*Counts of one whole* (votes for parties, complaints by kind): that category j is not ahead of k is tested by
its share of the pair's sum, which is binomial with one half at most; p = P(Bin(x_j + x_k, 1/2) >= x_j). All
ordered pairs together by Bonferroni or by Holm's step-down. Bazylik, Mogstad, Romano, Shaikh and Wilhelm,
Finite- and large-sample inference for ranks using multinomial data, NBER working paper 29519 (2021).

*Rates of separate units*: every unit has an exact interval, all of them at once at the stated level; a unit
is ahead of those whose intervals end before its own begins. Klein, Wright and Wieczorek, A joint confidence
region for an overall ranking of populations, Journal of the Royal Statistical Society C 69 (2020), 589-606.

The higher count or rate ranks first.

    multinomial_sets([120, 80, 75, 9])  # low (1, 2, 2, 4), high (1, 3, 3, 4)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from .ranksets import Sides
from .special import Floats, Ints, beta_cdf, beta_quantile

Correction = Literal["holm", "bonferroni"]


@dataclass(frozen=True, slots=True)
class CountSets:
    """For each category the best and worst rank it may have, and the p at which its pairs are told apart."""

    low: tuple[int, ...]
    high: tuple[int, ...]
    line: tuple[float, ...]

    @property
    def joint_line(self) -> float:
        """The p that every told pair of simultaneous sets lies at or below."""
        return max(self.line, default=0.0)


@dataclass(frozen=True, slots=True)
class RateSets:
    """For each unit the best and worst rank it may have, and the ends of its interval, all holding together."""

    low: tuple[int, ...]
    high: tuple[int, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]


def multinomial_sets(
    counts: Sequence[int],
    level: float = 0.95,
    *,
    simultaneous: bool = True,
    correction: Correction = "holm",
    sides: Sides = "both",
) -> CountSets:
    """The sets of ranks of categories by their counts in one multinomial sample.

    Simultaneous sets hold for all categories at once, others each for its own. Raises ValueError for counts
    below 0 or a level outside 0…1.
    """
    found = _whole(counts, "counts")
    _check(level)
    size = len(found)
    ordered = np.sort(found)
    best, worst = sides != "worst", sides != "best"
    # Over all categories, "j ahead of k" asked from either side is the same set of ordered pairs.
    pairs = size * (size - 1) if simultaneous else (int(best) + int(worst)) * (size - 1)
    line = np.full(size, (1 - level) / max(pairs, 1))
    while True:
        ahead = _ahead(found, ordered, line) if best else np.zeros(size, dtype=np.int64)
        behind = _behind(found, ordered, line) if worst else np.zeros(size, dtype=np.int64)
        if correction == "bonferroni":
            break
        told = ahead + behind
        if simultaneous:
            told = np.full(size, int(told.sum()) // (int(best) + int(worst)))
        new = (1 - level) / np.maximum(pairs - told, 1)
        if (new <= line).all():
            break
        line = new
    return CountSets(tuple((ahead + 1).tolist()), tuple((size - behind).tolist()), tuple(line.tolist()))


def ahead_chance(more: int, fewer: int) -> float:
    """The chance of so large a part of their sum for the first of two categories that are alike."""
    return float(_p(np.array([more]), np.array([fewer]))[0])


def rate_sets(counts: Sequence[int], ns: Sequence[int], level: float = 0.95) -> RateSets:
    """The sets of ranks of units by their rates counts / ns, all holding at once.

    Raises ValueError for counts that are no part of their n, an n below 1, or a level outside 0…1.
    """
    hits, n = _whole(counts, "counts"), _whole(ns, "ns")
    _check(level)
    if hits.shape != n.shape or (n < 1).any() or (hits > n).any():
        raise ValueError("each count is of an n of at least 1 and not more than it")
    # The units are independent, so levels multiply (Šidák).
    tail = -np.expm1(np.log(level) / max(len(hits), 1)) / 2
    lower = np.where(hits == 0, 0.0, beta_quantile(np.maximum(hits, 1), n - hits + 1, tail))
    upper = np.where(hits == n, 1.0, beta_quantile(hits + 1, np.maximum(n - hits, 1), 1 - tail))
    ahead = len(hits) - np.searchsorted(np.sort(lower), upper, side="right")
    behind = np.searchsorted(np.sort(upper), lower, side="left")
    return RateSets(
        tuple((ahead + 1).tolist()),
        tuple((len(hits) - behind).tolist()),
        tuple(lower.tolist()),
        tuple(upper.tolist()),
    )


def _check(level: float) -> None:
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, not {level}")


def _whole(counts: Sequence[int], what: str) -> Ints:
    found = np.array(counts, dtype=np.float64)
    if found.ndim != 1 or not (np.isfinite(found).all() and (found >= 0).all() and (found % 1 == 0).all()):
        raise ValueError(f"{what} are whole numbers of at least 0")
    return found.astype(np.int64)


def _p(more: Ints, fewer: Ints) -> Floats:
    """P(Bin(more + fewer, 1/2) >= more)."""
    return np.where(more == 0, 1.0, beta_cdf(np.maximum(more, 1), fewer + 1, 0.5))


def _behind(counts: Ints, ordered: Ints, line: Floats) -> Ints:
    """How many are clearly less than each count: p grows with the other's, so their number is sought by halves."""
    low, high = np.zeros(len(counts), dtype=np.int64), np.full(len(counts), len(counts), dtype=np.int64)
    while (low < high).any():
        middle = (low + high) // 2
        told = _p(counts, ordered[np.minimum(middle, len(counts) - 1)]) <= line
        open_ = low < high
        low, high = np.where(open_ & told, middle + 1, low), np.where(open_ & ~told, middle, high)
    return low


def _ahead(counts: Ints, ordered: Ints, line: Floats) -> Ints:
    """How many are clearly more than each count: p falls as the other's count grows."""
    low, high = np.zeros(len(counts), dtype=np.int64), np.full(len(counts), len(counts), dtype=np.int64)
    while (low < high).any():
        middle = (low + high) // 2
        told = _p(ordered[np.minimum(middle, len(counts) - 1)], counts) <= line
        open_ = low < high
        low, high = np.where(open_ & ~told, middle + 1, low), np.where(open_ & told, middle, high)
    return len(counts) - low
