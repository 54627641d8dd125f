"""The supervision office's queues as rows of the database: what is loose, doubtful or late, filtered and counted there.

Each queue is a question of its own over an index of open cases, so that no long queue hides another, and what a
tab counts, a page shows and a sheet holds are the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from leitai.apps.regimes import queries as regimes
from leitai.rules.casework import GRAVITY
from leitai.rules.kernel import Text

from .models import Case, Step
from .queries import Filter, in_order, open_cases
from .rows import OVERSIGHT, local_day

# A case that went from one state to another; what was only entered, joined or asked about did not.
_MOVED = Exists(Step.objects.filter(case=OuterRef("pk")).exclude(from_state__in=("", F("to_state"))))
_NOT_SENT = Q(unit__isnull=True) | ~_MOVED
# What the office holds and no unit has, or that nobody sent to the unit that was named as it was entered: to be
# dispatched. What else it holds is to be verified.
QUEUES: Mapping[str, Callable[[datetime], Q]] = {
    "undispatched": lambda _now: Q(holder__in=OVERSIGHT) & _NOT_SENT,
    "to_verify": lambda _now: Q(holder__in=OVERSIGHT) & ~_NOT_SENT,
    "overdue": lambda now: Q(next_due_at__lt=now),
}
# What can be listed beside: everything that is open, which no tab counts a second time.
LISTS: Mapping[str, Callable[[datetime], Q]] = {**QUEUES, "open": lambda _now: Q()}


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


def queue(place: Any, key: str, now: datetime, **asked: str) -> QuerySet[Case]:
    """The cases of a queue, what is due first first, narrowed as `queries.Filter` says: text, kind, unit, light, slip.

    Raises KeyError for a queue that there is not.
    """
    return in_order(open_cases(place).filter(LISTS[key](now), Filter(**asked).where(now)))


def rungs(place: Any, now: datetime) -> dict[str, int]:
    """How many cases are overdue, by the gravest slip given on them; "" for those on which none was."""
    rows = Case.objects.filter(place=place, closed_at__isnull=True).filter(QUEUES["overdue"](now))
    found = dict(rows.order_by().values_list("slip").annotate(n=Count("pk")))
    return {colour: found[colour] for colour in GRAVITY if colour in found}


def kinds(place: Any, key: str, now: datetime) -> list[tuple[str, Text]]:
    """The kinds of case that stand in a queue, with what today's rule-book calls them."""
    rows = Case.objects.filter(place=place, closed_at__isnull=True).filter(LISTS[key](now))
    today = regimes.regime_on(place, local_day(place, now)).cases
    found = rows.order_by("kind").values_list("kind", flat=True).distinct()
    return [(one, today[one].name if one in today else Text(en=one)) for one in found]
