"""An enterprise's own page, by its link: ask, see who holds the question now, say whether it is solved.

No account is forced on anyone. The link carries a secret, which is kept here as a digest only; whoever has no
right link finds nothing at this address.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from leitai.apps.ledger.errors import Refused
from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit, public_page
from leitai.apps.regimes import queries as regimes
from leitai.rules.casework import ROLES
from leitai.rules.kernel import Text

from . import actions, queries
from .forms import plain, written
from .models import Case
from .rows import local_day


@dataclass(frozen=True)
class Question:
    """A case as the enterprise sees it: where it stands, who holds it, since when, and what it may do."""

    case: Case
    kind: Text
    state: Text
    holder: str
    over: bool
    lines: tuple[queries.Line, ...]
    clocks: tuple[queries.ClockView, ...]
    moves: tuple[queries.MoveView, ...]


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


@require_POST
@never_cache
@public_page
def settle(request: HttpRequest, visit: Visit, enterprise: str, secret: str, ref: str) -> HttpResponse:
    """Say that it is solved, or send it back with the reason."""
    firm = _firm(visit, enterprise, secret)
    row = queries.case(visit.place, ref)
    if row is None or row.enterprise_id != firm.pk:
        raise Http404(_("There is no such case."))
    step = next((one for one in queries.flow(row).moves if one.key == request.POST.get("move")), None)
    if step is None:
        raise Http404(_("There is no such step."))
    try:
        actions.move_case(
            case=row,
            move=step.key,
            role="enterprise",
            form=written(visit.place, request.POST, step.needs),
            by=f"enterprise:{firm.key}",
            now=visit.now,
        )
    except Refused as told:
        return _show(request, visit, firm, secret, str(told))
    return redirect("casework:ask", visit.place.key, enterprise, secret)


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
    found = [_question(row, visit) for row in queries.of_enterprise(firm)[:30]]
    context = {
        "visit": visit,
        "firm": firm,
        "secret": secret,
        "kinds": _kinds(visit),
        "open": sorted((one for one in found if not one.over), key=lambda one: not one.moves),
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


def _holder(row: Case, owner: str) -> str:
    """Who holds it, by name where it is a unit."""
    if owner == "unit" and row.unit is not None:
        return row.unit.name
    if owner == "enterprise" and row.enterprise is not None:
        return row.enterprise.name
    return ROLES[owner].show(get_language() or "zh-hans")


def _question(row: Case, visit: Visit) -> Question:
    state = queries.flow(row).state(row.state)
    return Question(
        row,
        queries.kind_label(row),
        state.label,
        _holder(row, state.owner),
        state.terminal,
        queries.timeline(row),
        () if state.terminal else queries.clocks(row, visit.now),
        queries.moves_in(row, ("enterprise",)),
    )
