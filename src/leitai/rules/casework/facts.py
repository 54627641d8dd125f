"""What cases say about units over a period: on time, replied, solved, hours taken, paused, come back, overdue.

Everything is computed from records that exist anyway. The on-time rate is the figure most often bent:
counted over closed cases alone it shows 100 % beside a drawer of overdue ones. So a case is counted in
the period in which it falls due, open and late counts as late, and the closed-only rate stands beside it.

Times are numpy int64 arrays of epoch seconds, one entry per case, -1 where there is none; `start`, `end`
and `at` are epoch seconds and periods are [start, end). Every answer is an array with one entry per unit
(`by`), or a single entry for all cases together. No case is looked at one by one, so that a million take
a fraction of a second.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Seconds = NDArray[np.int64]
Counts = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

_HOUR = 3600
_DAY = 86400


@dataclass(frozen=True, slots=True, eq=False)
class ByUnit:
    """Which unit each case belongs to: indexes 0 … units-1; a case of no unit (-1) is counted nowhere."""

    index: NDArray[np.int64]
    units: int

    def __post_init__(self) -> None:
        if self.index.size and not -1 <= int(self.index.min()) <= int(self.index.max()) < self.units:
            raise ValueError(f"unit indexes must lie in -1 … {self.units - 1}")


@dataclass(frozen=True, slots=True, eq=False)
class Rate:
    """Parts of wholes, per unit."""

    part: Counts
    whole: Counts

    @property
    def value(self) -> Floats:
        """The rates, NaN where there is nothing to divide by."""
        return divided(self.part, self.whole)


@dataclass(frozen=True, slots=True, eq=False)
class OnTime:
    """Cases that fell due in a period: how many, how many were on time, how many are closed at its end."""

    on_time: Counts
    fell_due: Counts
    closed: Counts

    @property
    def value(self) -> Floats:
        """The on-time rate that counts: open and late is late. NaN where nothing fell due."""
        return divided(self.on_time, self.fell_due)

    @property
    def closed_only(self) -> Floats:
        """The rate over closed cases alone, to be shown beside it and never instead; at least as high."""
        return divided(self.on_time, self.closed)


def on_time(due: Seconds, closed: Seconds, start: int, end: int, by: ByUnit | None = None) -> OnTime:
    """Of the cases due in [start, end): those closed at or before their due instant, and those closed by
    `end`."""
    fell = _within(due, start, end)
    done = fell & (closed >= 0)
    return OnTime(_count(done & (closed <= due), by), _count(fell, by), _count(done & (closed < end), by))


def solved(opened: Seconds, closed: Seconds, start: int, end: int, by: ByUnit | None = None) -> Rate:
    """Of the cases opened in [start, end): those closed by its end."""
    fresh = _within(opened, start, end)
    return Rate(_count(fresh & (closed >= 0) & (closed < end), by), _count(fresh, by))


def median_hours(
    opened: Seconds, closed: Seconds, start: int, end: int, by: ByUnit | None = None
) -> tuple[Floats, Counts]:
    """Median hours from opened to closed of the cases closed in [start, end), and how many those are.

    NaN where none was. The median of an even number is the mean of the middle two.
    """
    ordered, first, counts = _durations(opened, closed, start, end, by)
    median = np.full(counts.size, np.nan)
    has = counts > 0
    low, high = (first + (counts - 1) // 2)[has], (first + counts // 2)[has]
    median[has] = (ordered[low] + ordered[high]) / (2 * _HOUR)
    return median, counts


def median_errors(opened: Seconds, closed: Seconds, start: int, end: int, by: ByUnit | None = None) -> Floats:
    """Standard errors of the medians of `median_hours`, in hours; NaN for fewer than four cases.

    Half the distance between the cases ranked half the square root of n below and above the middle
    (Woodruff 1952): no shape of the durations is assumed.
    """
    ordered, first, counts = _durations(opened, closed, start, end, by)
    errors = np.full(counts.size, np.nan)
    has = counts >= 4
    half = np.sqrt(counts[has]) / 2
    middle = (counts[has] - 1) / 2
    low = first[has] + np.maximum(np.floor(middle - half), 0).astype(np.int64)
    high = first[has] + np.minimum(np.ceil(middle + half), counts[has] - 1).astype(np.int64)
    errors[has] = (ordered[high] - ordered[low]) / (2 * _HOUR)
    return errors


def p90_hours(
    opened: Seconds, closed: Seconds, start: int, end: int, by: ByUnit | None = None
) -> tuple[Floats, Floats, Counts]:
    """Hours within which nine in ten of the cases closed in [start, end) were; standard errors; how many those are.

    Between two cases it lies on the line from one to the other (Hyndman and Fan 1996, type 7). NaN where none was
    closed; the error as that of the median, NaN for fewer than ten.
    """
    ordered, first, counts = _durations(opened, closed, start, end, by)
    values, errors = np.full(counts.size, np.nan), np.full(counts.size, np.nan)
    has = counts > 0
    place = (counts[has] - 1) * 9 // 10
    rest = ((counts[has] - 1) * 9 % 10) / 10
    low = ordered[first[has] + place]
    high = ordered[first[has] + np.minimum(place + 1, counts[has] - 1)]
    values[has] = (low + rest * (high - low)) / _HOUR
    many = counts >= 10
    half, middle = np.sqrt(counts[many] * 0.09), (counts[many] - 1) * 0.9
    below = np.floor(middle - half).astype(np.int64)
    above = np.minimum(np.ceil(middle + half), counts[many] - 1).astype(np.int64)
    errors[many] = (ordered[first[many] + above] - ordered[first[many] + below]) / (2 * _HOUR)
    return values, errors, counts


def _durations(
    opened: Seconds, closed: Seconds, start: int, end: int, by: ByUnit | None
) -> tuple[Seconds, Counts, Counts]:
    """Seconds taken by the cases closed in [start, end), ordered within units; where each unit's begin; how many."""
    chosen = _within(closed, start, end) & (opened >= 0)
    if by is not None:
        chosen &= by.index >= 0
    took = closed[chosen] - opened[chosen]
    unit = np.zeros(took.size, np.int64) if by is None else by.index[chosen]
    counts = np.bincount(unit, minlength=1 if by is None else by.units).astype(np.int64)
    first = np.concatenate((np.zeros(1, np.int64), np.cumsum(counts)[:-1]))
    return took[np.lexsort((took, unit))], first, counts


