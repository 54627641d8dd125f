"""The supervision office's page: what is loose, late or doubtful; by keyboard, in bulk, and as Excel.

The queue and its filter stand in the address, so that what is on the screen can be sent, printed, exported.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from leitai.apps.ledger.errors import Refused
from leitai.apps.people import queries as people
from leitai.apps.people.access import Visit, page

from . import actions, queries, queues
from .forms import plain
from .sheet import EXCEL, Head, workbook

LABELS = {
    "undispatched": gettext_lazy("To dispatch"),
    "to_verify": gettext_lazy("To verify"),
    "overdue": gettext_lazy("Overdue"),
}
PER_PAGE = 50


@dataclass(frozen=True)
class Asked:
    """What the address asks for: a queue, words to be found, a kind of case."""

    queue: str
    text: str = ""
    kind: str = ""

    @classmethod
    def of(cls, values: Any) -> Asked:
        """From the address or a form; an unknown queue is the first one."""
        queue = values.get("queue", "")
        return cls(
            queue if queue in LABELS else next(iter(LABELS)),
            plain(values.get("q", ""), 100),
            plain(values.get("kind", ""), 40),
        )

    @property
    def query(self) -> str:
        """As it stands in the address."""
        pairs = {"queue": self.queue, "q": self.text, "kind": self.kind}
        return urlencode({name: value for name, value in pairs.items() if value})

    def rows(self, visit: Visit) -> Any:
        """The cases that are asked for."""
        return queues.queue(visit.place, self.queue, visit.now, text=self.text, kind=self.kind)


@require_safe
@page("case.run")
def office(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The three queues, one of them open."""
    asked = Asked.of(request.GET)
    found = queues.counts(visit.place, visit.now)
    shown = Paginator(asked.rows(visit), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "visit": visit,
        "asked": asked,
        "page": shown,
        "rows": queries.views(shown.object_list, visit.now),
        "kinds": queues.kinds(visit.place, asked.queue, visit.now),
        "tabs": [(key, label, found.queues[key]) for key, label in LABELS.items()],
        "open": found.open,
        "late": found.queues["overdue"],
    }
    return render(request, "casework/office.html", context)


@require_POST
@page("case.run")
def dispatch(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Dispatch the chosen cases to one unit; each is an act of its own, and what cannot go says why."""
    asked, done, refused = Asked.of(request.POST), 0, []
    unit = people.key_of(visit.place, plain(request.POST.get("unit", "")))
    for ref in request.POST.getlist("ref"):
        row = queries.case(visit.place, plain(ref))
        if row is None:
            continue
        if "office" not in queries.roles(row, visit.viewer):
            refused.append(f"{ref}: {_('You are posted at its unit; somebody else must decide on it.')}")
            continue
        try:
            actions.move_case(
                case=row,
                move="dispatch",
                role="office",
                form={"unit": unit},
                by=visit.viewer.name,
                now=visit.now,
            )
            done += 1
        except Refused as refusal:
            refused.append(f"{ref}: {refusal}")
    if done:
        messages.success(
            request, ngettext("%(n)s case dispatched.", "%(n)s cases dispatched.", done) % {"n": done}
        )
    if not done and not refused:
        messages.warning(request, _("No case was chosen."))
    for line in refused[:5]:
        messages.error(request, line)
    return redirect(f"{reverse('casework:office', args=[visit.place.key])}?{asked.query}")


@require_safe
@page("case.run")
def export(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Everything the filter finds, on however many pages, as a ledger in Excel in the language of the page."""
    asked = Asked.of(request.GET)
    label = LABELS[asked.queue]
    head = Head(f"{visit.place.name} · {label}", str(label), visit.now, visit.place.zone)
    name = f"{visit.place.name} {label} {visit.now.astimezone(visit.place.zone):%Y-%m-%d %H%M}.xlsx"
    answer = HttpResponse(workbook(head, asked.rows(visit)), content_type=EXCEL)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer
