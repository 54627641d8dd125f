"""What the door knows of ballots: which codes are worth a look at the database, and casting many at once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db import close_old_connections
from django.utils import timezone

from leitai.apps.ballots import actions, queries
from leitai.apps.ballots.actions import BallotDraft
from leitai.apps.people import queries as people
from leitai.rules.ballots import Code, Visit
from leitai.rules.kernel import Finding

BY = "anyone"


@dataclass(frozen=True, slots=True)
class Slip:
    """What a citizen handed in: the code or ticket as read, a grade's key, the form's idempotency key, where from."""

    code: Code | Visit
    grade: str
    once: str
    network: str = ""
    device: str = ""


def check(code: str, grade: str, once: str) -> Slip | Finding:
    """A slip whose code this house has signed. Touches no database: a flood of made-up codes costs little."""
    read = queries.read(code)
    return read if isinstance(read, Finding) else Slip(read, grade, once)


def write(slips: list[Slip]) -> list[str | Finding]:
    """Casts slips together; for each, in order, its receipt, or why not. Durable when it returns."""
    close_old_connections()
    try:
        return _write(slips, timezone.now())
    finally:
        close_old_connections()


def _write(slips: list[Slip], clock: datetime) -> list[str | Finding]:
    """As `write`, with what the clock says; each place's own present is reckoned from it."""
    points = queries.spots({slip.code.point for slip in slips})
    outcomes: list[str | Finding | None] = [None] * len(slips)
    drafts: dict[int, list[tuple[int, BallotDraft]]] = defaultdict(list)
    for index, slip in enumerate(slips):
        spot = queries.in_use(slip.code, points.get(slip.code.point))
        if isinstance(spot, Finding):
            outcomes[index] = spot
            continue
        serial = slip.code.serial if isinstance(slip.code, Visit) else None
        draft = BallotDraft(
            spot.unit,
            slip.grade,
            slip.once,
            spot,
            serial=serial,
            network=slip.network,
            device=slip.device,
        )
        drafts[spot.place].append((index, draft))
    places = people.by_number(drafts.keys())
    for key, group in drafts.items():
        place = places[key]
        found = actions.cast_many(
            place=place, drafts=[draft for _, draft in group], by=BY, now=place.now(clock)
        )
        for (index, _), outcome in zip(group, found, strict=True):
            outcomes[index] = outcome
    return [outcome for outcome in outcomes if outcome is not None]
