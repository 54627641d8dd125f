"""The facts of cases that a measure may come from, by the name that a rule-book gives them.

Each is a value per unit with the number of observations it rests on and its standard error. What is known of a case is
known now: a case closed in the period that came back later counts as come back. A table keeps what it was made of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from leitai.apps.casework import queries as casework
from leitai.apps.people import queries as people
from leitai.rules import casework as core
from leitai.rules.scoring import rate_se

Known = casework.Arrays


@dataclass(frozen=True, eq=False)
class Fact:
    """Values per unit (NaN: nothing to say), their standard errors, and observations (None for a plain count)."""

    values: Any
    errors: Any
    n: Any


@dataclass(frozen=True, eq=False)
class Report:
    """What the cases of some units say of a period: three on-time shares of the cases opened in it, and all facts.

    `closed`: how many of each unit were closed in the period.
    """

    units: Sequence[Any]
    opened: Any
    closed: Any
    in_time: core.InTime
    facts: Mapping[str, Fact]


@dataclass(frozen=True, slots=True, eq=False)
class Whose(core.ByUnit):
    """Which unit each case counts for: the one that has it or had it last; of being late, the one that had it when it
    fell due (`at_due`)."""

    at_due: core.ByUnit


Computed = Callable[[Known, int, int, Whose], Fact]


def grouped(
    place: Any, known: Known, units: Sequence[Any], holders: Mapping[int, int] | None = None
) -> Whose:
    """Which of `units` each case counts for: the nearest at or above its own."""
    most = max(int(one.max(initial=0)) for one in (known.unit, known.at_due))
    index = np.full(most + 2, -1, np.int64)  # the last one is for cases of no unit (-1)
    for pk, number in (people.holders(place, units) if holders is None else holders).items():
        if pk < index.size - 1:
            index[pk] = number
    return Whose(index[known.unit], len(units), core.ByUnit(index[known.at_due], len(units)))


def report(place: Any, kind: str | None, start: int, end: int, units: Sequence[Any]) -> Report:
    """Everything that is said of cases of a kind (or of all) in [start, end), epoch seconds, by unit.

    Without units the answer has one entry, for all cases together, those of no unit too.
    """
    known = casework.arrays(place, kind)
    whole = np.zeros(known.ids.size, np.int64)
    by = grouped(place, known, units) if units else Whose(whole, 1, core.ByUnit(whole, 1))
    return Report(
        units,
        core.opened_in(known.opened, start, end, by),
        core.opened_in(known.closed, start, end, by),
        core.in_time(known.opened, known.due, known.closed, start, end, by.at_due),
        {name: fact(known, start, end, by) for name, fact in FACTS.items()},
    )


def _of(rate: core.Rate) -> Fact:
    return Fact(rate.value, _errors(rate.part, rate.whole), rate.whole)


def _errors(hits: Any, whole: Any) -> Any:
    return np.array([rate_se(int(h), int(n)) or np.nan for h, n in zip(hits, whole, strict=True)])


def _on_time(known: Known, start: int, end: int, by: Whose) -> Fact:
    rate = core.on_time(known.due, known.closed, start, end, by.at_due)
    return Fact(rate.value, _errors(rate.on_time, rate.fell_due), rate.fell_due)


def _survival(known: Known, start: int, end: int, by: Whose) -> Fact:
    found = core.in_time(known.opened, known.due, known.closed, start, end, by.at_due)
    # Greenwood's error is 0 where all or none were in time, from three cases too: never below that of a plain rate.
    hits = np.nan_to_num(np.rint(found.survival * found.n)).astype(np.int64)
    return Fact(found.survival, np.fmax(found.error, _errors(hits, found.n)), found.n)


def _response(known: Known, start: int, end: int, by: Whose) -> Fact:
    return _of(core.responded(np.where(known.told, known.opened, -1), known.replied, start, end, by))


def _solved(known: Known, start: int, end: int, by: Whose) -> Fact:
    return _of(core.solved(known.opened, known.closed, start, end, by))


def _median(known: Known, start: int, end: int, by: Whose) -> Fact:
    values, counts = core.median_hours(known.opened, known.closed, start, end, by)
    return Fact(values, core.median_errors(known.opened, known.closed, start, end, by), counts)


def _p90(known: Known, start: int, end: int, by: Whose) -> Fact:
    return Fact(*core.p90_hours(known.opened, known.closed, start, end, by))


def _satisfied(known: Known, start: int, end: int, by: Whose) -> Fact:
    return _of(core.share_of(known.spoke >= 0, known.spoke == 1, known.closed, start, end, by))


def _paused(known: Known, start: int, end: int, by: Whose) -> Fact:
    one = known.pauses
    opened = np.where(known.told, known.opened, -1)
    values, n = core.paused_share(opened, known.closed, one.case, one.begun, one.ended, start, end, by)
    return Fact(values, np.full(by.units, np.nan), n)


def _relapsed(known: Known, start: int, end: int, by: Whose) -> Fact:
    return _of(core.share_of(known.told & ~known.aside, known.relapsed, known.closed, start, end, by))


def _overturned(known: Known, start: int, end: int, by: Whose) -> Fact:
    return _of(core.share_of(known.answered >= 0, known.returned, known.answered, start, end, by))


def _false(known: Known, start: int, end: int, by: Whose) -> Fact:
    return _of(core.share_of(known.checked >= 0, known.checked == 1, known.closed, start, end, by))


def _backlog(known: Known, start: int, end: int, by: Whose) -> Fact:
    values = core.backlog_days(known.opened, known.closed, start, end, by)
    return Fact(values, np.full(by.units, np.nan), core.opened_in(known.opened, start, end, by))


def _overdue(known: Known, _start: int, end: int, by: Whose) -> Fact:
    return _count(core.overdue(known.opened, known.due, known.closed, end, by), by)


def _opened(known: Known, start: int, end: int, by: Whose) -> Fact:
    return _count(core.opened_in(known.opened, start, end, by), by)


def _count(counted: Any, by: Whose) -> Fact:
    return Fact(counted.astype(float), np.full(by.units, np.nan), None)


FACTS: Mapping[str, Computed] = MappingProxyType(
    {
        "cases.on_time_rate": _on_time,
        "cases.on_time_survival": _survival,
        "cases.response_rate": _response,
        "cases.solved_rate": _solved,
        "cases.median_hours": _median,
        "cases.p90_hours": _p90,
        "cases.satisfied_rate": _satisfied,
        "cases.paused_share": _paused,
        "cases.relapse_share": _relapsed,
        "cases.overturned_share": _overturned,
        "cases.false_closing_share": _false,
        "cases.backlog_days": _backlog,
        "cases.overdue": _overdue,
        "cases.opened": _opened,
    }
)
