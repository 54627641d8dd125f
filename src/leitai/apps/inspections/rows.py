"""What several actions of this room do with its rows: lock them, and say which facts an event about them bears."""

from __future__ import annotations

from typing import Any

from .models import Round, Visit


def fresh_round(row: Round) -> Round:
    """A round as it is now, nobody else changing it until this act is over."""
    return Round.objects.select_for_update(of=("self",)).select_related("place").get(pk=row.pk)


def fresh_visit(visit: Visit) -> Visit:
    """A visit as it is now, nobody else changing it until this act is over."""
    rows = Visit.objects.select_for_update(of=("self",)).select_related("round__place", "unit")
    return rows.get(pk=visit.pk)


def facts(visit: Visit) -> dict[str, Any]:
    """What an event about a visit bears, in the words of the rule-book's conditions."""
    return {
        "inspection.key": visit.round.key,
        "unit.key": visit.unit.key,
        "unit.kind": visit.unit.kind,
        "group": visit.group,
    }
