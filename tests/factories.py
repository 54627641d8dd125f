"""A small place for tests, built through the real actions from the rule-book and the list in tests/apps/town.

Every test says what time it is: `NOW` is ten in the morning of a Wednesday in Shanghai, and nothing here reads
a clock. `town()` and `vale()` are two places with the same units and rules under different keys, so that a test
can see that neither shows in the other.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent / "apps" / "town"
NOW = datetime(2024, 4, 10, 2, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BY = "account:tester"
BUREAUS = ("water", "roads", "tax")
DISTRICTS = ("north", "south", "harbour")


@dataclass
class Town:
    """A place with its units by key, a point at two of them, a firm with its secret link, and someone in each role."""

    place: Any
    units: dict[str, Any]
    posts: dict[str, Any]
    points: dict[str, Any]
    firm: Any
    secret: str
    casts: int = field(default=0)

    def viewer(self, role: str) -> Any:
        """Someone looking at the place: "office", "leader", … or "clerk" of the water bureau."""
        from leitai.apps.people.access import viewer_of

        return viewer_of(self.posts[role].account, self.place)

    def case(
        self, kind: str, unit: str | None = "water", *, at: datetime = NOW, title: str = "A leak", **more: Any
    ) -> Any:
        """A case of a kind at a unit, opened at `at`."""
        from leitai.apps.casework import actions

        row = self.units[unit] if unit else None
        return actions.open_case(
            place=self.place, kind=kind, unit=row, title=title, by=BY, now=more.pop("now", at), at=at, **more
        )

    def move(self, case: Any, move: str, role: str, at: datetime = NOW, **form: str) -> Any:
        """A move of a case with its form, by somebody of the role."""
        from leitai.apps.casework import actions

        return actions.move_case(case=case, move=move, role=role, form=form, by=f"account:{role}", now=at)

    def verdict(
        self, unit: str = "tax-window", grade: str = "dissatisfied", *, once: str = "", at: datetime = NOW
    ) -> Any:
        """A verdict on a unit, with a key of its own unless one is given."""
        from leitai.apps.ballots import actions

        self.casts += 1
        key = once or f"{self.place.key}-verdict-{self.casts:06d}"
        point = self.points.get(unit)
        return actions.cast(unit=self.units[unit], grade=grade, once=key, point=point, by="anyone", now=at)

    def called(self, ballot: Any, outcome: str, reason: str = "", *, at: datetime = NOW) -> Any:
        """A verdict with what the caller found whom the drive drew for it; what follows is left to the drive."""
        from leitai.apps.ballots import actions, queries

        if queries.call_of(ballot) is None:
            self.drive(at)
        by = f"account:{queries.call_of(ballot).caller.username}"
        return actions.finish_call(ballot=ballot, outcome=outcome, reason=reason, by=by, now=at)

    def decided(
        self, ballot: Any, granted: bool, reason: str = "So the records say", *, at: datetime = NOW
    ) -> Any:
        """A verdict after a reviewer, the first who may, has decided what was asked; what follows is the drive's."""
        from leitai.apps.ballots import actions
        from leitai.apps.ballots.queries import verification

        review = next(one for one in verification.reviews_of(ballot) if one.granted is None)
        names = [f"account:{self.posts[role].account.username}" for role in ("leader", "inspector", "office")]
        by = next(name for name in names if verification.check_reviewer(review, name) is None)
        return actions.decide(review=review, granted=granted, reason=reason, rule="rule 7", by=by, now=at)

    def found(
        self, ballot: Any, upheld: bool = True, reason: str = "Told on the telephone", at: datetime = NOW
    ) -> Any:
        """A bad verdict that was called back: found true, or doubted and set aside by a reviewer."""
        if upheld:
            return self.called(ballot, "upheld", reason, at=at)
        self.called(ballot, "not-upheld", reason, at=at)
        return self.decided(ballot, True, reason, at=at)

    def report(self, unit: str, period: str, value: int | str, target: int = 10, at: datetime = NOW) -> Any:
        """A figure of the measure `funds`."""
        from leitai.apps.measures import actions
        from leitai.rules.kernel import Period

        return actions.report(
            unit=self.units[unit],
            measure="funds",
            period=Period.parse(period),
            value=Decimal(value),
            target=Decimal(target),
            by=BY,
            now=at,
        )

    def reports(self, period: str, values: Mapping[str, int], at: datetime = NOW) -> None:
        """Figures of several units."""
        for unit, value in values.items():
            self.report(unit, period, value, at=at)

    def table(
        self, arena: str, period: str, *, published: bool = True, why: str = "", at: datetime = NOW
    ) -> Any:
        """An arena's table, frozen by one and published by another."""
        from leitai.apps.tables import actions
        from leitai.rules.kernel import Period

        row = actions.freeze(
            place=self.place, arena=arena, period=Period.parse(period), why=why, by="account:office", now=at
        )
        return actions.publish(table=row, by="account:leader", now=at) if published else row

    def drive(self, at: datetime = NOW) -> Any:
        """The drive, until it has nothing left to do at `at`."""
        from leitai.drive.engine import run_until_idle

        return run_until_idle(self.place, now=at)

    def kinds(self) -> list[str]:
        """The kinds of the place's events, in the order in which they were written."""
        from leitai.apps.ledger.models import Event

        return list(Event.objects.filter(place=self.place).order_by("id").values_list("kind", flat=True))


