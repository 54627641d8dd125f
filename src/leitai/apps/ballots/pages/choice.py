"""Which points a page of codes is about: what the list is narrowed to, and the choice made in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Count, QuerySet, Sum
from django.http import QueryDict

from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit

from .. import queries
from ..models import Point
from ..models.points import Kind

LOOK_BACK = timedelta(days=29)
STATES = ("used", "refused", "retired", "all")


class Asked(NamedTuple):
    """What the list of points is narrowed to, as it was typed; `hall` is a number. `key` is the key of `unit`."""

    q: str
    unit: str
    hall: str
    kind: str
    state: str
    key: str

    def points(self, visit: Visit) -> queries.PointPick:
        """The points that it means. Those with refused scans are those of the last thirty days."""
        pick = queries.PointPick(self.q, self.key, int(self.hall) if self.hall else None, self.kind)
        if self.state == "refused":
            strays = queries.strays_at(visit.place, since(visit))
            return pick._replace(state="", numbers=frozenset(strays))
        return pick._replace(state="" if self.state == "all" else self.state)

    def fields(self) -> dict[str, str]:
        """The fields of a form, or of an address, that ask for the same."""
        typed = {name: getattr(self, name) for name in ("q", "unit", "hall", "kind", "state")}
        return {name: value for name, value in typed.items() if value}


def asked(values: QueryDict, visit: Visit) -> Asked:
    """What an address or a form narrows the list to; what makes no sense narrows nothing."""
    text, unit = values.get("q", "").strip()[:200], values.get("unit", "").strip()[:300]
    hall, kind, state = values.get("hall", ""), values.get("kind", ""), values.get("state", "")
    return Asked(
        text,
        unit,
        hall if hall.isdecimal() and len(hall) < 9 else "",
        kind if kind in Kind.values else "",
        state if state in STATES else "used",
        people.key_of(visit.place, unit) if unit else "",
    )


class Chosen(NamedTuple):
    """Points in use that something is to be done to or that are to be printed, and the query that means them."""

    points: QuerySet[Point]
    query: str

    @property
    def mark(self) -> str:
        """Tells one choice of codes from another, so that a form sent twice does not replace the codes twice."""
        sums = self.points.aggregate(n=Count("pk"), numbers=Sum("number"), generations=Sum("generation"))
        return "-".join(str(one or 0) for one in sums.values())

    def fields(self) -> list[tuple[str, list[object]]]:
        """The query as the fields of a form."""
        return list(QueryDict(self.query).lists())


def chosen(values: QueryDict, visit: Visit) -> Chosen:
    """All points in use of the list, where `which` says so; else those that are ticked (`point`, their numbers)."""
    if values.get("which") == "all":
        told = asked(values, visit)
        pick = told.points(visit)._replace(state="used")
        return Chosen(queries.picked(visit.place, pick), _query(told.fields() | {"which": "all"}))
    ticked = [value for value in values.getlist("point") if value.isdecimal() and len(value) < 9]
    pick = queries.PointPick(numbers=frozenset(map(int, ticked)))
    return Chosen(queries.picked(visit.place, pick), _query({"point": ticked}))


def _query(values: Mapping[str, str | Sequence[str]]) -> str:
    found = QueryDict(mutable=True)
    for name, value in values.items():
        found.setlist(name, [value] if isinstance(value, str) else list(value))
    return found.urlencode()


def since(visit: Visit) -> date:
    """The first of the thirty days that pages of codes look back over."""
    return visit.now.astimezone(visit.place.zone).date() - LOOK_BACK
