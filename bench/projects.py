"""What the server takes for pages of 10,000 projects, and for working out their lights, beside the goal of 200 ms.

    python -m bench projects [PROJECTS]

The median and the slowest of twelve requests by Django's own client, in process, after two that warm it up; on
SQLite and on PostgreSQL, each in a process of its own. Forty thousand milestones, twenty thousand sums and ten
thousand tasks of weeks are there too.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from bench import house
from bench.lines import head, line, span

ROOT = Path(__file__).resolve().parents[1]
GOAL, TIMES = 0.200, 12
BY = "bench"
STAGES = ("talks", "signed", "landed", "building", "producing")
MARKS = (("landed", -200), ("building", -60), ("producing", 60), ("at-capacity", 300))


def fill(place: Any, count: int, now: Any) -> None:
    """The rows, written past the actions; the lights are left to the action that works them out."""
    from leitai.apps.people import queries as people
    from leitai.apps.projects.models import Amount, Membership, Milestone, Project, Task
    from leitai.rules.kernel import Period

    chance, today = Random("projects"), now.astimezone(place.zone).date()
    units = list(people.units(place))
    week = Period.containing("week", today).key
    Project.objects.bulk_create(
        (
            Project(
                place=place,
                code=f"P{n:06d}",
                name=f"样例项目 {n}",
                kind=chance.choice(("two-recruits", "renovation", "key-project")),
                level=chance.choice(("county", "city", "province")),
                unit=chance.choice(units),
                where="开发区",
                longitude=118.5 + chance.gauss(0, 0.1),
                latitude=36.4 + chance.gauss(0, 0.1),
                planned=Decimal(chance.randrange(1000, 90_000) * 10_000),
                stage=chance.choice(STAGES),
                stage_since=today - timedelta(days=chance.randrange(300)),
                turns_on=today,
                added_at=now,
            )
            for n in range(count)
        ),
        batch_size=2000,
    )
    rows = list(Project.objects.filter(place=place).order_by("pk"))
    Milestone.objects.bulk_create(
        (
            Milestone(
                project=row,
                key=key,
                name=key,
                plan=(plan := today + timedelta(days=days + chance.randrange(-50, 90))),
                set_on=today - timedelta(days=400),
                fact=plan if plan < today and chance.random() < 0.9 else None,
                evidence="photo",
                outdoors=key == "producing",
            )
            for row in rows
            for key, days in MARKS
        ),
        batch_size=5000,
    )
    library = ("expand-100", "empower-1000", "specialised", "chain-links")
    Membership.objects.bulk_create(
        (Membership(project=row, library=chance.choice(library), since=today) for row in rows),
        batch_size=5000,
    )
    Amount.objects.bulk_create(
        (
            Amount(project=row, what=what, yuan=row.planned / 2, on=today - timedelta(days=n), by=BY, at=now)
            for row in rows
            for n, what in enumerate(("arrived", "invested"))
        ),
        batch_size=5000,
    )
    Task.objects.bulk_create(
        (Task(project=row, week=week, text="浇筑", by=BY, at=now) for row in rows), batch_size=5000
    )


def measure(name: str, url: str, count: int) -> None:
    """The lines of one database."""
    with house.empty(url):
        from django.db import connection
        from django.test import Client
        from django.utils import timezone

        from leitai.apps.people import actions as people
        from leitai.apps.projects import actions
        from leitai.bulk.folder import put_place

        now = timezone.now()
        place = put_place(ROOT / "regimes/linqu", by=BY, clock=now)
        post = people.appoint(
            place=place,
            username="bench",
            role="office",
            unit=None,
            password="pass the long way",
            by=BY,
            now=now,
        )
        fill(place, count, now)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        before = perf_counter()
        while actions.judge(place=place, by=BY, now=now):
            pass
        line(f"{name}: {count:,} lights worked out", f"{perf_counter() - before:.2f} s", "once a day", "")
        client = Client()
        client.force_login(post.account)
        pages = {
            "list": "projects",
            "list, page 150": "projects?page=150",
            "red ones": "projects?light=red",
            "of a unit": "projects?unit=industry",
            "of a library and stage": "projects?library=expand-100&stage=building",
            "by a text": "projects?q=9999",
            "points of the map": "projects/map",
            "red points": "projects/map?light=red",
            "one": "projects/P000007",
            "review of the week": "projects/review",
            "review of the quarter, red ones": "projects/review?light=red&period="
            f"{now.year}-Q{(now.month + 2) // 3}",
        }
        for what, address in pages.items():
            found = []
            for _ in range(2 + TIMES):
                start = perf_counter()
                answer = client.get(f"/{place.key}/{address}")
                found.append(perf_counter() - start)
                assert answer.status_code == 200, address
            span(
                f"{name}: {what}",
                statistics.median(found[2:]),
                f"slowest {max(found[2:]) * 1000:.0f} ms; goal",
                GOAL,
            )


def main(count: int) -> None:
    """Both databases."""
    from contextlib import ExitStack

    from bench import ledger

    head()
    run = [sys.executable, "-m", "bench.projects", "--database"]
    subprocess.run([*run, "SQLite", "", str(count)], check=True)
    with ExitStack() as stack:
        try:
            url = stack.enter_context(ledger.postgres())
        except (ImportError, RuntimeError) as fault:
            line("PostgreSQL", "none here", str(fault)[:40], "")
            return
        ledger._create(url)
        subprocess.run([*run, "PostgreSQL", url, str(count)], check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--database"]:
        measure(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
