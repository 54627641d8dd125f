"""What every change to a case does to its clocks: rows brought up to the core's values, and what befell told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from leitai.apps.ledger.actions import Draft, insert_many, record_many
from leitai.apps.people import queries as people
from leitai.apps.regimes import queries as regimes
from leitai.apps.regimes.pins import pin
from leitai.rules import casework as core
from leitai.rules.casework import runs

from .models import Case, Clock, Slip, Step
from .rows import facts, fill, local_day, value

SLIP_COLUMNS = ("place_id", "case_id", "clock_id", "rung", "colour", "to", "unit_id", "at")


def rules_of(case: Case) -> tuple[Any, Any, core.Flow]:
    """The rule-book that a case goes by, what it says of its kind, and its flow."""
    regime, spec = regimes.shelf(case.place).kind(local_day(case.place, case.opened_at), case.kind)
    return regime, spec, core.flow_of(spec)


def locked(case: Case) -> Case:
    """The case as it stands, kept from others until the transaction ends."""
    return (
        Case.objects.select_for_update(of=("self",))
        .select_related("place", "unit", "enterprise")
        .get(pk=case.pk)
    )


def rows_of(case: Case) -> dict[tuple[str, datetime], Clock]:
    """The rows of a case's clocks, kept from others, by key and start."""
    return {(row.key, row.started_at): row for row in case.clocks.select_for_update()}


def keep(
    case: Case,
    clocks: Iterable[core.Clock],
    rows: Mapping[tuple[str, datetime], Clock],
    happened: Iterable[core.Happening] = (),
    *,
    by: str,
    now: datetime,
) -> None:
    """Save what the core says of a case's clocks, and tell what befell; the case's due times follow and are saved."""
    saved: dict[str, Clock] = {}
    clocks = tuple(clocks)
    fresh = [clock for clock in clocks if (clock.key, clock.started) not in rows and clock.due is not None]
    write_down(case, fresh, by=by, now=now)
    for clock in clocks:
        row = rows.get((clock.key, clock.started))
        if row is None and clock.due is None:
            continue
        row = fill(row or Clock(case=case), clock)
        row.save()
        if (clock.key, clock.started) in rows:
            saved[clock.key] = row
    told = list(happened)
    give_slips([(case, saved[one.key], one) for one in told if one.kind == "slip.issued"])
    set_due(case)
    record_many(drafts(case.place, case, told, by=by, now=now))


def write_down(case: Case, fresh: Iterable[core.Clock], *, by: str, now: datetime) -> None:
    """Write down the calendars that new runs were set by, once for each version: what a replay counts with."""
    calendars = regimes.calendars(rules_of(case)[0])
    for key in sorted({clock.calendar for clock in fresh if clock.within != core.GIVEN}):
        pin(place=case.place, calendar=calendars[key], by=by, now=now)


def pins(case: Case, clocks: Iterable[core.Clock]) -> core.Pins:
    """The calendars as they stood when the runs of a case were set by them."""
    return regimes.pins(case.place, {(one.calendar, one.calendar_version) for one in clocks})


def catch_up(case: Case, *, by: str, now: datetime) -> None:
    """Tell what the clocks of a case did up to now, before it changes hands: of whoever had it then."""
    if not case.clocks.filter(next_at__lt=now).exists():
        return
    rows = rows_of(case)
    told = [core.tick(clock, now) for clock in values(rows)]
    happened = [one for _clock, what in told for one in what]
    keep(case, [clock for clock, _what in told], rows, happened, by=by, now=now)


def resumed(case: Case, *, role: str, by: str, now: datetime) -> datetime:
    """End a case's pause now, or at its own instant where that has passed: its clocks run on from then.

    Whoever held it before the pause holds it again. Returns the instant, which the event is to bear.
    """
    assert case.paused_until is not None  # whoever calls has asked
    at = min(now, case.paused_until)
    regime, _spec, flow = rules_of(case)
    rows = rows_of(case)
    case.paused_until = None
    clocks = values(rows)
    clocks, happened = core.resume(clocks, at, regimes.calendars(regime), pins(case, clocks))
    keep(case, clocks, rows, happened, by=by, now=now)
    step(case, "resume", role=role, by=by, at=at, holder=flow.state(case.state).owner)
    return at


