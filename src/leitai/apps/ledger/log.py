"""A place's log of verdicts: leaves are added in the transaction of what they stand for; proofs and signed heads.

Events get their number a moment later (see `sealing`), because every act of the house writes some. Verdicts
come by the thousand through one door, which writes many at once: so the log is locked once a batch and its
leaves are in the tree when the citizen is thanked. docs/adr/0015 says why there are two.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.db import connection, transaction

from leitai.rules import ledger as core
from leitai.rules.ledger import tiles

from .actions import ActionError
from .models import Chain, Checkpoint, Log, Tile

EVERY = timedelta(minutes=10)
_LOG, _TILE = Log._meta.db_table, Tile._meta.db_table


def lock(place: Any) -> Log:
    """The place's log, locked until the running transaction ends: whoever adds a leaf takes it first."""
    if not connection.in_atomic_block:
        raise ActionError("a leaf is added inside the transaction of what it stands for")
    for_update = " FOR UPDATE" if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT place_id, size, frontier FROM {_LOG} WHERE place_id = %s{for_update}",  # noqa: S608
            [place.pk],
        )
        found = cursor.fetchone()
    if found is not None:
        return Log.from_db(connection.alias, ("place_id", "size", "frontier"), found)
    empty = core.Frontier(algorithm=settings.LOG_HASH).to_bytes()
    Log.objects.get_or_create(place=place, defaults={"frontier": empty})
    return Log.objects.select_for_update().get(place=place)


def grow(log: Log, leaves: Sequence[bytes]) -> int:
    """Add leaves (their bytes) to a locked log; returns the index of the first. The row's size and frontier follow."""
    frontier = core.Frontier.from_bytes(bytes(log.frontier))
    algorithm, first = frontier.algorithm, log.size
    hashes = [core.leaf_hash(leaf, algorithm) for leaf in leaves]
    changed = tiles.grown(first, hashes, lambda level, number: _tile(log.pk, level, number), algorithm)
    log.frontier = frontier.extend(hashes).to_bytes()
    log.size += len(hashes)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {_TILE} (log_id, level, number, hashes) VALUES (%s, %s, %s, %s) "  # noqa: S608
            "ON CONFLICT (log_id, level, number) DO UPDATE SET hashes = excluded.hashes",
            [(log.pk, level, number, data) for (level, number), data in changed.items()],
        )
        cursor.execute(
            f"UPDATE {_LOG} SET size = %s, frontier = %s WHERE place_id = %s",  # noqa: S608
            [log.size, log.frontier, log.pk],
        )
    return first


def root(log: Log) -> bytes:
    """The root of the tree as the row says it stands."""
    return core.Frontier.from_bytes(bytes(log.frontier)).root()


def of(place: Any) -> Log | None:
    """The place's log, or None before its first leaf."""
    return Log.objects.filter(place=place).first()


def algorithm(log: Log) -> str:
    """The hash of a log."""
    return core.Frontier.from_bytes(bytes(log.frontier)).algorithm


def tile(place: Any, level: int, number: int) -> bytes:
    """A tile's hashes one after the other; empty where there is none."""
    return _tile(place.pk, level, number)


def _tile(log: int, level: int, number: int) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT hashes FROM {_TILE} WHERE log_id = %s AND level = %s AND number = %s",  # noqa: S608
            [log, level, number],
        )
        found = cursor.fetchone()
    return bytes(found[0]) if found is not None else b""


def inclusion(log: Log, index: int, size: int | None = None) -> tuple[bytes, ...]:
    """The proof that leaf `index` is in the tree of `size` leaves (default: as it stands). Raises IndexError."""
    return tiles.inclusion(index, size or log.size, _reader(log), algorithm(log))


def consistency(log: Log, first: int, size: int | None = None) -> tuple[bytes, ...]:
    """The proof that the tree of `size` leaves begins with that of `first`. Raises IndexError."""
    return tiles.consistency(first, size or log.size, _reader(log), algorithm(log))


def root_at(log: Log, size: int) -> bytes:
    """The root of the tree when it had `size` leaves, from the tiles."""
    return tiles.range_hash((0, size), _reader(log), algorithm(log))


