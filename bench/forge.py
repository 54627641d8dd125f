"""A long ledger, made quickly and honestly, and hands that alter, remove and reorder what is in it.

Every row is an event whose bytes and links the core makes, and stands in the table as the sealer would have
left it; only the road through a million transactions is spared.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from leitai.rules import ledger as core

START = datetime(2024, 1, 1, tzinfo=UTC)
COLUMNS = "place_id, seq, link, kind, at, noted_at, by, subject, cause, data"


def fill(place: Any, count: int) -> None:
    """Give a place without events so many sealed ones. Needs Django and a database; one transaction."""
    from django.db import connection, transaction

    from leitai.apps.ledger.models import Chain, Event

    head = core.genesis(place.key)
    with transaction.atomic(), connection.cursor() as cursor:
        ends: list[bytes] = []
        marks = ", ".join(["%s"] * 10)
        name = connection.ops.quote_name
        columns = ", ".join(name(column) for column in COLUMNS.split(", "))
        insert = f"INSERT INTO {Event._meta.db_table} ({columns}) VALUES ({marks})"  # noqa: S608
        cursor.executemany(insert, _rows(place, count, head.link, ends))
        Chain.objects.create(place=place, size=count, link=ends[-1].hex())


def _rows(place: Any, count: int, link: bytes, ends: list[bytes]) -> Iterator[tuple[Any, ...]]:
    for number in range(1, count + 1):
        at = START + timedelta(seconds=7 * number)
        data = {
            "ballot.bad": number % 9 == 0,
            "ballot.channel": "standing",
            "ballot.grade": "dissatisfied" if number % 9 == 0 else "satisfied",
            "unit.key": f"window-{number % 300}",
            "unit.kind": "window",
        }
        subject = f"ballot:{number}"
        body = core.Event(place.key, "ballot.cast", at, "anyone", subject, data, None, at).body()
        link = core.link(link, body)
        text = core.canonical(data).decode()
        when = at.replace(tzinfo=None)  # as both databases take a UTC instant in plain SQL
        yield place.pk, number, link.hex(), "ballot.cast", when, when, "anyone", subject, "", text
    ends.append(link)


def tamper(place: Any, count: int) -> dict[str, tuple[int, ...]]:
    """Alter one event, remove one, exchange two; what was done, by the code that must be found, with the numbers."""
    from leitai.apps.ledger.models import Event

    rows = Event.objects.filter(place=place)
    altered, removed, first, second = (count * part // 10 for part in (2, 4, 6, 8))
    bad = rows.get(seq=altered)
    rows.filter(seq=altered).update(data=bad.data.replace("satisfied", "satisfied ", 1))
    rows.filter(seq=removed).delete()
    rows.filter(seq=first).update(seq=count + 1)
    rows.filter(seq=second).update(seq=first)
    rows.filter(seq=count + 1).update(seq=second)
    return {"altered": (altered,), "removed": (removed,), "reordered": (first, second)}
