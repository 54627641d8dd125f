"""Writing cases: opening them, moving them on, and what their clocks do when nobody is looking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from leitai.apps.ledger.actions import UNCHANGED, Draft, action, insert_many, nothing_new, record, record_many
from leitai.apps.ledger.errors import Refused, refuse
from leitai.apps.people import queries as people
from leitai.apps.regimes import queries as regimes
from leitai.rules import casework as core
from leitai.rules.kernel import N_, nearest
from leitai.rules.ledger import canonical, digest

from .models import Case, Clock, Step
from .rows import OVERSIGHT, facts, fill, holds, local_day, value


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
    by: str,
    now: datetime,
) -> Case:
    """Open a case of a kind of the rule-book in force; its clocks start at `at` (default `now`, UTC).

    `once` is the sender's idempotency key (at most 64 characters): the same one again answers the same case.
    Raises Refused for an unknown kind, an empty title, or a unit that is needed and missing.
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
    spec = regime.cases[kind]
    flow = core.flow_of(spec)
    if unit is None and flow.state(flow.start).owner == "unit":
        raise refuse("no-unit", N_("This kind of case goes straight to a unit: say which."))
    case, new = _opened(
        place=place,
        once=once or None,
        kind=kind,
        state=flow.start,
        holder=flow.state(flow.start).owner,
        unit=unit,
        enterprise=enterprise,
        title=title.strip()[:300],
        text=text,
        where=where[:200],
        channel=channel,
        complex=complex,
        about=about,
        cause=cause,
        opened_at=at,
    )
    if not new:
        nothing_new()
        return case
    case.ref = f"{at.astimezone(place.zone):%y%m}-{case.pk}"
    Step.objects.create(
        case=case,
        move="open",
        to_state=flow.start,
        role="none",
        by=by,
        at=at,
        form={"text": text} if text else {},
    )
    started = core.start_clocks(
        spec, facts(case), flow.milestones[0], at, regimes.calendars(regime), holds, given_due=given_due
    )
    _add(case, started)
    _set_due(case)
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
    return case


def _opened(*, place: Any, once: str | None, **values: Any) -> tuple[Case, bool]:
    """The new row, or the one that the same key opened before."""
    if once is None:
        return Case.objects.create(place=place, **values), True
    return Case.objects.get_or_create(place=place, once=once, defaults=values)


SET_ASIDE = "set-aside"
MOVE_EVENTS = sorted({move.event for flow in core.FLOWS.values() for move in flow.moves})


@action(*MOVE_EVENTS)
def move_case(*, case: Case, move: str, role: str, form: Mapping[str, str], by: str, now: datetime) -> Case:
    """Take a move of the case's flow in a role, with the form it needs. Raises Refused with the reason.

    Whoever worked on it for the unit takes no move of the office on it, whatever posts they hold: two pairs of eyes.
    """
    case = Case.objects.select_for_update(of=("self",)).select_related("place", "unit").get(pk=case.pk)
    regime, spec = regimes.shelf(case.place).kind(local_day(case.place, case.opened_at), case.kind)
    flow = core.flow_of(spec)
    finding = core.check_move(flow, case.state, move, role, form)
    if finding is not None:
        raise Refused(finding)
    if role in OVERSIGHT and case.steps.filter(role="unit", by=by).exists():
        raise refuse(
            "own-work", N_("You answered this case for the unit; somebody else must judge what was done.")
        )
    step = flow.move(move)
    _check_promise(case, form, now)
    if "unit" in step.needs:
        case.unit = people.unit(case.place, form["unit"])
        if case.unit is None:
            raise refuse("unknown-unit", N_("There is no unit %(key)s."), key=form["unit"])
    before, case.state = case.state, step.to_state
    case.holder = flow.state(step.to_state).owner
    case.returns += step.undoes is not None
    if flow.state(step.to_state).terminal:
        case.closed_at = now
    _run(case, step, flow, spec, regime, by=by, now=now)
    _set_due(case)
    Step.objects.create(
        case=case,
        move=move,
        from_state=before,
        to_state=case.state,
        role=role,
        by=by,
        at=now,
        form=dict(form),
    )
    record(
        place=case.place,
        kind=step.event,
        by=by,
        now=now,
        subject=f"case:{case.ref}",
        data=facts(case) | {"move": move, "words": digest(canonical(dict(form)))},
        cause=case.cause,
    )
    return case


@action("clock.warned", "clock.breached")
def tick_clocks(*, place: Any, limit: int = 500, by: str, now: datetime) -> int:
    """Tell what clocks did since they were looked at: each warning and breach once, at its own instant.

    Costs what is due, not what is open. Several workers share the rows by skipping each other's locked ones.
    """
    rows = (
        Clock.objects.filter(case__place=place, next_at__lt=now)
        .select_related("case__unit")
        .order_by("next_at")[:limit]
        .select_for_update(of=("self",), skip_locked=connection.features.has_select_for_update_skip_locked)
    )
    drafts, touched = [], []
    for row in rows:
        clock, happened = core.tick(value(row), now)
        touched.append(fill(row, clock))
        drafts += _told(place, row.case, happened, by=by, now=now)
    if not touched:
        return UNCHANGED
    Clock.objects.bulk_update(touched, ["warned_at", "breached_at", "next_at"], batch_size=500)
    record_many(drafts)
    return len(touched)


@dataclass(frozen=True)
class CaseRecord:
    """A case as another system kept it. Instants are UTC; `due` is that system's own target."""

    source_id: str
    unit_id: int
    title: str
    opened: datetime
    due: datetime | None = None
    closed: datetime | None = None
    where: str = ""
    channel: str = ""
    enterprise_id: int | None = None


