"""What is measured, for anyone to read: each measure in words, by which rule, who answers for it, where it counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit, public_page
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import Text
from leitai.rules.regime.model import Figure, MeasureSpec, Regime
from leitai.rules.regime.vocabulary import FACTS

from . import queries

A_PAGE = 60


@dataclass(frozen=True)
class Weighed:
    """A table that weighs a measure."""

    key: str
    name: Text
    weight: Any


@dataclass(frozen=True)
class Defined:
    """A measure as it is defined, with what the definition points at."""

    key: str
    spec: MeasureSpec
    fact: str
    owner: Any
    weighed: tuple[Weighed, ...]
    totals: tuple[Figure, ...]
    twin: MeasureSpec | None
    only: tuple[Text, ...]


def defined(place: Any, regime: Regime, key: str) -> Defined:
    """A measure of the rule-book. Raises KeyError."""
    spec = regime.measures[key]
    projects = regime.projects
    narrowed = (
        regime.cases.get(spec.of.get("kind", "")),
        projects.stages.get(spec.of.get("stage", "")) if projects else None,
        projects.libraries.get(spec.of.get("library", "")) if projects else None,
    )
    return Defined(
        key,
        spec,
        _(FACTS[spec.from_]),
        people.unit(place, spec.owner) if spec.owner else None,
        tuple(
            Weighed(name, arena.name, arena.weigh[key])
            for name, arena in regime.arenas.items()
            if key in arena.weigh
        ),
        tuple(regime.figures[name] for name in spec.share_of),
        regime.measures.get(spec.audited_by or ""),
        tuple(one.name for one in narrowed if one is not None),
    )


@require_safe
@public_page
def measures(request: HttpRequest, visit: Visit) -> HttpResponse:
    """All measures of the rule-book in force: also the register of what units are asked for, and by which rule."""
    regime = _regime(visit)
    rows = [defined(visit.place, regime, key) for key in regime.measures]
    context = {
        "visit": visit,
        "asked": [one for one in rows if one.spec.from_ == "reported"],
        "counted": [one for one in rows if one.spec.from_ != "reported"],
    }
    return render(request, "measures/measures.html", context)


@require_safe
@public_page
def definition(request: HttpRequest, visit: Visit, key: str) -> HttpResponse:
    """One measure, with the targets that signed letters state for it."""
    regime = _regime(visit)
    if key not in regime.measures:
        raise Http404(_("There is no such measure."))
    found = Paginator(queries.terms_about(visit.place, key), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "visit": visit,
        "one": defined(visit.place, regime, key),
        "page": found,
        "terms": found.object_list,
    }
    return render(request, "measures/definition.html", context)


def _regime(visit: Visit) -> Regime:
    return regimes.regime_on(visit.place, visit.now.astimezone(visit.place.zone).date())
