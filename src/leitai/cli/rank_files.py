"""What `leitai rank` writes: ranks.csv, rates.csv where cases are counted, report.json; and what it says.

The same data, options and version give the same bytes, in whatever order the units come.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from math import isinf

import numpy as np

from leitai import __version__
from leitai.rules.scoring.exactsets import ahead_chance, multinomial_sets, rate_sets
from leitai.rules.scoring.funnels import Spread, funnel_of_rates
from leitai.rules.scoring.intervals import clopper_pearson, rate_se, told_apart, wilson
from leitai.rules.scoring.looking import plan, verdicts_to_tell
from leitai.rules.scoring.naming import name_worst, surely_best, surely_worst
from leitai.rules.scoring.ranksets import (
    RankSets,
    bands_by,
    marginal_sets,
    simultaneous_sets,
    tau_best,
    tau_worst,
)
from leitai.rules.scoring.shrinkage import fit_prior, shrunk

from .rank_data import Units

RANKS = (
    "id", "value", "rank", "marginal_lower", "marginal_upper", "simultaneous_lower", "simultaneous_upper",
    "in_best_K", "in_worst_K", "band",
)  # fmt: skip
NAMED_AT_MOST = 10
FUNNELS: tuple[tuple[Spread, str], ...] = (
    ("none", "funnel"),
    ("multiplicative", "funnel_multiplicative"),
    ("additive", "funnel_additive"),
)


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked of the units."""

    best: int
    worst: int
    level: float
    draws: int
    seed: int
    higher_is_better: bool
    exact: bool
    correction: str
    further: int
    target: float | None


@dataclass(slots=True)
class Files:
    """Texts by file name, and the sentences to say."""

    texts: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Sets:
    """Best and worst ranks by both readings, and whether two units are told apart."""

    marginal: tuple[Sequence[int], Sequence[int]]
    joint: RankSets
    apart: Callable[[int, int], bool]


def files(units: Units, asked: Question, digest: str) -> Files:
    """All that is written about these units."""
    found = Files()
    values, texts = _values(units)
    size, sign = len(values), 1 if asked.higher_is_better else -1
    up = [sign * one for one in values]
    sets = _exact(units, asked, up) if asked.exact else _normal(units, asked, up)
    places = (size - np.searchsorted(np.sort(up), up, side="right") + 1).tolist()
    order = sorted(range(size), key=lambda unit: (places[unit], units.ids[unit]))
    band = dict(zip(order, bands_by(lambda one, two: sets.apart(order[one], order[two]), size), strict=True))
    may_best = tau_best(sets.joint.low, asked.best) if asked.best else None
    may_worst = tau_worst(sets.joint.high, asked.worst) if asked.worst else None
    rows = (
        (
            units.ids[unit], texts[unit], places[unit],
            sets.marginal[0][unit], sets.marginal[1][unit], sets.joint.low[unit], sets.joint.high[unit],
            _flag(may_best, unit), _flag(may_worst, unit), band[unit],
        )
        for unit in order
    )  # fmt: skip
    found.texts["ranks.csv"] = _csv(RANKS, rows)
    found.notes += _said(units, asked, places, sets)
    if units.counts and units.ns:
        found.texts["rates.csv"] = _rates(units, asked, order, found.notes)
    report = {
        "format": "leitai.rank-report/1", "version": __version__, "data": f"sha256:{digest}", "units": size,
        "asked": asdict(asked), "z": sets.joint.z or None, "dropped": units.dropped, "notes": found.notes,
    }  # fmt: skip
    found.texts["report.json"] = json.dumps(report, ensure_ascii=False, indent=2) + "\n"
    return found


def _values(units: Units) -> tuple[list[float], list[str]]:
    """What is ranked by, and as it is written."""
    if units.values:
        return units.values, units.texts
    if units.ns:
        rates = [count / n for count, n in zip(units.counts, units.ns, strict=True)]
        return rates, [repr(one) for one in rates]
    return [float(one) for one in units.counts], [str(one) for one in units.counts]


def _normal(units: Units, asked: Question, up: list[float]) -> _Sets:
    ses = units.ses
    if not ses:
        # Rates are compared as they are with two hits and two misses added, like their standard errors: one of
        # one and none of one are not told apart.
        sign = 1 if asked.higher_is_better else -1
        cases = list(zip(units.counts, units.ns, strict=True))
        up = [sign * (hits + 2) / (n + 4) for hits, n in cases]
        ses = [rate_se(hits, n) or 0.0 for hits, n in cases]
    own = marginal_sets(up, ses, asked.level)
    joint = simultaneous_sets(
        up, ses, asked.level, chance=np.random.default_rng(asked.seed), draws=asked.draws
    )
    return _Sets(
        (own.low, own.high), joint, lambda one, two: told_apart(up[one], ses[one], up[two], ses[two], joint.z)
    )


def _exact(units: Units, asked: Question, up: list[float]) -> _Sets:
    """Exact sets rank the highest first; turned round where the lowest is to."""
    size = len(up)
    turned = not asked.higher_is_better
    if units.ns:
        joint = rate_sets(units.counts, units.ns, asked.level)
        low, high = _turned(joint.low, joint.high, size, turned)
        sets = RankSets(low, high, 0.0)
        return _Sets(
            (low, high), sets,
            lambda one, two: joint.lower[one] > joint.upper[two] or joint.lower[two] > joint.upper[one],
        )  # fmt: skip
    correction = "holm" if asked.correction == "holm" else "bonferroni"
    every = multinomial_sets(units.counts, asked.level, correction=correction)
    own = multinomial_sets(units.counts, asked.level, correction=correction, simultaneous=False)
    line, counts = every.joint_line, units.counts
    return _Sets(
        _turned(own.low, own.high, size, turned),
        RankSets(*_turned(every.low, every.high, size, turned), 0.0),
        lambda one, two: ahead_chance(max(counts[one], counts[two]), min(counts[one], counts[two])) <= line,
    )


