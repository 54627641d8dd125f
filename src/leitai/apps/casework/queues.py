"""The supervision office's queues as rows of the database: what is loose, doubtful or late, filtered and counted there.

Each queue is a question of its own over an index of open cases, so that no long queue hides another, and what a
tab counts, a page shows and a sheet holds are the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import Text

from .models import Case
from .queries import in_order, open_cases
from .rows import OVERSIGHT, local_day

# What the office holds and no unit has: to be dispatched. What it holds of a unit is to be verified.
QUEUES: Mapping[str, Callable[[datetime], Q]] = {
    "undispatched": lambda _now: Q(holder__in=OVERSIGHT, unit__isnull=True),
    "to_verify": lambda _now: Q(holder__in=OVERSIGHT, unit__isnull=False),
    "overdue": lambda now: Q(next_due_at__lt=now),
}


@dataclass(frozen=True)
class Counts:
    """How many cases are open, and how many stand in each queue."""

    open: int
    queues: Mapping[str, int]


def counts(place: Any, now: datetime) -> Counts:
    """The counts of a place's open cases; a case may stand in two queues."""
    wanted = {key: Count("pk", filter=of(now)) for key, of in QUEUES.items()}
    found = Case.objects.filter(place=place, closed_at__isnull=True).aggregate(open=Count("pk"), **wanted)
    return Counts(found.pop("open"), found)


def queue(place: Any, key: str, now: datetime, *, text: str = "", kind: str = "") -> QuerySet[Case]:
    """The cases of a queue, what is due first first: of a kind, and with a text in title, place, unit or reference.

    Raises KeyError for a queue that there is not.
    """
    rows = open_cases(place).filter(QUEUES[key](now))
    if kind:
        rows = rows.filter(kind=kind)
    if text:
        names = ("title", "ref", "where", "unit__name_zh", "unit__name_en")
        found = Q()
        for name in names:
            found |= Q(**{f"{name}__icontains": text})
        rows = rows.filter(found)
    return in_order(rows)


def kinds(place: Any, key: str, now: datetime) -> list[tuple[str, Text]]:
    """The kinds of case that stand in a queue, with what today's rule-book calls them."""
    rows = Case.objects.filter(place=place, closed_at__isnull=True).filter(QUEUES[key](now))
    today = regimes.regime_on(place, local_day(place, now)).cases
    found = rows.order_by("kind").values_list("kind", flat=True).distinct()
    return [(one, today[one].name if one in today else Text(en=one)) for one in found]
