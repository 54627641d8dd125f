"""Slips: the list of those given, one as a document to be printed, and the signature for it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from leitai.apps.ledger.errors import Refused
from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit, page
from leitai.rules.casework import COLOURS, GIVEN
from leitai.rules.worktime import parse_within
from leitai.ui.typed import plain

from . import actions, queries
from .case_page import names
from .models import Slip
from .pages import may_see
from .queries import Narrow
from .templatetags.casework import by_day

PER_PAGE = 50


@require_safe
@page("case.see")
def listing(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The slips that the viewer may look at, the newest first; the filter stands in the address."""
    values = request.GET
    asked = Narrow(
        unit=people.key_of(visit.place, plain(values.get("unit", ""), 300)),
        colour=plain(values.get("colour", ""), 10),
        unsigned=values.get("unsigned") == "1",
    )
    shown = Paginator(queries.slips(visit.viewer, visit.place, asked), PER_PAGE).get_page(values.get("page"))
    context = {
        "visit": visit,
        "asked": asked,
        "page": shown,
        "rows": queries.views_of(shown.object_list, visit.viewer, visit.place),
        "colours": COLOURS,
        "query": urlencode(
            {name: values[name] for name in ("unit", "colour", "unsigned") if values.get(name)}
        ),
    }
    return render(request, "casework/slips.html", context)


@require_safe
@page("case.see")
def slip(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """One slip as a document."""
    return _show(request, visit, _slip(visit, number))


@require_http_methods(["GET", "HEAD", "POST"])
@page("case.see")
def sign(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """Sign for a slip: whoever it went to has seen it."""
    row = _slip(visit, number)
    if request.method == "POST":
        if row.seen_at is None and not queries.may_sign(row, visit.viewer):
            raise PermissionDenied(_("This slip was not given to you."))
        try:
            actions.sign_slip(slip=row, by=visit.viewer.name, now=visit.now)
        except Refused as refusal:
            return _show(request, visit, row, str(refusal), 409)
        messages.success(request, _("Signed for."))
    return redirect("casework:slip", visit.place.key, row.pk)


def _slip(visit: Visit, number: int) -> Slip:
    """The slip of an address: of a case that the viewer may see, or given to a unit of theirs; else 404 or 403."""
    row = queries.slip(visit.place, number)
    if row is None:
        raise Http404(_("There is no such slip."))
    given = row.unit is not None and visit.viewer.may("case.see", row.unit)
    if not given and not may_see(visit.viewer, row.case):
        raise PermissionDenied(_("This slip is another unit's."))
    return row


def _show(
    request: HttpRequest, visit: Visit, row: Slip, refusal: str = "", status: int = 200
) -> HttpResponse:
    found = queries.document(row, visit.viewer)
    language = get_language() or "zh-hans"
    context = {
        "visit": visit,
        "slip": row,
        "case": row.case,
        "found": found,
        "limit": "" if found.within == GIVEN else parse_within(found.within).text.show(language),
        "discreet": by_day(row.case, visit),
        "names": names([row.seen_by] if row.seen_by else []),
        "refusal": refusal,
    }
    return render(request, "casework/slip.html", context, status=status)
