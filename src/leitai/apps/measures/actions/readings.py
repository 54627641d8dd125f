"""Writing readings: reported, verified, corrected. A correction replaces and never overwrites."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from leitai.apps.ledger.actions import UNCHANGED, action, record
from leitai.apps.ledger.errors import refuse
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import N_, Period, nearest
from leitai.rules.ledger import canonical, digest
from leitai.ui import words

from .. import queries
from ..models import Reading, ReadingState


@action("reading.reported")
def report(
    *,
    unit: Any,
    measure: str,
    period: Period,
    value: Decimal | None = None,
    numerator: Decimal | None = None,
    denominator: Decimal | None = None,
    target: Decimal | None = None,
    by: str,
    now: datetime,
) -> Reading:
    """Report a figure for a period that has begun. Raises Refused where one stands already.

    It is late after the measure's `within` from the period's end, where the rule-book states one.
    """
    regime = regimes.regime_on(unit.place, period.last)
    if measure not in regime.measures:
        raise refuse(
            "unknown-measure",
            N_("The rule-book has no measure %(key)s; the nearest is %(near)s."),
            key=measure,
            near=nearest(measure, regime.measures) or "-",
        )
    spec = regime.measures[measure]
    if spec.from_ not in ("reported", "readings.rate"):
        raise refuse(
            "computed", N_("%(key)s is computed from records that exist; nobody reports it."), key=measure
        )
    if period.kind != spec.every:
        raise refuse(
            "other-period",
            N_("%(key)s is reported for a %(every)s; %(period)s is a %(kind)s."),
            key=measure,
            every=words.period_kind(spec.every),
            period=period.key,
            kind=words.period_kind(period.kind),
        )
    start, _end = period.bounds(unit.place.zone)
    last = queries.due_at(regime, spec, period, unit.place.zone)
    late = last is not None and now > last
    if now < start:
        raise refuse("period-to-come", N_("%(period)s has not begun."), period=period.key)
    if Reading.objects.filter(
        unit=unit, measure=measure, period=period.key, replaced_by__isnull=True
    ).exists():
        raise refuse(
            "reported-already", N_("This figure was reported already; correct it instead, with a reason.")
        )
    _check_value(value, numerator, denominator)
    if target is not None:
        _check_target(unit, measure, period, target)
    row = Reading.objects.create(
        place=unit.place,
        unit=unit,
        measure=measure,
        period=period.key,
        value=value,
        numerator=numerator,
        denominator=denominator,
        target=target,
        late=late,
        reported_at=now,
        reported_by=by,
    )
    _record(row, "reading.reported", by=by, now=now, late=late)
    return row


@action("reading.corrected")
def correct(
    *,
    reading: Reading,
    value: Decimal | None = None,
    numerator: Decimal | None = None,
    denominator: Decimal | None = None,
    why: str,
    by: str,
    now: datetime,
) -> Reading:
    """Replace a reading by a right one; the drive corrects the published tables that used the old one."""
    if not why.strip():
        raise refuse("no-reason", N_("Say why the figure is corrected."))
    if Reading.objects.filter(replaces=reading).exists():
        raise refuse("corrected-already", N_("This reading was corrected already."))
    _check_value(value, numerator, denominator)
    row = Reading.objects.create(
        place=reading.place,
        unit=reading.unit,
        measure=reading.measure,
        period=reading.period,
        value=value,
        numerator=numerator,
        denominator=denominator,
        target=reading.target,
        late=reading.late,
        replaces=reading,
        reported_at=now,
        reported_by=by,
    )
    dispute = queries.open_dispute(reading)
    if dispute is not None:
        dispute.close(upheld=True, answer=why, by=by, now=now)
        dispute.save()
    _record(row, "reading.corrected", by=by, now=now, why=why.strip()[:300], replaces=reading.pk)
    return row


@action("reading.verified")
def verify(*, reading: Reading, by: str, now: datetime) -> Reading:
    """The office has checked a figure against its evidence."""
    if reading.state == ReadingState.VERIFIED:
        return UNCHANGED
    if reading.state == ReadingState.DISPUTED:
        raise refuse("disputed", N_("This figure is disputed; answer that, or correct it, first."))
    reading.state = ReadingState.VERIFIED
    reading.save()
    _record(reading, "reading.verified", by=by, now=now)
    return reading


@dataclass(frozen=True)
class ReadingRecord:
    """A reading as another system kept it: a value, or a numerator and a denominator."""

    source_id: str
    unit_id: int
    measure: str
    period: str
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    target: Decimal | None = None


@action("readings.imported")
def import_readings(
    *, place: Any, source: str, records: Sequence[ReadingRecord], by: str, now: datetime
) -> int:
    """Take a batch of readings; those already here by source id are left alone. Returns how many.

    Several readings of one unit, measure and period are parts that add up.
    """
    # `exclude` says again what the index is limited to; without it no database uses the index.
    known = set(
        Reading.objects.filter(place=place, source=source, source_id__in=[one.source_id for one in records])
        .exclude(source_id="")
        .values_list("source_id", flat=True)
    )
    # A figure that the unit reported by hand stands; an import does not add to it.
    stated = set(
        Reading.objects.filter(
            place=place, source="", replaced_by__isnull=True, period__in={one.period for one in records}
        ).values_list("unit_id", "measure", "period")
    )
    fresh = [
        one
        for one in records
        if one.source_id not in known and (one.unit_id, one.measure, one.period) not in stated
    ]
    if not fresh:
        return UNCHANGED
    Reading.objects.bulk_create(
        [
            Reading(
                place=place,
                unit_id=one.unit_id,
                measure=one.measure,
                period=one.period,
                value=one.value,
                numerator=one.numerator,
                denominator=one.denominator,
                target=one.target,
                reported_at=now,
                reported_by=by,
                source=source,
                source_id=one.source_id,
            )
            for one in fresh
        ],
        batch_size=1000,
    )
    record(
        place=place,
        kind="readings.imported",
        by=by,
        now=now,
        subject=f"source:{source}",
        data={
            "count": len(fresh),
            "first": fresh[0].source_id,
            "last": fresh[-1].source_id,
            "digest": digest(
                canonical(
                    [
                        [r.source_id, r.measure, r.period, r.value, r.numerator, r.denominator, r.target]
                        for r in fresh
                    ]
                )
            ),
        },
    )
    return len(fresh)


def _check_target(unit: Any, measure: str, period: Period, target: Decimal) -> None:
    """That a report states no target of its own where a letter states one."""
    term = queries.standing_term(unit, measure, period.key)
    if term is not None and term.target != target:
        raise refuse(
            "target-in-letter",
            N_("The target is %(target)s, by letter %(number)s; a report does not change it."),
            target=queries.plain(term.target),
            number=term.letter_id,
        )


def _check_value(value: Decimal | None, numerator: Decimal | None, denominator: Decimal | None) -> None:
    if value is not None and numerator is None and denominator is None and value.is_finite():
        return
    if value is None and numerator is not None and denominator is not None and denominator > 0:
        return
    raise refuse("no-value", N_("Give a number, or a numerator with a denominator above zero."))


def _record(row: Reading, kind: str, *, by: str, now: datetime, late: bool = False, **more: Any) -> None:
    data = {
        "reading.measure": row.measure,
        "reading.period": row.period,
        "reading.late": late,
        "unit.key": row.unit.key,
        "unit.kind": row.unit.kind,
        "value": row.value,
        "numerator": row.numerator,
        "denominator": row.denominator,
        "target": row.target,
    }
    record(place=row.place, kind=kind, by=by, now=now, subject=f"reading:{row.pk}", data=data | more)
