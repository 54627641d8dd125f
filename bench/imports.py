"""Records imported per second, beside SQLite taking the same rows by a bare executemany in the same run.

    python bench/imports.py [THOUSANDS]

Makes that many service requests (default 100 thousand; 1000 is the million that memory must not grow with),
imports them through the door that `leitai import cases` uses, and puts the same columns into a bare table of
SQLite with the same settings, one index, and transactions of the same size. The ratio is what reading,
checking, finding the unit, the clock, the indexes, the event and its digest cost. Limit: 8,000 rows a second.
"""

from __future__ import annotations

import csv
import os
import resource
import sqlite3
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from time import perf_counter

LIMIT, BATCH, UNITS = 8_000, 2_000, 100
NOW = datetime(2024, 6, 1, tzinfo=UTC)
BOOK = """leitai: 1
place: {key: bench, name: Bench, timezone: Asia/Shanghai}
regime: {title: Bench, in_force: 2010-01-01, source: bench}
calendars: {always: {holidays: none, windows: ["00:00-24:00"]}}
groups: {all: {name: All, units: {kind: queue}}}
cases:
  request: {name: Request, flow: problem, clocks: {resolve: {until: closed, within: given, on: always}}}
"""
MAP = """leitai: 1
what: cases
kind: request
columns:
  source_id: id
  opened: opened
  due: due
  closed: closed
  unit: {column: queue, make: {kind: queue}}
  title: title
  place: place
  channel: channel
"""


def memory() -> int:
    """The most memory that this process has had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def write(path: Path, count: int) -> None:
    """A file of requests, four in five with a target, nine in ten closed."""
    start = datetime(2020, 1, 1)  # noqa: DTZ001  # wall time, as such files have it
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "opened", "due", "closed", "queue", "title", "place", "channel"])
        for n in range(count):
            at = start + timedelta(minutes=n)
            due = at + timedelta(days=3) if n % 5 else ""
            closed = at + timedelta(hours=n % 120) if n % 10 else ""
            words = (f"Request of sort {n % 37}", f"{n % 1000} Long Street", "telephone")
            rows.writerow([1_000_000 + n, at, due, closed, f"Queue {n % UNITS}", *words])


def bare(path: Path, database: Path) -> float:
    """Seconds that SQLite takes for the same rows as they are."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        width = len(next(rows))
        connection = sqlite3.connect(database, isolation_level=None)
        for setting in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-64000"):
            connection.execute(f"PRAGMA {setting}")
        connection.execute(f"CREATE TABLE t ({', '.join(f'c{n} TEXT' for n in range(width))}, UNIQUE (c0))")
        insert = f"INSERT INTO t VALUES ({', '.join('?' * width)})"  # noqa: S608
        before = perf_counter()
        while part := list(islice(rows, BATCH)):
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(insert, part)
            connection.execute("COMMIT")
        connection.close()
        return perf_counter() - before


def main(thousands: int) -> None:
    with tempfile.TemporaryDirectory(prefix="leitai-bench-") as name:
        folder, count = Path(name), thousands * 1000
        os.environ |= {"LEITAI_VAR": name, "LEITAI_DATABASE_URL": f"sqlite:///{name}/leitai.sqlite3"}
        from leitai.cli.django import setup

        setup()
        from django.core.management import call_command

        from leitai.apps.people.actions import add_place
        from leitai.apps.regimes.actions import load as put_regime
        from leitai.bulk import load

        call_command("migrate", interactive=False, verbosity=0)
        place = add_place(
            key="bench", name_zh="", name_en="Bench", timezone="Asia/Shanghai", by="bench", now=NOW
        )
        put_regime(place=place, text=BOOK, by="bench", now=NOW)
        (folder / "map.yaml").write_text(MAP, encoding="utf-8")
        write(folder / "rows.csv", count)
        at_rest = memory()
        seen: list[int] = []
        done = load(
            place,
            folder / "rows.csv",
            folder / "map.yaml",
            by="bench",
            now=NOW,
            rejects=None,
            batch=BATCH,
            progress=lambda *_: seen.append(memory()),
        )
        assert (done.taken, done.rejected) == (count, 0), done
        peer = bare(folder / "rows.csv", folder / "bare.sqlite3")
        again = load(place, folder / "rows.csv", folder / "map.yaml", by="bench", now=NOW, rejects=None)
        assert again.already == count, again
        speed, limit = count / done.seconds, count / peer
        half = seen[len(seen) // 2]
        print(f"{count:,} cases with their clocks, CSV to SQLite")
        print(f"leitai import{speed:>24,.0f} rows a second (limit {LIMIT:,})")
        print(f"the same file again{count / again.seconds:>18,.0f} rows a second, nothing taken")
        print(f"bare executemany{limit:>21,.0f} rows a second; import is {speed / limit:.3f} of it")
        print(f"memory {at_rest} MiB before, {half} MiB half-way, {seen[-1]} MiB at the end")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
