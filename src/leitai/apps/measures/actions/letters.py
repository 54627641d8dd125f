"""Writing responsibility letters: drafted by the office, confirmed by the unit and by the office, then unchangeable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from leitai.apps.ledger.actions import UNCHANGED, action, record
from leitai.apps.ledger.errors import refuse
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import N_, PERIOD_KINDS, Period, PeriodError, nearest

from .. import queries
from ..models import Letter, Side, Term

MOST = Decimal(10) ** 17


@dataclass(frozen=True)
class TermDraft:
    """A target that a letter is to state, for a period by its key."""

    measure: str
    period: str
    target: Decimal


@action("letter.drafted")
def draft_letter(
    *,
    unit: Any,
    period: Period,
    title: str,
    document: str,
    terms: Sequence[TermDraft],
    replaces: Letter | None = None,
    by: str,
    now: datetime,
) -> Letter:
    """A letter's text, which counts for nothing until both sides have confirmed it.

    Raises Refused for a target that no table would use, one that stands in another letter, and no text.
    """
    if not title.strip() or not document.strip():
        raise refuse("no-document", N_("Name the letter, and the document that was signed."))
    if not terms:
        raise refuse("no-terms", N_("A letter states at least one target."))
    if replaces is not None and (
        replaces.unit_id != unit.pk or not replaces.signed or _replaced(replaces) is not None
    ):
        raise refuse("not-in-force", N_("Only a letter of this unit that is in force can be replaced."))
    seen: set[tuple[str, str]] = set()
    for one in terms:
        _check_term(unit, period, one)
        if (one.measure, one.period) in seen:
            raise refuse(
                "term-twice",
                N_("%(measure)s has two targets for %(period)s."),
                measure=one.measure,
                period=one.period,
            )
        seen.add((one.measure, one.period))
        there = queries.standing_term(unit, one.measure, one.period)
        if there is not None and (replaces is None or there.letter_id != replaces.pk):
            raise _stands(there)
    row = Letter(
        place=unit.place,
        unit=unit,
        period=period.key,
        title=title.strip()[:200],
        document=document.strip()[:300],
        replaces=replaces,
        drafted_by=by,
        drafted_at=now,
    )
    row.digest = queries.digest_of(row, [(one.measure, one.period, one.target) for one in terms])
    row.save(force_insert=True)
    Term.objects.bulk_create(
        [
            Term(letter=row, unit=unit, measure=one.measure, period=one.period, target=one.target)
            for one in terms
        ]
    )
    _record(row, "letter.drafted", by=by, now=now, replaces=replaces.pk if replaces else None)
    return row


@action("letter.confirmed")
def confirm_letter(*, letter: Letter, side: str, digest: str, by: str, now: datetime) -> Letter:
    """One side confirms the text it read, by its digest; with the second the letter is signed and its targets count.

    Raises Refused where the text is not the one that was read, and where one account would sign for both sides.
    """
    row = Letter.objects.select_for_update().select_related("place", "unit").get(pk=letter.pk)
    mine, theirs = (row.unit_by, row.office_by) if side == Side.UNIT else (row.office_by, row.unit_by)
    if mine:
        return UNCHANGED
    if theirs == by:
        raise refuse("same-account", N_("Whoever signed for one side cannot sign for the other."))
    if digest != row.digest or queries.digest_of(row, queries.terms_of(row)) != row.digest:
        raise refuse("other-text", N_("This is not the text that was drafted; read it again."))
    if side == Side.UNIT:
        row.unit_by, row.unit_at = by, now
    else:
        row.office_by, row.office_at = by, now
    if row.signed and row.replaces is not None and _replaced(row.replaces) is not None:
        raise refuse("not-in-force", N_("Only a letter of this unit that is in force can be replaced."))
    row.save()
    _record(row, "letter.confirmed", by=by, now=now, side=side)
    if row.signed:
        _sign(row, by=by, now=now)
    return row


def _sign(row: Letter, *, by: str, now: datetime) -> None:
    """The letter's targets count from now on, and those of the letter it replaces no longer."""
    if row.replaces is not None:
        row.replaces.terms.update(standing=False)
    for measure, period, _target in queries.terms_of(row):
        there = queries.standing_term(row.unit, measure, period)
        if there is not None:
            raise _stands(there)
    row.terms.update(standing=True)
    text = queries.text_of(row, queries.terms_of(row))
    _record(row, "letter.signed", by=by, now=now, text=text, unit_by=row.unit_by, office_by=row.office_by)


def _replaced(letter: Letter) -> Letter | None:
    """The signed letter that took this one's place."""
    return letter.replacements.filter(unit_at__isnull=False, office_at__isnull=False).first()


def _stands(there: Term) -> Exception:
    return refuse(
        "target-stands",
        N_("Letter %(number)s states a target of %(measure)s for %(period)s already; replace that letter."),
        number=there.letter_id,
        measure=there.measure,
        period=there.period,
    )


def _check_term(unit: Any, whole: Period, one: TermDraft) -> None:
    """That a table would use the target. Raises Refused."""
    try:
        period = Period.parse(one.period)
    except PeriodError:
        raise refuse("no-period", N_("“%(text)s” is not a period."), text=one.period[:20]) from None
    if not (whole.first <= period.first and period.last <= whole.last):
        raise refuse(
            "outside-letter",
            N_("%(period)s does not lie within %(whole)s, which the letter is for."),
            period=one.period,
            whole=whole.key,
        )
    measures = regimes.regime_on(unit.place, period.last).measures
    if one.measure not in measures:
        raise refuse(
            "unknown-measure",
            N_("The rule-book has no measure %(key)s; the nearest is %(near)s."),
            key=one.measure,
            near=nearest(one.measure, measures) or "-",
        )
    spec = measures[one.measure]
    if spec.points.by != "target":
        raise refuse(
            "no-target", N_("%(key)s is not scored by a target; a letter cannot state one."), key=one.measure
        )
    if PERIOD_KINDS.index(period.kind) < PERIOD_KINDS.index(spec.every):
        raise refuse(
            "other-period",
            N_("%(period)s is shorter than the periods %(key)s is measured for."),
            period=one.period,
            key=one.measure,
        )
    if not one.target.is_finite() or not 0 < one.target < MOST or round(one.target, 6) != one.target:
        raise refuse("bad-target", N_("A target is a number above 0 with at most six decimals."))


def _record(row: Letter, kind: str, *, by: str, now: datetime, **more: Any) -> None:
    data = {"unit.key": row.unit.key, "unit.kind": row.unit.kind, "period": row.period, "digest": row.digest}
    record(place=row.place, kind=kind, by=by, now=now, subject=f"letter:{row.pk}", data=data | more)
