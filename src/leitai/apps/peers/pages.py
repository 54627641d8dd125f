"""The scoring of an occasion: its route and scorers for the office, its result for everybody once it was held."""

from __future__ import annotations

import re
import secrets
from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from leitai.apps.ledger.errors import Refused, refuse
from leitai.apps.occasions import queries as occasions
from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit, page, public_page
from leitai.rules.kernel import N_
from leitai.rules.scoring.judges import sheets_needed
from leitai.ui.typed import plain

from . import actions, queries
from .models import Scorer
from .shown import shown

GROUPS = 6  # that the form offers
_BETWEEN = re.compile(r"\s*[\t|｜;；]\s*")


@require_safe
@public_page
def scoring(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """Who stands where after the scoring, and how sure that is; before it the office's work."""
    return _scoring(request, visit, _row(visit, number))


def _row(visit: Visit, number: int) -> Any:
    """An occasion that is scored; for anybody else there is none."""
    row = occasions.occasion(visit.place, number)
    spec = occasions.spec_of(row) if row is not None else None
    opened = row is not None and queries.scoring(row) is not None
    if row is None or not (opened or (spec is not None and spec.scoring is not None)):
        raise Http404(_("There is no such scoring."))
    return row


def _scoring(
    request: HttpRequest, visit: Visit, row: Any, *, refusal: str = "", typed: Any = None
) -> HttpResponse:
    viewer = visit.viewer
    runs, inside = viewer.may("peers.run"), viewer.may("desk.see")
    result = queries.result(row)
    visible = result is not None and (inside or row.held_at is not None)
    opened = queries.scoring(row)
    context = {
        "visit": visit,
        "row": row,
        "name": occasions.name(row),
        "runs": runs,
        "inside": inside,
        "opened": opened,
        "terms": queries.terms_of(row),
        "sites": queries.sites(row) if inside else [],
        "result": result if visible else None,
        "shown": shown(visit.place, result) if visible else None,
        "holds": queries.holds(result) if visible and runs else False,
        "refusal": refusal,
        "clocks": queries.odd_clocks(row) if runs else [],
        **(_office(row, opened, typed) if runs and result is None else {}),
    }
    return render(request, "peers/scoring.html", context, status=409 if refusal else 200)


def _office(row: Any, opened: Any, typed: Any) -> dict[str, Any]:
    """What the office has to do before there is a result."""
    if opened is not None:
        sheets = queries.progress(row)
        handed = sum(one.scorer.handed_in_at is not None for one in sheets)
        needed = sheets_needed(len(sheets), queries.terms_of(row).least)
        return {"sheets": sheets, "handed": handed, "needed": needed, "enough": handed >= needed}
    route = queries.sites(row)
    posted = typed or {}
    units = queries.default_units(row)
    return {
        "route_typed": posted.get("sites") or "\n".join(f"{one.name} | {one.unit.name}" for one in route),
        "scorers_typed": posted.get("scorers") or "\n".join(unit.name for unit in units),
        "groups": range(1, GROUPS + 1),
        "chosen": posted.get("groups") or "2",
    }


@require_POST
@page("peers.run")
def lay(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """Lay the route, a line for each site."""
    row = _row(visit, number)
    try:
        sites = [_site(visit, line) for line in _lines(request.POST.get("sites", ""))]
        actions.lay(occasion=row, sites=sites, by=visit.viewer.name, now=visit.now)
    except Refused as told:
        return _scoring(request, visit, row, refusal=str(told), typed=request.POST)
    messages.success(request, _("The route is laid."))
    return redirect("peers:scoring", visit.place.key, row.pk)


def _lines(typed: str) -> list[str]:
    found = [plain(line, 400) for line in typed[:100_000].splitlines()]
    return [line for line in found if line]


def _site(visit: Visit, line: str) -> tuple[Any, str]:
    """ "The new hospital | Health bureau": a name and whose it is."""
    parts = _BETWEEN.split(line)
    if len(parts) != 2:
        raise refuse(
            "site-line", N_("Write a site and its unit, with | between them: “%(line)s”."), line=line
        )
    return _unit(visit, parts[1]), parts[0]


def _unit(visit: Visit, typed: str) -> Any:
    found = people.unit(visit.place, people.key_of(visit.place, typed))
    if found is None or not found.active:
        raise refuse("no-unit", N_("There is no unit “%(unit)s” here."), unit=typed)
    return found


@require_POST
@never_cache
@page("peers.run")
def open_(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """Name the scorers and open the scoring; their links are shown at once, and never again."""
    row, typed = _row(visit, number), request.POST.get("groups", "")
    try:
        units = [_unit(visit, line) for line in _lines(request.POST.get("scorers", ""))]
        keys = [secrets.token_urlsafe(24) for _unit_ in units]
        scorers = actions.open_scoring(
            occasion=row,
            units=units,
            groups=int(typed) if typed.isdecimal() and len(typed) < 4 else 0,
            secrets=keys,
            by=visit.viewer.name,
            now=visit.now,
        )
    except Refused as told:
        return _scoring(request, visit, row, refusal=str(told), typed=request.POST)
    return _links(request, visit, row, list(zip(scorers, keys, strict=True)))


@require_POST
@never_cache
@page("peers.run")
def renew(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """Give a scorer a new link and show it, this once."""
    row = _row(visit, number)
    typed = request.POST.get("scorer", "")
    found = queries.scorer_by_number(row, int(typed)) if typed.isdecimal() and len(typed) < 5 else None
    if found is None:
        raise Http404(_("There is no such scorer."))
    key = secrets.token_urlsafe(24)
    try:
        actions.renew_link(scorer=found, secret=key, by=visit.viewer.name, now=visit.now)
    except Refused as told:
        return _scoring(request, visit, row, refusal=str(told))
    return _links(request, visit, row, [(found, key)])


def _links(request: HttpRequest, visit: Visit, row: Any, pairs: list[tuple[Scorer, str]]) -> HttpResponse:
    """A sheet for each scorer, to print: who, which way round, and the link as a code."""
    route, sheets = queries.sites(row), []
    for scorer, key in pairs:
        path = reverse("peers:sheet", args=[visit.place.key, key])
        address = settings.PUBLIC_URL + path if settings.PUBLIC_URL else request.build_absolute_uri(path)
        first = next((one for one in route if one.turn == scorer.start), None)
        sheets.append({"scorer": scorer, "address": address, "qr": _qr(address), "first": first})
    context = {"visit": visit, "row": row, "name": occasions.name(row), "sheets": sheets}
    return render(request, "peers/links.html", context)


def _qr(address: str) -> SafeString:
    """An address as a QR code, dark on light whatever the theme."""
    made = segno.make(address, error="m", micro=False)
    return mark_safe(made.svg_inline(scale=4, border=2, light="white", omitsize=True))


@require_POST
@page("peers.run")
def work_out(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """Work the result out and freeze it."""
    row = _row(visit, number)
    try:
        actions.work_out(occasion=row, by=visit.viewer.name, now=visit.now)
    except Refused as told:
        return _scoring(request, visit, row, refusal=str(told))
    messages.success(request, _("The result is worked out and frozen."))
    return redirect("peers:scoring", visit.place.key, row.pk)
