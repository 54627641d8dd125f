"""Who may be named among the worst k, with a promise: no name of the list is wrong, at the stated level.

Two rules make that promise, and they promise it of different things.

*Whatever the truth* (`surely_worst`): a unit is named where its simultaneous rank set lies wholly among the last
k. It holds in every place. But a unit with five cases might be anything, so while many such units are there
hardly anybody can be named.

*In places like this one* (`name_worst`): true rates are taken to vary between units as the place's own verdicts
show (`shrinkage`), and the longest list is named of which all are truly among the worst k with the stated
probability, given everything that was seen. The promise is about all places that vary so, taken together; the
calibration measures it. Gu and Koenker, Invidious comparisons: ranking and selection as compound decisions,
Econometrica 91 (2023), 1-41, on such lists; Lin, Louis, Paddock and Ridgeway, Loss function based ranking in
two-stage, hierarchical models, Bayesian Analysis 1 (2006), 915-946, on ranks as parameters of a posterior.

Both name fewer than asked for, or no one, where fewer qualify.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .intervals import RankSets
from .ranksets import simultaneous_sets
from .shrinkage import Prior, checked, fit_prior
from .special import Chance, Flags, Floats, Ints, beta_cdf

_SLAB = 256  # draws at once: memory stays at _SLAB × n numbers
_HOPEFUL = 4  # so many times k units are looked at closely; the others have no chance worth counting


@dataclass(frozen=True, slots=True)
class Named:
    """The units named, surest first, as places in the input; each unit's own chance; the chance that all are right.

    `chances` are of being truly among the worst k, for every unit; 0 also for units far from it.
    """

    units: tuple[int, ...]
    chances: tuple[float, ...]
    joint: float


def surely_worst(sets: RankSets, k: int) -> tuple[int, ...]:
    """The units whose whole set lies among the last k; nobody in a group no larger than k."""
    count = len(sets.low)
    return tuple(unit for unit, low in enumerate(sets.low) if k < count and low > count - k)


def surely_best(sets: RankSets, k: int) -> tuple[int, ...]:
    """The units whose whole set lies among the first k; nobody in a group no larger than k."""
    return tuple(unit for unit, high in enumerate(sets.high) if k < len(sets.high) and high <= k)


def surely_worst_both(
    first: tuple[Sequence[float], Sequence[float]],
    second: tuple[Sequence[float], Sequence[float]],
    k: int,
    level: float = 0.95,
    *,
    chance: Chance,
    draws: int = 5000,
) -> tuple[int, ...]:
    """The units surely among the worst k in both years; each year is (values, standard errors), higher is better.

    Half of the error allowed goes to each year, so that no name is wrong in either, at `level` for both together.
    """
    named = [
        set(surely_worst(simultaneous_sets(*year, (1 + level) / 2, chance=chance, draws=draws), k))
        for year in (first, second)
    ]
    return tuple(sorted(named[0] & named[1]))


def name_worst(
    counts: Sequence[int],
    ns: Sequence[int],
    k: int,
    level: float = 0.95,
    *,
    chance: Chance,
    draws: int = 5000,
    prior: Prior | None = None,
    most: int | None = None,
) -> Named:
    """The longest list of units that are all truly among the k highest rates with probability `level`.

    counts / ns are bad cases of all cases. `most` ends the list sooner; a prior that was fitted before (such
    as before a directed draw) stands in for this one's. Raises ValueError for counts that are no part of
    their n or a k outside 1 … number of units.
    """
    hopeful, inside = _inside(counts, ns, k, chance, draws, prior)
    return _list(hopeful, inside, len(counts), level, most)


def name_worst_at(
    counts: Sequence[int],
    ns: Sequence[int],
    k: int,
    levels: Sequence[float],
    *,
    chance: Chance,
    draws: int = 5000,
) -> tuple[Named, ...]:
    """The lists of `name_worst` at some levels, from the same draws: each is the head of that of a lower level."""
    hopeful, inside = _inside(counts, ns, k, chance, draws, None)
    return tuple(_list(hopeful, inside, len(counts), level, k) for level in levels)


@dataclass(frozen=True, slots=True)
class WorstLine:
    """The rate a unit's own has to lie above to be among the worst k, drawn many times, with each draw's prior."""

    line: Floats
    pairs: Floats

    def chance_beyond(self, hits: float, n: int) -> float:
        """The chance that a unit of so many bad cases is truly among the worst k; hits may be a part of a case."""
        a, b = self.pairs[:, 0] + hits, self.pairs[:, 1] + (n - hits)
        return float(1 - beta_cdf(a, b, self.line).mean())


def worst_line(
    counts: Sequence[int], ns: Sequence[int], k: int, *, prior: Prior, chance: Chance, draws: int
) -> WorstLine:
    """What a unit beside these others is held against: the k-th highest of their true rates. Raises as `name_worst`."""
    hits, n = checked(counts, ns)
    size = len(hits)
    if not 1 <= k <= size:
        raise ValueError(f"there is no worst {k} of {size}")
    order = np.lexsort((n, hits))
    hits, n = hits[order], n[order]
    pairs = np.array(prior.pairs)[chance.choice(len(prior.pairs), size=draws, p=np.array(prior.weights))]
    line = np.empty(draws)
    for start in range(0, draws, _SLAB):
        which = pairs[start : start + _SLAB]
        rates: Floats = chance.beta(which[:, :1] + hits, which[:, 1:] + (n - hits))
        line[start : start + _SLAB] = np.partition(rates, size - k, axis=1)[:, size - k]
    return WorstLine(line, pairs)


def name_worst_both(
    first: tuple[Sequence[int], Sequence[int]],
    second: tuple[Sequence[int], Sequence[int]],
    k: int,
    level: float = 0.95,
    *,
    chance: Chance,
    draws: int = 5000,
    most: int | None = None,
) -> Named:
    """The units truly among the worst k in both years, as one statement: no name is wrong about either year.

    Each year is (counts, ns) of the same units in the same order.
    """
    count = len(first[0])
    if len(second[0]) != count:
        raise ValueError("both years have the same units")
    flags = []
    for counts, ns in (first, second):
        hopeful, inside = _inside(counts, ns, k, chance, draws, None)
        wide = np.zeros((draws, count), dtype=np.bool_)
        wide[:, hopeful] = inside
        flags.append(wide)
    # As within a year, an order that the input's does not decide.
    order = np.lexsort((second[1], second[0], first[1], first[0]))
    return _list(order, (flags[0] & flags[1])[:, order], count, level, most)


def _inside(
    counts: Sequence[int], ns: Sequence[int], k: int, chance: Chance, draws: int, prior: Prior | None
) -> tuple[Ints, Flags]:
    """The units worth looking at, and for each draw of all true rates whether they are among the k highest."""
    hits, n = checked(counts, ns)
    size = len(hits)
    if not 1 <= k <= size:
        raise ValueError(f"there is no worst {k} of {size}")
    known = prior or fit_prior(counts, ns)
    # Drawn in an order of their own, so that the order of the input decides nothing.
    order = np.lexsort((n, hits))
    hits, n = hits[order], n[order]
    expected = (known.a + hits) / (known.a + known.b + n)
    upper = expected + 3 * np.sqrt(expected * (1 - expected) / (known.a + known.b + n + 1))
    hopeful = np.union1d(np.argsort(-expected)[: _HOPEFUL * k], np.argsort(-upper)[: _HOPEFUL * k])
    pairs, weights = np.array(known.pairs), np.array(known.weights)
    inside = np.empty((draws, len(hopeful)), dtype=np.bool_)
    for start in range(0, draws, _SLAB):
        rows = min(_SLAB, draws - start)
        which = pairs[chance.choice(len(pairs), size=rows, p=weights)]
        rates: Floats = chance.beta(which[:, :1] + hits, which[:, 1:] + (n - hits))
        line = np.partition(rates, size - k, axis=1)[:, size - k]
        inside[start : start + rows] = rates[:, hopeful] >= line[:, None]
    return order[hopeful], inside


def _list(units: Ints, inside: Flags, count: int, level: float, most: int | None) -> Named:
    """The longest list, surest first, that is right as a whole in enough draws, their own error allowed for."""
    own = inside.mean(axis=0)
    order = np.argsort(-own, kind="stable")[:most]
    joint = np.logical_and.accumulate(inside[:, order], axis=1).mean(axis=0)
    needed = level + 2 * np.sqrt(level * (1 - level) / len(inside))
    length = int((joint >= min(needed, 1.0)).sum())
    chances = np.zeros(count)
    chances[units] = own
    return Named(
        tuple(units[order[:length]].tolist()),
        tuple(chances.tolist()),
        float(joint[length - 1]) if length else 1.0,
    )
