"""Which ranks a unit may truly have: confidence sets for ranks by the published step-down method.

Mogstad, Romano, Shaikh and Wilhelm, Inference for Ranks, Review of Economic Studies 91 (2024), 476-518. Each
ordered pair (j, k) is a hypothesis "j is not ahead of k"; it falls where (value_j - value_k) / sqrt(se_j² +
se_k²) is above z, the quantile of the largest such difference that errors alone would bring. Pairs that fell
are left out, z is found anew among the rest, and so on until none falls. What is left bounds every rank:
1 + those ahead … n - those behind.

*Simultaneous* sets hold for all units at once; their z comes from draws of normal errors (the paper's
parametric bootstrap). One-sided simultaneous sets are the same ordered pairs and so the same bounds: the sets
of units that may be among the best or worst k come from them. *Marginal* sets hold for one unit at a time;
given that unit's own error its comparisons are independent, so their z is an integral and needs no draws.
Errors of different units are taken as independent throughout.

    sets = simultaneous_sets([9.1, 8.0, 4.2], [0.3, 0.4, 0.5], 0.95, chance=numpy.random.default_rng(1))
    sets.low, sets.high  # (1, 1, 3), (2, 2, 3)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np

from .intervals import RankSets
from .marginal import marginal_z
from .special import Chance, Flags, Floats, Ints

Sides = Literal["both", "best", "worst"]

_SLAB = 128  # draws made at once: memory stays at _SLAB × n numbers
_ENDS = 12  # of each draw, so many of its largest and of its smallest errors are kept
_PAIRS = 1 << 18  # pairs compared at once
_FAR = -1e9  # stands for an error that no unit has


@dataclass(frozen=True, slots=True)
class MarginalSets:
    """For each unit the best and the worst rank it may have, by itself, and the z that its pairs were told by."""

    low: tuple[int, ...]
    high: tuple[int, ...]
    z: tuple[float, ...]


def simultaneous_sets(
    values: Sequence[float],
    ses: Sequence[float],
    level: float = 0.95,
    *,
    chance: Chance,
    draws: int = 5000,
) -> RankSets:
    """The sets that hold all true ranks at once with probability `level`; higher values rank first.

    The order of the units does not matter. A standard error of 0 is certainty; equal values stay untold
    apart. Raises ValueError for numbers that are not finite, standard errors below 0, levels outside 0.5…1.
    """
    value, se, order = _sorted(values, ses, level)
    (z,) = joint_lines(values, ses, (level,), chance=chance, draws=draws)
    low, high = _standing(value, se, np.full(len(value), z))
    return RankSets(_back(low, order), _back(high, order), z)


def joint_lines(
    values: Sequence[float],
    ses: Sequence[float],
    levels: Sequence[float],
    *,
    chance: Chance,
    draws: int = 5000,
) -> tuple[float, ...]:
    """The z of the simultaneous sets at each of some levels, from the same draws: a higher level never tells more.

    Raises ValueError as `simultaneous_sets` does.
    """
    value, se, _order = _sorted(values, ses, *levels)
    if len(value) < 2 or not se.any():
        return tuple(0.0 for _ in levels)
    ends = _draw(len(value), chance, draws)
    return tuple(_joint_z(value, se, level, ends) for level in levels)


def marginal_sets(
    values: Sequence[float], ses: Sequence[float], level: float = 0.95, *, sides: Sides = "both"
) -> MarginalSets:
    """The sets that each hold their unit's true rank with probability `level`; higher values rank first.

    With sides "best" only the best possible rank is bounded, with "worst" only the worst, each a little
    closer than in the two-sided set. Raises ValueError as `simultaneous_sets` does.
    """
    value, se, order = _sorted(values, ses, level)
    z = np.zeros(len(value))
    if len(value) > 1 and se.any():
        z = marginal_z(value, se, level, best=sides != "worst", worst=sides != "best")
    low, high = _standing(value, se, z)
    if sides == "best":
        high = np.full(len(value), len(value))
    if sides == "worst":
        low = np.ones(len(value), dtype=np.int64)
    back = np.empty(len(value))
    back[order] = z
    return MarginalSets(_back(low, order), _back(high, order), tuple(back.tolist()))


def tau_best(low: Sequence[int], k: int) -> tuple[bool, ...]:
    """Which units may be among the best k, from the best ranks of simultaneous sets: all that truly are, are in it."""
    _check_k(k, len(low))
    return tuple(one <= k for one in low)


def tau_worst(high: Sequence[int], k: int) -> tuple[bool, ...]:
    """Which units may be among the worst k, from the worst ranks of simultaneous sets."""
    _check_k(k, len(high))
    return tuple(one > len(high) - k for one in high)


def bands_by(apart: Callable[[int, int], bool], count: int) -> tuple[int, ...]:
    """Bands, from 1, of units that cannot be told from the band's first; units come best first, by their place."""
    found: list[int] = []
    head, band = 0, 1
    for place in range(count):
        if place > head and apart(head, place):
            head, band = place, band + 1
        found.append(band)
    return tuple(found)


