"""Photos of a case for those who may see it, and the form by which they are added: before and after, side by side."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from leitai.apps.ledger.errors import Refused
from leitai.apps.people.access import Visit, page

from . import actions, queries
from .actions.photos import WHEN
from .models import Case
from .pages import case_for
from .patrol import MOST_PHOTOS
from .report import pictures


@require_safe
@page("case.see")
def photo(_request: HttpRequest, visit: Visit, ref: str, number: int) -> HttpResponse:
    """One photo of a case; it never changes, so a browser may keep it, and nobody else."""
    found = queries.photo(case_for(visit, ref), number)
    if found is None:
        raise Http404(_("There is no such photo."))
    answer = HttpResponse(found, content_type="image/jpeg")
    answer["Cache-Control"] = "private, max-age=86400, immutable"
    return answer


@require_POST
@page("case.see")
def add(request: HttpRequest, visit: Visit, ref: str) -> HttpResponse:
    """Add photos to a case that somebody works on, decides on, or inspects."""
    case = case_for(visit, ref)
    if not may_add(visit, case):
        raise PermissionDenied(_("Your post does not allow this step."))
    when = request.POST.get("when", "other")
    if when not in WHEN:
        raise Http404(_("There is no such step."))
    count = 0
    try:
        for one in pictures(request, MOST_PHOTOS, whereabouts=True):
            actions.add_photo(case=case, data=one, when=when, by=visit.viewer.name, now=visit.now)
            count += 1
    except Refused as told:
        messages.error(request, str(told))
    if count:
        messages.success(request, ngettext("%(n)s photo added.", "%(n)s photos added.", count) % {"n": count})
    return redirect("casework:case", visit.place.key, case.ref)


def may_add(visit: Visit, case: Case) -> bool:
    """Whether somebody may add photos: who goes and looks, and who works on the case as long as it is open."""
    works = bool(queries.roles(case, visit.viewer)) and case.closed_at is None
    return works or visit.viewer.may("case.open")
