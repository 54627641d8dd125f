"""A calendar: when an office is open, and which of its days are workdays.

Two things are kept apart, because the law and the clocks keep them apart:

open windows  The minutes in which a clock of minutes runs. A Saturday duty from 9 to 12 has windows.
workday       A day that counts in "n workdays" (工作日): by default Monday to Friday, less the public
              holidays, plus the make-up workdays. A Saturday duty is none.

On a public holiday nothing is open. On a make-up workday the windows of a normal Monday hold. Windows are
wall time in the calendar's zone. A calendar is a value: two calendars that say the same are equal, and
`version` names exactly what was known and said when a due time was fixed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cached_property
from zoneinfo import ZoneInfo

from leitai.rules.kernel import N_, Text, nearest

from .books import Book, book_of
from .errors import CalendarError

Windows = tuple[tuple[int, int], ...]
"""The open windows of a day, in minutes after midnight: ordered, apart, the last may end at 1440 (24:00)."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONDAY_TO_FRIDAY = (True, True, True, True, True, False, False)

_WINDOW = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–—~至]\s*(\d{1,2})[:：](\d{2})")
_NORMAL = Text(zh="工作日", en="workday")
_WEEKEND = Text(zh="周末", en="weekend")
_OPEN = Text(zh="值班日", en="open, not a workday")
_ALWAYS = Text(zh="全天开放", en="always open")


@dataclass(frozen=True, slots=True)
class DayInfo:
    """What a calendar says of one date. `provisional` where a notice to come may still change it."""

    date: date
    working: bool
    reason: Text
    windows: Windows
    provisional: bool


@dataclass(frozen=True)
class Calendar:
    """Open windows and workdays of a place.

    `week` has seven entries from Monday; `workdays` says which weekdays are workdays by themselves.
    `holidays` names official notices ("CN") or is ""; `closed` and `makeup` are the place's own days off and
    days worked with their reasons, and win over the notices. `known_on` leaves out notices issued later.
    `announced` is the first and last year that the place's own days are complete for (None: any year).
    Raises CalendarError where it could never be open or a workday had no windows.
    """

    key: str
    zone: ZoneInfo
    week: tuple[Windows, ...]
    workdays: tuple[bool, ...] = MONDAY_TO_FRIDAY
    holidays: str = ""
    closed: tuple[tuple[date, Text], ...] = ()
    makeup: tuple[tuple[date, Text], ...] = ()
    known_on: date | None = None
    announced: tuple[int, int] | None = None
    _days: dict[date, DayInfo] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.week) != 7 or len(self.workdays) != 7:
            raise CalendarError("not-a-week", N_("calendar %(key)s needs seven weekdays"), key=self.key)
        for windows in self.week:
            _check(windows)
        if not any(self.week):
            raise CalendarError(
                "never-open",
                N_("calendar %(key)s is never open: give it windows, as 08:30-12:00"),
                key=self.key,
            )
        for name, working, windows in zip(WEEKDAYS, self.workdays, self.week, strict=True):
            if working and not windows:
                raise CalendarError(
                    "workday-without-windows",
                    N_("calendar %(key)s: %(day)s is a workday but has no windows"),
                    key=self.key,
                    day=name,
                )
        both = {day for day, _ in self.closed} & {day for day, _ in self.makeup}
        if both:
            raise CalendarError(
                "closed-and-worked",
                N_("calendar %(key)s: %(day)s is both a day off and a make-up workday"),
                key=self.key,
                day=min(both),
            )
        if self.holidays:
            book_of(self.holidays, self.known_on)

    @cached_property
    def _hash(self) -> int:
        return hash((self.key, self.zone.key, self.week, self.closed, self.makeup, self.known_on))

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _book(self) -> Book | None:
        return book_of(self.holidays, self.known_on) if self.holidays else None

    @cached_property
    def _own(self) -> dict[date, tuple[bool, Text]]:
        closed = {day: (False, why) for day, why in self.closed}
        return closed | {day: (True, why) for day, why in self.makeup}

    @cached_property
    def version(self) -> str:
        """What the calendar knew and said: the notices' state and a digest of everything else.

        Two calendars with one version give one answer to every question: "CN-2026.1+1f6c0a52".
        """
        book = self._book
        notices = [f"{one.year} {one.number} {one.issued}" for one in book.notices] if book else []
        said = (self.zone.key, self.week, self.workdays, self.announced, self.closed, self.makeup, notices)
        digest = hashlib.sha256(repr(said).encode()).hexdigest()[:8]
        return f"{book.version if book else 'own'}+{digest}"

    @property
    def noticed(self) -> frozenset[int]:
        """The years that official notices known to it speak of; a notice may name a day or two of the year before."""
        return self._book.years | {day.year for day in self._book.entries} if self._book else frozenset()

    def as_known(self, known_on: date | None) -> Calendar:
        """The same calendar with only the notices issued on or before a date."""
        return replace(self, known_on=known_on)

    def __reduce__(self) -> tuple[type[Calendar], tuple[object, ...]]:
        """Travel by what was said, not by what was looked up: a calendar is sent to other processes."""
        return type(self), tuple(getattr(self, one.name) for one in fields(self) if one.init)

    def day(self, day: date) -> DayInfo:
        """What the calendar says of a date (in its own zone)."""
        found = self._days.get(day)
        if found is None:
            found = self._days[day] = self._look_up(day)
        return found

    def settled(self, day: date) -> bool:
        """Whether no notice to come can change this date; what the place itself says of a day wins over notices."""
        if day in self._own:
            return True
        if self.announced is not None and not self.announced[0] <= day.year <= self.announced[1]:
            return False
        return self._book is None or self._book.settled(day)

    def _look_up(self, day: date) -> DayInfo:
        provisional = not self.settled(day)
        if day in self._own:
            working, reason = self._own[day]
            return DayInfo(day, working, reason, self._worked if working else (), False)
        entry = self._book.entries.get(day) if self._book else None
        if entry is not None:
            name = entry.festival
            if not entry.working:
                return DayInfo(day, False, name, (), provisional)
            reason = Text(zh=f"{name.show('zh')}调休上班", en=f"make-up workday for {name.show('en')}")
            return DayInfo(day, True, reason, self._worked, provisional)
        weekday = day.weekday()
        working, windows = self.workdays[weekday], self.week[weekday]
        if working:
            reason = _ALWAYS if windows == ((0, 1440),) else _NORMAL
        else:
            reason = _OPEN if windows else _WEEKEND
        return DayInfo(day, working, reason, windows, provisional)

    @cached_property
    def _worked(self) -> Windows:
        """The windows of a make-up workday: a Monday's, or those of the first open weekday."""
        return next(windows for windows in self.week if windows)


