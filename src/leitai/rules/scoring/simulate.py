"""A year of verdicts, made up, in which the truth is known: how right lists of the worst are, rule by rule.

Verdicts a unit are log-normal (median 60, sigma 1.3: many units have few), true shares of bad ones are
beta(1.2, 60), 2 % in the mean. Ten units are to be named as among the worst hundredth.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .intervals import rate_se
from .looking import plan
from .naming import name_worst, surely_worst
from .ranksets import simultaneous_sets
from .shrinkage import Prior, fit_prior
from .special import Chance, Flags, Floats, Ints

MEDIAN, SIGMA, BETA = 60, 1.3, (1.2, 60.0)
LIST, FLOOR, ROUNDS = 10, 30, 20
RULES = (
    "raw rate",
    "floor of 30",
    "shrinkage",
    "surely, whatever the truth",
    "naming rule",
    "after the draw",
)


@dataclass(frozen=True, slots=True)
class Year:
    """What a made-up year shows (cases n, bad ones hits) and what is true of it."""

    hits: Ints
    n: Ints
    rate: Floats

    def worst(self, k: int) -> Flags:
        """The units that are truly among the k worst."""
        return np.argsort(np.argsort(-self.rate, kind="stable"), kind="stable") < k


def year(chance: Chance, units: int) -> Year:
    """A year of so many units."""
    n = np.maximum(1, np.rint(MEDIAN * np.exp(SIGMA * chance.standard_normal(units)))).astype(np.int64)
    rate = chance.beta(*BETA, units)
    return Year(chance.binomial(n, rate), n, rate)


@dataclass(frozen=True, slots=True)
class Outcome:
    """For each rule of RULES how many units it named in a year, and how many of them truly are among the worst."""

    named: tuple[int, ...]
    right: tuple[int, ...]


def lists(chance: Chance, units: int, further: int, level: float = 0.95, draws: int = 2000) -> Outcome:
    """One year, named by each rule; the last after a directed draw of `further` more verdicts."""
    made = year(chance, units)
    k = max(units // 100, 1)
    counts, ns = made.hits.tolist(), made.n.tolist()
    prior = fit_prior(counts, ns)
    size = prior.a + prior.b + made.n
    tie = chance.random(units)
    found = [
        np.lexsort((tie, made.hits / made.n))[-LIST:],
        np.lexsort((tie, np.where(made.n >= FLOOR, made.hits / made.n, -1)))[-LIST:],
        np.lexsort((tie, (prior.a + made.hits) / size))[-LIST:],
    ]
    errors = [rate_se(hits, n) or 0.0 for hits, n in zip(counts, ns, strict=True)]
    # Bad verdicts rank a unit last.
    sets = simultaneous_sets((-made.hits / made.n).tolist(), errors, level, chance=chance, draws=draws)
    found.append(np.array(surely_worst(sets, k), dtype=np.int64))
    named = name_worst(counts, ns, k, level, chance=chance, draws=draws, prior=prior, most=LIST)
    found.append(np.array(named.units, dtype=np.int64))
    more = directed(chance, made, k, further, prior, level)
    named = name_worst(
        more.hits.tolist(), more.n.tolist(), k, level, chance=chance, draws=draws, prior=prior, most=LIST
    )
    found.append(np.array(named.units, dtype=np.int64))
    truly = made.worst(k)
    return Outcome(tuple(len(one) for one in found), tuple(int(truly[one].sum()) for one in found))


def directed(
    chance: Chance, made: Year, k: int, further: int, prior: Prior, level: float = 0.95, most: int = LIST
) -> Year:
    """The year with `further` verdicts more, asked in rounds where the plan of each says."""
    hits, n = made.hits.copy(), made.n.copy()
    for size in np.diff(np.linspace(0, further, ROUNDS + 1).round().astype(np.int64)).tolist():
        asked = np.array(plan(hits.tolist(), n.tolist(), k, size, prior, most=most, level=level))
        hits, n = hits + chance.binomial(asked, made.rate), n + asked
    return Year(hits, n, made.rate)


def trials(
    chance: Chance, units: int, runs: int, further: int, level: float = 0.95, draws: int = 2000
) -> Iterator[Outcome]:
    """So many years, one after the other."""
    for one in chance.spawn(runs):
        yield lists(one, units, further, level, draws)
