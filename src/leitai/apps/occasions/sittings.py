"""Whether minutes may be taken of a meeting now: from a day before its time until it is noted as held."""

from __future__ import annotations

from datetime import datetime, timedelta

from leitai.apps.ledger.errors import refuse
from leitai.rules.kernel import N_

from .models import Occasion, OccasionState

EARLY = timedelta(days=1)


def check_sitting(row: Occasion, now: datetime) -> None:
    """Refuses what can be noted only of a meeting that is on."""
    if row.state == OccasionState.CANCELLED:
        raise refuse("cancelled-already", N_("It was cancelled."))
    if row.state == OccasionState.HELD:
        raise refuse("held-already", N_("This was noted as held already."))
    if now < row.at - EARLY:
        raise refuse("too-early", N_("It is not held before its day."))


def is_sitting(row: Occasion, now: datetime) -> bool:
    """The same as an answer."""
    return row.state not in (OccasionState.CANCELLED, OccasionState.HELD) and now >= row.at - EARLY
