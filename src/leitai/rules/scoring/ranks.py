"""Places: who stands where, and what happens to those who stand together."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

Ties = Literal["better", "worse", "dense"]


def ranks(scores: Sequence[Decimal], ties: Ties = "better") -> tuple[int, ...]:
    """The place of each score, 1 for the highest.

    Equal scores share the better place (1, 2, 2, 4), the worse one (1, 3, 3, 4), or take one place together
    without a gap after it (dense: 1, 2, 2, 3). Round first: scores that print alike should tie.
    """
    if ties == "dense":
        place = {score: index for index, score in enumerate(sorted(set(scores), reverse=True), 1)}
        return tuple(place[score] for score in scores)
    ordered, count = sorted(scores), len(scores)
    if ties == "worse":
        return tuple(count - bisect_left(ordered, score) for score in scores)
    return tuple(count - bisect_right(ordered, score) + 1 for score in scores)
