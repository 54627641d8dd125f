"""Reading commitments: what was promised at a meeting, what the records say of it now, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from leitai.apps.ledger import queries as ledger
from leitai.apps.ledger.errors import Refused
from leitai.apps.measures import queries as measures
from leitai.apps.people import queries as people
from leitai.apps.people.access import PERMISSIONS
from leitai.apps.regimes import queries as regimes
from leitai.rules.cadence.commitments import Seen, Tested, judge_evidence, judge_figure
from leitai.rules.kernel import N_, Finding, Period, Text
from leitai.rules.regime.model import MeasureSpec

from ..models import Commitment, Occasion, Pack
from .planning import at_hand

_WITH = ("unit__parent", "occasion__place", "place", "again")


def commitment(place: Any, number: int) -> Commitment | None:
    """A commitment by its number."""
    return Commitment.objects.filter(place=place, pk=number).select_related(*_WITH).first()


def commitments_of(row: Occasion) -> list[Commitment]:
    """What was promised at a meeting, in the order in which it was noted."""
    return _here(row.place, Commitment.objects.filter(occasion=row).select_related(*_WITH).order_by("pk"))


def _here(place: Any, rows: Iterable[Commitment]) -> list[Commitment]:
    """Commitments sharing the place's row, with the rule-books that are read from it."""
    found = at_hand(place, rows)
    for row in found:
        row.place = place
    return found


def commitments_of_unit(unit: Any, limit: int = 50) -> list[Commitment]:
    """What a unit promised, the newest first."""
    rows = Commitment.objects.filter(unit=unit).select_related(*_WITH)
    return _here(unit.place, rows.order_by("-made_at")[:limit])


def all_commitments(place: Any, unit: str = "", limit: int = 300) -> list[Commitment]:
    """What was promised in a place, or by a unit: what is open by day, then what was tested, the newest first."""
    rows = Commitment.objects.filter(place=place).select_related(*_WITH)
    if unit:
        rows = rows.filter(unit__key=unit)
    waits = list(rows.filter(verdict="").order_by("due", "pk")[:limit])
    return _here(place, waits + list(rows.exclude(verdict="").order_by("-tested_at", "-pk")[:limit]))


def open_of(place: Any, units: Iterable[int], limit: int = 100) -> list[Commitment]:
    """What some units, by id, promised and was not tested yet, what is due first first."""
    rows = Commitment.objects.filter(place=place, unit__in=list(units), verdict="").select_related(*_WITH)
    return _here(place, rows.order_by("due", "pk")[:limit])


def promised_again(row: Commitment) -> Commitment | None:
    """The promise by which a unit made one again; None where it did not."""
    return Commitment.objects.filter(again=row).first()


def _of_kind(row: Occasion) -> QuerySet[Commitment]:
    """What was promised at meetings of the same occasion before this one."""
    rows = Commitment.objects.filter(place=row.place_id, occasion__key=row.key, occasion__at__lt=row.at)
    return rows.select_related(*_WITH)


def to_test(row: Occasion, now: datetime) -> list[Commitment]:
    """What is to be tested before a meeting: promised at one before it, its day over, and not tested yet."""
    zone = row.place.zone
    end = min(row.at.astimezone(zone).date(), now.astimezone(zone).date())
    return list(_of_kind(row).filter(verdict="", due__lt=end).order_by("pk"))


def still_open(row: Occasion, now: datetime) -> list[Commitment]:
    """What was promised before a meeting and whose day is not over at it, by day."""
    due = {one.pk for one in to_test(row, now)}
    return [one for one in _of_kind(row).filter(verdict="").order_by("due", "pk") if one.pk not in due]


def tested_since(row: Occasion) -> list[Commitment]:
    """What was tested since the last meeting of this occasion that had a pack; a test that was done again too."""
    rows = _of_kind(row).exclude(verdict="").order_by("pk")
    last = last_pack(row)
    return list(rows if last is None else rows.filter(tested_at__gt=last.made_at))


def last_pack(row: Occasion) -> Pack | None:
    """The pack of the newest meeting of the same occasion before this one that has one."""
    rows = Pack.objects.filter(occasion__place=row.place_id, occasion__key=row.key, occasion__at__lt=row.at)
    return rows.select_related("occasion").order_by("-occasion__at").first()


def is_tested(place: Any, unit: str, measure: str) -> bool:
    """Whether a promise of a unit, by its key, about a measure was tested."""
    rows = Commitment.objects.filter(place=place, unit__key=unit, measure=measure).exclude(verdict="")
    return rows.exists()


def tested_on(unit: Any, measure: str, period: Period) -> list[Commitment]:
    """Tested promises of a unit about a measure, of periods that hold a period or lie in it."""
    rows = Commitment.objects.filter(unit=unit, measure=measure).exclude(verdict="").select_related(*_WITH)
    return [row for row in rows if _overlap(Period.parse(row.period), period)]


def _overlap(one: Period, other: Period) -> bool:
    return one.first <= other.last and other.first <= one.last


def outlook(row: Commitment, sources: Any = None) -> Tested:
    """What a test would say of a promise now. `sources` are read once where several are asked."""
    if row.kind == "evidence":
        return judge_evidence(bool(row.evidence), row.accepted, row.accepted_why)
    seen = figure(row.unit, row.measure, Period.parse(row.period), sources)
    if isinstance(seen, Finding):
        return Tested("unknown", None, seen)
    assert row.target is not None
    return judge_figure(row.sense, row.target, seen)  # type: ignore[arg-type]


