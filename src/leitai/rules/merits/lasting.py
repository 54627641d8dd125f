"""How long a consequence lasts ("12 months", "1 年"): in dates, so that a year ends on its own day.

A consequence that nobody ends follows a person for ever; a rule-book that gives it a term has it end by
itself.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from leitai.rules.kernel import N_, Finding, Where, nearest

_MOST = 1200
_TEXT = re.compile(r"(\d{1,5})\s*([^\d\s].*)")
_WORDS: dict[str, tuple[int, int]] = {
    **dict.fromkeys(("day", "days", "天", "日"), (0, 1)),
    **dict.fromkeys(("week", "weeks", "周", "星期", "个星期"), (0, 7)),
    **dict.fromkeys(("month", "months", "月", "个月"), (1, 0)),
    **dict.fromkeys(("year", "years", "年"), (12, 0)),
}


class LastsError(ValueError):
    """A text that is no term; `finding` says what would be right."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.text)
        self.finding = finding


@dataclass(frozen=True, slots=True)
class Lasts:
    """A term of months and days; one of them is 0."""

    months: int
    days: int

    def after(self, day: date) -> date:
        """The first date on which it is over: 12 months from 2022-03-05 ends with 2023-03-04.

        The last day of a shorter month stands for one that it does not have.
        """
        month = day.year * 12 + day.month - 1 + self.months
        year, month = divmod(month, 12)
        last = calendar.monthrange(year, month + 1)[1]
        return date(year, month + 1, min(day.day, last)) + timedelta(days=self.days)


def parse_lasts(text: str, where: Where | None = None) -> Lasts:
    """The term that a text names, in English or Chinese. Raises LastsError with what would be right.

    >>> parse_lasts("12 months"), parse_lasts("1年")
    (Lasts(months=12, days=0), Lasts(months=12, days=0))
    """
    found = _TEXT.fullmatch(text.strip().lower())
    unit = found[2] if found else ""
    if found is None or unit not in _WORDS:
        offer = nearest(unit, _WORDS) or "months"
        raise LastsError(
            Finding(
                "not-a-term",
                N_("%(text)s is no term: write a number and days, weeks, months or years, as 12 %(right)s"),
                where or Where(),
                {"text": repr(text), "right": offer},
            )
        )
    amount = int(found[1])
    if not 1 <= amount * max(_WORDS[unit]) <= (_MOST if _WORDS[unit][0] else _MOST * 30):
        raise LastsError(
            Finding(
                "term-out-of-range",
                N_("%(text)s is out of range: a term is at least a day and at most a hundred years"),
                where or Where(),
                {"text": repr(text)},
            )
        )
    return Lasts(_WORDS[unit][0] * amount, _WORDS[unit][1] * amount)
