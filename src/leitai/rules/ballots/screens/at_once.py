"""Many verdicts on one unit within a quarter of an hour (A2).

A quarter may hold as much as the unit's past, or as the rest of this very day, leads one to expect: the
larger counts, so that a busy day is no burst. The rhythm of the day is the unit's own, drawn to the place's
as far as the unit has few ballots. Verdicts come in clumps, a family or a queue at a time: how much, is read
from the variance of the quarters in which little is expected; how much busy quarters swing, from the busy ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leitai.rules.kernel import N_

from .fits import Mask, spread_of
from .leads import Lead
from .tails import Counts, Floats, count_tail, log_count
from .together import DAY, Seen

QUARTER = 900
_QUARTERS = DAY // QUARTER + 1  # one more where they begin halfway between
_FEWEST = 8  # verdicts within a quarter of an hour
_OWN = 100.0  # ballots of its own past that weigh as much as the place's rhythm
_LEAST_CLUMPS, _LEAST_SWING = 0.1, 0.1  # taken where the ballots show less
_UNTOLD_CLUMPS, _UNTOLD_SWING = 1.0, 0.5  # taken where too few quarters tell

_AT_ONCE = N_(
    "Verdicts between %(begin)s and %(end)s on %(day)s: %(seen)s, where about %(expected)s were to be expected. "
    "Somebody may have voted in bulk; a group served together does this too."
)


def quarters(seen: Seen, line: float) -> list[Lead]:
    """At most one lead for each unit, for its most unlikely quarter of an hour; `line` is for the look."""
    mine = np.flatnonzero(seen.day == seen.today)
    cut = line / (2 * _QUARTERS * len(np.unique(seen.unit)))
    best: dict[int, Lead] = {}
    for shift in (0, QUARTER // 2):
        quarter = (seen.wall % DAY + shift) // QUARTER
        today = _Today.of(seen, quarter)
        for unit, cell in np.argwhere(today.worth_a_look(cut)).tolist():
            p = today.chance(unit, cell, cut)
            if p > cut or (unit in best and best[unit].p <= p):
                continue
            there = mine[(seen.unit[mine] == unit) & (quarter[mine] == cell)]
            start = cell * QUARTER - shift
            values = {
                "seen": len(there),
                "expected": round(float(today.expected[unit, cell]), 1),
                "begin": _clock(max(start, 0)),
                "end": _clock(min(start + QUARTER, DAY)),
            }
            best[unit] = seen.lead("bursts-at-once", seen.units[unit], p, cut, _AT_ONCE, values, there)
    return list(best.values())


@dataclass(frozen=True, slots=True, eq=False)
class _Today:
    """Per unit and quarter of today: verdicts, how many were to be expected, how many had the day been even."""

    count: Counts
    expected: Floats
    even: Floats

    @classmethod
    def of(cls, seen: Seen, quarter: Counts) -> _Today:
        before = seen.day < seen.today
        past, now = _table(seen, quarter, before), _table(seen, quarter, ~before)
        place = past.sum(axis=0) + now.sum(axis=0) + 1
        own = past + _OWN * place / place.sum()
        rhythm = own / own.sum(axis=1, keepdims=True)
        days = max(seen.today - int(seen.day.min()), 1)
        busy = (now.sum() + 1) / (past.sum() / days + 1)
        usual = (past.sum(axis=1, keepdims=True) + 1) / days * busy * rhythm
        total = now.sum(axis=1, keepdims=True)
        return cls(now, np.maximum(usual, (total - now) * rhythm / (1 - rhythm)), total * rhythm)

    def worth_a_look(self, cut: float) -> Mask:
        """Where the least of clumps and swings would make so many unlikely."""
        some = (self.count >= _FEWEST) & (self.count > self.expected)
        mean = self.expected[some]
        some[some] = log_count(self.count[some], mean, _LEAST_CLUMPS / mean + _LEAST_SWING) <= np.log(cut)
        return some

    def chance(self, unit: int, cell: int, cut: float) -> float:
        """The chance of so many: clumps of every size with gamma swings, or of one size with lognormal ones."""
        count, mean = int(self.count[unit, cell]), float(self.expected[unit, cell])
        clumps, swing = self._others(unit)
        first = count_tail(count, mean, clumps / mean + swing, above=True, close=0.0)
        if first > cut:
            return first
        return max(first, count_tail(int(count / (1 + clumps)), mean / (1 + clumps), swing, above=True))

    def _others(self, unit: int) -> tuple[float, float]:
        """Clumps (variance over mean, less one) and swings (relative variance) of the other units' quarters."""
        among = self.even > 0
        among[unit] = False
        quiet, busy = among & (self.even < 1), among & (self.even >= 1)
        clumps, swing = _UNTOLD_CLUMPS, _UNTOLD_SWING
        if quiet.sum() >= _QUARTERS:
            ratio = float(((self.count - self.even)[quiet] ** 2).sum()) / float(self.even[quiet].sum())
            clumps = max(_LEAST_CLUMPS, ratio * (1 + 2 / float(quiet.sum()) ** 0.5) - 1)
        if busy.sum() >= _QUARTERS:
            swing = max(_LEAST_SWING, spread_of(self.count[busy].astype(float), self.even[busy]))
        return clumps, swing


def _table(seen: Seen, quarter: Counts, of: Mask) -> Counts:
    cell = seen.unit[of] * _QUARTERS + quarter[of]
    return np.bincount(cell, minlength=len(seen.units) * _QUARTERS).reshape(-1, _QUARTERS)


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"
