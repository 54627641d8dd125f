# ruff: noqa: ARG001  an operation's arguments declare what it takes, used or not
"""The log of verdicts for anyone: signed heads to keep, tiles to copy, proofs to check. No key is asked for.

A head is the text of C2SP's tlog-checkpoint; tiles are those of its tlog-tiles, 256 hashes each; proofs are the
documents that `leitai log verify` reads. A receipt is what only its citizen has, so who asks by it may see its leaf.
"""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router
from pydantic import BaseModel, Field

from leitai.apps.ballots import queries
from leitai.apps.ledger import log
from leitai.apps.ledger.models import Checkpoint
from leitai.rules.kernel import N_
from leitai.rules.ledger import digest, hash_size
from leitai.rules.ledger.tiles import WIDTH

from .door import public_place
from .faults import PUBLIC, Problem, faults
from .shapes import PLACE, PlaceKey

router = Router(tags=["log"])
FOREVER = "public, max-age=31536000, immutable"
BRIEFLY = "public, max-age=10"
HASH = r"^[0-9a-f]{64}$"
MOST = 1 << 53
Size = Annotated[int | None, Query(None, ge=1, le=MOST, description="leaves of the tree")]


class Head(BaseModel):
    """A signed head."""

    at: datetime
    size: int = Field(description="leaves")
    root: str = Field(pattern=HASH)


class Heads(BaseModel):
    """Signed heads, the newest first."""

    heads: list[Head]


class LogKey(BaseModel):
    """What heads are checked with."""

    name: str = Field(description="as it stands in signatures")
    origin: str = Field(description="first line of every head of this place")
    key: str = Field(description="Ed25519, base64 of its 32 bytes")
    verifier: str = Field(description="the same as signed-note tools read it: name+id+key")
    hash: str = Field(description="of leaves and nodes", examples=["sha256"])


class Inclusion(BaseModel):
    """That a verdict is in the tree of `size` leaves (RFC 9162, 2.1.3)."""

    format: str = Field(examples=["leitai.receipt-proof/1"])
    leaf: str = Field(description="the text that is hashed as the leaf")
    index: int
    size: int
    path: list[str] = Field(description="hashes in hex, the nearest to the leaf first")
    root: str = Field(pattern=HASH)
    hash: str
    note: str = Field(description="the signed head of just this tree, or empty")


class Consistency(BaseModel):
    """That the tree of `second` leaves begins with that of `first` (RFC 9162, 2.1.4)."""

    format: str = Field(examples=["leitai.consistency-proof/1"])
    first: int
    second: int
    path: list[str]
    hash: str


