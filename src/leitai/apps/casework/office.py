"""The supervision office's page: what is loose, late or doubtful; by keyboard, in bulk, and as Excel.

The queue and its filter stand in the address, so that what is on the screen can be sent, printed, exported. A suggested
unit stands in its box already, with how sure it is and how often such were right; nothing goes without a press.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from leitai.apps.ledger.errors import Refused
from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit, page
from leitai.rules.casework import COLOURS
from leitai.ui.typed import plain

from . import actions, queries, queues
from .case_page import names
from .models import Case
from .pages import LIGHTS, as_file, asked_for, query_of

REQUESTS = "requests"
LABELS = {
    "undispatched": gettext_lazy("To dispatch"),
    REQUESTS: gettext_lazy("Requests to decide"),
    "to_verify": gettext_lazy("To verify"),
    "overdue": gettext_lazy("Overdue"),
    "open": gettext_lazy("All open"),
}
PER_PAGE = 50
Each = Callable[[Case], Any]


def _queue(values: Any) -> str:
    """The queue that an address or a form names; an unknown one is the first."""
    asked = values.get("queue", "")
    return asked if asked in LABELS else next(iter(LABELS))


@require_safe
@page("case.run")
def office(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The queues, one of them open."""
    key, asked = _queue(request.GET), asked_for(visit, request.GET)
    counts = queues.counts(visit.place, visit.now)
    requests = queries.waiting_for(visit.viewer, visit.place, "office")
    counted = {**counts.queues, REQUESTS: requests.count(), "open": counts.open}
    rows = requests if key == REQUESTS else queues.queue(visit.place, key, visit.now, **asdict(asked))
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "visit": visit,
        "queue": key,
        "asked": asked,
        "query": query_of(asked, queue=key),
        "page": shown,
        "tabs": [(name, label, counted[name]) for name, label in LABELS.items()],
        "open": counts.open,
        "late": counted["overdue"],
        "lights": LIGHTS,
        "colours": COLOURS,
    }
    return render(request, "casework/office.html", context | _rows(visit, key, shown.object_list))


def _rows(visit: Visit, key: str, rows: Any) -> dict[str, Any]:
    """What a queue shows beside its filter."""
    if key == REQUESTS:
        asked = queries.askings(rows, visit.viewer, visit.place)
        return {"requests": asked, "names": names(one.row.asked_by for one in asked)}
    found: dict[str, Any] = {
        "rows": queries.views(rows, visit.now),
        "kinds": queues.kinds(visit.place, key, visit.now),
    }
    if key == "overdue":
        found["rungs"] = queues.rungs(visit.place, visit.now)
    if key == "undispatched":
        texts = [queries.text_of(one.case) for one in found["rows"]]
        first = [said[0] if said else None for said in queries.suggest(visit.place, texts)]
        found |= {"suggested": dict(zip((one.case.pk for one in found["rows"]), first, strict=True))}
        found |= {"learned": queries.learned(visit.place)}
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@page("case.run")
def dispatch(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Dispatch the chosen cases to one unit, or each to the unit in its own line."""
    together, *own = [plain(one, 300) for one in request.POST.getlist("unit")] or [""]
    of_line = dict(zip(request.POST.getlist("line"), own, strict=False))

    def send(case: Case) -> None:
        unit = people.key_of(visit.place, together or of_line.get(str(case.ref), ""))
        _move(visit, case, "dispatch", {"unit": unit})

    def said(n: int) -> str:
        return ngettext("%(n)s case dispatched.", "%(n)s cases dispatched.", n) % {"n": n}

    return _each(request, visit, send, said)


@require_http_methods(["GET", "HEAD", "POST"])
@page("case.run")
def strike_off(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Strike the chosen cases off, with the evidence that was seen; each is an act of its own."""
    evidence = plain(request.POST.get("evidence", ""), 2000)

    def said(n: int) -> str:
        return ngettext("%(n)s case struck off.", "%(n)s cases struck off.", n) % {"n": n}

    return _each(request, visit, lambda case: _move(visit, case, "close", {"evidence": evidence}), said)


@require_http_methods(["GET", "HEAD", "POST"])
@page("case.run")
def join(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Put the chosen cases under the one that stands for their common root."""
    root = queries.case(visit.place, plain(request.POST.get("root", ""), 40))

    def said(n: int) -> str:
        return ngettext("%(n)s case joined.", "%(n)s cases joined.", n) % {"n": n}

    if request.method == "POST" and root is None:
        messages.error(request, _("Say under which case: its reference."))
        return _back(request, visit)
    put = {"by": visit.viewer.name, "now": visit.now}
    return _each(request, visit, lambda case: actions.join(root=root, cases=[case], **put), said)


def _move(visit: Visit, case: Case, move: str, form: dict[str, str]) -> None:
    actions.move_case(case=case, move=move, role="office", form=form, by=visit.viewer.name, now=visit.now)


def _each(request: HttpRequest, visit: Visit, act: Each, said: Callable[[int], str]) -> HttpResponse:
    """Do something to each chosen case, an act of its own; what cannot be done says why. Then back to the queue."""
    done, refused = 0, []
    for ref in request.POST.getlist("ref"):
        row = queries.case(visit.place, plain(ref))
        if row is None:
            continue
        if "office" not in queries.roles(row, visit.viewer):
            refused.append(f"{ref}: {_('You are posted at its unit; somebody else must decide on it.')}")
            continue
        try:
            act(row)
            done += 1
        except Refused as refusal:
            refused.append(f"{ref}: {refusal}")
    if done:
        messages.success(request, said(done))
    if request.method == "POST" and not done and not refused:
        messages.warning(request, _("No case was chosen."))
    for line in refused[:5]:
        messages.error(request, line)
    return _back(request, visit)


def _back(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The queue that a form was sent from, narrowed as it was. Its boxes bear other names than the filter's."""
    narrowed = {name.removeprefix("f-"): text for name, text in request.POST.items() if name.startswith("f-")}
    asked = query_of(asked_for(visit, narrowed), queue=_queue(request.POST))
    return redirect(f"{reverse('casework:office', args=[visit.place.key])}?{asked}")


@require_safe
@page("case.run")
def export(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Everything the filter finds, on however many pages, as a ledger in Excel in the language of the page."""
    key = _queue(request.GET)
    if key == REQUESTS:
        asked = queries.waiting_for(visit.viewer, visit.place, "office").values("case")
        rows = queries.in_order(queries.open_cases(visit.place).filter(pk__in=asked))
    else:
        rows = queues.queue(visit.place, key, visit.now, **asdict(asked_for(visit, request.GET)))
    return as_file(visit, str(LABELS[key]), rows)
