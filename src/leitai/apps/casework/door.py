"""An enterprise's own page, by its link: ask, see who holds the question now, say whether it is solved.

No account is forced on anyone. The link carries a secret, which is kept here as a digest only; whoever has no
right link finds nothing at this address.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from leitai.apps.ledger.errors import Refused, refuse
from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit, public_page
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import N_, Text
from leitai.ui.typed import plain

from . import actions, queries
from .forms import written
from .models import Case, Request
from .rows import local_day


@dataclass(frozen=True)
class Question:
    """A case as the enterprise sees it: where it stands, who holds it, since when, what it may do and is asked.

    `agreed` is the pause that runs, as it was agreed to.
    """

    case: Case
    kind: Text
    state: Text
    holder: str
    since: datetime
    over: bool
    lines: tuple[queries.Line, ...]
    clocks: tuple[queries.ClockView, ...]
    moves: tuple[queries.MoveView, ...]
    asked: tuple[queries.Asking, ...]
    agreed: Request | None


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@public_page
def ask(request: HttpRequest, visit: Visit, enterprise: str, secret: str) -> HttpResponse:
    """The page; posting to it asks a question."""
    firm = _firm(visit, enterprise, secret)
    refusal = ""
    if request.method == "POST":
        try:
            _open(visit, firm, request.POST)
        except Refused as told:
            refusal = str(told)
        else:
            return redirect("casework:ask", visit.place.key, enterprise, secret)
    return _show(request, visit, firm, secret, refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@public_page
def settle(request: HttpRequest, visit: Visit, enterprise: str, secret: str, ref: str) -> HttpResponse:
    """Say that it is solved, or send it back with the reason; agree to wait, refuse to, or wait no longer."""
    firm = _firm(visit, enterprise, secret)
    row = queries.case(visit.place, ref)
    if row is None or row.enterprise_id != firm.pk:
        raise Http404(_("There is no such case."))
    if request.method == "POST":
        act = _answer if "request" in request.POST else _resume if "resume" in request.POST else _move
        try:
            act(visit, firm, row, request.POST)
        except Refused as told:
            return _show(request, visit, firm, secret, str(told))
    return redirect("casework:ask", visit.place.key, enterprise, secret)


def _move(visit: Visit, firm: Any, row: Case, posted: Any) -> None:
    step = next((one for one in queries.flow(row).moves if one.key == posted.get("move")), None)
    if step is None:
        raise Http404(_("There is no such step."))
    actions.move_case(
        case=row,
        move=step.key,
        role="enterprise",
        form=written(visit.place, posted, step.needs),
        by=f"enterprise:{firm.key}",
        now=visit.now,
    )


def _answer(visit: Visit, firm: Any, row: Case, posted: Any) -> None:
    """Agree to a pause, or refuse it with the reason."""
    number = posted.get("request", "")
    found = queries.request(row, int(number)) if number.isascii() and number.isdigit() else None
    if found is None:
        raise Http404(_("There is no such request."))
    if posted.get("granted") not in ("yes", "no"):
        raise refuse("yes-or-no", N_("Say yes or no."))
    actions.answer_request(
        request=found,
        granted=posted["granted"] == "yes",
        reply=plain(posted.get("reply", ""), 2000),
        role="enterprise",
        by=f"enterprise:{firm.key}",
        now=visit.now,
    )


def _resume(visit: Visit, firm: Any, row: Case, _posted: Any) -> None:
    """End a pause that the enterprise agreed to."""
    agreed = queries.agreed_to_wait(row)
    if agreed is None or agreed.answerer != "enterprise":
        raise refuse("not-agreed", N_("You agreed to no pause of this case."))
    actions.resume(case=row, role="enterprise", by=f"enterprise:{firm.key}", now=visit.now)


def _firm(visit: Visit, key: str, secret: str) -> Any:
    firm = people.enterprise_by_link(visit.place, key, secret)
    if firm is None:
        raise Http404(_("This link is not valid. Ask your liaison officer for a new one."))
    return firm


def _open(visit: Visit, firm: Any, posted: Any) -> None:
    """A question goes to the enterprise's liaison unit; the sort is one of the rule-book's questions."""
    kinds = _kinds(visit)
    kind = posted.get("kind", "")
    if kind not in kinds:
        kind = next(iter(kinds), kind)
    actions.open_case(
        place=visit.place,
        kind=kind,
        unit=firm.liaison or people.unit(visit.place, plain(posted.get("unit", ""))),
        title=plain(posted.get("title", "")),
        text=plain(posted.get("text", "")),
        channel="enterprise",
        complex=posted.get("complex") == "1",
        enterprise=firm,
        once=plain(posted.get("once", ""), 64),
        by=f"enterprise:{firm.key}",
        now=visit.now,
    )


def _kinds(visit: Visit) -> dict[str, Text]:
    """The kinds of question in force today, in the rule-book's order."""
    regime = regimes.regime_on(visit.place, local_day(visit.place, visit.now))
    return {key: spec.name for key, spec in regime.cases.items() if spec.flow == "question"}


def _show(request: HttpRequest, visit: Visit, firm: Any, secret: str, refusal: str) -> HttpResponse:
    rows = queries.of_enterprise(firm)[:30]
    since = queries.held_since(row.pk for row in rows)
    found = [_question(row, visit, since.get(row.pk, row.opened_at)) for row in rows]
    context = {
        "visit": visit,
        "firm": firm,
        "secret": secret,
        "kinds": _kinds(visit),
        "open": sorted((one for one in found if not one.over), key=lambda one: not (one.moves or one.asked)),
        "over": [one for one in found if one.over],
        "units": () if firm.liaison else list(people.units(visit.place)),
        "refusal": refusal,
        "typed": request.POST,
        "once": plain(request.POST.get("once", ""), 64) if refusal else secrets.token_urlsafe(18),
    }
    response = render(request, "casework/ask.html", context, status=409 if refusal else 200)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "same-origin"
    return response


def _question(row: Case, visit: Visit, since: datetime) -> Question:
    state = queries.flow(row).state(row.state)
    return Question(
        row,
        queries.kind_label(row),
        state.label,
        queries.held_by(row, state.owner),
        since,
        state.terminal,
        queries.road_of_enterprise(row),
        () if state.terminal else queries.clocks(row, visit.now),
        queries.moves_in(row, ("enterprise",)),
        queries.of_enterprise_side(row),
        queries.agreed_to_wait(row) if row.paused_until is not None else None,
    )
