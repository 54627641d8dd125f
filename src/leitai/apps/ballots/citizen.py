"""The citizen's own pages: a verdict in five seconds, and a receipt that tells what became of it.

No login, no cookie, no script, no location; the optional rest comes only after the verdict is kept. A verdict
carries an idempotency key drawn with its form, so that pressing twice, or again after a lost answer, is one.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from leitai.apps.ledger.errors import Refused, tell
from leitai.apps.regimes import queries as regimes
from leitai.rules.ballots import Scale
from leitai.rules.kernel import Text

from . import actions, queries
from .models import Ballot, Standing

LANGUAGES = {"zh": "zh-hans", "en": "en"}
BY = "anyone"
Page = Callable[..., HttpResponse]


def plain(view: Page) -> Page:
    """A page without cookies, in the language and size of type that its address asks for."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        asked = request.POST.get("lang") or request.GET.get("lang") or ""
        with translation.override(LANGUAGES.get(asked, request.LANGUAGE_CODE)):
            response = view(request, *args, **named)
        response["X-Robots-Tag"] = "noindex"
        return response

    return csrf_exempt(never_cache(require_http_methods(["GET", "HEAD", "POST"])(inner)))


@plain
def verdict(request: HttpRequest, code: str) -> HttpResponse:
    """The grades as large buttons; posting one casts it and leads to its receipt."""
    scan = queries.scanned(code)
    point = scan.point
    if point is None or scan.finding is not None:
        return _wrong_code(request, point, scan.finding)
    place = point.place
    now = place.now(timezone.now())
    scale = queries.scale(place, now.astimezone(place.zone).date())
    refusal = ""
    if request.method == "POST":
        try:
            once = request.POST.get("once", "")
            if not 16 <= len(once) <= 64:
                return HttpResponse(
                    _("The form lacks its grade or its key. Scan the code again."), status=400
                )
            grade = request.POST.get("grade", "")
            row = actions.cast(
                unit=point.unit, grade=grade, once=once, point=point, serial=scan.serial, by=BY, now=now
            )
        except Refused as told:
            refusal = str(told)
        else:
            response = redirect(reverse("citizen:receipt", args=[row.receipt]) + _query(_manner(request)))
            response.status_code = 303
            return response
    context = {
        "place": place,
        "point": point,
        "scale": scale,
        "refusal": refusal,
        "once": secrets.token_urlsafe(18),
        "action": f"{settings.INTAKE_URL}{request.path}",
    }
    return _render(request, "ballots/verdict.html", context, 422 if refusal else 200)


def _wrong_code(request: HttpRequest, point: Any, finding: Any) -> HttpResponse:
    """A retired code says so and shows the place's own door; any other is none of ours, perhaps a forgery."""
    context = {"place": point.place if point else None, "point": point, "told": tell(finding)}
    return _render(request, "ballots/no_code.html", context, 410 if point else 404)


@plain
def receipt(request: HttpRequest, receipt: str = "") -> HttpResponse:
    """Where a verdict stands, the road so far, and how to check it; posting adds the optional rest."""
    typed = receipt or request.GET.get("receipt", "")
    row = queries.by_receipt(typed) if typed else None
    if row is None:
        return _render(request, "ballots/no_receipt.html", {"typed": typed}, 404 if typed else 200)
    if row.receipt != receipt:
        return redirect(reverse("citizen:receipt", args=[row.receipt]) + _query(_manner(request)))
    place = row.place
    now = place.now(timezone.now())
    reasons = regimes.regime_on(place, row.cast_at.astimezone(place.zone).date()).ballots.reasons
    refusal = ""
    if request.method == "POST":
        try:
            actions.add_words(
                ballot=row,
                reasons=[key for key in request.POST.getlist("reason") if key in reasons],
                words=request.POST.get("words", ""),
                phone=request.POST.get("phone", ""),
                by=BY,
                now=now,
            )
        except Refused as told:
            refusal = str(told)
        else:
            response = redirect(request.path + _query(_manner(request)))
            response.status_code = 303
            return response
    return _render(
        request, "ballots/receipt.html", _stands(row, reasons, now, refusal), 409 if refusal else 200
    )


def _stands(row: Ballot, reasons: dict[str, Text], now: Any, refusal: str) -> dict[str, Any]:
    """What the receipt shows."""
    place = row.place
    scale = queries.scale(place, row.cast_at.astimezone(place.zone).date())
    road = queries.road(row)
    said = queries.has_words(row)
    fresh = now - row.cast_at <= actions.ADD_WORDS
    return {
        "place": place,
        "ballot": row,
        "grade": _grade(scale, row.grade),
        "sentence": _sentence(row),
        "road": [(event, _step(event.kind)) for event in road if _step(event.kind)],
        "sealed": next((event for event in road if event.seq), None),
        "reason": row.reason,
        "reasons": reasons,
        "said": said,
        "fresh": fresh,
        "can_add": row.bad and fresh and not said and row.standing == Standing.COUNTED,
        "refusal": refusal,
    }


def _sentence(row: Ballot) -> str:
    """Where a verdict stands, in one sentence."""
    if row.standing == Standing.SET_ASIDE:
        return _(
            "Your verdict was set aside: it does not count. It stays in the public ledger, with the reason."
        )
    if row.standing == Standing.UPHELD and row.answer:
        return _(
            "Your verdict was found true. It counts; the unit has put things right, and that was verified."
        )
    if row.standing == Standing.UPHELD:
        return _("Your verdict was found true. It counts, and the unit must put things right.")
    if row.bad:
        return _(
            "Your verdict counts. People outside the unit will look into it, and never tell who gave it."
        )
    return _("Your verdict counts.")


def _step(kind: str) -> str:
    """What an event of a verdict's road is called; what only the house needs has no name."""
    return {
        "ballot.bad": _("Handed to people outside the unit to be looked into"),
        "ballot.words_added": _("You added something; it is kept sealed"),
        "ballot.upheld": _("Found true"),
        "ballot.set_aside": _("Set aside"),
        "ballot.answered": _("Put right by the unit, and verified"),
    }.get(kind, "")


def _grade(scale: Scale, key: str) -> Text:
    """A grade's name, also where the scale has changed since."""
    return next((grade.name for grade in scale.grades if grade.key == key), Text(en=key))


def _manner(request: HttpRequest) -> dict[str, str]:
    """Language and size of type, as the address has them."""
    values = request.POST if request.method == "POST" else request.GET
    found = {"lang": values.get("lang", ""), "big": values.get("big", "")}
    allowed = {"lang": LANGUAGES, "big": ("1",)}
    return {name: value for name, value in found.items() if value in allowed[name]}


def _query(manner: dict[str, str]) -> str:
    return f"?{urlencode(manner)}" if manner else ""


def _render(request: HttpRequest, template: str, context: dict[str, Any], status: int) -> HttpResponse:
    manner = _manner(request)
    english = translation.get_language() == "en"
    context |= {
        "manner": manner,
        "query": _query(manner),
        "other_language": _query(manner | {"lang": "zh" if english else "en"}),
        "other_size": _query(
            {k: v for k, v in manner.items() if k != "big"} | ({} if "big" in manner else {"big": "1"})
        ),
        "english": english,
    }
    return render(request, template, context, status=status)
