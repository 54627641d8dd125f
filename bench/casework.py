"""What clocks cost: arithmetic, a sweep among a million open cases, and how late an escalation comes.

    python -m bench casework [arithmetic | sweep | late] [OPEN CASES]

Arithmetic: due times a second, one by one and in arrays, beside numpy's busday_offset and pandas' CustomBusinessHour,
both given the same days off and make-up workdays (every day off as a holiday of a seven-day week) and the same windows.
Sweep: 1,000 clocks fall due among 10,000 and among a million (or as many as are named) open cases, on both databases;
each is told, with its event, as the worker does. Late: how long after its due instant a breach can be read by others,
with two workers on PostgreSQL.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from bench import house
from bench.lines import head, line, speed

PARTS = ("arithmetic", "sweep", "late")
DUE, FEW, LIMIT_MS, LATE_S = 1_000, 10_000, 50.0, 1.0
BREACHES, OVER = 400, 20.0  # clocks that run out, over so many seconds
BOOK = """leitai: 1
place: {key: bench, name: Bench, timezone: Asia/Shanghai}
regime: {title: Bench, in_force: 2010-01-01, source: bench}
calendars:
  always: {holidays: none, windows: ["00:00-24:00"], saturday: ["00:00-24:00"], sunday: ["00:00-24:00"]}
groups: {all: {name: All, units: {all: true}}}
cases:
  question: {name: Question, flow: question, clocks: {reply: {until: replied, within: 10 minutes, on: always}}}
