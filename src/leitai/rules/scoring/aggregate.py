"""Points into one score: the weighted arithmetic mean, and arenas made of arenas.

What is missing is left out and the other weights carry the whole, as one who has not sat an examination is
not given a zero in it; a rule-book that wants otherwise says so in the measure's own policy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext

from .exact import EXACT, ZERO, Rounding, round_to


def weighted_mean(points: Mapping[str, Decimal | None], weights: Mapping[str, Decimal]) -> Decimal | None:
    """Σ points × weight / Σ weight over the keys that have points; None where none has or weights are 0."""
    with localcontext(EXACT):
        total, weighed = ZERO, ZERO
        for key, weight in weights.items():
            one = points.get(key)
            if one is not None:
                total, weighed = total + one * weight, weighed + weight
        return total / weighed if weighed else None


@dataclass(frozen=True, slots=True)
class Arena:
    """A part of a whole: a measure where it has no parts, else an arena over arenas and measures."""

    key: str
    weight: Decimal
    parts: tuple[Arena, ...] = ()


def fold(
    arena: Arena, points: Mapping[str, Decimal | None], decimals: int = 2, rounding: Rounding = "half-up"
) -> dict[str, Decimal | None]:
    """The score of an arena and of every arena below it, from the points of the measures at the bottom.

    Each arena's score is rounded before the one above takes it up, since that is the number that was
    published.
    """
    scores: dict[str, Decimal | None] = {}
    for part in arena.parts:
        scores |= fold(part, points, decimals, rounding) if part.parts else {part.key: points.get(part.key)}
    mean = weighted_mean(scores, {part.key: part.weight for part in arena.parts})
    return scores | {arena.key: None if mean is None else round_to(mean, decimals, rounding)}
