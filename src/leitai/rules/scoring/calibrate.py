"""Whether intervals, sets and names keep what they promise: measured on made-up places whose truth is known.

Each run makes places of `units` units: values with normal errors of unlike size, and a year of verdicts
(`simulate`). A promise is kept in a run as a share (of the units, for what is promised to each) or wholly or not
(for what is promised of all at once); `Kept` is the mean over runs. Below the promise is called what lies below it
by more than three standard errors of that mean: chance alone would say so once in 700 times.

Marginal sets are promised to each unit by itself, so of each place only some units' sets are made, drawn anew:
their share is right on the average, and a place of thousands of units costs hardly more than one of fifty.

Wilson's interval and funnel limits between whole counts hold their level on the average over rates and sizes, not
for each, and shrunk intervals as far as a few dozen units show how rates vary: they are allowed a hundredth. Clopper
and Pearson's interval holds it for each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike

from .exactsets import multinomial_sets, rate_sets
from .funnels import Spread, funnel, funnel_of_rates
from .intervals import clopper_pearson, wilson
from .marginal import _block_z, _grid
from .naming import name_worst, name_worst_both, surely_worst
from .ranksets import simultaneous_sets, tau_best, tau_worst
from .shrinkage import fit_prior, shrunk
from .simulate import year
from .special import Chance, Flags, Floats, Ints

_SLACK, _ON_AVERAGE = 0.01, ("Wilson interval", "funnel, exact binomial", "shrunk interval")
_ASKED = 32  # units of a place whose marginal sets are made


@dataclass(frozen=True, slots=True)
class Kept:
    """A promise, what was promised, and the mean and its standard error of how far it was kept over the runs."""

    promise: str
    stated: float
    runs: int
    achieved: float
    error: float
    slack: float

    @property
    def below(self) -> bool:
        """Whether less was kept than promised, by more than chance explains."""
        return self.achieved + 3 * self.error < self.stated - self.slack


def calibrate(
    chance: Chance, units: int, runs: int, level: float = 0.95, draws: int = 1000
) -> Iterator[tuple[Kept, ...]]:
    """The promises after each run, over the runs so far: the last says it all."""
    seen: dict[str, list[float]] = {}
    for number, one in enumerate(chance.spawn(runs)):
        # Units that are truly alike try rank sets hardest: every pair told apart is an error.
        spread = float(number % 2)
        for promise, kept in {
            **_values(one, units, level, draws, spread),
            **_rates(one, units, level, draws),
        }.items():
            seen.setdefault(promise, []).append(kept)
        yield tuple(_kept(promise, level, found, units) for promise, found in seen.items())


def _kept(promise: str, level: float, found: list[float], units: int) -> Kept:
    runs, mean = len(found), float(np.mean(found))
    if set(found) <= {0.0, 1.0}:
        # All kept, or none, says little after few runs: as if one more run had gone each way.
        likely = (mean * runs + 1) / (runs + 2)
        spread = likely * (1 - likely)
    else:
        # A share of the units varies at least as that of so many independent ones.
        looked = min(units, _ASKED) if promise.startswith("marginal") else units
        spread = max(float(np.var(found)), level * (1 - level) / looked)
    slack = _SLACK if promise in _ON_AVERAGE else 0.0
    return Kept(promise, level, runs, mean, sqrt(spread / runs), slack)


def _values(chance: Chance, units: int, level: float, draws: int, apart: float) -> dict[str, float]:
    """Rank sets of values with normal errors, and funnel limits around a known target."""
    truth = apart * chance.standard_normal(units)
    error = 0.5 * np.exp(0.5 * chance.standard_normal(units))
    seen = truth + error * chance.standard_normal(units)
    # Of units that are alike each truly has every rank.
    rank = (_rank(truth), _rank(truth)) if apart else (np.ones(units, np.int64), np.full(units, units))
    k = max(units // 10, 1)
    values, ses = seen.tolist(), error.tolist()
    joint = simultaneous_sets(values, ses, level, chance=chance, draws=draws)
    some = chance.choice(units, min(units, _ASKED), replace=False)
    theirs = (rank[0][some], rank[1][some])
    low, high = _own_sets(seen, error, some, level)
    first = _own_sets(seen, error, some, level, worst=False)[0]
    last = _own_sets(seen, error, some, level, best=False)[1]
    best, worst = np.array(tau_best(joint.low, k)), np.array(tau_worst(joint.high, k))
    found = {
        "marginal rank set": float(_within(theirs, low, high).mean()),
        "marginal best rank": float((theirs[0] >= first).mean()),
        "marginal worst rank": float((theirs[1] <= last).mean()),
        "simultaneous rank sets": float(_within(rank, joint.low, joint.high).all()),
        f"tau-best {k}": float(best[rank[0] <= k].all()),
        f"tau-worst {k}": float(worst[rank[1] > units - k].all()),
        f"surely worst {k}": float((rank[0][list(surely_worst(joint, k))] > units - k).all()),
    }
    if not apart:
        found = {f"{promise}, units alike": kept for promise, kept in found.items()}
    alike = error * chance.standard_normal(units)
    rough = 0.3 * chance.standard_normal(units) + alike
    trials: tuple[tuple[Spread, Floats], ...] = (
        ("none", alike),
        ("multiplicative", 1.5 * alike),
        ("additive", rough),
    )
    for spread, shown in trials:
        limits = funnel(shown.tolist(), ses, 0.0, spread=spread, winsorise=0.0, levels=(level,)).limits[level]
        ends = np.array(limits)
        found[f"funnel, spread {spread}"] = float(((shown >= ends[:, 0]) & (shown <= ends[:, 1])).mean())
    return found


def _rates(chance: Chance, units: int, level: float, draws: int) -> dict[str, float]:
    """Intervals of rates, exact sets and names, of made-up years."""
    made, again = year(chance, units), year(chance, units)
    k = max(units // 100, 3)
    counts, ns = made.hits.tolist(), made.n.tolist()
    found: dict[str, float] = {}
    for promise, interval in (("Wilson interval", wilson), ("Clopper-Pearson interval", clopper_pearson)):
        ends = np.array([interval(hits, n, level) for hits, n in zip(counts, ns, strict=True)])
        found[promise] = float(((made.rate >= ends[:, 0]) & (made.rate <= ends[:, 1])).mean())
    drawn = shrunk(counts, ns, fit_prior(counts, ns), confidence=level)
    ends = np.array([drawn.lower, drawn.upper])
    found["shrunk interval"] = float(((made.rate >= ends[0]) & (made.rate <= ends[1])).mean())
    target = 0.2
    honest = chance.binomial(made.n, target)
    limits = np.array(funnel_of_rates(honest.tolist(), ns, target, levels=(level,)).limits[level])
    share = honest / made.n
    # The exact limits lie between whole counts: half of the count on the border is inside by their making.
    found["funnel, exact binomial"] = float(((share >= limits[:, 0]) & (share <= limits[:, 1])).mean())
    exact, true = rate_sets(counts, ns, level), _rank(made.rate)
    found["exact sets of rates"] = float(_within((true, true), exact.low, exact.high).all())
    parts = chance.dirichlet(np.full(units, 2.0))
    sets = multinomial_sets(chance.multinomial(int(made.n.sum()), parts).tolist(), level)
    true = _rank(parts)
    found["exact multinomial sets"] = float(_within((true, true), sets.low, sets.high).all())
    truly = made.worst(k)
    named = name_worst(counts, ns, k, level, chance=chance, draws=draws).units
    found[f"names among the worst {k}"] = float(truly[list(named)].all())
    second = (again.hits.tolist(), again.n.tolist())
    both = name_worst_both((counts, ns), second, k, level, chance=chance, draws=draws).units
    found["names of both years"] = float((truly & again.worst(k))[list(both)].all())
    return found


def _own_sets(
    value: Floats, se: Floats, units: Ints, level: float, *, best: bool = True, worst: bool = True
) -> tuple[Ints, Ints]:
    """The ends of the marginal sets of some units, as `marginal_sets` makes them of all."""
    z = _block_z(value, se, units, level, best, worst, *_grid(se))
    line = z[:, None] * np.hypot(se[units, None], se)
    lead = value[units, None] - value
    return 1 + (-lead > line).sum(axis=1), len(value) - (lead > line).sum(axis=1)


def _within(rank: tuple[Ints, Ints], low: ArrayLike, high: ArrayLike) -> Flags:
    """Whether each set holds all of the unit's true ranks, from the first to the second."""
    return (np.asarray(low) <= rank[0]) & (np.asarray(high) >= rank[1])


def _rank(truth: Floats) -> Ints:
    """True ranks, 1 for the highest."""
    found = np.empty(len(truth), dtype=np.int64)
    found[np.argsort(-truth, kind="stable")] = np.arange(1, len(truth) + 1)
    return found
