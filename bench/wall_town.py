"""A place for the bench of the wall: projects of every light, cases of which some are overdue, a few verdicts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from bench import house

ROOT = Path(__file__).resolve().parent.parent
CASES, OVERDUE = 200, 80
LIGHTS = ("green",) * 11 + ("yellow",) * 4 + ("red",) * 2 + ("done",) * 2 + ("none",)
CENTRE, SPREAD = (118.55, 36.42), 0.16
BY = "bench"


def fill(place: Any, projects: int, now: datetime) -> None:
    """Projects of every light around the middle of the place, cases of which some are overdue, a few verdicts."""
    from leitai.apps.ballots import actions as ballots
    from leitai.apps.casework import actions as cases
    from leitai.apps.people import queries as people
    from leitai.apps.projects.models import Project

    chance, today = Random("wall"), now.astimezone(place.zone).date()
    units = list(people.units(place))
    rows = []
    for n in range(projects):
        light = chance.choice(LIGHTS)
        placed = chance.random() > 0.03
        rows.append(
            Project(
                place=place,
                code=f"W{n:05}",
                name=f"样例项目 {n}",
                unit=chance.choice(units),
                stage="building",
                stage_since=today - timedelta(days=chance.randrange(400)),
                light=light,
                slip={"red": chance.randrange(31, 200), "yellow": chance.randrange(7, 30)}.get(light, 0),
                judged_on=today,
                turns_on=None if light == "done" else today + timedelta(days=chance.randrange(1, 60)),
                next_on=None
                if light == "done"
                else today + timedelta(days=chance.randrange(-5 if light == "red" else 1, 200)),
                planned=Decimal(int(10 ** chance.uniform(7, 9.6))),
                longitude=chance.gauss(CENTRE[0], SPREAD) if placed else None,
                latitude=chance.gauss(CENTRE[1], SPREAD) if placed else None,
                added_at=now,
            )
        )
    Project.objects.bulk_create(rows, batch_size=2000)
    for n in range(CASES):
        at = now - timedelta(days=60 if n < OVERDUE else 0, minutes=n)
        case = cases.open_case(
            place=place, kind="community-problem", unit=None, title=f"样例问题 {n}", by=BY, now=at, at=at
        )
        form = {"unit": chance.choice(units).key}
        cases.move_case(case=case, move="dispatch", role="office", form=form, by=BY, now=at)
    for n in range(30):
        ballots.cast(unit=chance.choice(units), grade="satisfied", once=f"bench-{n:020}", by=BY, now=now)


@contextmanager
def town(projects: int, postgres: bool) -> Iterator[tuple[Any, Path]]:
    """A place with so many projects, and the folder of its house."""
    with _database(postgres) as url, house.empty(url) as var:
        from django.utils import timezone

        from leitai.apps.ledger import sealing
        from leitai.apps.people import actions
        from leitai.bulk.folder import put_place

        clock = timezone.now()
        place = put_place(ROOT / "regimes/linqu", by=BY, clock=clock)
        actions.appoint(
            place=place, username="leader", role="leader", password="a long way to go", by=BY, now=clock
        )
        fill(place, projects, clock)
        while sealing.seal(place):
            pass
        yield place, var


@contextmanager
def _database(postgres: bool) -> Iterator[str]:
    if not postgres:
        yield ""
        return
    from tests.postgres import server

    with server() as url:
        # The server's own database is given; one of ours beside it.
        import psycopg

        with psycopg.connect(url, dbname="postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE leitai")
        yield url
