"""What a clerk or the office has to make ready before occasions, handed in on one page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from leitai.apps.ledger.errors import Refused
from leitai.apps.people.access import Visit, page
from leitai.ui.typed import plain

from . import actions, queries
from .models import Preparation


@require_safe
@page("preparation.do")
def preparations(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What is asked of the viewer, by when it is due; what is handed in below."""
    rows = [_shown(visit, row) for row in queries.to_prepare(visit.viewer, visit.place)]
    context = {
        "visit": visit,
        "waiting": [one for one in rows if not one["row"].done_at],
        "done": [one for one in rows if one["row"].done_at],
    }
    return render(request, "occasions/preparations.html", context)


def _shown(visit: Visit, row: Preparation) -> dict[str, Any]:
    spec = queries.spec_of(row.occasion)
    ready = spec.ready.get(row.key) if spec is not None else None
    return {
        "row": row,
        "name": queries.called(row),
        "of": queries.name(row.occasion),
        "minutes": ready.minutes if ready is not None else None,
        "source": ready.source if ready is not None else "",
        "open": row.done_at is None or visit.now <= row.due,
    }


@require_POST
@page("preparation.do")
def prepare(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """Hand in what was prepared."""
    row = queries.preparation(visit.place, number)
    if row is None:
        raise Http404(_("Nothing of this number is to be prepared."))
    if not queries.prepares(visit.viewer, row.unit):
        raise PermissionDenied(_("Only those who were asked for it hand it in."))
    try:
        text = plain(request.POST.get("text", ""))
        actions.prepare(preparation=row, text=text, by=visit.viewer.name, now=visit.now)
        messages.success(request, _("Handed in."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("occasions:preparations", visit.place.key)
