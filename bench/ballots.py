"""Ballots accepted and on the disk per second, on one core, beside what the core and the disk could do at most.

    python -m bench ballots [SECONDS] [ROUNDS]

The real door runs under granian with one worker on one core; 64 connections from the other core send it verdicts
at 3,200 points, every tenth a bad one, each a ballot of its own (`bench/crowd.py`). Beside it, in turns in the same
run: (a) the same server answering an empty POST; (b) fdatasync of 200 bytes on the same disk; (c) the same server
doing one ORM create a request. PostgreSQL runs on the client's core, as it would on a machine of its own. Goals:
half of (a), 15 times (c), p99 under 50 ms.
"""

from __future__ import annotations

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, perf_counter
from typing import Any

from bench import house
from bench.ledger import _create as create_database
from bench.ledger import postgres

CONNECTIONS, POINTS = 64, 3200
HALF, TIMES, P99 = 0.5, 15.0, 50.0
DOOR, CROWD = 0, 1  # which core is whose
BOOK = """leitai: 1
place: {key: bench, name: Bench, timezone: Asia/Shanghai}
regime: {title: Bench, in_force: 2010-01-01, source: bench}
calendars: {always: {holidays: none, windows: ["00:00-24:00"]}}
kinds: {window: Window}
groups: {all: {name: All, units: {kind: window}}}
ballots: {grades: two}
"""


def furnish(folder: Path) -> Path:
    """A place with a point at each of 3,200 windows; the file of their codes."""
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
    codes = folder / "codes"
    codes.write_text("\n".join(queries.code_of(point) for point in points))
    return codes


@contextmanager
def door(target: str) -> Iterator[tuple[int, int]]:
    """(port, process) of a server with one worker on its core."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # As `leitai intake` starts it.
    command = [sys.executable, "-m", "granian", "--interface", "rsgi", "--port", str(port), "--workers", "1"]
    with on_core(DOOR):
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


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """What is started inside runs on one core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def visited(target: str, seconds: float, codes: Path | None) -> dict[str, float]:
    """What the crowd saw of a door."""
    with door(target) as (port, pid):
        command = [sys.executable, "-m", "bench.crowd", str(port), str(seconds), str(CONNECTIONS), str(pid)]
        with on_core(CROWD):
            found = subprocess.run(
                [*command, *([str(codes)] if codes else [])], capture_output=True, text=True, check=True
            )
    return dict(json.loads(found.stdout))


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
    """One database, in turns, and its lines."""
    with house.empty(url) as folder:
        codes = furnish(folder)
        found: dict[str, list[dict[str, float]]] = {}
        disk = []
        for _ in range(rounds):
            for key, target, given in (
                ("empty", "bench.doors:empty", None),
                ("ours", "leitai.intake.app:app", codes),
                ("create", "bench.doors:create", codes),
            ):
                found.setdefault(key, []).append(visited(target, seconds, given))
            disk.append(synced(folder))
    for number in range(rounds):
        ours, empty, create = (found[key][number] for key in ("ours", "empty", "create"))
        told(name, number, ours, empty, create, disk[number])


def told(name: str, number: int, ours: Any, empty: Any, create: Any, disk: float) -> None:
    print(f"{name} {number + 1}: ours {ours} empty {empty} create {create} disk {disk:.0f}")
    print(
        f"   ratio (a) {ours['speed'] / empty['speed']:.2f}  (b) {ours['speed'] / disk:.2f}  (c) {ours['speed'] / create['speed']:.1f}"
    )


def main(seconds: float, rounds: int) -> None:
    run = [sys.executable, "-m", "bench.ballots"]
    more = [str(seconds), str(rounds)]
    subprocess.run([*run, "--database", "SQLite", "", *more], check=True)
    with on_core(CROWD):
        server = postgres()
        url = server.__enter__()
    create_database(url)
    subprocess.run([*run, "--database", "PostgreSQL", url, *more], check=True)
    server.__exit__(None, None, None)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--database"]:
        measure(sys.argv[2], sys.argv[3], float(sys.argv[4]), int(sys.argv[5]))
    else:
        main(float(sys.argv[1]) if len(sys.argv) > 1 else 5.0, int(sys.argv[2]) if len(sys.argv) > 2 else 3)
