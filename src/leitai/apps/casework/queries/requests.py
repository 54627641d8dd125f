"""Reading what parties of a case ask of each other: what is asked on a case, who may answer, what may be asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from leitai.apps.people import queries as people
from leitai.apps.people.access import PERMISSIONS
from leitai.rules import casework as core
from leitai.rules.kernel import Text
from leitai.rules.worktime import parse_within

from ..models import Case, Clock, Request
from ..rows import OVERSIGHT
from .cases import roles, spec_of
from .desks import concerns, reach

# Requests by which another unit comes to know a case, and the states in which it may look at it.
_LETS_SEE = Q(kind__in=("transfer", "help"), state__in=("open", "granted"))


@dataclass(frozen=True)
class Asking:
    """A request as a page shows it: what it is called, its ground, who is to answer.

    `role` is the one in which the viewer may answer it, "" where they may not; `back` whether they may take it back.
    """

    row: Request
    kind: Text
    ground: Text | None
    answerer: str
    role: str = ""
    back: bool = False


@dataclass(frozen=True)
class Choice:
    """A ground or a clock that a request names, with the longest that the rule-book allows, where it says so."""

    key: str
    name: Text
    most: Text | None = None


@dataclass(frozen=True)
class Offer:
    """Something that may be asked on a case now: what it is called, and the grounds or clocks to choose from."""

    kind: str
    name: Text
    choices: tuple[Choice, ...]

    @property
    def wants_unit(self) -> bool:
        """Whether another unit is asked."""
        return self.kind in ("transfer", "help")


def request(case: Case, number: int) -> Request | None:
    """A request of a case by its number."""
    row = case.requests.select_related("to_unit__parent", "from_unit__parent").filter(pk=number).first()
    if row is not None:
        row.case = case  # with its units, which the case's own page has read
    return row


def asked(case: Case, viewer: Any) -> tuple[Asking, ...]:
    """All requests of a case, the open ones first, then the newest first, as a viewer may deal with them."""
    rows = case.requests.select_related("to_unit__parent", "from_unit__parent").order_by("-asked_at", "-id")
    found = [_asking(case, row, viewer) for row in rows]
    return tuple(sorted(found, key=lambda one: one.row.state != "open"))


def seen(viewer: Any, cases: Iterable[Case]) -> list[Case]:
    """Those of some cases that are a viewer's to see: of the whole place, or of a unit that has to do with them.

    That is the unit that has a case, the one that received it first and goes on answering for it, those that were
    asked to take it over or to help, and any above. What no unit ever had is for those who see the whole place.
    """
    rows = list(cases)
    if viewer.roles & PERMISSIONS["case.see"][0]:
        return rows
    asked = Request.objects.filter(_LETS_SEE, case__in=rows, to_unit__isnull=False)
    near: dict[int, set[Any]] = {row.pk: {row.unit, row.first_unit} - {None} for row in rows}
    for one in asked.select_related("to_unit__parent"):
        near[one.case_id].add(one.to_unit)
    return [row for row in rows if any(viewer.may("case.see", unit) for unit in near[row.pk])]


def waiting_for(viewer: Any, place: Any, answerer: str = "") -> QuerySet[Request]:
    """The open requests that a viewer may answer, the oldest first; of one answering role, or of all."""
    below = people.descendants(place) if viewer.units else {}
    mine = Q(answerer="unit", to_unit_id__in=reach(viewer, "case.work", below))
    if viewer.may("case.run"):
        mine |= Q(answerer__in=OVERSIGHT) & ~concerns(viewer, below, "case__")
    rows = Request.objects.filter(mine, case__place=place, state="open").exclude(asked_by=viewer.name)
    if answerer:
        rows = rows.filter(answerer=answerer)
    names = (
        "case__place",
        "case__unit__parent",
        "case__first_unit__parent",
        "case__enterprise",
        "to_unit__parent",
    )
    return rows.select_related(*names, "from_unit__parent").order_by("asked_at", "id")


def askings(rows: Iterable[Request], viewer: Any, place: Any) -> list[Asking]:
    """Requests of several cases, ready to be shown and answered."""
    found = []
    for row in rows:
        row.case.place = place  # one object, so that its rule-books are read once
        found.append(_asking(row.case, row, viewer))
    return found


def answers_as(row: Request, viewer: Any) -> str:
    """The role in which a viewer may answer a request, "" where it is not theirs to answer."""
    if row.state != "open" or row.asked_by == viewer.name:
        return ""
    if row.answerer == "unit":
        return "unit" if row.to_unit is not None and viewer.may("case.work", row.to_unit) else ""
    return row.answerer if row.answerer in OVERSIGHT and row.answerer in roles(row.case, viewer) else ""


def takes_back(row: Request, viewer: Any) -> bool:
    """Whether a viewer may take a request back: somebody of the unit that asked."""
    return row.state == "open" and row.from_unit is not None and viewer.may("case.work", row.from_unit)


def of_enterprise_side(case: Case) -> tuple[Asking, ...]:
    """The open requests of a case that its enterprise is to answer."""
    rows = case.requests.filter(state="open", answerer="enterprise").order_by("asked_at", "id")
    return tuple(_named(case, row) for row in rows)


def offers(case: Case, viewer: Any, now: datetime) -> tuple[Offer, ...]:
    """What a viewer may ask on a case: only somebody of the unit that holds it, and only what the rule-book allows."""
    if case.holder != "unit" or "unit" not in roles(case, viewer):
        return ()
    spec = spec_of(case)
    rows = list(case.requests.values_list("kind", "state"))
    waiting = {kind for kind, state in rows if state == "open"}
    found = []
    if spec.grounds and "transfer" not in waiting:
        found.append(("transfer", tuple(Choice(key, name) for key, name in spec.grounds.items())))
    found.append(("help", ()))
    if spec.pauses and case.paused_until is None and "pause" not in waiting:
        pauses = (Choice(key, one.name, parse_within(one.most).text) for key, one in spec.pauses.items())
        found.append(("pause", tuple(pauses)))
    given = rows.count(("extension", "granted"))
    if spec.extend is not None and given < spec.extend.times and "extension" not in waiting:
        most, running = parse_within(spec.extend.most).text, _running(case, now)
        clocks = (Choice(key, _clock_name(spec, key), most) for key in running)
        found += [("extension", tuple(clocks))] if running else []
    return tuple(Offer(kind, core.REQUESTS[kind], choices) for kind, choices in found)


def ends_pause_as(case: Case, viewer: Any) -> str:
    """The role in which a viewer may end a pause before its time, "" where they may not or nothing is paused."""
    return next(iter(roles(case, viewer)), "") if case.paused_until is not None else ""


def agreed_to_wait(case: Case) -> Request | None:
    """The pause that was granted last."""
    rows = case.requests.filter(kind="pause", state="granted")
    return rows.order_by("-answered_at", "-id").first()


def _running(case: Case, now: datetime) -> list[str]:
    """The keys of a case's clocks for which more time may still be asked."""
    rows = Clock.objects.filter(case=case, met_at__isnull=True, void_at__isnull=True, due_at__gte=now)
    return list(rows.order_by("due_at").values_list("key", flat=True))


def _asking(case: Case, row: Request, viewer: Any) -> Asking:
    row.case = case
    found = _named(case, row)
    return Asking(
        found.row, found.kind, found.ground, found.answerer, answers_as(row, viewer), takes_back(row, viewer)
    )


def _named(case: Case, row: Request) -> Asking:
    spec, ground = spec_of(case), None
    if row.kind == "transfer":
        ground = spec.grounds.get(row.ground)
    elif row.kind == "pause" and row.ground in spec.pauses:
        ground = spec.pauses[row.ground].name
    elif row.kind == "extension":
        ground = _clock_name(spec, row.ground)
    who = row.to_unit.name if row.to_unit is not None else _role(case, row.answerer)
    return Asking(row, core.REQUESTS[row.kind], ground, who)


def _role(case: Case, role: str) -> str:
    if role == "enterprise" and case.enterprise is not None:
        return case.enterprise.name
    return core.ROLES[role].show(get_language() or "zh-hans")


def _clock_name(spec: Any, key: str) -> Text:
    clock = spec.clocks.get(key)
    return clock.name if clock is not None and clock.name else Text(en=key)
