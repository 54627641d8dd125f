"""What the door knows of ballots: which codes are worth a look at the database, and casting many at once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import close_old_connections
from django.utils import timezone

from leitai.apps.ballots import actions, queries
from leitai.apps.ballots.actions import BallotDraft
from leitai.apps.ballots.keys import signing_keys
from leitai.rules.ballots import read_code
from leitai.rules.kernel import N_, Finding

BY = "anyone"


@dataclass(frozen=True, slots=True)
class Slip:
    """What a citizen handed in: the code as scanned, a grade's key, the form's idempotency key."""

    code: str
    grade: str
    once: str


def check(code: str, grade: str, once: str) -> Slip | Finding:
    """A slip whose code this house has signed. Touches no database: a flood of made-up codes costs little."""
    read = read_code(code, signing_keys())
    return read if isinstance(read, Finding) else Slip(code, grade, once)


def write(slips: list[Slip]) -> list[str | Finding]:
    """Casts slips together; for each, in order, its receipt, or why not. Durable when it returns."""
    close_old_connections()
    try:
        return _write(slips, timezone.now())
    finally:
        close_old_connections()


def _write(slips: list[Slip], clock: datetime) -> list[str | Finding]:
    """As `write`, with what the clock says; each place's own present is reckoned from it."""
    points = {code: queries.point_of(code) for code in {slip.code for slip in slips}}
    outcomes: list[str | Finding | None] = [None] * len(slips)
    drafts: dict[int, list[tuple[int, BallotDraft]]] = defaultdict(list)
    grades: dict[int, frozenset[str]] = {}
    places: dict[int, Any] = {}
    for index, slip in enumerate(slips):
        point, finding = points[slip.code]
        if finding is not None or point is None:
            outcomes[index] = finding
            continue
        place = places.setdefault(point.place_id, point.place)
        if place.pk not in grades:
            day = place.now(clock).astimezone(place.zone).date()
            grades[place.pk] = frozenset(grade.key for grade in queries.scale(place, day).grades)
        if slip.grade not in grades[place.pk]:
            outcomes[index] = Finding(
                "unknown-grade",
                N_("There is no grade %(grade)s here; there are %(known)s."),
                values={"grade": slip.grade, "known": ", ".join(sorted(grades[place.pk]))},
            )
            continue
        drafts[place.pk].append((index, BallotDraft(place, point.unit, slip.grade, slip.once, point)))
    for key, group in drafts.items():
        rows = actions.cast_many(drafts=[draft for _index, draft in group], by=BY, now=places[key].now(clock))
        for (index, _draft), row in zip(group, rows, strict=True):
            outcomes[index] = row.receipt
    return [outcome for outcome in outcomes if outcome is not None]
