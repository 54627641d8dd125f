"""A visit on the spot: begun, the checklist answered, what was found, ended; and what the unit says to each finding.

Whether a visitor is posted at the unit that is visited is asked at the door of the page, which knows their posts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation

from leitai.apps.ledger.actions import UNCHANGED, action, nothing_new, record
from leitai.apps.ledger.errors import refuse
from leitai.rules.kernel import N_
from leitai.rules.ledger import digest
from leitai.rules.regime.model import InspectionSpec

from ..models import Answer, Finding, Visit
from ..queries.rounds import spec_of
from ..rows import facts, fresh_visit


@action("inspection.begun")
def begin_visit(*, visit: Visit, by: str, now: datetime) -> Visit:
    """The group is there: the time runs."""
    visit = fresh_visit(visit)
    _check_open(visit)
    if visit.dropped_why:
        raise refuse("visit-dropped", N_("This visit was dropped; plan it for a day first."))
    if visit.began_at is not None:
        raise refuse("visit-begun", N_("This visit was begun."))
    visit.began_at, visit.by = now, by
    visit.save()
    record(
        place=visit.round.place,
        kind="inspection.begun",
        by=by,
        now=now,
        subject=f"inspection-visit:{visit.pk}",
        data=facts(visit),
    )
    return visit


@action("inspection.noted")
def note(*, visit: Visit, answers: Mapping[str, str], by: str, now: datetime) -> Visit:
    """Answer lines of the checklist, by their keys: "yes" or "no", a number, or words. What is blank stays open."""
    visit = fresh_visit(visit)
    _check_running(visit)
    spec = spec_of(visit.round)
    said = {item: _fit(spec, item, text.strip()) for item, text in answers.items() if text.strip()}
    held = {row.item: row for row in visit.answers.all()}
    fresh = {item: text for item, text in said.items() if item not in held or held[item].value != text}
    if not fresh:
        return UNCHANGED
    for item, text in fresh.items():
        Answer.objects.update_or_create(visit=visit, item=item, defaults={"value": text, "at": now, "by": by})
    record(
        place=visit.round.place,
        kind="inspection.noted",
        by=by,
        now=now,
        subject=f"inspection-visit:{visit.pk}",
        data=facts(visit) | {"answers": {item: _told(spec, item, text) for item, text in fresh.items()}},
    )
    return visit


@action("inspection.found")
def find(*, visit: Visit, item: str, text: str, by: str, now: datetime) -> Finding:
    """Something found at a visit, by a line of the checklist. The rule-book says what case it opens."""
    visit = fresh_visit(visit)
    _check_running(visit)
    _line(spec_of(visit.round), item)
    if len(text.strip()) < 4:
        raise refuse("no-words", N_("Say what was found, so that the unit knows what to put right."))
    said = text.strip()[:500]
    known = visit.findings.filter(item=item, text=said).first()
    if known is not None:  # pressed twice; a second case would follow from it
        nothing_new()
        return known
    row = Finding.objects.create(visit=visit, item=item, text=said, at=now, by=by)
    record(
        place=visit.round.place,
        kind="inspection.found",
        by=by,
        now=now,
        subject=f"finding:{row.pk}",
        data=facts(visit) | {"inspection.item": item, "visit": visit.pk, "words": digest(said.encode())},
    )
    return row


@action("inspection.visited")
def end_visit(*, visit: Visit, minutes: int, words: str = "", by: str, now: datetime) -> Visit:
    """The visit is over; `minutes` is what it took the unit, preparing for it included.

    Raises Refused while a line of the checklist is open, or for minutes that cannot be.
    """
    visit = fresh_visit(visit)
    _check_running(visit)
    answered = set(visit.answers.values_list("item", flat=True))
    missing = sum(item not in answered for item in spec_of(visit.round).checklist)
    if missing:
        raise refuse("lines-open", N_("%(n)s lines of the checklist are not answered yet."), n=missing)
    if not 1 <= minutes <= 2880:
        raise refuse("bad-minutes", N_("Say how many minutes it took the unit, 1 to 2,880."))
    visit.ended_at, visit.minutes, visit.note = now, minutes, words.strip()[:2000]
    visit.save()
    record(
        place=visit.round.place,
        kind="inspection.visited",
        by=by,
        now=now,
        subject=f"inspection-visit:{visit.pk}",
        data=facts(visit) | {"minutes": minutes, "findings": visit.findings.count()},
    )
    return visit


@action("inspection.replied")
def reply(*, finding: Finding, text: str, by: str, now: datetime) -> Finding:
    """What the unit says to a finding, once; it stands beside the finding wherever that is shown."""
    rows = Finding.objects.select_for_update(of=("self",)).select_related(
        "visit__round__place", "visit__unit"
    )
    finding = rows.get(pk=finding.pk)
    if finding.reply:
        raise refuse("replied-already", N_("The unit has replied to this already."))
    if finding.visit.round.closed_at is not None:
        raise refuse("round-closed", N_("This round is closed already."))
    if not text.strip():
        raise refuse("no-words", N_("Write what you have to say to it."))
    finding.reply, finding.replied_by, finding.replied_at = text.strip()[:500], by, now
    finding.save()
    record(
        place=finding.visit.round.place,
        kind="inspection.replied",
        by=by,
        now=now,
        subject=f"finding:{finding.pk}",
        data=facts(finding.visit)
        | {"inspection.item": finding.item, "words": digest(finding.reply.encode())},
    )
    return finding


def _check_open(visit: Visit) -> None:
    if visit.round.closed_at is not None:
        raise refuse("round-closed", N_("This round is closed already."))


def _check_running(visit: Visit) -> None:
    _check_open(visit)
    if visit.began_at is None:
        raise refuse("not-begun", N_("Begin the visit first."))
    if visit.ended_at is not None:
        raise refuse("visit-over", N_("This visit is over."))


def _line(spec: InspectionSpec, item: str) -> str:
    """The kind of a line of the checklist. Raises Refused for one that it does not have."""
    if item not in spec.checklist:
        raise refuse("no-line", N_("The checklist has no line %(item)s."), item=item)
    return spec.checklist[item].kind


def _told(spec: InspectionSpec, item: str, text: str) -> str:
    """What the ledger is told of an answer: of words only the digest, for it keeps nobody's words for ever."""
    return digest(text.encode()) if spec.checklist[item].kind == "text" else text


def _fit(spec: InspectionSpec, item: str, text: str) -> str:
    """An answer as its line takes it. Raises Refused for one that it does not take."""
    kind = _line(spec, item)
    if kind == "yes-no" and text not in ("yes", "no"):
        raise refuse("not-yes-no", N_("Answer yes or no."))
    if kind == "number":
        try:
            number = Decimal(text)
        except InvalidOperation:
            raise refuse("no-number", N_("%(text)s is not a number."), text=text[:40]) from None
        if not number.is_finite():
            raise refuse("no-number", N_("%(text)s is not a number."), text=text[:40])
    return text[:300]
