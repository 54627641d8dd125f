"""Reading cases for other systems: by number, by time, by tracking code, and what changed since they last asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, QuerySet

from leitai.apps.ledger import queries as ledger

from ..models import Case

SUBJECT = "case:"
SCANNED = 5000  # events that are looked through in one call


@dataclass(frozen=True)
class Listed:
    """A case in a list for others, and when it last was moved on."""

    case: Case
    moved_at: datetime


@dataclass(frozen=True)
class Changed:
    """References of cases in the order in which they last changed; `until`: where to go on; `more`: whether at once."""

    refs: tuple[str, ...]
    until: int
    more: bool


def listed(
    place: Any,
    kinds: Collection[str],
    *,
    refs: Collection[str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    closed: bool | None = None,
    start: int = 0,
    limit: int = 1000,
) -> list[Listed]:
    """Cases of some kinds, opened between two instants (both included) or of these references, the newest first."""
    rows = Case.objects.filter(place=place, kind__in=list(kinds), ref__isnull=False)
    if refs is not None:
        rows = rows.filter(ref__in=list(refs))
    if since is not None:
        rows = rows.filter(opened_at__gte=since)
    if until is not None:
        rows = rows.filter(opened_at__lte=until)
    if closed is not None:
        rows = rows.filter(closed_at__isnull=not closed)
    found = rows.select_related("place", "unit").order_by("-opened_at", "-id")[start : start + limit]
    page = list(found)
    moved = dict(
        Case.objects.filter(pk__in=[row.pk for row in page])
        .annotate(at=Max("steps__at"))
        .values_list("pk", "at")
    )
    return [Listed(row, moved[row.pk] or row.opened_at) for row in page]


def tracked(place: Any, code: str) -> Case | None:
    """The case whose reporter follows it by this code."""
    return (
        Case.objects.filter(place=place, tracking=code).select_related("place", "unit").first()
        if code
        else None
    )


def by_refs(place: Any, refs: Iterable[str]) -> dict[str, Case]:
    """Cases with all that is told of them to other systems, by reference."""
    return {row.ref: row for row in _whole(Case.objects.filter(place=place, ref__in=list(refs)))}


def _whole(rows: QuerySet[Case]) -> QuerySet[Case]:
    return rows.select_related("place", "unit", "enterprise", "root", "relapse_of").prefetch_related("clocks")


def changed(place: Any, after: int, limit: int) -> Changed:
    """Which cases something happened to after event number `after`, at most `limit` of them.

    The ledger's numbers are given to what is committed and never change, so that nothing is passed over.
    """
    seen: dict[str, None] = {}
    until, count = after, 0
    for event in ledger.after(place, after + 1, SCANNED):
        if event.subject.startswith(SUBJECT):
            ref = event.subject.removeprefix(SUBJECT)
            if ref not in seen and len(seen) == limit:
                return Changed(tuple(seen), until, True)
            seen.pop(ref, None)
            seen[ref] = None
        until, count = event.seq or until, count + 1
    return Changed(tuple(seen), until, count == SCANNED)
