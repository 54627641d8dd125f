"""Where a year will end, with an interval, from the parts of it that are known.

Each part y_i is what the same part of last year came to, w_i, times one factor r, give or take: y_i = r·w_i + e_i with
independent normal e_i of variance σ²·w_i; without a last year every w_i is 1. By weighted least squares the parts to
come, whose weights sum to R, are R·Σy/Σw; the error of that has variance σ²·(R + R²/Σw), and σ² is estimated with
n - 1 degrees of freedom, so the interval is Student's (Gosset 1908; prediction as in Seber and Lee, Linear Regression
Analysis, 2nd ed. 2003, section 5.3). A figure of which the last stands is forecast by its steps from part to part.
What it keeps in simulation: docs/methods/forecast.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import fsum, isfinite, sqrt

from .special import beta_quantile

LEVEL = 0.9
LEAST = 3  # parts, below which nothing is said: two numbers have no spread that one could rely on


@dataclass(frozen=True, slots=True)
class Forecast:
    """The year's end as foreseen, between low and high with the chance `level`, from n known parts of a year."""

    end: float
    low: float
    high: float
    n: int
    level: float


def added_up(
    parts: Sequence[float],
    weights: Sequence[float] | None = None,
    rest: Sequence[float] = (),
    *,
    level: float = LEVEL,
) -> Forecast | None:
    """The year's sum from its known parts; None from fewer than LEAST.

    `weights` are the same parts of last year, or None; `rest` those to come, by last year or else 1 each. Where no part
    is below zero, nothing is foreseen to be taken back. Raises ValueError for weights that are not above zero.
    """
    known = fsum(parts)
    ahead = _ahead(parts, weights, rest, level)
    if ahead is None:
        return None
    more, half = ahead
    low = known + more - half
    if all(part >= 0 for part in parts):
        low = max(low, known)
    return Forecast(known + more, low, known + more + half, len(parts), level)


def last_stands(parts: Sequence[float], to_come: int, *, level: float = LEVEL) -> Forecast | None:
    """The figure of the year's last part, from those known; None from fewer than LEAST steps between them."""
    steps = [after - before for before, after in pairwise(parts)]
    ahead = _ahead(steps, None, [1.0] * to_come, level)
    if ahead is None:
        return None
    more, half = ahead
    end = parts[-1] + more
    return Forecast(end, end - half, end + half, len(parts), level)


def _ahead(
    parts: Sequence[float], weights: Sequence[float] | None, rest: Sequence[float], level: float
) -> tuple[float, float] | None:
    """What is still to come and half the width of its interval."""
    own = [1.0] * len(parts) if weights is None else list(weights)
    if len(own) != len(parts) or any(not isfinite(one) or one <= 0 for one in (*own, *rest)):
        raise ValueError("each part has a weight above zero")
    if not 0 < level < 1:
        raise ValueError(f"{level} is no chance")
    if len(parts) < LEAST:
        return None
    whole, ahead = fsum(own), fsum(rest)
    factor = fsum(parts) / whole
    spread = fsum((y - factor * w) ** 2 / w for y, w in zip(parts, own, strict=True)) / (len(parts) - 1)
    half = student(level, len(parts) - 1) * sqrt(spread * (ahead + ahead**2 / whole))
    return factor * ahead, half


@cache
def student(level: float, freedom: int) -> float:
    """The number that Student's t of so many degrees of freedom does not pass, either way, with the chance `level`.

    P(|T| > t) is the incomplete beta function of freedom/2 and 1/2 at freedom/(freedom + t²) (DLMF 8.17, AS 26.7.1).
    """
    x = float(beta_quantile(freedom / 2, 0.5, 1 - level))
    return sqrt(freedom * (1 - x) / x)
