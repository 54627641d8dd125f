"""Whose a missed limit is: the unit's that had the case when it fell due, whoever has it now.

A unit that takes a case over after its due time, or is given one that another handed back late, did not miss it.
"""

from __future__ import annotations

from typing import Any

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, Subquery, When
from django.db.models import Case as Either

from ..models import Step

# The cases that more than one unit may have had, and those that are late or may be: of others it need not be asked.
MOVED = Q(transfers__gt=0) | Q(returns__gt=0) | Q(first_unit__isnull=False) & ~Q(unit=F("first_unit"))
LATE = Q(due_at__isnull=False) & (Q(closed_at__isnull=True) | Q(closed_at__gt=F("due_at")))


def unit_at_due(case: str = "") -> Any:
    """The id of the unit that had a case at `due_at` of the row, null where none had it then.

    `case` leads from the row to its case ("case__"). A case whose road is not known is charged to the unit it names.
    """
    steps = Step.objects.filter(case=OuterRef(f"{case}pk"), at__lte=OuterRef("due_at")).exclude(holder="")
    last = steps.order_by("-at", "-id").values("unit_id")[:1]
    had = When(Exists(steps), then=Subquery(last))
    return Either(had, default=F(f"{case}unit_id"), output_field=BigIntegerField())
