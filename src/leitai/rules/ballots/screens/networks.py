"""Many verdicts on one unit in a day over one network, such as an office's own (A2).

A hall's network honestly carries most of the hall's verdicts, and a carrier's gateway those of half a town.
So a network's verdicts on a unit are compared with the same network's share of that unit's verdicts before;
and, since a network must some day be new, with what little known networks do on a day. Both must be far
exceeded. A hall that opens a network of its own will raise one lead, on its first day.
"""

from __future__ import annotations

import numpy as np

from leitai.rules.kernel import N_

from .fits import spread_of
from .leads import Lead
from .tails import Counts, Floats, count_tail
from .together import Groups, Seen, dense, groups, too_large

_FEWEST = 8  # verdicts over one network in a day
_LITTLE = 10  # verdicts before, below which a network is little known at a unit
_UNTOLD = 1.0  # spread taken where too few well-known networks tell
_PEERS = 30

_NETWORK = N_(
    "Verdicts over one network on %(day)s: %(seen)s of the unit's %(all)s, where its past here would give about "
    "%(expected)s. Votes from an office's own network look like this; so does a new network for visitors."
)


def networks(seen: Seen, line: float) -> list[Lead]:
    """Leads about networks that carry far more of a unit's verdicts today; `line` is for the look."""
    known = np.flatnonzero(seen.network >= 0)
    today = seen.day[known] == seen.today
    if not today.any() or today.all():
        return []
    unit = seen.unit[known]
    pairs = groups(dense(seen.network[known]), unit)
    now = np.bincount(pairs.which[today], minlength=len(pairs.size))
    before = pairs.size - now
    home = unit[pairs.one]
    all_now = np.bincount(unit[today], minlength=len(seen.units))[home]
    all_before = np.bincount(unit[~today], minlength=len(seen.units))[home]
    share = (before + 1) / (all_before + 1)
    # what the past gives for so many verdicts on the unit, or for so busy a day in the place
    expected = np.maximum(share * all_now, (before + 1) * float(today.sum() / (~today).sum()))
    spread = 1 / (before + 1) + _sway(now, share * all_now, before)
    cut = line / int((now > 0).sum())
    found = []
    for pair, second in _beyond_new(pairs, seen.day[known], seen.today, cut).items():
        mean = float(expected[pair])
        first = count_tail(int(now[pair]), mean, float(spread[pair]), above=True, close=cut)
        if now[pair] > mean and max(first, second) <= cut:
            mine = known[today & (pairs.which == pair)]
            values = {"seen": len(mine), "all": int(all_now[pair]), "expected": round(mean, 1)}
            name = seen.units[int(home[pair])]
            p = max(first, second)
            found.append(seen.lead("bursts-network", name, p, cut, _NETWORK, values, mine))
    return found


def _sway(now: Counts, expected: Floats, before: Counts) -> float:
    """How much well-known networks' shares of a unit's day sway."""
    told = (before >= _LITTLE) & (expected > 0)
    if told.sum() < _PEERS:
        return _UNTOLD
    return max(0.1, spread_of(now[told].astype(float), expected[told]))


def _beyond_new(pairs: Groups, day: Counts, today: int, cut: float) -> dict[int, float]:
    """Pairs of network and unit with more verdicts today than little known networks have on a day, and p."""
    start = int(day.min())
    daily = groups(pairs.which, day - start)
    pair, on = pairs.which[daily.one], day[daily.one]
    # groups come ordered by pair and day, so a running sum tells how many each pair had before
    so_far = np.cumsum(daily.size) - daily.size
    first = np.flatnonzero(np.diff(pair, prepend=-1))
    before = so_far - np.repeat(so_far[first], np.diff(first, append=len(pair)))
    # the first half of the window tells who is known; what is new after it is new indeed
    new = (before < _LITTLE) & (on >= (start + today) / 2)
    return {int(pair[group]): p for group, p in too_large(daily.size, on == today, new, _FEWEST, cut).items()}
