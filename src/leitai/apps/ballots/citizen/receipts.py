"""A receipt: where a verdict stands, the road so far, and, after a bad one, room for what else is to be said.

Whoever has the number sees it, without an account; so it tells days and never hours, and nothing of what was
added. The optional rest comes after the verdict is kept, so that nobody has to give it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from leitai.apps.ledger.errors import Refused, refuse
from leitai.apps.regimes import queries as regimes
from leitai.rules.ballots import Scale
from leitai.rules.kernel import N_, Finding, Text
from leitai.ui.photos import MOST_BYTES, made_anew

from .. import actions, queries
from ..models import Ballot, Standing
from ..queries import verification as look
from .door import BY, FORM_BYTES, plain, query, refusal, see, show
from .road import day_of, road, sentence

MOST_WORDS = 2000
_PHONE = re.compile(r"[0-9+() -]{3,30}")
# What a refusal is in HTTP; what is not named is 409: it was done already, or its time is over.
_STATUS = {
    "photo-too-big": 413,
    "photo-heic": 415,
    "photo-unreadable": 415,
    "words-too-long": 422,
    "phone-malformed": 422,
    "no-reason": 422,
    "says-nothing": 422,
}


@plain(MOST_BYTES + 2 * FORM_BYTES)
def receipt(request: HttpRequest, receipt: str = "") -> HttpResponse:
    """Where a verdict stands, the road so far, and how to check it; posting adds the optional rest."""
    typed = receipt or request.GET.get("receipt", "")
    row = queries.by_receipt(typed) if typed else None
    if row is None:
        return show(request, "ballots/no_receipt.html", {"typed": typed}, 404 if typed else 200)
    here = reverse("citizen:receipt", args=[row.receipt])
    if row.receipt != receipt:
        return see(here + query(request.manner))
    now = row.place.now(timezone.now())
    reasons = _reasons(row)
    if request.method == "POST":
        try:
            if request.POST.get("do") == "object":
                text = _words(request)
                actions.object_to(ballot=row, text=text, by=BY, now=now)
            else:
                _add(request, row, reasons, now)
        except Refused as told:
            status = _STATUS.get(told.finding.code, 409)
            context = _stands(request, row, reasons, now) | {"typed": _typed(request)}
            return refusal(request, told.finding, status, "ballots/receipt.html", context)
        return see(here + query(request.manner))
    return show(request, "ballots/receipt.html", _stands(request, row, reasons, now))


def _reasons(row: Ballot) -> Mapping[str, Text]:
    """The reason tags of the rule-book of the verdict's day."""
    return regimes.regime_on(row.place, _day(row)).ballots.reasons


def _day(row: Ballot) -> date:
    return row.cast_at.astimezone(row.place.zone).date()


def _add(request: HttpRequest, row: Ballot, reasons: Mapping[str, Text], now: datetime) -> None:
    """Keep what the form adds to a bad verdict. Raises Refused."""
    if not row.bad:
        raise refuse("words-good", N_("Something can be added to a bad verdict only."))
    words, said = _words(request), _typed(request)
    if said["phone"] and not _PHONE.fullmatch(said["phone"]):
        raise refuse("phone-malformed", N_("A telephone number is made of digits, such as 0971 612 3456."))
    file = request.FILES.get("photo")
    photo: bytes | Finding = b""
    # A photo costs time to read, so it is read only where it can be kept.
    if (
        file is not None
        and file.size
        and not queries.has_words(row)
        and now - row.cast_at <= actions.ADD_WORDS
    ):
        photo = made_anew(file.read())
    if isinstance(photo, Finding):
        raise Refused(photo)
    kept = [key for key in said["reasons"] if key in reasons]
    actions.add_words(ballot=row, reasons=kept, words=words, phone=said["phone"], photo=photo, by=BY, now=now)


def _words(request: HttpRequest) -> str:
    """What was said in words. Raises Refused where it is longer than it may be."""
    words = _typed(request)["words"]
    if len(words) > MOST_WORDS:
        raise refuse("words-too-long", N_("Say it in %(most)s characters, please."), most=MOST_WORDS)
    return words


def _typed(request: HttpRequest) -> dict[str, Any]:
    """What the form says, tidied; a browser sends two characters for the end of a line."""
    return {
        "reasons": request.POST.getlist("reason"),
        "words": request.POST.get("words", "").replace("\r\n", "\n").strip(),
        "phone": request.POST.get("phone", "").strip(),
    }


def _stands(request: HttpRequest, row: Ballot, reasons: Mapping[str, Text], now: datetime) -> dict[str, Any]:
    """What the receipt shows."""
    place = row.place
    said = queries.has_words(row)
    fresh = now - row.cast_at <= actions.ADD_WORDS
    stage = look.stage(row)
    may_object, window = look.check_objection(row, now) is None, look.window(row, "objection")
    return {
        "place": place,
        "ballot": row,
        "grade": _grade(queries.scale(place, _day(row)), row.grade),
        "given": day_of(row.cast_at, place.zone),
        "sentence": sentence(row, stage),
        "road": road(row),
        "proof": queries.proof(row),
        "reasons": reasons,
        "said": said,
        "fresh": fresh,
        "can_add": row.bad and fresh and not said and row.standing == Standing.COUNTED,
        "object_until": day_of(window.end - timedelta(seconds=1), place.zone) if may_object else None,
        "keep_days": actions.KEEP_WORDS.days,
        "code": _code(request, row),
    }


def _code(request: HttpRequest, row: Ballot) -> SafeString:
    """The receipt's address as a QR code, dark on light whatever the theme."""
    path = reverse("citizen:receipt", args=[row.receipt])
    address = f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else request.build_absolute_uri(path)
    made = segno.make(address, error="m", micro=False)
    return mark_safe(made.svg_inline(scale=4, border=2, light="white", omitsize=True))


def _grade(scale: Scale, key: str) -> Text:
    """A grade's name, also where the scale has changed since."""
    return next((grade.name for grade in scale.grades if grade.key == key), Text(en=key))
