"""Choosing a unit out of thousands by typing part of its name, with or without script.

The box holds "name · key"; a key alone, or a name that only one unit has, is understood as well.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit, page

OFFERED = 20
BETWEEN = " · "


@require_safe
@page("case.run")
def find(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The units whose name or key holds what was typed, as options of a box."""
    text = request.GET.get("unit", "").strip()
    found = people.units(visit.place, text.rpartition(BETWEEN)[2])[:OFFERED] if text else ()
    return render(request, "casework/_units.html", {"units": found})


def key_of(place: Any, typed: str) -> str:
    """The key that a box names; what was typed where it names none, so that the refusal can repeat it."""
    text = typed.strip()
    last = text.rpartition(BETWEEN)[2]
    if people.unit(place, last) is not None:
        return last
    named = [row for row in people.units(place, text)[:OFFERED] if text in (row.name_zh, row.name_en)]
    return named[0].key if len(named) == 1 else text
