"""Ballots that belong together: same device, same network, same unit, same day; and groups that are too large."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt

import numpy as np

from .fits import WIDEST, Mask
from .inputs import Ballots
from .leads import Evidence, Lead, score_of
from .tails import Counts, count_tail

DAY = 86400
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """Ballots with their seconds and days on the place's clock (days since 1970-01-01), and the day judged.

    Only the ballots up to that day are in it; `index` are their positions in what the screen was given.
    """

    units: tuple[str, ...]
    index: Counts
    unit: Counts
    device: Counts
    network: Counts
    bad: Mask
    wall: Counts
    day: Counts
    today: int

    @classmethod
    def up_to(cls, ballots: Ballots, wall: Counts, today: int) -> Seen:
        """The ballots up to the day `today`."""
        i = np.flatnonzero(wall // DAY <= today)
        b, at = ballots, wall[i]
        return cls(b.units, i, b.unit[i], b.device[i], b.network[i], b.bad[i], at, at // DAY, today)

    @property
    def date(self) -> date:
        """The date of the day judged."""
        return _EPOCH + timedelta(days=self.today)

    def lead(
        self,
        code: str,
        unit: str,
        p: float,
        line: float,
        message: str,
        values: Mapping[str, object],
        mine: Counts,
    ) -> Lead:
        """A lead about the day judged and the ballots `mine` (positions in this value)."""
        values = {"day": self.date.isoformat(), **values}
        evidence = (Evidence.of("ballots", self.index[mine]),)
        score = score_of(p, line)
        return Lead("bursts", code, unit, None, self.date, p, score, message, values, evidence)


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Things alike in all columns: each thing's group, each group's size, and one thing of each group."""

    which: Counts
    size: Counts
    one: Counts


def groups(*columns: Counts) -> Groups:
    """The groups of things that are alike in all columns (each of the same length, numbers from 0)."""
    code = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        code = code * (int(column.max(initial=0)) + 1) + column
    _, one, which, size = np.unique(code, return_index=True, return_inverse=True, return_counts=True)
    return Groups(which, size, one)


def dense(codes: Counts) -> Counts:
    """The same codes as small numbers from 0."""
    return np.unique(codes, return_inverse=True)[1]


def too_large(size: Counts, judged: Mask, peers: Mask, least: int, line: float) -> dict[int, float]:
    """Groups, among those judged, that are far larger than their peers: position and chance, at most `line`.

    How many come after a group's first is taken to scatter at least as much as a geometric count does: who
    votes twice is likelier to vote a third time. The largest is judged without itself, and what was found is
    no peer of the rest.
    """
    usual, left = peers.copy(), judged & (size >= least)
    found: dict[int, float] = {}
    while left.any():
        largest = int(np.argmax(np.where(left, size, -1)))
        usual[largest] = False
        again = (size[usual] - 1).astype(float)
        mean = float(again.sum() + 1) / (len(again) + 1)
        # what fits.spread_of finds, where every cell expects the same
        plain = max(0.0, (float(((again - mean) ** 2).mean()) / mean - 1) / mean) if len(again) else WIDEST
        error = (1 / mean + plain) * sqrt((2 + 1 / mean) / max(len(again), 1))
        spread = max(1.0, min(WIDEST, plain + 2 * error))
        chances = {
            int(one): count_tail(int(one) - 1, mean, spread, above=True, close=line)
            for one in np.unique(size[left])
        }
        fresh = [int(group) for group in np.flatnonzero(left) if chances[int(size[group])] <= line]
        if not fresh:
            break
        found |= {group: chances[int(size[group])] for group in fresh}
        usual[fresh] = left[fresh] = False
    return found
