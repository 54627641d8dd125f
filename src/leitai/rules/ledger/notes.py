"""The text of a signed head, as witnesses of public transparency logs read it.

Who runs the database can rewrite it, but not the heads that others have kept. A head is therefore a short text
with a signature under it (C2SP tlog-checkpoint and signed-note): whose log, how many leaves, the root; then,
as further lines, the instant, the hash, and where the ledger of events stood. Signing is not done here.

>>> note = Note("example/verdicts", 1, bytes(32), datetime(2024, 4, 10, 2, tzinfo=UTC))
>>> note.text().splitlines()[:2]
['example/verdicts', '1']
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from leitai.rules.kernel import N_, Finding

from .hashes import hash_size

_AT = "%Y-%m-%dT%H:%M:%S.%fZ"
_SIGNATURE = re.compile(r"— (\S+) ([A-Za-z0-9+/=]+)")


@dataclass(frozen=True, slots=True)
class Note:
    """A head: origin of the log, leaves, root, instant (UTC), hash, and (events, root) of the ledger if it is said."""

    origin: str
    size: int
    root: bytes
    at: datetime
    algorithm: str = "sha256"
    ledger: tuple[int, bytes] | None = None

    def text(self) -> str:
        """What is signed, ending in a newline."""
        lines = [
            self.origin,
            str(self.size),
            _b64(self.root),
            f"at {self.at.astimezone(UTC).strftime(_AT)}",
            f"hash {self.algorithm}",
        ]
        if self.ledger is not None:
            lines.append(f"ledger {self.ledger[0]} {_b64(self.ledger[1])}")
        return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class Signature:
    """A line under a note: who signed, the first 4 bytes that name the key, the signature itself."""

    name: str
    key: bytes
    value: bytes

    def line(self) -> str:
        """The line as it stands under a note, ending in a newline."""
        return f"— {self.name} {_b64(self.key + self.value)}\n"


def signed(note: Note, *signatures: Signature) -> str:
    """The whole text: the note, an empty line, the signatures."""
    return note.text() + "\n" + "".join(one.line() for one in signatures)


def read_note(text: str) -> tuple[Note, tuple[Signature, ...]] | Finding:
    """The note and the signatures of a text somebody kept; whether they are true is for the caller to check.

    Findings: `note-malformed`.
    """
    body, _, under = text.replace("\r\n", "\n").partition("\n\n")
    try:
        origin, size, root, *rest = body.split("\n")
        more = dict(line.split(" ", 1) for line in rest)
        at = datetime.strptime(more["at"], _AT).replace(tzinfo=UTC)
        ledger = None
        if "ledger" in more:
            events, _, head = more["ledger"].partition(" ")
            ledger = (int(events), _unb64(head))
        name = more.get("hash", "sha256")
        note = Note(origin, int(size), _unb64(root), at, name, ledger)
        if note.size < 0 or len(note.root) != hash_size(name):
            raise ValueError(size)
        signatures = []
        for line in under.splitlines():
            found = _SIGNATURE.fullmatch(line)
            if found is not None:
                data = _unb64(found[2])
                signatures.append(Signature(found[1], data[:4], data[4:]))
    except (ValueError, KeyError, binascii.Error):
        return Finding("note-malformed", N_("this is not a signed head as a place publishes it"))
    if note.text().strip() != body.strip():
        return Finding("note-malformed", N_("this is not a signed head as a place publishes it"))
    return note, tuple(signatures)


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _unb64(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
