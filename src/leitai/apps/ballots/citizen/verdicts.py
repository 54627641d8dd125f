"""The page behind a code: the grades as large buttons, and nothing else. Pressing one is enough.

A verdict carries an idempotency key drawn with its form, so that pressing twice, or again after a lost answer, is one.
"""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone

from leitai.apps.ledger.errors import Refused, tell
from leitai.rules.ballots import form_lack
from leitai.rules.kernel import Finding

from .. import actions, queries
from ..origin import Origin, address_of, origin_of
from .door import BY, plain, query, refusal, see, show, wants_json

# What a refusal is in HTTP, as the ballot door has it; what is not named is 422: understood, and not possible.
_STATUS = {
    "form-incomplete": 400,
    "ticket-unknown": 404,
    "once-other": 409,
    "ticket-used": 409,
    "ticket-expired": 410,
}
_SPENT = ("ticket-used", "ticket-expired")


@plain()
def verdict(request: HttpRequest, code: str) -> HttpResponse:
    """The grades as large buttons; posting one casts it and leads to its receipt."""
    clock = timezone.now()
    scan = queries.scanned(code)
    if scan.finding is not None:
        if request.method != "HEAD":
            actions.note_stray(scan=scan, by=BY, now=clock)
        return _wrong_code(request, scan.point, scan.finding)
    point = scan.point
    now = point.place.now(clock)
    if request.method == "POST":
        try:
            receipt = _cast(request, scan, now)
        except Refused as told:
            return _refused(request, scan, told.finding, now)
        url = reverse("citizen:receipt", args=[receipt]) + query(request.manner)
        return JsonResponse({"receipt": receipt, "url": url}, status=201) if wants_json(request) else see(url)
    finding = queries.spent(point, scan.serial, now) if scan.serial is not None else None
    if finding is None:
        return show(request, "ballots/verdict.html", _asked(request, scan, now))
    return _refused(request, scan, finding, now)


def _cast(request: HttpRequest, scan: Any, now: Any) -> str:
    """Cast what the form says; the receipt. Raises Refused."""
    grade, once = request.POST.get("grade", ""), request.POST.get("once", "")
    lack = form_lack(grade, once)
    if lack is not None:
        raise Refused(lack)
    network, device = _origin(request, now.astimezone(scan.point.place.zone).date())
    row = actions.cast(
        unit=scan.point.unit,
        grade=grade,
        once=once,
        point=scan.point,
        serial=scan.serial,
        network=network,
        device=device,
        by=BY,
        now=now,
    )
    return row.receipt


def _origin(request: HttpRequest, day: date) -> Origin:
    """Where the form came from, as digests that tell no one."""
    meta = request.META
    forwarded = meta.get("HTTP_X_FORWARDED_FOR", "")
    address = address_of(meta.get("REMOTE_ADDR", ""), forwarded, settings.TRUSTED_PROXY)
    return origin_of(address, meta.get("HTTP_USER_AGENT", ""), day)


def _refused(request: HttpRequest, scan: Any, finding: Finding, now: Any) -> HttpResponse:
    """Why the verdict was not taken, with the grades to choose from again where that helps."""
    status = _STATUS.get(finding.code, 422)
    if finding.code == "ticket-unknown":
        return _wrong_code(request, None, finding)
    if finding.code in _SPENT:
        context = {"place": scan.point.place, "point": scan.point}
        return refusal(request, finding, status, "ballots/spent.html", context)
    return refusal(request, finding, status, "ballots/verdict.html", _asked(request, scan, now))


def _asked(request: HttpRequest, scan: Any, now: Any) -> dict[str, Any]:
    """What the page with the grades shows."""
    place = scan.point.place
    return {
        "place": place,
        "point": scan.point,
        "ticket": scan.serial is not None,
        "scale": queries.scale(place, now.astimezone(place.zone).date()),
        "once": secrets.token_urlsafe(18),
        "action": f"{settings.INTAKE_URL}{request.path}",
    }


def _wrong_code(request: HttpRequest, point: Any, finding: Finding) -> HttpResponse:
    """A retired code says so and shows the place's own door; any other is none of ours, perhaps a forgery."""
    context = {"place": point.place if point else None, "point": point, "told": tell(finding)}
    return refusal(request, finding, 410 if point else 404, "ballots/no_code.html", context)
