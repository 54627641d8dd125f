"""Calls to be made about bad verdicts: those drawn for the viewer first, for the office those in others' hands too.

Whoever calls sees the citizen's side alone: nothing that the unit says is read here. The telephone number is shown to
the drawn caller while the call is open, and to those who may read what citizens add; to nobody at the unit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from leitai.apps.ledger.errors import Refused, tell
from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit, page
from leitai.rules import casework
from leitai.rules.ballots import NATIONAL_FIVE, TWO, calling
from leitai.rules.kernel import Text

from .. import actions, queries
from ..models import Ballot, CallBack, Outcome
from ..queries import verification as look

# Names of grades by key, of either scale: a verdict keeps its grade when the place changes its scale.
GRADES = {grade.key: grade.name for scale in (NATIONAL_FIVE, TWO) for grade in scale.grades}
A_PAGE = 40
MOST = 200
HINTS = (
    gettext_lazy("Say who you are and that you do not belong to the unit."),
    gettext_lazy(
        "Let them tell what happened: when, at which window, what was said. Do not argue, do not explain."
    ),
    gettext_lazy("Never ask them to take the verdict back, and promise nothing."),
    gettext_lazy("Say how they learn what comes of it: by the number on their receipt."),
)


@dataclass(frozen=True)
class Line:
    """A call in a list: by when it is due, and its light."""

    ballot: Ballot
    call: CallBack | None
    grade: Text | str
    due: Any
    warn: Any
    light: str


@require_safe
@page("ballot.call")
def queue(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The viewer's calls, the oldest verdict first; for the office, who has the others and what nobody has."""
    text = request.GET.get("q", "").strip()
    account, office = visit.viewer.account, visit.viewer.may("case.run")
    mine = list(look.open_calls(visit.place).filter(caller=account)[:MOST])
    context: dict[str, Any] = {
        "visit": visit,
        "mine": _lines(visit, [(call.ballot, call) for call in mine]),
        "office": office,
        "text": text,
    }
    if office:
        others = Paginator(look.open_calls(visit.place, text).exclude(caller=account), A_PAGE)
        shown = others.get_page(request.GET.get("page"))
        loose = look.undrawn(visit.place, text)
        context |= {
            "page": shown,
            "total": others.count,
            "others": _lines(visit, [(call.ballot, call) for call in shown.object_list]),
            "loose": _lines(visit, [(row, None) for row in loose[:A_PAGE]]),
            "unlisted": max(0, loose.count() - A_PAGE),
        }
    return render(request, "ballots/queue.html", context)


