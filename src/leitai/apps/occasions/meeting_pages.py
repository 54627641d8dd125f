"""A meeting: the promises of last time, the agenda in order, minutes and new promises taken on the page; wall, Word."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leitai.apps.ledger.errors import Refused, refuse
from leitai.apps.measures.queries import decimal
from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit, page
from leitai.apps.regimes import queries as regimes
from leitai.rules.cadence.commitments import said
from leitai.rules.kernel import N_
from leitai.ui.typed import plain

from . import actions, paper, queries
from .models import Commitment, Occasion
from .shown import TITLES, aim, shown
from .sittings import is_sitting

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
@page("desk.see")
def meeting(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """What do we decide today?"""
    return _meeting(request, visit, _row(visit, number))


def _row(visit: Visit, number: int) -> Occasion:
    row = queries.occasion(visit.place, number)
    if row is None:
        raise Http404(_("There is no such occasion."))
    return row


def _meeting(
    request: HttpRequest, visit: Visit, row: Occasion, *, refusal: str = "", typed: Any = None
) -> HttpResponse:
    pack = shown(row, visit)
    sits = is_sitting(row, visit.now)
    notes = sits and visit.viewer.may("commitment.note")
    context = {
        "visit": visit,
        "row": row,
        "spec": queries.spec_of(row),
        "name": queries.name(row),
        "pack": pack,
        "kept": pack["kept"],
        "agenda": _agenda(row, pack, everything=notes),
        "promised": [as_shown(one) for one in queries.commitments_of(row)],
        "before": queries.before(row),
        "after": queries.after(row),
        "notes": notes,
        "closes": sits and visit.viewer.may("occasion.hold"),
        "form": _form(request, visit, row, typed) if notes else None,
        "refusal": refusal,
    }
    return render(request, "occasions/meeting.html", context, status=409 if refusal else 200)


def _agenda(row: Occasion, pack: dict[str, Any], *, everything: bool = False) -> list[dict[str, Any]]:
    """The parts in order, each with what it reads and what was noted of it; `everything` where minutes are taken."""
    read = {part["part"]: part for part in pack["parts"]}
    noted = queries.minutes_of(row)
    return [
        {"key": key, "title": TITLES[key], "part": read.get(key), "minutes": noted.get(key, [])}
        for key in queries.parts(row)
        if key in noted or (everything if key == "words" else key in read)
    ]


def as_shown(one: Commitment) -> dict[str, Any]:
    """A promise with its figure in words."""
    spec = queries.measured_by(one)
    rate = spec is not None and queries.is_rate(spec)
    return {
        "row": one,
        "measure": spec.name if spec is not None else None,
        "unit": spec.unit if spec is not None else None,
        "aim": aim(one.sense, one.target, rate=rate),
        "found": said(one.found, rate=rate) if one.found is not None else "",
    }


def _form(request: HttpRequest, visit: Visit, row: Occasion, typed: Any) -> dict[str, Any]:
    """What the form for a promise offers: the rule-book's measures, the day before the next meeting, and a repeat."""
    regime = regimes.regime_on(visit.place, visit.now.astimezone(visit.place.zone).date())
    again = _again(visit, (typed or request.GET).get("again", ""))
    coming = queries.after(row)
    today = visit.now.astimezone(visit.place.zone).date()
    default = (
        coming.at.astimezone(visit.place.zone).date() - timedelta(days=1) if coming is not None else None
    )
    return {
        "measures": [(key, spec.name) for key, spec in regime.measures.items()],
        "again": again,
        "typed": typed or _repeat(again),
        "due": max(default, today + timedelta(days=1)) if default is not None else "",
        "first_day": today + timedelta(days=1),
    }


def _again(visit: Visit, number: str) -> Commitment | None:
    return queries.commitment(visit.place, int(number)) if number.isdecimal() and len(number) < 10 else None


def _repeat(again: Commitment | None) -> dict[str, Any]:
    """The form filled in with a promise that is made again; its period and day are to be chosen anew."""
    if again is None:
        return {}
    spec = queries.measured_by(again)
    rate = spec is not None and queries.is_rate(spec)
    return {
        "unit": again.unit.key,
        "text": again.text,
        "measure": again.measure,
        "sense": again.sense,
        "target": said(again.target, rate=rate) if again.target is not None else "",
    }


