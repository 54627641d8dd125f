"""Ballots accepted and on the disk per second, on one core, beside what the core and the disk could do at most.

    python -m bench ballots [SECONDS] [ROUNDS]        (default: 4 seconds each, 3 rounds, of which the median counts)

The real door runs under granian with one worker on one core, in a place with 3,200 points and 20,000 verdicts; 64
connections from another core send it verdicts, each a new one, every tenth a bad one (`bench/crowd.py`). In turns with
it, in the same run (`bench/doors.py`): (a) the same server answering an empty POST; (b) fdatasync of 200 bytes on the
same disk; (c) the same server doing one ORM create a request; and the same door keeping nothing, which tells what of
its time goes to the network and what to the disk. PostgreSQL runs on the client's core, as if on a machine of its own.

Goals, per core: at least half of (a), at least 15 times (c), the 99th percentile under 50 ms. Where others use the
same cores, a second of the clock is less than one of the core: so what a ballot costs the core is printed too.
"""

from __future__ import annotations

import json
import os
import random
import socket
import statistics
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, perf_counter

from bench import house, ledger
from bench.lines import head, line, speed

CONNECTIONS, POINTS, BEFORE = 64, 3200, 20_000
GOALS = {"empty": 0.5, "create": 15.0}
P99 = 50.0
SERVER, CLIENT = 0, -1  # which of this process's cores is whose
BOOK = """leitai: 1
place: {key: bench, name: Bench, timezone: Asia/Shanghai}
regime: {title: Bench, in_force: 2010-01-01, source: bench}
calendars: {always: {holidays: none, windows: ["00:00-24:00"]}}
kinds: {window: Window}
groups: {all: {name: All, units: {kind: window}}}
ballots: {grades: two}
"""
DOORS = {
    "ours": "leitai.intake.app:app",
    "forgetful": "bench.doors:forgetful",
    "empty": "bench.doors:empty",
    "create": "bench.doors:create",
}
NAMES = {
    "forgetful": "the same door keeping nothing",
    "empty": "(a) empty POST",
    "create": "(c) ORM create",
}
Seen = dict[str, float]


def furnish(folder: Path) -> Path:
    """A place with a point at each of 3,200 windows and some verdicts; the file of the codes."""
    from django.db import connection

    from leitai.apps.ballots import actions, queries
    from leitai.apps.people import actions as people
    from leitai.apps.people.queries import units
    from leitai.apps.regimes import actions as regimes

    now = datetime.now(UTC)
    place = people.add_place(
        key="bench", name_zh="", name_en="Bench", timezone="Asia/Shanghai", by="bench", now=now
    )
    drafts = [people.UnitDraft(f"w{n}", "", f"Window {n}", kind="window") for n in range(POINTS)]
    people.put_units(place=place, drafts=drafts, by="bench", now=now)
    regimes.load(place=place, text=BOOK, by="bench", now=now)
    points = actions.add_points(place=place, units=list(units(place)), by="bench", now=now)
    for start in range(0, BEFORE, 500):
        ballots = [
            actions.BallotDraft(
                points[n % POINTS].unit, "satisfied", f"before-the-bench-{n:08}", points[n % POINTS]
            )
            for n in range(start, start + 500)
        ]
        actions.cast_many(place=place, drafts=ballots, by="bench", now=now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as the database does by itself within a minute or so
    random.Random(1).shuffle(points)
    codes = folder / "codes"
    codes.write_text("\n".join(queries.code_of(point) for point in points))
    return codes


@contextmanager
def on_core(which: int) -> Iterator[None]:
    """What is started inside runs on one core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {sorted(before)[which]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def door(target: str) -> Iterator[tuple[int, int]]:
    """(port, process) of a server with one worker on its core, as `leitai intake` starts it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "rsgi", "--port", str(port), "--workers", "1"]
    if target.endswith(":forgetful"):
        command.append("--factory")
    with on_core(SERVER):
        process = subprocess.Popen([*command, "--no-ws", "--log-level", "warning", target])
    try:
        end = monotonic() + 60
        while not _answers(port):
            if process.poll() is not None or monotonic() > end:
                raise RuntimeError(f"{target} does not answer")
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)


