"""Which uncertainty matters: first-order and total Sobol indices of weights, choices and readings.

docs/methods/sobol.md. Two samples A and B, and for each factor the sample A with that factor from B (Saltelli
2002). First order by Saltelli and others (2010), total by Jansen (1999). Weights and choices of A and B are the
two halves of one scrambled Sobol sequence (Sobol 1967; Owen 1998); all readings together are one factor, too wide
for such a sequence, and are drawn. What is explained: each unit's score and rank, and the mean shift of all ranks
from the published ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from .draws import BLOCK, Chance, Chances, Outcome, Sample, Uncertain
from .numbers import Array

Some = TypeVar("Some")


@dataclass(frozen=True, slots=True)
class Indices:
    """By factor, shape (factors, outputs): outputs are scores, then ranks, of the units, then the mean shift.

    Not a number where an output does not vary at all. `base` draws were made of each of the factors + 2 samples.
    """

    factors: tuple[str, ...]
    first: Array
    total: Array
    base: int


def indices(
    uncertain: Uncertain, chances: Chances, base: int, step: Callable[[int], None] = lambda _done: None
) -> Indices:
    """The indices from a base sample of at least so many draws, a power of two, as the sequence is even then."""
    base = 1 << max(base - 1, 0).bit_length()
    factors = uncertain.factors
    published = [uncertain.result.row(place) for place in uncertain.units.tolist()]
    ranks = np.array([float(row.rank or 0) for row in published])
    centre = np.concatenate([[float(row.exact or 0) for row in published], ranks, [0.0]])
    uniform = points(uncertain.moving, base, chances("sobol", 0))

    def pairs() -> Iterable[tuple[Sample, Sample]]:
        for block, start in enumerate(range(0, base, BLOCK)):
            some = slice(start, min(start + BLOCK, base))
            a, b = (
                uncertain.sample(chances(name, block), some.stop - start, half[some])
                for name, half in zip(("sobol A", "sobol B"), uniform, strict=True)
            )
            yield a, b
            step(some.stop)

    first, total = estimated(
        lambda one: _outputs(uncertain.outcome(one), ranks) - centre, pairs(), _with, len(factors), centre
    )
    return Indices(factors, first, total, base)


def points(factors: int, base: int, chance: Chance) -> tuple[Array, Array]:
    """Two samples of numbers in [0, 1), each of shape (base, factors), that fill the room evenly together.

    `base` is a power of two.
    """
    if not factors:
        return np.empty((base, 0)), np.empty((base, 0))
    from scipy.stats import qmc  # a heavy import, for those who ask

    found: Array = qmc.Sobol(2 * factors, seed=chance).random(base)
    return found[:, :factors], found[:, factors:]


def estimated(
    outputs: Callable[[Some], Array],
    pairs: Iterable[tuple[Some, Some]],
    mixed: Callable[[Some, Some, int], Some],
    factors: int,
    scale: Array,
) -> tuple[Array, Array]:
    """First-order and total indices, shape (factors, outputs), from blocks of the samples A and B.

    `mixed` gives A with one factor of B; `outputs` what is explained, shape (draws, outputs), best taken from near
    its mean. What varies less than float dust against `scale` has no index.
    """
    count, both, squares = 0, np.zeros(scale.shape), np.zeros(scale.shape)
    first, total = np.zeros((factors, *scale.shape)), np.zeros((factors, *scale.shape))
    for a, b in pairs:
        of_a, of_b = outputs(a), outputs(b)
        count += len(of_a)
        both += of_a.sum(axis=0) + of_b.sum(axis=0)
        squares += (of_a**2).sum(axis=0) + (of_b**2).sum(axis=0)
        for index in range(factors):
            other = outputs(mixed(a, b, index))
            first[index] += (of_b * (other - of_a)).sum(axis=0)
            total[index] += ((of_a - other) ** 2).sum(axis=0)
    variance = squares / (2 * count) - (both / (2 * count)) ** 2
    safe = np.where(variance <= 1e-18 * np.maximum(1.0, scale**2), np.nan, variance)
    return first / count / safe, total / (2 * count) / safe


def _with(a: Sample, b: Sample, index: int) -> Sample:
    """A with one factor of B; the readings come last."""
    if index == a.uniform.shape[1]:
        return replace(a, columns=b.columns)
    uniform = a.uniform.copy()
    uniform[:, index] = b.uniform[:, index]
    return replace(a, uniform=uniform)


def _outputs(outcome: Outcome, published: Array) -> Array:
    """What is explained, shape (draws, outputs)."""
    shift = np.abs(outcome.rank - published).mean(axis=1, keepdims=True)
    return np.concatenate([outcome.score, outcome.rank, shift], axis=1)
