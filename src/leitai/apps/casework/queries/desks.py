"""Desks: what waits for a viewer, and what others hold, filtered and counted in the database."""

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

_NAMES = (
    "title",
    "ref",
    "where",
    "unit__name_zh",
    "unit__name_en",
    "enterprise__name_zh",
    "enterprise__name_en",
)


@dataclass(frozen=True)
class Filter:
    """What a list of cases is narrowed to; what is empty narrows nothing.

    `text` is looked for in title, place, unit, enterprise and reference; `unit` is a unit's key; `slip` the colour of
    the gravest slip; `light` red, yellow, green, or grey where no clock runs.
    """

    text: str = ""
    kind: str = ""
    unit: str = ""
    light: str = ""
    slip: str = ""

    def __bool__(self) -> bool:
        return any((self.text, self.kind, self.unit, self.light, self.slip))

    def where(self, now: datetime) -> Q:
        """As a condition on open cases."""
        found = Q()
        for column, wanted in (("kind", self.kind), ("unit__key", self.unit), ("slip", self.slip)):
            if wanted:
                found &= Q(**{column: wanted})
        if self.light:
            found &= _light(self.light, now)
        if self.text:
            words = Q()
            for name in _NAMES:
                words |= Q(**{f"{name}__icontains": self.text})
            found &= words
        return found


@dataclass(frozen=True)
class Desk:
    """What a desk shows: what waits for the viewer and what others hold, as far as listed, and how much there is.

    What waits for the viewer and is paused stands apart: nothing is due on it until the pause ends.
    """

    mine: list[CaseView]
    rest: list[CaseView]
    waiting: int
    others: int
    late: int
    soon: int
    paused: list[CaseView]


NOTHING = Filter()


def desk(
    viewer: Any, place: Any, now: datetime, limit: int = 200, others: int = 60, asked: Filter = NOTHING
) -> Desk:
    """What the viewer's units and those below them have to do, or the whole place, what is due first first."""
    below = people.descendants(place) if viewer.units else {}
    rows = open_cases(place).filter(asked.where(now))
    if not viewer.roles & PERMISSIONS["case.see"][0]:
        rows = rows.filter(unit_id__in=reach(viewer, "case.see", below))
    paused = Q(paused_until__isnull=False)
    waits = _waits_for(viewer, below)
    counts = rows.aggregate(
        all=Count("pk"),
        waiting=Count("pk", filter=waits & ~paused),
        paused=Count("pk", filter=waits & paused),
        late=Count("pk", filter=waits & _light("red", now)),
        soon=Count("pk", filter=waits & ~paused & _light("yellow", now)),
    )
    return Desk(
        views(in_order(rows.filter(waits & ~paused))[:limit], now),
        views(in_order(rows.exclude(waits))[:others], now),
        counts["waiting"],
        counts["all"] - counts["waiting"] - counts["paused"],
        counts["late"],
        counts["soon"],
        views(rows.filter(waits & paused).order_by("paused_until", "id")[:limit], now),
    )


def _light(colour: str, now: datetime) -> Q:
    """The open cases that a list shows with a light. A colour that there is not finds none."""
    # A running clock that is its case's first, and past its warning: what a list shows as yellow.
    warned = Exists(
        Clock.objects.filter(
            case=OuterRef("pk"), due_at=OuterRef("next_due_at"), met_at=None, void_at=None, warn_at__lte=now
        )
    )
    ahead = Q(next_due_at__gte=now)
    lights = {
        "red": Q(next_due_at__lt=now),
        "yellow": ahead & warned,
        "green": ahead & ~warned,
        "grey": Q(next_due_at__isnull=True),
    }
    return lights.get(colour, Q(pk__in=[]))


def _waits_for(viewer: Any, below: Mapping[int, frozenset[int]]) -> Q:
    """The cases whose next move is the viewer's: what `roles` says of one case, said of all."""
    found = Q(holder="unit", unit_id__in=reach(viewer, "case.work", below))
    if viewer.may("case.run"):
        found |= Q(holder__in=OVERSIGHT) & ~concerns(viewer, below)
    return found


def concerns(viewer: Any, below: Mapping[int, frozenset[int]], case: str = "") -> Q:
    """The cases that are, or were first, of a unit at which the viewer works: on those they judge nothing.

    `case` leads from the rows that are asked to their case ("case__").
    """
    own = reach(viewer, "case.work", below) | {unit.pk for unit in viewer.units}
    if not own:
        return Q(pk__in=[])
    unit, first = f"{case}unit", f"{case}first_unit"
    return Q(**{f"{unit}_id__in": own}) | Q(**{f"{unit}__isnull": True, f"{first}_id__in": own})


def reach(viewer: Any, permission: str, below: Mapping[int, frozenset[int]]) -> frozenset[int]:
    """Ids of the units over which a permission is the viewer's by a post there or above."""
    own = PERMISSIONS[permission][1]
    posts = (post.unit_id for post in viewer.posts if post.role in own and post.unit_id)
    return frozenset().union(*(below[pk] for pk in posts))