def _answers(port: int) -> bool:
    with suppress(OSError):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
        return True
    return False


def visited(target: str, seconds: float, codes: Path | None) -> Seen:
    """What the crowd saw of a door. Raises RuntimeError where the door did not take every ballot."""
    with door(target) as (port, pid), on_core(CLIENT):
        command = [sys.executable, "-m", "bench.crowd", str(port), str(seconds), str(CONNECTIONS), str(pid)]
        if codes is not None:
            command.append(str(codes))
        seen: Seen = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    if seen["wrong"]:
        raise RuntimeError(f"{target} refused {seen['wrong']:.0f} times")
    return seen


def synced(folder: Path, seconds: float = 1.0) -> float:
    """How often a second 200 bytes reach the disk."""
    with (folder / "synced").open("wb", buffering=0) as file:
        done, before = 0, perf_counter()
        while perf_counter() - before < seconds:
            file.write(b"x" * 200)
            os.fdatasync(file.fileno())
            done += 1
        return done / (perf_counter() - before)


def measure(name: str, url: str, seconds: float, rounds: int) -> None:
    """One database: every door in turn, round after round; the lines of the median."""
    seen: dict[str, list[Seen]] = {key: [] for key in DOORS}
    disk = []
    with house.empty(url) as folder:
        codes = furnish(folder)
        for _ in range(rounds):
            for key, target in DOORS.items():
                seen[key].append(visited(target, seconds, None if key == "empty" else codes))
            disk.append(synced(folder))

    def median(key: str, what: str) -> float:
        return statistics.median(one[what] for one in seen[key])

    def cost(key: str) -> float:
        """Microseconds of its core for each answer."""
        return statistics.median(one["door"] / one["speed"] * 1e6 for one in seen[key])

    ours = median("ours", "speed")
    for key, what in NAMES.items():
        speed(f"{name}: ballots on the disk", ours, what, median(key, "speed"))
    speed(f"{name}: ballots on the disk", ours, "(b) fdatasync", statistics.median(disk))
    for key, what in NAMES.items():
        text = f"{what}: {cost(key):.0f} µs"
        line(
            f"{name}: the core's time for a ballot",
            f"{cost('ours'):.0f} µs",
            text,
            f"{cost(key) / cost('ours'):.2f}",
        )
    for key, goal in GOALS.items():
        ratios = sorted(
            one["speed"] / peer["speed"] for one, peer in zip(seen["ours"], seen[key], strict=True)
        )
        text = f"goal {goal:g}: {'reached' if statistics.median(ratios) >= goal else 'not reached'}"
        line(f"{name}: beside {NAMES[key]}", f"{ratios[0]:.2f} to {ratios[-1]:.2f} times", text, "")
    p99 = median("ours", "p99")
    told = f"{median('ours', 'median'):.1f} ms; {p99:.1f} ms"
    line(f"{name}: answered, median; 99th percentile", told, f"limit {P99:g} ms", f"{p99 / P99:.2f}")
    shares = "; ".join(f"{median(key, 'client'):.0%} {key}" for key in DOORS)
    line(f"{name}: of its core the client used", shares, "below 100%: it was not the limit", "")


def main(seconds: float, rounds: int) -> None:
    head()
    run = [sys.executable, "-m", "bench.ballots", "--database"]
    more = [str(seconds), str(rounds)]
    subprocess.run([*run, "SQLite", "", *more], check=True)
    with ExitStack() as stack:
        try:
            with on_core(CLIENT):
                url = stack.enter_context(ledger.postgres())
        except (ImportError, RuntimeError) as fault:
            line("PostgreSQL", "none here", str(fault)[:40], "")
            return
        ledger._create(url)
        subprocess.run([*run, "PostgreSQL", url, *more], check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--database"]:
        measure(sys.argv[2], sys.argv[3], float(sys.argv[4]), int(sys.argv[5]))
    else:
        main(float(sys.argv[1]) if len(sys.argv) > 1 else 4.0, int(sys.argv[2]) if len(sys.argv) > 2 else 3)
