"""How long a promise lasts: "10 minutes", "3 workdays", "3 个工作日", "7 天".

Three ways of counting, and no others:

minutes   Time in the windows of the clock's own calendar. Hours are sixty of them. "working" and "office"
          before the word change nothing: on a calendar with office windows every minute is an office minute,
          and on one that never closes it is an ordinary minute. Seconds are the same, finer: what a clock has
          left when it pauses is seldom whole minutes.
workdays  Official working days, the day of the event not counted.
days      Calendar days: the same time of day, so many dates later. A week is seven.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from leitai.rules.kernel import N_, Text, nearest

from .errors import WithinError

Unit = Literal["seconds", "minutes", "workdays", "days"]

# Upper limits keep a slip of the pen (a year typed for a number) from running a clock for centuries.
_MOST: dict[Unit, int] = {"seconds": 36_000_000, "minutes": 600_000, "workdays": 10_000, "days": 36_500}
_WORDS: dict[str, tuple[Unit, int]] = {
    **dict.fromkeys(("second", "seconds", "秒"), ("seconds", 1)),
    **dict.fromkeys(("minute", "minutes", "min", "mins", "分钟", "分"), ("minutes", 1)),
    **dict.fromkeys(("hour", "hours", "hr", "hrs", "h", "小时", "个小时", "时"), ("minutes", 60)),
    **dict.fromkeys(("workday", "workdays", "working day", "working days"), ("workdays", 1)),
    **dict.fromkeys(("business day", "business days", "工作日", "个工作日"), ("workdays", 1)),
    **dict.fromkeys(("day", "days", "calendar day", "calendar days"), ("days", 1)),
    **dict.fromkeys(("天", "日", "自然日", "个自然日"), ("days", 1)),
    **dict.fromkeys(("week", "weeks", "周", "个星期", "星期"), ("days", 7)),
}
_NUMBER = re.compile(r"(\d+(?:\.\d+)?|[一二两三四五六七八九十]+)\s*(.*)", re.DOTALL)
_WORKING = re.compile(r"(working|office)\s+(?=minute|hour|min|hr|h\b)|个?工作(?=分钟|小时)")
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2}


@dataclass(frozen=True, slots=True, order=True)
class Within:
    """An amount of working seconds or minutes, workdays or calendar days. Raises WithinError out of range."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if not 1 <= self.amount <= _MOST[self.unit]:
            raise WithinError(
                "duration-out-of-range",
                N_("%(amount)s %(unit)s is out of range: write 1 to %(most)s"),
                amount=self.amount,
                unit=self.unit,
                most=_MOST[self.unit],
            )

    @property
    def open_seconds(self) -> int | None:
        """The amount in seconds where it counts time in open windows; None for workdays and days."""
        return self.amount * _SECONDS[self.unit] if self.unit in _SECONDS else None

    @property
    def text(self) -> Text:
        """The duration in both languages, hours where it is whole hours."""
        if self.unit == "seconds":
            return spoken(self.amount)
        zh, en = _SAID[self.unit]
        amount = self.amount
        if self.unit == "minutes" and amount % 60 == 0:
            amount, zh, en = amount // 60, "小时", "hours"
        return Text(zh=f"{amount}{zh}", en=f"{amount} {en if amount != 1 else en[:-1]}")

    def __str__(self) -> str:
        return self.text.en


_SECONDS: dict[Unit, int] = {"seconds": 1, "minutes": 60}
_SAID: dict[Unit, tuple[str, str]] = {
    "minutes": ("分钟", "minutes"),
    "workdays": ("个工作日", "workdays"),
    "days": ("天", "days"),
}


def spoken(seconds: int) -> Text:
    """Seconds as people say them: 4500 is "1 h 15 min"."""
    minutes, last = divmod(seconds, 60)
    parts = (*divmod(minutes, 60), last)
    zh = "".join(f"{n}{unit}" for n, unit in zip(parts, ("小时", "分钟", "秒"), strict=True) if n)
    en = " ".join(f"{n} {unit}" for n, unit in zip(parts, ("h", "min", "s"), strict=True) if n)
    return Text(zh=zh or "0", en=en or "0")


def parse_within(text: str) -> Within:
    """The duration that a text names, in English or Chinese; "1.5 hours" is 90 minutes.

    Raises WithinError with what would be right: no number, no unit, an unknown unit, a fraction of a minute
    or of a day, an amount out of range.

    >>> parse_within("3 个工作日"), parse_within("1.5 hours")
    (Within(amount=3, unit='workdays'), Within(amount=90, unit='minutes'))
    """
    found = _NUMBER.fullmatch(" ".join(text.split()).lower())
    if found is None or not found[2]:
        raise WithinError(
            "not-a-duration",
            N_("%(text)s is not a duration: write a number and a unit, as 10 minutes, 2 hours or 3 workdays"),
            text=repr(text),
        )
    word = _WORKING.sub("", found[2], count=1)
    if word not in _WORDS:
        raise WithinError(
            "unknown-unit",
            N_("%(text)s has no unit that is known: write %(right)s"),
            text=repr(text),
            right=_right(word),
        )
    unit, times = _WORDS[word]
    amount = _number(found[1], text) * times
    if amount.denominator != 1:
        raise WithinError(
            "broken-unit",
            N_("%(text)s ends inside a unit: write whole %(unit)s (for part of a day write hours)"),
            text=repr(text),
            unit=unit,
        )
    return Within(int(amount), unit)


def _right(word: str) -> str:
    if word.startswith(("month", "year", "个月", "月", "年")):
        return "days: a month or a year has no fixed number of them"
    return nearest(word, _WORDS) or "minutes, hours, workdays, days or weeks"


def _number(digits: str, text: str) -> Fraction:
    """A decimal number, or a Chinese numeral up to 99."""
    if digits[0].isdigit():
        return Fraction(digits)
    tens, ten, ones = digits.rpartition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in tens:
        raise WithinError(
            "not-a-number",
            N_("%(text)s does not start with a number: write 12, or a Chinese numeral below 100"),
            text=repr(text),
        )
    return Fraction((_DIGITS[tens] if tens else 1) * 10 * bool(ten) + (_DIGITS[ones] if ones else 0))
