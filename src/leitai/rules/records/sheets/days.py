"""Days as offices type them: 2022年3月, 3月底前, 2022.03.05, a spreadsheet's serial number, a quarter, a half-year.

A month is a month and no day: what is read is the first and the last day it may be. A plan is due on the last one.
A date without its year takes the year of the sheet, and says so.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from leitai.rules.kernel import N_

from ..cells import Wrong
from .amounts import NOTHING, plain

# Day 0 of the spreadsheets' calendar of 1900, counted so that it is right from 1 March 1900 (ECMA-376, 18.17.4.1).
_ZERO = date(1899, 12, 30)
_SERIALS = range(20_000, 80_000)  # 1954 to 2119
_NUMERALS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_YEAR = r"(?:(?P<year>(?:19|20)\d\d|\d\d(?=年))年?)"
_ENDS = r"(?:之?前|以前|左右|底?前?完成|底前)?"
_DAY = re.compile(
    r"(?P<year>(?:19|20)\d\d)[-./年](?P<month>\d{1,2})[-./月](?P<day>\d{1,2})[日号]?(?:[t ]?\d.*)?" + _ENDS
)
_MONTH_DAY = re.compile(r"(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]" + _ENDS)
_MONTH = re.compile(
    _YEAR + r"?[-./年]?(?P<month>\d{1,2})(?P<sign>月份?)?(?P<part>上旬|中旬|下旬|初|中|底|末)?" + _ENDS
)
_QUARTER = re.compile(_YEAR + r"?(?:第?(?P<number>[一二三四1-4])季度?|q(?P<q>[1-4]))(?:末|底)?" + _ENDS)
_HALF = re.compile(_YEAR + r"?(?P<half>上半年|下半年)" + _ENDS)
_WHOLE = re.compile(r"(?P<year>(?:19|20)\d\d)年?(?:内|度)?(?P<end>年?[底末])?" + _ENDS)
_UNTIL = re.compile(
    r"截[至止]到?((?:(?:19|20)\d\d[-./年])?(?:\d{1,2}[-./月]\d{1,2}[日号]?|\d{1,2}月(?:份|底|末)?))"
)
_THIRDS = {
    "上旬": (1, 10),
    "初": (1, 10),
    "中旬": (11, 20),
    "中": (11, 20),
    "下旬": (21, 0),
    "底": (0, 0),
    "末": (0, 0),
}


@dataclass(frozen=True, slots=True)
class Span:
    """The first and the last day that a cell may mean; `care` says what was taken for granted."""

    first: date
    last: date
    care: str = ""


def span(cell: object, year: int | None) -> Span | None:
    """The days a cell tells, None for an empty one; `year` is that of the sheet. Raises Wrong."""
    if isinstance(cell, datetime):
        return _one(cell.date())
    if isinstance(cell, date):
        return _one(cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _number(cell)
    said = plain(cell)
    if said in NOTHING:
        return None
    try:
        found = _words(said, year)
    except ValueError:
        found = None
    if found is None:
        raise Wrong("bad-day", N_("this is not a day or a month; right is such as 2022-03-05 or 2022-03"))
    return found


def year_in(said: str) -> int | None:
    """The year that a title names, 2022年…; None where it names none or several."""
    found = {int(one) for one in re.findall(r"(?<!\d)((?:19|20)\d\d)(?=年|[-./]\d)", plain(said))}
    return found.pop() if len(found) == 1 else None


def day_in(said: str) -> date | None:
    """The day up to which a title says the figures are: 截至2022年9月30日, 截至9月底 of the title's year."""
    flat = plain(said)
    match = _UNTIL.search(flat)
    if match is None:
        return None
    try:
        found = _words(match[1], year_in(flat))
    except (ValueError, Wrong):
        return None
    return found.last if found else None


def _one(day: date, care: str = "") -> Span:
    return Span(day, day, care)


def _number(cell: float) -> Span:
    if not 0 <= cell < 10**9:
        raise Wrong("bad-day", N_("this is not a day or a month; right is such as 2022-03-05 or 2022-03"))
    if int(cell) in _SERIALS:
        return _one(_ZERO + timedelta(days=int(cell)), N_("a spreadsheet's number of a day"))
    if cell == int(cell) and 1950 <= cell <= 2100:
        return Span(date(int(cell), 1, 1), date(int(cell), 12, 31))
    if cell == int(cell) and 19_500_101 <= cell <= 21_001_231:
        whole = int(cell)
        try:
            return _one(date(whole // 10_000, whole // 100 % 100, whole % 100))
        except ValueError:
            pass
    written = repr(float(cell))
    match = re.fullmatch(r"((?:19|20)\d\d)\.(\d{1,2})", written)
    if match is not None and match[2] == "1":
        # The number 2022.10 is kept as 2022.1: nobody can tell January from October.
        raise Wrong("month-or-ten", N_("a number ending in .1 may be January or October; type it as text"))
    if match is not None and 1 <= int(match[2]) <= 12:
        return _months(int(match[1]), int(match[2]), int(match[2]), N_("a number read as year and month"))
    raise Wrong("bad-day", N_("this is not a day or a month; right is such as 2022-03-05 or 2022-03"))


def _words(said: str, year: int | None) -> Span | None:
    match = _DAY.fullmatch(said)
    if match is not None:
        return _one(date(int(match["year"]), int(match["month"]), int(match["day"])))
    if re.fullmatch(r"(?:19|20)\d{6}", said):
        return _one(date(int(said[:4]), int(said[4:6]), int(said[6:])))
    if re.fullmatch(r"[2-7]\d{4}", said):
        return _number(int(said))
    match = _WHOLE.fullmatch(said)
    if match is not None:
        at = int(match["year"])
        return _months(at, 12 if match["end"] else 1, 12, "")
    match = _MONTH_DAY.fullmatch(said)
    if match is not None:
        at, care = _year(None, year)
        return _one(date(at, int(match["month"]), int(match["day"])), care)
    match = _QUARTER.fullmatch(said)
    if match is not None:
        at, care = _year(match["year"], year)
        last = 3 * _NUMERALS[match["number"] or match["q"]]
        return _months(at, last - 2, last, care)
    match = _HALF.fullmatch(said)
    if match is not None:
        at, care = _year(match["year"], year)
        return _months(at, 1, 6, care) if match["half"] == "上半年" else _months(at, 7, 12, care)
    match = _MONTH.fullmatch(said)
    if match is None or not (match["sign"] or match["year"]):
        return None
    at, care = _year(match["year"], year)
    month = int(match["month"])
    whole = _months(at, month, month, care)
    if match["part"] is None:
        return whole
    begin, end = _THIRDS[match["part"]]
    until = whole.first.replace(day=end) if end else whole.last
    return Span(whole.first.replace(day=begin) if begin else whole.last, until, care)


def _year(said: str | None, given: int | None) -> tuple[int, str]:
    if said is not None:
        return (int(said), "") if len(said) == 4 else (2000 + int(said), N_("a year of two digits"))
    if given is None:
        raise Wrong("no-year", N_("this says no year, and the sheet has none"))
    return given, N_("without a year; the sheet's was taken")


def _months(year: int, first: int, last: int, care: str) -> Span:
    return Span(date(year, first, 1), date(year, last, monthrange(year, last)[1]), care)
