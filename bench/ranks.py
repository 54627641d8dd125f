"""Rank sets of 3,200 units, beside a bare numpy pass over the same arrays; and what they cost from 100 to 10,000.

    python -m bench ranks

The peer has no loop in Python and no step-down: it draws the same normal errors (5,000 × units), takes the range of
each draw as its largest difference, a quantile of those, and compares every pair of units once. It would be right only
where all standard errors are equal. Goal: the simultaneous sets within twice its time. Each figure is measured in a
process of its own, with its peak memory.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from time import perf_counter

import numpy as np

from bench.lines import head, line, span

UNITS, DRAWS, GOAL = 3200, 5000, 2.0
SIZES = (100, 300, 1000, 3200, 10_000)


def arrays(units: int) -> tuple[np.ndarray, np.ndarray]:
    """Values, and standard errors as verdicts by the log-normal bring them."""
    chance = np.random.default_rng(7)
    return chance.normal(0, 2, units), np.exp(chance.normal(0, 0.65, units))


def bare(values: np.ndarray, ses: np.ndarray) -> int:
    """The peer; how many pairs it tells apart."""
    errors = np.random.default_rng(1).standard_normal((DRAWS, len(values)))
    z = np.quantile((errors.max(axis=1) - errors.min(axis=1)) / np.sqrt(2), 0.95)
    variance = ses * ses
    ahead = values[:, None] - values > z * np.sqrt(variance[:, None] + variance)
    low, high = 1 + ahead.sum(axis=0), len(values) - ahead.sum(axis=1)
    return int((high - low).sum())


def measured(what: str, units: int) -> tuple[float, float]:
    """Seconds and peak MiB (less what is there before) of one way, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.ranks", what, str(units)], capture_output=True, text=True, check=True
    )
    seconds, memory = done.stdout.split()
    return float(seconds), float(memory)


def one(what: str, units: int) -> None:
    """Print seconds and peak MiB of one way."""
    from leitai.rules.scoring.ranksets import marginal_sets, simultaneous_sets

    values, ses = arrays(units)
    own = marginal_sets(values[:3].tolist(), ses[:3].tolist())  # loads what is loaded once
    assert len(own.low) == 3
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, perf_counter()
    if what == "bare":
        bare(values, ses)
    elif what == "marginal":
        marginal_sets(values.tolist(), ses.tolist())
    else:
        simultaneous_sets(values.tolist(), ses.tolist(), chance=np.random.default_rng(1), draws=DRAWS)
    spent = perf_counter() - start
    print(spent, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)


def main(arguments: list[str]) -> None:
    """All figures, or with two arguments one of them."""
    if arguments:
        one(arguments[0], int(arguments[1]))
        return
    head()
    found = [(measured("simultaneous", UNITS), measured("bare", UNITS)) for _ in range(3)]
    ours, peer = min(pair[0] for pair in found), min(pair[1] for pair in found)
    span(f"{UNITS:,} units, simultaneous sets", ours[0], f"bare numpy (goal {GOAL:g} ×)", peer[0])
    line(
        "  peak memory", f"{ours[1]:,.0f} MiB", f"bare numpy: {peer[1]:,.0f} MiB", f"{ours[1] / peer[1]:.2f}"
    )
    for units in SIZES:
        joint, own = measured("simultaneous", units), measured("marginal", units)
        line(
            f"{units:,} units, simultaneous", f"{joint[0]:.2f} s, {joint[1]:,.0f} MiB",
            f"marginal: {own[0]:.2f} s, {own[1]:,.0f} MiB", "",
        )  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