def measure_spec(place: Any, measure: str, period: Period) -> MeasureSpec | None:
    """What the rule-book that a period is judged by says of a measure."""
    return regimes.regime_on(place, period.last).measures.get(measure)


def measured_by(row: Commitment) -> MeasureSpec | None:
    """What the rule-book says of the measure that a promise is tested by; None where it is by evidence."""
    return measure_spec(row.place, row.measure, Period.parse(row.period)) if row.measure else None


def figure(unit: Any, measure: str, period: Period, sources: Any = None) -> Seen | Finding:
    """What the records say of a unit's figure over a period; a finding where they cannot be asked."""
    regime = regimes.regime_on(unit.place, period.last)
    spec = regime.measures.get(measure)
    if spec is None:
        message = N_("The rule-book has no measure “%(measure)s” any more.")
        return Finding("no-measure", message, values={"measure": measure})
    try:
        cell = measures.cells(sources or measures.Sources(unit.place), regime, measure, period, [unit])[
            unit.key
        ]
    except Refused as reason:
        return reason.finding
    few = spec.minimum is not None and cell.n is not None and cell.n < spec.minimum.n
    rate = is_rate(spec)
    sampled = rate and spec.from_.startswith("ballots.")
    # What came after its day says what it says: nobody turns "missed" into "cannot tell" by reporting late.
    state = "ok" if cell.state == "late" and _whole(unit, measure, spec, period) else cell.state
    seen = Seen(state, cell.value, cell.se if sampled else None, rate)
    return replace(seen, state="few") if few and seen.state == "ok" else seen


def _whole(unit: Any, measure: str, spec: MeasureSpec, period: Period) -> bool:
    """Whether a reported figure is there for every part of a period, and none of it is disputed."""
    periods = [one.key for one in period.within(spec.every)]
    rows = [row for row in measures.current(unit.place, measure, periods) if row.unit_id == unit.pk]
    return {row.period for row in rows} == set(periods) and all(row.state != "disputed" for row in rows)


def is_rate(spec: MeasureSpec) -> bool:
    """Whether a measure is a share of 1, which people write in per cent."""
    return spec.from_.endswith(("_rate", "_share", ".rate"))


@dataclass(frozen=True)
class LastValue:
    """A unit's own figure of a measure, of the newest period that has one: what a promise is held against."""

    period: Period
    seen: Seen
    name: Text
    unit: Text | None


def last_value(unit: Any, measure: str, day: date, back: int = 4) -> LastValue | None:
    """The newest figure of a unit before a day, looked for in the last so many periods; None where there is none."""
    spec = regimes.regime_on(unit.place, day).measures.get(measure)
    if spec is None:
        return None
    sources, period = measures.Sources(unit.place), Period.containing(spec.every, day)
    for _ in range(back):
        period = period.previous()
        seen = figure(unit, measure, period, sources)
        if isinstance(seen, Seen) and seen.value is not None:
            return LastValue(period, seen, spec.name, spec.unit)
    return None


@dataclass(frozen=True)
class Outcome:
    """One test of a promise, as the ledger has it."""

    at: datetime
    verdict: str
    why: str
    before: str


def tests(row: Commitment) -> list[Outcome]:
    """Every test of a promise, the first first: more than one where a figure was corrected after it."""
    found = []
    for event in ledger.road(row.place, f"commitment:{row.pk}"):
        if event.kind == "commitment.tested":
            said = ledger.data(event)
            found.append(
                Outcome(event.noted_at, said["commitment.verdict"], said["why"], said.get("before", ""))
            )
    return found


def chain(row: Commitment) -> list[Commitment]:
    """The same promise as often as it was made, this time first and then back to the first time."""
    found = [row]
    while found[-1].again is not None:
        found.append(found[-1].again)
    return found


def may_show(viewer: Any, row: Commitment) -> bool:
    """Whether a viewer may show what a unit promised to show."""
    return row.kind == "evidence" and not row.verdict and viewer.may("commitment.show", row.unit)


def may_accept(viewer: Any, row: Commitment) -> bool:
    """Whether a viewer may look at what was shown: of the office, not of the unit, and another than who showed it."""
    return (
        row.kind == "evidence"
        and bool(row.evidence)
        and row.accepted is None
        and viewer.may("commitment.note")
        and not viewer.may("commitment.show", row.unit)
        and viewer.name != row.evidence_by
    )


def to_show(viewer: Any, place: Any) -> list[Commitment]:
    """The promises of a viewer's units, and those below them, to show something that are not tested yet, by day."""
    rows = Commitment.objects.filter(place=place, verdict="", kind="evidence", evidence="")
    rows = rows.filter(unit_id__in=own_units(viewer, place, "commitment.show"))
    return _here(place, rows.select_related(*_WITH).order_by("due"))


def to_accept(place: Any) -> list[Commitment]:
    """What was shown and nobody has looked at, by day."""
    rows = Commitment.objects.filter(place=place, kind="evidence", accepted__isnull=True).exclude(evidence="")
    return _here(place, rows.select_related(*_WITH).order_by("due"))


def own_units(viewer: Any, place: Any, permission: str) -> frozenset[int]:
    """Ids of the units over which a permission is the viewer's by a post there or above."""
    roles = PERMISSIONS[permission][1]
    posted: Sequence[int] = [post.unit_id for post in viewer.posts if post.role in roles and post.unit_id]
    below = people.descendants(place) if posted else {}
    return frozenset().union(*(below[pk] for pk in posted))


def plain(value: Decimal | None) -> str | None:
    """A figure as a pack keeps it."""
    return None if value is None else f"{value.normalize():f}"
