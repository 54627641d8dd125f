"""Reading verdicts: from a scanned code to its point, from a receipt to its verdict, rates with how sure they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from leitai.apps.ledger import queries as ledger
from leitai.apps.regimes import queries as regimes
from leitai.rules import ballots as core
from leitai.rules.kernel import N_, Finding, Period
from leitai.rules.ledger import canonical, digest
from leitai.rules.scoring import wilson

from .keys import KEY_ID, signing_keys, unseal
from .models import Ballot, Point, Standing, Words


def code_of(point: Point) -> str:
    """The code on the wall at a point."""
    return core.make_code(signing_keys()[KEY_ID], KEY_ID, point.number, point.generation)


def point_of(text: str) -> tuple[Point | None, Finding | None]:
    """The point a scanned code belongs to, or why there is none; for a retired code both."""
    code = core.read_code(text, signing_keys())
    if isinstance(code, Finding):
        return None, code
    point = Point.objects.filter(number=code.point).select_related("place", "unit").first()
    if point is None:
        return None, Finding("code-unknown", N_("This code belongs to no place known here."))
    if point.retired_at is not None or point.generation != code.generation:
        return point, Finding("code-retired", N_("This code has been taken down; there is a newer one."))
    return point, None


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


def by_receipt(text: str) -> Ballot | None:
    """The verdict of a receipt as a person types it."""
    number = core.parse_receipt(text)
    if isinstance(number, Finding):
        return None
    code = core.receipt_code(number)
    return Ballot.objects.filter(receipt=code).select_related("place", "unit", "point").first()


def by_subject(place: Any, subject: str) -> Ballot | None:
    """The verdict that an event names ("ballot:12"), or None where it names something else."""
    what, _, number = subject.partition(":")
    if what != "ballot" or not number.isdigit():
        return None
    return Ballot.objects.filter(place=place, pk=int(number)).select_related("place", "unit").first()


def scale(place: Any, day: date) -> core.Scale:
    """The grades that a place asks for on a day."""
    return core.scale_of(regimes.regime_on(place, day).ballots.grades)


def has_words(ballot: Ballot) -> bool:
    """Whether the citizen added something."""
    return Words.objects.filter(ballot=ballot).exists()


def words(ballot: Ballot) -> tuple[list[str], str, str]:
    """Reasons, words and phone that the citizen added; for those with the permission `ballot.words` only."""
    row = Words.objects.filter(ballot=ballot).first()
    if row is None:
        return [], "", ""
    said = unseal(row.sealed)
    return list(row.reasons), said["words"], said["phone"]


def road(ballot: Ballot) -> list[Any]:
    """Everything that happened to a verdict."""
    return ledger.road(ballot.place, f"ballot:{ballot.pk}")


def waiting(place: Any, text: str = "") -> QuerySet[Ballot]:
    """Bad verdicts that nobody has verified yet, the oldest first, of units whose name or key holds `text`.

    Imported ones are another system's affair.
    """
    rows = Ballot.objects.filter(place=place, bad=True, standing=Standing.COUNTED, source="")
    if text:
        named = (
            Q(unit__name_zh__icontains=text) | Q(unit__name_en__icontains=text) | Q(unit__key__icontains=text)
        )
        rows = rows.filter(named)
    return rows.select_related("unit", "point").order_by("cast_at", "id")


@dataclass(frozen=True)
class TallyView:
    """Verdicts of a span: counted, bad among them, found true, set aside; the bad share with its 95 % interval.

    `few`: fewer than the rule-book's minimum, so that the share is not to be shown as a rate.
    """

    n: int
    bad: int
    upheld: int
    aside: int
    share: float | None
    low: float
    high: float
    few: bool


def _view(n: int, bad: int, upheld: int, aside: int, minimum: int) -> TallyView:
    low, high = wilson(bad, n) if n else (0.0, 1.0)
    return TallyView(n, bad, upheld, aside, bad / n if n else None, low, high, core.too_few(n, minimum))


_COUNTS = {
    "n": Count("id", filter=~Q(standing=Standing.SET_ASIDE)),
    "bad": Count("id", filter=Q(bad=True) & ~Q(standing=Standing.SET_ASIDE)),
    "upheld": Count("id", filter=Q(standing=Standing.UPHELD)),
    "aside": Count("id", filter=Q(standing=Standing.SET_ASIDE)),
}


def rate(unit: Any, start: datetime, end: datetime) -> TallyView:
    """A unit's verdicts in [start, end), UTC."""
    found = Ballot.objects.filter(unit=unit, cast_at__gte=start, cast_at__lt=end).aggregate(**_COUNTS)
    return _view(**found, minimum=_minimum(unit.place, end))


