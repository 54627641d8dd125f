"""How a project goes: stages entered, milestones planned, foreseen and reached, the week's tasks and what came of them.

A plan is set once. What changes afterwards is the forecast; a plan that was typed wrongly is corrected by the office
with the reason, and the event keeps what stood there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from leitai.apps.ledger.actions import UNCHANGED, action, record
from leitai.apps.ledger.errors import Refused, refuse
from leitai.rules import projects as core
from leitai.rules.kernel import N_, Period, PeriodError

from ..lights import rejudged
from ..models import Entry, Milestone, Project, Task
from ..rows import facts, fresh, local_day, problem_kinds, spec_on, subject

MOST_MARKS = 40
MOST_TASKS = 30
FAR = 40 * 366  # days: a plan further off is a slip of the pen
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@action("project.staged")
def enter(
    *,
    project: Project,
    stage: str,
    on: date,
    evidence: Mapping[str, str],
    why: str = "",
    cause: str = "",
    by: str,
    now: datetime,
) -> Project:
    """A project enters a stage, with what shows it; or falls back to one, with the reason."""
    row = fresh(project)
    today = local_day(row.place, now)
    spec = spec_on(row.place, today)
    given = {key: words.strip()[:500] for key, words in evidence.items() if words.strip()}
    finding = core.refusal(spec, row.stage, stage, given, why)
    if finding is not None:
        raise Refused(finding)
    if not row.stage_since <= on <= today:
        raise refuse("no-such-day", N_("It was in its stage since %(since)s."), since=row.stage_since)
    back, before = core.is_back(spec, row.stage, stage), row.stage
    Entry.objects.update_or_create(
        project=row,
        stage=stage,
        on=on,
        defaults={"evidence": given, "back": back, "why": why.strip()[:300], "by": by, "at": now},
    )
    row.stage, row.stage_since = stage, on
    rejudged(row, spec, today, by=by, now=now, more=("stage", "stage_since"))
    data = {
        "project.was": before,
        "project.back": back,
        "on": on,
        "evidence": given,
        "why": why.strip()[:300],
    }
    _told(row, "project.staged", data, by, now, cause)
    return row


@action("project.planned")
def plan(
    *, project: Project, milestones: Iterable[Mapping[str, Any]], why: str = "", by: str, now: datetime
) -> Project:
    """Set milestones: each `key`, `name`, `plan` (a date), and where it applies `stage`, `outdoors`.

    One that is there keeps its plan unless `why` says why it was wrong. Raises Refused otherwise.
    """
    row = fresh(project)
    today = local_day(row.place, now)
    spec = spec_on(row.place, today)
    held = {one.key: one for one in row.milestones.all()}
    told: dict[str, Any] = {}
    for said in milestones:
        draft = _milestone(spec, said, today)
        one = held.get(draft["key"])
        if one is None:
            Milestone.objects.create(project=row, set_on=today, **draft)
            told[draft["key"]] = [None, draft["plan"]]
        elif one.plan != draft["plan"]:
            if not why.strip():
                message = N_("A plan is not moved: foresee another day, and say what delays it.")
                raise refuse("plan-stands", message)
            told[one.key] = [one.plan, draft["plan"]]
            one.plan, one.set_on = draft["plan"], today
            one.save(update_fields=["plan", "set_on"])
    if not told:
        return UNCHANGED
    if row.milestones.count() > MOST_MARKS:
        raise refuse("too-many-marks", N_("A project has %(most)s milestones at most."), most=MOST_MARKS)
    rejudged(row, spec, today, by=by, now=now)
    _told(row, "project.planned", {"plan": told, "why": why.strip()[:300]}, by, now)
    return row


def _milestone(spec: Any, said: Mapping[str, Any], today: date) -> dict[str, Any]:
    key, name = str(said["key"]).strip(), str(said["name"]).strip()[:200]
    if not _KEY.fullmatch(key) or len(key) > 40 or not name:
        raise refuse("no-name", N_("A milestone has a key and a name."))
    stage = str(said.get("stage", ""))
    if stage and stage not in spec.stages:
        raise refuse("no-stage", N_("The rule-book has no stage %(stage)s."), stage=stage)
    if abs((said["plan"] - today).days) > FAR:
        raise refuse("too-far", N_("%(day)s is too far off."), day=said["plan"])
    return {
        "key": key,
        "name": name,
        "plan": said["plan"],
        "stage": stage,
        "outdoors": bool(said.get("outdoors")),
    }


@action("project.foreseen")
def foresee(*, milestone: Milestone, forecast: date, why: str, by: str, now: datetime) -> Milestone:
    """Say when a milestone will be reached as things stand, and why it differs from what was said before."""
    row = fresh(milestone.project)
    one = row.milestones.select_for_update().get(pk=milestone.pk)
    today = local_day(row.place, now)
    if one.fact is not None:
        raise refuse("reached", N_("This milestone was reached."))
    if forecast < today or (forecast - today).days > FAR:
        raise refuse("day-over", N_("That day is over, or too far off."))
    if one.forecast == forecast:
        return UNCHANGED
    if not why.strip():
        raise refuse("no-reason", N_("Say why."))
    before, one.forecast = one.forecast, forecast
    one.save(update_fields=["forecast"])
    rejudged(row, spec_on(row.place, today), today, by=by, now=now)
    data = {"milestone": one.key, "from": before, "to": forecast, "why": why.strip()[:300]}
    _told(row, "project.foreseen", data, by, now)
    return one


@action("project.reached")
def reach(*, milestone: Milestone, fact: date, evidence: str, by: str, now: datetime) -> Milestone:
    """A milestone was reached on a day, with what can be looked at."""
    row = fresh(milestone.project)
    one = row.milestones.select_for_update().get(pk=milestone.pk)
    today = local_day(row.place, now)
    if one.fact is not None:
        raise refuse("reached", N_("This milestone was reached."))
    if fact > today:
        raise refuse("not-yet", N_("%(day)s has not come yet."), day=fact)
    if len(evidence.strip()) < 2:
        raise refuse("no-evidence-words", N_("Say what shows it: a photo's number, a document, who saw it."))
    one.fact, one.evidence = fact, evidence.strip()[:500]
    one.save(update_fields=["fact", "evidence"])
    spec = spec_on(row.place, today)
    rejudged(row, spec, today, by=by, now=now)
    late = max(0, (fact - one.plan).days)
    data = {"milestone": one.key, "milestone.late": late, "on": fact, "evidence": one.evidence}
    _told(row, "project.reached", data, by, now)
    return one


@action("project.week_planned")
def plan_week(*, project: Project, week: str, texts: Iterable[str], by: str, now: datetime) -> Project:
    """Add what is to be done for a project in a week (2022-W39); what is there already is left alone."""
    row = fresh(project)
    period = _week(week)
    if period.last < local_day(row.place, now):
        raise refuse("week-over", N_("That week is over."))
    said = [text.strip()[:300] for text in texts if text.strip()]
    held = set(Task.objects.filter(project=row, week=period.key).values_list("text", flat=True))
    new = [text for text in dict.fromkeys(said) if text not in held]
    if len(held) + len(new) > MOST_TASKS:
        raise refuse("too-many-tasks", N_("A project has %(most)s tasks a week at most."), most=MOST_TASKS)
    if not new:
        return UNCHANGED
    Task.objects.bulk_create(Task(project=row, week=period.key, text=text, by=by, at=now) for text in new)
    _told(row, "project.week_planned", {"week": period.key, "tasks": new}, by, now)
    return row


def _week(key: str) -> Period:
    try:
        period = Period.parse(key)
    except PeriodError:
        period = None
    if period is None or period.kind != "week":
        raise refuse("no-week", N_("%(week)s is no week; write 2022-W05."), week=key)
    return period


@action("project.task_told")
def tell_task(*, task: Task, done: bool, note: str, by: str, now: datetime) -> Task:
    """Say that a week's task was done, with what can be looked at; or that it was not, and why."""
    row = fresh(task.project)
    one = Task.objects.select_for_update().get(pk=task.pk)
    if one.outcome:
        raise refuse("told", N_("What came of this task was said."))
    if len(note.strip()) < 2:
        raise refuse("no-words", N_("Say what can be looked at, or why it was not done."))
    one.outcome, one.note = "done" if done else "not-done", note.strip()[:500]
    one.closed_by, one.closed_at = by, now
    one.save()
    _told(
        row,
        "project.task_told",
        {"week": one.week, "task": one.text, "done": done, "note": one.note},
        by,
        now,
    )
    return one


