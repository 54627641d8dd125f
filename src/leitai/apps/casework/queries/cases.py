"""Reading cases: one case with its road and clocks, desks, and the arrays that measures are computed from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Max, Prefetch, Q, QuerySet
from django.utils.translation import get_language

from leitai.apps.people import queries as people
from leitai.apps.people.access import PERMISSIONS
from leitai.apps.regimes import queries as regimes
from leitai.rules import casework as core
from leitai.rules.kernel import Text

from ..models import Case, Clock, Step
from ..rows import OVERSIGHT, local_day, value

# Steps in which a case changes neither state nor hands.
STAYS = ("help", "extend", "join", "leave", "reporter-over", "reporter-not-over")


@dataclass(frozen=True)
class ClockView:
    """A clock as a page shows it. `seconds_left` is negative once it is late; None when nothing runs."""

    row: Clock
    label: Text
    due_at: datetime
    light: str
    seconds_left: int | None


@dataclass(frozen=True)
class CaseView:
    """A case in a list: with the clock that comes first, its light, and who holds it."""

    case: Case
    kind: Text
    state: Text
    holder: str
    clock: ClockView | None
    light: str


@dataclass(frozen=True)
class Held:
    """An open problem with who holds it now, by name, and since when."""

    view: CaseView
    holder: str
    since: datetime

    @property
    def case(self) -> Case:
        """The case itself."""
        return self.view.case


@dataclass(frozen=True)
class Sponsored:
    """An enterprise that a leader answers for, with its open problems, what is due first first."""

    enterprise: Any
    cases: tuple[Held, ...]


@dataclass(frozen=True)
class MoveView:
    """A button: the move, its words, the boxes of its form as (name, label), and which photos it still lacks."""

    key: str
    label: Text
    role: str
    needs: tuple[tuple[str, Text], ...]
    photos: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """One step of a case's road."""

    at: datetime
    by: str
    role: Text
    label: Text
    form: tuple[tuple[Text, str], ...]


def case(place: Any, ref: str) -> Case | None:
    """A case by its reference."""
    return (
        Case.objects.filter(place=place, ref=ref)
        # What few cases have is read when it is asked for: of every column asked here Django makes an object anew.
        .select_related("place", "unit__parent", "enterprise")
        .first()
    )


def open_about(place: Any, subject: str) -> Case | None:
    """The open case about something, as events name it ("ballot:12")."""
    return (
        Case.objects.filter(place=place, about=subject, closed_at__isnull=True)
        .exclude(about="")  # says again what the index is limited to; without it no database uses the index
        .select_related("place")
        .first()
    )


def last_form(case: Case) -> dict[str, str]:
    """What was said at the last move of a case."""
    step = Step.objects.filter(case=case).order_by("-at", "-id").first()
    return dict(step.form) if step else {}


def said(case: Case, move: str) -> dict[str, str]:
    """What was said when a move was last taken on a case."""
    step = Step.objects.filter(case=case, move=move).order_by("-at", "-id").first()
    return dict(step.form) if step else {}


def flow(case: Case) -> core.Flow:
    """The flow of a case, by the rule-book in force when it was opened."""
    return core.flow_of(spec_of(case))


def kind_label(case: Case) -> Text:
    """What this kind of case is called."""
    return spec_of(case).name


def clock_label(case: Case, key: str) -> Text:
    """What a clock of a case is called."""
    spec = spec_of(case).clocks.get(key)
    return spec.name if spec and spec.name else Text(en=key)


def spec_of(case: Case) -> Any:
    """What the rule-book in force when a case was opened says of its kind."""
    return regimes.shelf(case.place).kind(local_day(case.place, case.opened_at), case.kind)[1]


def timeline(case: Case) -> tuple[Line, ...]:
    """The road of a case so far, oldest first."""
    table = flow(case)
    boxes = core.FIELDS
    return tuple(
        Line(
            step.at,
            step.by,
            core.ROLES.get(step.role, core.ROLES["none"]),
            core.STEPS[step.move] if step.move in core.STEPS else table.move(step.move).label,
            tuple(
                (boxes.get(name, boxes["note"]), _filled(case, name, text))
                for name, text in step.form.items()
                if text
            ),
        )
        for step in Step.objects.filter(case=case).order_by("at", "id")
    )


