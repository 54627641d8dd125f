"""The rule-book as a page: in sentences with sources, for whoever is held to it; and the file itself."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from leitai.apps.people.access import Visit, public_page

from . import queries
from .models import Version
from .prose import sections


def _day(request: HttpRequest, visit: Visit) -> date:
    """The day that is asked for in the address, or the place's today."""
    text = request.GET.get("on", "")
    if not text:
        return visit.now.astimezone(visit.place.zone).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404(_("Write a day as 2022-03-31.")) from None


def _version(request: HttpRequest, visit: Visit) -> tuple[Version, date]:
    day = _day(request, visit)
    try:
        return queries.version_on(visit.place, day), day
    except queries.NoRegime:
        raise Http404(_("This place has no rule-book yet.")) from None


@require_safe
@public_page
def rules(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The rule-book in force on a day, read aloud."""
    version, day = _version(request, visit)
    regime = queries.regime_on(visit.place, day)
    context = {
        "visit": visit,
        "version": version,
        "day": day,
        "regime": regime,
        "sections": sections(regime),
        "versions": queries.versions(visit.place),
    }
    return render(request, "regimes/rules.html", context)


@require_safe
@public_page
def download(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The rule-book's own text, as it was loaded."""
    version, _today = _version(request, visit)
    name = f"{visit.place.key}-{version.in_force:%Y-%m-%d}.yaml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(version.text, content_type="application/yaml; charset=utf-8", headers=headers)
