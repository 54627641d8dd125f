"""The tile of overdue cases: the gravest rung first, then the longest overdue; who holds the most of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Case, Count, IntegerField, Value, When
from django.utils.translation import gettext as _

from leitai.apps.casework import queries as cases
from leitai.ui import words

from .said import Said

FIRST = 8
RUNGS = ("red", "orange", "yellow", "blue", "")
_GRAVITY = Case(
    *(When(slip=colour, then=Value(at)) for at, colour in enumerate(RUNGS)), output_field=IntegerField()
)


def said(place: Any, now: datetime) -> Said:
    """Cases whose clock has run out, by rung."""
    red = cases.open_cases(place).filter(cases.Filter(light="red").where(now))
    counts = dict(red.order_by().values_list("slip").annotate(n=Count("pk")))
    first = red.order_by(_GRAVITY, "next_due_at", "id")[:FIRST]
    shown = [(one, cases.held_by(one.case, one.holder)) for one in cases.views(first, now)]
    held = red.filter(holder="unit", unit__isnull=False).order_by()
    late = (
        held.values_list("unit__name_zh", "unit__name_en").annotate(n=Count("pk")).order_by("-n", "unit__key")
    )
    chinese = words.chinese()
    body = {
        "lines": shown,
        "n": sum(counts.values()),
        "rungs": [(colour, counts[colour]) for colour in RUNGS if counts.get(colour)],
    }
    names = tuple((zh or en) if chinese else (en or zh) for zh, en, _n in late)
    return Said(now, _("clocks of the cases"), names, "", body)
