"""What the screens are given: counts by day, ballots, tickets, channels, words, decisions. Columns, not objects.

Arrays are numpy int64 unless said otherwise, one entry per thing; `unit` columns are positions in `units`.
Days are counted from `first`, in the place's own calendar. Each value checks its shapes and raises ValueError.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

import numpy as np
from numpy.typing import NDArray

from .tails import Counts, Floats

Row = tuple[str, int | None]  # a unit, and the number of the point there or None for the unit as a whole
_QUARTER = 900


def _same(wrong: str, *columns: Sequence[object] | NDArray[np.generic]) -> None:
    if len({len(column) for column in columns}) > 1:
        raise ValueError(f"{wrong}: columns of different length {[len(column) for column in columns]}")


def _within(wrong: str, index: Counts, end: int) -> None:
    if index.size and not 0 <= int(index.min()) <= int(index.max()) < end:
        raise ValueError(f"{wrong}: positions must lie in 0 … {end - 1}")


@dataclass(frozen=True, slots=True, eq=False)
class Daily:
    """Counts of each row on each day, (rows, days); `over` of the same shape (float): what they are out of."""

    first: date
    rows: tuple[Row, ...]
    counts: Counts
    over: Floats | None = None

    def __post_init__(self) -> None:
        if self.counts.ndim != 2 or len(self.counts) != len(self.rows):
            raise ValueError(f"daily counts of {len(self.rows)} rows cannot have shape {self.counts.shape}")
        if self.over is not None and self.over.shape != self.counts.shape:
            raise ValueError(f"counts {self.counts.shape} and what they are over {self.over.shape} differ")
        if self.counts.size and (self.counts.min() < 0 or (self.over is not None and self.over.min() < 0)):
            raise ValueError("daily counts begin at 0")

    @property
    def last(self) -> date:
        """The last day."""
        return self.first + timedelta(days=self.counts.shape[1] - 1)


@dataclass(frozen=True, slots=True, eq=False)
class Ballots:
    """Ballots of a window. `at`: epoch seconds UTC; `bad`: bool; `device`, `network`: codes, -1 where unknown.

    Codes may be keyed hashes: only sameness counts, networks over the whole window, devices within a day. A
    unit's own kiosk is no device: give its ballots -1. `zone` is the place's.
    """

    units: tuple[str, ...]
    unit: Counts
    at: Counts
    bad: NDArray[np.bool_]
    device: Counts
    network: Counts
    zone: tzinfo

    def __post_init__(self) -> None:
        _same("ballots", self.unit, self.at, self.bad, self.device, self.network)
        _within("ballots' units", self.unit, len(self.units))

    def wall(self) -> Counts:
        """Each ballot's seconds on the place's clock since the start of 1970-01-01 there."""
        quarters, which = np.unique(self.at // _QUARTER, return_inverse=True)
        shift = np.array([self._shift(int(quarter)) for quarter in quarters], dtype=np.int64)
        return self.at + shift[which] if self.at.size else self.at

    def _shift(self, quarter: int) -> int:
        offset = datetime.fromtimestamp(quarter * _QUARTER, UTC).astimezone(self.zone).utcoffset()
        return int((offset or timedelta()).total_seconds())


@dataclass(frozen=True, slots=True, eq=False)
class Tickets:
    """Numbers of tickets that have a service record. `row`: position in rows; `day`: days since first.

    Each row numbers its tickets one by one, 0 … 2³²-1, anew every day.
    """

    first: date
    days: int
    rows: tuple[Row, ...]
    row: Counts
    day: Counts
    serial: Counts

    def __post_init__(self) -> None:
        _same("tickets", self.row, self.day, self.serial)
        _within("tickets' rows", self.row, len(self.rows))
        _within("tickets' days", self.day, self.days)
        _within("tickets' numbers", self.serial, 1 << 32)


@dataclass(frozen=True, slots=True, eq=False)
class Channels:
    """Per unit: verdicts by the standing code and by those invited by lot, and the bad ones among them."""

    last: date
    units: tuple[str, ...]
    standing_bad: Counts
    standing: Counts
    invited_bad: Counts
    invited: Counts

    def __post_init__(self) -> None:
        _same("channels", self.units, self.standing_bad, self.standing, self.invited_bad, self.invited)
        if (self.standing_bad > self.standing).any() or (self.invited_bad > self.invited).any():
            raise ValueError("more bad verdicts than verdicts")


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """Words that citizens added: `unit` and the text itself."""

    last: date
    units: tuple[str, ...]
    unit: Counts
    text: tuple[str, ...]

    def __post_init__(self) -> None:
        _same("texts", self.unit, self.text)
        _within("texts' units", self.unit, len(self.units))


@dataclass(frozen=True, slots=True, eq=False)
class Decisions:
    """Decisions on bad verdicts. `decider`: position in deciders (who called back, or who reviewed).

    `against` (bool): the decision went against the citizen: set aside, withdrawn, mistaken; or overturned.
    """

    last: date
    units: tuple[str, ...]
    deciders: tuple[str, ...]
    unit: Counts
    decider: Counts
    against: NDArray[np.bool_]

    def __post_init__(self) -> None:
        _same("decisions", self.unit, self.decider, self.against)
        _within("decisions' units", self.unit, len(self.units))
        _within("decisions' deciders", self.decider, len(self.deciders))
