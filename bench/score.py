"""An index of 107 units by 40 measures in 10,000 draws, beside the same arithmetic in bare numpy on whole arrays.

    python -m bench score [UNITS]

Every reading has a standard error and every weight its bounds; each draw makes the minimum and maximum of every
measure anew, the weighted mean, and the ranks. The peer draws the same numbers of the same kinds, at once and
without a loop, and makes the same means and ranks; its memory is all of them, ours one block of draws. The goal
is twice the peer's time.
Then what a table costs from 100 to 10,000 units, each in a process of its own: exact decimals, gaps and
files, their time and peak memory.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np

from bench.lines import head, seconds, span
from leitai.rules.scoring import pipeline

UNITS, MEASURES, DRAWS = 107, 40, 10_000
SIZES = (100, 1_000, 10_000)


def spec(measures: int, noise: bool = True) -> str:
    """A spec of so many measures by min-max in a tree of two levels, all of it uncertain."""
    keys = [f"m{n}" for n in range(measures)]
    lines = ["score: 1", "units: {id: id}", "measures:"]
    lines += [f"  {key}: {{points: {{by: min-max}}}}" for key in keys]
    lines += ["nodes:", f"  all: {{weigh: {{{', '.join(f'{key}: 1' for key in keys)}}}}}"]
    if noise:
        cells = ", ".join(f"{key}: {{se: s{key}}}" for key in keys)
        lines += ["ranks: {of: exact}", f"noise: {{spread: 0.25, cells: {{{cells}}}}}"]
    return "\n".join(lines) + "\n"


def data(values: Any) -> str:
    """The values as CSV, each with a standard error of 3."""
    units, measures = values.shape
    head = ",".join(["id", *(f"m{n},sm{n}" for n in range(measures))])
    rows = (f"u{n:05}," + ",".join(f"{value:.2f},3" for value in values[n]) for n in range(units))
    return "\n".join([head, *rows]) + "\n"


def chances(purpose: str, block: int) -> pipeline.Chance:
    """The draws of a purpose and block."""
    return np.random.default_rng([1, *purpose.encode(), block])


def bare(values: Any, draws: int) -> Any:
    """The same in numpy on whole arrays, without a loop: rank interval ends, probabilities of the top ten."""
    rng = np.random.default_rng(1)
    units, measures = values.shape
    weights = rng.uniform(0.75, 1.25, (draws, measures))
    weights /= weights.sum(axis=1, keepdims=True)
    drawn = rng.standard_normal((draws, units, measures))
    drawn *= 3.0
    drawn += values
    low, high = drawn.min(axis=1, keepdims=True), drawn.max(axis=1, keepdims=True)
    drawn -= low
    drawn /= high - low
    score = np.matmul(drawn, weights[:, :, None])[:, :, 0] * 100
    order = np.argsort(-score, axis=1)
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.arange(1, units + 1)[None, :], axis=1)
    return np.quantile(rank, [0.05, 0.5, 0.95], axis=0), (rank <= 10).mean(axis=0)


def peak(function: Callable[[], object]) -> float:
    """Most MiB that a call holds at once, as Python and numpy count it."""
    tracemalloc.start()
    function()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 2**20


def main() -> None:
    if sys.argv[1:2] == ["files"]:
        whole(int(sys.argv[2]))
        return
    units = int(sys.argv[1]) if len(sys.argv) > 1 else UNITS
    values = np.random.default_rng(7).normal(60, 12, (units, MEASURES)).round(2)
    parsed = pipeline.read_spec(spec(MEASURES))
    assert parsed.spec is not None, parsed.findings
    read, findings = pipeline.read_data(data(values), parsed.spec)
    assert read is not None, findings
    uncertain = pipeline.Uncertain(pipeline.compute(parsed.spec, read), parsed.tree)

    def ours() -> pipeline.Sureness:
        return pipeline.sureness(uncertain, chances, DRAWS)

    # The peer's is the same table, or the ratio means nothing: both say the same of who is in the top ten.
    top = bare(values, 2_000)[1]
    assert np.abs(top - pipeline.sureness(uncertain, chances, 2_000).top).max() < 0.08
    head()
    mine, peer = seconds(ours, 1), seconds(lambda: bare(values, DRAWS), 1)
    span(f"{units} × {MEASURES} × {DRAWS:,} draws", mine, "bare numpy", peer)
    print(f"  peak memory {peak(ours):.0f} MiB, bare numpy {peak(lambda: bare(values, DRAWS)):.0f} MiB")
    before = 0.0
    for count in SIZES:
        done = subprocess.run(
            [sys.executable, "-m", "bench.score", "files", str(count)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        took, memory = (float(one) for one in done.stdout.split())
        span(
            f"  the files of {count:,} units × 10, {memory:.0f} MiB",
            took,
            f"{count // 10:,} units, times 10",
            before * 10 or took,
        )
        before = took


def whole(count: int) -> None:
    """Print seconds and peak MiB (less what is there before) of all files of a table, in this process."""
    plain = pipeline.read_spec(spec(10, noise=False)).spec
    assert plain is not None
    text = data(np.random.default_rng(7).normal(60, 12, (count, 10)).round(2))
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, perf_counter()
    found, _ = pipeline.read_data(text, plain)
    assert found is not None
    pipeline.files(pipeline.compute(plain, found))
    spent = perf_counter() - start
    print(spent, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)


if __name__ == "__main__":
    main()
