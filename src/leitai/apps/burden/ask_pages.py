"""Asks beside the rule-book: the register of all of them, a new one with its basis, one with who has answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leitai.apps.ledger.errors import Refused, refuse
from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit, page
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import N_
from leitai.ui.typed import plain

from . import actions, queries
from .models import Ask
from .pages import PER_PAGE, as_file, sees_all


def _search(request: HttpRequest) -> str:
    return plain(request.GET.get("q", ""), 60)


def _seen(visit: Visit, text: str) -> QuerySet[Ask]:
    """The asks a viewer sees: all, or those put to their own units."""
    if sees_all(visit):
        return queries.asks(visit.place, text)
    below = people.descendants(visit.place)
    return queries.asks(visit.place, text, {pk for unit in visit.viewer.units for pk in below[unit.pk]})


@require_http_methods(["GET", "HEAD", "POST"])
@page("burden.see")
def asks(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The register of asks; posting makes a new one, or says what it would double."""
    refusal, pointer = "", ""
    if request.method == "POST":
        visit.viewer.check("ask.make")
        try:
            row = _make(request, visit)
            messages.success(request, _("Registered as number %(number)s.") % {"number": row.pk})
            return redirect("burden:ask", visit.place.key, row.pk)
        except Refused as refused:
            refusal, pointer = str(refused), _pointer(visit, str(refused.finding.values.get("subject", "")))
    shown = Paginator(_seen(visit, _search(request)), PER_PAGE).get_page(request.GET.get("page"))
    counted = queries.answered(shown)
    context = {
        "visit": visit,
        "q": _search(request),
        "query": request.GET.urlencode(),
        "page": shown,
        "asks": [(one, *counted.get(one.pk, (0, 0))) for one in shown],
        "to_answer": queries.to_answer(visit.viewer, visit.place),
        "refusal": refusal,
        "pointer": pointer,
        "typed": request.POST,
        **_choices(visit),
    }
    return render(request, "burden/asks.html", context, status=409 if refusal else 200)


def _choices(visit: Visit) -> dict[str, Any]:
    """The groups that can be asked with how many units they have, and the minutes the rule-book reckons with."""
    try:
        regime = regimes.regime_on(visit.place, visit.now.astimezone(visit.place.zone).date())
    except regimes.NoRegime:
        return {"groups": [], "minutes": 20}
    units = list(people.units(visit.place)) if visit.viewer.may("ask.make") else []
    groups = [
        (key, group.name, len(people.picked(visit.place, group.units, units)))
        for key, group in regime.groups.items()
    ]
    return {"groups": groups, "minutes": regime.burden.ask}


def _make(request: HttpRequest, visit: Visit) -> Ask:
    """The ask that a form describes. Raises Refused."""
    posted = request.POST
    regime = regimes.regime_on(visit.place, visit.now.astimezone(visit.place.zone).date())
    group, typed = posted.get("group", ""), plain(posted.get("unit", ""), 200)
    units = people.picked(visit.place, regime.groups[group].units) if group in regime.groups else []
    if typed:
        one = people.unit(visit.place, people.key_of(visit.place, typed))
        if one is None:
            raise refuse("unknown-unit", N_("There is no unit %(key)s."), key=typed[:60])
        units = [*units, one]
    minutes = posted.get("minutes", "").strip()
    return actions.make(
        place=visit.place,
        title=plain(posted.get("title", ""), 200),
        period=plain(posted.get("period", ""), 20),
        basis=plain(posted.get("basis", ""), 300),
        minutes=int(minutes) if minutes.isdecimal() and len(minutes) < 6 else 0,
        due=_instant(visit, posted.get("due", "")),
        units=units,
        by=visit.viewer.name,
        now=visit.now,
    )


def _instant(visit: Visit, text: str) -> datetime:
    """The end of the day that a form names. Raises Refused."""
    try:
        day = datetime.fromisoformat(text)
    except ValueError:
        raise refuse("no-day", N_("Write a day as 2022-03-31.")) from None
    return day.replace(hour=23, minute=59, tzinfo=visit.place.zone)


