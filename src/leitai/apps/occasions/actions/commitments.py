"""Writing commitments: noted at a meeting, shown and accepted, and tested by the place's own records."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import translation

from leitai.apps.ledger.actions import UNCHANGED, action, nothing_new, record
from leitai.apps.ledger.errors import refuse, tell
from leitai.apps.measures.queries import Sources
from leitai.rules.cadence.commitments import Tested
from leitai.rules.kernel import N_, PERIOD_KINDS, Period, PeriodError
from leitai.rules.ledger import digest

from ..models import Commitment, Occasion
from ..queries import commitments as queries
from ..sittings import check_sitting

MOST, DECIMALS = Decimal(10) ** 18, 6  # what the row can hold


@action("commitment.made")
def promise(
    *,
    occasion: Occasion,
    unit: Any,
    text: str,
    due: date,
    measure: str = "",
    period: str = "",
    sense: str = "",
    target: Decimal | None = None,
    again: Commitment | None = None,
    by: str,
    now: datetime,
) -> Commitment:
    """Note what a unit promises until a day: a figure of a measure, or without one evidence that the office accepts.

    `again` is the promise that was not kept and is made anew; it can be made anew once.
    """
    occasion = Occasion.objects.select_for_update(of=("self",)).select_related("place").get(pk=occasion.pk)
    place = occasion.place
    check_sitting(occasion, now)
    if not text.strip():
        raise refuse("no-text", N_("Write what is promised."))
    if due <= now.astimezone(place.zone).date():
        raise refuse("due-past", N_("The day by which it is promised lies ahead."))
    if measure:
        period = _figure_that_can_be_tested(place, measure, period, sense, target, due)
    what = {
        "occasion": occasion,
        "unit": unit,
        "text": text.strip()[:500],
        "kind": "measure" if measure else "evidence",
        "measure": measure,
        "period": period if measure else "",
        "sense": sense if measure else "",
        "target": target if measure else None,
        "due": due,
        "again": again,
    }
    known = Commitment.objects.filter(**what).first() if again is None else None
    if known is not None:  # pressed twice
        nothing_new()
        return known
    if again is not None:
        _check_again(again, unit)
    times = again.times + 1 if again is not None else 1
    row = Commitment.objects.create(place=place, made_at=now, made_by=by, times=times, **what)
    aim = {"measure": measure, "period": period, "sense": sense, "target": target} if measure else {}
    said = {"due": due, "digest": digest(row.text.encode()), "again": again.pk if again else None, **aim}
    _record(row, "commitment.made", by=by, now=now, **said)
    return row


def _figure_that_can_be_tested(
    place: Any, measure: str, period: str, sense: str, target: Decimal | None, due: date
) -> str:
    """The key of the period of a promised figure; refused where no test could ever tell whether it was kept."""
    try:
        found = Period.parse(period.strip())
    except PeriodError:
        raise refuse("no-period", N_("Write a period as 2022-03 or 2022-Q1.")) from None
    spec = queries.measure_spec(place, measure, found)
    if spec is None:
        message = N_("The rule-book has no measure “%(measure)s”: only what it measures can be tested.")
        raise refuse("no-measure", message, measure=measure)
    if PERIOD_KINDS.index(found.kind) < PERIOD_KINDS.index(spec.every):
        raise refuse("period-too-short", N_("That measure is not taken for so short a period."))
    if sense not in ("ge", "le") or target is None:
        raise refuse("no-target", N_("Say whether it is to be at least or at most how much."))
    if abs(target) >= MOST or target != round(target, DECIMALS):
        raise refuse("target-too-long", N_("Write the figure with fewer digits."))
    if due <= found.last:
        message = N_("The period ends on %(last)s: it can be tested only by a later day.")
        raise refuse("due-in-period", message, last=found.last.isoformat())
    return found.key


def _check_again(before: Commitment, unit: Any) -> None:
    if before.unit_id != unit.pk:
        raise refuse("again-of-another", N_("Only the unit that promised it can promise it again."))
    if before.verdict not in ("missed", "unknown"):
        raise refuse("again-not-needed", N_("It is promised again only once it was tested and is not kept."))
    if Commitment.objects.filter(again=before).exists():
        raise refuse("again-already", N_("This was promised again already."))


@action("commitment.shown")
def show(*, commitment: Commitment, evidence: str, by: str, now: datetime) -> Commitment:
    """The unit shows that it did what it promised: in words, or where it can be looked up. Until it is tested.

    What was looked at and refused may be shown anew.
    """
    row = _locked(commitment)
    if row.kind != "evidence":
        raise refuse("by-figure", N_("This promise is tested by its figure, not by evidence."))
    if row.verdict:
        raise refuse("tested-already", N_("This promise was tested already."))
    if row.accepted:
        raise refuse("accepted-already", N_("This evidence was accepted already."))
    if not evidence.strip():
        raise refuse("no-evidence", N_("Write what shows it, or where it can be looked up."))
    row.evidence, row.evidence_at, row.evidence_by = evidence.strip()[:500], now, by
    row.accepted, row.accepted_by, row.accepted_why = None, "", ""
    row.save()
    _record(row, "commitment.shown", by=by, now=now, digest=digest(row.evidence.encode()))
    return row


@action("commitment.accepted")
def accept(*, commitment: Commitment, accepted: bool, why: str = "", by: str, now: datetime) -> Commitment:
    """Somebody else looks at what was shown, and accepts it or says why not. Tested before, it is tested anew."""
    row = _locked(commitment)
    if not row.evidence:
        raise refuse("not-shown", N_("No evidence was shown."))
    if row.accepted is not None:
        raise refuse("accepted-already", N_("This evidence was looked at already."))
    if row.evidence_by == by:
        raise refuse("own-evidence", N_("Whoever showed it does not accept it."))
    if not accepted and not why.strip():
        raise refuse("no-reason", N_("Say why."))
    row.accepted, row.accepted_by, row.accepted_why = accepted, by, why.strip()[:300]
    row.save()
    _record(row, "commitment.accepted", by=by, now=now, accepted=accepted, why=row.accepted_why)
    if row.verdict:
        _settle(row, queries.outlook(row), at=now, by=by, now=now)
    return row


@action("commitment.tested")
def test_commitments(*, occasion: Occasion, by: str, now: datetime) -> int:
    """Test what was promised at earlier meetings of an occasion and whose day is over; each once."""
    rows = queries.to_test(occasion, now)
    if not rows:
        return UNCHANGED
    sources = Sources(occasion.place)
    for row in (
        Commitment.objects.select_for_update(of=("self",))
        .filter(pk__in=[row.pk for row in rows], verdict="")
        .select_related("unit__parent", "unit__place", "occasion", "place")
        .order_by("pk")
    ):
        _settle(row, queries.outlook(row, sources), at=occasion.at, by=by, now=now)
    return len(rows)


@action("commitment.tested")
def test_again(*, unit: Any, measure: str, period: str, by: str, now: datetime) -> int:
    """Test anew what was promised about a figure that was corrected or disputed since; where nothing differs, nothing.

    What meetings read stays in their packs; the ledger has every test.
    """
    changed = 0
    for row in queries.tested_on(unit, measure, Period.parse(period)):
        row, found = _locked(row), queries.outlook(row)
        if (row.verdict, row.found) != (found.verdict, found.found):
            _settle(row, found, at=now, by=by, now=now)
            changed += 1
    return changed or UNCHANGED


def _locked(row: Commitment) -> Commitment:
    rows = Commitment.objects.select_for_update(of=("self",))
    return rows.select_related("unit__parent", "unit__place", "occasion", "place").get(pk=row.pk)


def _settle(row: Commitment, found: Tested, *, at: datetime, by: str, now: datetime) -> None:
    """Write down what a test says; `at` is when it takes effect, the meeting before which it was due."""
    before = row.verdict
    with translation.override(row.place.language):
        row.why = tell(found.why)[:300]
    row.verdict, row.found, row.tested_at = found.verdict, found.found, now
    row.save()
    said = {
        "commitment.verdict": row.verdict,
        "commitment.times": row.times,
        "found": row.found,
        "why": row.why,
        "code": found.why.code,
        "before": before,
    }
    _record(row, "commitment.tested", by=by, now=now, at=at, **said)


def _record(
    row: Commitment, kind: str, *, by: str, now: datetime, at: datetime | None = None, **more: Any
) -> None:
    data = {
        "occasion": row.occasion_id,
        "occasion.key": row.occasion.key,
        "occasion.late": row.occasion.late,
        "unit.key": row.unit.key,
        "unit.kind": row.unit.kind,
    }
    subject = f"commitment:{row.pk}"
    record(place=row.place, kind=kind, by=by, now=now, at=at, subject=subject, data=data | more)
