"""The wall: what it costs the server, when it is there, how soon it changes, and what eight hours do to it.

    python -m bench wall                    the pages with 10,000 projects, first paint, eight hours (960 updates)
    python -m bench wall pages              only the server's time, beside 200 ms
    python -m bench wall hours 200          so many updates of half a minute each, in a real Chromium, with real servers
    python -m bench wall pages --postgres   on PostgreSQL

Eight hours pass in minutes: the browser's clock is put forward, and the place's present with it, half a minute each.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

from bench.lines import head, line, span
from bench.wall_town import town

PROJECTS = 10_000
GOAL, TIMES = 0.2, 15
STEPS = 960  # eight hours in halves of a minute


def pages(projects: int, postgres: bool) -> None:
    """The server's time for the wall and each of its tiles."""
    from django.test import Client

    with town(projects, postgres) as (place, _var):
        from leitai.apps.people.models import Account
        from leitai.web.wall import tiles

        client = Client()
        client.force_login(Account.objects.get(username="leader"))
        base = f"/{place.key}/wall"
        where = "PostgreSQL" if postgres else "SQLite"
        addresses = [
            ("the whole wall", base),
            *((f"  tile {key}", f"{base}/tile/{key}") for key in tiles.KEYS),
        ]
        for what, address in [*addresses, ("  pulse", f"{base}/pulse?after=0")]:
            found = []
            for _ in range(2 + TIMES):
                before = time.perf_counter()
                answer = client.get(address)
                found.append(time.perf_counter() - before)
                assert answer.status_code == 200, address
            span(f"{where}, {projects:,} projects: {what}", statistics.median(found[2:]), "goal", GOAL)
        line("  bytes of the whole wall", f"{len(client.get(base).content):,}", "", "")


def main(words: list[str]) -> None:
    postgres = "--postgres" in words
    words = [one for one in words if not one.startswith("--")]
    what = words[0] if words else "all"
    steps = int(words[1]) if len(words) > 1 else STEPS
    head()
    if what in ("all", "pages"):
        for choice in (postgres,) if what == "pages" else (False, True):
            subprocess.run(
                [sys.executable, "-m", "bench.wall", "one", *(["--postgres"] * choice)], check=True
            )
    if what == "one":
        pages(PROJECTS, postgres)
    if what in ("all", "paint", "hours"):
        with town(1000, postgres) as (place, _var):
            from bench.wall_hours import hours, paint

            if what in ("all", "paint"):
                paint(place)
            if what in ("all", "hours"):
                hours(place, steps)


if __name__ == "__main__":
    main(sys.argv[1:])
