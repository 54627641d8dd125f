"""Streaks of a unit in an arena: what has been so for how many periods running, counted back from the newest.

A streak is told only of what can be answered for: named by the table, surely in one half of the group, moving one way
beyond noise, or not judged. A period without a table ends every streak. One time is no streak.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext_noop as N_

from leitai.rules.kernel import Period

from .models import Standing

WORDS = {
    "best": N_("named among the best"),
    "worst": N_("named among the worst"),
    "upper": N_("surely in the upper half"),
    "lower": N_("surely in the lower half"),
    "up": N_("up each time beyond noise"),
    "down": N_("down each time beyond noise"),
    "unjudged": N_("not judged"),
}


@dataclass(frozen=True)
class Streak:
    """What has been so (a key of `WORDS`) for how many periods running."""

    kind: str
    times: int

    @property
    def said(self) -> str:
        """The words of it, in English, for translation."""
        return WORDS[self.kind]


def unbroken(history: Sequence[Standing]) -> list[Standing]:
    """A history, the newest first, as far back as every period has its standing in the same group."""
    kept = list(history[:1])
    for later, earlier in pairwise(history):
        if (
            Period.parse(later.table.period).previous().key != earlier.table.period
            or later.group != earlier.group
        ):
            break
        kept.append(earlier)
    return kept


_HOLDS: dict[str, Callable[[Standing], bool]] = {
    "best": lambda one: one.named_best,
    "worst": lambda one: one.named_worst,
    "upper": lambda one: bool(one.rank_high) and 2 * (one.rank_high or 0) <= one.of,
    "lower": lambda one: bool(one.rank_low) and 2 * ((one.rank_low or 0) - 1) >= one.of,
    "unjudged": lambda one: one.rank is None,
}
_MOVES: dict[str, Callable[[Standing, Standing], bool]] = {
    "up": lambda now, was: bool(now.rank_high and was.rank_low and now.rank_high < was.rank_low),
    "down": lambda now, was: bool(now.rank_low and was.rank_high and now.rank_low > was.rank_high),
}


def streaks(history: Sequence[Standing]) -> list[Streak]:
    """The streaks of a history, the newest standing first; those of two or more, the longest first."""
    kept = unbroken(history)
    found = [Streak(kind, _run([holds(one) for one in kept])) for kind, holds in _HOLDS.items()]
    found += [
        Streak(kind, _run([moves(now, was) for now, was in pairwise(kept)])) for kind, moves in _MOVES.items()
    ]
    return sorted((one for one in found if one.times > 1), key=lambda one: -one.times)


def _run(flags: Sequence[bool]) -> int:
    """How many of the first are true."""
    return next((n for n, flag in enumerate(flags) if not flag), len(flags))