def opened_in(opened: Seconds, start: int, end: int, by: ByUnit | None = None) -> Counts:
    """How many cases were opened in [start, end)."""
    return _count(_within(opened, start, end), by)


def backlog(opened: Seconds, closed: Seconds, at: int, by: ByUnit | None = None) -> Counts:
    """How many cases were open at an instant: opened before it, not closed before it."""
    return _count(_open_at(opened, closed, at), by)


def backlog_days(opened: Seconds, closed: Seconds, start: int, end: int, by: ByUnit | None = None) -> Floats:
    """The cases open at `end`, in days of the period's own inflow: how long until they were through if
    none came.

    0 where nothing is open; NaN where something is open and nothing came in to measure it by.
    """
    left = backlog(opened, closed, end, by)
    days = (end - start) / _DAY
    return np.where(left == 0, 0.0, divided(left, opened_in(opened, start, end, by)) * days)


def overdue(opened: Seconds, due: Seconds, closed: Seconds, at: int, by: ByUnit | None = None) -> Counts:
    """How many cases were open and past their due instant at an instant."""
    return _count(_open_at(opened, closed, at) & (due >= 0) & (due < at), by)


def responded(opened: Seconds, replied: Seconds, start: int, end: int, by: ByUnit | None = None) -> Rate:
    """Of the cases opened in [start, end): those that the unit had replied to by its end."""
    fresh = _within(opened, start, end)
    return Rate(_count(fresh & (replied >= 0) & (replied < end), by), _count(fresh, by))


def share_of(whole: Mask, part: Mask, at: Seconds, start: int, end: int, by: ByUnit | None = None) -> Rate:
    """Of the cases of `whole` whose instant `at` lies in [start, end): those that are of `part` too.

    Satisfied first words in first words, come back in closed, returned in answered: a share of what befell once.
    """
    asked = whole & _within(at, start, end)
    return Rate(_count(asked & part, by), _count(asked, by))


def paused_share(
    opened: Seconds,
    closed: Seconds,
    case: NDArray[np.int64],
    begun: Seconds,
    ended: Seconds,
    start: int,
    end: int,
    by: ByUnit | None = None,
) -> tuple[Floats, Counts]:
    """Time that cases stood paused in [start, end), in the time that they were open in it; and how many were open.

    Wall time, not working time: the other side waits by the wall. `case`, `begun` and `ended` are one entry per pause:
    the place of its case in the other arrays, from when, until when (-1: it still lasts). NaN where none was open.
    """
    first, last = np.maximum(opened, start), np.where(closed >= 0, np.minimum(closed, end), end)
    alive = (opened >= 0) & (last > first)
    lived = np.where(alive, last - first, 0)
    since = np.maximum(begun, first[case])
    until = np.where(ended >= 0, np.minimum(ended, last[case]), last[case])
    stood = np.where(alive[case], np.maximum(until - since, 0), 0)
    if by is None:
        sums = [np.array([stood.sum()], np.int64), np.array([lived.sum()], np.int64)]
    else:
        inside, of_pause = by.index >= 0, by.index[case]
        sums = [
            np.bincount(of_pause[of_pause >= 0], stood[of_pause >= 0], minlength=by.units).astype(np.int64),
            np.bincount(by.index[inside], lived[inside], minlength=by.units).astype(np.int64),
        ]
    return divided(*sums), _count(alive, by)


def _open_at(opened: Seconds, closed: Seconds, at: int) -> Mask:
    return (opened >= 0) & (opened < at) & ((closed < 0) | (closed >= at))


def _within(instants: Seconds, start: int, end: int) -> Mask:
    return (instants >= max(start, 0)) & (instants < end)


def _count(chosen: Mask, by: ByUnit | None) -> Counts:
    if by is None:
        return np.array([np.count_nonzero(chosen)], np.int64)
    return np.bincount(by.index[chosen & (by.index >= 0)], minlength=by.units).astype(np.int64)


def divided(part: Counts, whole: Counts) -> Floats:
    """Parts by wholes; NaN where there is nothing to divide by."""
    result = np.full(whole.shape, np.nan)
    np.divide(part, whole, out=result, where=whole > 0)
    return result