def _pointer(visit: Visit, subject: str) -> str:
    """Where what an ask would double is shown."""
    room, _colon, rest = subject.partition(":")
    if room == "ask":
        return reverse("burden:ask", args=[visit.place.key, int(rest)])
    if room == "measure":
        return reverse("measures:definition", args=[visit.place.key, rest])
    return ""


def _ask(visit: Visit, number: int) -> Ask:
    """The ask of an address, for those who may see it. Raises Http404, PermissionDenied."""
    row = queries.ask(visit.place, number)
    if row is None:
        raise Http404(_("There is no such ask."))
    if not sees_all(visit) and not _mine(visit, row):
        raise PermissionDenied(_("Your unit was not asked."))
    return row


def _mine(visit: Visit, row: Ask) -> list[Any]:
    return _own(visit, queries.replies(row))


def _own(visit: Visit, rows: list[Any]) -> list[Any]:
    return [one for one in rows if visit.viewer.may("ask.reply", one.unit)]


@require_http_methods(["GET", "HEAD", "POST"])
@page("burden.see")
def one(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """An ask with its basis and who has answered; a clerk answers for the own unit."""
    row, refusal = _ask(visit, number), ""
    if request.method == "POST":
        asked = queries.reply_of(row, plain(request.POST.get("unit", ""), 200))
        if asked is None:
            raise Http404(_("This unit was not asked."))
        visit.viewer.check("ask.reply", asked.unit)
        try:
            text, by = plain(request.POST.get("text", "")), visit.viewer.name
            actions.reply(ask=row, unit=asked.unit, text=text, by=by, now=visit.now)
            messages.success(request, _("Your answer is on record."))
            return redirect("burden:ask", visit.place.key, number)
        except Refused as refused:
            refusal = str(refused)
    mine = _mine(visit, row)
    replies = queries.replies(row) if sees_all(visit) else mine
    done = sum(reply.at is not None for reply in replies)
    context = {
        "visit": visit,
        "row": row,
        "replies": replies,
        "done": done,
        "mine": [reply for reply in mine if reply.at is None],
        "cost": row.minutes * len(replies),
        "over": visit.now > row.due,
        "whole": sees_all(visit),
        "refusal": refusal,
        "typed": request.POST,
    }
    return render(request, "burden/ask.html", context, status=409 if refusal else 200)


@require_POST
@page("ask.make")
def withdraw(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """Take an ask back, with the reason."""
    row = _ask(visit, number)
    try:
        why = plain(request.POST.get("why", ""), 300)
        actions.withdraw(ask=row, why=why, by=visit.viewer.name, now=visit.now)
        messages.success(request, _("Withdrawn. Units that did not answer need not any more."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("burden:ask", visit.place.key, number)


@require_safe
@page("ask.reply")
def waiting(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What waits for an answer of the viewer's units, for their desk."""
    rows = queries.to_answer(visit.viewer, visit.place)
    return render(request, "burden/_waiting.html", {"visit": visit, "to_answer": rows})


@require_safe
@page("burden.see")
def export(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The asks that are seen with every unit's answer, in Excel."""
    zone = visit.place.zone
    heads = [
        (_("No."), 8), (_("Matter asked for"), 40), (_("Period"), 11), (_("Legal basis"), 40),
        (_("Minutes it takes"), 10), (_("Due"), 17), (_("Unit"), 28), (_("Answered at"), 17),
        (_("Answer of the unit"), 60), (_("Withdrawn because"), 30),
    ]  # fmt: skip
    whole, asked = sees_all(visit), _seen(visit, _search(request))
    replies = queries.replies_by_ask(asked)

    def local(at: datetime | None) -> Any:
        return at.astimezone(zone).replace(tzinfo=None) if at else None

    rows = (
        [*about, one.unit.name, local(one.at), one.text, row.withdrawn_why]
        for row in asked
        for about in [[row.pk, row.title, row.period, row.basis, row.minutes, local(row.due)]]
        for one in (replies[row.pk] if whole else _own(visit, replies[row.pk]))
    )
    return as_file(visit, f"{visit.place.name} · {_('Asks beside the rule-book')}", heads, rows)
