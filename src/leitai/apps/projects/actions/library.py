"""Entering projects, changing what is said of them, their sums, their libraries; giving one up with its reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from leitai.apps.ledger.actions import UNCHANGED, action, record
from leitai.apps.ledger.errors import Refused, refuse
from leitai.rules import projects as core
from leitai.rules.kernel import N_

from ..drafts import Draft, check_sums, checked
from ..models import Amount, Entry, Membership, Party, Project
from ..rows import facts, fresh, local_day, spec_on, subject

_CODE = re.compile(r"[\w][\w.-]{0,59}")
RESERVED = ("add", "export", "import", "map", "review")  # words of addresses where a code stands


@action("project.added")
def add(*, place: Any, draft: Draft, source: str = "", by: str, now: datetime) -> Project:
    """Enter a project in its first stage, or in the one it is in with the evidence that this asks for.

    `source` says where its sums come from. Raises Refused for a code that is taken or an unknown key.
    """
    today = local_day(place, now)
    spec = spec_on(place, today)
    values = checked(place, spec, draft.values)
    if not _CODE.fullmatch(draft.code) or draft.code in RESERVED or draft.code.startswith("import"):
        raise refuse("bad-code", N_("A code is letters, digits, dots and hyphens, at most 60."))
    if not values.get("name"):
        raise refuse("no-name", N_("Say what the project is called."))
    if Project.objects.filter(place=place, code=draft.code).exists():
        raise refuse("code-taken", N_("The code %(taken)s is taken."), taken=draft.code)
    stage = draft.stage or next(iter(spec.stages))
    finding = core.refusal(spec, None, stage, draft.evidence, "")
    if finding is not None:
        raise Refused(finding)
    since = _not_ahead(draft.since or today, today)
    row = Project.objects.create(
        place=place, code=draft.code, stage=stage, stage_since=since, added_at=now, judged_on=today, **values
    )
    Entry.objects.create(project=row, stage=stage, on=since, evidence=dict(draft.evidence), by=by, at=now)
    Party.objects.bulk_create(Party(project=row, unit=unit) for unit in dict.fromkeys(draft.helpers))
    for library in dict.fromkeys(draft.libraries):
        _check_library(spec, library)
        Membership.objects.create(project=row, library=library, since=today)
    _put_sums(row, check_sums(draft.sums), today, source, by, now)
    record(
        place=place,
        kind="project.added",
        by=by,
        now=now,
        subject=subject(row),
        data=facts(row) | {"name": row.name, "libraries": list(draft.libraries)},
    )
    return row


@action("project.changed")
def change(*, project: Project, values: Mapping[str, Any], why: str = "", by: str, now: datetime) -> Project:
    """Change what is said of a project; the event keeps what stood there before. `values` by drafts.FIELDS."""
    row = fresh(project)
    kept = checked(row.place, spec_on(row.place, local_day(row.place, now)), values)
    before = {name: getattr(row, name) for name in kept if getattr(row, name) != kept[name]}
    if not before:
        return UNCHANGED
    for name in before:
        setattr(row, name, kept[name])
    row.save(update_fields=list(before))
    told = {name: [_said(old), _said(kept[name])] for name, old in before.items()}
    record(
        place=row.place,
        kind="project.changed",
        by=by,
        now=now,
        subject=subject(row),
        data=facts(row) | {"changed": told, "why": why.strip()[:300]},
    )
    return row


def _said(value: Any) -> Any:
    """A value as an event tells it: a row by its key."""
    if value is None or isinstance(value, str | int):
        return value
    return getattr(value, "key", None) or getattr(value, "username", None) or str(value)


@action("project.summed")
def note_sums(
    *, project: Project, sums: Mapping[str, Decimal], on: date, source: str, by: str, now: datetime
) -> Project:
    """Note what sums of a project were on a day, in yuan, each kept beside those of other days."""
    row = fresh(project)
    said = check_sums(sums)
    _not_ahead(on, local_day(row.place, now))
    held = {one.what: one.yuan for one in Amount.objects.filter(project=row, on=on)}
    said = {what: yuan for what, yuan in said.items() if held.get(what) != yuan}
    if not said:
        return UNCHANGED
    _put_sums(row, said, on, source, by, now)
    told = {what: str(yuan) for what, yuan in said.items()}
    record(
        place=row.place,
        kind="project.summed",
        by=by,
        now=now,
        subject=subject(row),
        data=facts(row) | {"sums": told, "on": on, "source": source[:200]},
    )
    return row


def _put_sums(
    row: Project, sums: Mapping[str, Decimal], on: date, source: str, by: str, now: datetime
) -> None:
    for what, yuan in sums.items():
        Amount.objects.update_or_create(
            project=row,
            what=what,
            on=on,
            defaults={"yuan": yuan, "source": source.strip()[:200], "by": by, "at": now},
        )
        last = Amount.objects.filter(project=row, what=what).order_by("-on").first()
        setattr(row, what, last.yuan if last else None)
    if sums:
        row.save(update_fields=list(sums))


@action("project.joined")
def join(*, project: Project, library: str, by: str, now: datetime) -> Project:
    """Put a project into a library of the rule-book."""
    row = fresh(project)
    today = local_day(row.place, now)
    _check_library(spec_on(row.place, today), library)
    _one, new = Membership.objects.get_or_create(project=row, library=library, defaults={"since": today})
    if not new:
        return UNCHANGED
    _told(row, "project.joined", {"library": library}, by, now)
    return row


@action("project.left")
def leave(*, project: Project, library: str, why: str, by: str, now: datetime) -> Project:
    """Take a project out of a library, with the reason."""
    row = fresh(project)
    if not why.strip():
        raise refuse("no-reason", N_("Say why."))
    if not Membership.objects.filter(project=row, library=library).delete()[0]:
        return UNCHANGED
    _told(row, "project.left", {"library": library, "why": why.strip()[:300]}, by, now)
    return row


@action("project.closed")
def close(*, project: Project, on: date, why: str, by: str, now: datetime) -> Project:
    """A project is given up or leaves the library, with the reason; its road stays."""
    row = fresh(project)
    if not why.strip():
        raise refuse("no-reason", N_("Say why."))
    _not_ahead(on, local_day(row.place, now))
    row.closed_on, row.closed_why, row.turns_on = on, why.strip()[:300], None
    row.save(update_fields=["closed_on", "closed_why", "turns_on"])
    _told(row, "project.closed", {"on": on, "why": row.closed_why}, by, now)
    return row


def _check_library(spec: Any, library: str) -> None:
    if library not in spec.libraries:
        raise refuse("no-library", N_("The rule-book has no library %(library)s."), library=library)


def _not_ahead(day: date, today: date) -> date:
    if day > today:
        raise refuse("not-yet", N_("%(day)s has not come yet."), day=day)
    return day


def _told(row: Project, kind: str, data: dict[str, Any], by: str, now: datetime) -> None:
    record(place=row.place, kind=kind, by=by, now=now, subject=subject(row), data=facts(row) | data)
