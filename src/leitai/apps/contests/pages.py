"""Contests as their readers meet them: who is put forward on what record, objections, the vote, the count.

Names of officials stand here while they are public by the rule (公示), and of those elected for good: that is what a
public notice is. Of the others only the unit is shown once the contest is closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leitai.apps.casework import queries as cases
from leitai.apps.ledger.errors import Refused, tell
from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit, page, public_page
from leitai.ui.typed import plain

from . import actions, queries
from .models import Contest

EXHIBITS = 3
# What the figures of a record are called beside the check that asked for them.
FIGURES = MappingProxyType(
    {
        "record.accountability": N_("accountability decided"),
        "record.notices": N_("notices of criticism"),
        "record.honours": N_("honours"),
        "record.upheld_bad": N_("bad verdicts found true"),
        "record.breaches": N_("deadlines broken"),
        "record.false_closings": N_("false closings"),
        "record.commitments_missed": N_("promises not kept"),
        "record.named_worst": N_("times named among the worst"),
    }
)


@require_safe
@public_page
def listing(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Every contest with its stage, the latest first."""
    rows = [(row, queries.stage(row, visit.now)) for row in queries.contests(visit.place)]
    context = {
        "visit": visit,
        "rows": [(row, stage, queries.STAGES[stage], queries.name(row)) for row, stage in rows],
        "mine": [
            (row, queries.name(row))
            for row in queries.to_vote(visit.place, visit.viewer.account, visit.now)
            if queries.why_no_juror(row, visit.viewer.account) is None
        ],
    }
    return render(request, "contests/list.html", context)


