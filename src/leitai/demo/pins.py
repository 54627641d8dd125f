"""Pins on ranks: a unit's quality over a quarter shifted until the table shows what the report says.

The search computes the table as freezing would, from readings held in memory, so that nothing is written
before the year fits.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from leitai.apps.measures.queries import Sources
from leitai.apps.tables.inputs import gather
from leitai.rules.kernel import Period
from leitai.rules.scoring import compute
from leitai.rules.scoring.by_rule import table_spec

from .script import Pin
from .seeded import Year, readings, redo

STEPS = 14


class Held(Sources):
    """Sources whose readings are a seeded year's, not yet in the database."""

    held: dict[tuple[str, str], list[Any]]

    def hold(self, records: Sequence[Any]) -> None:
        """Take these readings for the ones that stand."""
        self.held = {}
        for number, one in enumerate(records):
            row = SimpleNamespace(
                pk=number,
                unit_id=one.unit_id,
                period=one.period,
                value=one.value,
                numerator=one.numerator,
                denominator=one.denominator,
                target=one.target,
                state="reported",
                late=False,
            )
            self.held.setdefault((one.measure, one.period), []).append(row)

    def readings(self, measure: str, periods: Sequence[str]) -> list[Any]:
        """The seeded readings of a measure."""
        return [row for period in periods for row in self.held.get((measure, period), [])]


def fit(year: Year) -> list[Any]:
    """The seeded readings with every pin on a rank met as nearly as shifting the unit's quality can."""
    sources = Held(year.place)
    records = readings(year)
    for pin in year.seeded.pins:
        if pin.table is not None and (pin.rank or pin.gained is not None):
            records = _fit(year, pin, sources, records)
    return records


def _fit(year: Year, pin: Pin, sources: Held, records: list[Any]) -> list[Any]:
    period = Period.parse(pin.period or "")
    sources.hold(records)
    count, before = _rank(year, pin, sources, period.previous()) if pin.gained is not None else (0, 0)
    low, high = -9.0, 9.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        for month in period.within("month"):
            year.shift[pin.unit or "", month.key] = middle
        records = redo(year, records, pin.unit or "", period)
        sources.hold(records)
        count, rank = _rank(year, pin, sources, period)
        wanted = count if pin.rank == "last" else before - (pin.gained or 0)
        if rank == wanted:
            break
        if rank > wanted:
            low = middle
        else:
            high = middle
    return records


def _rank(year: Year, pin: Pin, sources: Held, period: Period) -> tuple[int, int]:
    """(ranked units in the group, the unit's rank)."""
    table = pin.table or ""
    result = compute(table_spec(year.regime, table, period.key), gather(sources, year.regime, table, period))
    ranked = [row for row in result.rows if row.group == pin.group and row.rank is not None]
    mine = next(row.rank for row in ranked if row.unit == pin.unit)
    return len(ranked), mine or 0
