"""The median time the server takes for each main page of a demonstration, beside the goal of 50 ms.

    python -m bench pages [PLACE]              (default: linqu)
    python -m bench pages crowd [VERDICTS]     (default: a million, at 3,200 points; the goal is 100 ms)
    python -m bench pages wide                 (tables of 3,200 units, first and later reads; the goal is 200 ms)

Twenty requests of a page by Django's own client, in process, after two that warm it up: no network, no browser.
The demonstration, or what `leitai ballots demo-load` makes, is built anew in a temporary folder; where
LEITAI_BENCH_VAR names a folder with a database in which the place is, that is read instead, and only its sessions
are written to.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

from bench import wide
from bench.lines import head, line, span

ROOT = Path(__file__).resolve().parents[1]
GOAL, CROWDED, WIDE, TIMES = 0.050, 0.100, 0.200, 20
POINTS, DAYS = 3200, 365


@contextmanager
def house() -> Iterator[None]:
    """Django on a database of one's own: a copy of what LEITAI_BENCH_VAR has, or an empty one."""
    with tempfile.TemporaryDirectory(prefix="leitai-bench-") as name:
        kept = os.environ.get("LEITAI_BENCH_VAR")
        if kept:
            shutil.copytree(kept, name, dirs_exist_ok=True)
        os.environ |= {
            "LEITAI_VAR": name,
            "LEITAI_DATABASE_URL": f"sqlite:///{name}/leitai.sqlite3",
            "DJANGO_SETTINGS_MODULE": "leitai.config.settings",
        }
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", interactive=False, verbosity=0)
        yield


def demonstration(key: str) -> Any:
    """The place, built from its folder unless it is there."""
    from django.utils import timezone

    from leitai.apps.people import queries as people
    from leitai.demo.build import build

    if not any(one.key == key for one in people.places()):
        build(ROOT / "regimes" / key, records=None, clock=timezone.now, tell=lambda _: None)
    return people.place(key)


def crowded(ballots: int) -> Any:
    """A sample place with so many verdicts, loaded unless it is there; says how fast that went."""
    from django.utils import timezone

    from leitai.apps.people import queries as people
    from leitai.demo import crowd

    if not any(one.key == "sample" for one in people.places()):
        size = crowd.Crowd(POINTS, ballots, DAYS, seed=1)
        before = perf_counter()
        place = crowd.put_sample("sample", size, timezone.now())
        crowd.accounts(place, timezone.now())
        crowd.load(place, size, timezone.now(), lambda _: None)
        line("verdicts loaded", f"{ballots / (perf_counter() - before):,.0f} a second", "", "")
    return people.place("sample")


def crowd_addresses(place: Any) -> Iterator[tuple[str, str, str]]:
    """As `addresses`, of the pages that a million verdicts could make slow; the unit is the busiest."""
    from django.db.models import Sum
    from django.urls import reverse

    from leitai.apps.ballots.models import Tally

    busiest = (
        Tally.objects.filter(place=place).values_list("unit__key").annotate(n=Sum("n")).order_by("-n")[0][0]
    )
    yield "board", "", reverse("web:board", args=[place.key])
    yield "units", "", reverse("web:units", args=[place.key])
    yield "unit", "", reverse("web:unit", args=[place.key, busiest])
    yield "weekly ten", "", reverse("ballots:week", args=[place.key])
    yield "weekly ten by the wall", "", reverse("ballots:week", args=[place.key]) + "?by=wall"
    yield "unit looked into", "office", reverse("web:unit_verdicts", args=[place.key, busiest])
    yield "codes to visit", "office", reverse("ballots:silent", args=[place.key])


