"""Small sealed days for tests, made from plain rows, and what the rows come to when they are simply counted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from leitai.lake import DayHead, Sealed, write_day
from leitai.lake.schema import ADDITIONS_SCHEMA, SCHEMA, STANDINGS_SCHEMA, batches
from leitai.rules.ledger import root

PLACE, ZONE = "town", "Asia/Shanghai"
FIRST = date(2024, 4, 29)
Row = tuple[Any, ...]


def leaf(index: int) -> bytes:
    """A hash to stand for a leaf."""
    return sha256(index.to_bytes(8, "big")).digest()


def ballot(
    index: int,
    day: date,
    unit: str = "tax",
    grade: str = "satisfied",
    channel: str = "standing",
    hour: int = 1,
) -> Row:
    """A row as the database gives it, cast at an hour of the day in the place's zone (eight hours before UTC's)."""
    at = datetime(day.year, day.month, day.day, hour, tzinfo=UTC) - timedelta(hours=8)
    return (index, at, day, unit, 7, grade, grade == "dissatisfied", channel, leaf(index), "")


@dataclass
class Lake:
    """Days sealed one after the other, with the leaves and rows that they hold."""

    folder: Path
    leaves: list[bytes] = field(default_factory=list)
    ballots: list[Row] = field(default_factory=list)
    standings: list[Row] = field(default_factory=list)
    sealed: dict[date, Sealed] = field(default_factory=dict)

    def head(self, day: date, rows: Sequence[Row], added: int) -> DayHead:
        """The head of a day of these rows and so many additions, after the days so far."""
        first = len(self.leaves)
        size = first + len(rows) + added
        leaves = [*self.leaves, *(leaf(index) for index in range(first, size))]
        return DayHead(PLACE, day, ZONE, first, len(rows), size, root(leaves).hex())

    def seal(
        self,
        day: date,
        rows: Sequence[Row],
        decided: Sequence[Row] = (),
        *,
        added: int = 0,
        batch: int = 1000,
    ) -> Sealed:
        """Seal a day of these rows, then of so many additions; the rows come in batches of a size."""
        head = self.head(day, rows, added)
        more = [(index, leaf(index)) for index in range(head.size - added, head.size)]
        sealed = write_day(
            self.folder,
            head,
            batches(SCHEMA, parts(rows, batch)),
            batches(STANDINGS_SCHEMA, parts(decided, batch)),
            batches(ADDITIONS_SCHEMA, parts(more, batch)),
        )
        self.leaves += [leaf(index) for index in range(head.first, head.size)]
        self.ballots += rows
        self.standings += decided
        self.sealed[day] = sealed
        return sealed

    @property
    def digests(self) -> dict[date, str]:
        """What a database would have recorded."""
        return {day: one.digest for day, one in self.sealed.items()}

    def counted(self, *keys: str) -> dict[Row, Row]:
        """(cast, counted, bad, upheld, aside) by keys, counted here in the plainest way."""
        last: dict[int, tuple[datetime, str]] = {}
        for index, standing, at in self.standings:
            last[index] = max(last.get(index, (at, standing)), (at, standing))
        cells: dict[Row, Counter[str]] = defaultdict(Counter)
        for index, _, day, unit, _, grade, bad, channel, *_ in self.ballots:
            standing = last[index][1] if index in last else "counted"
            names = {
                "unit": unit, "month": f"{day:%Y-%m}", "day": day, "grade": grade, "channel": channel,
                "standing": standing,
            }  # fmt: skip
            aside = standing == "set_aside"
            cells[tuple(names[key] for key in keys)].update(
                cast=1, counted=not aside, bad=bad and not aside, upheld=standing == "upheld", aside=aside
            )
        wanted = ("cast", "counted", "bad", "upheld", "aside")
        return {key: tuple(cell[name] for name in wanted) for key, cell in cells.items()}


def parts(rows: Sequence[Row], size: int) -> Iterable[list[Row]]:
    """Rows in lists of a size."""
    return (list(rows[start : start + size]) for start in range(0, len(rows), size))


def three_days(folder: Path) -> Lake:
    """Three days over the end of a month: 40 verdicts with 2 additions, none, and 30 with decisions about both."""
    lake = Lake(folder)
    grades = ("satisfied", "dissatisfied", "very-satisfied")
    first = [ballot(n, FIRST, unit=f"u{n % 3}", grade=grades[n % 3], hour=n % 24) for n in range(40)]
    lake.seal(FIRST, sorted(first, key=lambda row: row[0]), added=2)
    lake.seal(FIRST + timedelta(1), [])
    last = FIRST + timedelta(2)
    decided = [
        (1, "upheld", datetime(2024, 5, 1, 3, tzinfo=UTC)),
        (4, "set_aside", datetime(2024, 5, 1, 4, tzinfo=UTC)),
    ]
    rows = [ballot(n, last, unit=f"u{n % 3}", grade=grades[n % 3], channel="ticket") for n in range(42, 72)]
    lake.seal(last, rows, decided)
    return lake
