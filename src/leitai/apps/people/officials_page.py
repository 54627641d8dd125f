"""The list of officials for the administrator: who holds which duty, by key; names go in by a file and stay sealed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from leitai.apps.ledger.errors import Refused, refuse, tell
from leitai.rules.kernel import N_

from . import actions, queries, rolls
from .access import Visit, page

MOST_BYTES = 10 << 20
PER_PAGE = 100
SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
@page("official.manage")
def officials(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Who holds which duty; a file of such lines is taken whole, or not at all and each bad line told."""
    refusal, faults = "", ()
    if request.method == "POST":
        try:
            roll = _read(request, visit)
            faults = roll.faults
            if not faults:
                return _take(request, visit, roll)
        except Refused as told:
            refusal = str(told)
    rows = queries.tenures(visit.place)
    context = {
        "visit": visit,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "count": len({row.official_id for row in rows}),
        "refusal": refusal,
        "faults": [(one.line, one.column, one.value, tell(one.finding)) for one in faults[:SHOWN]],
        "fault_count": len(faults),
        "columns": ", ".join(rolls.COLUMNS),
    }
    return render(request, "people/officials.html", context, status=409 if refusal or faults else 200)


def _read(request: HttpRequest, visit: Visit) -> rolls.Roll:
    """What the file says, with units by key, also where it names them. Raises Refused."""
    file: Any = request.FILES.get("file")
    if file is None or not file.size:
        raise refuse("no-file", N_("Choose the file."))
    if file.size > MOST_BYTES:
        raise refuse("too-big", N_("This file is too large: take it in parts."))
    return rolls.read(file.name, file.read(), queries.keys_by_name(visit.place))


def _take(request: HttpRequest, visit: Visit, roll: rolls.Roll) -> HttpResponse:
    if not roll.drafts:
        raise refuse("no-lines", N_("This file holds no line."))
    done = actions.put_officials(
        place=visit.place, drafts=roll.drafts, by=visit.viewer.name, now=visit.now
    ) or {"added": 0, "changed": 0}
    told = ngettext("%(n)s duty added", "%(n)s duties added", done["added"]) % {"n": done["added"]}
    messages.success(request, _("%(added)s, %(n)s changed.") % {"added": told, "n": done["changed"]})
    return redirect("people:officials", visit.place.key)