def _body(kind: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    """How an answer that is not JSON is declared."""
    return {"responses": {200: {"description": description, "content": {kind: {"schema": schema}}}}}


@router.get(
    f"{PLACE}/log/checkpoint",
    response={200: None, **faults(PUBLIC)},
    openapi_extra=_body("text/plain", "A signed head (C2SP tlog-checkpoint).", {"type": "string"}),
    summary="The newest signed head",
)
def log_checkpoint(request: HttpRequest, place: PlaceKey, size: Size) -> HttpResponse:
    """Keep it elsewhere: whoever has an old head finds out whatever is rewritten before it. With `size`, the newest
    head of a tree of just so many leaves.
    """
    row = public_place(place)
    found: Checkpoint | None
    if size is None:
        found = next(iter(log.checkpoints(row, 1)), None)
    else:
        found = log.head_over(row, size - 1, size)
    if found is None:
        raise Problem(404, "no-checkpoint", N_("There is no such signed head yet."))
    return HttpResponse(
        found.note, content_type="text/plain; charset=utf-8", headers={"Cache-Control": BRIEFLY}
    )


@router.get(
    f"{PLACE}/log/checkpoints", response={200: Heads, **faults(PUBLIC)}, summary="The newest signed heads"
)
def log_checkpoints(
    request: HttpRequest,
    place: PlaceKey,
    limit: Annotated[int, Query(100, ge=1, le=1000, description="how many")],
) -> Heads:
    """Sizes, roots and times; the whole text of each by `checkpoint?size=`."""
    rows = log.checkpoints(public_place(place), limit)
    return Heads(heads=[Head(at=row.at, size=row.size, root=row.root) for row in rows])


@router.get(
    f"{PLACE}/log/key", response={200: LogKey, **faults(PUBLIC)}, summary="The key heads are signed with"
)
def log_key(request: HttpRequest, place: PlaceKey) -> LogKey:
    """Get it once, by a way you trust; a head that it does not check is none of this place's."""
    row = public_place(place)
    tree, key = log.of(row), log.public_key()
    named = b"\x01" + base64.b64decode(key)
    number = digest(settings.LOG_NAME.encode() + b"\n" + named)[:8]
    return LogKey(
        name=settings.LOG_NAME,
        origin=log.origin(row.key),
        key=key,
        verifier=f"{settings.LOG_NAME}+{number}+{base64.b64encode(named).decode()}",
        hash=log.algorithm(tree) if tree is not None else settings.LOG_HASH,
    )


@router.get(
    f"{PLACE}/log/tile/{{level}}/{{number}}",
    response={200: None, **faults(PUBLIC)},
    openapi_extra=_body(
        "application/octet-stream",
        "Hashes one after the other.",
        {"type": "string", "contentMediaType": "application/octet-stream"},
    ),
    summary="A tile of the tree",
)
def log_tile(
    request: HttpRequest,
    place: PlaceKey,
    level: Annotated[int, Path(..., ge=0, le=7, description="0: leaf hashes")],
    number: Annotated[int, Path(..., ge=0, le=MOST, description="from the left, from 0")],
) -> HttpResponse:
    """256 hashes, fewer at the right edge, which grows. Level 0 has the leaf hashes; a hash of level n is the root over
    a full tile of level n - 1. A full tile never changes.
    """
    row = public_place(place)
    tree = log.of(row)
    data = log.tile(row, level, number) if tree is not None else b""
    if tree is None or not data:
        raise Problem(404, "no-tile", N_("The log has no such tile yet."))
    full = len(data) == WIDTH * hash_size(log.algorithm(tree))
    caching = {"Cache-Control": FOREVER if full else BRIEFLY}
    return HttpResponse(data, content_type="application/octet-stream", headers=caching)


@router.get(
    f"{PLACE}/log/proof/inclusion",
    response={200: Inclusion, **faults(PUBLIC)},
    summary="The proof that a receipt's verdict is in the log",
)
def log_proof_of_receipt(
    request: HttpRequest,
    place: PlaceKey,
    receipt: Annotated[str, Query(..., min_length=1, max_length=40, description="as the citizen has it")],
    size: Size,
) -> dict[str, Any]:
    """Under the newest signed head that has it, or in the tree of `size` leaves."""
    row = public_place(place)
    ballot = queries.by_receipt(receipt)
    if ballot is None or ballot.place_id != row.pk:
        raise Problem(404, "unknown-receipt", N_("There is no such receipt here."))
    found = queries.proof(ballot, size)
    if found is None:
        raise Problem(404, "not-in-tree", N_("The verdict of this receipt is not in that tree."))
    return found.to_json()


@router.get(
    f"{PLACE}/log/proof/consistency",
    response={200: Consistency, **faults(PUBLIC)},
    summary="The proof that one tree begins with another",
)
def log_proof_of_growth(
    request: HttpRequest,
    place: PlaceKey,
    first: Annotated[int, Query(..., ge=1, le=MOST, description="leaves of the earlier tree")],
    second: Annotated[int, Query(..., ge=1, le=MOST, description="leaves of the later tree")],
) -> dict[str, Any]:
    """Of the trees of `first` and `second` leaves, `first` being no more."""
    try:
        return queries.log_road(public_place(place), first, second).to_json()
    except IndexError:
        message = N_("The log has no two such trees, the one within the other.")
        raise Problem(404, "not-in-tree", message) from None
