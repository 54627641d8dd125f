"""One press from a red item: who owns it, what they last said of it, and what they last promised at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from leitai.apps.casework import queries as cases
from leitai.apps.occasions import queries as occasions
from leitai.apps.projects import queries as projects
from leitai.apps.regimes import queries as regimes

PROMISES = 3


@dataclass(frozen=True)
class Owed:
    """A case or project in short. `said`: (what was asked, the answer) of the owner's last word on it, `said_at` then;
    `due`: (what, by when); `promises`: the owner's newest at meetings."""

    sort: str
    key: str
    title: str
    light: str
    slip: int
    holder: str
    unit: Any
    due: tuple[tuple[str, date | datetime], ...]
    said: tuple[tuple[Any, str], ...]
    said_at: datetime | None
    promises: tuple[Any, ...]


def owed(place: Any, about: str, now: datetime) -> Owed | None:
    """What is owed about a thing, as events name it: `case:<reference>`, `project:<code>`; None for anything else."""
    sort, _colon, key = about.partition(":")
    if sort == "case":
        return _of_case(place, key, now)
    return _of_project(place, key, now) if sort == "project" else None


def _promises(unit: Any) -> tuple[Any, ...]:
    return tuple(occasions.commitments_of_unit(unit, PROMISES)) if unit is not None else ()


def _of_case(place: Any, ref: str, now: datetime) -> Owed | None:
    row = cases.case(place, ref)
    if row is None:
        return None
    clocks = [one for one in cases.clocks(row, now) if one.seconds_left is not None]
    words = next((one for one in reversed(cases.timeline(row)) if one.form), None)
    return Owed(
        "case", row.ref, row.title, clocks[0].light if clocks else "grey", 0,
        cases.held_by(row, row.holder) if row.closed_at is None else "",
        row.unit, tuple((one.label, one.due_at) for one in clocks),
        words.form if words else (), words.at if words else None, _promises(row.unit),
    )  # fmt: skip


def _of_project(place: Any, code: str, now: datetime) -> Owed | None:
    row = projects.project(place, code)
    if row is None:
        return None
    spec = regimes.regime_on(place, now.astimezone(place.zone).date()).projects
    account = projects.account(row, spec, now) if spec is not None else None
    open_marks = [one for one in account.marks if one.row.fact is None] if account else []
    held = ((account.holds, str(account.since or "")),) if account and account.holds else ()
    return Owed(
        "project", row.code, row.name, row.light, row.slip, account.holder if account else "", row.unit,
        tuple((one.row.name, one.row.forecast or one.row.plan) for one in open_marks[:3]),
        held, None, _promises(row.unit),
    )  # fmt: skip