def addresses(place: Any) -> Iterator[tuple[str, str, str]]:
    """(what it is, the role that opens it or "", address) of the main pages, of rows that the place has."""
    from django.urls import reverse

    from leitai.apps.ballots import queries as ballots
    from leitai.apps.ballots.models import Ballot
    from leitai.apps.casework.models import Case
    from leitai.apps.merits.models import Proposal
    from leitai.apps.tables import queries as tables
    from leitai.apps.tables.models import Standing

    def at(name: str, *more: Any) -> str:
        return reverse(name, args=[place.key, *more])

    newest = max(tables.tables(place), key=lambda row: row.standings.count())
    unit = Standing.objects.filter(table=newest, rank__isnull=False).select_related("unit")[0].unit
    case = Case.objects.filter(place=place, closed_at__isnull=True).order_by("-opened_at")[0]
    yield "board", "", at("web:board")
    yield "units", "", at("web:units")
    yield "unit", "", at("web:unit", unit.key)
    yield "tables", "", at("tables:index")
    yield "table", "", at("tables:table", newest.pk)
    yield "why a rank", "", at("tables:why", newest.pk, unit.key)
    yield "calendar", "", at("occasions:calendar")
    yield "rules", "", at("regimes:rules")
    yield "log", "", at("web:log")
    yield "log, its newest events recomputed", "", at("web:log") + "?verify=1"
    yield "desk", "clerk", at("casework:desk")
    yield "report", "clerk", at("measures:report")
    yield "office", "office", at("casework:office")
    yield "case", "office", at("casework:case", case.ref)
    yield "verdicts to verify", "office", at("ballots:queue")
    yield "readings", "office", at("measures:readings")
    yield "consequences", "leader", at("merits:list")
    proposal = Proposal.objects.filter(place=place).first()
    if proposal is not None:
        yield "consequence", "leader", at("merits:one", proposal.pk)
    points = ballots.points(place)
    if points:
        yield "verdict", "", reverse("citizen:verdict", args=[ballots.code_of(points[0])])
    ballot = Ballot.objects.filter(place=place, receipt__isnull=False).first()
    if ballot is not None:
        yield "receipt", "", reverse("citizen:receipt", args=[ballot.receipt])


def times(client: Any, address: str) -> list[float]:
    """Seconds of each of the counted requests."""
    found = []
    for _ in range(2 + TIMES):
        before = perf_counter()
        response = client.get(address)
        found.append(perf_counter() - before)
        assert response.status_code == 200, (address, response.status_code)
    return found[2:]


def measured(place: Any, pages: Iterator[tuple[str, str, str]], goal: float) -> None:
    """A line for each page, and how many are over the goal."""
    from django.test import Client

    from leitai.apps.people.models import Post

    clients: dict[str, Any] = {"": Client()}
    for role in ("clerk", "office", "leader"):
        clients[role] = Client()
        post = Post.objects.filter(place=place, role=role).first()
        if post is not None:
            clients[role].force_login(post.account)
    over = 0
    for name, role, address in pages:
        median = statistics.median(times(clients[role], address))
        over += median > goal
        span(f"{place.key}: {name}", median, "goal", goal)
    line(f"{place.key}: pages over the goal", str(over), "", "")


def wide_addresses(tables: list[Any]) -> Iterator[tuple[str, str]]:
    """(what it is, address) of the pages of the newest of some tables."""
    key, pk = tables[-1].place.key, tables[-1].pk
    yield "table", f"/{key}/t/{pk}"
    yield "table, its last page", f"/{key}/t/{pk}?page=32"
    yield "table, a unit sought", f"/{key}/t/{pk}?q=31"
    yield "units by measures", f"/{key}/t/{pk}/heat"
    yield "sorted by a measure", f"/{key}/t/{pk}/heat?by=m1"
    yield "why a rank", f"/{key}/t/{pk}/u/u0007"
    yield "what really changed", f"/{key}/t/{pk}/changes"
    yield "funnel", f"/{key}/t/{pk}/funnel?by=m1"
    yield "side by side", f"/{key}/compare?u=u0007&u=u0008"


def first_reads(tables: list[Any]) -> None:
    """What a page takes the first time in a process, and then: each in a process that has served another table."""
    from django.db import connections
    from django.test import Client

    client = Client()
    for _what, address in wide_addresses(tables[:1]):
        if "/changes" not in address:
            assert client.get(address).status_code == 200, address
    for what, address in wide_addresses(tables):
        connections.close_all()
        sys.stdout.flush()
        child = os.fork()
        if not child:
            found = []
            for _ in range(1 + TIMES):
                before = perf_counter()
                assert client.get(address).status_code == 200, address
                found.append(perf_counter() - before)
            span(f"{what}: first read", found[0], "goal", WIDE)
            span("  later reads", statistics.median(found[1:]), "goal", WIDE)
            sys.stdout.flush()
            os._exit(0)
        os.waitpid(child, 0)


def main(what: str, ballots: int) -> None:
    with house():
        head()
        if what == "wide":
            first_reads(wide.build()[1])
        elif what == "crowd":
            place = crowded(ballots)
            measured(place, crowd_addresses(place), CROWDED)
        else:
            place = demonstration(what)
            measured(place, addresses(place), GOAL)


if __name__ == "__main__":
    words = sys.argv[1:]
    main(words[0] if words else "linqu", int(words[1]) if len(words) > 1 else 1_000_000)
