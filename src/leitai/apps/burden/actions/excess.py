"""Months in which the drive cost a unit more than the rule-book's ceiling: told to the office, each once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from leitai.apps.ledger.actions import UNCHANGED, action, record
from leitai.apps.ledger.errors import refuse
from leitai.apps.people import queries as people
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import N_, Period

from ..models import Excess
from ..queries.meter import spent, total_by_unit


@action("burden.exceeded")
def tell_excess(*, place: Any, month: Period, by: str, now: datetime) -> int:
    """Tell of each unit for which a month that is over was above the ceiling, once; how many were told of now."""
    end = month.bounds(place.zone)[1]
    if month.kind != "month" or end > now:
        raise refuse("month-not-over", N_("Only a month that is over can be told of."))
    ceiling = regimes.regime_on(place, month.last).burden.ceiling
    if ceiling is None:
        return UNCHANGED
    minutes = total_by_unit(spent(place, month.first, month.last))
    told = set(Excess.objects.filter(place=place, month=month.key).values_list("unit_id", flat=True))
    above = {unit for unit, took in minutes.items() if took > ceiling and unit not in told}
    if not above:
        return UNCHANGED
    units = [unit for unit in people.units(place) if unit.pk in above]
    for unit in units:
        row = Excess.objects.create(
            place=place, unit=unit, month=month.key, minutes=minutes[unit.pk], ceiling=ceiling, found_at=now
        )
        record(
            place=place,
            kind="burden.exceeded",
            by=by,
            now=now,
            at=end,
            subject=f"burden:{row.pk}",
            data={
                "unit.key": unit.key,
                "unit.kind": unit.kind,
                "burden.minutes": row.minutes,
                "burden.ceiling": ceiling,
                "month": month.key,
            },
        )
    return len(units)
