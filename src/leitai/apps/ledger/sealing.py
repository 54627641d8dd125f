"""Giving out numbers: committed events get their place in the order, their link and their leaf in the tree.

Ids are handed out before commit, so whoever reads by id can skip a row that commits late. Only what is
committed is numbered, in small batches, by one sealer at a time; a number once given never changes.
Measured in bench/ledger.py; why so: docs/adr/0003.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from leitai.rules import ledger as core

from .models import Chain, Event, Head

BATCH = 2000


def body(place_key: str, row: Event) -> bytes:
    """The canonical bytes of an event, which the chain and the tree are made of."""
    return core.Event(
        place=place_key,
        kind=row.kind,
        at=row.at,
        by=row.by,
        subject=row.subject,
        data=json.loads(row.data),
        cause=row.cause or None,
        noted_at=row.noted_at,
    ).body()


def seal(place: Any, *, batch: int = BATCH) -> int:
    """Number, link and add to the tree up to `batch` committed events. Returns how many; 0 when none wait.

    One sealer at a time per place, by the lock on its chain row; events keep the order in which the sealer
    first sees them, which is never changed. Numbering is no act of the drive and leaves no event itself.
    """
    with transaction.atomic():
        Chain.objects.get_or_create(place=place, defaults={"link": core.genesis(place.key).link.hex()})
        chain = Chain.objects.select_for_update().get(place=place)
        waiting = list(Event.objects.filter(place=place, seq__isnull=True).order_by("id")[:batch])
        if not waiting:
            return 0
        frontier = core.Frontier.from_bytes(bytes(chain.frontier)) if chain.frontier else core.Frontier()
        link = bytes.fromhex(chain.link)
        for seq, row in enumerate(waiting, chain.size + 1):
            text = body(place.key, row)
            link = core.link(link, text)
            frontier = frontier.append(core.leaf_hash(text))
            row.seq, row.link = seq, link.hex()
        _number(waiting)
        chain.size += len(waiting)
        chain.link = link.hex()
        chain.frontier = frontier.to_bytes()
        chain.save()
        return len(waiting)


def _number(rows: list[Event]) -> None:
    """Write numbers and links; one statement for many rows where the database can."""
    table = Event._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"UPDATE {table} e SET seq = v.seq, link = v.link "  # noqa: S608
                "FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS v(id, seq, link) WHERE e.id = v.id",
                [[r.pk for r in rows], [r.seq for r in rows], [r.link for r in rows]],
            )
        else:
            cursor.executemany(
                f"UPDATE {table} SET seq = %s, link = %s WHERE id = %s",  # noqa: S608
                [(r.seq, r.link, r.pk) for r in rows],
            )


def publish_head(place: Any, *, now: datetime) -> Head | None:
    """Keep the tree's root as it stands, for others to copy. None while nothing is sealed."""
    with transaction.atomic():
        chain = Chain.objects.select_for_update().filter(place=place).first()
        if chain is None or not chain.size:
            return None
        root = core.Frontier.from_bytes(bytes(chain.frontier)).root().hex()
        head, _ = Head.objects.get_or_create(
            place=place, size=chain.size, defaults={"root": root, "link": chain.link, "at": now}
        )
        return head
