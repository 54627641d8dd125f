"""The codes to hang up: each verdict point with its address and a QR code, to be printed and cut."""

from __future__ import annotations

import segno
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from leitai.apps.people.access import Visit, page

from .. import queries
from ..models import Point

A_PAGE = 12


@require_safe
@page("case.run")
def codes(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The points of units whose name holds `q`, a sheet of twelve at a time."""
    text = request.GET.get("q", "").strip()
    found = Paginator(queries.points_of(visit.place, text), A_PAGE).get_page(request.GET.get("page"))
    shown = [(point, address(request, point)) for point in found.object_list]
    rows = [(point, url, qr(url)) for point, url in shown]
    return render(request, "ballots/codes.html", {"visit": visit, "page": found, "rows": rows, "text": text})


def address(request: HttpRequest, point: Point) -> str:
    """The whole address that a point's code leads to."""
    return request.build_absolute_uri(reverse("citizen:verdict", args=[queries.code_of(point)]))


def qr(url: str) -> SafeString:
    """A QR code as SVG, error level M (15 % may be soiled), dark on light in either theme."""
    made = segno.make(url, error="m", micro=False)
    return mark_safe(made.svg_inline(scale=4, border=2, light="white"))