def _turned(
    low: Sequence[int], high: Sequence[int], size: int, turned: bool
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    if not turned:
        return tuple(low), tuple(high)
    return tuple(size + 1 - one for one in high), tuple(size + 1 - one for one in low)


def _said(units: Units, asked: Question, places: list[int], sets: _Sets) -> list[str]:
    """What a reader of the ranks is to know."""
    size, said = len(places), []
    if units.dropped:
        shown = ", ".join(units.dropped[:10]) + (", …" if len(units.dropped) > 10 else "")
        said.append(f"{len(units.dropped)} left out, for a number that is missing: {shown}")
    if ties := size - len(set(places)):
        said.append(f"{ties} share the better rank with another whose value is the same")
    if zero := sum(one == 0 for one in units.ses):
        said.append(f"{zero} have a standard error of 0: they are taken as certain")
    if not asked.exact and not units.ses:
        said.append("rates are compared, and have standard errors, with two hits and two misses added")
    for k, what, sure in (
        (asked.best, "best", surely_best(sets.joint, asked.best)),
        (asked.worst, "worst", surely_worst(sets.joint, asked.worst)),
    ):
        if k:
            names = ", ".join(sorted(units.ids[unit] for unit in sure)) or "no unit"
            said.append(f"surely among the {what} {k}, at {asked.level:g} for all together: {names}")
    return said


def _rates(units: Units, asked: Question, order: list[int], notes: list[str]) -> str:
    """Intervals, funnel limits and shrunk rates of counted cases; with --worst, names and where to look next."""
    # What counts against a unit: the cases counted, or, where a higher rate is better, the others.
    bad = (
        [n - count for count, n in zip(units.counts, units.ns, strict=True)]
        if asked.higher_is_better
        else units.counts
    )
    prior = fit_prior(units.counts, units.ns)
    drawn = shrunk(
        units.counts,
        units.ns,
        prior,
        confidence=asked.level,
        better="more" if asked.higher_is_better else "less",
    )
    header = [
        "id", "count", "n", "rate", "wilson_lower", "wilson_upper", "exact_lower", "exact_upper",
        "shrunk", "shrunk_lower", "shrunk_upper", "shrunk_rank",
    ]  # fmt: skip
    cells: list[list[object]] = []
    for unit, (count, n) in enumerate(zip(units.counts, units.ns, strict=True)):
        cells.append(
            [
                units.ids[unit], count, n, count / n, *wilson(count, n, asked.level),
                *clopper_pearson(count, n, asked.level),
                drawn.rate[unit], drawn.lower[unit], drawn.upper[unit], drawn.rank[unit],
            ]
        )  # fmt: skip
    if asked.target is not None or 0 < sum(units.counts) < sum(units.ns):
        for spread, name in FUNNELS:
            found = funnel_of_rates(units.counts, units.ns, asked.target, spread=spread)
            header.append(f"{name}_z")
            for row, z in zip(cells, found.z, strict=True):
                row.append(z)
            for level, ends in found.limits.items():
                header += [f"{name}_{level * 100:g}_lower", f"{name}_{level * 100:g}_upper"]
                for row, end in zip(cells, ends, strict=True):
                    row += end
        what = "rate of all" if asked.target is None else "target"
        notes.append(
            f"funnel: {what} {found.target:.4g}, over-dispersion phi {found.roughness.phi:.4g} "
            f"(widened where above 1), spread between units tau {found.roughness.tau:.4g}"
        )
    if asked.worst:
        named = name_worst(
            bad, units.ns, asked.worst, asked.level,
            chance=np.random.default_rng(asked.seed), draws=asked.draws, most=min(asked.worst, NAMED_AT_MOST),
        )  # fmt: skip
        against = fit_prior(bad, units.ns)
        more = verdicts_to_tell(bad, units.ns, asked.worst, against, asked.level)
        header += ["chance_in_worst_K", "named", "verdicts_to_tell"]
        for unit, row in enumerate(cells):
            told = "" if isinf(more[unit]) else int(more[unit])
            row += [named.chances[unit], "true" if unit in named.units else "false", told]
        names = ", ".join(units.ids[unit] for unit in named.units) or "no unit"
        notes.append(
            f"named among the worst {asked.worst}, all of them rightly with {asked.level:g} in places that vary "
            f"like this one: {names}"
        )
        if asked.further:
            header.append("ask_next")
            parts = plan(
                bad, units.ns, asked.worst, asked.further, against,
                most=min(asked.worst, NAMED_AT_MOST), level=asked.level,
            )  # fmt: skip
            for row, part in zip(cells, parts, strict=True):
                row.append(part)
            notes.append(
                f"ask {sum(one > 0 for one in parts)} units next, {asked.further} verdicts in all: ask_next"
            )
    return _csv(header, (cells[unit] for unit in order))


def _flag(flags: tuple[bool, ...] | None, unit: int) -> str:
    return "" if flags is None else "true" if flags[unit] else "false"


def _csv(header: Sequence[str], rows: object) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    for row in rows:  # type: ignore[attr-defined]
        writer.writerow([repr(round(cell, 10)) if isinstance(cell, float) else cell for cell in row])
    return text.getvalue()
