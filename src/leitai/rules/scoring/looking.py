"""Where to look next: how many more verdicts would tell a unit's place, and where a directed draw should go.

A list of the worst k has a line: the rate that k units are expected to lie above. A unit is told from it when its
chance of lying above is at least `level`, or at most 1 - `level`.

The plan is the idea of LUCB (Kalyanakaran, Tewari, Auer and Stone, PAC subset selection in stochastic
multi-armed bandits, ICML 2012): ask neither everybody nor those already known, but, of the units likeliest to be
named, those least sure, and, of the others, those likeliest to belong on the list. It is made in rounds, each with
the verdicts of the one before. Since names rest on the posterior given all that was seen, it does not matter for
their promise that the seen decided where to look; the prior must be one fitted before the first round.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from .shrinkage import Prior, checked
from .special import Floats, beta_cdf

_CHALLENGERS = 0.2  # of a round goes to units outside the list


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
    for _ in range(40):
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

    They add up to `verdicts`. Members of the list get their parts by doubt, challengers by chance.
    """
    chances = np.array(line_of(counts, ns, k, prior).chances)
    order = np.lexsort((np.arange(len(chances)), -chances))
    listed, others = order[:most], order[most : 2 * most]
    # Of a list of `most` each may err by so much; who errs by less is known well enough.
    settled = (1 - level) / most / 2
    doubt = np.where(1 - chances[listed] > settled, np.sqrt(1 - chances[listed]), 0.0)
    wish = np.zeros(len(chances))
    if doubt.any():
        wish[listed] = (1 - _CHALLENGERS) * doubt / doubt.sum()
        hope = chances[others]
        if hope.any():
            wish[others] = _CHALLENGERS * hope / hope.sum()
    if not wish.any():
        wish[listed] = 1.0
    return _parts(wish / wish.sum(), verdicts)


def _parts(shares: Floats, whole: int) -> tuple[int, ...]:
    """Shares of 1 as whole numbers that add up (largest remainder)."""
    exact = shares * whole
    found = np.floor(exact).astype(np.int64)
    left = whole - int(found.sum())
    found[np.argsort(found - exact, kind="stable")[:left]] += 1
    return tuple(found.tolist())