def totals(place: Any, start: datetime, end: datetime) -> TallyView:
    """All verdicts of a place in [start, end), UTC."""
    found = Ballot.objects.filter(place=place, cast_at__gte=start, cast_at__lt=end).aggregate(**_COUNTS)
    return _view(**found, minimum=_minimum(place, end))


def series(unit: Any, months: Sequence[Period]) -> list[TallyView]:
    """A unit's verdicts month by month."""
    if not months:
        return []
    zone = unit.place.zone
    start, end = months[0].bounds(zone)[0], months[-1].bounds(zone)[1]
    rows = Ballot.objects.filter(unit=unit, cast_at__gte=start, cast_at__lt=end)
    counts = {month: [0, 0, 0, 0] for month in months}
    kind = months[0].kind
    for at, bad, standing in rows.values_list("cast_at", "bad", "standing"):
        found = counts.get(Period.containing(kind, at.astimezone(zone).date()))
        if found is None:
            continue
        aside = standing == Standing.SET_ASIDE
        found[0] += not aside
        found[1] += bad and not aside
        found[2] += standing == Standing.UPHELD
        found[3] += aside
    minimum = _minimum(unit.place, end)
    return [_view(*counts[month], minimum=minimum) for month in months]


def _minimum(place: Any, end: datetime) -> int:
    day = (end - timedelta(seconds=1)).astimezone(place.zone).date()
    return regimes.regime_on(place, day).ballots.minimum


def counts_by_unit(place: Any, start: datetime, end: datetime) -> dict[int, tuple[int, int, int]]:
    """(counted, bad, found true) by unit id, of verdicts in [start, end)."""
    rows = (
        Ballot.objects.filter(place=place, cast_at__gte=start, cast_at__lt=end)
        .values("unit_id")
        .annotate(n=_COUNTS["n"], nbad=_COUNTS["bad"], nupheld=_COUNTS["upheld"])
    )
    return {row["unit_id"]: (row["n"], row["nbad"], row["nupheld"]) for row in rows}


def upheld(place: Any, start: datetime, end: datetime, limit: int = 20) -> list[Ballot]:
    """Bad verdicts found true, the newest first."""
    rows = Ballot.objects.filter(place=place, standing=Standing.UPHELD, cast_at__gte=start, cast_at__lt=end)
    return list(rows.select_related("unit").order_by("-cast_at")[:limit])


def as_kept(place: Any) -> dict[int, tuple[str, str, str, str]]:
    """(grade, unit, instant, standing) of each verdict that was cast here, by number; for the audit."""
    rows = Ballot.objects.filter(place=place, source="").values_list(
        "pk", "grade", "unit__key", "cast_at", "standing"
    )
    return {
        pk: (grade, unit, at.isoformat(), standing) for pk, grade, unit, at, standing in rows.iterator(5000)
    }


def batch_digest(rows: Iterable[tuple[str, int, str, datetime, str]]) -> str:
    """What an imported batch is known by: (source id, unit, grade, instant, standing) of each verdict, in order."""
    return digest(canonical([list(row) for row in rows]))


def batch_holds(place: Any, batch: str, decided: Collection[int]) -> bool:
    """Whether the verdicts of an imported batch are what its digest says; `decided` were verified here later."""
    rows = Ballot.objects.filter(place=place, batch=batch).order_by("id")
    found = rows.values_list("source_id", "unit_id", "grade", "cast_at", "standing", "pk")
    said = (
        (*row[:4], Standing.COUNTED.value if row[5] in decided else row[4]) for row in found.iterator(5000)
    )
    return batch_digest(said) == batch
