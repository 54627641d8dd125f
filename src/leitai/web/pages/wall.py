"""The wall: one screen for a room of twenty, which asks "where is the fire?"; its tiles, and the screens it hangs on.

Two doors lead to the same pages: a person's, by `wall.see`, and a screen's own address, which holds a secret and can be
ended. Behind either, every tile is asked for again each time it changes; the stream tells only that it did.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from leitai.apps.ledger import queries as ledger
from leitai.apps.ledger.errors import Refused, tell
from leitai.apps.people.access import Visit, page, public_page
from leitai.intake import walls

from ..wall import actions, screens, tiles
from ..wall.owed import owed

PAPERS = ("A0", "A3")
SHORTEST, LONGEST = 5, 600  # seconds for which a tile is shown alone while the wall turns


def _policy(response: HttpResponse) -> HttpResponse:
    response["Content-Security-Policy"] = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        f"connect-src 'self' {settings.INTAKE_URL}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    response["Referrer-Policy"] = "no-referrer"  # a screen's address is its key
    response["X-Robots-Tag"] = "noindex"
    return response


def _doors(
    view: Callable[..., HttpResponse],
) -> tuple[Callable[..., HttpResponse], Callable[..., HttpResponse]]:
    """A page as a person opens it, and as a screen does by its token: `view(request, visit, base, token, …)`."""

    @never_cache
    @require_safe
    @page("wall.see")
    @wraps(view)
    def person(request: HttpRequest, visit: Visit, **rest: Any) -> HttpResponse:
        return _policy(view(request, visit, reverse("web:wall", args=[visit.place.key]) + "/", "", **rest))

    @never_cache
    @require_safe
    @public_page
    @wraps(view)
    def screen(request: HttpRequest, visit: Visit, token: str, **rest: Any) -> HttpResponse:
        if not screens.hangs(visit.place, token):
            raise Http404
        base = reverse("web:wall_screen", args=[visit.place.key, token]) + "/"
        return _policy(view(request, visit, base, token, **rest))

    person.permission, screen.permission = "wall.see", None  # type: ignore[attr-defined]
    return person, screen


def _stream(place: Any) -> str:
    """Where a screen hears what changes; "" where no ballot door runs, and it asks by itself."""
    url = settings.INTAKE_URL
    return f"{url}/wall/{walls.ticket(place, timezone.now())}" if url else ""


def _wall(request: HttpRequest, visit: Visit, base: str, token: str) -> HttpResponse:
    # Before the tiles are read: what happens meanwhile is heard of again.
    chain = ledger.chain(visit.place)
    paper = request.GET.get("paper", "")
    turn = request.GET.get("turn", "")
    context = {
        "visit": visit,
        "tiles": tiles.tiles(visit.place, visit.now),
        "base": base,
        "kiosk": bool(token),
        "seq": chain.size if chain is not None else 0,
        "clock": timezone.now(),
        "stream": _stream(visit.place),
        "paper": paper if paper in PAPERS else PAPERS[1],
        "papers": PAPERS,
        "turn": min(max(int(turn), SHORTEST), LONGEST) if turn.isascii() and turn.isdecimal() else 0,
    }
    return render(request, "web/wall.html", context)


def _tile(request: HttpRequest, visit: Visit, base: str, token: str, key: str) -> HttpResponse:
    if key not in tiles.KEYS:
        raise Http404
    one = tiles.tile(key, visit.place, visit.now)
    context = {"visit": visit, "tile": one, "base": base, "kiosk": bool(token), "clock": timezone.now()}
    return render(request, "web/wall_tile.html", context)


def _pulse(request: HttpRequest, visit: Visit, _base: str, _token: str) -> HttpResponse:
    """What the stream would have told, once; with a new ticket to it."""
    after = request.GET.get("after", "")
    clock = timezone.now()
    known = int(after) if after.isascii() and after.isdecimal() and len(after) < 19 else -1
    news = walls.news(visit.place, known, clock)
    return JsonResponse(
        {
            "seq": news.seq,
            "tiles": sorted(news.tiles),
            "clock": clock.isoformat(),
            "present": news.present.isoformat(),
            "held": 0,
            "stream": _stream(visit.place),
        }
    )


def _owed(request: HttpRequest, visit: Visit, base: str, token: str) -> HttpResponse:
    found = owed(visit.place, request.GET.get("about", ""), visit.now)
    if found is None:
        raise Http404
    whole = "part" not in request.GET
    context = {"visit": visit, "owed": found, "base": base, "kiosk": bool(token)}
    return render(request, "web/wall_owed.html" if whole else "web/wall_owed_part.html", context)


wall, wall_screen = _doors(_wall)
wall_tile, wall_screen_tile = _doors(_tile)
wall_pulse, wall_screen_pulse = _doors(_pulse)
wall_owed, wall_screen_owed = _doors(_owed)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@page("key.manage")
def wall_screens(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The screens of a place: hang one up, see their addresses, take one down."""
    if request.method == "POST":
        try:
            if "end" in request.POST:
                actions.end_screen(
                    place=visit.place, key=request.POST["end"], by=visit.viewer.name, now=visit.now
                )
            else:
                actions.open_screen(
                    place=visit.place,
                    key=secrets.token_hex(5),
                    name=request.POST.get("name", ""),
                    by=visit.viewer.name,
                    now=visit.now,
                )
        except Refused as reason:
            messages.error(request, tell(reason.finding))
        return redirect("web:wall_screens", visit.place.key)
    rows = [
        (one, _address(request, visit, one) if one.ended is None else "")
        for one in screens.screens(visit.place)
    ]
    return render(request, "web/wall_screens.html", {"visit": visit, "screens": rows})


def _address(request: HttpRequest, visit: Visit, one: screens.Screen) -> str:
    path = reverse("web:wall_screen", args=[visit.place.key, screens.token(visit.place, one.key)])
    return settings.PUBLIC_URL + path if settings.PUBLIC_URL else request.build_absolute_uri(path)
