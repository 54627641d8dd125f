"""What a reviewer decides: the citizen's words, the caller's finding and the unit's version side by side.

Here, and only here, both versions stand on one page. Whoever asked, called, decided before or is posted at the unit
reads that somebody else decides, and why.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from leitai.apps.ledger.errors import Refused, refuse, tell
from leitai.apps.people.access import Visit, page
from leitai.rules.ballots import calling
from leitai.rules.kernel import N_, Text

from .. import actions, queries
from ..actions.verification import RULE
from ..models import Outcome, Review
from ..queries import verification as look
from .calls import A_PAGE, GRADES, noted

YEAR = timedelta(days=365)
LABELS: dict[tuple[str, bool], str | Promise] = {
    ("proposal", True): gettext_lazy("Set it aside"),
    ("proposal", False): gettext_lazy("It is true after all"),
    ("appeal", True): gettext_lazy("Grant the appeal"),
    ("appeal", False): gettext_lazy("Refuse the appeal"),
    ("objection", True): gettext_lazy("Grant the objection"),
    ("objection", False): gettext_lazy("Refuse the objection"),
}


@dataclass(frozen=True)
class Choice:
    """A decision as a button, with what follows from it."""

    value: str
    label: str | Promise
    says: str


@require_safe
@page("ballot.review")
def queue(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What waits for a reviewer, the oldest first, and how decisions went over the year."""
    found = Paginator(look.open_reviews(visit.place), A_PAGE).get_page(request.GET.get("page"))
    rows = []
    for row in found.object_list:
        row.ballot.place = visit.place
        why = look.check_reviewer(row, visit.viewer.name)
        rows.append(
            (row, GRADES.get(row.ballot.grade, row.ballot.grade), tell(why) if why is not None else "")
        )
    today = visit.now.astimezone(visit.place.zone).date()
    context = {
        "visit": visit,
        "page": found,
        "rows": rows,
        "total": found.paginator.count,
        "shares": look.set_aside_shares(visit.place, today - YEAR, today),
    }
    return render(request, "ballots/reviews.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@page("ballot.review")
def one(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """One of them; posting decides it."""
    row = look.review(visit.place, number)
    if row is None:
        raise Http404(_("There is no such review."))
    if look.near(visit.place, row.ballot.unit, visit.viewer.account.username):
        raise PermissionDenied(_("This verdict is on your own unit, on one above it or below it."))
    if request.method == "POST":
        posted = request.POST
        try:
            if posted.get("granted") not in ("1", "0"):
                raise refuse("no-decision", N_("Say which way you decide."))
            actions.decide(
                review=row,
                granted=posted["granted"] == "1",
                reason=posted.get("reason", ""),
                rule=posted.get("rule", ""),
                by=visit.viewer.name,
                now=visit.now,
            )
        except Refused as refusal:
            return _show(request, visit, row, refusal=str(refusal), typed=posted, status=409)
        messages.success(request, _("Your decision is on record."))
        return redirect("ballots:reviews", visit.place.key)
    return _show(request, visit, row)


def _show(request: HttpRequest, visit: Visit, row: Review, *, status: int = 200, **more: Any) -> HttpResponse:
    ballot = row.ballot
    call, spec = look.call_of(ballot), look.rules(ballot)
    reads = visit.viewer.may("ballot.words")
    reasons, words, phone = queries.words(ballot)
    all_asked = look.reviews_of(ballot)
    why = look.check_reviewer(row, visit.viewer.name) if row.granted is None else None
    stage = look.stage(ballot)
    context = {
        "visit": visit,
        "review": row,
        "ballot": ballot,
        "grade": GRADES.get(ballot.grade, ballot.grade),
        "stage": calling.STAGES[stage] if stage is not None else None,
        "reads": reads,
        "reasons": [spec.reasons.get(key, Text(en=key)) for key in reasons],
        "words": words if reads else "",
        "hidden": not reads and bool(words),
        "phone": bool(phone),
        "photo": reads and queries.photo(ballot) is not None,
        "objection": next((one for one in all_asked if one.ask == "objection"), None),
        "appeal": next((one for one in all_asked if one.ask == "appeal"), None),
        "called": look.called(ballot),
        "earlier": [one for one in all_asked if one.granted is not None and one.pk != row.pk],
        "call": call,
        "outcome": Outcome(call.outcome).label if call is not None and call.outcome else "",
        "notes": noted(ballot, call if reads else None),
        "not_mine": tell(why) if why is not None else "",
        "choices": [
            Choice(value, LABELS[row.ask, value == "1"], _(calling.DECISIONS[row.ask, value == "1"].says))
            for value in ("1", "0")
        ],
        "sources": look.rule_sources(ballot, RULE),
        "most": RULE,
        "typed": {},
        **more,
    }
    return render(request, "ballots/review.html", context, status=status)