def _lines(visit: Visit, rows: list[tuple[Ballot, CallBack | None]]) -> list[Line]:
    for row, _call in rows:
        row.place = visit.place  # one object, so that its rule-books are read once
    clocks = look.call_clocks(row for row, _call in rows)
    found = []
    for row, call in rows:
        clock = clocks.get(row.pk)
        light = casework.light(clock, visit.now) if clock is not None else "grey"
        due, warn = (clock.due, clock.warn) if clock is not None else (None, None)
        found.append(Line(row, call, GRADES.get(row.grade, row.grade), due, warn, light))
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@page("ballot.call")
def one(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """One of them, with what the citizen added; posting records a try or what the call found, or passes it on."""
    row = _ballot(visit, number)
    if request.method == "POST":
        act = ACTS.get(request.POST.get("act", ""))
        if act is None:
            raise Http404(_("There is no such step."))
        try:
            told, stays = act(visit, row, request.POST)
        except Refused as refusal:
            return _show(request, visit, row, refusal=str(refusal), typed=request.POST, status=409)
        messages.success(request, told)
        return (
            redirect("ballots:one", visit.place.key, number)
            if stays
            else redirect("ballots:queue", visit.place.key)
        )
    return _show(request, visit, row)


@require_safe
@never_cache
@page("ballot.call")
def photo(_request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """The photo that the citizen added."""
    picture = queries.photo(_ballot(visit, number))
    if picture is None:
        raise Http404(_("No photo was added."))
    return HttpResponse(picture, content_type="image/jpeg")


def _ballot(visit: Visit, number: int) -> Ballot:
    """The verdict of a page's address, if the viewer may see what the citizen said of it: else 404 or 403."""
    row = queries.by_subject(visit.place, f"ballot:{number}")
    if row is None or look.stage(row) is None:
        raise Http404(_("There is no such verdict."))
    if look.near(visit.place, row.unit, visit.viewer.account.username):
        raise PermissionDenied(_("This verdict is on your own unit, on one above it or below it."))
    if not _drawn(visit, look.call_of(row)) and not visit.viewer.may("ballot.words"):
        raise PermissionDenied(_("Somebody else was drawn to call about this verdict."))
    return row


def _drawn(visit: Visit, call: CallBack | None) -> bool:
    """Whether the viewer is the one who calls now."""
    return call is not None and not call.outcome and call.caller_id == visit.viewer.account.pk


def _try(visit: Visit, row: Ballot, posted: Mapping[str, str]) -> tuple[str, bool]:
    nth = posted.get("nth", "")
    call = actions.try_call(
        ballot=row,
        nth=int(nth) if nth.isdecimal() and len(nth) < 6 else 0,
        note=posted.get("note", ""),
        by=visit.viewer.name,
        now=visit.now,
    )
    return _("On record: try %(n)s, not reached.") % {"n": call.tries}, True


def _finish(visit: Visit, row: Ballot, posted: Mapping[str, str]) -> tuple[str, bool]:
    actions.finish_call(
        ballot=row,
        outcome=posted.get("outcome", ""),
        reason=posted.get("reason", ""),
        note=posted.get("note", ""),
        by=visit.viewer.name,
        now=visit.now,
    )
    return _("The call about %(unit)s is on record.") % {"unit": row.unit.name}, False


def _pass(visit: Visit, row: Ballot, posted: Mapping[str, str]) -> tuple[str, bool]:
    visit.viewer.check("case.run")
    actions.pass_on(ballot=row, reason=posted.get("why", ""), by=visit.viewer.name, now=visit.now)
    return _("Somebody else is drawn within a minute."), False


ACTS: Mapping[str, Callable[[Visit, Ballot, Mapping[str, str]], tuple[str, bool]]] = {
    "try": _try,
    "finish": _finish,
    "pass": _pass,
}


def noted(row: Ballot, call: CallBack | None) -> list[look.Note]:
    """What callers wrote down about a verdict, and why its call was passed on, in order."""
    found = [*(look.notes(call) if call is not None else []), *look.passed_on(row)]
    return sorted(found, key=lambda note: note.at)


@dataclass(frozen=True)
class Choice:
    """An outcome as a button: what follows from it, and why it cannot be said now, if so."""

    key: str
    label: str
    says: str
    refusal: str


def _show(request: HttpRequest, visit: Visit, row: Ballot, *, status: int = 200, **more: Any) -> HttpResponse:
    call, spec = look.call_of(row), look.rules(row)
    stage, drawn = look.stage(row), _drawn(visit, call)
    (line,) = _lines(visit, [(row, call)])
    reasons, words, phone = queries.words(row)
    callers = people.accounts([call.caller.username]) if call is not None else {}
    context = {
        "visit": visit,
        "line": line,
        "ballot": row,
        "call": call,
        "stage": calling.STAGES[stage] if stage is not None else None,
        "drawn": drawn,
        "caller": next((str(account) for account in callers.values()), ""),
        "open": stage in calling.ACTS["pass-on"],
        "passes": stage in calling.ACTS["pass-on"] and visit.viewer.may("case.run"),
        "drawing": look.being_drawn(row),
        "reasons": [spec.reasons.get(key, Text(en=key)) for key in reasons],
        "words": words,
        "phone": phone,
        "photo": queries.photo(row) is not None,
        "notes": noted(row, call),
        "needed": spec.tries,
        "nth": call.tries + 1 if call is not None else 1,
        "choices": _choices(call, spec.tries, bool(phone)) if call is not None and drawn else [],
        "hints": HINTS,
        "outcome": Outcome(call.outcome).label if call is not None and call.outcome else "",
        "typed": {},
        **more,
    }
    return render(request, "ballots/one.html", context, status=status)


def _choices(call: CallBack, needed: int, reachable: bool) -> list[Choice]:
    found = []
    for key, follow in calling.OUTCOMES.items():
        why = calling.check_outcome(key, call.tries, needed, reachable)
        found.append(
            Choice(key, str(Outcome(key).label), _(follow.says), tell(why) if why is not None else "")
        )
    return found
