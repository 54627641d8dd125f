"""From a scanned code to its point; the points of a place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from leitai.rules import ballots as core
from leitai.rules.kernel import N_, Finding

from ..keys import KEY_ID, signing_keys
from ..models import Point, Ticket


def code_of(point: Point) -> str:
    """The code on the wall at a point."""
    return core.make_code(signing_keys()[KEY_ID], KEY_ID, point.number, point.generation)


class UnitRef(NamedTuple):
    """What casting needs of a unit."""

    pk: int
    key: str
    kind: str


class Spot(NamedTuple):
    """What casting needs of a point; `place` is the place's id."""

    pk: int
    number: int
    place: int
    generation: int
    retired: bool
    unit: UnitRef


def token_of(ticket: Ticket) -> str:
    """The token of a ticket, as it is printed or sent."""
    return core.make_visit_token(signing_keys()[KEY_ID], KEY_ID, ticket.point.number, ticket.serial)


def read(text: str) -> core.Code | core.Visit | Finding:
    """What a scanned or typed text says: the code on a wall, or a ticket. Touches no database.

    Findings: those of `read_code`.
    """
    keys = signing_keys()
    ticket = core.read_visit_token(text, keys)
    if isinstance(ticket, core.Visit):
        return ticket
    code = core.read_code(text, keys)
    # A text of a ticket's length is judged as a ticket.
    return ticket if isinstance(code, Finding) and ticket.code != "code-malformed" else code


def spots(numbers: Iterable[int]) -> dict[int, Spot]:
    """The points of these numbers."""
    rows = Point.objects.filter(number__in=list(numbers)).values_list(
        "pk", "number", "place_id", "generation", "retired_at", "unit_id", "unit__key", "unit__kind"
    )
    return {row[1]: Spot(*row[:4], row[4] is not None, UnitRef(*row[5:])) for row in rows}


def in_use(code: core.Code | core.Visit, spot: Spot | None) -> Spot | Finding:
    """The point, where the code is the one in use there. A ticket outlives the code on the wall, but not its point.

    Findings: `code-unknown`, `code-retired`.
    """
    if spot is None:
        return Finding("code-unknown", N_("This code belongs to no place known here."))
    if spot.retired or (isinstance(code, core.Code) and code.generation != spot.generation):
        return Finding("code-retired", N_("This code has been taken down; there is a newer one."))
    return spot


@dataclass(frozen=True)
class Scanned:
    """A scanned text: its point, if there is one (also of a code no longer in use), its ticket if it has one.

    `finding`: why no verdict can be given with it. `claimed`: the number of the point that a bad code claims.
    """

    point: Point | None
    serial: int | None
    finding: Finding | None
    claimed: int = 0


def scanned(text: str) -> Scanned:
    """What a person's scan leads to."""
    code = read(text)
    if isinstance(code, Finding):
        return Scanned(None, None, code, int(str(code.values.get("point", 0))))
    serial = code.serial if isinstance(code, core.Visit) else None
    spot = spots([code.point]).get(code.point)
    found = in_use(code, spot)
    point = Point.objects.select_related("place", "unit").get(pk=spot.pk) if spot is not None else None
    return Scanned(point, serial, found if isinstance(found, Finding) else None, code.point)


def points(place: Any, unit: Any | None = None) -> list[Point]:
    """The points of a place, or of one unit."""
    rows = (
        Point.objects.filter(place=place, retired_at__isnull=True).select_related("unit").order_by("number")
    )
    return list(rows.filter(unit=unit) if unit is not None else rows)


def points_of(place: Any, text: str) -> QuerySet[Point]:
    """The points in use of units whose name or key holds `text`, by number."""
    rows = (
        Point.objects.filter(place=place, retired_at__isnull=True).select_related("unit").order_by("number")
    )
    if text:
        named = (
            Q(unit__name_zh__icontains=text) | Q(unit__name_en__icontains=text) | Q(unit__key__icontains=text)
        )
        rows = rows.filter(named)
    return rows
