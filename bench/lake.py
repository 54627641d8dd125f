"""Sealed verdicts counted by unit and month, beside a bare DuckDB query on the same files; goal: within 1.3 times.

    python -m bench lake [MILLIONS] [FOLDER]

The lake is made first: 100 million verdicts, at 3,200 units over 13 months, unless told otherwise; 3.7 GB in a
temporary folder. FOLDER is one to keep it in, or one that has it already. Each count runs in a process of its own,
three times by turns after one that warms the disk's cache; what is shown are medians, from opening the engine to the
sorted lines, of the clock and of the processors (which neighbours on the machine disturb less), and the highest
resident memory of such a process. The bare query is what one would write by hand; both
must give the same lines.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, NamedTuple

from bench.lines import head, line, span

GOAL = 1.3
ROUNDS = 3
BARE = """
    SELECT unit, strftime(date_trunc('month', day), '%Y-%m') AS month,
           count(*) AS "cast",
           count(*) FILTER (standing IS DISTINCT FROM 'set_aside') AS counted,
           count(*) FILTER (bad AND standing IS DISTINCT FROM 'set_aside') AS bad,
           count(*) FILTER (standing = 'upheld') AS upheld,
           count(*) FILTER (standing = 'set_aside') AS aside
    FROM read_parquet('{ballots}')
    LEFT JOIN (SELECT index, arg_max(standing, decided_at) AS standing
               FROM read_parquet('{standings}') GROUP BY index) USING (index)
    GROUP BY unit, date_trunc('month', day)
    ORDER BY unit, month
"""


class Found(NamedTuple):
    """One count: seconds on the clock, of the processors, bytes of memory at most, lines and their digest."""

    took: float
    worked: float
    memory: int
    lines: int
    digest: str


def expression(folder: Path) -> Any:
    """The recount as the house does it."""
    from leitai.lake import connect, recount, whole_days

    with connect("duckdb") as engine:
        return recount(engine, whole_days(folder, "synthetic"))


def bare(folder: Path) -> Any:
    """The same by hand."""
    import duckdb

    files = {name: folder / "synthetic" / name / "*/*.parquet" for name in ("ballots", "standings")}
    with duckdb.connect() as connection:
        return connection.sql(BARE.format(**files)).to_arrow_table()


WAYS = {"expression": expression, "bare": bare}


def alone(name: str, folder: Path) -> None:
    """One count in this process; prints what `Found` holds."""
    for module in ("duckdb", "ibis.backends.duckdb", "leitai.lake"):
        import_module(module)  # before the clock starts, for both alike
    before, worked = perf_counter(), process_time()
    table = WAYS[name](folder)
    took, worked = perf_counter() - before, process_time() - worked
    rows = json.dumps([list(row.values()) for row in table.to_pylist()]).encode()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps([took, worked, memory, len(table), sha256(rows).hexdigest()]))


def measured(name: str, folder: Path) -> Found:
    """`alone` in a process of its own."""
    command = [sys.executable, "-m", "bench.lake", "--alone", name, str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ)
    return Found(*json.loads(done.stdout))


def main(millions: float, folder: Path) -> None:
    from leitai.lake import whole_days
    from leitai.lake.synthetic import make

    if not (folder / "synthetic").exists():
        before = perf_counter()
        make(folder, ballots=round(millions * 1e6))
        print(f"made in {perf_counter() - before:.0f} s")
    sealed = whole_days(folder, "synthetic")
    ballots = sum(day.head.rows for day in sealed)
    size = sum(path.stat().st_size for path in folder.rglob("*.parquet"))
    for name in WAYS:
        measured(name, folder)
    turns = [{name: measured(name, folder) for name in WAYS} for _ in range(ROUNDS)]
    assert len({found.digest for turn in turns for found in turn.values()}) == 1, "the two count differently"

    def middle(name: str, what: str) -> float:
        return statistics.median(getattr(turn[name], what) for turn in turns)

    memory = {name: max(turn[name].memory for turn in turns) / 2**20 for name in WAYS}
    lines = turns[0]["bare"].lines
    took, peer = (middle(name, "took") for name in WAYS)
    head()
    span(f"{ballots:,} verdicts to {lines:,} unit-months", took, "bare DuckDB", peer)
    line(
        "  each turn",
        *(" ".join(f"{turn[name].took:.2f}" for turn in turns) for name in WAYS),
        f"goal {GOAL}",
    )
    span("  processor time", middle("expression", "worked"), "bare DuckDB", middle("bare", "worked"))
    beside = f"bare DuckDB: {memory['bare']:,.0f} MiB; files {size / 2**20:,.0f} MiB"
    ratio = f"{memory['expression'] / memory['bare']:.2f}"
    line("  peak memory", f"{memory['expression']:,.0f} MiB", beside, ratio)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--alone"]:
        alone(sys.argv[2], Path(sys.argv[3]))
    else:
        given = float(sys.argv[1]) if len(sys.argv) > 1 else 100
        if len(sys.argv) > 2:
            main(given, Path(sys.argv[2]))
        else:
            with tempfile.TemporaryDirectory(prefix="leitai-lake-") as made:
                main(given, Path(made))
