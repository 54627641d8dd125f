"""Reading cases by what they are about, and how often a unit had to answer in cases."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.db.models.functions import Coalesce

from ..models import Case, Step

_CHUNK = 500  # names in one question; SQLite takes some 30,000


def about(place: Any, subjects: Iterable[str]) -> dict[str, Case]:
    """The newest case about each of these things, as events name them ("finding:12"), open or over."""
    wanted = sorted({one for one in subjects if one})
    found: dict[str, Case] = {}
    for start in range(0, len(wanted), _CHUNK):
        rows = Case.objects.filter(place=place, about__in=wanted[start : start + _CHUNK]).order_by("id")
        found |= {row.about: row for row in rows.select_related("place", "unit")}
    return found


def answers(
    place: Any, start: datetime, end: datetime, unit: Any | None = None
) -> list[tuple[int, datetime, str]]:
    """What units said in cases in [start, end): (unit's id, when, the case's reference), in order of time."""
    going = Q(case__closed_at__isnull=True) | Q(case__closed_at__gte=start)
    rows = Step.objects.filter(
        going, case__place=place, case__opened_at__lt=end, role="unit", at__gte=start, at__lt=end
    ).annotate(whose=Coalesce("unit", "case__unit", "case__first_unit"))
    if unit is not None:
        rows = rows.filter(Q(case__unit=unit) | Q(case__first_unit=unit) | Q(unit=unit), whose=unit.pk)
    said = rows.exclude(whose__isnull=True).exclude(form={})
    return list(said.order_by("at", "id").values_list("whose", "at", "case__ref"))
