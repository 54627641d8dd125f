"""The z of a unit's own comparisons: with what difference from all others errors alone stay within the level.

Unit i is compared with every k by (value_i - value_k) / sqrt(se_i² + se_k²). Given i's own error e (in its
standard errors), no pair goes beyond z exactly where each ε_k lies between (se_i e ∓ z sqrt(se_i² + se_k²)) /
se_k, and those are independent: the chance is an integral over e of a product over k. Pairs that fell in an
earlier step bound ε_k on one side only. The product depends on k through se_k alone; where there are many
different ones its logarithm is interpolated between a few.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from .intervals import critical
from .special import Flags, Floats, Ints, normal_cdf

_GRID = 40  # standard errors between which the product is interpolated, where there are more
_BLOCK = 64  # units at once
_NEVER = 1e-300
_STEPS = 20  # at most; four or five are usual
_NEAR = 1e-6  # how well z is found
_FLAT = 1e-9  # a standard error of 0, as a share of the largest


def marginal_z(value: Floats, se: Floats, level: float, *, best: bool, worst: bool) -> Floats:
    """For each unit the z at which its own step-down ends; `best` and `worst`: which bounds are asked for."""
    nodes, weights = _grid(np.maximum(se, se.max() * _FLAT))
    found = np.empty(len(value))
    for start in range(0, len(value), _BLOCK):
        block = np.arange(start, min(start + _BLOCK, len(value)))
        found[block] = _block_z(value, se, block, level, best, worst, nodes, weights)
    return found


def _grid(se: Floats) -> tuple[Floats, Floats]:
    """Standard errors to compute with, and each unit's weights on them: units × nodes, rows adding up to 1."""
    nodes = np.unique(se)
    if len(nodes) > _GRID:
        positive = nodes[nodes > nodes[-1] * _FLAT * 2]
        inner = np.geomspace(positive[0], positive[-1], _GRID)
        nodes = np.unique(np.concatenate([nodes[:1], inner[1:-1], positive[[0, -1]]]))
    place = np.log(nodes)
    at = np.clip(np.searchsorted(place, np.log(se), side="right") - 1, 0, max(len(nodes) - 2, 0))
    weights = np.zeros((len(se), len(nodes)))
    rows = np.arange(len(se))
    if len(nodes) == 1:
        weights[:, 0] = 1
        return nodes, weights
    share = (np.log(se) - place[at]) / (place[at + 1] - place[at])
    weights[rows, at] = 1 - share
    weights[rows, at + 1] += share
    return nodes, weights


def _block_z(
    value: Floats,
    se: Floats,
    block: Ints,
    level: float,
    best: bool,
    worst: bool,
    nodes: Floats,
    weights: Floats,
) -> Floats:
    mine = se[block]
    joint = np.sqrt(mine[:, None] ** 2 + se[None, :] ** 2)
    lead = value[block, None] - value[None, :]
    asked: Flags = joint > 0
    asked[np.arange(len(block)), block] = False
    # A unit that is certain, beside others as certain, has nothing to err about.
    idle = ~asked.any(axis=1)
    lowest = critical(1 - level, 1)
    high = np.full(len(block), critical(1 - level, max((int(best) + int(worst)) * (len(value) - 1), 1)))
    z = np.full(len(block), np.inf)
    behind: Flags = np.zeros_like(asked)
    ahead: Flags = np.zeros_like(asked)
    while True:
        # Pair (k, i), "k is ahead", bounds ε_k above; pair (i, k), "k is behind", bounds it below.
        above = asked & ~ahead if best else np.zeros_like(asked)
        below = asked & ~behind if worst else np.zeros_like(asked)
        both = (above & below) @ weights
        only_above, only_below = (above & ~below) @ weights, (below & ~above) @ weights
        found = _solve(mine, nodes, both, only_above, only_below, level, np.full(len(block), lowest), high)
        z = np.minimum(z, found)
        line = z[:, None] * joint
        now_behind, now_ahead = asked & (lead > line), asked & (-lead > line)
        if (now_behind == behind).all() and (now_ahead == ahead).all():
            return np.where(idle, 0.0, z)
        behind, ahead, high = now_behind, now_ahead, z


def _solve(
    mine: Floats,
    nodes: Floats,
    both: Floats,
    only_above: Floats,
    only_below: Floats,
    level: float,
    low: Floats,
    high: Floats,
) -> Floats:
    """Where the chance reaches `level`, between `low` and `high`: false position (Illinois) in log(-log chance)."""
    goal = np.log(-np.log(level))

    def miss(z: Floats) -> Floats:
        chance = _chance(z, mine, nodes, both, only_above, only_below)
        found: Floats = np.log(-np.log(np.clip(chance, _NEVER, 1 - 1e-16))) - goal
        return found

    at_low, at_high = miss(low), miss(high)
    z, last = high.copy(), np.zeros(len(high))
    for _ in range(_STEPS):
        settled = at_low <= at_high  # nothing between: the family is empty or one pair
        step = np.where(settled, 0.0, at_high / np.where(settled, 1.0, at_high - at_low))
        new = np.clip(high - step * (high - low), low, high)
        if np.abs(new - z).max() < _NEAR:
            return new
        z = new
        at = miss(z)
        beyond = at <= 0  # the chance is reached: the root lies at or below z
        at_low = np.where(beyond & (last == 1), at_low / 2, at_low)
        at_high = np.where(~beyond & (last == -1), at_high / 2, at_high)
        low, at_low = np.where(beyond, low, z), np.where(beyond, at_low, at)
        high, at_high = np.where(beyond, z, high), np.where(beyond, at, at_high)
        last = np.where(beyond, 1.0, -1.0)
    return z


@cache
def _legendre(points: int) -> tuple[Floats, Floats]:
    """Points in -1…1 and weights of Gauss and Legendre's rule."""
    at, weight = np.polynomial.legendre.leggauss(points)
    return at, weight


def _chance(
    z: Floats, mine: Floats, nodes: Floats, both: Floats, only_above: Floats, only_below: Floats
) -> Floats:
    """For each unit the chance that none of its comparisons goes beyond z, by errors alone."""
    # Comparisons with units of no error break off at e = ±z, so the integral is cut there.
    at, weight = _legendre(20)
    far, far_weight = _legendre(8)
    own = np.concatenate(
        [z[:, None] * at, z[:, None] + 2.5 * (far + 1), -z[:, None] - 2.5 * (far + 1)], axis=1
    )
    share = np.concatenate(
        [z[:, None] * weight, np.broadcast_to(2.5 * np.tile(far_weight, 2), (len(z), 16))], axis=1
    )
    share = share * np.exp(-own * own / 2) / np.sqrt(2 * np.pi)
    half = (z[:, None] * np.sqrt(mine[:, None] ** 2 + nodes**2) / nodes)[:, None, :]
    centre = (mine[:, None] * own)[:, :, None] / nodes
    under, over = normal_cdf(centre + half), normal_cdf(half - centre)
    inside = np.log(np.maximum(under + over - 1, _NEVER))
    total = np.einsum("ieg,ig->ie", inside, both)
    if only_above.any():
        total += np.einsum("ieg,ig->ie", np.log(np.maximum(under, _NEVER)), only_above)
    if only_below.any():
        total += np.einsum("ieg,ig->ie", np.log(np.maximum(over, _NEVER)), only_below)
    found: Floats = (share * np.exp(total)).sum(axis=1)
    return found