"""


def arithmetic(count: int = 1_000_000) -> None:
    """Due times a second, the peers in turns; every peer answers the same."""
    import numpy as np
    import pandas as pd

    from bench.worktime import CALENDAR, DAYS, rate
    from leitai.rules.worktime import Within, due, due_many

    begin, end = (int(datetime(year, 6, 1, tzinfo=UTC).timestamp()) for year in (2021, 2026))
    starts = np.random.default_rng(7).integers(begin // 60, end // 60, count) * 60
    hours, workdays = Within(180, "minutes"), Within(3, "workdays")
    off = np.array([day for day in DAYS if not CALENDAR.day(day).working], dtype="datetime64[D]")
    numpys = np.busdaycalendar(weekmask="1111111", holidays=off)
    dates = ((starts + 8 * 3600) // 86400).astype("datetime64[D]")
    windows = next(CALENDAR.day(day).windows for day in DAYS if CALENDAR.day(day).working)
    opens, closes = ([f"{one // 60:02}:{one % 60:02}" for one in ends] for ends in zip(*windows, strict=True))
    # Three hours, not four: where a limit just fills the afternoon, pandas says the next morning's opening.
    offset = pd.offsets.CustomBusinessHour(3, weekmask="1111111", holidays=off, start=opens, end=closes)
    few = starts[:300]
    wall = [pd.Timestamp(int(one) + 8 * 3600, unit="s") for one in few]
    instants = [datetime.fromtimestamp(one, UTC) for one in starts[:20_000].tolist()]

    found = ((due_many(starts, workdays, CALENDAR) + 8 * 3600) // 86400).astype("datetime64[D]")
    assert np.array_equal(found, np.busday_offset(dates, 3, roll="backward", busdaycal=numpys))
    theirs = [int((one + offset).timestamp()) - 8 * 3600 for one in wall]
    assert theirs == due_many(few, hours, CALENDAR).tolist()

    print(f"{count:,} instants of five years, China's holidays and make-up workdays")
    head()
    peer_days = rate(count, lambda: np.busday_offset(dates, 3, "backward", busdaycal=numpys))
    peer_hours = rate(len(wall), lambda: [one + offset for one in wall])
    ours = rate(count, lambda: due_many(starts, workdays, CALENDAR))
    speed("3 workdays, in arrays (goal 20 x)", ours, "busday_offset", peer_days)
    ours = rate(count, lambda: due_many(starts, hours, CALENDAR))
    speed("180 minutes, in arrays (goal 1,000 x)", ours, "CustomBusinessHour", peer_hours)
    for name, within, peer, other in (
        ("3 workdays, one by one", workdays, "busday_offset", peer_days),
        ("180 minutes, one by one", hours, "CustomBusinessHour", peer_hours),
    ):
        ours = rate(len(instants), lambda within=within: [due(one, within, CALENDAR) for one in instants])
        speed(name, ours, peer, other)


def place_and_unit(now: datetime) -> tuple[Any, Any]:
    """An empty place with one unit and one kind of case."""
    from leitai.apps.people import actions as people
    from leitai.apps.people.queries import unit
    from leitai.apps.regimes.actions import load

    place = people.add_place(
        key="bench", name_zh="", name_en="Bench", timezone="Asia/Shanghai", by="bench", now=now
    )
    people.put_units(
        place=place, drafts=[people.UnitDraft("water", "", "Water", kind="bureau")], by="bench", now=now
    )
    load(place=place, text=BOOK, by="bench", now=now)
    return place, unit(place, "water")


def grow(count: int) -> None:
    """So many more copies of the first case and of its clock, each due a second after the one before."""
    from django.db import connection

    from leitai.apps.casework.models import Case, Clock

    first, last = Case.objects.earliest("id").pk, Case.objects.latest("id").pk
    if connection.vendor == "postgresql":
        numbers = f"SELECT generate_series({last + 1}, {last + count}) AS n"
        later = "t.{0} + c.id * interval '1 second'"
    else:
        more = f"VALUES ({last + 1}) UNION ALL SELECT n + 1 FROM s LIMIT {count}"  # noqa: S608
        numbers = f"WITH RECURSIVE s(n) AS ({more}) SELECT n FROM s"  # noqa: S608
        later = "strftime('%Y-%m-%d %H:%M:%f', t.{0}, c.id || ' seconds')"

    def copied(model: Any, **other: str) -> tuple[str, str]:
        """The columns of a table, and what is put into each."""
        names = [one.column for one in model._meta.concrete_fields if not one.primary_key]
        quoted = {name: connection.ops.quote_name(name) for name in names}
        return ", ".join(quoted.values()), ", ".join(other.get(name, f"t.{quoted[name]}") for name in names)

    with connection.cursor() as cursor:
        names, values = copied(Case, ref="'bench-' || k.n")
        source = f"casework_case t, ({numbers}) k WHERE t.id = {first}"
        cursor.execute(f"INSERT INTO casework_case ({names}) SELECT {values} FROM {source}")  # noqa: S608
        due = {name: later.format(name) for name in ("due_at", "next_at")}
        names, values = copied(Clock, case_id="c.id", **due)
        source = f"casework_clock t, casework_case c WHERE t.case_id = {first} AND c.id > {last}"
        cursor.execute(f"INSERT INTO casework_clock ({names}) SELECT {values} FROM {source}")  # noqa: S608
        cursor.execute("ANALYZE")


def fall_due(now: datetime) -> None:
    """A thousand clocks, spread evenly over all, that have run out a second ago and were not told yet."""
    from leitai.apps.casework.models import Clock

    ids = list(Clock.objects.filter(breached_at=None).order_by("id").values_list("id", flat=True))
    chosen = ids[1 :: max(1, len(ids) // (DUE + 1))][:DUE]
    at = now - timedelta(seconds=1)
    for start in range(0, DUE, 500):
        Clock.objects.filter(pk__in=chosen[start : start + 500]).update(due_at=at, next_at=at)


def swept(place: Any, now: datetime) -> tuple[int, float]:
    """How many clocks were told, and the milliseconds that took; and that nothing is left."""
    from leitai.apps.casework.actions import tick_clocks

    told, before = 0, perf_counter()
    while done := int(tick_clocks(place=place, by="drive", now=now) or 0):
        told += done
    return told, (perf_counter() - before) * 1000


def sweep(name: str, url: str, count: int) -> None:
    """1,000 due among few and among many open cases, the best of three each."""
    now = datetime.now(UTC)
    with house.empty(url):
        from leitai.apps.casework.actions import open_case

        place, unit = place_and_unit(now)
        open_case(place=place, kind="question", unit=unit, title="Lamp", by="bench", now=now)
        there, took = 1, {}
        for size in (FEW, count):
            grow(size - there)
            there = size
            runs, idle = [], []
            for _ in range(3):
                fall_due(now)
                told, ms = swept(place, now)
                assert told == DUE, told
                runs.append(ms)
                idle.append(swept(place, now)[1])
            took[size] = min(runs)
            line(
                f"{name}: 1,000 due of {size:,} open",
                f"{took[size]:.0f} ms",
                f"goal: {LIMIT_MS:.0f} ms",
                f"{took[size] / LIMIT_MS:.2f}",
            )
            line(
                f"{name}: nothing due of {size:,} open",
                f"{min(idle):.1f} ms",
                "the sweep above",
                f"{min(idle) / took[size]:.3f}",
            )
        few, many = took[FEW], took[count]
        line(
            f"{name}: many open beside few",
            f"{many:.0f} ms",
            f"few: {few:.0f} ms; goal: flat",
            f"{many / few:.2f}",
        )


def late(url: str) -> None:
    """Breaches over some seconds, told by two workers that run already; when another process could read each."""
    with house.empty(url):
        from leitai.apps.casework.actions import open_case
        from leitai.apps.casework.models import Clock

        now = datetime.now(UTC)
        place, unit = place_and_unit(now)
        open_case(place=place, kind="question", unit=unit, title="Lamp", by="bench", now=now)
        grow(BREACHES)
        first, *others = Clock.objects.order_by("id")
        command = [str(Path(sys.executable).parent / "leitai"), "worker"]
        workers = [
            subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(2)
        ]
        try:
            time.sleep(5)
            Clock.objects.filter(pk=first.pk).update(due_at=now, next_at=now)
            seen = read_breaches({}, 1, 60)
            begin, chance = datetime.now(UTC) + timedelta(seconds=5), random.Random(7)
            for clock in others:
                at = begin + timedelta(seconds=chance.uniform(0, OVER))
                Clock.objects.filter(pk=clock.pk).update(due_at=at, next_at=at)
            assert datetime.now(UTC) < begin, "this machine is too busy to begin in time"
            told = sorted(read_breaches(seen, BREACHES, OVER + 30).values())
        finally:
            for one in workers:
                one.terminate()
                with suppress(subprocess.TimeoutExpired):
                    one.wait(10)
        for share in (0.5, 0.99):
            value = told[round(share * (len(told) - 1))]
            line(
                f"PostgreSQL, two workers: lateness, p{share * 100:.0f}",
                f"{value:.2f} s",
                f"goal of p99: {LATE_S:.0f} s",
                f"{value / LATE_S:.2f}",
            )


def read_breaches(seen: dict[int, float], count: int, patience: float) -> dict[int, float]:
    """So many breaches that are not in `seen`: by the event's id, how many seconds after its instant it was there."""
    from leitai.apps.ledger.models import Event

    found: dict[int, float] = {}
    until = perf_counter() + patience
    while len(found) < count and perf_counter() < until:
        for pk, at in Event.objects.filter(kind="clock.breached").values_list("pk", "at"):
            if pk not in seen and pk not in found:
                found[pk] = (datetime.now(UTC) - at).total_seconds()
        time.sleep(0.01)
    assert len(found) == count, f"{len(found)} of {count} were told once"
    return found


def main(arguments: list[str]) -> None:
    """All parts, each database in a process of its own; or the one that is named."""
    part = arguments[0] if arguments else ""
    if part == "arithmetic":
        arithmetic()
    elif part == "sweep":
        sweep("PostgreSQL" if len(arguments) > 2 else "SQLite", "".join(arguments[2:]), int(arguments[1]))
    elif part == "late":
        late(arguments[1])
    else:
        from bench import ledger

        count = int(part or 1_000_000)
        again = [sys.executable, "-m", "bench.casework"]
        subprocess.run([*again, "arithmetic"], check=True)
        print(f"load of this machine: {os.getloadavg()[0]:.1f}")
        head()
        subprocess.run([*again, "sweep", str(count)], check=True)
        for more in (["late"], ["sweep", str(count)]):
            with ledger.postgres() as url:
                ledger._create(url)
                subprocess.run([*again, *more, url], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
