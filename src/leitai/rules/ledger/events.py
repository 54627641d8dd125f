"""An event: one thing that happened in a place, as the ledger keeps it for ever.

The audit trail, the outbox that the drive reads and the tape that a what-if replays are the same rows;
this is the value they share. Which kinds exist is the affair of the rooms that write them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from .canonical import canonical

VERSION = 1


@dataclass(frozen=True, slots=True)
class Event:
    """What happened: where, of a `kind` ("ballot.bad"), when, `by` whom, about which `subject`.

    `at` is when it took effect and `noted_at` when the house learned of it (a breach is noted after it
    happens; None: at once); both are aware and kept in UTC. `data` holds what `canonical` takes; `cause` is
    the id of the event or rule that led to this one. Raises ValueError for a naive instant or an empty
    place or kind.
    """

    place: str
    kind: str
    at: datetime
    by: str
    subject: str
    data: Mapping[str, object] = field(default_factory=dict)
    cause: str | None = None
    noted_at: datetime | None = None

    def __post_init__(self) -> None:
        if not self.place or not self.kind:
            raise ValueError("an event names its place and its kind")
        for name in ("at", "noted_at"):
            instant = getattr(self, name)
            if instant is None:
                continue
            if instant.tzinfo is None:
                raise ValueError(f"{instant!r} has no time zone: an event's instant is aware")
            object.__setattr__(self, name, instant.astimezone(UTC))

    def body(self) -> bytes:
        """The canonical bytes that are linked and hashed; a new shape is a new version."""
        return canonical(
            {
                "at": self.at,
                "by": self.by,
                "cause": self.cause,
                "data": self.data,
                "kind": self.kind,
                "noted_at": self.noted_at,
                "place": self.place,
                "subject": self.subject,
                "version": VERSION,
            }
        )

    @classmethod
    def read(cls, body: bytes) -> Event:
        """The event whose body these bytes are; decimals and dates in `data` come back as text.

        Raises ValueError for a version that this program does not know.
        """
        found = json.loads(body)
        if found.pop("version") != VERSION:
            raise ValueError(f"the event is not of version {VERSION}")
        for name in ("at", "noted_at"):
            found[name] = datetime.fromisoformat(found[name]) if found[name] else None
        return cls(**found)