CASE_COLUMNS = (
    "place_id", "ref", "kind", "state", "holder", "unit_id", "enterprise_id", "title", "where", "channel",
    "source", "source_id", "opened_at", "due_at", "next_due_at", "closed_at",
)  # fmt: skip
CLOCK_COLUMNS = (
    "case_id", "key", "since", "until", "within", "calendar", "started_at", "due_at", "met_at", "breached_at",
    "next_at",
)  # fmt: skip


@action("cases.imported")
def import_cases(
    *, place: Any, kind: str, source: str, records: Sequence[CaseRecord], by: str, now: datetime
) -> int:
    """Take a batch of another system's cases; those already here by source id are left alone. Returns how many.

    What is over is history: its clock is judged by its own records and sets nothing going. What is still open
    keeps its clock, which the drive will hold to.
    """
    # `exclude` says again what the index is limited to; without it no database uses the index.
    known = set(
        Case.objects.filter(place=place, source=source, source_id__in=[one.source_id for one in records])
        .exclude(source_id="")
        .values_list("source_id", flat=True)
    )
    fresh = [one for one in records if one.source_id not in known]
    if not fresh:
        return UNCHANGED
    _regime, spec = regimes.shelf(place).kind(local_day(place, fresh[0].opened), kind)
    flow = core.flow_of(spec)
    given = [(key, clock) for key, clock in spec.clocks.items() if clock.within == core.GIVEN]
    working = next(state for state in flow.states if state.owner == "unit")
    over = next(state for state in flow.states if state.terminal)
    insert_many(
        Case,
        CASE_COLUMNS,
        [
            (
                place.pk, f"{source}-{one.source_id}"[:40], kind, state.key, state.owner, one.unit_id,
                one.enterprise_id, one.title[:300], one.where[:200], one.channel[:40], source, one.source_id,
                one.opened, one.due, one.due if given and not one.closed else None, one.closed,
            )
            for one in fresh
            for state in (over if one.closed else working,)
        ],
    )  # fmt: skip
    ids = dict(
        Case.objects.filter(place=place, source=source, source_id__in=[one.source_id for one in fresh])
        .exclude(source_id="")
        .values_list("source_id", "pk")
    )
    clocks = []
    for one in fresh if given else ():
        if one.due is None:
            continue
        for key, spec_clock in given:
            judged = core.judge(key, one.opened, one.due, one.closed, one.closed or one.opened)
            clocks.append(
                (
                    ids[one.source_id], key, judged.since, judged.until, judged.within, spec_clock.on,
                    judged.started, judged.due, judged.met, judged.breached, core.next_instant(judged),
                )
            )  # fmt: skip
    insert_many(Clock, CLOCK_COLUMNS, clocks)
    record(
        place=place,
        kind="cases.imported",
        by=by,
        now=now,
        subject=f"source:{source}",
        data={
            "kind": kind,
            "count": len(fresh),
            "first": fresh[0].source_id,
            "last": fresh[-1].source_id,
            "digest": digest(canonical([[one.source_id, one.opened, one.due, one.closed] for one in fresh])),
        },
    )
    return len(fresh)


def _check_promise(case: Case, form: Mapping[str, str], now: datetime) -> None:
    """A promise is for a time to come; words that are no time are left to whoever reads them."""
    try:
        promised = datetime.fromisoformat(form.get("time", ""))
    except ValueError:
        return
    if promised.tzinfo is None:
        promised = promised.replace(tzinfo=case.place.zone)
    if promised < now:
        raise refuse("promise-past", N_("The time you promise has passed already: name one to come."))


def _run(case: Case, step: Any, flow: Any, spec: Any, regime: Any, *, by: str, now: datetime) -> None:
    """What a move does to the clocks of a case."""
    calendars = regimes.calendars(regime)
    rows = {(row.key, row.started_at): row for row in case.clocks.select_for_update()}
    clocks = tuple(value(row) for row in rows.values())
    happened: tuple[Any, ...] = ()
    if step.undoes is not None:
        clocks, happened = core.rewind(clocks, step.undoes, now, flow, calendars)
    if step.to_state == SET_ASIDE:
        clocks, more = core.lay_down(clocks, now)
        happened += more
    if step.milestone is not None:
        clocks, more = core.meet(clocks, step.milestone, now, flow)
        happened += more
        clocks += core.start_clocks(spec, facts(case), step.milestone, now, calendars, holds)
    for clock in clocks:
        row = rows.get((clock.key, clock.started))
        if row is not None:
            fill(row, clock).save()
        elif clock.due is not None:
            fill(Clock(case=case), clock).save()
    record_many(_told(case.place, case, happened, by=by, now=now))


def _told(place: Any, case: Case, happened: Iterable[Any], *, by: str, now: datetime) -> list[Draft]:
    return [
        Draft(place.pk, one.kind, one.at, now, by, f"case:{case.ref}", {"clock.key": one.key} | facts(case))
        for one in happened
    ]


def _add(case: Case, clocks: Iterable[core.Clock]) -> None:
    for clock in clocks:
        if clock.due is not None:
            fill(Clock(case=case), clock).save()


def _set_due(case: Case) -> None:
    """Bring the case's due times up to its clocks (see `Case`), and save it. A tick changes neither."""
    counted = [(row.due_at, row.met_at) for row in case.clocks.filter(void_at__isnull=True)]
    case.due_at = max((due for due, _ in counted), default=None)
    case.next_due_at = min((due for due, met in counted if met is None), default=None)
    case.save()
