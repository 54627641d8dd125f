"""Counts verdicts anew from sealed days: one expression, computed by whichever engine.

A verdict counts as what was decided of it last, or as cast where nothing was. It belongs to the day it was cast on in
the place's zone, as the day's file says, so no engine's idea of time zones comes in. Counts are whole numbers:
two engines agree in every one, or one of them is wrong.

    unit   month    cast  counted  bad  upheld  aside
    u-17   2026-11   412      409   31       6      3      counted = cast - aside; bad: of those counted
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from leitai.apps.ledger.errors import refuse, tell
from leitai.rules.kernel import N_

from .days import Day, days
from .engines import Engine
from .schema import COUNTED, SET_ASIDE, UPHELD

NUMBERS = ("cast", "counted", "bad", "upheld", "aside")
# What a count can be broken down by: the columns that each line of it is for.
BY = {
    "unit-month": ("unit", "month"),
    "unit-day": ("unit", "day"),
    "grade": ("unit", "month", "grade"),
    "channel": ("unit", "month", "channel"),
    "standing": ("unit", "month", "standing"),
}


def counts(ballots: Any, standings: Any, by: str = "unit-month") -> Any:
    """The Ibis expression of the counts, one line for each of `BY[by]` that has a verdict; in no order.

    `ballots` and `standings` are Ibis tables as `schema` has them. `month` is the first of the month.
    """
    last = standings.group_by("index").agg(standing=standings.standing.argmax(standings.decided_at))
    last = last.mutate(aside=last.standing == SET_ASIDE, upheld=last.standing == UPHELD)
    keys = BY[by]
    known = ballots.left_join(last, "index")
    # Engines differ in what a condition that is neither true nor false counts as: there must be none.
    known = known.mutate(aside=known.aside.fill_null(False), upheld=known.upheld.fill_null(False))
    if "standing" in keys:
        known = known.mutate(standing=known.standing.fill_null(COUNTED))
    if "month" in keys:
        known = known.mutate(month=known.day.truncate("M"))
    found = known.group_by(*keys).agg(
        cast=known.count(),
        aside=known.count(where=known.aside),
        upheld=known.count(where=known.upheld),
        bad=known.count(where=known.bad & ~known.aside),
    )
    return found.select(
        *keys,
        cast=found["cast"],
        counted=found["cast"] - found.aside,
        bad=found.bad,
        upheld=found.upheld,
        aside=found.aside,
    )


def unit_months(ballots: Any, standings: Any) -> Any:
    """`counts` by unit and month."""
    return counts(ballots, standings, "unit-month")


def whole_days(folder: Path, place: str) -> tuple[Day, ...]:
    """The sealed days of a place. Refused where there are none, or where one is missing or cannot be read."""
    found, faults = days(folder, place)
    if faults:
        message = N_("the sealed days of %(place)s are not whole; first: %(why)s")
        raise refuse("days-not-whole", message, place=place, why=tell(faults[0]))
    if not found:
        message = N_("there are no sealed days of %(place)s in %(folder)s")
        raise refuse("days-none", message, place=place, folder=str(folder))
    return found


def recount(engine: Engine, sealed: Sequence[Day], by: str = "unit-month") -> pa.Table:
    """The counts of these days, by rising keys; days as dates, months as text such as 2026-11, numbers as int64."""
    ballots = engine.read("ballots", [day.path for day in sealed])
    standings = engine.read("standings", [day.file("standings") for day in sealed])
    found = engine.compute(counts(ballots, standings, by))
    keys = BY[by]
    columns = {name: _plain(name, found[name]) for name in (*keys, *NUMBERS)}
    return pa.table(columns).sort_by([(key, "ascending") for key in keys])


def _plain(name: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column of a result in the one type it has here, whatever the engine made of it."""
    if name in NUMBERS:
        return column.cast(pa.int64())
    if name == "month":
        return pc.strftime(column.cast(pa.date32()), "%Y-%m")
    return column.cast(pa.date32() if name == "day" else pa.string())


@dataclass(frozen=True, slots=True)
class Difference:
    """A line in which two recounts are not the same; None where one has no such line."""

    keys: tuple[object, ...]
    one: tuple[int, ...] | None
    other: tuple[int, ...] | None


def differences(one: pa.Table, other: pa.Table, by: str) -> list[Difference]:
    """Every line in which two recounts differ, by their keys; empty where each number is equal."""
    if one.equals(other):
        return []
    first, second = _lines(one, by), _lines(other, by)
    keys = sorted(first.keys() | second.keys())
    return [
        Difference(key, first.get(key), second.get(key)) for key in keys if first.get(key) != second.get(key)
    ]


def _lines(table: pa.Table, by: str) -> dict[tuple[Any, ...], tuple[int, ...]]:
    keys = zip(*(table[name].to_pylist() for name in BY[by]), strict=True)
    numbers = zip(*(table[name].to_pylist() for name in NUMBERS), strict=True)
    return dict(zip(keys, numbers, strict=True))
