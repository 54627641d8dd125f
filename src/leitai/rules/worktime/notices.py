"""An official notice of public holidays, as a value: what it says, its number, and when it was issued."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from leitai.rules.kernel import Text


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What a notice says of one festival: the days off and the weekend days worked for them."""

    festival: Text
    off: tuple[date, ...]
    work: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """One official paper. `number` is "" where it is not known; `issued` is the date under its text."""

    country: str
    year: int
    number: str
    issued: date
    arrangements: tuple[Arrangement, ...]


def days(year: int, text: str) -> tuple[date, ...]:
    """Dates written MM-DD (of `year`) or YYYY-MM-DD, single or as spans `first..last`, parted by spaces.

    >>> days(2019, "2018-12-31..01-01 05-01")
    (datetime.date(2018, 12, 31), datetime.date(2019, 1, 1), datetime.date(2019, 5, 1))
    """
    found: list[date] = []
    for part in text.split():
        ends = [date.fromisoformat(one if len(one) == 10 else f"{year}-{one}") for one in part.split("..")]
        found += [ends[0] + timedelta(days=n) for n in range((ends[-1] - ends[0]).days + 1)]
    return tuple(found)
