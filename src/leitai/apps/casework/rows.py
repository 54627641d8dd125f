"""Between rows and the core's values: a clock as the core knows it, the facts that conditions may ask of a case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from leitai.rules import casework as core
from leitai.rules.regime.conditions import compile_condition
from leitai.rules.regime.vocabulary import CLOCK_CONTEXT

from .models import Case, Clock

# The role of a flow that judges what a unit did; a unit's own people do not take it on its cases. Nobody takes those
# of callers and reviewers here: what they find is said of the verdict, and its case follows.
OVERSIGHT = ("office",)
_PAIRS = {
    "key": "key",
    "since": "since",
    "until": "until",
    "within": "within",
    "calendar": "calendar",
    "calendar_version": "calendar_version",
    "provisional": "provisional",
    "started": "started_at",
    "due": "due_at",
    "warn": "warn_at",
    "warned": "warned_at",
    "met": "met_at",
    "breached": "breached_at",
    "void": "void_at",
    "void_why": "void_why",
    "rung": "rung",
}


def value(row: Clock) -> core.Clock:
    """The clock of a row, as the core reckons with it."""
    return core.Clock(
        **{name: getattr(row, column) for name, column in _PAIRS.items()},
        ahead=row.ahead or None,
        rungs=tuple(core.Rung(datetime.fromisoformat(at), *rest) for at, *rest in row.rungs),
    )


def fill(row: Clock, clock: core.Clock) -> Clock:
    """Bring a row up to what the core says of its clock."""
    for name, column in _PAIRS.items():
        setattr(row, column, getattr(clock, name))
    row.ahead = clock.ahead or ""
    row.rungs = [[rung.at.isoformat(), rung.colour, rung.to, rung.after] for rung in clock.rungs]
    row.next_at = core.next_instant(clock)
    return row


def facts(case: Case) -> dict[str, Any]:
    """What conditions and the drive may ask of a case and its unit; the data of every event of the case."""
    return {
        "case.kind": case.kind,
        "case.state": case.state,
        "case.complex": case.complex,
        "case.channel": case.channel,
        "case.returns": case.returns,
        "case.transfers": case.transfers,
        "case.relapse": case.relapse_of_id is not None,
        "unit.key": case.unit.key if case.unit else "",
        "unit.kind": case.unit.kind if case.unit else "",
    }


def holds(text: str, known: Any) -> bool:
    """Whether a clock's `when` is true of a case."""
    return compile_condition(text, CLOCK_CONTEXT).holds(known)


def local_day(place: Any, at: datetime) -> Any:
    """The date in the place at an instant."""
    return at.astimezone(place.zone).date()
