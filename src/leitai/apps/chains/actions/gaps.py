"""Gaps as work: opened with an owner and a day, spoken of, tied to leads, projects, cases; ended with what shows it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from leitai.apps.casework import queries as cases
from leitai.apps.ledger.actions import UNCHANGED, action, record
from leitai.apps.ledger.errors import refuse
from leitai.apps.projects import queries as projects
from leitai.rules.kernel import N_

from ..models import KINDS, TIES, Gap, Link, Tie, Word
from ..rows import facts, fresh, local_day, spec_of


@action("gap.opened")
def open_gap(
    *,
    link: Link,
    kind: str,
    text: str,
    unit: Any,
    due: date,
    since: date | None = None,
    by: str,
    now: datetime,
) -> Gap:
    """Open a gap as work of a unit; `since` is the day it was begun, where that lies back.

    Raises Refused for one that is open already, or is due before it began.
    """
    place = link.place
    spec_of(place, link.chain, now)
    if kind not in KINDS:
        raise refuse("no-kind", N_("A gap is to strengthen, to fill or to extend."))
    if not text.strip():
        raise refuse("no-words", N_("Say what is to be won."))
    if unit.place_id != place.pk:
        raise refuse("other-place", N_("This belongs to another place."))
    if Gap.objects.filter(link=link, kind=kind, state="open").exists():
        raise refuse("gap-open", N_("This is being worked on already."))
    begun = since or local_day(place, now)
    if begun > local_day(place, now):
        raise refuse("not-yet", N_("%(day)s has not come yet."), day=begun)
    if due < begun:
        raise refuse("day-over", N_("%(day)s is over."), day=due)
    row = Gap.objects.create(
        link=link,
        kind=kind,
        text=text.strip()[:500],
        unit=unit,
        due_on=due,
        opened_at=now,
        opened_by=by,
        said_on=begun,
    )
    _told(row, "gap.opened", {"text": row.text, "since": begun}, by, now)
    return row


@action("gap.changed")
def change_gap(*, gap: Gap, unit: Any, due: date, why: str, by: str, now: datetime) -> Gap:
    """Give a gap to another unit, or another day, with the reason."""
    row = fresh(gap)
    if row.unit_id == unit.pk and row.due_on == due:
        return UNCHANGED
    if not why.strip():
        raise refuse("no-reason", N_("Say why."))
    if unit.place_id != row.link.place_id:
        raise refuse("other-place", N_("This belongs to another place."))
    if due != row.due_on and due < local_day(row.link.place, now):
        raise refuse("day-over", N_("%(day)s is over."), day=due)
    before = {"unit": row.unit.key, "due": row.due_on}
    row.unit, row.due_on = unit, due
    row.save(update_fields=["unit", "due_on"])
    _told(row, "gap.changed", {"before": before, "why": why.strip()[:300]}, by, now)
    return row


@action("gap.spoken")
def say(*, gap: Gap, text: str, by: str, now: datetime) -> Word:
    """Say how a gap goes: what was done, what is next."""
    row = fresh(gap)
    if not text.strip():
        raise refuse("no-words", N_("Say what was done, and what is next."))
    word = Word.objects.create(gap=row, at=now, by=by, text=text.strip()[:500])
    row.said_on = local_day(row.link.place, now)
    row.save(update_fields=["said_on"])
    _told(row, "gap.spoken", {"text": word.text}, by, now)
    return word


@action("gap.tied")
def tie(*, gap: Gap, what: str, code: str, by: str, now: datetime) -> Tie:
    """Tie a lead or project (by code) or a case in its way (by reference) to a gap. Raises Refused for no such one."""
    row = fresh(gap)
    code, place = code.strip()[:60], row.link.place
    found = {
        "lead": lambda: projects.lead(place, code),
        "project": lambda: projects.project(place, code),
        "case": lambda: cases.case(place, code),
    }
    if what not in TIES or found[what]() is None:
        raise refuse("no-such-tie", N_("There is no lead, project or case %(name)s."), name=code or "–")
    one, new = Tie.objects.get_or_create(gap=row, what=what, code=code, defaults={"at": now, "by": by})
    if not new:
        return UNCHANGED
    _told(row, "gap.tied", {"what": what, "code": code}, by, now)
    return one


@action("gap.untied")
def untie(*, tie: Tie, why: str, by: str, now: datetime) -> Gap:
    """Take away what does not belong to a gap, with the reason."""
    row = fresh(tie.gap)
    if not why.strip():
        raise refuse("no-reason", N_("Say why."))
    if not Tie.objects.filter(pk=tie.pk).delete()[0]:
        return UNCHANGED
    _told(row, "gap.untied", {"what": tie.what, "code": tie.code, "why": why.strip()[:300]}, by, now)
    return row


@action("gap.ended")
def end_gap(*, gap: Gap, done: bool, how: str, by: str, now: datetime) -> Gap:
    """End the work on a gap: done, with what shows it; or dropped, with the reason."""
    row = fresh(gap)
    if not how.strip():
        raise refuse("no-reason", N_("Say what shows that it is done, or why it is dropped."))
    row.state, row.over_at, row.how = ("done" if done else "dropped"), now, how.strip()[:500]
    row.save(update_fields=["state", "over_at", "how"])
    days = (row.due_on - local_day(row.link.place, now)).days
    _told(row, "gap.ended", {"gap.state": row.state, "gap.days_left": days, "how": row.how}, by, now)
    return row


def _told(row: Gap, kind: str, data: dict[str, Any], by: str, now: datetime) -> None:
    record(place=row.link.place, kind=kind, by=by, now=now, subject=f"gap:{row.pk}", data=facts(row) | data)
