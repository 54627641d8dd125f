"""The time sheet of a due time: day by day what was charged and why, for whoever is held to it.

A unit that is called to account for a broken promise, and the inspector who calls it, must be able to check
the count with a wall calendar and a pencil.

    2026-09-30 Wed 16:50 · the event; its day is not counted
    2026-10-01 Thu · National Day · not counted · 0 of 3 workdays
    …
    2026-10-10 Sat 17:30 · due
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from leitai.rules.kernel import Text

from .calendars import Calendar
from .clock import due, in_zone, spans
from .durations import Within, spoken

_ZH_DAYS = "一二三四五六日"
_EN_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the event, a date, or the due instant.

    `at` is set for the event and the due instant, `spans` are the open times used on the date, all in the
    calendar's zone. `charged` and `total` are seconds of open time, or workdays, or days; over all lines
    `charged` adds up to the amount promised.
    """

    kind: Literal["event", "day", "due"]
    date: date
    reason: Text
    within: Within
    at: datetime | None = None
    spans: tuple[tuple[datetime, datetime], ...] = ()
    charged: int = 0
    total: int = 0
    provisional: bool = False

    def text(self, language: str = "en") -> str:
        """The line as a sentence for people, Chinese where `language` starts with "zh", else English."""
        zh = language.lower().startswith("zh")
        weekday = f"星期{_ZH_DAYS[self.date.weekday()]}" if zh else _EN_DAYS[self.date.weekday()]
        parts = [f"{self.date} {weekday}" + (f" {_clock(self.at, self.date)}" if self.at else "")]
        parts.append(self.reason.show(language))
        if self.kind == "day":
            parts += [f"{_clock(a, self.date)}–{_clock(b, self.date)}" for a, b in self.spans]
            total, of = _said(self.total, self.within, language), self.within.text.show(language)
            if not self.charged:
                parts.append("不计" if zh else "not counted")
            elif self.within.unit != "workdays":
                parts.append(("计" if zh else "+") + _said(self.charged, self.within, language))
            parts.append(f"累计{total}/{of}" if zh else f"{total} of {of}")
        if self.provisional:
            parts.append("暂定：放假安排尚未公布" if zh else "provisional: holidays not announced yet")
        return " · ".join(parts)


def explain(start: datetime, within: Within, calendar: Calendar) -> tuple[Line, ...]:
    """The lines from the event at `start` (aware) to the due instant that `due` gives; raises as it does."""
    end = due(start, within, calendar)
    local, at = in_zone(start, calendar), end.local(calendar)
    open_time = Text(zh="事项发生，在上班时段内计时", en="the event; time counts in open windows")
    how = {
        "seconds": open_time,
        "minutes": open_time,
        "workdays": Text(zh="事项发生，当日不计，自次日起算", en="the event; its day is not counted"),
        "days": Text(zh="事项发生，按自然日计至同一时刻", en="the event; due at this time of day"),
    }
    event = Line("event", local.date(), how[within.unit], within, at=local)
    if within.open_seconds:
        days = _open(start, end.instant, within, calendar)
    elif within.unit == "workdays":
        days = _workdays(local.date(), within, calendar)
    else:
        days = _days(local.date(), within, calendar)
    whole, reason = within.open_seconds or within.amount, Text(zh="到期", en="due")
    last = Line("due", at.date(), reason, within, at=at, total=whole, provisional=end.provisional)
    return (event, *days, last)


def _open(start: datetime, end: datetime, within: Within, calendar: Calendar) -> Iterator[Line]:
    # A clock that stops at 24:00 stops on the day before.
    day, final = in_zone(start, calendar).date(), in_zone(end - timedelta.resolution, calendar).date()
    first, spent, total = start.astimezone(UTC), timedelta(), 0
    while day <= final:
        used = [(max(a, first), min(b, end)) for a, b in spans(day, calendar)]
        used = [(a, b) for a, b in used if a < b]
        spent += sum((b - a for a, b in used), timedelta())
        # Whole seconds of the running total, so that a start inside a second still adds up.
        charged, total = int(spent.total_seconds()) - total, int(spent.total_seconds())
        info = calendar.day(day)
        local = tuple((a.astimezone(calendar.zone), b.astimezone(calendar.zone)) for a, b in used)
        yield Line("day", day, info.reason, within, None, local, charged, total, info.provisional)
        day += timedelta(days=1)


def _workdays(day: date, within: Within, calendar: Calendar) -> Iterator[Line]:
    total = 0
    while total < within.amount:
        day += timedelta(days=1)
        info = calendar.day(day)
        total += info.working
        yield Line("day", day, info.reason, within, None, (), int(info.working), total, info.provisional)


def _days(first: date, within: Within, calendar: Calendar) -> Iterator[Line]:
    for n in range(1, within.amount + 1):
        day = first + timedelta(days=n)
        yield Line("day", day, calendar.day(day).reason, within, None, (), 1, n)


def _clock(at: datetime, day: date) -> str:
    if at.date() > day and (at.hour, at.minute, at.second) == (0, 0, 0):
        return "24:00"
    return f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"


def _said(amount: int, within: Within, language: str) -> str:
    return spoken(amount).show(language) if within.open_seconds else str(amount)
