"""The record of an official, opened to few; each look is told to the ledger and shown to the one looked at.

Who has priority for promotion is told of officials too, by their duty: whoever reads the list looked at each of them.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit, page

from . import actions, queries


@require_safe
@never_cache
@page("merit.see")
def record(request: HttpRequest, visit: Visit, key: str) -> HttpResponse:
    """Honours and accountability of one official over time, to those entitled and to the one it is about."""
    official = people.official(visit.place, key)
    own = official in people.officials_of(visit.place, visit.viewer.account)
    if not own:
        visit.viewer.check("official.see")
    if official is None:
        raise Http404(_("There is no such official."))
    if not own:
        actions.look(place=visit.place, officials=[official], by=visit.viewer.name, now=visit.now)
    rows = queries.record_of(official)
    held = {row.pk for row in queries.in_force(visit.place, visit.now).filter(official=official)}
    looks = queries.looks(official) if own else []
    accounts = people.accounts(one.by.removeprefix("account:") for one in looks)
    context = {
        "visit": visit,
        "official": official,
        "own": own,
        "tenures": people.tenures(visit.place, [official]),
        "rows": rows,
        "held": held,
        "honours": sum(row.pk in held and row.tone == "honour" for row, _name in rows),
        "burdens": sum(row.pk in held and row.tone != "honour" for row, _name in rows),
        "looks": [(one, accounts.get(one.by.removeprefix("account:"), one.by)) for one in looks],
    }
    return render(request, "merits/record.html", context)


@require_safe
@never_cache
@page("official.see")
def priority(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Officials whose honours in force give them priority for promotion."""
    rows = queries.promoting(visit.place, visit.now)
    own = people.officials_of(visit.place, visit.viewer.account)
    others = [one.official for one in rows if one.official not in own]
    actions.look(place=visit.place, officials=others, by=visit.viewer.name, now=visit.now)
    context = {"visit": visit, "rows": rows}
    return render(request, "merits/priority.html", context)
