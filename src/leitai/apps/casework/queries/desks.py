"""Desks: what waits for a viewer, and what others hold, counted in the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from leitai.apps.people import queries as people
from leitai.apps.people.access import PERMISSIONS

from ..models import Clock
from ..rows import OVERSIGHT
from .cases import CaseView, in_order, open_cases, views


@dataclass(frozen=True)
class Desk:
    """What a desk shows: what waits for the viewer and what others hold, as far as listed, and how much there is."""

    mine: list[CaseView]
    rest: list[CaseView]
    waiting: int
    others: int
    late: int
    soon: int


def desk(viewer: Any, place: Any, now: datetime, limit: int = 200, others: int = 60) -> Desk:
    """What the viewer's units and those below them have to do, or the whole place, what is due first first."""
    below = people.descendants(place) if viewer.units else {}
    rows = open_cases(place)
    if not viewer.roles & PERMISSIONS["case.see"][0]:
        rows = rows.filter(unit_id__in=_reach(viewer, "case.see", below))
    waits = _waits_for(viewer, below)
    # A running clock that is its case's first, and past its warning: what a list shows as yellow.
    warned = Clock.objects.filter(
        case=OuterRef("pk"), due_at=OuterRef("next_due_at"), met_at=None, void_at=None, warn_at__lte=now
    )
    counts = rows.aggregate(
        all=Count("pk"),
        waiting=Count("pk", filter=waits),
        late=Count("pk", filter=waits & Q(next_due_at__lt=now)),
        soon=Count("pk", filter=waits & Q(next_due_at__gte=now) & Exists(warned)),
    )
    return Desk(
        views(in_order(rows.filter(waits))[:limit], now),
        views(in_order(rows.exclude(waits))[:others], now),
        counts["waiting"],
        counts["all"] - counts["waiting"],
        counts["late"],
        counts["soon"],
    )


def _waits_for(viewer: Any, below: Mapping[int, frozenset[int]]) -> Q:
    """The cases whose next move is the viewer's: what `roles` says of one case, said of all."""
    works = _reach(viewer, "case.work", below)
    found = Q(holder="unit", unit_id__in=works)
    if viewer.may("case.run"):
        own = works | {unit.pk for unit in viewer.units}
        had = Q(unit_id__in=own) | Q(unit__isnull=True, first_unit_id__in=own)
        found |= Q(holder__in=OVERSIGHT) & ~had if own else Q(holder__in=OVERSIGHT)
    return found


def _reach(viewer: Any, permission: str, below: Mapping[int, frozenset[int]]) -> frozenset[int]:
    """Ids of the units over which a permission is the viewer's by a post there or above."""
    own = PERMISSIONS[permission][1]
    posts = (post.unit_id for post in viewer.posts if post.role in own and post.unit_id)
    return frozenset().union(*(below[pk] for pk in posts))
