"""The public door: anybody says what is wrong and where, without an account, by link or by a code on a poster.

What kinds of matter it takes and what it asks of each, the rule-book says. Name and telephone may be left, and are
sealed; a photo is kept without what the telephone wrote into it, and where it is, only if that is given on purpose.
The answer is a tracking code, by which the reporter sees who holds it, and says in the end whether it is over.
"""

from __future__ import annotations

import re
import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from leitai.apps.ledger.errors import Refused, refuse
from leitai.apps.people.access import Visit, public_page
from leitai.rules.kernel import N_
from leitai.ui.citizen import FORM_BYTES, query, see, show
from leitai.ui.photos import MOST_BYTES, Taken
from leitai.ui.typed import plain as tidy

from . import actions
from .kinds import answered, kinds, questions
from .models import Case
from .places import spot
from .prints import Picture, picture
from .public import BRAKED, BY, braked, plain, qr, refused, whole

MOST_PHOTOS = 3
MOST_WORDS = 2000
TITLE = 80
_ONCE = re.compile(r"[A-Za-z0-9_-]{16,50}")
_PHONE = re.compile(r"[0-9+() -]{3,30}")
_END = re.compile(r"[。！？!?\n]|\.\s")


@plain(MOST_PHOTOS * MOST_BYTES + 2 * FORM_BYTES)
@public_page
def report(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The form of a kind, or the choice of kinds; posting it opens the case and leads to where it can be followed."""
    offered = kinds(visit, "public")
    values = request.POST if request.method == "POST" else request.GET
    chosen = values.get("kind", "")
    if chosen not in offered and len(offered) == 1:
        chosen = next(iter(offered))
    if chosen not in offered:
        names = [(key, spec.name, spec.about) for key, spec in offered.items()]
        context = {"place": visit.place, "kinds": names}
        return show(request, "casework/report_kinds.html", context, 200 if offered else 404)
    context = _asked(request, visit, chosen, offered[chosen], len(offered) > 1)
    if request.method != "POST":
        return show(request, "casework/report.html", context)
    if braked(request):
        return refused(request, BRAKED, "casework/report.html", context)
    try:
        case = _open(request, visit, chosen, offered[chosen])
    except Refused as told:
        return refused(request, told.finding, "casework/report.html", context)
    return see(reverse("casework:track", args=[visit.place.key, case.tracking]) + query(request.manner))


def _asked(request: HttpRequest, visit: Visit, kind: str, spec: Any, more: bool) -> dict[str, Any]:
    """What the form shows."""
    once = request.POST.get("once", "")
    return {
        "place": visit.place,
        "kind": kind,
        "spec": spec,
        "more": more,
        "questions": questions(kind, spec, request.POST),
        "typed": request.POST,
        "once": once if _ONCE.fullmatch(once) else secrets.token_urlsafe(18),
        "keep_days": actions.KEEP.days,
        "most_photos": MOST_PHOTOS,
    }


def _open(request: HttpRequest, visit: Visit, kind: str, spec: Any) -> Case:
    """The case of a form, with its photos and its reporter. Raises Refused with the reason, and then keeps nothing."""
    posted = request.POST
    once, words = posted.get("once", ""), tidy(posted.get("what", ""), MOST_WORDS + 1)
    if not _ONCE.fullmatch(once):
        raise refuse("form-incomplete", N_("The form lacks its key. Open the page again, please."))
    if not words:
        raise refuse("no-title", N_("Say in a few words what it is about."))
    if len(words) > MOST_WORDS:
        raise refuse("words-too-long", N_("Say it in %(most)s characters, please."), most=MOST_WORDS)
    where, here = tidy(posted.get("where", ""), 200), spot(posted)
    if not where and here is None:
        raise refuse("no-where", N_("Say where it is: a street and number, or what is next to it."))
    phone = tidy(posted.get("phone", ""), 31)
    if phone and not _PHONE.fullmatch(phone):
        raise refuse("phone-malformed", N_("A telephone number is made of digits, such as 0971 612 3456."))
    photos = pictures(request, MOST_PHOTOS, whereabouts=False)
    case = actions.open_case(
        place=visit.place,
        kind=kind,
        unit=None,
        title=title_of(words),
        text=words,
        where=where,
        channel="public",
        form=answered(posted, kind, spec),
        latitude=here.latitude if here else None,
        longitude=here.longitude if here else None,
        tracking=True,
        once=f"p:{once}",
        by=BY,
        now=visit.now,
    )
    for one in photos:
        actions.add_photo(case=case, data=one, when="before", by=BY, now=visit.now)
    who = {"name": tidy(posted.get("name", ""), 60), "phone": phone}
    actions.keep_reporter(case=case, reporter=who, by=BY, now=visit.now)
    return case


def title_of(words: str) -> str:
    """The first sentence of what was said, cut to a line."""
    end = _END.search(words)
    first = (words[: end.start()] if end and end.start() else words).replace("\n", " ").strip()
    return first if len(first) <= TITLE else first[: TITLE - 1] + "…"


def pictures(request: HttpRequest, most: int, *, whereabouts: bool) -> list[Picture]:
    """The photos of a form, made anew. Raises Refused for more than `most`, and for what is no photo.

    Without `whereabouts`, what the camera wrote of when and where is forgotten: a citizen must not be found by it.
    """
    files = [file for file in request.FILES.getlist("photo") if file.size]
    if len(files) > most:
        raise refuse("too-many-photos-at-once", N_("Send at most %(most)s photos at once."), most=most)
    made = [picture(file.read()) for file in files]
    return made if whereabouts else [Picture(one.jpeg, Taken()) for one in made]


@plain()
@require_safe
@public_page
def poster(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What hangs on a wall: the code that leads to the form of a kind, or to all of them, to be printed."""
    offered = kinds(visit, "public")
    kind = request.GET.get("kind", "")
    path = reverse("casework:report", args=[visit.place.key])
    address = whole(request, path + (f"?kind={kind}" if kind in offered else ""))
    context = {
        "place": visit.place,
        "spec": offered.get(kind),
        "code": qr(address),
        "address": address.partition("://")[2],
        "said": _both(visit),
    }
    return show(request, "casework/poster.html", context, 200 if offered else 404)


def _both(visit: Visit) -> list[dict[str, str]]:
    """What a poster says, in both languages, the place's own first."""
    languages = ("zh-hans", "en") if visit.place.language.startswith("zh") else ("en", "zh-hans")
    found = []
    for language in languages:
        with translation.override(language):
            what = _("Scan, say what is wrong. No account needed; you get a code to follow it.")
            found.append({"language": language, "what": what, "check": _("The address that opens is")})
    return found
