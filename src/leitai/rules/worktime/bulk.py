"""Working time for millions of instants at once: the same answers as `clock.py`, from dense tables.

Recounting a year, judging imported cases or a what-if over all of them asks for a million due times. A
calendar over some years is compiled once into equal cells (as wide as its windows allow: half an hour for
08:30-12:00), few enough to stay in the processor's cache; then each answer is two look-ups and no search:

    worked  seconds of open time before each cell       instant → seconds worked so far
    cells   start of each open cell, in order           seconds worked → instant

Instants are int64 seconds since 1970 in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from leitai.rules.kernel import N_

from .calendars import Calendar
from .clock import due, last_close, need_workdays, out_of_time, spans, wall
from .durations import Within
from .errors import CalendarError

Seconds = NDArray[np.int64]

# Wider than any real calendar of some decades at one minute a cell; beyond it memory, not time, is the limit.
_MOST_CELLS = 60_000_000
_DAY = 86400  # seconds
# How many are surely within a year: the first guess of how far a table must reach.
_PER_YEAR = {"workdays": 240, "days": 365}


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A calendar compiled for the years `first` to `last`; cells are `step` seconds wide from `base` on."""

    first: int
    last: int
    base: int
    step: int
    worked: NDArray[np.int32]  # per cell and one more: open cells before it
    cells: Seconds  # per open cell: its start
    day: NDArray[np.int32]  # per cell: the local date it lies in, counted from 1 January of `first`
    midnights: Seconds  # per local date and one more: its start
    workdays: NDArray[np.int32]  # per local date: workdays up to and with it
    closes: Seconds  # per workday: the end of its last window
    even: bool  # whether every local date is 24 hours long

    def cell(self, instants: Seconds) -> Seconds:
        """The cell each instant lies in."""
        return (instants - self.base) // self.step

    def local_day(self, instants: Seconds) -> Seconds | NDArray[np.int32]:
        """The number of the local date that each instant lies in."""
        if self.even:
            return (instants - self.base) // _DAY
        return self.day[self.cell(instants)]

    def spent(self, instants: Seconds) -> Seconds:
        """Open seconds from the table's start to each instant."""
        cell = self.cell(instants)
        before = self.worked[cell].astype(np.int64)
        inside = (instants - self.base - cell * self.step) * (self.worked[cell + 1] - before)
        return before * self.step + inside


