"""The supervision office's page: what is loose, late or doubtful; by keyboard, in bulk, and as Excel.

The queue and its filter stand in the address, so that what is on the screen can be sent, printed, exported.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from leitai.apps.ledger.errors import Refused
from leitai.apps.people.access import Visit, page
from leitai.rules.casework import ROLES

from . import actions, queries
from .units import key_of

QUEUES = {
    "undispatched": gettext_lazy("To dispatch"),
    "to_verify": gettext_lazy("To verify"),
    "overdue": gettext_lazy("Overdue"),
}
# Rungs of lateness, in whole days past the due time: the longer, the higher it is taken.
RUNGS = (
    (30, gettext_lazy("over 30 days late")),
    (7, gettext_lazy("over 7 days late")),
    (0, gettext_lazy("late")),
)
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
            queue if queue in QUEUES else next(iter(QUEUES)),
            values.get("q", "").strip(),
            values.get("kind", ""),
        )

    @property
    def query(self) -> str:
        """As it stands in the address."""
        pairs = {"queue": self.queue, "q": self.text, "kind": self.kind}
        return urlencode({name: value for name, value in pairs.items() if value})

    def takes(self, view: queries.CaseView) -> bool:
        """Whether a case is asked for."""
        if self.kind and view.case.kind != self.kind:
            return False
        wanted = self.text.casefold()
        unit = f"{view.case.unit.name_zh} {view.case.unit.name_en}" if view.case.unit else ""
        return wanted in f"{view.case.ref} {view.case.title} {view.case.where} {unit}".casefold()


def rung(view: queries.CaseView) -> str:
    """How late a case is, in words; empty where it is not."""
    left = view.clock.seconds_left if view.clock else None
    if left is None or left >= 0:
        return ""
    return str(next(words for days, words in RUNGS if -left >= days * 86400))


@require_safe
@page("case.run")
def office(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The three queues, one of them open."""
    asked = Asked.of(request.GET)
    queues = queries.office(visit.place, visit.now)
    rows = [one for one in queues[asked.queue] if asked.takes(one)]
    context = {
        "visit": visit,
        "asked": asked,
        "rows": [(one, rung(one)) for one in rows],
        "kinds": sorted({(one.case.kind, one.kind) for one in queues[asked.queue]}, key=lambda pair: pair[0]),
        "tabs": [(key, label, len(queues[key])) for key, label in QUEUES.items()],
        "open": queues["open"],
        "late": queues["overdue_count"],
    }
    return render(request, "casework/office.html", context)


@require_POST
@page("case.run")
def dispatch(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Dispatch the chosen cases to one unit; each is an act of its own, and what cannot go says why."""
    asked, done, refused = Asked.of(request.POST), 0, []
    unit = key_of(visit.place, request.POST.get("unit", ""))
    for ref in request.POST.getlist("ref"):
        row = queries.case(visit.place, ref)
        if row is None:
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
    """What is on the screen as a ledger in Excel, in the language of the page."""
    asked = Asked.of(request.GET)
    rows = [one for one in queries.office(visit.place, visit.now)[asked.queue] if asked.takes(one)]
    response = HttpResponse(_workbook(visit, asked, rows), content_type=EXCEL)
    local = visit.now.astimezone(visit.place.zone)
    name = f"{visit.place.name} {QUEUES[asked.queue]} {local:%Y-%m-%d %H%M}.xlsx"
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def _workbook(visit: Visit, asked: Asked, rows: list[queries.CaseView]) -> bytes:
    language, zone = get_language() or "zh-hans", visit.place.zone
    book = Workbook()
    sheet = book.active
    sheet.title = str(QUEUES[asked.queue])[:31]
    sheet.append([f"{visit.place.name} · {QUEUES[asked.queue]}"])
    sheet.append([_("As of %(time)s") % {"time": f"{visit.now.astimezone(zone):%Y-%m-%d %H:%M}"}])
    columns = (
        (_("No."), 6),
        (_("Reference"), 14),
        (_("Kind"), 16),
        (_("Matter"), 46),
        (_("Unit"), 24),
        (_("State"), 14),
        (_("Held by"), 14),
        (_("Opened"), 17),
        (_("Due"), 17),
        (_("Lateness"), 14),
    )
    sheet.append([name for name, _width in columns])
    for number, one in enumerate(rows, 1):
        sheet.append(
            [
                number,
                ILLEGAL_CHARACTERS_RE.sub(" ", one.case.ref),
                one.kind.show(language),
                ILLEGAL_CHARACTERS_RE.sub(" ", one.case.title),
                one.case.unit.name if one.case.unit else "",
                one.state.show(language),
                ROLES[one.holder].show(language),
                one.case.opened_at.astimezone(zone).replace(tzinfo=None),
                one.clock.due_at.astimezone(zone).replace(tzinfo=None) if one.clock else None,
                rung(one),
            ]
        )
    sheet["A1"].font = Font(bold=True, size=14)
    for index, (_name, width) in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(index)].width = width
        sheet.cell(3, index).font = Font(bold=True)
    for row in sheet.iter_rows(min_row=4):
        row[3].alignment = Alignment(wrap_text=True, vertical="top")
        for cell in row:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # words of others must not be taken for a formula
        for cell in (row[7], row[8]):
            cell.number_format = "yyyy-mm-dd hh:mm"
    sheet.freeze_panes = "A4"
    out = BytesIO()
    book.save(out)
    return out.getvalue()
