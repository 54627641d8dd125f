"""How sure a number is: intervals of a rate, standard errors, and the set of ranks a unit may truly have.

Rank sets compare every pair of units by a one-sided z test and count who is clearly ahead and clearly
behind. The idea is that of Mogstad, Romano, Shaikh and Wilhelm (Inference for Ranks, Review of Economic
Studies 91, 2024, 476-518). `rank_intervals` divides the level by the number of comparisons (Bonferroni), which errs
on the side of calling fewer units different: so did the first tables, and they are recounted by it. Their own z,
found by steps, is in `ranksets.py`. All sets of a table hold together at the stated level.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import sqrt
from statistics import NormalDist

import numpy as np

from .special import beta_quantile

_BLOCK = 256  # rows compared at once: memory stays at _BLOCK × n doubles


def wilson(hits: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """The Wilson score interval of the rate hits / n (Wilson 1927); (0, 1) where n is 0.

    It never leaves [0, 1] and does not shrink to a point at 0 or n hits, as the textbook interval does.
    """
    if not 0 <= hits <= n:
        raise ValueError(f"{hits} of {n} is no rate")
    if n == 0:
        return 0.0, 1.0
    z2 = critical(1 - confidence, 2) ** 2
    share = hits / n
    centre, half = share + z2 / (2 * n), sqrt(z2 * (share * (1 - share) + z2 / (4 * n)) / n)
    scale = 1 + z2 / n
    low = 0.0 if hits == 0 else (centre - half) / scale
    return low, 1.0 if hits == n else (centre + half) / scale


def clopper_pearson(hits: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """The exact interval of the rate hits / n (Clopper and Pearson 1934); (0, 1) where n is 0.

    Whatever the true rate, it is inside with at least this probability; for that it is wider than Wilson's.
    """
    if not 0 <= hits <= n:
        raise ValueError(f"{hits} of {n} is no rate")
    tail = (1 - confidence) / 2
    low = 0.0 if hits == 0 else float(beta_quantile(hits, n - hits + 1, tail))
    return low, 1.0 if hits == n else float(beta_quantile(hits + 1, n - hits, 1 - tail))


def rate_se(hits: int, n: int) -> float | None:
    """The standard error of a rate, with two hits and two misses added; None where n is 0.

    Agresti and Coull 1998. Without the addition, three good verdicts of three would have a standard error
    of 0: certain, from three.
    """
    if not 0 <= hits <= n:
        raise ValueError(f"{hits} of {n} is no rate")
    if n == 0:
        return None
    share = (hits + 2) / (n + 4)
    return sqrt(share * (1 - share) / (n + 4))


@cache
def critical(alpha: float, comparisons: int) -> float:
    """The z beyond which one of so many one-sided comparisons counts, at the joint level `alpha`.

    Rounded to 9 decimals, so that the last bits of a machine's logarithm decide nothing.
    """
    return round(-NormalDist().inv_cdf(alpha / comparisons), 9) + 0.0


@dataclass(frozen=True, slots=True)
class RankSets:
    """For each unit the best and the worst rank it may have, and the z that told units apart."""

    low: tuple[int, ...]
    high: tuple[int, ...]
    z: float


def table_z(count: int, confidence: float) -> float:
    """The z that tells two of `count` units apart, so that all comparisons hold at once."""
    return critical(1 - confidence, max(count * (count - 1), 1))


def rank_intervals(scores: Sequence[float], ses: Sequence[float], confidence: float = 0.95) -> RankSets:
    """The set of ranks of each unit, from scores (higher is better) and their standard errors.

    A unit's best rank is 1 + the number clearly ahead of it, its worst is n - the number clearly behind.
    With no standard errors every difference is clear, and equal scores remain untold apart.
    """
    return intervals_at(scores, ses, table_z(len(scores), confidence))


def intervals_at(scores: Sequence[float], ses: Sequence[float], z: float) -> RankSets:
    """As `rank_intervals`, by a z that was found otherwise."""
    count = len(scores)
    if len(ses) != count:
        raise ValueError("each score has one standard error")
    value, variance = np.array(scores, dtype=np.float64), np.square(np.array(ses, dtype=np.float64))
    ahead, behind = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    for start in range(0, count, _BLOCK):
        block = slice(start, start + _BLOCK)
        clear = value[None, :] - value[block, None] > z * np.sqrt(variance[None, :] + variance[block, None])
        ahead[block] = clear.sum(axis=1)
        behind += clear.sum(axis=0)
    return RankSets(tuple((ahead + 1).tolist()), tuple((count - behind).tolist()), z)


def told_apart(score: float, se: float, other: float, other_se: float, z: float) -> bool:
    """Whether two scores differ by more than chance at this z: the comparison of the rank sets."""
    return abs(score - other) > z * sqrt(se * se + other_se * other_se)


def bands(scores: Sequence[float], ses: Sequence[float], z: float) -> tuple[int, ...]:
    """Bands, from 1, of units that cannot be told from the band's first; the scores come best first.

    Neighbours across a border may be as alike as within: a band is a way to read a table, no class of unit.
    """
    found: list[int] = []
    head, band = 0, 1
    for index, (score, se) in enumerate(zip(scores, ses, strict=True)):
        if told_apart(scores[head], ses[head], score, se, z):
            head, band = index, band + 1
        found.append(band)
    return tuple(found)
