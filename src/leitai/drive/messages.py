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

from leitai.apps.bulletins import queries as bulletins
from leitai.apps.casework import queries as cases
from leitai.apps.ledger.models import Event
from leitai.apps.occasions import queries as occasions
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
_OCCASIONS: Mapping[str, str] = {
    "occasion.opened": N_("to be prepared"),
    "occasion.shifted": N_("moved to this time"),
    "occasion.cancelled": N_("cancelled"),
    "occasion.due": N_("its time has come"),
}


def announce(place: Any, event: Event, now: datetime) -> bool:
    """Have every channel that asks for it tell of an event; whether any does."""
    facts = json.loads(event.data)
    channels = [
        row
        for row in outbox.telling(place, event.kind, _units(place, event, facts))
        if event.subject != f"channel:{row.pk}"
    ]
    if not channels:
        return False
    with translation.override(place.language):
        matter = _matter(place, event, facts)
    return bool(put(channels, matter, place.zone, now))


def _units(place: Any, event: Event, facts: Mapping[str, Any]) -> list[str]:
    """The keys of the units that an event concerns: whose it is, who is asked to take over or to help, who comes."""
    if event.kind in _OCCASIONS:
        row = occasions.occasion(place, int(event.subject.partition(":")[2]))
        return occasions.concerned(row) if row is not None else []
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
    if room == "table":
        return what, reverse("tables:table", args=[place.key, int(rest)])
    bulletin = bulletins.bulletin(place, int(rest)) if room == "bulletin" else None
    if bulletin is not None:
        # What was issued is public, and two people read it: of that alone the words themselves go out.
        told = bulletins.short(bulletin) if event.kind == "bulletin.issued" else what
        return told, reverse("bulletins:one", args=[place.key, bulletin.pk])
    if room == "commitment":
        unit = people.unit(place, facts["unit.key"])
        values = {"unit": unit.name if unit is not None else facts["unit.key"], "what": what}
        return _("%(unit)s: %(what)s") % values, reverse("occasions:commitment", args=[place.key, int(rest)])
    occasion = occasions.occasion(place, int(rest)) if room == "occasion" else None
    if occasion is not None:
        return _of_occasion(place, occasion, event, facts)
    return what, reverse("web:board", args=[place.key])


def _of_occasion(place: Any, occasion: Any, event: Event, facts: Mapping[str, Any]) -> tuple[str, str]:
    """An occasion by its name and time, and what is with it; whose preparation is missing."""
    kind = event.kind
    values = {
        "name": words_of(occasions.name(occasion)),
        "at": words.instant(occasion.at, place.zone, "short"),
        "what": _(_OCCASIONS[kind]) if kind in _OCCASIONS else str(TELLS[kind]),
    }
    if kind == "occasion.opened" and occasion.at <= event.noted_at:
        values["what"] = _("told too late to be prepared")
    url = reverse("occasions:meeting", args=[place.key, occasion.pk])
    row = occasions.preparation(place, facts.get("preparation", 0)) if kind == "preparation.missed" else None
    if row is None:
        return _("%(name)s, %(at)s: %(what)s") % values, url
    values["what"] = words_of(occasions.called(row))
    values["unit"] = row.unit.name if row.unit is not None else _("the office")
    late = N_("%(name)s, %(at)s: “%(what)s” of %(unit)s is missing")
    later = N_("%(name)s, %(at)s: “%(what)s” of %(unit)s is still missing")
    said = later if facts["preparation.rung"] > 1 else late
    return _(said) % values, url


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
