"""Reading leads: those that wait for a person, and the verdicts that one is about."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from ..models import Ballot, Lead, LeadState


def leads(place: Any, *, state: str = LeadState.OPEN, screen: str = "") -> QuerySet[Lead]:
    """Leads in a state, the newest day and the least likely first; of one screen where it is named."""
    rows = (
        Lead.objects.filter(place=place, state=state).select_related("unit").order_by("-day", "-score", "pk")
    )
    return rows.filter(screen=screen) if screen else rows


def lead(place: Any, number: int) -> Lead | None:
    """A lead by its number."""
    return Lead.objects.filter(place=place, pk=number).select_related("place", "unit").first()


def verdicts_of(row: Lead, limit: int = 200) -> list[Ballot]:
    """The verdicts that a lead is about, in the order of the log."""
    rows = Ballot.objects.filter(place=row.place, index__in=row.evidence.get("leaves", ())[:limit])
    return list(rows.select_related("unit", "point").order_by("index"))
