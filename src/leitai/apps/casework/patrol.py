"""A patrol's form, for a phone in one hand: photos, place, kind; kept on the phone where there is no network.

With its script a finding is stored on the phone first and sent from there, by the page or by its service worker, always
with the same key: however often it arrives, it is one. Its time is when it was made, if the phone can be believed:
not in the future, not more than seven days ago. A kind that goes straight to a unit begins when it arrives, for no
clock may run against somebody who could not know. Without the script it is a form as forms are.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from leitai.apps.ledger.errors import Refused, refuse
from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit, page, public_page
from leitai.rules.kernel import N_
from leitai.ui.citizen import text, wants_json
from leitai.ui.typed import plain

from . import actions
from .kinds import answered, kinds, questions, start
from .models import Case
from .pages import may_see
from .places import spot
from .report import pictures

MOST_PHOTOS = 10
OLDEST = timedelta(days=7)
FAST = timedelta(minutes=10)  # a phone's clock may be ahead by so much and is taken for right


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@page("case.open")
def patrol(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The form; posting it opens a case, once however often it arrives. A script is answered in JSON."""
    if request.method != "POST":
        return _show(request, visit, "")
    made = made_at(visit, request.POST.get("made", ""))
    try:
        case = _open(request, visit, made)
    except Refused as told:
        if wants_json(request):
            return JsonResponse({"code": told.finding.code, "error": str(told)}, status=409)
        return _show(request, visit, str(told))
    seen = may_see(visit.viewer, case)
    url = reverse("casework:case", args=[visit.place.key, case.ref]) if seen else ""
    if wants_json(request):
        return JsonResponse({"ref": case.ref, "url": url, "arrived": visit.now.isoformat()}, status=201)
    messages.success(request, _("Entered as %(ref)s.") % {"ref": case.ref})
    return redirect(url or reverse("casework:patrol", args=[visit.place.key]))


@require_safe
@never_cache
@page("case.open")
def fresh(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What a script needs in order to send: who is signed in, and a token for the form."""
    return JsonResponse({"account": visit.viewer.name, "token": get_token(request)})


@require_safe
@public_page
def worker(_request: HttpRequest, visit: Visit) -> HttpResponse:
    """The service worker of the form: opens it without a network, and sends what waits when there is one again."""
    answer = HttpResponse(text("casework/patrol-worker.js"), content_type="text/javascript; charset=utf-8")
    answer["Service-Worker-Allowed"] = reverse("casework:patrol", args=[visit.place.key])
    answer["Cache-Control"] = "no-cache"
    return answer


def made_at(visit: Visit, said: str) -> datetime:
    """When a finding was made, by the phone's clock; when it arrived, where that cannot be believed or is not told."""
    try:
        at = datetime.fromisoformat(said)
        made = visit.place.now(at) if at.tzinfo is not None else visit.now
    except (ValueError, OverflowError):
        return visit.now
    if visit.now < made <= visit.now + FAST:
        return visit.now
    return made if visit.now - OLDEST <= made <= visit.now else visit.now


def _open(request: HttpRequest, visit: Visit, made: datetime) -> Case:
    """The case of a form, with its photos. Raises Refused with the reason, and then keeps nothing."""
    posted, offered = request.POST, kinds(visit, "patrol")
    kind = plain(posted.get("kind", ""), 40)
    if kind not in offered:
        raise refuse("no-kind", N_("Say what kind of matter it is."))
    spec, here, by = offered[kind], spot(posted), visit.viewer.name
    where = plain(posted.get("where", ""), 200)
    if not where and here is None:
        raise refuse("no-where", N_("Say where it is: a street and number, or what is next to it."))
    typed = plain(posted.get("unit", ""), 300)
    unit = people.unit(visit.place, people.key_of(visit.place, typed)) if typed else None
    if typed and (unit is None or not unit.active):
        raise refuse("unknown-unit", N_("There is no unit %(key)s."), key=typed)
    once = plain(posted.get("once", ""), 60)
    photos = pictures(request, MOST_PHOTOS, whereabouts=True)
    words = [plain(posted.get("text", ""))]
    if here is not None and here.accuracy is not None:
        words.append(_("Place by the telephone, within %(metres)s m.") % {"metres": round(here.accuracy)})
    case = actions.open_case(
        place=visit.place,
        kind=kind,
        unit=unit,
        title=plain(posted.get("title", ""), 300),
        text="\n".join(one for one in words if one),
        where=where,
        channel="patrol",
        form=answered(posted, kind, spec),
        latitude=here.latitude if here else None,
        longitude=here.longitude if here else None,
        at=made if start(spec).owner == "office" else visit.now,
        once=f"f:{once}" if once else "",
        by=by,
        now=visit.now,
    )
    for one in photos:
        actions.add_photo(case=case, data=one, when="before", taken_at=None, by=by, now=visit.now)
    return case


def _show(request: HttpRequest, visit: Visit, refusal: str) -> HttpResponse:
    offered = kinds(visit, "patrol")
    typed = request.POST
    context: dict[str, Any] = {
        "visit": visit,
        "kinds": [(key, spec.name, questions(key, spec, typed)) for key, spec in offered.items()],
        "refusal": refusal,
        "typed": typed,
        "once": plain(typed.get("once", ""), 60) or secrets.token_urlsafe(18),
        "most_photos": MOST_PHOTOS,
    }
    return render(request, "casework/patrol.html", context, status=409 if refusal else 200)