def due_many(starts: Seconds, within: Within, calendar: Calendar) -> Seconds:
    """The due instant of each start, equal to `due` one by one. Raises CalendarError as `due` does.

    `starts` and the answer are int64 seconds since 1970 (UTC), one-dimensional.
    """
    starts = _instants(starts)
    if not starts.size:
        return starts.copy()
    if within.unit == "workdays":
        need_workdays(calendar)
    first, last = _years(starts)
    seconds = within.open_seconds
    ahead = 1 + (seconds // (3600 * 1500) if seconds else within.amount // _PER_YEAR[within.unit])
    while True:
        if last + ahead > 9998:
            raise out_of_time(calendar)
        table = _table(calendar, first - 1, last + ahead)
        if seconds:
            found = _due_open(table, starts, seconds)
        elif within.unit == "workdays":
            found = _due_workdays(table, starts, within.amount)
        else:
            found = _due_days(table, starts, within, calendar)
        if found is not None:
            return found
        ahead *= 2


def between_many(starts: Seconds, ends: Seconds, calendar: Calendar) -> Seconds:
    """Open seconds from each start to each end, negative where the end comes first; equal to `between`."""
    starts, ends = _instants(starts), _instants(ends)
    if not starts.size:
        return starts.copy()
    first, last = _years(np.array([starts.min(), starts.max(), ends.min(), ends.max()]))
    table = _table(calendar, first - 1, last + 1)
    return table.spent(ends) - table.spent(starts)


def _due_open(table: Table, starts: Seconds, seconds: int) -> Seconds | None:
    target = table.spent(starts) + seconds
    # One second less, so that a target at the edge of two windows is the end of the first.
    cell = (target - 1) // table.step
    if int(cell.max()) >= len(table.cells):
        return None
    return table.cells[cell] + (target - cell * table.step)


def _due_workdays(table: Table, starts: Seconds, amount: int) -> Seconds | None:
    day = table.local_day(starts)
    number = table.workdays.astype(np.int64) + amount - 1
    last = len(table.closes) - 1
    if int(number[int(day.max())]) > last:
        return None
    return table.closes[np.minimum(number, last)][day]


def _due_days(table: Table, starts: Seconds, within: Within, calendar: Calendar) -> Seconds | None:
    day = table.day[table.cell(starts)].astype(np.int64)
    until = day + within.amount
    if int(until.max()) + 1 >= len(table.midnights):
        return None
    found = table.midnights[until] + (starts - table.midnights[day])
    # Days on which the clocks change are few; they are counted one by one.
    length = np.diff(table.midnights)
    odd = np.flatnonzero((length[day] != 86400) | (length[until] != 86400))
    for n in odd:
        start = datetime.fromtimestamp(int(starts[n]), UTC)
        found[n] = int(due(start, within, calendar).instant.timestamp())
    return found


def _instants(values: Seconds) -> Seconds:
    found = np.asarray(values)
    if found.ndim != 1 or (found.size and not np.issubdtype(found.dtype, np.integer)):
        raise TypeError("instants are a one-dimensional array of int64 seconds since 1970 in UTC")
    return found.astype(np.int64, copy=False)


def _years(instants: Seconds) -> tuple[int, int]:
    ends = np.array([instants.min(), instants.max()]).astype("datetime64[s]").astype("datetime64[Y]")
    first, last = ends.astype(int) + 1970
    return int(first), int(last)


@lru_cache(maxsize=16)
def _table(calendar: Calendar, first: int, last: int) -> Table:
    """Compile a calendar for whole years of its own zone."""
    opening, end = date(first, 1, 1), date(last + 1, 1, 1)
    length = (end - opening).days
    every = [opening + timedelta(days=n) for n in range(length)]
    midnights = np.array([_epoch(wall(day, 0, calendar)) for day in (*every, end)], dtype=np.int64)
    windows = [(_epoch(a), _epoch(b)) for day in every for a, b in spans(day, calendar)]
    opens, closes = np.array(windows, dtype=np.int64).reshape(-1, 2).T
    working = np.array([calendar.day(day).working for day in every])
    ends = [_epoch(last_close(day, calendar)) for day in every if calendar.day(day).working]

    base = int(midnights[0])
    edges = np.concatenate([midnights, opens, closes]) - base
    step = int(np.gcd.reduce(edges))
    count = (int(midnights[-1]) - base) // step
    if count > _MOST_CELLS:
        raise CalendarError(
            "span-too-long",
            N_("%(first)s to %(last)s is too long a time for calendar %(key)s at once: take fewer years"),
            first=first,
            last=last,
            key=calendar.key,
        )
    change = np.zeros(count + 1, dtype=np.int8)
    np.add.at(change, (opens - base) // step, 1)
    np.add.at(change, (closes - base) // step, -1)
    is_open = np.cumsum(change[:-1], dtype=np.int8).astype(bool)
    worked = np.zeros(count + 1, dtype=np.int32)
    np.cumsum(is_open, out=worked[1:])
    return Table(
        first=first,
        last=last,
        base=base,
        step=step,
        worked=worked,
        cells=base + np.flatnonzero(is_open).astype(np.int64) * step,
        day=np.repeat(np.arange(length, dtype=np.int32), np.diff(midnights) // step),
        midnights=midnights,
        workdays=np.cumsum(working, dtype=np.int32),
        closes=np.array(ends, dtype=np.int64),
        even=bool((np.diff(midnights) == _DAY).all()),
    )


def _epoch(instant: datetime) -> int:
    return int(instant.timestamp())