def _filled(case: Case, name: str, text: str) -> str:
    """What was put into a box, as people read it: a unit by its name."""
    unit = people.unit(case.place, text) if name == "unit" else None
    return unit.name if unit else text


def clocks(case: Case, now: datetime) -> tuple[ClockView, ...]:
    """All clocks of a case, the running ones first by due time."""
    spec = spec_of(case)
    found = [_clock_view(row, spec, now) for row in case.clocks.all()]
    return tuple(sorted(found, key=lambda one: (one.seconds_left is None, one.due_at)))


def _clock_view(row: Clock, spec: Any, now: datetime) -> ClockView:
    clock = value(row)
    named = spec.clocks.get(row.key)
    label = named.name if named and named.name else Text(en=row.key)
    left = int((row.due_at - now).total_seconds()) if clock.running else None
    shown = core.light(clock, now)
    return ClockView(row, label, row.due_at, "done" if left is None and shown == "green" else shown, left)


def held_by(case: Case, role: str) -> str:
    """Who holds a case in a role of its flow, by name where there is one, in the language of the page."""
    if role == "unit" and case.unit is not None:
        return case.unit.name
    if role == "enterprise" and case.enterprise is not None:
        return case.enterprise.name
    return core.ROLES[role].show(get_language() or "zh-hans")


def held_since(ids: Iterable[int]) -> dict[int, datetime]:
    """Since when each case is in the hands it is in, by the case's id."""
    rows = Step.objects.filter(case_id__in=list(ids)).exclude(move__in=STAYS).order_by("at", "id")
    found: dict[int, tuple[Any, datetime]] = {}
    for case, holder, unit, at in rows.values_list("case_id", "holder", "unit_id", "at"):
        hands = (holder, unit if holder == "unit" else None)
        if case not in found or found[case][0] != hands:
            found[case] = (hands, at)
    return {case: at for case, (_hands, at) in found.items()}


def said_in_form(case: Case) -> tuple[tuple[Text, str], ...]:
    """What was answered to the questions of the kind's own form: (question, answer), in the rule-book's order."""
    language = get_language() or "zh-hans"
    found = []
    for key, question in spec_of(case).form.items():
        given = case.form.get(key)
        values = given if isinstance(given, list) else [given] if given else []
        words = [
            question.options[one].show(language) if one in question.options else str(one) for one in values
        ]
        if words:
            found.append((question.name, "; ".join(words)))
    return tuple(found)


def roles(case: Case, viewer: Any) -> tuple[str, ...]:
    """The roles of the flow that a viewer may act in, on this case.

    Someone posted at the case's unit, or above it, is one of those who are judged, and judges nothing here; nor does
    one of the unit that handed it back send it elsewhere.
    """
    works = case.unit is not None and viewer.may("case.work", case.unit)
    had = case.unit or case.first_unit
    concerned = had is not None and (
        viewer.may("case.work", had) or had.pk in {unit.pk for unit in viewer.units}
    )
    judges = viewer.may("case.run") and not concerned
    return (*(OVERSIGHT if judges else ()), *(("unit",) if works else ()))


def moves(case: Case, viewer: Any) -> tuple[MoveView, ...]:
    """The moves a viewer may take on a case now, in table order."""
    return moves_in(case, roles(case, viewer))


def moves_in(case: Case, acting: Iterable[str]) -> tuple[MoveView, ...]:
    """The moves that roles may take on a case as it stands."""
    table = flow(case)
    found: dict[str, MoveView] = {}
    for role in acting:
        for move in core.moves_for(table, case.state, role):
            boxes = tuple((name, core.FIELDS[name]) for name in move.needs)
            lacks = _photos_lacking(case) if move.milestone == "answered" else ()
            found.setdefault(move.key, MoveView(move.key, move.label, role, boxes, lacks))
    return tuple(found.values())