def carried(
    case: Case,
    fresh: Iterable[core.Clock],
    clocks: tuple[core.Clock, ...],
    calendars: Mapping[str, Any],
    now: datetime,
) -> tuple[core.Clock, ...]:
    """The runs of a dispatch at `now`, without new time for a unit that had the case already and handed it back.

    Such a unit has what was left when it let go of it. What was late then is late still, is not told again, and of its
    ladder what is still to come comes as much later as the case lay elsewhere. Another unit has the whole time.
    """
    return tuple(_carried(case, one, clocks, calendars, now) for one in fresh)


def _carried(
    case: Case, fresh: core.Clock, clocks: tuple[core.Clock, ...], calendars: Mapping[str, Any], now: datetime
) -> core.Clock:
    had = [
        one
        for one in clocks
        if one.key == fresh.key and one.void_why == "handed-back" and one.due is not None
    ]
    old = next(
        (one for one in sorted(had, key=lambda one: one.started, reverse=True) if _was_at(case, one)), None
    )
    if old is None or old.void is None:
        return fresh
    begin, calendar = runs.apart(now, old.key, clocks), calendars[old.calendar]
    if old.breached is not None:
        late = runs.reopened(replace(old, met=old.void), begin, calendar)
        return replace(late, started=begin, within=core.GIVEN, void=None, void_why="")
    counted = runs.counted_by(old, calendars, pins(case, clocks))
    return runs.run_on(replace(old, void_why="paused"), begin, calendar, counted)


def _was_at(case: Case, run: core.Clock) -> bool:
    """Whether the unit that has a case now had it during a run."""
    since = run.started - timedelta(milliseconds=1)  # runs that begin together stand apart by so little
    return case.steps.filter(unit=case.unit_id, at__gte=since, at__lte=run.void).exists()


def drop_requests(case: Case, now: datetime, but: int | None = None) -> None:
    """Take back what is asked on a case and not answered: it is over, or has left the hands of who asked."""
    case.requests.filter(state="open").exclude(pk=but).update(state="withdrawn", answered_at=now)


def drafts(
    place: Any, case: Case, happened: Iterable[core.Happening], *, by: str, now: datetime
) -> list[Draft]:
    """The events of what clocks of a case did."""
    found = []
    for one in happened:
        data = {"clock.key": one.key} | facts(case)
        if one.kind == "slip.issued":
            data |= {"slip.colour": one.colour, "slip.rung": one.rung, "slip.to": one.to}
        found.append(Draft(place.pk, one.kind, one.at, now, by, f"case:{case.ref}", data))
    return found


def give_slips(given: Iterable[tuple[Case, Clock, core.Happening]]) -> None:
    """Write the slips of rungs that were reached. Before a case has a unit, the slip is the dispatching office's."""
    rows = []
    for case, clock, one in given:
        unit = case.unit_id or office_of(case)
        rows.append((case.place_id, case.pk, clock.pk, one.rung, one.colour, one.to, unit, one.at))
        if core.GRAVITY.index(one.colour) > core.GRAVITY.index(case.slip):
            case.slip = one.colour
    insert_many(Slip, SLIP_COLUMNS, rows)


def office_of(case: Case) -> int | None:
    """The id of the unit that dispatches, if the rule-book names one."""
    key = rules_of(case)[0].place.office
    unit = people.unit(case.place, key) if key else None
    return unit.pk if unit is not None else None


def set_due(case: Case) -> None:
    """Bring the case's due times up to its clocks (see `Case`), and save it. A tick changes neither."""
    counted = [(row.due_at, row.met_at) for row in case.clocks.filter(void_at__isnull=True)]
    case.due_at = max((due for due, _ in counted), default=None)
    case.next_due_at = min((due for due, met in counted if met is None), default=None)
    case.save()


def step(
    case: Case,
    move: str,
    *,
    role: str,
    by: str,
    at: datetime,
    form: Mapping[str, str] | None = None,
    before: str | None = None,
    holder: str | None = None,
) -> Step:
    """Write one step of a case: what was done by whom, and who holds the case from then on."""
    return Step.objects.create(
        case=case,
        move=move,
        from_state=case.state if before is None else before,
        to_state=case.state,
        role=role,
        by=by,
        at=at,
        form=dict(form or {}),
        holder=holder or case.holder,
        unit_id=case.unit_id,
    )


def values(rows: Mapping[tuple[str, datetime], Clock]) -> tuple[core.Clock, ...]:
    """The clocks of rows as the core reckons with them."""
    return tuple(value(row) for row in rows.values())
