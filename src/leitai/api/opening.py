"""Opening a case for another system, whichever door it came by: once for its own number, within what its key may do.

A sender that got no answer sends the same again: the number it gave, kept as a digest together with the key it came by,
finds the case that is there already.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from leitai.apps.casework import actions
from leitai.apps.casework.models import Case
from leitai.apps.ledger.errors import Refused, refuse
from leitai.apps.people import queries as people
from leitai.apps.people.models import ApiKey, Unit
from leitai.apps.regimes import queries as regimes
from leitai.rules import casework as core
from leitai.rules.kernel import N_, nearest

from .door import Caller

# Whom a case may begin with that is brought in; what a call-back begins with is opened by a verdict alone.
STARTS = ("office", "unit")


@dataclass(frozen=True)
class Draft:
    """A case that is asked for. `photos` are files as they came; `reporter` has name, phone, mail as far as known."""

    kind: str
    title: str
    text: str = ""
    where: str = ""
    unit: str = ""
    enterprise: str = ""
    due: datetime | None = None
    form: Mapping[str, Any] = field(default_factory=dict)
    latitude: float | None = None
    longitude: float | None = None
    reporter: Mapping[str, str] = field(default_factory=dict)
    photos: Sequence[bytes] = ()
    tracking: bool = False


def once(key: ApiKey, door: str, number: str) -> str:
    """What a sender's own number of a case is kept as: 64 letters, different for every key and door."""
    return hashlib.sha256(f"leitai/case-once/1\n{door}\n{key.pk}\n{number}".encode()).hexdigest()


def opened(comer: Caller, draft: Draft, *, channel: str, number: str) -> Case:
    """The case of a draft, new where its `opened_at` is `comer.now`. Raises Refused with the reason.

    `number` is the sender's own for it; empty where it has none, and then every call opens one.
    """
    given: dict[str, Any] = {
        "place": comer.place,
        "kind": draft.kind,
        "unit": _unit(comer, draft.unit),
        "title": draft.title,
        "text": draft.text,
        "where": draft.where,
        "channel": channel,
        "enterprise": _enterprise(comer, draft.enterprise),
        "given_due": draft.due,
        "form": draft.form,
        "latitude": draft.latitude,
        "longitude": draft.longitude,
        "tracking": draft.tracking,
        "once": once(comer.key, channel, number) if number else "",
    }
    _check_kind(comer, draft.kind)
    try:
        return _open(comer, given, draft)
    except Refused as why:
        if why.finding.code != "raced":
            raise
        return _open(comer, given, draft)  # whoever was quicker has committed: theirs is found now


def _open(comer: Caller, given: Mapping[str, Any], draft: Draft) -> Case:
    """The case with its reporter and photos: all of it or nothing."""
    done = {"by": comer.by, "now": comer.now}
    with transaction.atomic():
        case: Case = actions.open_case(**given, **done)
        if case.opened_at == comer.now:
            _check_due(comer, draft.due)
            actions.keep_reporter(case=case, reporter=draft.reporter, **done)
            for data in draft.photos:
                actions.add_photo(case=case, data=data, when="before", **done)
    return case


def _check_kind(comer: Caller, kind: str) -> None:
    """Raises Refused for a kind that nobody brings in."""
    regime = regimes.regime_on(comer.place, comer.now.astimezone(comer.place.zone).date())
    spec = regime.cases.get(kind)
    if spec is None:
        raise refuse(
            "unknown-kind",
            N_("The rule-book has no kind of case %(kind)s; the nearest is %(near)s."),
            kind=kind,
            near=nearest(kind, regime.cases) or "-",
        )
    flow = core.flow_of(spec)
    if flow.state(flow.start).owner not in STARTS:
        raise refuse("not-brought-in", N_("Cases of this kind are opened by the house itself."))


def _check_due(comer: Caller, due: datetime | None) -> None:
    """Raises Refused where the deadline of a new case lies behind."""
    if due is not None and due <= comer.now:
        text = f"{due.astimezone(comer.place.zone):%Y-%m-%d %H:%M}"
        raise refuse("past-deadline", N_("The deadline %(text)s has passed already."), text=text)


def _unit(comer: Caller, key: str) -> Unit | None:
    """The unit that a case goes to: the one named, else the one that the key is of. Raises Refused."""
    if not key:
        return comer.key.unit
    row = people.unit(comer.place, key)
    if row is None or not row.active or not comer.may(row.pk):
        raise refuse("unknown-unit", N_("There is no unit %(key)s."), key=key)
    return row


def _enterprise(comer: Caller, key: str) -> Any:
    """The enterprise whose matter it is; None where none is named. Raises Refused."""
    row = people.enterprise(comer.place, key) if key else None
    if key and row is None:
        raise refuse("unknown-enterprise", N_("There is no enterprise %(key)s."), key=key)
    return row
