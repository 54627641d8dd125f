"""The share of cases that will be done in time, told from those that are over and those that still run.

A rate over closed cases leaves out the drawer of old ones. One over what is closed or overdue still leaves out the
cases that are open within their time, of which the slow ones are left while the quick ones were counted. Kaplan and
Meier (1958) let an open case say what it can: that it was not done up to now. The time of a case is its share of the
time allowed, 1 at its due instant, so that ten minutes and three working days stand in one line.

Arrays as in `facts`: int64 epoch seconds, one entry per case, -1 where there is none; answers per unit.
Worked table: docs/methods/on-time.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .facts import ByUnit, Counts, Floats, Mask, Seconds, divided


@dataclass(frozen=True, slots=True, eq=False)
class InTime:
    """Three on-time shares of the same cases, side by side, per unit.

    `closed`: those that are over; `overdue`: open past their due instant; `running`: open within their time.
    `survival` is the Kaplan-Meier share done by the due instant, `error` its standard error by Greenwood's formula.
    NaN where there is no case. What stays undecided at the end counts as not in time. It always holds that
    `closed_only` >= `with_overdue` >= `survival`, the last two equal where nothing is running.
    """

    on_time: Counts
    closed: Counts
    overdue: Counts
    running: Counts
    survival: Floats
    error: Floats

    @property
    def n(self) -> Counts:
        """All cases that it rests on."""
        return self.closed + self.overdue + self.running

    @property
    def closed_only(self) -> Floats:
        """On time, in those that are over."""
        return divided(self.on_time, self.closed)

    @property
    def with_overdue(self) -> Floats:
        """On time, in those that are over or overdue."""
        return divided(self.on_time, self.closed + self.overdue)


def in_time(
    opened: Seconds, due: Seconds, closed: Seconds, start: int, end: int, by: ByUnit | None = None
) -> InTime:
    """The cases with a due time that were opened in [start, end), as they stood at `end`."""
    chosen = (opened >= max(start, 0)) & (opened < end) & (due >= 0)
    if by is not None:
        chosen &= by.index >= 0
    begun, limit, over = opened[chosen], due[chosen], closed[chosen]
    unit = np.zeros(begun.size, np.int64) if by is None else by.index[chosen]
    units = 1 if by is None else by.units
    done = (over >= 0) & (over < end)
    seen = np.where(done, over, end)
    early = seen <= limit
    share = _share(seen - begun, limit - begun, early)
    survival, error = _product_limit(share, done, unit, units)
    counts = [
        np.bincount(unit[mask], minlength=units).astype(np.int64)
        for mask in (done & early, done, ~done & ~early, ~done & early)
    ]
    return InTime(counts[0], counts[1], counts[2], counts[3], survival, error)


def _share(took: Seconds, allowed: Seconds, early: Mask) -> Floats:
    """Time taken as a share of the time allowed, at most 1 just where it is within; no time allowed is used at once."""
    share = np.where(early, 0.0, np.inf)
    np.divide(np.maximum(took, 0), allowed, out=share, where=allowed > 0)
    return share


def _product_limit(share: Floats, done: Mask, unit: Counts, units: int) -> tuple[Floats, Floats]:
    """(share done by 1, standard error) per unit. Of a tie the done come first, so that the open were at risk.

    Cases of one tie are taken one after another: the factors (n-1)/n of d of them multiply to (n-d)/n, and
    Greenwood's terms 1/(n(n-1)) add to d/(n(n-d)).
    """
    order = np.lexsort((~done, share, unit))
    sizes = np.bincount(unit, minlength=units)
    first = np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes)[:-1]))
    sorted_unit = unit[order]
    at_risk = sizes[sorted_unit] - (np.arange(order.size) - first[sorted_unit])
    event = done[order] & (share[order] <= 1)
    unit_of, n = sorted_unit[event], at_risk[event].astype(np.float64)
    last = np.zeros(units, np.bool_)
    last[unit_of[n == 1]] = True  # the last at risk was done in time: nothing is left over
    many = n > 1
    n, unit_of = n[many], unit_of[many]
    left = np.exp(np.bincount(unit_of, np.log1p(-1 / n), minlength=units))
    left[last] = 0
    terms = np.bincount(unit_of, 1 / (n * (n - 1)), minlength=units)
    nobody = sizes == 0
    return np.where(nobody, np.nan, 1 - left), np.where(nobody, np.nan, left * np.sqrt(terms))