def _reader(log: Log) -> tiles.Read:
    kept: dict[tuple[int, int], bytes] = {}

    def read(level: int, number: int) -> bytes:
        if (level, number) not in kept:
            kept[level, number] = _tile(log.pk, level, number)
        return kept[level, number]

    return read


# Signed heads


def origin(place_key: str) -> str:
    """The name of a place's log in its signed heads."""
    return f"{settings.LOG_NAME}/{place_key}/verdicts"


def public_key() -> str:
    """The key that heads are checked with, as base64 of its 32 bytes."""
    raw = _private().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return base64.b64encode(raw).decode()


def publish(place: Any, *, now: datetime, force: bool = False) -> Checkpoint | None:
    """Sign and keep the log's head; None while there is none, or where nothing was added since the last one.

    `force`: also where nothing was added, as at midnight.
    """
    with transaction.atomic():
        log = Log.objects.select_for_update().filter(place=place).first()
        if log is None:
            return None
        chain = Chain.objects.filter(place=place).first()
        ledger = None
        if chain is not None and chain.size:
            ledger = (chain.size, core.Frontier.from_bytes(bytes(chain.frontier)).root())
        last = Checkpoint.objects.filter(place=place).order_by("-at").first()
        if last is not None and (last.at >= now or (last.size == log.size and not force)):
            return None
        note = core.Note(origin(place.key), log.size, root(log), now, algorithm(log), ledger)
        return Checkpoint.objects.create(
            place=place, at=now, size=note.size, root=note.root.hex(), note=core.signed(note, sign(note))
        )


def due(place: Any, now: datetime) -> bool:
    """Whether it is time for the next signed head: ten minutes after the last one, and after each midnight."""
    last = Checkpoint.objects.filter(place=place).order_by("-at").values_list("at", flat=True).first()
    return last is None or now - last >= EVERY or passed_midnight(place, last, now)


def passed_midnight(place: Any, last: datetime, now: datetime) -> bool:
    """Whether a midnight of the place lies between two instants."""
    return last.astimezone(place.zone).date() < now.astimezone(place.zone).date()


def checkpoints(place: Any, limit: int = 20) -> list[Checkpoint]:
    """The newest signed heads first."""
    return list(Checkpoint.objects.filter(place=place).order_by("-at")[:limit])


def heads(place: Any) -> Iterator[tuple[int, str]]:
    """(size, root in hex) of every signed head."""
    yield from Checkpoint.objects.filter(place=place).values_list("size", "root").iterator(chunk_size=5000)


def head_over(place: Any, index: int, size: int | None = None) -> Checkpoint | None:
    """The newest signed head of a tree that holds leaf `index`; of a tree of just `size` leaves where it is given."""
    rows = Checkpoint.objects.filter(place=place, size__gt=index).order_by("-at")
    return (rows.filter(size=size) if size is not None else rows).first()


def sign(note: core.Note) -> core.Signature:
    """The house's signature under a note: Ed25519 (RFC 8032)."""
    key = _private()
    raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return core.Signature(settings.LOG_NAME, _key_id(settings.LOG_NAME, raw), key.sign(note.text().encode()))


def signature_holds(note: core.Note, signatures: Sequence[core.Signature], key: str) -> bool:
    """Whether one of the signatures under a note was made with the private half of `key` (base64 of 32 bytes)."""
    raw = base64.b64decode(key)
    known = Ed25519PublicKey.from_public_bytes(raw)
    for one in signatures:
        if one.key != _key_id(one.name, raw):
            continue
        try:
            known.verify(one.value, note.text().encode())
        except InvalidSignature:
            continue
        return True
    return False


def _private() -> Ed25519PrivateKey:
    seed = core.digest(b"leitai/log/1\n" + settings.LOG_KEY.encode())
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed))


def _key_id(name: str, raw: bytes) -> bytes:
    """The first 4 bytes of the digest over name, kind of signature (1: Ed25519) and key, as signed notes have it."""
    return bytes.fromhex(core.digest(name.encode() + b"\n\x01" + raw))[:4]
