"""Gathers what is kept of a case, so that the core can account for it: for the command, the page and the inspector."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from leitai.apps.regimes import queries as regimes
from leitai.rules import casework as core
from leitai.rules.casework.hands import UNIT
from leitai.rules.flows.machine import NOBODY
from leitai.rules.kernel import Text

from .models import Case, Request, Slip, Step
from .rows import local_day, value

# Steps in which a case changes neither state nor hands.
_STAYS = frozenset({"help", "extend", "join", "leave"})


def explained(case: Case, now: datetime) -> core.Account:
    """The account of a case as of `now`: clocks by the calendars of then, what was agreed, whose hands it was in."""
    regime, spec = regimes.shelf(case.place).kind(local_day(case.place, case.opened_at), case.kind)
    clocks = tuple(value(row) for row in case.clocks.order_by("id"))
    versions = {(clock.calendar, clock.calendar_version) for clock in clocks}
    pins = regimes.pins(case.place, versions)
    steps = list(Step.objects.filter(case=case).select_related("unit").order_by("at", "id"))
    end = case.closed_at or now
    holds = tuple(_holds(case, steps, core.flow_of(spec), end))
    matter = core.Matter(
        clocks,
        end,
        holds,
        asked=tuple(_asked(case, spec)),
        resumed=tuple(step.at for step in steps if step.move == "resume"),
        slips=tuple(_slips(case)),
        names={key: clock.name for key, clock in spec.clocks.items() if clock.name},
        holders=_holders(case, steps),
        edited=regimes.edited_pins(case.place, pins),
    )
    return core.account(matter, regimes.calendars(regime), now, case.place.zone, pins)


def _holds(case: Case, steps: Iterable[Step], flow: core.Flow, end: datetime) -> Iterable[core.Hold]:
    """Who held the case from when on; a unit by its key, everybody else by their role."""
    for step in steps:
        holder = step.holder or flow.state(step.to_state).owner
        if step.move in _STAYS or holder == NOBODY or step.at > end:
            continue
        unit = step.unit or case.unit
        yield core.Hold(step.at, f"{UNIT}{unit.key}" if holder == "unit" and unit is not None else holder)


def _holders(case: Case, steps: Iterable[Step]) -> dict[str, Text]:
    units = {step.unit for step in steps if step.unit is not None} | ({case.unit} if case.unit else set())
    named = {f"{UNIT}{unit.key}": Text(zh=unit.name_zh, en=unit.name_en) for unit in units}
    return {**core.ROLES, **named}


def _asked(case: Case, spec: Any) -> Iterable[core.Asked]:
    rows = Request.objects.filter(case=case, kind__in=("pause", "extension")).order_by("asked_at", "id")
    for row in rows:
        named = spec.pauses.get(row.ground) if row.kind == "pause" else spec.clocks.get(row.ground)
        yield core.Asked(
            row.kind,
            named.name if named is not None else None,
            row.until,
            row.asked_by,
            row.asked_at,
            row.state,
            row.answered_by,
            row.answered_at,
        )


def _slips(case: Case) -> Iterable[core.Given]:
    rows = Slip.objects.filter(case=case).select_related("clock").order_by("at", "id")
    return (core.Given(row.clock.key, row.colour, row.to, row.at, row.seen_by, row.seen_at) for row in rows)
