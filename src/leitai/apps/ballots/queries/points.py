"""From a scanned code to its point; the points of a place."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet, Sum

from leitai.apps.people import queries as people
from leitai.rules import ballots as core
from leitai.rules.kernel import N_, Finding

from ..keys import KEY_ID, signing_keys
from ..models import Point, Stray, Tally, Ticket
from ..models.points import Kind

_POINT, _UNIT = Point._meta.db_table, Point._meta.get_field("unit").related_model._meta.db_table


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
    wanted = list(numbers)
    if not wanted:
        return {}
    # By hand, because the ballot door asks for every batch: the ORM takes ten times as long as the database.
    columns = "p.id, p.number, p.place_id, p.generation, p.retired_at IS NOT NULL, u.id, u.key, u.kind"
    marks = ", ".join(["%s"] * len(wanted))
    sql = f"SELECT {columns} FROM {_POINT} p JOIN {_UNIT} u ON u.id = p.unit_id WHERE p.number IN ({marks})"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, wanted)
        return {row[1]: Spot(*row[:4], bool(row[4]), UnitRef(*row[5:])) for row in cursor.fetchall()}


def in_use(code: core.Code | core.Visit, spot: Spot | None) -> Spot | Finding:
    """The point, where the code is the one in use there. A ticket outlives the code on the wall, but not its point.

    Findings: `code-unknown`, `code-retired`.
    """
    if spot is None:
        return Finding("code-unknown", N_("This code belongs to no place known here."))
    if spot.retired:
        return Finding("code-retired", N_("This code has been taken down."))
    if isinstance(code, core.Code) and code.generation != spot.generation:
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
    return picked(place, PointPick(text=text))


class PointPick(NamedTuple):
    """Which points of a place are meant; what is empty narrows nothing.

    text: part of the point's or its unit's name, or the unit's key. unit: a unit's key, for it and all below.
    hall: a hall's number, for it and what lies in it. state: `used`, `retired`, or "" for both.
    numbers: exactly these points; None for any.
    """

    text: str = ""
    unit: str = ""
    hall: int | None = None
    kind: str = ""
    state: str = "used"
    numbers: Collection[int] | None = None


def picked(place: Any, pick: PointPick) -> QuerySet[Point]:
    """The points that are meant, by number, with their units and halls."""
    rows = Point.objects.filter(place=place).select_related("unit", "hall").order_by("number")
    if pick.text:
        fields = ("name_zh", "name_en", "unit__name_zh", "unit__name_en", "unit__key")
        named = Q()
        for field in fields:
            named |= Q(**{f"{field}__icontains": pick.text})
        rows = rows.filter(named)
    if pick.unit:
        top = people.unit(place, pick.unit)
        rows = rows.filter(unit__in=people.descendants(place)[top.pk]) if top else rows.none()
    if pick.hall is not None:
        rows = rows.filter(Q(number=pick.hall) | Q(hall__number=pick.hall))
    if pick.kind:
        rows = rows.filter(kind=pick.kind)
    if pick.state:
        rows = rows.filter(retired_at__isnull=pick.state == "used")
    return rows if pick.numbers is None else rows.filter(number__in=list(pick.numbers))


def halls(place: Any) -> list[Point]:
    """The service halls of a place in use, by number."""
    return list(picked(place, PointPick(kind=Kind.HALL.value)))


def without_point(place: Any, above: str = "") -> list[Any]:
    """The units that have no point in use, by key; those at or below the unit whose key is `above`."""
    units = people.units(place).exclude(pk__in=picked(place, PointPick()).values("unit"))
    if above:
        top = people.unit(place, above)
        units = units.filter(pk__in=people.descendants(place)[top.pk]) if top else units.none()
    return list(units)


def verdicts_at(place: Any, points: Iterable[Point], since: date) -> dict[int, int]:
    """How many verdicts were given at each of these points since a day, by number; also those set aside."""
    rows = list(points)
    found = Tally.objects.filter(
        place=place,
        unit__in={row.unit_id for row in rows},
        point__in={row.number for row in rows},
        day__gte=since,
    )
    return dict(found.values_list("point").annotate(n=Sum("n")))


def strays_at(place: Any, since: date, numbers: Iterable[int] | None = None) -> dict[int, dict[str, int]]:
    """How many scans were refused since a day, by the point that the code claims (0: none) and by oddity.

    numbers: of these points alone.
    """
    rows = Stray.objects.filter(place=place, day__gte=since)
    if numbers is not None:
        rows = rows.filter(number__in=list(numbers))
    found: dict[int, dict[str, int]] = {}
    for number, kind, count in rows.values_list("number", "kind").annotate(n=Sum("count")):
        found.setdefault(number, {})[kind] = count
    return found
