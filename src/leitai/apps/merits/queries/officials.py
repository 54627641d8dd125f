"""The record of an official: what was decided about them over time, who looked at it, who has priority."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from leitai.apps.ledger import queries as ledger
from leitai.apps.people import queries as people
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import Text

from ..models import Proposal
from .files import RELATED, in_force, named


def record_of(official: Any) -> list[tuple[Proposal, Text]]:
    """Every file about an official with its name, also open, undone and expired ones; the latest first."""
    rows = Proposal.objects.filter(place=official.place, official=official).select_related(*RELATED)
    return named(official.place, rows.order_by("-proposed_at", "-id"))


@dataclass(frozen=True)
class Look:
    """Somebody's look at a record."""

    at: datetime
    by: str


def looks(official: Any, limit: int = 100) -> list[Look]:
    """Who looked at an official's record, the latest first."""
    rows = ledger.told(official.place, "official.looked").filter(subject=f"official:{official.key}")
    return [Look(row.at, row.by) for row in rows.order_by("-id")[:limit]]


def looked_at(place: Any, keys: Iterable[str], by: str, now: datetime) -> frozenset[str]:
    """Of officials, by key, those whom somebody looked at already on this day of the place."""
    subjects = {f"official:{key}": key for key in keys}
    midnight = datetime.combine(now.astimezone(place.zone).date(), time(), place.zone)
    rows = ledger.told(place, "official.looked").filter(subject__in=list(subjects), by=by)
    rows = rows.filter(noted_at__gte=midnight, noted_at__lte=now)
    return frozenset(subjects[one] for one in rows.values_list("subject", flat=True))


@dataclass(frozen=True)
class Promoted:
    """An official with priority for promotion: what they hold today, and the honours that give it."""

    official: Any
    tenure: Any
    honours: list[tuple[Proposal, Text]]


def promoting(place: Any, now: datetime) -> list[Promoted]:
    """Officials with honours in force that give priority for promotion; the most honours first, then by key."""
    shelf = regimes.shelf(place)
    rows = in_force(place, now).filter(tone="honour", official__isnull=False).select_related(*RELATED)
    found: dict[int, list[Proposal]] = {}
    for row in rows.order_by("-decided_at", "-id"):
        spec = shelf.on(row.proposed_at.astimezone(place.zone).date()).merits.get(row.merit)
        if spec is not None and spec.promotes:
            found.setdefault(row.official_id, []).append(row)
    officials = {own[0].official_id: own[0].official for own in found.values()}
    held = people.holding(place, officials.values(), now.astimezone(place.zone).date())
    listed = [Promoted(officials[pk], held.get(pk), named(place, honours)) for pk, honours in found.items()]
    return sorted(listed, key=lambda one: (-len(one.honours), one.official.key))
