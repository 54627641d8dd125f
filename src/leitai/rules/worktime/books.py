"""A country's days off as known on a given day.

They are not a rule but a stack of dated papers, and a paper may change an earlier one. A due time fixed last
January must be explicable by the papers of last January, so a book of days is taken "as known on" a date.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from leitai.rules.kernel import N_, Text, nearest

from .cn_notices import NOTICES
from .errors import CalendarError
from .notices import Arrangement, Notice

COUNTRIES: tuple[str, ...] = ("CN",)


@dataclass(frozen=True, slots=True)
class Entry:
    """What the notices in force say of one day."""

    working: bool
    festival: Text
    notice: Notice


@dataclass(frozen=True, slots=True)
class Book:
    """A country's days as known on a date: `version` names the state of knowledge ("CN-2020.2")."""

    country: str
    entries: Mapping[date, Entry]
    years: frozenset[int]
    version: str
    notices: tuple[Notice, ...]

    def settled(self, day: date) -> bool:
        """Whether the notices say all there is to say of a day.

        The last days of a year can still be moved by the next year's notice (it happened in 2006, 2007, 2011,
        2018 and 2022, from 29 December on), so they are settled only when that one is out too.
        """
        at_year_end = (day.month, day.day) >= (12, 29)
        return day.year in self.years and (not at_year_end or day.year + 1 in self.years)


def notices_of(country: str, known_on: date | None = None) -> tuple[Notice, ...]:
    """A country's notices issued on or before `known_on` (all of them without it), oldest first.

    Raises CalendarError for a country without notices here.
    """
    if country not in COUNTRIES:
        raise CalendarError(
            "unknown-holidays",
            N_("no official holidays are known for %(country)s: write %(known)s, or list the days"),
            country=repr(country),
            known=nearest(country.upper(), COUNTRIES) or ", ".join(COUNTRIES),
        )
    return tuple(one for one in NOTICES if known_on is None or one.issued <= known_on)


@lru_cache(maxsize=64)
def book_of(country: str, known_on: date | None = None) -> Book:
    """A country's days as known on a date; a later notice replaces an earlier one festival by festival."""
    notices = notices_of(country, known_on)
    stated: dict[tuple[int, Text], tuple[Notice, Arrangement]] = {}
    for notice in sorted(notices, key=lambda one: one.issued):
        for arrangement in notice.arrangements:
            stated[notice.year, arrangement.festival] = (notice, arrangement)
    entries: dict[date, Entry] = {}
    for notice, arrangement in stated.values():
        entries |= {day: Entry(False, arrangement.festival, notice) for day in arrangement.off}
        entries |= {day: Entry(True, arrangement.festival, notice) for day in arrangement.work}
    years = frozenset(one.year for one in notices)
    last = max(years, default=0)
    version = f"{country}-{last}.{sum(one.year == last for one in notices)}" if years else f"{country}-none"
    return Book(country, MappingProxyType(entries), years, version, notices)


def announced_years(country: str, known_on: date | None = None) -> tuple[int, int]:
    """The first and last year that a country's notices cover. Raises CalendarError where there are none."""
    years = book_of(country, known_on).years
    if not years:
        raise CalendarError(
            "no-notices",
            N_("no notice of %(country)s was known on %(day)s"),
            country=country,
            day=known_on,
        )
    return min(years), max(years)
