"""Which uncertainty matters: first-order and total Sobol indices of weights, choices and readings.

docs/methods/sobol.md. Two independent samples A and B, and for each factor the sample A with that factor from
B. First order by Saltelli and others (2010), total by Jansen (1999). All readings together are one factor.
What is explained: each unit's score and rank, and the mean shift of all ranks from the published ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .draws import BLOCK, DATA, Chances, Outcome, Sample, Uncertain
from .numbers import Array


@dataclass(frozen=True, slots=True)
class Indices:
    """By factor, shape (factors, outputs): outputs are scores, then ranks, of the units, then the mean shift.

    Not a number where an output does not vary at all.
    """

    factors: tuple[str, ...]
    first: Array
    total: Array


def indices(
    uncertain: Uncertain, chances: Chances, base: int, step: Callable[[int], None] = lambda _done: None
) -> Indices:
    """The indices from a base sample of so many draws; base × (factors + 2) tables are computed."""
    factors = uncertain.factors
    published = [uncertain.result.row(place) for place in uncertain.units.tolist()]
    ranks = np.array([float(row.rank or 0) for row in published])
    centre = np.concatenate([[float(row.exact or 0) for row in published], ranks, [0.0]])
    outputs = len(centre)
    both, squares = np.zeros(outputs), np.zeros(outputs)
    first, total = np.zeros((len(factors), outputs)), np.zeros((len(factors), outputs))
    for block, start in enumerate(range(0, base, BLOCK)):
        size = min(BLOCK, base - start)
        a, b = (uncertain.sample(chances(name, block), size) for name in ("sobol A", "sobol B"))
        of_a, of_b = (_outputs(uncertain.outcome(one), ranks) - centre for one in (a, b))
        both += of_a.sum(axis=0) + of_b.sum(axis=0)
        squares += (of_a**2).sum(axis=0) + (of_b**2).sum(axis=0)
        for index, factor in enumerate(factors):
            mixed = _outputs(uncertain.outcome(_with(a, b, index, factor)), ranks) - centre
            first[index] += (of_b * (mixed - of_a)).sum(axis=0)
            total[index] += ((of_a - mixed) ** 2).sum(axis=0)
        step(start + size)
    mean = both / (2 * base)
    variance = squares / (2 * base) - mean**2
    still = variance <= 1e-18 * np.maximum(1.0, centre**2)
    safe = np.where(still, np.nan, variance)
    return Indices(factors, first / base / safe, total / (2 * base) / safe)


def _with(a: Sample, b: Sample, index: int, factor: str) -> Sample:
    """A with one factor of B."""
    if factor == DATA and index == a.uniform.shape[1]:
        return Sample(a.uniform, b.columns)
    uniform = a.uniform.copy()
    uniform[:, index] = b.uniform[:, index]
    return Sample(uniform, a.columns)


def _outputs(outcome: Outcome, published: Array) -> Array:
    """What is explained, shape (draws, outputs)."""
    shift = np.abs(outcome.rank - published).mean(axis=1, keepdims=True)
    return np.concatenate([outcome.score, outcome.rank, shift], axis=1)
