"""What is told outside of what happened: an event becomes a message of every channel that asks for its kind.

A message says what, which, whose and by when, in the place's language, and where to look; never a title, a name or a
word that somebody typed, since it leaves the house. Sending is another matter: `courier.py`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from leitai.apps.casework import queries as cases
from leitai.apps.ledger.models import Event
from leitai.apps.outbox import queries as outbox
from leitai.apps.outbox.models import TELLS
from leitai.apps.outbox.rows import Matter, put
from leitai.apps.people import queries as people
from leitai.rules.casework.steps import COLOURS, REQUESTS
from leitai.ui import words

KINDS = frozenset(TELLS)
RED = "red"

_CASES: Mapping[str, str] = {
    "case.opened": N_("opened"),
    "case.dispatched": N_("dispatched"),
    "case.transferred": N_("taken over"),
    "case.answered": N_("reported as done"),
    "case.returned": N_("returned: not done yet"),
    "case.closed": N_("case closed"),
    "case.relapsed": N_("not over: the matter came back"),
}


def announce(place: Any, event: Event, now: datetime) -> bool:
    """Have every channel that asks for it tell of an event; whether any does."""
    facts = json.loads(event.data)
    channels = [
        row
        for row in outbox.telling(place, event.kind, _units(facts))
        if event.subject != f"channel:{row.pk}"
    ]
    if not channels:
        return False
    with translation.override(place.language):
        matter = _matter(place, event, facts)
    return bool(put(channels, matter, place.zone, now))


def _units(facts: Mapping[str, Any]) -> list[str]:
    """The keys of the units that an event concerns: whose it is, and who is asked to take over or to help."""
    asked = facts.get("to", "") if facts.get("request") in ("transfer", "help") else ""
    return [facts.get("unit.key") or "", asked]


def _matter(place: Any, event: Event, facts: Mapping[str, Any]) -> Matter:
    text, url = _worded(place, event, facts)
    return Matter(
        seq=event.seq,
        kind=event.kind,
        at=event.at,
        title=str(TELLS[event.kind]),
        text=text,
        url=f"{settings.PUBLIC_URL}{url}" if settings.PUBLIC_URL else "",
        # What a condition of the rule-book may ask is data for other systems; whatever else an event holds is not.
        data={"subject": event.subject} | {name: value for name, value in facts.items() if "." in name},
        urgent=facts.get("slip.colour") == RED,
    )


def _worded(place: Any, event: Event, facts: Mapping[str, Any]) -> tuple[str, str]:
    """What happened, in a sentence, and the path of the page that says more."""
    what = str(TELLS[event.kind])
    room, _colon, rest = event.subject.partition(":")
    case = cases.case(place, rest) if room == "case" else None
    if case is not None:
        return _of_case(place, case, event.kind, facts), reverse("casework:case", args=[place.key, case.ref])
    if room == "merit":
        # Whose it is, not what it is: it may be about the unit's head, who must hear of it first.
        unit = people.unit(place, facts["unit.key"])
        values = {"unit": unit.name if unit is not None else facts["unit.key"], "what": what}
        return _("%(unit)s: %(what)s") % values, reverse("merits:one", args=[place.key, int(rest)])
    if room == "channel":
        name = outbox.name_of(place, int(rest))
        text = _("The channel “%(name)s” does not get through.") % {"name": name}
        return text, reverse("outbox:one", args=[place.key, int(rest)])
    if room in ("table", "bulletin"):
        number = int(rest) if room == "table" else facts["table"]
        return what, reverse("tables:table", args=[place.key, number])
    return what, reverse("occasions:calendar" if room == "occasion" else "web:board", args=[place.key])


def _of_case(place: Any, case: Any, kind: str, facts: Mapping[str, Any]) -> str:
    """A case by its kind, reference and unit, what happened to it, and what comes due next."""
    unit = people.unit(place, facts.get("unit.key") or "")
    values = {
        "kind": words_of(cases.kind_label(case)),
        "ref": case.ref,
        "unit": unit.name if unit is not None else _("no unit yet"),
        "what": _what(case, kind, facts),
    }
    text = _("%(kind)s %(ref)s (%(unit)s): %(what)s") % values
    if case.next_due_at is None:
        return text
    return text + _("; due %(at)s") % {"at": words.instant(case.next_due_at, place.zone, "short")}


def _what(case: Any, kind: str, facts: Mapping[str, Any]) -> str:
    """What happened to a case, in a few words."""
    if kind in _CASES:
        return _(_CASES[kind])
    if "request" in facts:
        said = N_("asked for: %(request)s")
        if kind == "case.decided":
            granted = facts["state"] == "granted"
            said = N_("granted: %(request)s") if granted else N_("refused: %(request)s")
        return _(said) % {"request": words_of(REQUESTS[facts["request"]])}
    clock = words_of(cases.clock_label(case, facts["clock.key"]))
    if kind == "slip.issued":
        slip = words_of(COLOURS[facts["slip.colour"]])
        return _("%(slip)s, clock “%(clock)s”") % {"slip": slip, "clock": clock}
    near = kind == "clock.warned"
    said = N_("the clock “%(clock)s” is near its end") if near else N_("the clock “%(clock)s” ran out")
    return _(said) % {"clock": clock}


def words_of(text: Any) -> str:
    """A rule-book's text in the language that is switched on."""
    return text.show(translation.get_language() or "zh-hans")
