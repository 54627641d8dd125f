"""Reading slips and breaches: what was given to whom and why, and which limits were broken, by unit, kind and time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from leitai.apps.people import queries as people
from leitai.apps.people.access import PERMISSIONS
from leitai.rules import casework as core
from leitai.rules.kernel import Period, Text

from ..models import Case, Clock, Slip
from .cases import clock_label, said, spec_of
from .charged import unit_at_due
from .desks import reach

TO = {
    "unit": _("the responsible unit"),
    "head": _("the unit's head"),
    "leader": _("the leader in charge"),
    "office": _("the supervision office"),
}
# A run that was laid down with its case was neither kept nor missed.
_BROKEN = Q(breached_at__isnull=False) & ~Q(void_why="set-aside")

_UNIT = ("unit__key", "unit__name_zh", "unit__name_en")


@dataclass(frozen=True)
class SlipView:
    """A slip in a list: its year and number, the kind of its case, the limit it was given on, whether to sign for."""

    row: Slip
    year: int
    kind: Text
    clock: Text
    colour: Text
    to: Any
    signs: bool


@dataclass(frozen=True)
class Document:
    """A slip as it is printed: the limit and where it is written, what was promised, how late it was when given."""

    view: SlipView
    within: str
    name: Text | None
    source: str
    promised: dict[str, str]
    seconds_late: int


@dataclass(frozen=True)
class Breach:
    """A broken limit: `seconds` late until it was met or the run ended, or until now; `open` where it still runs.

    `unit` is the one that had the case when it fell due, None where none had.
    """

    row: Clock
    unit: Any
    kind: Text
    clock: Text
    seconds: int
    open: bool


@dataclass
class Tally:
    """What a unit broke in a period: limits, those still open, and the slips it was given, by colour.

    `key` is "" for what no unit has yet.
    """

    key: str
    name: Text | None
    breaches: int = 0
    open: int = 0
    slips: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Narrow:
    """What a list of breaches or slips is narrowed to; what is empty narrows nothing."""

    period: Period | None = None
    unit: str = ""
    kind: str = ""
    colour: str = ""
    unsigned: bool = False


def slips_of_case(case: Case, viewer: Any) -> list[SlipView]:
    """The slips given on a case, the gravest last."""
    rows = case.slips.select_related("clock", "unit__parent").order_by("at", "id")
    return [_view(row, case, viewer) for row in rows]


def slip(place: Any, number: int) -> Slip | None:
    """A slip by its number, with its case."""
    names = ("case__place", "case__unit__parent", "case__first_unit__parent", "clock", "unit__parent")
    return Slip.objects.filter(place=place, pk=number).select_related(*names, "case__enterprise").first()


def slips(viewer: Any, place: Any, asked: Narrow) -> QuerySet[Slip]:
    """The slips a viewer may look at, the newest first: all of the place, or those given to their units."""
    rows = Slip.objects.filter(place=place)
    if not viewer.roles & PERMISSIONS["case.see"][0]:
        units = reach(viewer, "case.see", people.descendants(place))
        rows = rows.filter(Q(unit_id__in=units) | Q(case__unit_id__in=units))
    if asked.period is not None:
        start, end = asked.period.bounds(place.zone)
        rows = rows.filter(at__gte=start, at__lt=end)
    for column, wanted in (("unit__key", asked.unit), ("case__kind", asked.kind), ("colour", asked.colour)):
        if wanted:
            rows = rows.filter(**{column: wanted})
    if asked.unsigned:
        rows = rows.filter(seen_at__isnull=True)
    names = ("case__place", "case__unit__parent", "clock", "unit__parent")
    return rows.select_related(*names).order_by("-at", "-id")


def views_of(rows: Any, viewer: Any, place: Any) -> list[SlipView]:
    """Slips of several cases, ready to be shown."""
    found = []
    for row in rows:
        row.case.place = place  # one object, so that its rule-books are read once
        found.append(_view(row, row.case, viewer))
    return found


def _view(row: Slip, case: Case, viewer: Any) -> SlipView:
    return SlipView(
        row,
        row.at.astimezone(case.place.zone).year,
        spec_of(case).name,
        clock_label(case, row.clock.key),
        core.COLOURS[row.colour],
        TO[row.to],
        may_sign(row, viewer),
    )


def may_sign(row: Slip, viewer: Any) -> bool:
    """Whether a slip is the viewer's to sign for: of their unit, or the office's, or a leader's."""
    if row.seen_at is not None:
        return False
    if row.to in ("unit", "head"):
        return row.unit is not None and viewer.may("case.work", row.unit)
    return viewer.may("case.run") if row.to == "office" else "leader" in viewer.roles


