"""Funnel limits: how far from the target a unit of its size may lie by chance, and how rough the field is.

Spiegelhalter, Funnel plots for comparing institutional performance, Statistics in Medicine 24 (2005),
1185-1202, and Handling over-dispersion of performance indicators, Quality and Safety in Health Care 14 (2005),
347-351. No ranks: a unit inside the limits is not told from the target, however it is placed.

Where units scatter more than chance explains, the limits are widened for all: by a factor (multiplicative,
√φ on every standard error) or by a spread between units (additive, τ² added to every variance). φ is the mean
of squared z-scores after the outermost tenths were drawn in (winsorised), so that the units which the limits
are to show do not hide themselves.

    funnel_of_rates([12, 8, 45], [60, 40, 900]).limits[0.95]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np

from .special import Floats, binomial_cdf

Spread = Literal["none", "multiplicative", "additive"]
Scale = Literal["rate", "arcsine"]
LEVELS = (0.95, 0.998)


@dataclass(frozen=True, slots=True)
class Roughness:
    """How much more units scatter than chance: φ (1: not more) and τ, the spread between units."""

    phi: float
    tau: float


@dataclass(frozen=True, slots=True)
class Funnel:
    """The target, the roughness, each unit's z with what it was widened by, and its limits at each level."""

    target: float
    roughness: Roughness
    z: tuple[float, ...]
    limits: Mapping[float, tuple[tuple[float, float], ...]]


def roughness(z: Sequence[float], ses: Sequence[float], winsorise: float = 0.1) -> Roughness:
    """φ and τ from z-scores and the standard errors they were made with; τ is in the errors' unit.

    τ² = (Iφ - (I - 1)) / (Σw - Σw²/Σw), w = 1/se², 0 where Iφ < I - 1. Raises ValueError for no units, a
    standard error of 0 or a share to draw in outside 0…0.5.
    """
    score, se = np.array(z, dtype=np.float64), np.array(ses, dtype=np.float64)
    if not len(score) or score.shape != se.shape or (se <= 0).any():
        raise ValueError("each z-score has a standard error above 0")
    if not 0 <= winsorise < 0.5:
        raise ValueError(f"the share to draw in at either end lies from 0 to below 0.5, not {winsorise}")
    low, high = np.quantile(score, [winsorise, 1 - winsorise])
    count, weight = len(score), 1 / (se * se)
    phi = float(np.mean(np.clip(score, low, high) ** 2))
    room = float(weight.sum() - (weight * weight).sum() / weight.sum())
    excess = count * phi - (count - 1)
    return Roughness(phi, float(np.sqrt(excess / room)) if excess > 0 and room > 0 else 0.0)


def funnel(
    values: Sequence[float],
    ses: Sequence[float],
    target: float,
    *,
    spread: Spread = "none",
    winsorise: float = 0.1,
    levels: Sequence[float] = LEVELS,
) -> Funnel:
    """Normal limits around a target, for values with the standard errors that they would have at the target."""
    value, se = np.array(values, dtype=np.float64), np.array(ses, dtype=np.float64)
    rough = roughness(((value - target) / se).tolist() if (se > 0).all() else [], ses, winsorise)
    wide = _widened(se, rough, spread)
    limits = {level: _pairs(target - _z(level) * wide, target + _z(level) * wide) for level in levels}
    return Funnel(target, rough, tuple(((value - target) / wide).tolist()), limits)


def funnel_of_rates(
    counts: Sequence[int],
    ns: Sequence[int],
    target: float | None = None,
    *,
    spread: Spread = "none",
    scale: Scale = "rate",
    winsorise: float = 0.1,
    levels: Sequence[float] = LEVELS,
) -> Funnel:
    """Limits of rates counts / ns around the target, the rate of all together where none is given.

    Without a spread the limits are exact (`exact_limits`). With one they are normal, on the rates or on the
    arcsine of their roots, whose error depends on n alone. Raises ValueError for counts that are no part of
    their n, an n below 1, or a target that is not between 0 and 1: with it nobody can be compared.
    """
    hits, n = np.array(counts, dtype=np.float64), np.array(ns, dtype=np.float64)
    if not len(hits) or hits.shape != n.shape or (n < 1).any() or (hits < 0).any() or (hits > n).any():
        raise ValueError("each count is of an n of at least 1 and not more than it")
    middle = float(hits.sum() / n.sum()) if target is None else target
    if not 0 < middle < 1:
        raise ValueError(f"a target lies between 0 and 1, not at {middle}")
    if scale == "arcsine":
        value, centre, se = np.arcsin(np.sqrt(hits / n)), float(np.arcsin(np.sqrt(middle))), 0.5 / np.sqrt(n)
    else:
        value, centre, se = hits / n, middle, np.sqrt(middle * (1 - middle) / n)
    found = funnel(value.tolist(), se.tolist(), centre, spread=spread, winsorise=winsorise, levels=levels)
    limits = {}
    for level in levels:
        if spread == "none":
            limits[level] = exact_limits(middle, ns, level)
            continue
        ends = np.array(found.limits[level])
        if scale == "arcsine":
            ends = np.sin(np.clip(ends, 0, np.pi / 2)) ** 2
        limits[level] = _pairs(*np.clip(ends, 0, 1).T)
    return Funnel(middle, found.roughness, found.z, limits)


def exact_limits(target: float, ns: Sequence[int], level: float) -> tuple[tuple[float, float], ...]:
    """Binomial limits of the rate in n, interpolated between whole counts as Spiegelhalter (2005, A.1.1) does.

    Of r, the least count with P(R <= r) >= p, the limit is (r - α) / n, α = (P(R <= r) - p) / P(R = r); so the
    limits run smoothly with n. Ends outside 0…1 are cut there.
    """
    n = np.array(ns, dtype=np.int64)
    ends = []
    for share in ((1 - level) / 2, (1 + level) / 2):
        low, high = np.zeros_like(n), n.copy()
        while (low < high).any():
            middle = (low + high) // 2
            reached = binomial_cdf(middle, n, target) >= share
            low, high = np.where(reached | (low >= high), low, middle + 1), np.where(reached, middle, high)
        upto, before = binomial_cdf(low, n, target), binomial_cdf(low - 1, n, target)
        ends.append(np.clip((low - (upto - share) / (upto - before)) / n, 0, 1))
    return _pairs(*ends)


def _widened(se: Floats, rough: Roughness, spread: Spread) -> Floats:
    if spread == "multiplicative":
        return se * float(np.sqrt(max(rough.phi, 1.0)))
    if spread == "additive":
        return np.hypot(se, rough.tau)
    return se


def _z(level: float) -> float:
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, not {level}")
    return NormalDist().inv_cdf((1 + level) / 2)


def _pairs(low: Floats, high: Floats) -> tuple[tuple[float, float], ...]:
    return tuple(zip(low.tolist(), high.tolist(), strict=True))