@require_safe
@public_page
def one(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """One contest: its road, who is put forward, and what came of it."""
    return _show(request, visit, _contest(visit, number))


@require_http_methods(["GET", "HEAD", "POST"])
@page("contest.nominate")
def nominate(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """Put somebody forward, with what shows it."""
    row = _contest(visit, number)
    if request.method != "POST":
        return _form(request, visit, row)
    office = visit.viewer.may("contest.run")
    posted = request.POST
    unit = people.unit(visit.place, people.key_of(visit.place, plain(posted.get("unit", ""), 200)))
    official = people.official(visit.place, plain(posted.get("official", ""), 200))
    if unit is None:
        return _form(request, visit, row, refusal=_("Say which unit, by its key or name."), status=409)
    visit.viewer.check("contest.nominate", unit)
    pairs = zip(posted.getlist("subject"), posted.getlist("shows"), strict=False)
    shown = [(plain(subject, 60), plain(text, 300)) for subject, text in pairs]
    try:
        made = actions.nominate(
            contest=row,
            unit=unit,
            official=official,
            why=plain(posted.get("why", "")),
            exhibits=shown,
            office=office,
            by=visit.viewer.name,
            now=visit.now,
        )
    except Refused as refused:
        return _form(request, visit, row, refusal=str(refused), status=409)
    messages.success(request, _("Put forward: %(unit)s.") % {"unit": made.unit.name})
    return redirect("contests:one", visit.place.key, row.pk)


@require_POST
@public_page
def challenge(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """An objection while the names are public."""
    row = queries.nomination(visit.place, number)
    if row is None:
        raise Http404(_("There is no such nomination."))
    try:
        text = plain(request.POST.get("text", ""))
        actions.challenge(nomination=row, text=text, by=visit.viewer.name, now=visit.now)
    except Refused as refused:
        return _show(request, visit, row.contest, refusal=str(refused), typed=request.POST, status=409)
    messages.success(
        request, _("Your objection is with the office; the jury reads it with the answer before it votes.")
    )
    return redirect("contests:one", visit.place.key, row.contest_id)


@require_POST
@page("contest.run")
def answer(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """The office's answer to an objection."""
    row = queries.challenge(visit.place, number)
    if row is None:
        raise Http404(_("There is no such objection."))
    try:
        actions.answer_challenge(
            challenge=row,
            upheld=request.POST.get("upheld") == "1",
            answer=plain(request.POST.get("answer", "")),
            by=visit.viewer.name,
            now=visit.now,
        )
    except Refused as refused:
        return _show(request, visit, row.nomination.contest, refusal=str(refused), status=409)
    return redirect("contests:one", visit.place.key, row.nomination.contest_id)


@require_POST
@page("contest.run")
def jury(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """Name the jury, by log-in names."""
    row = _contest(visit, number)
    typed = plain(request.POST.get("jurors", ""))
    names = [name for name in typed.replace(",", " ").replace("，", " ").split() if name]
    accounts = queries.who_may_judge(visit.place, names)
    unknown = [name for name in names if name not in accounts]
    if unknown:
        refusal = _("Nobody signs in as %(names)s.") % {"names": ", ".join(unknown)}
        return _show(request, visit, row, refusal=refusal, typed=request.POST, status=409)
    try:
        count = actions.name_jury(
            contest=row, accounts=list(accounts.values()), by=visit.viewer.name, now=visit.now
        )
    except Refused as refused:
        return _show(request, visit, row, refusal=str(refused), typed=request.POST, status=409)
    messages.success(request, _("The jury has %(count)s members.") % {"count": count})
    return redirect("contests:one", visit.place.key, row.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@page("contest.vote")
def vote(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """A juror's ballot: evidence, record and objections beside each name; then the slip."""
    row = _contest(visit, number)
    juror = queries.juror(row, visit.viewer.account)
    if juror is None:
        raise Http404(_("You are not on this jury."))
    stage, barred = queries.stage(row, visit.now), queries.why_no_juror(row, visit.viewer.account)
    held = queries.why_held(row) if stage == "held" else None
    context = {
        "visit": visit,
        "row": row,
        "name": queries.name(row),
        "stage": stage,
        "nominations": _lines(visit, row, [one for one in queries.nominations(row) if one.passed]),
        "juror": juror,
        "chosen": request.POST.getlist("choice"),
        "barred": tell(barred) if barred else "",
        "held": tell(held) if held else "",
    }
    if request.method != "POST":
        return render(request, "contests/vote.html", context)
    try:
        slip = actions.vote(
            contest=row,
            account=visit.viewer.account,
            choices=request.POST.getlist("choice"),
            by=visit.viewer.name,
            now=visit.now,
        )
    except Refused as refused:
        return render(request, "contests/vote.html", context | {"refusal": str(refused)}, status=409)
    # Shown once, on the answer itself: kept nowhere beside the juror.
    return render(request, "contests/vote.html", context | {"slip": slip})


def _contest(visit: Visit, number: int) -> Contest:
    row = queries.contest(visit.place, number)
    if row is None:
        raise Http404(_("There is no such contest."))
    return row


def _lines(visit: Visit, row: Contest, rows: list[Any]) -> list[dict[str, Any]]:
    """Nominations as they are shown: a name only while it is public, or where it was elected."""
    open_names = row.closed_at is None
    spec = queries.spec_of(row)
    waiting: dict[int, list[Any]] = {}
    for said in queries.unanswered_in(row):
        waiting.setdefault(said.nomination_id, []).append((said, queries.answer_due(row, said)))
    return [
        {
            "row": one,
            "name": one.official.name if one.official and (open_names or one.elected) else "",
            "checks": [_checked(spec, check) for check in queries.checks_of(one)],
            "exhibits": [(exhibit, _address(visit, exhibit.subject)) for exhibit in one.exhibits.all()],
            "waiting": waiting.get(one.pk, []),
        }
        for one in rows
    ]


def _checked(spec: Any, check: Mapping[str, Any]) -> dict[str, Any]:
    """A check of the record as its readers read it: its name in their language, its figures by what they count."""
    known = spec.checks.get(check["key"])
    figures = [(_(FIGURES[name]), figure) for name, figure in check["asked"].items()]
    return {"name": known.name if known else check["name"], "held": check["held"], "figures": figures}


def _address(visit: Visit, subject: str) -> str:
    """Where a piece of the record is shown to this viewer; "" where it is not."""
    room, _colon, ref = subject.partition(":")
    if room == "case":
        case = cases.case(visit.place, ref)
        seen = case is not None and visit.viewer.may("case.see" if case.unit else "case.run", case.unit)
        return reverse("casework:case", args=[visit.place.key, ref]) if seen else ""
    if room == "table" and ref.isdecimal():
        return reverse("tables:table", args=[visit.place.key, int(ref)])
    return ""


def _show(
    request: HttpRequest, visit: Visit, row: Contest, *, status: int = 200, **more: Any
) -> HttpResponse:
    stage = queries.stage(row, visit.now)
    running = visit.viewer.may("contest.run")
    lines = _lines(visit, row, queries.nominations(row)) if stage != "nominations" or running else []
    held = queries.why_held(row) if stage == "held" else None
    juror = queries.juror(row, visit.viewer.account)
    result = queries.result_of(row)
    called = {str(line["row"].pk): line["name"] or line["row"].unit.name for line in lines}
    seats = list(row.jurors.select_related("account").order_by("account__username"))
    barred = {one.pk: queries.why_no_juror(row, one.account) for one in seats} if running else {}
    context = {
        "visit": visit,
        "row": row,
        "spec": queries.spec_of(row),
        "stage": stage,
        "held": tell(held) if held else "",
        "stage_words": queries.STAGES[stage],
        "lines": lines,
        "count": row.nominations.count(),
        "jurors": [(one, tell(why) if (why := barred.get(one.pk)) else "") for one in seats],
        "running": running,
        "juror": juror,
        "may_vote": juror is not None
        and stage == "vote"
        and not juror.voted
        and queries.why_no_juror(row, visit.viewer.account) is None,
        "may_nominate": stage == "nominations" and visit.viewer.may("contest.nominate"),
        "may_name_jury": running and stage in ("nominations", "notice"),
        "result": result,
        "slips": [
            (slip, [called.get(one, one) for one in chosen]) for slip, chosen in result.get("slips", [])
        ],
        "name": queries.name(row),
    }
    return render(request, "contests/one.html", context | more, status=status)


def _form(
    request: HttpRequest, visit: Visit, row: Contest, *, status: int = 200, **more: Any
) -> HttpResponse:
    units = visit.viewer.units
    context = {
        "visit": visit,
        "row": row,
        "spec": queries.spec_of(row),
        "name": queries.name(row),
        "closed": queries.stage(row, visit.now) != "nominations",
        "unit": units[0] if units else None,
        "officials": people.officials_at(units[0], visit.now.astimezone(visit.place.zone).date())
        if units
        else [],
        "typed": request.POST,
        "exhibits": range(EXHIBITS),
    }
    return render(request, "contests/nominate.html", context | more, status=status)
