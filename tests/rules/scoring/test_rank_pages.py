"""The worked tables of the pages on rank sets, funnels, shrinkage, names and looking are what is computed."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from leitai.rules.scoring import (
    clopper_pearson,
    fit_prior,
    funnel_of_rates,
    marginal_sets,
    multinomial_sets,
    name_worst,
    name_worst_both,
    plan,
    rate_sets,
    shrunk,
    simultaneous_sets,
    surely_best,
    surely_worst,
    tau_best,
    tau_worst,
    verdicts_to_tell,
)
from leitai.rules.scoring.funnels import Spread
from leitai.rules.scoring.looking import line_of

PAGES = Path(__file__).resolve().parents[3] / "docs" / "methods"
Rows = list[tuple[str, ...]]


def tables(page: str, heading: str = "## Worked table") -> list[Rows]:
    """The rows of each table after the heading, without their heads."""
    text = (PAGES / page).read_text(encoding="utf-8").split(heading)[1]
    found = []
    for table in re.findall(r"(?:^\|[^\n]*\n)+", text, re.MULTILINE):
        lines = [tuple(cell.strip() for cell in line.strip("|\n").split("|")) for line in table.splitlines()]
        found.append(lines[2:])
    assert found and all(found)
    return found


def whole(rows: Rows, *columns: int) -> list[list[int]]:
    return [[int(row[column]) for row in rows] for column in columns]


def yes(flag: bool) -> str:
    return "yes" if flag else "no"


def test_rank_sets_by_steps() -> None:
    (rows,) = tables("rank-sets.md", "by the step-down method\n")
    scores, errors = [float(row[0]) for row in rows], [float(row[1]) for row in rows]
    own, joint = (
        marginal_sets(scores, errors),
        simultaneous_sets(scores, errors, chance=np.random.default_rng(1)),
    )
    found = zip(own.low, own.high, joint.low, joint.high, strict=True)
    assert [tuple(map(str, one)) for one in found] == [row[2:] for row in rows]
    assert f"z of the last step is {joint.z:.2f} " in (PAGES / "rank-sets.md").read_text(encoding="utf-8")


def test_tau_best() -> None:
    (rows,) = tables("tau-best.md")
    sets = simultaneous_sets(
        [float(row[0]) for row in rows], [float(row[1]) for row in rows], chance=np.random.default_rng(1)
    )
    for unit, row in enumerate(rows):
        assert row[2:4] == (str(sets.low[unit]), str(sets.high[unit]))
        assert row[4:6] == (yes(tau_best(sets.low, 2)[unit]), yes(unit in surely_best(sets, 2)))
        assert row[6:8] == (yes(tau_worst(sets.high, 2)[unit]), yes(unit in surely_worst(sets, 2)))


def test_exact_intervals() -> None:
    (rows,) = tables("rates.md")
    for row in rows:
        low, high = clopper_pearson(int(row[0]), int(row[1]))
        assert row[-2:] == (f"{low:.4f}", f"{high:.4f}")


def test_exact_sets() -> None:
    counts, rates = tables("exact-sets.md")
    (hits,) = whole(counts, 0)
    own, joint = multinomial_sets(hits, simultaneous=False), multinomial_sets(hits)
    found = zip(own.low, own.high, joint.low, joint.high, strict=True)
    assert [tuple(map(str, one)) for one in found] == [row[1:] for row in counts]
    sets = rate_sets(*whole(rates, 0, 1))
    for unit, row in enumerate(rates):
        assert row[2:4] == (f"{sets.lower[unit]:.4f}", f"{sets.upper[unit]:.4f}")
        assert row[4:] == (str(sets.low[unit]), str(sets.high[unit]))


def test_funnel() -> None:
    (rows,) = tables("funnel.md")
    hits, n = whole(rows, 0, 1)
    spreads: tuple[Spread, ...] = ("none", "multiplicative", "additive")
    for place, spread in enumerate(spreads):
        found = funnel_of_rates(hits, n, spread=spread)
        for unit, row in enumerate(rows):
            low, high = found.limits[0.95][unit]
            assert row[2 + 3 * place : 5 + 3 * place] == (f"{found.z[unit]:.3f}", f"{low:.4f}", f"{high:.4f}")
    said = f"{found.target:.4f}; φ = {found.roughness.phi:.3f}, τ = {found.roughness.tau:.4f}."
    assert said in (PAGES / "funnel.md").read_text(encoding="utf-8")


def test_shrinkage() -> None:
    (rows,) = tables("shrinkage.md")
    hits, n = whole(rows, 0, 1)
    prior = fit_prior(hits, n)
    found = shrunk(hits, n, prior)
    for unit, row in enumerate(rows):
        numbers = hits[unit] / n[unit], found.rate[unit], found.lower[unit], found.upper[unit]
        assert row[2:] == (*(f"{one:.4f}" for one in numbers), str(found.rank[unit]))
    assert f"a = {prior.a:.2f}, b = {prior.b:.2f}" in (PAGES / "shrinkage.md").read_text(encoding="utf-8")


def test_naming() -> None:
    (rows,) = tables("naming.md")
    hits, n, second = whole(rows, 0, 1, 4)
    named = name_worst(hits, n, 2, chance=np.random.default_rng(1))
    both = name_worst_both((hits, n), (second, n), 2, chance=np.random.default_rng(1))
    for unit, row in enumerate(rows):
        assert row[2:4] == (f"{named.chances[unit]:.2f}", yes(unit in named.units))
        assert row[5] == yes(unit in both.units)


def test_looking() -> None:
    (rows,) = tables("looking.md")
    hits, n = whole(rows, 0, 1)
    prior = fit_prior(hits, n)
    line, needed = line_of(hits, n, 2, prior), verdicts_to_tell(hits, n, 2, prior)
    asked = plan(hits, n, 2, 300, prior, most=2)
    for unit, row in enumerate(rows):
        assert row[2:] == (f"{line.chances[unit]:.3f}", str(int(needed[unit])), str(asked[unit]))
    assert f"the line is {line.rate:.4f}." in (PAGES / "looking.md").read_text(encoding="utf-8")
