"""Rows of an office's ledger opened as cases: one by one, each once, and dispatched where they name a unit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from leitai.apps.ledger.errors import Refused
from leitai.apps.people import queries as people
from leitai.apps.regimes import queries as regimes
from leitai.rules import casework as core

from . import actions, queries
from .ledger_in import Reject, Row
from .rows import local_day


@dataclass(frozen=True)
class Taken:
    """What became of rows: how many were opened, how many were here before, and which were refused."""

    opened: int
    already: int
    rejects: tuple[Reject, ...]


def take(
    place: Any,
    kind: str,
    rows: Sequence[Row],
    *,
    by: str,
    now: datetime,
    told: Callable[[int], None] = lambda _n: None,
) -> Taken:
    """Open rows as cases of a kind, each an act of its own; where a unit is named, it is dispatched to it.

    What is here by its key is left as it is, but for a dispatch that was not reached. `told` hears of each row.
    """
    spec = regimes.regime_on(place, local_day(place, now)).cases[kind]
    flow = core.flow_of(spec)
    ways = (one for one in flow.moves if flow.start in one.from_states and {"unit"} == set(one.needs))
    dispatch = next((one for one in ways if "office" in one.by), None)
    straight = flow.state(flow.start).owner == "unit"
    before = queries.known(place, [row.key for row in rows])
    opened = already = 0
    rejects = []
    for count, row in enumerate(rows, 1):
        try:
            case = actions.open_case(
                place=place,
                kind=kind,
                unit=people.unit(place, row.unit) if row.unit and straight else None,
                title=row.title,
                text=row.text,
                where=row.where,
                channel="ledger",
                given_due=row.due,
                at=row.opened or now,
                once=row.key,
                by=by,
                now=now,
            )
            if row.unit and dispatch is not None and case.state == flow.start:
                form = {"unit": row.unit}
                actions.move_case(case=case, move=dispatch.key, role="office", form=form, by=by, now=now)
        except Refused as why:
            rejects.append(Reject(row.line, "", row.title[:100], why.finding))
        else:
            opened, already = opened + (row.key not in before), already + (row.key in before)
        told(count)
    return Taken(opened, already, tuple(rejects))


def unit_finder(place: Any) -> Callable[[str], str]:
    """From a unit as it is written, by key or name, to its key; "" for none that works."""
    known: dict[str, str] = {}

    def found(written: str) -> str:
        if written not in known:
            unit = people.unit(place, people.key_of(place, written))
            known[written] = unit.key if unit is not None and unit.active else ""
        return known[written]

    return found


def as_values(row: Row) -> list[Any]:
    """A row as JSON has it; see `of_values`."""
    instants = [at.isoformat() if at else "" for at in (row.opened, row.due)]
    return [row.line, row.key, row.title, row.text, row.where, row.unit, *instants]


def of_values(values: Sequence[Any]) -> Row:
    """The row of `as_values`."""
    *plain, opened, due = values
    return Row(*plain, *(datetime.fromisoformat(at) if at else None for at in (opened, due)))
