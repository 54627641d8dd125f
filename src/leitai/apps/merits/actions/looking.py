"""That somebody looked at what stands on an official is itself on record, for the one looked at."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from leitai.apps.ledger.actions import UNCHANGED, action, record

from ..queries import looked_at


@action("official.looked")
def look(*, place: Any, officials: Iterable[Any], by: str, now: datetime) -> Any:
    """Leave behind that somebody looked at officials: the record, a file with the name, the list for promotion.

    Once for whoever looks, official and day of the place, however much of it was read; the first look is kept. The one
    concerned, looking at their own, is not asked for here. Answers the officials that were told of.
    """
    wanted = {one.key: one for one in officials}
    known = looked_at(place, wanted, by, now) if wanted else frozenset()
    told = [one for key, one in wanted.items() if key not in known]
    for one in told:
        record(place=place, kind="official.looked", by=by, now=now, subject=f"official:{one.key}")
    return told or UNCHANGED