def _photos_lacking(case: Case) -> tuple[str, ...]:
    """Which photos the rule-book still asks for before the case can be reported as done."""
    wanted = {"none": (), "after": ("after",), "before-after": ("before", "after")}[spec_of(case).photos]
    if not wanted:
        return ()
    returned = case.steps.filter(move="return").aggregate(at=Max("at"))["at"]
    rows = case.photos.filter(when__in=wanted).values_list("when", "at")
    there = {when for when, at in rows if when != "after" or returned is None or at >= returned}
    return tuple(one for one in wanted if one not in there)


def open_cases(place: Any) -> QuerySet[Case]:
    """The open cases of a place with their running clocks, ready to be shown."""
    running = Clock.objects.filter(met_at__isnull=True, void_at__isnull=True).order_by("due_at")
    return (
        Case.objects.filter(place=place, closed_at__isnull=True)
        .select_related("place", "unit", "enterprise")
        .prefetch_related(Prefetch("clocks", running, to_attr="running"))
    )


def views(rows: Iterable[Case], now: datetime) -> list[CaseView]:
    """Cases of `open_cases` as a list shows them."""
    return list(each(rows, now))


def each(rows: Iterable[Case], now: datetime) -> Iterator[CaseView]:
    """As `views`, one by one, for lists too long to be held."""
    shelves: dict[int, regimes.Shelf] = {}
    for row in rows:
        shelf = shelves.setdefault(row.place_id, shelves.get(row.place_id) or regimes.shelf(row.place))
        spec = shelf.kind(local_day(row.place, row.opened_at), row.kind)[1]
        state = core.flow_of(spec).state(row.state)
        clock = _clock_view(row.running[0], spec, now) if row.running else None
        yield CaseView(row, spec.name, state.label, row.holder, clock, clock.light if clock else "green")


def in_order(rows: QuerySet[Case]) -> QuerySet[Case]:
    """What is due first first, then what has no clock running, the oldest first."""
    return rows.order_by(F("next_due_at").asc(nulls_last=True), "opened_at", "id")


def of_unit(
    unit: Any, now: datetime, *, public_kinds: Iterable[str] | None = None, limit: int = 100
) -> list[CaseView]:
    """A unit's open cases, of some kinds or all, what is due first first."""
    rows = open_cases(unit.place).filter(unit=unit)
    if public_kinds is not None:
        rows = rows.filter(kind__in=list(public_kinds))
    return views(in_order(rows)[:limit], now)


def of_enterprise(enterprise: Any) -> list[Case]:
    """An enterprise's cases, the newest first."""
    return list(
        Case.objects.filter(enterprise=enterprise)
        .select_related("place", "unit")
        .order_by("-opened_at")[:100]
    )


def sponsored(viewer: Any, place: Any, now: datetime, limit: int = 200) -> list[Sponsored]:
    """The enterprises a viewer sponsors, those with the most pressing problems first."""
    if viewer.account is None or not viewer.roles & PERMISSIONS["case.see"][0]:
        return []
    firms = people.sponsored(viewer.account, place)
    rows = in_order(open_cases(place).filter(enterprise__in=firms))[:limit] if firms else ()
    shown = views(rows, now)
    since = held_since(one.case.pk for one in shown)
    of_firm: dict[int, list[Held]] = {}
    for one in shown:
        held = Held(one, held_by(one.case, one.holder), since.get(one.case.pk, one.case.opened_at))
        of_firm.setdefault(one.case.enterprise_id, []).append(held)
    order = {pk: number for number, pk in enumerate(of_firm)}
    firms.sort(key=lambda firm: order.get(firm.pk, len(order)))
    return [Sponsored(firm, tuple(of_firm.get(firm.pk, ()))) for firm in firms]


def of_enterprises(place: Any, now: datetime) -> dict[int, tuple[int, int]]:
    """How many problems of each enterprise are open, and how many of those are late, by its id."""
    rows = Case.objects.filter(place=place, closed_at__isnull=True, enterprise__isnull=False)
    found = rows.values("enterprise").annotate(n=Count("pk"), late=Count("pk", filter=Q(next_due_at__lt=now)))
    return {row["enterprise"]: (row["n"], row["late"]) for row in found.order_by("enterprise")}
