"""Learning from a place's own dispatches which unit a text goes to, and measuring how often that is right."""

from __future__ import annotations

from bisect import bisect_left
from datetime import datetime
from typing import Any

from leitai.apps.ledger.actions import action, record
from leitai.apps.ledger.errors import refuse
from leitai.rules.casework import suggesting as core
from leitai.rules.kernel import N_

from ..models import Suggester
from ..queries import suggesting as look

NEWEST = 5  # one in so many, the newest, is kept back to measure on
TESTED = 20  # cases, below which a share right says nothing


@action("suggester.learned")
def learn(*, place: Any, test_from: datetime | None = None, by: str, now: datetime) -> core.Measured:
    """Learn from all dispatches but the newest, measure on those, and keep both in place of what was learned before.

    The newest are those opened from `test_from` on (UTC), or a fifth. Raises Refused where either part is too small.
    """
    found = look.dispatches(place)
    cut = bisect_left(found.opened, test_from) if test_from else len(found.opened) * (NEWEST - 1) // NEWEST
    if cut < core.FEWEST or len(found.opened) - cut < TESTED:
        raise refuse(
            "too-few-dispatches",
            N_(
                "Too few dispatches: %(before)s to learn from and %(after)s to test on; it takes %(fewest)s and "
                "%(tested)s."
            ),
            before=cut,
            after=len(found.opened) - cut,
            fewest=core.FEWEST,
            tested=TESTED,
        )
    model = core.learn(found.texts[:cut], found.units[:cut])
    told = core.measure(model, found.texts[cut:], found.units[cut:])
    Suggester.objects.update_or_create(
        place=place,
        defaults={
            "learned_at": now,
            "cases": cut,
            "tested": told.spoken,
            "right": told.right,
            "model": look.packed(model),
        },
    )
    record(
        place=place,
        kind="suggester.learned",
        by=by,
        now=now,
        subject=f"place:{place.key}",
        data={"cases": cut, "tested": told.tested, "spoken": told.spoken, "right": told.right},
    )
    return told