def text(key: str = "town") -> str:
    """The rule-book's text, under another key."""
    return (FOLDER / "regime.yaml").read_text(encoding="utf-8").replace("key: town,", f"key: {key},")


def build(key: str = "town", now: datetime = NOW, regime: str = "") -> Town:
    """The place under a key, with all that belongs to it, at an instant."""
    from leitai.apps.ballots import actions as ballots
    from leitai.apps.people import actions as people
    from leitai.apps.people.queries import units
    from leitai.apps.regimes import actions as regimes
    from leitai.rules.regime.units import read_units

    place = people.add_place(
        key=key, name_zh="镇", name_en=key.title(), timezone="Asia/Shanghai", language="en", by=BY, now=now
    )
    listed, faults = read_units((FOLDER / "units.csv").read_text(encoding="utf-8"))
    assert not faults
    drafts = [
        people.UnitDraft(one.key, one.name.zh, one.name.en, one.parent, one.kind, tuple(sorted(one.tags)))
        for one in listed.values()
    ]
    people.put_units(place=place, drafts=drafts, by=BY, now=now)
    regimes.load(place=place, text=regime or text(key), units=listed, by=BY, now=now)
    found = {row.key: row for row in units(place)}
    posts = {
        role: people.appoint(
            place=place,
            username=f"{role}-{key}",
            role=role,
            unit=found["water"] if role == "clerk" else None,
            password="pass the long way",
            by=BY,
            now=now,
        )
        for role in ("clerk", "office", "patrol", "leader", "inspector", "administrator")
    }
    coded = [row for row in found.values() if "coded" in row.tags]
    points = {row.unit.key: row for row in ballots.add_points(place=place, units=coded, by=BY, now=now)}
    secret = f"the-firm's-own-link-{key}"
    firm = people.add_enterprise(
        place=place,
        key="firm",
        name_zh="企业",
        name_en="Firm",
        secret=secret,
        liaison=found["water"],
        sponsor=posts["leader"].account,
        by=BY,
        now=now,
    )
    return Town(place, found, posts, points, firm, secret)


@contextmanager
def refused(code: str) -> Iterator[None]:
    """What is inside is refused with this code, and nothing is written: no row, no event."""
    from leitai.apps.ledger.errors import Refused
    from leitai.apps.ledger.models import Event

    before = Event.objects.count()
    with pytest.raises(Refused) as told:
        yield
    assert told.value.finding.code == code
    assert str(told.value), "a refusal says why"
    assert Event.objects.count() == before


@contextmanager
def database_refuses(model: Any, constraint: str) -> Iterator[None]:
    """The database itself refuses what is inside, naming the constraint (SQLite names a unique one by its columns)."""
    from django.db import IntegrityError, connection, transaction
    from django.db.models import UniqueConstraint

    with pytest.raises(IntegrityError) as fault, transaction.atomic():
        yield
    told = str(fault.value)
    (found,) = (one for one in model._meta.constraints if one.name == constraint)
    if isinstance(found, UniqueConstraint) and connection.vendor == "sqlite":
        table = model._meta.db_table
        columns = [f"{table}.{model._meta.get_field(name).column}" for name in found.fields]
        assert told == f"UNIQUE constraint failed: {', '.join(columns)}" or constraint in told
    else:
        assert constraint in told


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Runs functions in threads with connections of their own, none before all have begun; what they answered.

    Raises what the first one that failed raised. The rows must be committed: `django_db(transaction=True)`.
    """
    from django.db import connection

    start = threading.Barrier(len(works))

    def alone(work: Callable[[], Any]) -> Any:
        try:
            start.wait(10)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result(60) for future in [pool.submit(alone, work) for work in works]]
