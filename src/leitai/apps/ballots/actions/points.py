"""Points where verdicts are given: made, renamed, their codes replaced by newer ones, or taken down."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import F, Max
from django.db.models.functions import Coalesce

from leitai.apps.ledger.actions import UNCHANGED, Draft, action, nothing_new, record, record_many
from leitai.apps.ledger.errors import refuse
from leitai.rules.kernel import N_

from ..models import Point
from ..models.points import Kind

LAST_GENERATION = 255  # a code has eight bits for it
LAST_NUMBER = (1 << 23) - 1
BATCH = 1000


@dataclass(frozen=True, slots=True)
class PointDraft:
    """A point to be made. `unit` and `hall` are rows of the same place; at least one name."""

    unit: Any
    kind: str = Kind.UNIT.value
    name_zh: str = ""
    name_en: str = ""
    hall: Point | None = None


@action("points.added")
def add_points(*, place: Any, units: Sequence[Any], by: str, now: datetime) -> list[Point]:
    """One verdict point for each of these units that never had one: what was taken down stays down."""
    have = set(Point.objects.filter(place=place).values_list("unit_id", flat=True))
    fresh = [
        PointDraft(unit, name_zh=unit.name_zh, name_en=unit.name_en) for unit in units if unit.pk not in have
    ]
    return _add(place, fresh, by, now) if fresh else UNCHANGED


@action("points.added")
def put_points(*, place: Any, drafts: Sequence[PointDraft], by: str, now: datetime) -> list[Point]:
    """The points in use of these drafts, in their order; those that are not there yet are made.

    A point is known again by its unit, kind and (Chinese, else English) name; one that was taken down is not.
    Refused: `point-unit`, `point-kind`, `point-no-name`, `point-hall`, `points-full`.
    """
    halls = set(
        Point.objects.filter(place=place, kind=Kind.HALL, retired_at__isnull=True).values_list(
            "pk", flat=True
        )
    )
    clean = [_checked(place, draft, halls) for draft in drafts]
    wanted = {_known(draft) for draft in clean}
    in_use = Point.objects.filter(place=place, retired_at__isnull=True).iterator(BATCH)
    there = {_known(row): row for row in in_use if _known(row) in wanted}
    fresh: dict[tuple[int, str, str], PointDraft] = {}
    for draft in clean:
        if _known(draft) not in there:
            fresh.setdefault(_known(draft), draft)
    if fresh:
        there |= zip(fresh, _add(place, list(fresh.values()), by, now), strict=True)
    else:
        nothing_new()
    return [there[_known(draft)] for draft in clean]


def _known(one: Point | PointDraft) -> tuple[int, str, str]:
    """What a point in use is known again by."""
    return one.unit.pk if isinstance(one, PointDraft) else one.unit_id, one.kind, one.name_zh or one.name_en


def _checked(place: Any, draft: PointDraft, halls: Collection[int]) -> PointDraft:
    """The draft with tidy names; `halls` are those in use. Raises Refused."""
    names = [" ".join(name.split())[:200] for name in (draft.name_zh, draft.name_en)]
    if draft.unit.place_id != place.pk or not draft.unit.active:
        raise refuse("point-unit", N_("%(unit)s is no unit of this place."), unit=draft.unit.key)
    if draft.kind not in Kind.values:
        known = ", ".join(Kind.values)
        raise refuse(
            "point-kind", N_("A point is one of %(known)s, not “%(kind)s”."), known=known, kind=draft.kind
        )
    if not any(names):
        raise refuse("point-no-name", N_("A point has a name, in Chinese or in English."))
    if draft.hall is not None and (draft.kind == Kind.HALL or draft.hall.pk not in halls):
        raise refuse("point-hall", N_("A point lies in a service hall that is in use, and a hall in none."))
    return PointDraft(draft.unit, draft.kind, *names, draft.hall)


def _add(place: Any, drafts: Sequence[PointDraft], by: str, now: datetime) -> list[Point]:
    """New points with numbers of their own, and their one event, in the running transaction."""
    first = Point.objects.aggregate(top=Coalesce(Max("number"), 0))["top"] + 1
    if first + len(drafts) - 1 > LAST_NUMBER:
        raise refuse("points-full", N_("There are no numbers left for so many points."))
    rows = Point.objects.bulk_create(
        [
            Point(
                place=place,
                unit=draft.unit,
                kind=draft.kind,
                hall=draft.hall,
                number=number,
                name_zh=draft.name_zh,
                name_en=draft.name_en,
            )
            for number, draft in enumerate(drafts, first)
        ],
        batch_size=BATCH,
    )
    data = {"count": len(rows), "first": first}
    record(place=place, kind="points.added", by=by, now=now, subject=f"place:{place.key}", data=data)
    return rows


@action("point.renamed")
def rename_point(*, point: Point, name_zh: str, name_en: str, by: str, now: datetime) -> Point:
    """Call a point otherwise; its code stays the same. Refused: `point-no-name`, `point-taken-down`."""
    point = _in_use([point])[0]
    names = [" ".join(name.split())[:200] for name in (name_zh, name_en)]
    if not any(names):
        raise refuse("point-no-name", N_("A point has a name, in Chinese or in English."))
    if names == [point.name_zh, point.name_en]:
        return UNCHANGED
    data = {"from": {"zh": point.name_zh, "en": point.name_en}, "to": {"zh": names[0], "en": names[1]}}
    point.name_zh, point.name_en = names
    point.save(update_fields=["name_zh", "name_en"])
    record(
        place=point.place, kind="point.renamed", by=by, now=now, subject=f"point:{point.number}", data=data
    )
    return point


@action("points.rotated")
def rotate_points(*, points: Sequence[Point], by: str, now: datetime) -> list[Point]:
    """Give points of one place a newer code each: the older prints stop working at once, tickets do not.

    The event names the points as spans of numbers. Refused: `points-none`, `points-of-two-places`,
    `point-taken-down`, `point-worn-out`, and `points-changed` where one is no longer of the generation given.
    """
    rows = _in_use(points)
    seen = {point.pk: point.generation for point in points}
    if any(row.generation != seen[row.pk] for row in rows):
        raise refuse("points-changed", N_("Somebody changed these codes in the meantime; look again."))
    place = rows[0].place
    worn = [row for row in rows if row.generation >= LAST_GENERATION]
    if worn:
        message = N_(
            "The code of %(point)s has been replaced %(times)s times, as often as can be."
            " Take the point down and make a new one."
        )
        raise refuse("point-worn-out", message, point=worn[0].name, times=LAST_GENERATION)
    for start in range(0, len(rows), BATCH):
        batch = [row.pk for row in rows[start : start + BATCH]]
        Point.objects.filter(pk__in=batch).update(generation=F("generation") + 1)
    for row in rows:
        row.generation += 1
    data = {"count": len(rows), "points": _spans(row.number for row in rows)}
    record(place=place, kind="points.rotated", by=by, now=now, subject=f"place:{place.key}", data=data)
    return rows


@action("point.retired")
def retire_point(*, point: Point, by: str, now: datetime) -> Point:
    """Take a code down: whoever scans it from now on is told so."""
    if point.retired_at is not None:
        return UNCHANGED
    point.retired_at = now
    point.save()
    record(place=point.place, kind="point.retired", by=by, now=now, subject=f"point:{point.number}", data={})
    return point


@action("point.retired")
def retire_points(*, points: Sequence[Point], by: str, now: datetime) -> list[Point]:
    """Take the codes of points of one place down together; each has its event.

    Refused: `points-none`, `points-of-two-places`, `point-taken-down`.
    """
    rows = _in_use(points)
    for start in range(0, len(rows), BATCH):
        batch = [row.pk for row in rows[start : start + BATCH]]
        Point.objects.filter(pk__in=batch).update(retired_at=now)
    for row in rows:
        row.retired_at = now
    record_many(Draft(row.place_id, "point.retired", now, now, by, f"point:{row.number}", {}) for row in rows)
    return rows


def _in_use(points: Sequence[Point]) -> list[Point]:
    """The points as they are now, locked, by number. Raises Refused."""
    if not points:
        raise refuse("points-none", N_("Choose points first."))
    rows: list[Point] = []
    ids = sorted({point.pk for point in points})
    for start in range(0, len(ids), BATCH):
        found = Point.objects.select_for_update(of=("self",)).select_related("place", "unit")
        rows += found.filter(pk__in=ids[start : start + BATCH]).order_by("pk")
    if len({row.place_id for row in rows}) > 1:
        raise refuse("points-of-two-places", N_("These points belong to more than one place."))
    down = [row for row in rows if row.retired_at is not None]
    if down:
        raise refuse("point-taken-down", N_("%(point)s has been taken down already."), point=down[0].name)
    return sorted(rows, key=lambda row: row.number)


def _spans(numbers: Iterable[int]) -> list[list[int]]:
    """Ascending numbers as spans of neighbours: 3, 4, 5, 9 as [3, 5], [9, 9]."""
    runs = groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])
    found = [[number for _, number in run] for _, run in runs]
    return [[run[0], run[-1]] for run in found]
