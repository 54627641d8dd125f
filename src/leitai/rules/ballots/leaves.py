r"""The bytes of a verdict's leaf in the public log: lines of plain text, so that anybody can hash them by hand.

A leaf holds the receipt, which only who gave the verdict has; so the log's hashes can be public and tell
nothing, and no leaf can be guessed from what is known of a verdict. What was said in words is bound by a
commitment, a digest over a random salt and the words: when both are purged, the leaf still proves that
something was said, and nothing of what.

>>> ballot_leaf("town", "tax", 7, "satisfied", "standing", datetime(2024, 4, 10, 2, tzinfo=UTC), "R").decode()
'leitai verdict 1\ntown\ntax\n7\nsatisfied\nstanding\n2024-04-10T02:00:00.000000Z\nR\n'
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache

from leitai.rules.ledger import canonical, digest

SALT_BYTES = 16
_LINES = 8


def ballot_leaf(
    place: str, unit: str, point: int, grade: str, channel: str, at: datetime, receipt: str
) -> bytes:
    """The leaf of a verdict. `point` 0: none; `receipt`: the receipt's code, or what `source_mark` makes.

    Raises ValueError where a part holds a line break, which could make one verdict's leaf another's.
    """
    text = f"leitai verdict 1\n{place}\n{unit}\n{point}\n{grade}\n{channel}\n{_stamp(at)}\n{receipt}\n"
    if text.count("\n") != _LINES:
        raise ValueError(f"a part of this leaf holds a line break: {text!r}")
    return text.encode()


@lru_cache(maxsize=64)  # verdicts that are written together have the same instant
def _stamp(at: datetime) -> str:
    # isoformat leaves the fraction out where it is zero; the leaf always has six digits of it.
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def source_mark(source: str, source_id: str) -> str:
    """What stands for the receipt of a verdict that another system took: where it is from, and its number there."""
    return json.dumps([source, source_id], ensure_ascii=False)


def words_leaf(place: str, receipt: str, commitment: str) -> bytes:
    """The leaf of what was added to a verdict."""
    return f"leitai words 1\n{place}\n{receipt}\n{commitment}\n".encode()


def commitment(salt: bytes, reasons: Sequence[str], words: str, phone: str, photo: bytes) -> str:
    """The digest, in hex, that binds what was said. Raises ValueError for a salt of another length."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
    said = {"reasons": list(reasons), "words": words, "phone": phone, "photo": digest(photo)}
    return digest(salt + canonical(said))