@require_safe
@page("commitment.note")
def figure(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A unit's own last figure of a measure, beside the form."""
    unit = people.unit(visit.place, people.key_of(visit.place, plain(request.GET.get("unit", ""), 200)))
    measure, today = request.GET.get("measure", ""), visit.now.astimezone(visit.place.zone).date()
    spec = regimes.regime_on(visit.place, today).measures.get(measure)
    last = queries.last_value(unit, measure, today) if unit is not None and spec is not None else None
    value = said(last.seen.value, rate=last.seen.rate) if last is not None else ""
    context = {"visit": visit, "unit": unit, "spec": spec, "last": last, "value": value}
    return render(request, "occasions/_figure.html", context)


@require_POST
@page("commitment.note")
def note(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """Note what was said of a part of the agenda."""
    row, part = _row(visit, number), request.POST.get("part", "")
    try:
        text = plain(request.POST.get("text", ""))
        actions.note(occasion=row, part=part, text=text, by=visit.viewer.name, now=visit.now)
    except Refused as refused:
        return _meeting(request, visit, row, refusal=str(refused))
    messages.success(request, _("Noted."))
    return _back(visit, row, f"part-{part}")


@require_POST
@page("commitment.note")
def promise(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """Note what a unit promises."""
    row = _row(visit, number)
    try:
        made = _promise(request, visit, row)
    except Refused as refused:
        return _meeting(request, visit, row, refusal=str(refused), typed=request.POST)
    told = _("Noted: %(unit)s promises it by %(due)s.")
    messages.success(request, told % {"unit": made.unit.name, "due": made.due.isoformat()})
    return _back(visit, row, "promised")


def _promise(request: HttpRequest, visit: Visit, row: Occasion) -> Commitment:
    posted = request.POST
    typed = plain(posted.get("unit", ""), 200)
    unit = people.unit(visit.place, people.key_of(visit.place, typed))
    if unit is None:
        raise refuse("no-unit", N_("There is no unit “%(unit)s” here."), unit=typed)
    by_figure = posted.get("by") == "measure"
    try:
        due = date.fromisoformat(posted.get("due", ""))
        target = decimal(posted["target"]) if by_figure and posted.get("target") else None
        if target is not None and not target.is_finite():
            raise InvalidOperation
    except (ValueError, InvalidOperation):
        raise refuse("bad-form", N_("Give a day, and a figure as 12.5 or 90%%.")) from None
    if by_figure and not posted.get("measure"):
        raise refuse("no-measure-chosen", N_("Choose the measure that tells whether it was kept."))
    return actions.promise(
        occasion=row,
        unit=unit,
        text=plain(posted.get("text", ""), 500),
        measure=posted.get("measure", "") if by_figure else "",
        period=plain(posted.get("period", ""), 10),
        sense=posted.get("sense", ""),
        target=target,
        due=due,
        again=_again(visit, posted.get("again", "")),
        by=visit.viewer.name,
        now=visit.now,
    )


@require_POST
@page("occasion.hold")
def close(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """Mark the meeting as held; its minutes are closed."""
    row = _row(visit, number)
    note, nothing = plain(request.POST.get("note", "")), bool(request.POST.get("nothing"))
    try:
        actions.hold(occasion=row, note=note, nothing=nothing, by=visit.viewer.name, now=visit.now)
    except Refused as refused:
        return _meeting(request, visit, row, refusal=str(refused))
    messages.success(request, _("Noted: held."))
    return _back(visit, row)


def _back(visit: Visit, row: Occasion, part: str = "") -> HttpResponse:
    response = redirect("occasions:meeting", visit.place.key, row.pk)
    if part:
        response["Location"] += f"#{part}"
    return response


@require_safe
@page("desk.see")
def wall(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """The same on the wall of the room: one part to a screen, in large type."""
    row = _row(visit, number)
    context = {
        "visit": visit,
        "row": row,
        "name": queries.name(row),
        "pack": shown(row, visit),
        "promised": [as_shown(one) for one in queries.commitments_of(row)],
    }
    return render(request, "occasions/wall.html", context)


@require_safe
@page("desk.see")
def word(_request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """Agenda, pack and minutes as a Word document."""
    row = _row(visit, number)
    promised = [as_shown(one) for one in queries.commitments_of(row)]
    pack = shown(row, visit)
    title, document = paper.write(row, pack, _agenda(row, pack), promised)
    response = HttpResponse(document, content_type=WORD)
    response["Content-Disposition"] = content_disposition_header(True, f"{title}.docx")
    return response
