"""Reading rounds, visits and findings, with the words the rule-book has for them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from leitai.apps.people import queries as people
from leitai.apps.people.access import PERMISSIONS
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import N_, Period, Text
from leitai.rules.kernel import Finding as Refusal
from leitai.rules.regime.model import InspectionSpec

from ..models import Finding, Round, Visit


def rounds(place: Any) -> list[Round]:
    """The rounds of a place, the newest first, with how many visits are planned, made and left out."""
    made = Count("visits", filter=Q(visits__ended_at__isnull=False))
    dropped = Count("visits", filter=~Q(visits__dropped_why=""))
    rows = Round.objects.filter(place=place).annotate(planned=Count("visits"), made=made, dropped=dropped)
    return list(rows.select_related("place").order_by("-opened_at", "-pk"))


def round_of(place: Any, number: int) -> Round | None:
    """A round by its number."""
    return Round.objects.filter(place=place, pk=number).select_related("place").first()


def spec_of(row: Round) -> InspectionSpec:
    """What the rule-book of the day it was opened says of a round's inspection. Raises KeyError."""
    return regimes.regime_on(row.place, row.opened_at.astimezone(row.place.zone).date()).inspections[row.key]


def name(row: Round) -> Text:
    """What the rule-book calls a round's inspection."""
    return spec_of(row).name


def visits_of(row: Round, viewer: Any | None = None) -> QuerySet[Visit]:
    """The visits of a round in order of day; of a clerk those to their own units, once they were begun."""
    rows = (
        Visit.objects.filter(round=row)
        .select_related("unit", "round__place")
        .annotate(many=Count("findings"))
    )
    if viewer is not None and not sees_all(viewer):
        rows = rows.filter(began_at__isnull=False)
    return _own(rows, row.place, viewer).order_by("planned", "group", "unit__key")


def narrowed(rows: QuerySet[Visit], group: str, text: str) -> QuerySet[Visit]:
    """Visits of a group, and to units whose name or key holds a text; of all where they are empty."""
    if group:
        rows = rows.filter(group=group)
    if text:
        words = (
            Q(unit__name_zh__icontains=text) | Q(unit__name_en__icontains=text) | Q(unit__key__icontains=text)
        )
        rows = rows.filter(words)
    return rows


def visit(place: Any, number: int) -> Visit | None:
    """A visit by its number."""
    rows = Visit.objects.filter(round__place=place, pk=number)
    return rows.select_related("unit__parent", "round__place").first()


def finding(place: Any, number: int) -> Finding | None:
    """A finding by its number."""
    rows = Finding.objects.filter(visit__round__place=place, pk=number)
    return rows.select_related("visit__unit__parent", "visit__round__place").first()


def findings_of(row: Round, viewer: Any | None = None) -> list[Finding]:
    """What was found in a round, in order; of a clerk's own units alone."""
    rows = Finding.objects.filter(visit__round=row).select_related("visit__unit", "visit__round__place")
    return list(_own(rows, row.place, viewer, "visit__").order_by("at", "pk"))


def _own(rows: QuerySet[Any], place: Any, viewer: Any | None, path: str = "") -> QuerySet[Any]:
    if viewer is None or sees_all(viewer):
        return rows
    below = people.descendants(place) if viewer.units else {}
    return rows.filter(**{f"{path}unit__in": {pk for unit in viewer.units for pk in below[unit.pk]}})


def sees_all(viewer: Any) -> bool:
    """Whether a viewer sees the inspections of every unit."""
    return bool(viewer.roles & PERMISSIONS["desk.see"][0])


def check_visitor(visit: Visit, viewer: Any) -> Refusal | None:
    """Why this viewer may not inspect this unit: nobody inspects their own."""
    mine = {unit.pk for unit in viewer.units}
    above: Any = visit.unit
    while above is not None:
        if above.pk in mine:
            return Refusal(
                "own-unit", N_("You are posted at this unit or above it; somebody else inspects it.")
            )
        above = above.parent
    return None


def to_open(place: Any, now: datetime) -> list[tuple[str, Text, Period]]:
    """The inspections of the rule-book whose round of the present period was not opened: (key, name, period)."""
    today = now.astimezone(place.zone).date()
    try:
        specs = regimes.regime_on(place, today).inspections
    except regimes.NoRegime:
        return []
    there = set(Round.objects.filter(place=place).values_list("key", "period"))
    coming = [(key, spec.name, Period.containing(spec.every, today)) for key, spec in specs.items()]
    return [one for one in coming if (one[0], one[2].key) not in there]


def taken(place: Any, start: datetime, end: datetime, unit: Any | None = None) -> list[Visit]:
    """The visits that ended in [start, end), with the minutes they took their unit; of one unit where it is given."""
    rows = Visit.objects.filter(round__place=place, ended_at__gte=start, ended_at__lt=end)
    rows = rows if unit is None else rows.filter(unit=unit)
    found = list(rows.select_related("round").order_by("ended_at", "pk"))
    for row in found:
        row.round.place = place  # whose rule-books are at hand
    return found
