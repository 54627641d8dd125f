"""Where a unit would stand next time if nothing truly changed: what of a move is to be expected from chance.

A table's ends are partly luck. Who was last was, on average, also unlucky, and comes up by itself (Galton 1886,
regression towards mediocrity). The size of it follows from the scores and their standard errors: true scores are taken
as normal about the group's mean with the variance that the errors leave over (method of moments, Morris 1983), so each
unit's true score is likely somewhat nearer to the mean than the one seen; next time's score is that plus a new error.
The chance that a given unit is ahead of another follows for each pair; summed over the others it gives the rank to be
expected, and its spread the ranks that chance alone would bring. No draws are made: the unit's own next score is
integrated over by Gauss-Hermite quadrature, and given it the others are independent.

All arithmetic is in floats; nothing here is frozen. docs/methods/change-account.md has the formulas.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .special import normal_cdf

_NODES = 41


@dataclass(frozen=True, slots=True)
class Drift:
    """The rank to be expected had nothing truly changed, and the ranks that chance brings at the table's confidence.

    `places` is the places gained on average by doing nothing; negative where lost.
    """

    rank: float
    low: int
    high: int
    places: float

    def holds(self, rank: int) -> bool:
        """Whether a rank is one that chance alone would bring."""
        return self.low <= rank <= self.high


def shrunk(scores: Sequence[float], ses: Sequence[float]) -> tuple[list[float], list[float]]:
    """For each unit the mean and the variance of its true score, given the scores seen and their standard errors.

    A unit without error keeps its score, with variance 0.
    """
    seen, variance = np.asarray(scores, dtype=np.float64), np.square(np.asarray(ses, dtype=np.float64))
    centre = float(seen.mean())
    between = max(0.0, float(seen.var(ddof=1) - variance.mean())) if len(seen) > 1 else 0.0
    kept = np.divide(between, between + variance, out=np.ones_like(seen), where=variance > 0)
    return (centre + kept * (seen - centre)).tolist(), (kept * variance).tolist()


def expected(
    scores: Sequence[float], before: Sequence[float], after: Sequence[float], index: int, confidence: float
) -> Drift | None:
    """The drift of the unit at `index`, from scores (higher is better) with their errors now and next time.

    None where neither it nor anyone else has an error: then nothing is left to chance.
    """
    if not any(before) and not any(after):
        return None
    means, variances = (np.asarray(one) for one in shrunk(scores, before))
    spread = np.sqrt(variances + np.square(np.asarray(after, dtype=np.float64)))
    nodes, weights = np.polynomial.hermite_e.hermegauss(_NODES)
    weights = weights / weights.sum()
    own = means[index] + spread[index] * nodes
    others = np.arange(len(means)) != index
    gap = means[others][None, :] - own[:, None]
    wide = np.broadcast_to(spread[others][None, :], gap.shape)
    # Without an error a comparison is decided: ahead is ahead, and who ties shares the better place.
    ahead = np.where(wide > 0, normal_cdf(gap / np.where(wide > 0, wide, 1.0)), (gap > 0).astype(np.float64))
    centres, widths = 1 + ahead.sum(axis=1), np.sqrt((ahead * (1 - ahead)).sum(axis=1))
    ranks = np.arange(1, len(means) + 1)
    step = ranks[None, :] + 0.5 - centres[:, None]
    flat = widths[:, None] > 0
    below = np.where(
        flat, normal_cdf(step / np.where(flat, widths[:, None], 1.0)), (step > 0).astype(np.float64)
    )
    reached = weights @ below
    tail = (1 - confidence) / 2
    low = int(np.searchsorted(reached, tail, side="right")) + 1
    high = int(np.searchsorted(reached, 1 - tail, side="left")) + 1
    rank = float(weights @ centres)
    now = 1 + int((np.asarray(scores) > scores[index]).sum())
    return Drift(rank, min(low, len(means)), min(high, len(means)), now - rank)
