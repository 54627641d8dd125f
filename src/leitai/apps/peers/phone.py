"""A scorer's sheet on a telephone: it opens without a network once it was opened with one, and sends marks when it can.

The secret of the link is all that lets a scorer in, so a form here needs no token against forgery. What the telephone
keeps it sends again until it is answered, each mark with the key it was made with.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from leitai.apps.ledger.errors import Refused, refuse
from leitai.apps.occasions import queries as occasions
from leitai.apps.people.access import Visit, public_page
from leitai.rules.kernel import N_
from leitai.ui.citizen import text

from . import actions, queries
from .models import Scorer

MOST_BYTES = 256 * 1024
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@public_page
def sheet(request: HttpRequest, visit: Visit, secret: str) -> HttpResponse:
    """The sheet; posting marks as JSON keeps them and says where the sheet stands."""
    scorer = queries.scorer_by_link(visit.place, secret)
    if request.method == "POST":
        if scorer is None:
            told = _("This link holds no longer. Ask the office for the new one; your marks are kept here.")
            return JsonResponse({"error": told}, status=404)
        return _take(request, visit, scorer)
    if scorer is None:
        raise Http404(_("There is no such sheet, or its link was replaced."))
    row = scorer.occasion
    context = {
        "visit": visit,
        "scorer": scorer,
        "name": occasions.name(row),
        "occasion": row,
        "terms": queries.terms_of(row),
        "stops": queries.sheet(scorer),
        "closed": queries.result(row) is not None,
        "worker": reverse("peers:worker", args=[visit.place.key, secret]),
    }
    response = render(request, "peers/sheet.html", context)
    response["Content-Security-Policy"] = POLICY
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
@public_page
def worker(_request: HttpRequest, visit: Visit, secret: str) -> HttpResponse:
    """The service worker of a sheet: opens it without a network."""
    answer = HttpResponse(text("peers/sheet-worker.js"), content_type="text/javascript; charset=utf-8")
    answer["Service-Worker-Allowed"] = reverse("peers:sheet", args=[visit.place.key, secret])
    answer["Cache-Control"] = "no-cache"
    return answer


def _take(request: HttpRequest, visit: Visit, scorer: Scorer) -> HttpResponse:
    """Keep what a telephone sends: each mark is taken or refused by itself."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > MOST_BYTES:
        return JsonResponse({"error": _("What was sent is too long; nothing of it was kept.")}, status=413)
    try:
        sent = json.loads(request.body, parse_constant=_no_number)
        marks, hands_in = list(sent["marks"]), sent.get("hand_in") is True
        drafts = [_draft(visit, one) for one in marks]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return JsonResponse(
            {"error": _("What was sent could not be read; nothing of it was kept.")}, status=400
        )
    taken, refused = [], {}
    for one in drafts:
        try:
            _mark(scorer, one, visit)
        except Refused as told:
            if told.finding.code != "raced":  # then it is sent again
                refused[one["once"]] = str(told)
        else:
            taken.append(one["once"])
    error = ""
    if hands_in and not refused and len(taken) == len(drafts):
        try:
            actions.hand_in(scorer=scorer, by=_by(scorer), now=visit.now)
        except Refused as told:
            error = str(told)
    scorer.refresh_from_db(fields=["handed_in_at"])
    stands = {
        f"{stop.site.turn}-{key}": f"{mark.points.normalize():f}"
        for stop in queries.sheet(scorer)
        for key, mark in stop.marks.items()
    }
    handed = scorer.handed_in_at.isoformat() if scorer.handed_in_at is not None else None
    return JsonResponse(
        {"taken": taken, "refused": refused, "marks": stands, "handed_in": handed, "error": error}
    )


def _no_number(name: str) -> Any:
    raise ValueError(name)


def _draft(visit: Visit, sent: Any) -> dict[str, Any]:
    """A mark as it was sent, with its types. Raises ValueError, KeyError or TypeError for anything else."""
    once, criterion, points, turn = sent["once"], sent["criterion"], sent["points"], sent["site"]
    if not (isinstance(once, str) and isinstance(criterion, str) and isinstance(points, str)):
        raise TypeError("texts")
    if not isinstance(turn, int) or not 0 < turn < 10_000 or len(points) > 12:
        raise ValueError("site")
    try:
        value = Decimal(points)
    except InvalidOperation:
        raise ValueError("points") from None
    return {
        "once": once,
        "criterion": criterion,
        "points": value,
        "turn": turn,
        "at": _at(visit, sent.get("at")),
    }


def _at(visit: Visit, said: Any) -> datetime:
    """When a mark was made, by the telephone's clock, right or wrong; when it arrived, where it tells no time."""
    try:
        at = datetime.fromisoformat(said)
        # A clock that was never set begins in 1970; what is further off than that is no clock.
        told = at.tzinfo is not None and 1970 <= at.astimezone(UTC).year < 2200
        return visit.place.now(at) if told else visit.now
    except (ValueError, TypeError, OverflowError):
        return visit.now


def _mark(scorer: Scorer, draft: dict[str, Any], visit: Visit) -> None:
    site = queries.site(scorer.occasion, draft["turn"])
    if site is None:
        raise refuse("not-on-route", N_("This site is not on the route."))
    actions.mark(
        scorer=scorer,
        site=site,
        criterion=draft["criterion"],
        points=draft["points"],
        once=draft["once"],
        at=draft["at"],
        by=_by(scorer),
        now=visit.now,
    )


def _by(scorer: Scorer) -> str:
    """How the ledger names a scorer, who has no account."""
    return f"scorer:{scorer.number}"
