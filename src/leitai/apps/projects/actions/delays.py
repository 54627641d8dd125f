"""Delays, claimed by one and agreed to by another; and what an enterprise says is not so of its project."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from leitai.apps.ledger.actions import action, record
from leitai.apps.ledger.errors import refuse
from leitai.rules.kernel import N_
from leitai.rules.projects import SUMS

from ..lights import rejudged
from ..models import Correction, Delay, Project
from ..rows import facts, fresh, local_day, spec_on, subject
from .library import change, note_sums

LONGEST = 731  # days of one delay: a longer one is claimed anew, and looked at anew
CORRECTED = (*SUMS, "land", "where", "about", "stage")


@action("delay.claimed")
def claim(
    *,
    project: Project,
    cause: str,
    first: date,
    last: date,
    text: str,
    ref: str = "",
    by: str,
    now: datetime,
) -> Delay:
    """Say that a project stood still from `first` to `last` by a cause of the rule-book; another has to agree.

    `ref` names the case or permit that it waits for.
    """
    row = fresh(project)
    spec = spec_on(row.place, local_day(row.place, now))
    if cause not in spec.causes:
        raise refuse("no-cause", N_("The rule-book has no cause %(cause)s."), cause=cause)
    if last < first or (last - first).days > LONGEST:
        raise refuse("no-span", N_("A delay ends after it began, within two years."))
    if len(text.strip()) < 4:
        raise refuse("no-words", N_("Say what happened, so that another can judge it."))
    one = Delay.objects.create(
        project=row,
        cause=cause,
        first=first,
        last=last,
        text=text.strip()[:500],
        ref=ref.strip()[:120],
        claimed_by=by,
        claimed_at=now,
    )
    _told(row, one, "delay.claimed", by, now)
    return one


@action("delay.agreed")
def agree(*, delay: Delay, reply: str = "", by: str, now: datetime) -> Delay:
    """Agree to a delay: its days explain what the project is behind by."""
    row, one = _open(delay, by)
    one.state, one.answered_by, one.answered_at, one.reply = "agreed", by, now, reply.strip()[:500]
    one.save()
    today = local_day(row.place, now)
    rejudged(row, spec_on(row.place, today), today, by=by, now=now)
    _told(row, one, "delay.agreed", by, now)
    return one


@action("delay.refused")
def refuse_delay(*, delay: Delay, reply: str, by: str, now: datetime) -> Delay:
    """Refuse a delay, with the reason."""
    row, one = _open(delay, by)
    if len(reply.strip()) < 2:
        raise refuse("no-reason", N_("Say why."))
    one.state, one.answered_by, one.answered_at, one.reply = "refused", by, now, reply.strip()[:500]
    one.save()
    _told(row, one, "delay.refused", by, now)
    return one


def _open(delay: Delay, by: str) -> tuple[Project, Delay]:
    row = fresh(delay.project)
    one = Delay.objects.select_for_update().get(pk=delay.pk)
    if one.state != "claimed":
        raise refuse("answered", N_("This was answered."))
    if one.claimed_by == by:
        raise refuse("own-claim", N_("Whoever claims a delay does not agree to it."))
    return row, one


def _told(row: Project, one: Delay, kind: str, by: str, now: datetime) -> None:
    data = {
        "delay": one.pk,
        "delay.cause": one.cause,
        "delay.days": (one.last - one.first).days + 1,
        "first": one.first,
        "last": one.last,
        "text": one.text,
        "ref": one.ref,
        "reply": one.reply,
    }
    record(place=row.place, kind=kind, by=by, now=now, subject=subject(row), data=facts(row) | data)


@action("project.disputed")
def correct(*, project: Project, field: str, said: str, by: str, now: datetime) -> Correction:
    """An enterprise says what is not so of its project. Raises Refused while an earlier word on it waits."""
    row = fresh(project)
    if field not in CORRECTED:
        raise refuse("no-field", N_("A project has no %(field)s."), field=field)
    if not said.strip():
        raise refuse("no-words", N_("Say how it is."))
    if field in (*SUMS, "land"):
        _number(said)
    if row.corrections.filter(field=field, state="open").exists():
        raise refuse("waiting", N_("What you said of this before is being looked at."))
    one = Correction.objects.create(project=row, field=field, said=said.strip()[:500], by=by, at=now)
    data = {"field": field, "said": one.said}
    record(
        place=row.place, kind="project.disputed", by=by, now=now, subject=subject(row), data=facts(row) | data
    )
    return one


@action("project.dispute_settled")
def settle_correction(
    *, correction: Correction, taken: bool, reply: str, by: str, now: datetime
) -> Correction:
    """Take what an enterprise said, which changes the project where it is a value; or refuse it with the reason.

    A stage is changed by entering it with its evidence; taking such a word changes nothing by itself.
    """
    row = fresh(correction.project)
    one = Correction.objects.select_for_update().get(pk=correction.pk)
    if one.state != "open":
        raise refuse("answered", N_("This was answered."))
    if not taken and len(reply.strip()) < 2:
        raise refuse("no-reason", N_("Say why."))
    one.state, one.reply = ("taken" if taken else "refused"), reply.strip()[:500]
    one.answered_by, one.answered_at = by, now
    one.save()
    if taken and one.field in SUMS:
        on = local_day(row.place, now)
        sums = {one.field: _number(one.said)}
        note_sums(project=row, sums=sums, on=on, source=one.by, by=by, now=now)
    elif taken and one.field in ("land", "where", "about"):
        value: Any = _number(one.said) if one.field == "land" else one.said
        change(project=row, values={one.field: value}, why=one.by, by=by, now=now)
    data = {"field": one.field, "said": one.said, "taken": taken, "reply": one.reply}
    row.refresh_from_db()
    record(
        place=row.place,
        kind="project.dispute_settled",
        by=by,
        now=now,
        subject=subject(row),
        data=facts(row) | data,
    )
    return one


def _number(text: str) -> Decimal:
    try:
        value = Decimal(text.strip().replace(",", ""))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value < 0:
        raise refuse("bad-amount", N_("%(value)s is no amount that can be."), value=text.strip()[:40])
    return value
