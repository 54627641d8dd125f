"""Reading what is made ready before occasions: whose it is, what waits, what was missed and how far that climbed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q

from leitai.apps.people import queries as people
from leitai.apps.people.access import PERMISSIONS
from leitai.rules.kernel import Text

from ..models import Occasion, OccasionState, Preparation
from .planning import at_hand, spec_of

_RUNNING = (OccasionState.OPEN, OccasionState.DUE)


def preparation(place: Any, number: int) -> Preparation | None:
    """A preparation by its number."""
    return Preparation.objects.filter(occasion__place=place, pk=number).select_related(*_WITH).first()


_WITH = ("occasion__place", "unit")


def prepares(viewer: Any, unit: Any | None) -> bool:
    """Whether a viewer may hand in what is asked of a unit, or of the office where it is None."""
    everywhere = bool(viewer.roles & PERMISSIONS["preparation.do"][0])
    return everywhere or (unit is not None and viewer.may("preparation.do", unit))


def preparations_of(row: Occasion) -> list[Preparation]:
    """Everything that is asked for before an occasion, the office's first, then by unit."""
    rows = row.preparations.select_related(*_WITH)
    return sorted(rows, key=lambda one: (one.unit is not None, one.unit.key if one.unit else "", one.due))


def to_prepare(viewer: Any, place: Any) -> list[Preparation]:
    """What is asked of a viewer for occasions that are not over: not handed in yet first, by when it is due.

    Of the office the office's own; of a clerk that of their units and those below them.
    """
    mine = Q(pk__in=())
    if viewer.roles & PERMISSIONS["preparation.do"][0]:
        mine |= Q(unit__isnull=True)
    below = people.descendants(place) if viewer.units else {}
    posted = [unit for unit in viewer.units if viewer.may("preparation.do", unit)]
    mine |= Q(unit__in={pk for unit in posted for pk in below[unit.pk]})
    rows = Preparation.objects.filter(mine, occasion__place=place, occasion__state__in=_RUNNING)
    found = at_hand(place, rows.select_related(*_WITH))
    return sorted(found, key=lambda one: (one.done_at is not None, one.due, one.pk))


def missed(place: Any, rung: int) -> list[Preparation]:
    """What is missing for occasions that are not over and has climbed to a rung or further, the oldest first."""
    rows = Preparation.objects.filter(
        occasion__place=place, occasion__state__in=_RUNNING, done_at__isnull=True, rung__gte=rung
    )
    return at_hand(place, rows.select_related(*_WITH).order_by("due", "pk"))


def readiness(rows: Iterable[Occasion]) -> dict[int, dict[str, int]]:
    """For occasions by number: how many things are asked for, done, and missed."""
    found = (
        Preparation.objects.filter(occasion__in=[row.pk for row in rows])
        .values("occasion")
        .annotate(
            asked=Count("pk"),
            done=Count("pk", filter=Q(done_at__isnull=False)),
            missed=Count("pk", filter=Q(done_at__isnull=True, rung__gt=0)),
        )
        .order_by()
    )
    return {one.pop("occasion"): one for one in found}


def called(row: Preparation) -> Text:
    """What the rule-book calls a preparation."""
    spec = spec_of(row.occasion)
    ready = spec.ready.get(row.key) if spec is not None else None
    return ready.name if ready is not None else Text(en=row.key)
