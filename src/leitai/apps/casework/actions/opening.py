"""Opening a case: its kind by the rule-book in force, its clocks, and whether it is an old one come back."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from leitai.apps.ledger.actions import action, nothing_new, record
from leitai.apps.ledger.errors import Refused, refuse
from leitai.apps.regimes import queries as regimes
from leitai.rules import casework as core
from leitai.rules.kernel import N_, nearest

from ..models import Case
from ..relapses import came_back
from ..rows import facts, holds, local_day
from ..running import keep, step

TRACKING_BYTES = 10
AGAIN = "again-"  # begins the key of a case that its reporter opened again; no sender's own key may


@action("case.opened")
def open_case(
    *,
    place: Any,
    kind: str,
    unit: Any | None,
    title: str,
    text: str = "",
    where: str = "",
    channel: str = "",
    complex: bool = False,  # noqa: A002 - the word of the rule-book
    enterprise: Any | None = None,
    about: str = "",
    given_due: datetime | None = None,
    at: datetime | None = None,
    cause: str = "",
    once: str = "",
    again: Case | None = None,
    form: Mapping[str, Any] | None = None,
    latitude: float | None = None,
    longitude: float | None = None,
    tracking: bool = False,
    draw: Callable[[int], bytes] = secrets.token_bytes,
    by: str,
    now: datetime,
) -> Case:
    """Open a case of a kind of the rule-book in force; its clocks start at `at` (default `now`, UTC).

    `once` is the sender's idempotency key (at most 64 characters): the same one again answers the same case. `form`
    answers the kind's own questions. `tracking` asks for a code by which the reporter follows it without an account.
    Latitude and longitude are degrees of WGS 84. What was closed within the kind's relapse window in the same place is
    linked as what this case shows not to have been over (event `case.relapsed`). `again` is the closed case that this
    one carries on by its reporter's word, once.
    Raises Refused for an unknown kind, an empty title, an answer that the form does not take, or a unit that is needed
    and missing.
    """
    at = at or now
    regime = regimes.regime_on(place, local_day(place, at))
    if kind not in regime.cases:
        raise refuse(
            "unknown-kind",
            N_("The rule-book has no kind of case %(kind)s; the nearest is %(near)s."),
            kind=kind,
            near=nearest(kind, regime.cases) or "-",
        )
    if not title.strip():
        raise refuse("no-title", N_("Say in a few words what it is about."))
    if once.startswith(AGAIN):
        raise refuse("key-reserved", N_("An idempotency key must not begin with %(word)s."), word=AGAIN)
    spec = regime.cases[kind]
    answers, findings = core.answers(spec, form or {})
    if findings:
        raise Refused(findings[0])
    flow = core.flow_of(spec)
    if unit is None and flow.state(flow.start).owner == "unit":
        raise refuse("no-unit", N_("This kind of case goes straight to a unit: say which."))
    case, new = _opened(
        place=place,
        once=f"{AGAIN}{again.pk}" if again is not None else once or None,
        kind=kind,
        state=flow.start,
        holder=flow.state(flow.start).owner,
        unit=unit,
        first_unit=unit,
        enterprise=enterprise,
        title=title.strip()[:300],
        text=text,
        where=where[:200],
        channel=channel,
        complex=complex,
        about=about,
        cause=cause,
        form=answers,
        latitude=latitude,
        longitude=longitude,
        tracking=base64.b32encode(draw(TRACKING_BYTES)).decode() if tracking else None,
        opened_at=at,
    )
    if not new:
        nothing_new()
        return case
    case.ref = f"{at.astimezone(place.zone):%y%m}-{case.pk}"
    case.relapse_of = again or came_back(case, spec)
    step(case, "open", role="none", by=by, at=at, form={"text": text} if text else {}, before="")
    started = core.start_clocks(
        spec, facts(case), flow.milestones[0], at, regimes.calendars(regime), holds, given_due=given_due
    )
    keep(case, started, {}, by=by, now=now)
    record(
        place=place,
        kind="case.opened",
        by=by,
        now=now,
        at=at,
        subject=f"case:{case.ref}",
        data=facts(case) | {"due": case.due_at},
        cause=cause,
    )
    if case.relapse_of is not None:
        _tell_relapse(case, case.relapse_of, by=by, now=now)
    return case


def _opened(*, place: Any, once: str | None, **values: Any) -> tuple[Case, bool]:
    """The new row, or the one that the same key opened before."""
    if once is None:
        return Case.objects.create(place=place, **values), True
    return Case.objects.get_or_create(place=place, once=once, defaults=values)


def _tell_relapse(case: Case, old: Case, *, by: str, now: datetime) -> None:
    """What came back is told of the case that was closed, with the unit that closed it."""
    record(
        place=case.place,
        kind="case.relapsed",
        by=by,
        now=now,
        at=case.opened_at,
        subject=f"case:{old.ref}",
        data=facts(old) | {"again": case.ref},
        cause=f"case:{case.ref}",
    )
