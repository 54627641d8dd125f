"""Where to look next: how many more verdicts would tell a unit's place, and where a directed draw should go.

A list of the worst k has a line: the rate that k units are expected to lie above. A unit is told from it when its
chance of lying above is at least `level`, or at most 1 - `level`.

The plan is the idea of LUCB (Kalyanakaran, Tewari, Auer and Stone, PAC subset selection in stochastic
multi-armed bandits, ICML 2012): neither everybody nor those already known are asked, but units that would be past
the line if they were as bad as they may well be; of these first the ones that the fewest verdicts would settle. It
is made in rounds, each with the verdicts of the one before. Since names rest on the posterior given all that was
seen, it does not matter for their promise that the seen decided where to look; the prior must be one fitted before
the first round.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from .shrinkage import Prior, checked
from .special import Floats, beta_cdf

_HOPE = 1.0  # standard errors by which a unit may be worse than it looks
_HALVINGS = 24  # the line is found to a ten millionth
_LEAST = 20  # fewer verdicts are not worth a visit


@dataclass(frozen=True, slots=True)
class Line:
    """The rate that k units are expected to lie above, and each unit's chance to."""

    rate: float
    chances: tuple[float, ...]


def line_of(counts: Sequence[int], ns: Sequence[int], k: int, prior: Prior) -> Line:
    """The line of the worst k. Raises ValueError for a k outside 1 … number of units less 1."""
    hits, n = checked(counts, ns)
    if not 1 <= k < len(hits):
        raise ValueError(f"the worst {k} of {len(hits)} have no line")
    a, b = prior.a + hits, prior.b + n - hits
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if float((1 - beta_cdf(a, b, middle)).sum()) > k else (low, middle)
    return Line(high, tuple((1 - beta_cdf(a, b, high)).tolist()))


def verdicts_to_tell(
    counts: Sequence[int], ns: Sequence[int], k: int, prior: Prior, level: float = 0.95
) -> tuple[float, ...]:
    """For each unit how many more verdicts would tell it from the line, if its rate is what it now looks like.

    0 where it is told already; infinite where it looks to lie on the line. By the normal law: so many that
    the posterior's standard error is the distance over z.
    """
    hits, n = checked(counts, ns)
    line = line_of(counts, ns, k, prior)
    size = prior.a + prior.b + n
    rate = (prior.a + hits) / size
    z = NormalDist().inv_cdf(level)
    gap = np.abs(rate - line.rate)
    with np.errstate(divide="ignore"):
        needed = np.ceil(z * z * rate * (1 - rate) / (gap * gap) - size - 1)
    chances = np.array(line.chances)
    told = (chances >= level) | (chances <= 1 - level)
    found: Floats = np.where(told, 0.0, np.maximum(needed, 1.0))
    return tuple(found.tolist())


def plan(
    counts: Sequence[int],
    ns: Sequence[int],
    k: int,
    verdicts: int,
    prior: Prior,
    *,
    most: int,
    level: float = 0.95,
) -> tuple[int, ...]:
    """How many of the next round's verdicts to ask of each unit, to name up to `most` of the worst k soonest.

    They add up to `verdicts`. First come the units that the fewest would settle, each with as many as that takes.
    """
    hits, n = checked(counts, ns)
    line = line_of(counts, ns, k, prior)
    size = prior.a + prior.b + n
    rate = (prior.a + hits) / size
    # Every name of a list of `most` may be wrong with its part of the error that the list is allowed.
    part = (1 - level) / most
    z = NormalDist().inv_cdf(1 - part)
    gap = rate + _HOPE * np.sqrt(rate * (1 - rate) / (size + 1)) - line.rate
    open_ = (gap > 0) & (1 - np.array(line.chances) > part)
    with np.errstate(divide="ignore", invalid="ignore"):
        needed = np.maximum(np.ceil(z * z * line.rate * (1 - line.rate) / (gap * gap) - size), _LEAST)
    needed = np.where(open_, needed, np.inf)
    found, left = np.zeros(len(n), dtype=np.int64), verdicts
    for unit in np.argsort(needed, kind="stable"):
        if left <= 0 or not np.isfinite(needed[unit]):
            break
        found[unit] = min(left, int(needed[unit]))
        left -= int(found[unit])
    if left:  # all is told, or nobody is hopeful: the rest makes the surest surer
        found[int(np.argmax(line.chances))] += left
    return tuple(found.tolist())
