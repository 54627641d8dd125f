"""Figures that come many at a time, from a filled workbook or another system: each line judged by itself, taken once.

What is there already with the same value is left alone, so the same file may be sent again; another value is a
correction, which is made on the page, with a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from leitai.apps.ledger.errors import Refused
from leitai.apps.people import queries as people
from leitai.rules.kernel import N_, Finding, Period, PeriodError

from . import actions, queries
from .models import Reading

MOST = Decimal(10) ** 17  # a reading's column holds so many, with six decimals


@dataclass(frozen=True)
class Line:
    """A figure as it came: where it stood (a cell's address, a number), whose, what, when, and how much."""

    where: str
    unit: str
    measure: str
    period: str
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None


@dataclass
class Taken:
    """What became of lines: numbers taken and known, and what could not be taken, by where it stood."""

    taken: int = 0
    known: int = 0
    rejected: list[tuple[str, Finding]] = field(default_factory=list)


def take(place: Any, lines: Iterable[Line], may: Callable[[Any], bool], *, by: str, now: datetime) -> Taken:
    """Report what can be reported. `may` says whether whoever sent a line may speak for its unit."""
    units = {unit.key: unit for unit in people.units(place)}
    told = Taken()
    for line in lines:
        unit = units.get(line.unit)
        if unit is None or not may(unit):
            finding = Finding("unknown-unit", N_("there is no unit “%(unit)s” that you report for"))
            told.rejected.append(
                (line.where, Finding(finding.code, finding.message, values={"unit": line.unit}))
            )
            continue
        found = _one(place, unit, line, by, now)
        if isinstance(found, Finding):
            told.rejected.append((line.where, found))
        elif found:
            told.taken += 1
        else:
            told.known += 1
    return told


def _one(place: Any, unit: Any, line: Line, by: str, now: datetime) -> bool | Finding:
    """Whether the figure is new; or why it cannot be taken."""
    try:
        period = Period.parse(line.period)
    except PeriodError:
        return Finding("no-period", N_("“%(text)s” is not a period."), values={"text": line.period[:20]})
    for number in (line.value, line.numerator, line.denominator):
        if number is not None and not _fits(number):
            return Finding(
                "not-a-number", N_("“%(text)s” is not a number."), values={"text": str(number)[:40]}
            )
    held = [row for row in queries.current(place, line.measure, [period.key]) if row.unit_id == unit.pk]
    if held:
        if len(held) == 1 and _same(held[0], line):
            return False
        return Finding(
            "held-other",
            N_("%(held)s is held already; correct it on the page of readings, with a reason"),
            values={"held": ", ".join(_said(row) for row in held[:3])},
        )
    try:
        actions.report(
            unit=unit,
            measure=line.measure,
            period=period,
            value=line.value,
            numerator=line.numerator,
            denominator=line.denominator,
            by=by,
            now=now,
        )
    except Refused as why:
        return why.finding
    return True


def _fits(number: Decimal) -> bool:
    return number.is_finite() and abs(number) < MOST and round(number, 6) == number


def _same(row: Reading, line: Line) -> bool:
    pairs = (
        (row.value, line.value),
        (row.numerator, line.numerator),
        (row.denominator, line.denominator),
    )
    return all(_alike(held, sent) for held, sent in pairs)


def _alike(held: Decimal | None, sent: Decimal | None) -> bool:
    """Whether two numbers are one; a spreadsheet keeps fifteen digits of a longer one."""
    if held is None or sent is None:
        return held is sent
    return held == sent or f"{float(held):.15g}" == f"{float(sent):.15g}"


def _said(row: Reading) -> str:
    if row.value is not None:
        return queries.plain(row.value)
    assert row.numerator is not None
    assert row.denominator is not None
    return f"{queries.plain(row.numerator)}/{queries.plain(row.denominator)}"
