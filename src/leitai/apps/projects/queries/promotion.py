"""Investment promotion: the funnel, the leads, pairs of leads that may be one firm's, joint starts and signings."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum

from leitai.apps.people import queries as people
from leitai.rules.projects import promotion as core

from ..models import Gathering, Lead, LeadStep, Twins

MOST = 200


@dataclass(frozen=True)
class Twin:
    """Two leads of different units whose firms may be one, alike by a share, 0 to 1; `decided` what a person said."""

    first: Lead
    second: Lead
    share: float
    decided: Twins | None


@dataclass(frozen=True)
class Joint:
    """A joint start or signing: how many projects, their planned sums together in yuan."""

    row: Gathering
    n: int
    yuan: Decimal


@dataclass(frozen=True)
class Board:
    """Promotion at a glance: the funnel, sums in yuan of what was signed and landed, each unit's leads by step."""

    rungs: tuple[core.Rung, ...]
    signed: Decimal
    landed: Decimal
    by_unit: tuple[tuple[Any, dict[str, int]], ...]


def roads(place: Any) -> list[core.Road]:
    """The leads of a place as the core sees them."""
    steps: dict[int, dict[str, Any]] = {}
    rows = LeadStep.objects.filter(lead__place=place).order_by("on", "at")
    for pk, step, on in rows.values_list("lead_id", "step", "on"):
        steps.setdefault(pk, {}).setdefault(step, on)
    found = Lead.objects.filter(place=place).order_by("pk").values_list("pk", "unit__key", "firm")
    return [core.Road(pk, unit, firm, steps.get(pk, {})) for pk, unit, firm in found]


def board(place: Any) -> Board:
    """Promotion at a glance."""
    rows = roads(place)
    counts: dict[str, dict[str, int]] = {}
    for unit, step, n in (
        Lead.objects.filter(place=place).values_list("unit__key", "step").annotate(n=Count("pk")).order_by()
    ):
        counts.setdefault(unit, {})[step] = n
    units = {one.key: one for one in people.units(place) if one.key in counts}
    sums = {
        step: yuan or Decimal(0)
        for step, yuan in Lead.objects.filter(place=place)
        .values_list("step")
        .annotate(s=Sum("yuan"))
        .order_by()
    }
    landed = sums.get("landed", Decimal(0))
    return Board(
        core.funnel(rows),
        sums.get("signed", Decimal(0)) + landed,
        landed,
        tuple((units[key], counts[key]) for key in sorted(units)),
    )


def leads(place: Any, step: str = "", unit: str = "", q: str = "") -> QuerySet[Lead]:
    """The leads of a place, the latest step first; at a step, of a unit, by a text."""
    rows = Lead.objects.filter(place=place).select_related("unit", "team", "project")
    if step:
        rows = rows.filter(step=step)
    if unit:
        rows = rows.filter(unit__key=people.key_of(place, unit))
    if q:
        rows = rows.filter(firm__icontains=q) | rows.filter(name__icontains=q)
    return rows.order_by("-step_on", "code")


def lead(place: Any, code: str) -> Lead | None:
    """A lead by its code."""
    return (
        Lead.objects.filter(place=place, code=code).select_related("place", "unit", "team", "project").first()
    )


def twins(place: Any) -> list[Twin]:
    """Pairs of leads of different units that may be one firm's, those nobody has decided first."""
    drop = {word for word in (place.name_zh, place.name_en) if word}
    pairs = core.twins(roads(place), drop)[:MOST]
    rows = {
        one.pk: one
        for one in Lead.objects.filter(
            pk__in={pk for pair in pairs for pk in (pair.first, pair.second)}
        ).select_related("unit", "place")
    }
    decided = {(one.first_id, one.second_id): one for one in Twins.objects.filter(first__place=place)}
    found = [
        Twin(rows[pair.first], rows[pair.second], pair.share, decided.get((pair.first, pair.second)))
        for pair in pairs
    ]
    return sorted(found, key=lambda one: (one.decided is not None, -one.share))


def gatherings(place: Any, limit: int = 20) -> list[Joint]:
    """Joint starts and signings, the latest first."""
    rows = Gathering.objects.filter(place=place).annotate(
        n=Count("parts"), yuan=Sum("parts__project__planned")
    )
    return [Joint(row, row.n, row.yuan or Decimal(0)) for row in rows.order_by("-on")[:limit]]