def document(row: Slip, viewer: Any) -> Document:
    """A slip with everything that is printed on it."""
    case = row.case
    limit = spec_of(case).clocks.get(row.clock.key)
    rung = limit.slips[row.rung - 1] if limit is not None and row.rung <= len(limit.slips) else None
    sources = (rung.source if rung else "", limit.source if limit else "", spec_of(case).source)
    due = row.clock.due_at
    return Document(
        _view(row, case, viewer),
        row.clock.within,
        rung.name if rung is not None else None,
        next((one for one in sources if one), ""),
        said(case, "reply"),
        max(0, int((row.at - due).total_seconds())),
    )


def breaches(viewer: Any, place: Any, asked: Narrow) -> QuerySet[Clock]:
    """The limits that were broken, the newest first: all of the place, or those that the viewer's units broke.

    Each row's `charged` is the id of the unit that had the case when it fell due.
    """
    rows = Clock.objects.filter(_BROKEN, case__place=place).annotate(charged=unit_at_due("case__"))
    if not viewer.roles & PERMISSIONS["case.see"][0]:
        rows = rows.filter(charged__in=reach(viewer, "case.see", people.descendants(place)))
    if asked.period is not None:
        start, end = asked.period.bounds(place.zone)
        rows = rows.filter(breached_at__gte=start, breached_at__lt=end)
    if asked.unit:
        rows = rows.filter(charged=people.keys(place).get(asked.unit, 0))
    for column, wanted in (("case__kind", asked.kind), ("case__slip", asked.colour)):
        if wanted:
            rows = rows.filter(**{column: wanted})
    return rows.select_related("case__place", "case__unit", "case__enterprise").order_by(
        "-breached_at", "-id"
    )


def breach_views(rows: Any, place: Any, now: datetime) -> list[Breach]:
    """Broken limits, ready to be shown."""
    found, rows = [], list(rows)
    units = place.units.in_bulk({row.charged for row in rows} - {None})
    for row in rows:
        row.case.place = place
        runs = row.met_at is None and row.void_at is None
        late = ((row.met_at or row.void_at or now) - row.due_at).total_seconds()
        label = clock_label(row.case, row.key)
        unit = units.get(row.charged)
        found.append(Breach(row, unit, spec_of(row.case).name, label, max(0, int(late)), runs))
    return found


def tallies(viewer: Any, place: Any, asked: Narrow) -> list[Tally]:
    """Breaches and slips by unit, those with most breaches first."""
    running = Q(met_at__isnull=True, void_at__isnull=True)
    found: dict[str, Tally] = {}
    broken = breaches(viewer, place, asked).order_by().values_list("charged")
    counts = list(broken.annotate(n=Count("pk"), left=Count("pk", filter=running)))
    units = place.units.in_bulk({pk for pk, *_ in counts} - {None})
    for pk, n, left in counts:
        unit = units.get(pk)
        tally = _tally(found, *((unit.key, unit.name_zh, unit.name_en) if unit else (None, None, None)))
        tally.breaches, tally.open = n, left
    given = slips(viewer, place, asked).order_by().values_list(*_UNIT, "colour").annotate(n=Count("pk"))
    for key, zh, en, colour, n in given:
        _tally(found, key, zh, en).slips[colour] += n
    return sorted(found.values(), key=lambda one: (-one.breaches, -sum(one.slips.values()), one.key))


def _tally(found: dict[str, Tally], key: str | None, zh: str | None, en: str | None) -> Tally:
    return found.setdefault(key or "", Tally(key or "", Text(zh=zh or "", en=en or "") if key else None))


def kinds_broken(viewer: Any, place: Any, asked: Narrow) -> list[tuple[str, Text, int]]:
    """Breaches by kind of case, with what the newest such case's rule-book calls it."""
    rows = breaches(viewer, place, asked).order_by().values("case__kind").annotate(n=Count("pk"))
    found = []
    for row in rows.order_by("case__kind"):
        one = (
            Case.objects.filter(place=place, kind=row["case__kind"])
            .select_related("place")
            .latest("opened_at")
        )
        found.append((row["case__kind"], spec_of(one).name, row["n"]))
    return sorted(found, key=lambda one: (-one[2], one[1].show(get_language() or "zh-hans")))
