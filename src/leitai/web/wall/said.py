"""What the maker of a tile hands to its frame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class Said:
    """As of when, from where, who is late (who owes most first), why it may not be believed, the rest."""

    as_of: date | datetime | None
    source: str | Promise
    late: tuple[str, ...] = ()
    stale: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)
