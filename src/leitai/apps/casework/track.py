"""Following a case by its tracking code: where it stands, who holds it now, by when, and the reporter's own say.

Whoever has the code sees it. What the two sides said to each other is shown; what offices say among themselves is not.
Words and photos of a kind that the rule-book does not make public stay inside: of these the page tells state and time.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from leitai.apps.ledger.errors import Refused
from leitai.apps.people.access import Visit, public_page
from leitai.ui.citizen import FORM_BYTES, query, see, show
from leitai.ui.typed import plain as tidy

from . import actions, queries
from .models import Case
from .public import BRAKED, BY, braked, holder, plain, qr, refused, whole


@plain()
@require_safe
@public_page
def find(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The page on which a code is typed."""
    typed = tidy(request.GET.get("code", ""), 40)
    case = queries.tracked(visit.place, bare(typed)) if typed else None
    if case is not None:
        return see(_address(visit, case) + query(request.manner))
    return _none(request, visit, typed)


@plain(2 * FORM_BYTES)
@public_page
def track(request: HttpRequest, visit: Visit, code: str) -> HttpResponse:
    """Where a case stands; posting says whether it is over."""
    case = queries.tracked(visit.place, bare(code))
    if case is None:
        return _none(request, visit, code)
    if case.tracking != code:
        return see(_address(visit, case) + query(request.manner))
    if request.method != "POST":
        return show(request, "casework/track.html", _stands(request, visit, case))
    if braked(request):
        return refused(request, BRAKED, "casework/track.html", _stands(request, visit, case))
    try:
        went_on = _say(request, visit, case)
    except Refused as told:
        context = _stands(request, visit, case) | {"typed": request.POST}
        return refused(request, told.finding, "casework/track.html", context)
    return see(_address(visit, went_on) + query(request.manner))


@plain()
@require_safe
@public_page
def photo(_request: HttpRequest, visit: Visit, code: str, number: int) -> HttpResponse:
    """A photo of a public kind of case, for whoever follows it."""
    case = queries.tracked(visit.place, bare(code))
    found = queries.photo(case, number) if case is not None and queries.is_public(case) else None
    if found is None:
        raise Http404(_("There is no such photo."))
    return HttpResponse(found, content_type="image/jpeg")


def bare(typed: str) -> str:
    """A code as people type it: in small letters, with blanks or hyphens, 0 and 1 for what they look like."""
    return "".join(typed.split()).replace("-", "").upper().translate(str.maketrans("018", "OIB"))


def _address(visit: Visit, case: Case) -> str:
    return reverse("casework:track", args=[visit.place.key, case.tracking])


def _none(request: HttpRequest, visit: Visit, typed: str) -> HttpResponse:
    context = {"place": visit.place, "typed": typed}
    return show(request, "casework/track_find.html", context, 404 if typed else 200)


def _say(request: HttpRequest, visit: Visit, case: Case) -> Case:
    """What the reporter says of its end. Raises Refused."""
    if request.POST.get("do") == "over":
        return actions.say_over(case=case, by=BY, now=visit.now)
    text = tidy(request.POST.get("text", ""), 2000)
    return actions.say_not_over(case=case, text=text, by=BY, now=visit.now)


def _stands(request: HttpRequest, visit: Visit, case: Case) -> dict[str, Any]:
    """What the page shows."""
    assert case.tracking is not None  # it was found by it
    path = _address(visit, case)
    again = queries.came_back(case)
    can = queries.check_say(case) is None
    return {
        "place": visit.place,
        "case": case,
        "kind": queries.kind_label(case),
        "state": queries.flow(case).state(case.state).label,
        "holder": holder(case),
        "clocks": [one for one in queries.clocks(case, visit.now) if one.seconds_left is not None],
        "public": queries.is_public(case),
        "road": queries.road_outside(case),
        "album": queries.album(case) if queries.is_public(case) else None,
        "can_confirm": can and not queries.confirmed(case),
        "confirmed": queries.confirmed(case),
        "can_return": can and again is None and queries.check_again(case, visit.now) is None,
        "again": _address(visit, again) if again is not None else "",
        "grouped": "-".join(case.tracking[at : at + 4] for at in range(0, len(case.tracking), 4)),
        "code": qr(whole(request, path)),
    }
