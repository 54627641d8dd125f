"""How often the screens of figures cry wolf, and how often they see each abuse: honest figures made, then bent.

Honest units differ: sizes are lognormal, figures swing by a tenth to a third and remember the period before, plans
are made to be met, some work comes in by the calendar. Chance is an argument: a generator of numpy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from .readings import ALARM, Counts, Floats, Sign, heaped, last_days, twins, zeros

Chance = np.random.Generator  # noqa: TID251 - the type of an argument; nothing is drawn from nowhere
SCREENS = ("zero", "heap", "last-day", "twin")


@dataclass(frozen=True, eq=False)
class Year:
    """A year of figures by unit: counts, completions of plans, days on which work was done, a figure and its twin."""

    units: tuple[str, ...]
    counts: Floats
    ratios: tuple[Floats, ...]
    last: Counts
    whole: Counts
    reported: Floats
    audited: Floats


def honest(chance: Chance, units: int, periods: int = 12) -> Year:
    """A year in which nobody bends anything."""
    names = tuple(f"u{n:04}" for n in range(units))
    size = np.exp(chance.normal(3.0, 1.2, units))
    swing = chance.uniform(0.1, 0.33, units)
    rate = size[:, None] * np.exp(_remembering(chance, units, periods, 0.3) * swing[:, None])
    counts = chance.poisson(rate).astype(np.float64)
    counts[chance.random(counts.shape) < 0.03] = np.nan
    mean = chance.normal(1.01, 0.08, units)
    ratios = tuple(chance.normal(one, 0.1, 4 * periods) for one in mean)
    whole = chance.poisson(np.minimum(size, 400) * 3)
    share = chance.beta(0.12 * 12, 0.88 * 12, units)
    last = chance.binomial(whole, share)
    level = np.clip(chance.normal(0.8, 0.06, units), 0.3, 0.97)[:, None]
    drift = chance.normal(0, 0.002, units)[:, None] * np.arange(periods)
    apart = chance.normal(0, 0.02, units)[:, None]
    reported = level + drift + apart + 0.03 * _remembering(chance, units, periods, 0.3)
    audited = level + drift + 0.03 * _remembering(chance, units, periods, 0.3)
    return Year(names, counts, ratios, last, whole, reported, audited)


def _remembering(chance: Chance, units: int, periods: int, memory: float) -> Floats:
    """Standard normal series, each value remembering the one before by `memory`."""
    found = chance.normal(0, 1, (units, periods))
    for at in range(1, periods):
        found[:, at] = memory * found[:, at - 1] + np.sqrt(1 - memory**2) * found[:, at]
    return found


def screened(year: Year, alarm: float = ALARM) -> dict[str, tuple[Sign, ...]]:
    """The signs of each screen."""
    return {
        "zero": zeros(year.units, year.counts, alarm),
        "heap": heaped(year.units, year.ratios, alarm),
        "last-day": last_days(year.units, year.last, year.whole, alarm),
        "twin": twins(year.units, year.reported, year.audited, "more", alarm),
    }


def bent(chance: Chance, year: Year) -> tuple[str, Year]:
    """One unit of more than middling size that plays every abuse, and the year as it then is.

    Its last count was not made and is sent as 0; half of its other work is done on the last day; its reported figure
    climbs by 2 % of its level a period. It and a quarter of all units lift two in three of their values that are up to
    5 % short over the line.
    """
    size = np.nan_to_num(year.counts).mean(axis=1)
    unit = int(chance.choice(np.flatnonzero(size >= np.median(size))))
    counts, last, reported = year.counts.copy(), year.last.copy(), year.reported.copy()
    counts[unit, -1] = 0
    ratios = []
    for n, own in enumerate(year.ratios):
        own = own.copy()
        if n == unit or chance.random() < 0.25:
            short = (own >= 0.95) & (own < 1) & (chance.random(own.size) < 2 / 3)
            own[short] = 1 + chance.uniform(0, 0.01, int(short.sum()))
        ratios.append(own)
    last[unit] += chance.binomial(int(year.whole[unit] - last[unit]), 0.5)
    reported[unit] *= 1 + 0.02 * np.arange(reported.shape[1])
    played = replace(year, counts=counts, ratios=tuple(ratios), last=last, reported=reported)
    return year.units[unit], played


def measure(chances: Iterable[Chance], units: int) -> tuple[int, Counter[str], Counter[str]]:
    """Runs, the runs in which each screen showed any sign of an honest year, and those in which it saw the abuse."""
    runs, alarmed, seen = 0, Counter[str](), Counter[str]()
    for runs, chance in enumerate(chances, 1):  # noqa: B007  the number of runs is what is told
        year = honest(chance, units)
        unit, played = bent(chance, year)
        for name, signs in screened(year).items():
            alarmed[name] += bool(signs)
        for name, signs in screened(played).items():
            seen[name] += any(one.unit in (unit, "") for one in signs)
    return runs, alarmed, seen