def office(
    key: str,
    zone: str | ZoneInfo,
    windows: Iterable[str] = ("08:30-12:00", "13:30-17:30"),
    *,
    days: Mapping[str, Iterable[str]] | None = None,
    holidays: str | Mapping[date, str | Text] = "CN",
    makeup: Mapping[date, str | Text] | None = None,
    workdays: Iterable[str] | None = None,
    known_on: date | None = None,
    announced: tuple[int, int] | None = None,
) -> Calendar:
    """A calendar from the texts of a rule-book.

    `windows` hold from Monday to Friday, `days` overrides weekdays by name ("saturday": ["09:00-12:00"];
    an empty list closes one). `holidays` names official notices or lists days off with reasons. `workdays`
    names the weekdays that are workdays; without it those of Monday to Friday that have windows.
    Raises CalendarError.

    >>> office("hall", "Asia/Shanghai", ["08:30-17:30"], days={"saturday": ["09:00-12:00"]}).week[5]
    ((540, 720),)
    """
    plain = parse_windows(windows)
    week = [plain] * 5 + [(), ()]
    for name, texts in (days or {}).items():
        week[_weekday(name)] = parse_windows(texts)
    named = {n for n in range(5) if week[n]} if workdays is None else {_weekday(name) for name in workdays}
    own = holidays if not isinstance(holidays, str) else {}
    return Calendar(
        key=key,
        zone=ZoneInfo(zone) if isinstance(zone, str) else zone,
        week=tuple(week),
        workdays=tuple(n in named for n in range(7)),
        holidays=holidays if isinstance(holidays, str) else "",
        closed=_reasons(own),
        makeup=_reasons(makeup or {}),
        known_on=known_on,
        announced=announced,
    )


def always(key: str, zone: str | ZoneInfo) -> Calendar:
    """A calendar that never closes: every minute counts, every day is a workday."""
    return office(key, zone, days=dict.fromkeys(WEEKDAYS, ("00:00-24:00",)), holidays="", workdays=WEEKDAYS)


def parse_windows(texts: Iterable[str]) -> Windows:
    """Windows from texts like "08:30-12:00"; 24:00 may end one. Raises CalendarError."""
    found = []
    for text in texts:
        match = _WINDOW.fullmatch(text.strip())
        if match is None:
            raise CalendarError(
                "not-a-window",
                N_("%(text)s is not a window: write a start and an end, as 08:30-12:00"),
                text=repr(text),
            )
        hour, minute, until_hour, until_minute = (int(group) for group in match.groups())
        if minute > 59 or until_minute > 59:
            raise CalendarError("not-a-time", N_("%(text)s: minutes run from 00 to 59"), text=repr(text))
        found.append((hour * 60 + minute, until_hour * 60 + until_minute))
    windows = tuple(found)
    _check(windows)
    return windows


def _check(windows: Windows) -> None:
    before = 0
    for start, end in windows:
        if not before <= start < end <= 1440:
            raise CalendarError(
                "bad-windows",
                N_("windows %(windows)s: each must end after it starts, by 24:00, and follow the one before"),
                windows=", ".join(f"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}" for a, b in windows),
            )
        before = end


def _weekday(name: str) -> int:
    try:
        return WEEKDAYS.index(name.lower())
    except ValueError:
        raise CalendarError(
            "unknown-weekday",
            N_("%(name)s is no weekday: write %(right)s"),
            name=repr(name),
            right=nearest(name.lower(), WEEKDAYS) or ", ".join(WEEKDAYS),
        ) from None


def _reasons(days: Mapping[date, str | Text]) -> tuple[tuple[date, Text], ...]:
    return tuple((day, why if isinstance(why, Text) else Text(zh=why)) for day, why in sorted(days.items()))
