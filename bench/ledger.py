"""Events appended, sealed and verified per second, beside the bare database taking the same bytes in the same run.

    python -m bench ledger [THOUSANDS]

Appending is `record_many` in a transaction of its own, which every act of the house pays for; the peer is a
plain INSERT of the event's canonical bytes and its commit, with the same driver, settings and disk, the two taking
turns. Sealing is beside the UPDATE of two columns of the same rows. The long ledger (a million unless told
otherwise) has an event altered, one removed and two exchanged, and `leitai ledger verify` must name all four;
limit: 60 seconds.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from bench import house
from bench.forge import fill, tamper
from bench.lines import head, line, seconds, span, speed

LIMIT = 60.0
NOW = datetime(2024, 6, 1, tzinfo=UTC)
DATA = {
    "ballot.bad": False,
    "ballot.channel": "standing",
    "ballot.grade": "satisfied",
    "unit.key": "tax-window",
    "unit.kind": "window",
}
ROUNDS = 5


def drafts(place: Any, count: int) -> list[Any]:
    """Events about to be written."""
    from leitai.apps.ledger.actions import Draft

    return [Draft(place.pk, "ballot.cast", NOW, NOW, "anyone", f"ballot:{n}", DATA) for n in range(count)]


def appended(place: Any, count: int, batch: int) -> float:
    """Seconds for so many events in transactions of `batch`."""
    from django.db import transaction

    from leitai.apps.ledger.actions import record_many

    parts = [drafts(place, min(batch, count - start)) for start in range(0, count, batch)]
    before = perf_counter()
    for part in parts:
        with transaction.atomic():
            record_many(part)
    return perf_counter() - before


def bare(texts: list[str], batch: int) -> float:
    """Seconds for the same bytes in a table without anything, in transactions of the same size."""
    from django.db import connection

    raw, mark = connection.connection, "%s" if connection.vendor == "postgresql" else "?"
    begin = "BEGIN" if connection.vendor == "postgresql" else "BEGIN IMMEDIATE"
    insert = f"INSERT INTO bare (body) VALUES ({mark})"  # noqa: S608
    cursor = raw.cursor()
    before = perf_counter()
    for start in range(0, len(texts), batch):
        cursor.execute(begin)
        cursor.executemany(insert, [(one,) for one in texts[start : start + batch]])
        cursor.execute("COMMIT")
    return perf_counter() - before


def renumber(count: int) -> None:
    """Two columns of so many bare rows, by their keys."""
    from django.db import connection

    mark = "%s" if connection.vendor == "postgresql" else "?"
    cursor = connection.connection.cursor()
    cursor.execute("BEGIN")
    rows = [(n, "0" * 64, n) for n in range(1, count + 1)]
    update = f"UPDATE bare SET seq = {mark}, link = {mark} WHERE id = {mark}"  # noqa: S608
    cursor.executemany(update, rows)
    cursor.execute("COMMIT")


def measure(name: str, url: str) -> None:
    """Appending and sealing on one database."""
    with house.empty(url):
        from django.db import connection

        from leitai.apps.ledger.models import Event
        from leitai.apps.ledger.sealing import body, seal
        from leitai.apps.people.actions import add_place

        place = add_place(key="bench", name_zh="", name_en="Bench", timezone="UTC", by="bench", now=NOW)
        key = (
            "INTEGER PRIMARY KEY"
            if connection.vendor == "sqlite"
            else "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
        )
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE bare (id {key}, body TEXT, seq BIGINT, link TEXT)")
        appended(place, 10, 1)
        text = body("bench", Event.objects.latest("id")).decode()
        for batch, count in ((1, 200), (100, 4000)):
            turns = [(appended(place, count, batch), bare([text] * count, batch)) for _ in range(ROUNDS)]
            ours, peer = (min(times) for times in zip(*turns, strict=True))
            what = "one by one" if batch == 1 else f"{batch} at a time"
            speed(f"{name}: events appended, {what}", count / ours, "bare INSERT", count / peer)
        waiting = Event.objects.filter(seq__isnull=True).count()
        sealed = seconds(lambda: [None for _ in iter(lambda: seal(place), 0)])
        speed(
            f"{name}: events sealed",
            waiting / sealed,
            "bare UPDATE",
            waiting / seconds(lambda: renumber(waiting)),
        )


def million(count: int) -> None:
    """The long ledger, and the hands on it."""
    with house.empty():
        from leitai.apps.people.models import Place

        place = Place.objects.create(key="long", name_en="Long", timezone="UTC")
        before = perf_counter()
        fill(place, count)
        made = perf_counter() - before
        done = tamper(place, count)
        command = [Path(sys.executable).parent / "leitai", "ledger", "verify", "--place", "long", "--json"]
        before = perf_counter()
        found = subprocess.run(command, env=os.environ, capture_output=True, text=True)
        took = perf_counter() - before
        findings = json.loads(found.stdout)["findings"]
        for code, numbers in done.items():
            named = {
                int(n) for one in findings if one["code"] == code for n in re.findall(r"\d+", one["text"])
            }
            assert set(numbers) <= named, findings
        span(f"{count:,} events verified (made in {made:.0f} s)", took, "limit", LIMIT)
        for one in findings:
            line(f"  found: {one['code']}", one["text"][:80], "", "")


@contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL that writes through to the disk, as a real place's does; raises where none can be had."""
    from tests import postgres as tests

    tests.OPTIONS |= {"fsync": "on", "full_page_writes": "on"}
    with tests.server() as url:
        yield url


def main(thousands: int) -> None:
    head()
    run = [sys.executable, "-m", "bench.ledger"]
    subprocess.run([*run, "--database", "SQLite", ""], check=True)
    try:
        with postgres() as url:
            _create(url)
            subprocess.run([*run, "--database", "PostgreSQL", url], check=True)
    except (ImportError, RuntimeError) as fault:
        line("PostgreSQL", "none here", str(fault)[:40], "")
    million(thousands * 1000)


def _create(url: str) -> None:
    """The database that the server's URL names, where it is not there yet."""
    from urllib.parse import urlsplit

    import psycopg

    name = urlsplit(url).path.lstrip("/")
    with psycopg.connect(url, dbname="postgres", autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(f'CREATE DATABASE "{name}"')


if __name__ == "__main__":
    if sys.argv[1:2] == ["--database"]:
        measure(*sys.argv[2:4])
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