def _check_k(k: int, count: int) -> None:
    if not 1 <= k <= count:
        raise ValueError(f"there is no best or worst {k} of {count}")


def _sorted(values: Sequence[float], ses: Sequence[float], *levels: float) -> tuple[Floats, Floats, Ints]:
    """Values and errors best first, so that the order of the input decides nothing; and where each came from."""
    value, se = np.array(values, dtype=np.float64), np.array(ses, dtype=np.float64)
    if value.shape != se.shape or value.ndim != 1:
        raise ValueError("each value has one standard error")
    if not (np.isfinite(value).all() and np.isfinite(se).all() and (se >= 0).all()):
        raise ValueError("values are finite numbers, standard errors finite and not below 0")
    for level in levels:
        if not 0.5 <= level < 1:
            raise ValueError(f"a level lies from 0.5 to below 1, not {level}")
    order = np.lexsort((se, -value))
    return value[order], se[order], order


def _back(sorted_: Ints, order: Ints) -> tuple[int, ...]:
    found = np.empty_like(sorted_)
    found[order] = sorted_
    return tuple(found.tolist())


def _standing(value: Floats, se: Floats, z: Floats) -> tuple[Ints, Ints]:
    """The best and worst rank of each unit, where its pairs are told apart by its own z."""
    count = len(value)
    low, high = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    variance = se * se
    rows = max(1, _PAIRS // max(count, 1))
    for start in range(0, count, rows):
        block = slice(start, start + rows)
        line = np.sqrt(variance[None, :] + variance[block, None])
        line *= z[block, None]
        gap = value[None, :] - value[block, None]
        low[block] = 1 + (gap > line).sum(axis=1)
        high[block] = count - (gap < -line).sum(axis=1)
    return low, high


@dataclass(frozen=True, slots=True)
class _Ends:
    """The outermost errors of each draw: draws × _ENDS standard normal numbers and whose they are.

    `down` holds the smallest with their sign turned. `next_up` and `next_down` are the largest left out.
    """

    up: Floats
    up_of: Ints
    down: Floats
    down_of: Ints
    next_up: Floats
    next_down: Floats
    streams: list[Chance]


def _joint_z(value: Floats, se: Floats, level: float, ends: _Ends) -> float:
    """The z of the last step: it only falls, so the pairs beyond it are those that fell in any step."""
    z = np.inf
    while True:
        found = _largest_quantile(value, se, z, level, ends)
        if found >= z:
            return float(z)
        z = found


def _draw(count: int, chance: Chance, draws: int) -> _Ends:
    """Normal errors, slab by slab, of which the outermost stay; the streams can be drawn again."""
    kept = min(_ENDS, count)
    # Three times as many as are kept are expected beyond the line, so that it seldom leaves out one of them.
    beyond = 3 * kept / count
    line = NormalDist().inv_cdf(1 - beyond) if beyond < 0.5 else -np.inf
    streams = chance.spawn(-(-draws // _SLAB))
    parts: list[tuple[Floats | Ints, ...]] = []
    for number, stream in enumerate(streams):
        errors = deepcopy(stream).standard_normal((min(_SLAB, draws - number * _SLAB), count))
        largest = _outermost(errors, kept, line)
        parts.append((*largest, *_outermost(np.negative(errors, out=errors), kept, line)))
    up, up_of, next_up, down, down_of, next_down = (
        np.concatenate(found) for found in zip(*parts, strict=True)
    )
    return _Ends(up, up_of.astype(np.int64), down, down_of.astype(np.int64), next_up, next_down, streams)


def _outermost(errors: Floats, kept: int, line: float) -> tuple[Floats, Ints, Floats]:
    """Of each row the largest so many (_FAR where the line left fewer), whose they are, a bound on those left out."""
    rows, count = errors.shape
    flat = np.flatnonzero(errors > line)
    row, unit = np.divmod(flat, count)
    counts = np.bincount(row, minlength=rows)
    width = max(int(counts.max()), kept + 1)
    found, of = np.full((rows, width), _FAR), np.zeros((rows, width), dtype=np.int64)
    place = np.arange(len(flat)) - np.repeat(np.cumsum(counts) - counts, counts)
    found[row, place], of[row, place] = errors.ravel()[flat], unit
    order = np.argpartition(found, (width - kept - 1, width - kept), axis=1)[:, width - kept - 1 :]
    found, of = np.take_along_axis(found, order, axis=1), np.take_along_axis(of, order, axis=1)
    # Copies: a view would keep the whole slab.
    return found[:, 1:].copy(), of[:, 1:].copy(), np.where(counts > kept, found[:, 0], line)


def _largest_quantile(value: Floats, se: Floats, z: float, level: float, ends: _Ends) -> float:
    """The `level` quantile, over the draws, of the largest difference among the pairs that have not fallen at z.

    (se_j ε_j - se_k ε_k) / sqrt(se_j² + se_k²) is at most sqrt(ε_j² + ε_k²), so only outermost errors can make
    the largest. A draw where that is not yet proven, and which could matter for the quantile, is looked
    through again in full.
    """
    draws = len(ends.up)
    found = np.empty(draws)
    rows = max(1, _PAIRS // ends.up.shape[1] ** 2)
    for start in range(0, draws, rows):
        block = slice(start, start + rows)
        pairs = _differences(
            value, se, z, ends.up_of[block, :, None], ends.down_of[block, None, :],
            ends.up[block, :, None], ends.down[block, None, :],
        )  # fmt: skip
        found[block] = pairs.max(axis=(1, 2))
    bound = np.maximum(
        _corner(ends.next_up, ends.down.max(axis=1)), _corner(ends.up.max(axis=1), ends.next_down)
    )
    below = np.partition(found, place := int(np.floor((draws - 1) * level)))[place]
    unsure = np.flatnonzero((bound > found) & (bound > below))
    for slab in np.unique(unsure // _SLAB):
        errors = deepcopy(ends.streams[slab]).standard_normal((min(_SLAB, draws - slab * _SLAB), len(value)))
        for one in unsure[unsure // _SLAB == slab]:
            found[one] = _largest(value, se, z, errors[one - slab * _SLAB], found[one])
    return max(float(np.quantile(found, level)), 0.0)


def _corner(up: Floats, down: Floats) -> Floats:
    """The most that a pair with errors at most so far up and down can differ by, in its own standard error."""
    return np.where(np.isneginf(up) | np.isneginf(down), -np.inf, np.hypot(up.clip(0), down.clip(0)))


def _differences(
    value: Floats, se: Floats, z: float, above: Ints, below: Ints, up: Floats, down: Floats
) -> Floats:
    """Differences that errors alone bring to pairs, in their standard errors; -inf for pairs out of question."""
    mine, other = se[above], se[below]
    joint = np.sqrt(mine * mine + other * other)
    out: Flags = (above == below) | (joint == 0)
    if np.isfinite(z):
        out |= value[above] - value[below] > z * joint
    joint[joint == 0] = 1
    found: Floats = (mine * up + other * down) / joint
    found[out] = -np.inf
    return found


def _largest(value: Floats, se: Floats, z: float, errors: Floats, found: float) -> float:
    """The largest difference of one draw: from the outside inwards, until nothing further in can be larger."""
    count = len(value)
    up_of = np.argsort(-errors)
    down_of = up_of[::-1]
    done = 0
    while done < count:
        reach = min(count, max(2 * done, _ENDS))
        new_up, new_down = up_of[done:reach], down_of[done:reach]
        for above, below in ((new_up[:, None], down_of[None, :]), (up_of[:, None], new_down[None, :])):
            pairs = _differences(value, se, z, above, below, errors[above], -errors[below])
            found = max(found, float(pairs.max()))
        done = reach
        if done < count and np.hypot(max(errors[up_of[done]], 0), max(-errors[down_of[done]], 0)) <= found:
            break
    return found