@action("project.path_held")
def hold_path(
    *, project: Project, unit: Any, what: str, since: date | None, ref: str = "", by: str, now: datetime
) -> Project:
    """Say what the project's start waits for now, at which unit, since when; an empty `what`: for nothing any more."""
    row = fresh(project)
    said = (unit.pk, what.strip()[:200], since, ref[:120]) if what.strip() else (None, "", None, "")
    if (row.path_unit_id, row.path_what, row.path_since, row.path_ref) == said:
        return UNCHANGED
    if said[1] and since is None:
        raise refuse("no-such-day", N_("Say since when."))
    row.path_unit_id, row.path_what, row.path_since, row.path_ref = said
    row.save(update_fields=["path_unit", "path_what", "path_since", "path_ref"])
    data = {"what": row.path_what, "at": unit.key if said[0] else "", "since": since, "ref": row.path_ref}
    _told(row, "project.path_held", data, by, now)
    return row


@action("project.problem")
def raise_problem(
    *, project: Project, kind: str, title: str, text: str = "", by: str, now: datetime
) -> Project:
    """Say what a project is stuck at: the drive opens a case of the kind about it, at its unit."""
    row = fresh(project)
    if kind not in problem_kinds(row.place, now):
        raise refuse("no-kind", N_("Say what kind of matter it is."))
    if len(title.strip()) < 4:
        raise refuse("no-words", N_("Say in one sentence what it is stuck at."))
    firm = row.enterprise.key if row.enterprise is not None else ""
    data = {
        "problem.kind": kind,
        "title": title.strip()[:300],
        "text": text.strip()[:5000],
        "enterprise": firm,
    }
    _told(row, "project.problem", data, by, now)
    return row


def _told(row: Project, kind: str, data: dict[str, Any], by: str, now: datetime, cause: str = "") -> None:
    record(
        place=row.place, kind=kind, by=by, now=now, subject=subject(row), data=facts(row) | data, cause=cause
    )
