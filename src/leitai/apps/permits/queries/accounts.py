"""One start as its page shows it: every permit with its holder and what each has had, the path that decides the day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from leitai.apps.casework.queries.about import about
from leitai.rules.casework.hands import UNIT, Hold, hands
from leitai.rules.kernel import Text
from leitai.rules.projects import permits as core
from leitai.rules.projects.paths import NOTHING, Plan, WhatIf, gain, plan, slack
from leitai.rules.worktime import parse_within

from ..models import ASKING, DROPPED, GRANTED, WAITING, WORKING, Duty, Paper, Permit, Start
from ..models import Hold as HoldRow
from ..rows import adding, held, needs_of, permits_of, shown, spec_of, steps_of

NOBODY = "none"


@dataclass(frozen=True)
class PermitView:
    """A permit: who holds it since when, days by holder, when it is there at the earliest, and what it waits for.

    `finish` is an instant; `slack` whole days by which it may come later without moving the start; `gain` by how much
    the start comes nearer if it were granted at once. `case` is the open case on which its clock runs, if any.
    """

    row: Permit
    name: Text
    source: str
    within: Text
    holder: str
    days: tuple[tuple[str, int], ...]
    needs: tuple[str, ...]
    waits: str
    lacking: tuple[Text, ...]
    may_commit: bool
    finish: datetime | None
    late: bool
    critical: bool
    slack: int | None
    gain: timedelta
    case: Any | None

    @property
    def light(self) -> str:
        """done, grey (waits), yellow (waits for papers), green (worked on in time), red (late)."""
        if self.row.state in (GRANTED, DROPPED):
            return "done" if self.row.state == GRANTED else "grey"
        if self.row.state == WAITING:
            return "grey"
        return "red" if self.late else "yellow" if self.row.state == ASKING else "green"


@dataclass(frozen=True)
class PaperView:
    """A paper: asked for once, by which permits; the row where it was handed in, one of an earlier start on offer."""

    key: str
    name: Text
    permits: str
    held: bool
    row: Paper | None
    offer: Paper | None


@dataclass(frozen=True)
class Owed:
    """A duty of a commitment, with its papers by name."""

    row: Duty
    permit: Text
    papers: str


@dataclass(frozen=True)
class Account:
    """A start with all that is asked of it. `path` are permits not granted, the first is what holds it up now.

    `moved` is by how much a what-if moves the start: negative is nearer.
    """

    start: Start
    name: Text
    permits: tuple[PermitView, ...]
    papers: tuple[PaperView, ...]
    owed: tuple[Owed, ...]
    needs: Mapping[str, tuple[str, ...]]
    goal: tuple[str, ...]
    plan: Plan
    path: tuple[PermitView, ...]
    moved: timedelta | None

    @property
    def holder(self) -> PermitView | None:
        """The permit that holds the start up now."""
        return self.path[0] if self.path else None

    @property
    def left(self) -> int:
        """How many permits are not granted yet."""
        return sum(one.row.state not in (GRANTED, DROPPED) for one in self.permits)


def account(start: Start, now: datetime, what: WhatIf = NOTHING) -> Account:
    """The account of a start at an instant, or as it would be if `what` were so."""
    spec, rows = spec_of(start), permits_of(start)
    steps, later = steps_of(start, rows, dues(rows)), adding(start)
    now_plan = plan(steps, spec.start, now, later)
    shown_plan = now_plan if what is NOTHING else plan(steps, spec.start, now, later, what)
    there, needs = held(start), needs_of(start, rows)
    cases = about(start.place, [f"permit:{row.pk}" for row in rows if row.state == WORKING])
    holds: dict[int, list[Hold]] = {}
    for number, at, holder in (
        HoldRow.objects.filter(permit__in=rows).order_by("at", "pk").values_list("permit_id", "at", "holder")
    ):
        holds.setdefault(number, []).append(Hold(at, holder))
    broken = set(Duty.objects.filter(permit__in=rows, state="missed").values_list("permit_id", flat=True))
    done = {row.key for row in rows if row.state == GRANTED}
    found: dict[str, PermitView] = {}
    for row in rows:
        permit = spec.permits[row.key]
        open_ = row.state not in (GRANTED, DROPPED)
        case = cases.get(f"permit:{row.pk}")
        waits = [name for name in needs.get(row.key, ()) if name not in done]
        lacks = core.lacking(permit.asks, there) if open_ else ()
        found[row.key] = PermitView(
            row=row,
            name=permit.name,
            source=permit.source,
            within=parse_within(permit.within).text,
            holder=holder_name(start, row),
            days=_days(start, row, holds.get(row.pk, []), now),
            needs=needs.get(row.key, ()),
            waits=shown(spec, waits, _(", ")) if open_ else "",
            lacking=tuple(spec.papers[one] for one in lacks),
            may_commit=row.state == ASKING and permit.promise is not None and row.pk not in broken,
            finish=shown_plan.finish.get(row.key),
            late=row.state == WORKING and steps[row.key].due is not None and steps[row.key].due < now,
            critical=row.key in shown_plan.path,
            slack=slack(steps, spec.start, now, later, row.key, what) if open_ else None,
            gain=gain(steps, spec.start, now, later, row.key, what) if open_ else timedelta(0),
            case=case if case is not None and case.closed_at is None else None,
        )
    return Account(
        start,
        spec.name,
        tuple(found.values()),
        _papers(start, rows, there),
        _owed(start, rows),
        needs,
        spec.start,
        shown_plan,
        tuple(found[key] for key in shown_plan.path),
        None if what is NOTHING else shown_plan.at - now_plan.at,
    )


def dues(rows: list[Permit]) -> dict[int, datetime]:
    """When the clocks of permits being worked on are due, by id: as their cases have it, with pauses and more time."""
    working = [row for row in rows if row.state == WORKING]
    if not working:
        return {}
    cases = about(working[0].start.place, [f"permit:{row.pk}" for row in working])
    found: dict[int, datetime] = {}
    for row in working:
        case = cases.get(f"permit:{row.pk}")
        ends = [] if case is None or case.closed_at is not None else [case.next_due_at, case.paused_until]
        found[row.pk] = max([at for at in ends if at is not None] or [row.due_at])
    return found


def holder_name(start: Start, row: Permit) -> str:
    """Who holds a permit now, by name: the unit, the enterprise; "" where it waits for others or is over."""
    if row.state == WORKING:
        return row.unit.name
    if row.state == ASKING:
        return start.enterprise.name if start.enterprise is not None else _("the enterprise")
    return ""


def _days(start: Start, row: Permit, holds: list[Hold], now: datetime) -> tuple[tuple[str, int], ...]:
    """Whole days in each holder's hands, in the order in which they first had it; a begun day counts."""
    names = {NOBODY: "", "enterprise": start.enterprise.name if start.enterprise else _("the enterprise")}
    found = []
    for holder, seconds in hands(holds, max([now, *(hold.at for hold in holds)])).items():
        name = names.get(holder, row.unit.name if holder == f"{UNIT}{row.unit.key}" else holder)
        if holder != NOBODY and seconds:
            found.append((name, -(-seconds // 86400)))
    return tuple(found)


def _papers(start: Start, rows: list[Permit], there: set[str]) -> tuple[PaperView, ...]:
    spec = spec_of(start)
    asks = {row.key: spec.permits[row.key].asks for row in rows if row.state != DROPPED}
    given = {row.key: row for row in start.papers.all()}
    offers = _offers(start)
    return tuple(
        PaperView(
            one.key,
            spec.papers[one.key],
            shown(spec, one.permits, _(", ")),
            one.held,
            given.get(one.key),
            None if one.held else offers.get(one.key),
        )
        for one in core.asked(asks, there)
    )


def _offers(start: Start) -> dict[str, Paper]:
    """What the enterprise handed in at other starts and is held there, the newest of each."""
    if start.enterprise_id is None:
        return {}
    rows = Paper.objects.filter(start__enterprise=start.enterprise_id, returned_at__isnull=True)
    rows = rows.exclude(start=start).select_related("start").order_by("given_at", "pk")
    return {row.key: row for row in rows}


def _owed(start: Start, rows: list[Permit]) -> tuple[Owed, ...]:
    spec, language = spec_of(start), get_language() or "zh-hans"
    duties = Duty.objects.filter(permit__in=rows).select_related("permit").order_by("due_at", "pk")
    return tuple(
        Owed(
            duty,
            spec.permits[duty.permit.key].name,
            _(", ").join(spec.papers[key].show(language) for key in duty.papers if key in spec.papers),
        )
        for duty in duties
    )
