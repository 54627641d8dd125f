"""One project: where it stands, what it is behind by and why, who holds the critical path; what is done about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from leitai.apps.ledger.errors import Refused, refuse
from leitai.apps.people.access import Visit, page
from leitai.rules.kernel import N_, Period
from leitai.rules.projects import is_back

from .. import actions, queries
from ..models import Project
from ..rows import local_day, problem_kinds, spec_on
from .forms import day_of, number_of, plain, sums_of


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@page("project.see")
def one(request: HttpRequest, visit: Visit, code: str) -> HttpResponse:
    """A project; posting does one of `DEEDS` to it."""
    row, refusal = queries.project(visit.place, code), ""
    if row is None:
        raise Http404(_("There is no such project."))
    if request.method == "POST":
        deed = DEEDS.get(request.POST.get("do", ""))
        if deed is None:
            raise Http404(_("There is no such step."))
        _check(visit, row, request.POST["do"])
        try:
            deed(visit, row, request.POST)
        except Refused as told:
            refusal = str(told)
        else:
            messages.success(request, _("Kept."))
            return redirect("projects:one", visit.place.key, code)
        row = queries.project(visit.place, code)
        assert row is not None
    return render(
        request, "projects/one.html", _context(request, visit, row, refusal), status=409 if refusal else 200
    )


def works(viewer: Any, row: Project) -> bool:
    """Whether a viewer works on a project: the office, its unit, or one that helps."""
    if row.unit is not None and viewer.may("project.work", row.unit):
        return True
    if viewer.may("project.run"):
        return True
    return any(viewer.may("project.work", party.unit) for party in row.parties.select_related("unit__parent"))


OFFICE = ("agree", "refuse", "settle", "plan-anew", "close")


def _check(visit: Visit, row: Project, do: str) -> None:
    if do in OFFICE:
        visit.viewer.check("project.run")
    elif not works(visit.viewer, row):
        raise PermissionDenied(_("This project is another unit's."))


def _context(request: HttpRequest, visit: Visit, row: Project, refusal: str) -> dict[str, Any]:
    today = local_day(visit.place, visit.now)
    chosen = queries.options(visit.place, visit.now)
    spec = spec_on(visit.place, today)
    week = Period.containing("week", today)
    mine = works(visit.viewer, row) and row.closed_on is None
    return {
        "visit": visit,
        "row": row,
        "refusal": refusal,
        "typed": request.POST if refusal else {},
        "today": today,
        "account": queries.account(row, spec, visit.now),
        "road": queries.stages(row, spec, today),
        "sums": queries.sums(row),
        "problems": queries.problems(row, visit.now),
        "lines": queries.lines(row, spec),
        "held": [
            spec.libraries[key].name if key in spec.libraries else key
            for key in queries.memberships([row]).get(row.pk, ())
        ],
        "parties": [party.unit for party in row.parties.select_related("unit")],
        "joint": row.parts.select_related("gathering"),
        "delays": row.delays.order_by("-claimed_at"),
        "corrections": row.corrections.order_by("-at"),
        "tasks": row.tasks.filter(week__in=(week.previous().key, week.key, week.next().key)).order_by(
            "week", "pk"
        ),
        "weeks": (week, week.next()),
        "problem_kinds": problem_kinds(visit.place, visit.now),
        "works": mine,
        "runs": mine and visit.viewer.may("project.run"),
        **chosen,
    }


def _stage(visit: Visit, row: Project, said: Any) -> None:
    stage = plain(said.get("stage"), 40)
    evidence = {
        name.removeprefix("need-"): plain(said[name], 500) for name in said if name.startswith("need-")
    }
    spec = spec_on(visit.place, local_day(visit.place, visit.now))
    if stage in spec.stages and is_back(spec, row.stage, stage):
        visit.viewer.check("project.run")
    actions.enter(
        project=row,
        stage=stage,
        on=day_of(said.get("on")),
        evidence=evidence,
        why=plain(said.get("why"), 300),
        by=visit.viewer.name,
        now=visit.now,
    )


def _plan(visit: Visit, row: Project, said: Any) -> None:
    used = set(row.milestones.values_list("key", flat=True))
    number = next(n for n in range(1, 1000) if f"m{n}" not in used)
    draft = {
        "key": f"m{number}",
        "name": plain(said.get("name"), 200),
        "plan": day_of(said.get("plan")),
        "stage": plain(said.get("stage"), 40),
        "outdoors": said.get("outdoors") == "1",
    }
    actions.plan(project=row, milestones=[draft], by=visit.viewer.name, now=visit.now)


def _plan_anew(visit: Visit, row: Project, said: Any) -> None:
    one = _found(queries.milestone(row, number_of(said.get("number"))))
    draft = {"key": one.key, "name": one.name, "plan": day_of(said.get("plan")), "stage": one.stage}
    why = plain(said.get("why"), 300)
    actions.plan(project=row, milestones=[draft], why=why, by=visit.viewer.name, now=visit.now)


def _foresee(visit: Visit, row: Project, said: Any) -> None:
    one = _found(queries.milestone(row, number_of(said.get("number"))))
    day, why = day_of(said.get("forecast")), plain(said.get("why"), 300)
    actions.foresee(milestone=one, forecast=day, why=why, by=visit.viewer.name, now=visit.now)


def _reach(visit: Visit, row: Project, said: Any) -> None:
    one = _found(queries.milestone(row, number_of(said.get("number"))))
    day, words = day_of(said.get("fact")), plain(said.get("evidence"), 500)
    actions.reach(milestone=one, fact=day, evidence=words, by=visit.viewer.name, now=visit.now)


def _week(visit: Visit, row: Project, said: Any) -> None:
    texts = plain(said.get("texts"), 20_000).splitlines()
    if not any(text.strip() for text in texts):
        raise refuse("no-words", N_("Say what is to be done."))
    week = plain(said.get("week"), 10)
    actions.plan_week(project=row, week=week, texts=texts, by=visit.viewer.name, now=visit.now)


def _task(visit: Visit, row: Project, said: Any) -> None:
    one = _found(queries.task(row, number_of(said.get("number"))))
    done, note = said.get("done") == "yes", plain(said.get("note"), 500)
    actions.tell_task(task=one, done=done, note=note, by=visit.viewer.name, now=visit.now)


def _sums(visit: Visit, row: Project, said: Any) -> None:
    source = plain(said.get("source"), 200)
    if not source:
        raise refuse("no-source", N_("Say where the figure comes from."))
    found = sums_of(said)
    if not found:
        raise refuse("no-figure", N_("Write at least one sum."))
    on = day_of(said.get("on"))
    actions.note_sums(project=row, sums=found, on=on, source=source, by=visit.viewer.name, now=visit.now)


def _claim(visit: Visit, row: Project, said: Any) -> None:
    actions.claim(
        project=row,
        cause=plain(said.get("cause"), 40),
        first=day_of(said.get("first")),
        last=day_of(said.get("last")),
        text=plain(said.get("text"), 500),
        ref=plain(said.get("ref"), 120),
        by=visit.viewer.name,
        now=visit.now,
    )


def _agree(visit: Visit, row: Project, said: Any) -> None:
    one = _found(queries.delay(row, number_of(said.get("number"))))
    actions.agree(delay=one, reply=plain(said.get("reply"), 500), by=visit.viewer.name, now=visit.now)


def _refuse(visit: Visit, row: Project, said: Any) -> None:
    one = _found(queries.delay(row, number_of(said.get("number"))))
    actions.refuse_delay(delay=one, reply=plain(said.get("reply"), 500), by=visit.viewer.name, now=visit.now)


def _settle(visit: Visit, row: Project, said: Any) -> None:
    one = _found(queries.correction(row, number_of(said.get("number"))))
    taken, reply = said.get("taken") == "yes", plain(said.get("reply"), 500)
    actions.settle_correction(correction=one, taken=taken, reply=reply, by=visit.viewer.name, now=visit.now)


def _problem(visit: Visit, row: Project, said: Any) -> None:
    kind, title, text = (
        plain(said.get(name), most) for name, most in (("kind", 40), ("title", 300), ("text", 5000))
    )
    actions.raise_problem(project=row, kind=kind, title=title, text=text, by=visit.viewer.name, now=visit.now)


def _close(visit: Visit, row: Project, said: Any) -> None:
    on, why = local_day(visit.place, visit.now), plain(said.get("why"), 300)
    actions.close(project=row, on=on, why=why, by=visit.viewer.name, now=visit.now)


def _found(row: Any) -> Any:
    if row is None:
        raise refuse("gone", N_("This is not of this project."))
    return row


DEEDS: Mapping[str, Callable[[Visit, Project, Any], None]] = {
    "stage": _stage,
    "plan": _plan,
    "plan-anew": _plan_anew,
    "foresee": _foresee,
    "reach": _reach,
    "week": _week,
    "task": _task,
    "sums": _sums,
    "claim": _claim,
    "agree": _agree,
    "refuse": _refuse,
    "settle": _settle,
    "problem": _problem,
    "close": _close,
}
