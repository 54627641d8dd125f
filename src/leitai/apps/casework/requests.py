"""What parties of a case ask of each other, by the page of the case: asking, answering, taking back, and the roots.

Another unit that was asked sees the case, and does nothing on it but answer what it was asked.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from leitai.apps.ledger.errors import Refused, refuse
from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit, page
from leitai.rules.kernel import N_
from leitai.ui.typed import plain

from . import actions, branches, queries
from .case_page import show
from .models import Case
from .pages import case_for

Act = Callable[..., str]


def _act(form: str) -> Callable[[Act], Callable[..., HttpResponse]]:
    """A form on the page of a case: back to the case when it is done, or the page again with the reason why not.

    `form` names it, so that what was typed stands in it again. Opened without a form, its address is the case's.
    """

    def wrap(act: Act) -> Callable[..., HttpResponse]:
        @require_http_methods(["GET", "HEAD", "POST"])
        @page("case.see")
        @wraps(act)
        def inner(request: HttpRequest, visit: Visit, ref: str, **rest: Any) -> HttpResponse:
            row = case_for(visit, ref)
            if request.method == "POST":
                try:
                    said = act(visit, row, request.POST, **rest)
                except Refused as refusal:
                    tried = f"{form}-{rest.get('number', request.POST.get('kind', ''))}"
                    more = {"refusal": str(refusal), "tried": tried, "typed": request.POST}
                    return show(request, visit, row, status=409, **more)
                messages.success(request, said)
            return redirect(_back(request) or _address(visit, row))

        return inner

    return wrap


def _address(visit: Visit, row: Case) -> str:
    return redirect("casework:case", visit.place.key, row.ref)["Location"]


def _back(request: HttpRequest) -> str:
    """The list that a form was sent from, where it was one of this house."""
    back = request.POST.get("back", "")
    return back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else ""


@_act("ask")
def ask(visit: Visit, row: Case, posted: Any) -> str:
    """Ask another party for a transfer, help, a pause or more time."""
    offer = next(
        (one for one in queries.offers(row, visit.viewer, visit.now) if one.kind == posted.get("kind")), None
    )
    if "unit" not in queries.roles(row, visit.viewer):
        raise PermissionDenied(_("Your post does not allow this step."))
    if offer is None:
        raise refuse("not-offered", N_("This cannot be asked on this case now."))
    typed = plain(posted.get("unit", ""), 300)
    actions.ask(
        case=row,
        kind=offer.kind,
        ground=plain(posted.get("ground", ""), 40),
        text=plain(posted.get("text", ""), 2000),
        to_unit=people.unit(visit.place, people.key_of(visit.place, typed)) if offer.wants_unit else None,
        until=None if offer.wants_unit else _until(visit, plain(posted.get("until", ""), 40)),
        unit=row.unit,
        by=visit.viewer.name,
        now=visit.now,
    )
    return _("Asked. Until it is answered the clocks run on and the case stays where it is.")


def _until(visit: Visit, text: str) -> datetime | None:
    """A time of a form, wall time of the place, as an instant; None where nothing was said."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
        return at if at.tzinfo is not None else at.replace(tzinfo=visit.place.zone)
    except ValueError:
        raise refuse(
            "bad-time", N_("%(text)s is no time: write it as 2030-01-31 17:30."), text=text
        ) from None


@_act("answer")
def answer_request(visit: Visit, row: Case, posted: Any, number: int) -> str:
    """Say yes or no to what was asked."""
    found = _request(row, number)
    role = queries.answers_as(found, visit.viewer)
    if found.state == "open" and not role:
        raise PermissionDenied(_("It is not for you to answer this."))
    granted = posted.get("granted")
    if granted not in ("yes", "no"):
        raise refuse("yes-or-no", N_("Say yes or no."))
    actions.answer_request(
        request=found,
        granted=granted == "yes",
        reply=plain(posted.get("reply", ""), 2000),
        role=role or found.answerer,
        by=visit.viewer.name,
        now=visit.now,
    )
    return _("Answered: yes.") if granted == "yes" else _("Answered: no.")


@_act("withdraw")
def withdraw(visit: Visit, row: Case, _posted: Any, number: int) -> str:
    """Take back what was asked."""
    found = _request(row, number)
    if found.state == "open" and not queries.takes_back(found, visit.viewer):
        raise PermissionDenied(_("Only the unit that asked can take it back."))
    actions.withdraw(request=found, by=visit.viewer.name, now=visit.now)
    return _("Taken back.")


def _request(row: Case, number: int) -> Any:
    found = queries.request(row, number)
    if found is None:
        raise Http404(_("There is no such request."))
    return found


@_act("resume")
def resume(visit: Visit, row: Case, _posted: Any) -> str:
    """End a pause before its time."""
    roles = queries.roles(row, visit.viewer)
    if not roles:
        raise PermissionDenied(_("Your post does not allow this step."))
    actions.resume(case=row, role=roles[0], by=visit.viewer.name, now=visit.now)
    return _("The clocks run on from now.")


@_act("join")
def join(visit: Visit, row: Case, posted: Any) -> str:
    """Put a case under the one that stands for its root."""
    _office(visit, row)
    root = queries.case(visit.place, plain(posted.get("root", ""), 40))
    if root is None:
        raise refuse("no-such-case", N_("There is no case %(ref)s."), ref=posted.get("root", "")[:40])
    actions.join(root=root, cases=[row], by=visit.viewer.name, now=visit.now)
    return _("It stands under %(ref)s now.") % {"ref": root.ref}


@_act("leave")
def leave(visit: Visit, row: Case, _posted: Any) -> str:
    """Take a case out from under its root."""
    _office(visit, row)
    actions.leave(case=row, by=visit.viewer.name, now=visit.now)
    return _("It stands by itself again.")


def _office(visit: Visit, row: Case) -> None:
    if "office" not in queries.roles(row, visit.viewer):
        raise PermissionDenied(_("Your post does not allow this step."))


@_act("branches")
def answer_branches(visit: Visit, row: Case, posted: Any) -> str:
    """Answer each open case of a unit under a root by itself, with the same words; each an act of its own."""
    unit = people.unit(visit.place, plain(posted.get("unit", ""), 100))
    if unit is None or not visit.viewer.may("case.work", unit):
        raise PermissionDenied(_("Your post does not allow this step."))
    form = {"done": plain(posted.get("done", ""), 2000)}
    done, refused = branches.answer_branches(
        root=row, form=form, unit=unit, by=visit.viewer.name, now=visit.now
    )
    said = ngettext("%(n)s case answered.", "%(n)s cases answered.", len(done)) % {"n": len(done)}
    return " ".join([said, *refused[:5]])
