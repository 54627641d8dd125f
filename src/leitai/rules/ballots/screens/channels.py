"""A4: coached or paid answers at the counter, seen by asking others who were served.

Some of those who were served are drawn by lot and invited. Who is coached at the counter is not coached at
home: then the standing code shows far fewer bad verdicts than the invited do. Some difference is honest, for
other people answer; how large it usually is, and how much it varies from unit to unit, is taken from all units.

Given a unit's verdicts and how many of them are bad, the bad ones by the standing code follow Fisher's
noncentral hypergeometric distribution (Fisher 1935). Its log odds ratio is taken to vary about the usual one
as Student's t with 8 degrees of freedom, which reaches much further out than the normal: some units' visitors
simply differ.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leitai.rules.kernel import N_

from .fits import Judgement, Mask, outliers, spread_of
from .inputs import Channels
from .leads import Lead, line_of, ordered, score_of
from .tails import Counts, Floats, log_gamma

_FREEDOM = 8.0
_NODES: Floats = np.linspace(-16.0, 16.0, 161)
_STUDENT: Floats = (1 + _NODES**2 / (_FREEDOM - 2)) ** (-(_FREEDOM + 1) / 2)  # of variance 1
_WEIGHT: Floats = _STUDENT / _STUDENT.sum()
_FARTHEST = 8.0  # log odds

_GAP = N_(
    "Bad verdicts by the standing code: %(seen)s of %(standing)s, where those of the invited (%(bad)s of "
    "%(invited)s) would lead one to expect about %(expected)s. Answers may be coached; it may also be that "
    "other people answer here. Compare the words, and visit."
)


@dataclass(frozen=True, slots=True, eq=False)
class _Ways:
    """For each unit every number of bad verdicts that its standing ones can have: one entry each, end to end."""

    hits: Counts
    ways: Floats
    start: Counts
    length: Counts

    def chances(self, odds: float) -> Floats:
        """The probability of each entry at a log odds ratio."""
        weight = self.ways + self.hits * odds
        weight = np.exp(weight - np.repeat(np.maximum.reduceat(weight, self.start), self.length))
        return np.asarray(weight / np.repeat(np.add.reduceat(weight, self.start), self.length))

    def moments(self, odds: float) -> tuple[Floats, Floats]:
        """Each unit's mean and variance."""
        chance = self.chances(odds)
        mean = np.add.reduceat(chance * self.hits, self.start)
        return mean, np.add.reduceat(chance * (self.hits - np.repeat(mean, self.length)) ** 2, self.start)

    def at_most(self, seen: Counts, odds: float) -> Floats:
        """Each unit's chance of so many or fewer."""
        return np.asarray(
            np.add.reduceat(self.chances(odds) * (self.hits <= np.repeat(seen, self.length)), self.start)
        )

    def unit_at_most(self, unit: int, seen: int, odds: Floats) -> Floats:
        """One unit's chance of so many or fewer, at each log odds ratio."""
        span = slice(int(self.start[unit]), int(self.start[unit] + self.length[unit]))
        weight = self.ways[span] + odds[:, None] * self.hits[span]
        weight = np.exp(weight - weight.max(axis=1, keepdims=True))
        return np.asarray(weight[:, self.hits[span] <= seen].sum(axis=1) / weight.sum(axis=1))


def channels(given: Channels, alarm: float = 0.05) -> tuple[Lead, ...]:
    """Units whose standing code shows far fewer bad verdicts than those who were invited do."""
    seen = given.standing_bad
    told = (given.standing > 0) & (given.invited > 0) & (seen + given.invited_bad > 0)
    line = line_of(alarm, 1, int(told.sum()))
    if not told.any():
        return ()
    ways = _ways(given)

    def judged(peers: Mask) -> Judgement:
        odds, spread = _usual(ways, seen, peers)
        expected, variance = ways.moments(odds)
        p = ways.at_most(seen, odds)
        # half of all units lie below the usual odds, so p is at least half of what it is there
        close = told & (p <= 2 * line)
        p[~close] = 1.0
        for unit in np.flatnonzero(close).tolist():
            p[unit] = _WEIGHT @ ways.unit_at_most(unit, int(seen[unit]), odds + spread * _NODES)
        return p, expected, variance * (1 + spread**2 * variance)

    p, expected = outliers(judged, seen, told, line, above=False)
    return ordered(
        Lead(
            "channels",
            "channels-gap",
            given.units[unit],
            None,
            given.last,
            float(p[unit]),
            score_of(float(p[unit]), line),
            _GAP,
            {
                "seen": int(seen[unit]),
                "standing": int(given.standing[unit]),
                "bad": int(given.invited_bad[unit]),
                "invited": int(given.invited[unit]),
                "expected": round(float(expected[unit]), 1),
            },
        )
        for unit in np.flatnonzero(p <= line).tolist()
    )


def _usual(ways: _Ways, seen: Counts, peers: Mask) -> tuple[float, float]:
    """The usual log odds ratio and its standard deviation from unit to unit, at its upper end."""
    odds = spread = 0.0
    for _ in range(12):
        mean, variance = ways.moments(odds)
        weight = peers / (1 + spread**2 * variance)
        step = float((weight * (seen - mean)).sum()) / max(float((weight * variance).sum()), 1e-9)
        odds = float(np.clip(odds + np.clip(step, -1.0, 1.0), -_FARTHEST, _FARTHEST))
        spread = spread_of((seen - mean + variance)[peers], variance[peers], 1) ** 0.5
        if abs(step) < 1e-6:
            break
    return odds, spread


def _ways(given: Channels) -> _Ways:
    bad = given.standing_bad + given.invited_bad
    low = np.maximum(0, bad - given.invited)
    length = np.minimum(given.standing, bad) - low + 1
    start = np.cumsum(length) - length
    hits = np.arange(int(length.sum())) - np.repeat(start - low, length)
    n, m, k = (np.repeat(one, length) for one in (given.standing, given.invited, bad))
    ways = (
        -log_gamma(hits + 1) - log_gamma(n - hits + 1) - log_gamma(k - hits + 1) - log_gamma(m - k + hits + 1)
    )
    return _Ways(hits, ways, start, length)
