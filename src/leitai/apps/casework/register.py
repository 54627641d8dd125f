"""Entering a case by hand, on a phone as likely as at a desk: what the office is told and what a patrol finds.

What kinds there are, whether a unit must be named and whether a deadline is asked for, the rule-book says.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from leitai.apps.ledger.errors import Refused, refuse
from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit, page
from leitai.rules import casework as core
from leitai.rules.kernel import N_
from leitai.ui.typed import plain

from . import actions
from .kinds import answered, kinds, questions
from .models import Case
from .pages import may_see


@require_http_methods(["GET", "HEAD", "POST"])
@page("case.open")
def register(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The form; posting it opens the case, once however often it is pressed."""
    refusal = ""
    if request.method == "POST":
        try:
            case = _open(visit, request.POST)
        except Refused as told:
            refusal = str(told)
        else:
            messages.success(request, _("Entered as %(ref)s.") % {"ref": case.ref})
            if may_see(visit.viewer, case):
                return redirect("casework:case", visit.place.key, case.ref)
            return redirect("casework:desk", visit.place.key)
    return _show(request, visit, refusal)


def _kinds(visit: Visit) -> dict[str, Any]:
    """The kinds of case that this form opens: those of the office's door, and for a patrol those of its own."""
    return kinds(visit, "office" if visit.viewer.may("case.run") else "patrol")


def _open(visit: Visit, posted: Any) -> Case:
    """The case of a form. Raises Refused with the reason."""
    offered = _kinds(visit)
    kind = plain(posted.get("kind", ""), 40)
    if kind not in offered:
        raise refuse("no-kind", N_("Say what kind of matter it is."))
    firm = _firm(visit, posted)
    typed = plain(posted.get("unit", ""), 300)
    unit = people.unit(visit.place, people.key_of(visit.place, typed)) if typed else firm and firm.liaison
    if typed and (unit is None or not unit.active):
        raise refuse("unknown-unit", N_("There is no unit %(key)s."), key=typed)
    return actions.open_case(
        place=visit.place,
        kind=kind,
        unit=unit,
        title=plain(posted.get("title", ""), 300),
        text=plain(posted.get("text", "")),
        where=plain(posted.get("where", ""), 200),
        channel="office" if visit.viewer.may("case.run") else "patrol",
        complex=posted.get("complex") == "1",
        enterprise=firm,
        given_due=_due(visit, plain(posted.get("due", ""), 40)),
        form=answered(posted, kind, offered[kind]),
        once=plain(posted.get("once", ""), 64),
        by=visit.viewer.name,
        now=visit.now,
    )


def _firm(visit: Visit, posted: Mapping[str, str]) -> Any:
    """The enterprise whose matter it is; None where none is named."""
    key = plain(posted.get("enterprise", ""), 100)
    firm = people.enterprise(visit.place, key) if key else None
    if key and firm is None:
        raise refuse("unknown-enterprise", N_("There is no enterprise %(key)s."), key=key)
    return firm


def _due(visit: Visit, text: str) -> datetime | None:
    """The deadline of a form, wall time of the place, as an instant; it lies ahead."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
        at = at.replace(tzinfo=visit.place.zone) if at.tzinfo is None else at
        late = at <= visit.now
    except (ValueError, OverflowError):
        raise refuse(
            "bad-time", N_("%(text)s is no time: write it as 2030-01-31 17:30."), text=text
        ) from None
    if late:
        raise refuse("past-deadline", N_("The deadline %(text)s has passed already."), text=text)
    return at


def _show(request: HttpRequest, visit: Visit, refusal: str) -> HttpResponse:
    offered = _kinds(visit)
    typed = request.POST if request.method == "POST" else request.GET
    context = {
        "visit": visit,
        "kinds": [(key, spec.name) for key, spec in offered.items()],
        "asked": [
            (key, spec.name, questions(key, spec, typed)) for key, spec in offered.items() if spec.form
        ],
        "firms": people.enterprises(visit.place),
        "deadlines": any(
            one.within == core.GIVEN for spec in offered.values() for one in spec.clocks.values()
        ),
        "refusal": refusal,
        "typed": typed,
        "once": plain(typed.get("once", ""), 64) or secrets.token_urlsafe(18),
    }
    return render(request, "casework/register.html", context, status=409 if refusal else 200)
