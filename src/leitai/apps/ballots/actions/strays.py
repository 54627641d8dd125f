"""Scans of codes that are refused: a code painted over, hung in front or left hanging shows itself by being scanned.

Doctored codes were hung over real ones where clerks were afraid of what citizens would say; whoever scans one
must be told, and so must the office. A scan is counted in a row of its day, and only the first of the day is
told to the ledger, so that a flood fills nothing. A point that an unsigned code merely claims may be made up:
it is believed only where it exists, and of so many points a day; what is beyond is counted together. Counting ends
at so many a day, so that a flood does not keep the disk from verdicts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db.models import F

from leitai.apps.ledger.actions import action, nothing_new, record
from leitai.apps.people import queries as people

from ..models import Point, Stray
from ..models.points import Oddity
from ..queries.points import Scanned

ODDITIES = {"code-retired": Oddity.RETIRED, "code-unknown": Oddity.UNKNOWN, "code-malformed": Oddity.UNKNOWN}
CLAIMED_A_DAY = 200  # points of a place that altered codes are told apart by, in a day
COUNTED_A_DAY = 1000  # scans of one row; that they were many is known by then


@action("code.refused")
def note_stray(*, scan: Scanned, by: str, now: datetime) -> Stray:
    """Count one scan that was refused; see `note_strays`."""
    (row,) = _note([scan], by, now)
    return row


@action("code.refused")
def note_strays(*, scans: Sequence[Scanned], by: str, now: datetime) -> list[Stray]:
    """Count scans that were refused: by place, oddity, point and day; the first of each in a day leaves an event,
    and those beyond `COUNTED_A_DAY` nothing more.

    A scan belongs to the place of the point that it claims, else to the only place there is, else to none, which
    leaves a row without an event. `now` is the clock's: the place, and with it its present, is found here.
    Raises ValueError for a scan that nothing is wrong with.
    """
    return _note(scans, by, now)


class _Claim(NamedTuple):
    """Where a refused scan belongs."""

    place: Any
    kind: Oddity
    point: Point | None
    number: int


def _note(scans: Sequence[Scanned], by: str, now: datetime) -> list[Stray]:
    nothing_new()  # true unless one of them is the first of its day
    return [_count(_claim(scan), by, now) for scan in scans]


def _claim(scan: Scanned) -> _Claim:
    if scan.finding is None:
        raise ValueError("a scan that nothing is wrong with is not stray")
    kind = ODDITIES.get(scan.finding.code, Oddity.ALTERED)
    point = scan.point
    if point is None and kind == Oddity.ALTERED and scan.claimed:
        point = Point.objects.select_related("place", "unit").filter(number=scan.claimed).first()
    if point is not None:
        return _Claim(point.place, kind, point, point.number)
    places = people.places()
    number = scan.claimed if kind == Oddity.UNKNOWN else 0  # such a code is signed: its number is not made up
    return _Claim(places[0] if len(places) == 1 else None, kind, None, number)


def _count(claim: _Claim, by: str, now: datetime) -> Stray:
    place = claim.place
    present = place.now(now) if place is not None else now
    day = present.astimezone(place.zone if place is not None else UTC).date()
    today = Stray.objects.filter(place=place, kind=claim.kind, day=day)
    if not today.filter(number=claim.number).exists() and claim.kind == Oddity.ALTERED:
        if today.exclude(number=0).count() >= CLAIMED_A_DAY:
            claim = claim._replace(point=None, number=0)
    row, fresh = Stray.objects.get_or_create(
        place=place,
        kind=claim.kind,
        number=claim.number,
        day=day,
        defaults={"first_at": present, "last_at": present},
    )
    if not fresh:
        counting = Stray.objects.filter(pk=row.pk, count__lt=COUNTED_A_DAY)
        if row.count < COUNTED_A_DAY and counting.update(count=F("count") + 1, last_at=present):
            row.refresh_from_db(fields=["count", "last_at"])
    elif place is not None:
        record(
            place=place,
            kind="code.refused",
            by=by,
            now=present,
            subject=f"point:{claim.number}" if claim.number else f"place:{place.key}",
            data=_facts(claim),
        )
    return row


def _facts(claim: _Claim) -> dict[str, Any]:
    facts: dict[str, Any] = {"code.oddity": claim.kind.value}
    if claim.point is not None:
        facts |= {"unit.key": claim.point.unit.key, "unit.kind": claim.point.unit.kind}
    return facts
