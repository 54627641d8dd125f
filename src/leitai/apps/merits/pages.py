"""The file of a consequence: rule, evidence, the reply of the one concerned, who decides and by when, the appeal.

Nothing is decided before the reply or the end of the time for it; the page shows which of the two is awaited.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leitai.apps.ledger.errors import Refused, tell
from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit, page
from leitai.rules import merits as core
from leitai.rules.worktime import parse_within
from leitai.ui.typed import plain

from . import actions, evidence, queries
from .models import Proposal, ProposalState

MOST = 5000  # letters of a box
PER_PAGE = 30
UNDECIDED = (ProposalState.PROPOSED, ProposalState.REPLIED)


@require_safe
@page("merit.see")
def listing(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Open files, what must be answered first first; then those decided, the latest first."""
    waiting = queries.open_for(visit.place, visit.viewer)
    done = Paginator(queries.decided(visit.place, visit.viewer), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "visit": visit,
        "open": queries.named(visit.place, waiting),
        "decided": queries.named(visit.place, done),
        "page": done,
        "flagged": queries.flagged(visit.place, [*waiting, *done]),
        "own": people.officials_of(visit.place, visit.viewer.account),
    }
    return render(request, "merits/list.html", context)


@require_safe
@page("desk.see")
def awaiting(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Files that wait for this viewer, as a part of the desk: a clerk's reply, a leader's decision."""
    rows = queries.open_for(visit.place, visit.viewer) if visit.viewer.may("merit.see") else []
    found = queries.named(visit.place, queries.waiting_for(visit.place, visit.viewer, rows, visit.now))
    deciding = visit.viewer.may("merit.decide")
    return render(request, "merits/_awaiting.html", {"visit": visit, "rows": found, "deciding": deciding})


@require_safe
@page("merit.see")
def one(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """One file."""
    return _show(request, visit, _file(visit, number))


@require_POST
@page("merit.see")
def reply(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """What the one concerned, or the unit for them, says to it."""
    row = _answering(visit, number, "merit.reply")
    return _do(
        request,
        visit,
        row,
        lambda who: actions.reply(proposal=row, text=_said(request, "text"), **who),
        _("Your reply is on file; whoever decides will have read it."),
    )


@require_POST
@page("merit.see")
def appeal(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """The appeal of the one concerned, or of the unit for them."""
    row = _answering(visit, number, "merit.appeal")
    return _do(
        request,
        visit,
        row,
        lambda who: actions.appeal(proposal=row, text=_said(request, "text"), **who),
        _("Your appeal is on file; another person than who decided settles it."),
    )


@require_POST
@page("merit.decide")
def decide(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """The decision, with its grounds; or what is made of an appeal."""
    row = _file(visit, number)
    said = {"upheld": request.POST.get("upheld") == "1", "decision": _said(request, "decision")}
    if row.state == ProposalState.APPEALED:
        return _do(request, visit, row, lambda who: actions.settle(proposal=row, **said, **who))
    return _do(request, visit, row, lambda who: actions.decide(proposal=row, **said, **who))


@require_POST
@page("merit.decide")
def correct(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """Take a file back, or say why a decision stands although what it rests on was corrected."""
    row = _file(visit, number)
    why = _said(request, "reason")
    if request.POST.get("do") == "keep":
        return _do(request, visit, row, lambda who: actions.keep(proposal=row, reason=why, **who))
    return _do(request, visit, row, lambda who: actions.withdraw(proposal=row, why=why, **who))


def _said(request: HttpRequest, name: str) -> str:
    """What was typed into a box, as a database can hold it."""
    return plain(request.POST.get(name, ""), MOST)


def _do(
    request: HttpRequest, visit: Visit, row: Proposal, deed: Callable[[dict[str, Any]], Any], done: str = ""
) -> HttpResponse:
    """Carry a deed out and show the file; where it is refused, with the reason and what was typed."""
    try:
        deed({"by": visit.viewer.name, "now": visit.now})
    except Refused as refusal:
        return _show(request, visit, row, refusal=str(refusal), typed=request.POST, status=409)
    if done:
        messages.success(request, done)
    return redirect("merits:one", visit.place.key, row.pk)


def _file(visit: Visit, number: int) -> Proposal:
    """The file, where the viewer may see it: else 404 or 403."""
    row = queries.proposal(visit.place, number)
    if row is None:
        raise Http404(_("There is no such file."))
    if not queries.is_own(row, visit.viewer):
        visit.viewer.check("merit.see", row.unit)
    return row


def _answering(visit: Visit, number: int, permission: str) -> Proposal:
    """The file, where the viewer answers for it: as the one concerned, or from the unit."""
    row = _file(visit, number)
    if not _answers(visit, row, permission):
        raise PermissionDenied(_("This is for the one concerned, or their unit, to say."))
    return row


def _answers(visit: Visit, row: Proposal, permission: str) -> bool:
    return queries.is_own(row, visit.viewer) or visit.viewer.may(permission, row.unit)


def _show(
    request: HttpRequest, visit: Visit, row: Proposal, *, status: int = 200, **more: Any
) -> HttpResponse:
    spec = queries.spec_of(row)
    undecided = row.state in UNDECIDED
    decides = visit.viewer.may("merit.decide")
    not_yet = queries.check_decide(row, visit.now) if undecided else None
    not_mine = queries.check_decider(row, visit.viewer.name) if decides else None
    no_appeal = queries.check_appeal(row, visit.now) if row.state == ProposalState.DECIDED else None
    names = [by.removeprefix("account:") for by in (row.decided_by, row.settled_by)]
    accounts = people.accounts(names)
    own = queries.is_own(row, visit.viewer)
    shown = own or visit.viewer.may("official.see")
    if row.official is not None and shown and not own:
        actions.look(place=visit.place, officials=[row.official], by=visit.viewer.name, now=visit.now)
    flagged = queries.flagged(visit.place, [row]).get(row.pk, "")
    entitled = decides and not_mine is None
    context = {
        "visit": visit,
        "row": row,
        "name": queries.name(row),
        "spec": spec,
        "body": core.body_of(spec),
        "appeal_within": parse_within(spec.appeal).text if spec and spec.appeal and undecided else None,
        "is_open": undecided,
        "honour": row.tone == "honour",
        "objections": row.reply if decides and not own else None,
        "not_yet": tell(not_yet) if not_yet else "",
        "awaited": not_yet is not None and not_yet.code in ("reply-first", "notice-first"),
        "not_mine": tell(not_mine) if not_mine else "",
        "pieces": evidence.pieces(visit, row),
        "number": _number(row.evidence),
        "official": row.official if shown else None,
        "is_own": own,
        "looked": row.official is not None and shown and not own,
        "can_reply": undecided and row.tone != "honour" and _answers(visit, row, "merit.reply"),
        "can_decide": undecided and not_yet is None and entitled,
        "can_appeal": row.state == ProposalState.DECIDED
        and no_appeal is None
        and _answers(visit, row, "merit.appeal"),
        "no_appeal": tell(no_appeal) if no_appeal else "",
        "against": row.upheld is not None and core.is_against(row.tone, row.upheld),
        "can_settle": row.state == ProposalState.APPEALED and entitled,
        "can_withdraw": row.state != ProposalState.WITHDRAWN and entitled,
        "flagged": flagged,
        "stands": row.upheld is not None and core.stands(row.upheld, row.appeal_upheld),
        "over": row.expires_at is not None and row.expires_at <= visit.now,
        "decider": accounts.get(names[0], names[0]),
        "settler": accounts.get(names[1], names[1]),
        **more,
    }
    return render(request, "merits/one.html", context, status=status)


def _number(cause: str) -> int | None:
    """The number in the ledger of the event that a file follows from."""
    kind, _colon, rest = cause.partition(":")
    digits = rest.partition("/")[0]
    return int(digits) if kind == "event" and digits.isdecimal() else None
