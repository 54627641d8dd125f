"""Reading consequences: what is open for whom, one file, and what the public may know."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from leitai.apps.people import queries as people
from leitai.apps.people.access import PERMISSIONS
from leitai.apps.regimes import queries as regimes
from leitai.rules import merits as core
from leitai.rules.kernel import Finding, Text

from .models import Proposal, ProposalState


def proposal(place: Any, number: int) -> Proposal | None:
    """A file by its number."""
    return Proposal.objects.filter(place=place, pk=number).select_related("place", "unit__parent").first()


def _seen(place: Any, viewer: Any) -> QuerySet[Proposal]:
    """The files that a viewer may see: all of the place, or those of the own units and the ones below."""
    rows = Proposal.objects.filter(place=place).select_related("unit__parent")
    everywhere, own = PERMISSIONS["merit.see"]
    if viewer.roles & everywhere:
        return rows
    posted = {post.unit_id for post in viewer.posts if post.role in own and post.unit_id}
    below = people.descendants(place) if posted else {}
    return rows.filter(unit_id__in={pk for top in posted for pk in below[top]})


def open_for(place: Any, viewer: Any, limit: int = 200) -> list[Proposal]:
    """Files that a viewer may see and that are not decided, what must be answered first first."""
    rows = _seen(place, viewer).exclude(state=ProposalState.DECIDED)
    return list(rows.order_by("reply_by", "id")[:limit])


def decided(place: Any, viewer: Any, limit: int = 50) -> list[Proposal]:
    """Decided files that a viewer may see, the latest first."""
    rows = _seen(place, viewer).filter(state=ProposalState.DECIDED)
    return list(rows.order_by("-decided_at")[:limit])


def public(place: Any, now: datetime, unit: Any | None = None, limit: int = 20) -> list[Proposal]:
    """What the public may know: honours and notices of units, upheld and not over; never of a person."""
    rows = Proposal.objects.filter(
        place=place, state=ProposalState.DECIDED, upheld=True, target="unit", tone__in=("honour", "notice")
    ).exclude(expires_at__lte=now)
    if unit is not None:
        rows = rows.filter(unit=unit)
    return list(rows.select_related("unit").order_by("-decided_at")[:limit])


def named(place: Any, rows: Iterable[Proposal]) -> list[tuple[Proposal, Text]]:
    """Files of a place, each with its name."""
    shelf = regimes.shelf(place)
    found = []
    for row in rows:
        spec = shelf.on(row.proposed_at.astimezone(place.zone).date()).merits.get(row.merit)
        found.append((row, spec.name if spec else Text(en=row.merit)))
    return found


def name(row: Proposal) -> Text:
    """What the rule-book of its day calls the consequence."""
    spec = spec_of(row)
    return spec.name if spec else Text(en=row.merit)


def spec_of(row: Proposal) -> Any:
    """The rule-book's paragraph of the consequence, or None where it is gone."""
    day = row.proposed_at.astimezone(row.place.zone).date()
    return regimes.regime_on(row.place, day).merits.get(row.merit)


def check_decide(row: Proposal, now: datetime) -> Finding | None:
    """Why a file may not be decided now, or None where it may."""
    file = core.Proposal(
        row.merit,
        row.tone,
        row.unit.name,
        row.reason,
        row.rule,
        (row.evidence,),
        row.proposed_at,
        row.reply_by,
    )
    return core.check_decide(file, now, row.reply)
