"""The ledger as a page: can they cheat? Its heads to copy, its newest events, and a check anyone can run.

The public sees that something happened, of what kind, when, and its link in the chain; who did it and about
what is for those whose post allows it. Personal data is not in the ledger at all.
"""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from leitai.apps.ledger import log as verdicts
from leitai.apps.ledger import queries
from leitai.apps.ledger.errors import tell
from leitai.apps.people.access import Visit, public_page
from leitai.web.events import word

SHOWN = 50
_NUMBER = re.compile(r"[0-9]{1,18}")  # what a column of numbers can hold
_KIND = re.compile(r"[a-z_]+\.[a-z_]+")
CHECKED = 500  # anyone may ask for it, so it costs no more than a page; `leitai ledger verify` checks all
# Of these the public is told the day: by the hour a unit could guess whose verdict it was.
OF_CITIZENS = ("ballot", "case.", "clock.", "code.", "invitation", "ticket")


@require_safe
@public_page
def log(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Heads, events, and with `?verify` the result of recomputing the newest of them."""
    before = request.GET.get("before", "")
    kind = request.GET.get("kind", "")
    kind = kind if _KIND.fullmatch(kind) else ""
    seq = int(before) if _NUMBER.fullmatch(before) else None
    events = queries.events(visit.place, kind=kind or None, before_seq=seq, limit=SHOWN)
    checked = queries.verify(visit.place, last=CHECKED) if "verify" in request.GET else None
    context = {
        "visit": visit,
        "tree": verdicts.of(visit.place),
        "signed": next(iter(verdicts.checkpoints(visit.place, 1)), None),
        "heads": queries.heads(visit.place, 10),
        "chain": queries.chain(visit.place),
        "events": [
            {"row": row, "word": word(row.kind), "day": row.kind.startswith(OF_CITIZENS)} for row in events
        ],
        "kind": kind,
        "kind_word": word(kind) if kind else "",
        "last": events[-1].seq if len(events) == SHOWN else None,
        "checked": checked,
        "faults": [tell(finding) for finding in checked.findings] if checked else [],
        "many": CHECKED,
    }
    return render(request, "web/log.html", context)
