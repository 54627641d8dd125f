"""Taking an office's ledger in by a page: what would be opened is looked at first; what cannot be goes to a file.

Between looking and opening nothing is kept: the rows travel with the page, signed, so that they are the same.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from io import StringIO
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from leitai.apps.ledger.errors import Refused, refuse, tell
from leitai.apps.people.access import Visit, page
from leitai.rules.casework import GIVEN
from leitai.rules.kernel import N_
from leitai.ui.typed import plain

from . import queries
from .kinds import kinds, start
from .ledger_in import Reading, Reject, Row, Sheet, cells, read
from .ledger_open import as_values, of_values, unit_finder
from .ledger_open import take as open_all

MOST_BYTES = 10 << 20
MOST_ROWS = 500  # that one press opens; a longer ledger is for the command
SHOWN = 100
SALT = "casework.ledger"
A_DAY = 86_400


@require_http_methods(["GET", "HEAD", "POST"])
@page("case.run")
def take(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The form; a file leads to what would be opened; that leads to the cases, or to the file of what cannot be."""
    if request.method != "POST":
        return _form(request, visit, "")
    try:
        if request.POST.get("do") == "rejects":
            return rejects_file(signed(visit, request.POST.get("rejected", "")))
        if request.POST.get("do") == "take":
            return _take(request, visit)
        return _look(request, visit)
    except Refused as told:
        return _form(request, visit, str(told))


def _look(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What the file says, and what would become of it."""
    offered, file = kinds(visit, "office"), request.FILES.get("file")
    kind = plain(request.POST.get("kind", ""), 40)
    if kind not in offered:
        raise refuse("no-kind", N_("Say what kind of matter it is."))
    if file is None or not file.size:
        raise refuse("no-file", N_("Choose the workbook."))
    if file.size > MOST_BYTES:
        raise refuse("too-big", N_("This workbook is too large: take it in parts."))
    spec = offered[kind]
    how = Reading(kind, visit.place.zone, visit.now, unit_finder(visit.place), start(spec).owner == "unit")
    sheet = read(cells(file.read()), how)
    if len(sheet.rows) > MOST_ROWS:
        message = N_(
            "This ledger has %(n)s rows; a page takes %(most)s. Take it in parts, or by `leitai import ledger`."
        )
        raise refuse("too-many-rows", message, n=len(sheet.rows), most=MOST_ROWS)
    known = queries.known(visit.place, [row.key for row in sheet.rows])
    given = any(one.within == GIVEN for one in spec.clocks.values())
    return render(request, "casework/ledger_in.html", _seen(visit, kind, spec, sheet, known, given))


def _seen(
    visit: Visit, kind: str, spec: Any, sheet: Sheet, known: Iterable[str], given: bool
) -> dict[str, Any]:
    fresh = [row for row in sheet.rows if row.key not in known]
    return {
        "visit": visit,
        "seen": True,
        "kind": kind,
        "name": spec.name,
        "columns": [(what, sheet.columns.get(key, "")) for key, what in _named()],
        "fresh": fresh[:SHOWN],
        "count": len(fresh),
        "already": len(sheet.rows) - len(fresh),
        "late": sum(1 for row in fresh if given and row.due is not None and row.due < visit.now),
        "unused_due": not given and any(row.due for row in fresh),
        "rejects": [_told(one) for one in sheet.rejects[:SHOWN]],
        "rejected_count": len(sheet.rejects),
        "rows": _sign(visit, {"kind": kind, "rows": [as_values(row) for row in fresh]}),
        "rejected": _sign(visit, [_told(one) for one in sheet.rejects]),
    }


def _named() -> list[tuple[str, str]]:
    """What the columns of a ledger are, in the language of the page."""
    return [
        ("title", _("Matter")), ("text", _("More")), ("where", _("Where")), ("unit", _("Unit")),
        ("opened", _("Opened")), ("due", _("Due")), ("ref", _("Reference")), ("state", _("State")),
    ]  # fmt: skip


def _take(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Open what was looked at."""
    said = signed(visit, request.POST.get("rows", ""))
    if said["kind"] not in kinds(visit, "office"):
        raise refuse("no-kind", N_("Say what kind of matter it is."))
    rows: list[Row] = [of_values(one) for one in said["rows"]]
    done = open_all(visit.place, said["kind"], rows, by=visit.viewer.name, now=visit.now)
    told = _("%(opened)s opened, %(already)s here already.") % {
        "opened": done.opened,
        "already": done.already,
    }
    messages.success(request, told)
    for reason, count in Counter(tell(one.finding) for one in done.rejects).most_common(5):
        messages.error(request, f"{count} × {reason}")
    return redirect("casework:office", visit.place.key)


def _told(one: Reject) -> list[Any]:
    return [one.line or "", one.column, one.value, tell(one.finding)]


def _sign(visit: Visit, value: Any) -> str:
    return signing.dumps([visit.place.key, visit.viewer.name, value], salt=SALT, compress=True)


def signed(visit: Visit, text: str) -> Any:
    """What a page of this viewer carried. Raises Refused for what is another's, old, or was changed."""
    try:
        place, name, value = signing.loads(text, salt=SALT, max_age=A_DAY)
    except signing.BadSignature:
        place = name = value = None
    if (place, name) != (visit.place.key, visit.viewer.name):
        raise refuse("page-old", N_("This page is too old or was changed: choose the workbook again."))
    return value


def rejects_file(rows: Iterable[Iterable[Any]]) -> HttpResponse:
    """The rows that cannot be taken as a file that a spreadsheet opens: line, column, value, reason."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow([_("Line"), _("Column"), _("Value"), _("Reason")])
    for row in rows:  # a text that begins like a formula is marked as text
        writer.writerow([f"'{one}" if str(one)[:1] in tuple("=+-@\t") else one for one in row])
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="rejects.csv"'
    return answer


def _form(request: HttpRequest, visit: Visit, refusal: str) -> HttpResponse:
    context = {
        "visit": visit,
        "kinds": [(key, spec.name) for key, spec in kinds(visit, "office").items()],
        "chosen": plain(request.POST.get("kind", ""), 40),
        "refusal": refusal,
        "most": MOST_ROWS,
    }
    return render(request, "casework/ledger_in.html", context, status=409 if refusal else 200)
