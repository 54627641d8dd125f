"""How the pages say instants, spans, shares, ranks and periods, in the language of the page.

One place for each way of saying, so that a figure reads the same on every page, in a bulletin and in a test.
Nothing here reads the clock: "now" is an argument.
"""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from decimal import Decimal

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from leitai.rules.kernel import Period, PeriodError
from leitai.rules.merits import parse_lasts

MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SOON = 24 * 3600
PERIOD_WORDS = {
    "week": N_("week"),
    "month": N_("month"),
    "quarter": N_("quarter"),
    "half": N_("half-year"),
    "year": N_("year"),
}


def chinese() -> bool:
    """Whether the page is in Chinese."""
    return (get_language() or "zh").startswith("zh")


def instant(at: datetime, zone: tzinfo, style: str = "full", now: datetime | None = None) -> str:
    """An instant as it is read in a zone: full, day, short (no year, unless `now` is in another one) or clock.

    >>> instant(datetime.fromisoformat("2022-03-04T01:30+00:00"), ZoneInfo("Asia/Shanghai"))  # doctest: +SKIP
    '4 Mar 2022, 09:30'
    """
    local = at.astimezone(zone)
    clock = f"{local:%H:%M}"
    if style == "clock":
        return clock
    this_year = now is None or now.astimezone(zone).year == local.year
    if style == "short" and this_year:
        if chinese():
            return f"{local.month}月{local.day}日 {clock}"
        return f"{local.day} {MONTHS_EN[local.month - 1]}, {clock}"
    said = day(local)
    if style == "day":
        return said
    return f"{said} {clock}" if chinese() else f"{said}, {clock}"


def day(on: date) -> str:
    """A day: 2022年3月4日 or 4 Mar 2022."""
    if chinese():
        return f"{on.year}年{on.month}月{on.day}日"
    return f"{on.day} {MONTHS_EN[on.month - 1]} {on.year}"


def span(seconds: float) -> str:
    """A length of time, coarse enough to be read at a glance."""
    minutes = int(seconds // 60)
    if minutes < 120:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    if minutes < 2880:
        return ngettext("%(n)s hour", "%(n)s hours", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)s day", "%(n)s days", minutes // 1440) % {"n": minutes // 1440}


def worked(minutes: int) -> str:
    """How much work time, to the minute: 45 min, 3 h 20 min."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(m)s min") % {"m": rest}
    if not rest:
        return _("%(h)s h") % {"h": number(hours)}
    return _("%(h)s h %(m)s min") % {"h": number(hours), "m": rest}


def term(text: str) -> str:
    """A term of a rule-book ("12 months") in the language of the page."""
    lasts = parse_lasts(text)
    if not lasts.months:
        return ngettext("%(n)s day", "%(n)s days", lasts.days) % {"n": lasts.days}
    if lasts.months % 12:
        return ngettext("%(n)s month", "%(n)s months", lasts.months) % {"n": lasts.months}
    return ngettext("%(n)s year", "%(n)s years", lasts.months // 12) % {"n": lasts.months // 12}


def left(seconds: float) -> str:
    """How long until it is due, or how late it is."""
    if seconds >= 0:
        return _("%(span)s left") % {"span": span(seconds)}
    return _("%(span)s late") % {"span": span(-seconds)}


def period(key: str) -> str:
    """The name of a period: 2022-Q1 is "2022年第一季度" or "Q1 2022". A text that is no period stays."""
    try:
        found = Period.parse(key)
    except PeriodError:
        return key
    year, month = found.first.year, found.first.month
    if found.kind == "week":
        year, week, _day = found.first.isocalendar()
        return f"{year}年第{week}周" if chinese() else f"week {week}, {year}"
    if not chinese():
        return {
            "month": f"{MONTHS_EN[month - 1]} {year}",
            "quarter": f"Q{(month + 2) // 3} {year}",
            "half": f"H{(month + 5) // 6} {year}",
            "year": f"{year}",
        }[found.kind]
    return {
        "month": f"{year}年{month}月",
        "quarter": f"{year}年第{'一二三四'[(month - 1) // 3]}季度",
        "half": f"{year}年{'上' if month == 1 else '下'}半年",
        "year": f"{year}年",
    }[found.kind]


def period_kind(kind: str) -> str:
    """What a kind of period is called; one that has no word is shown by its key."""
    return _(PERIOD_WORDS[kind]) if kind in PERIOD_WORDS else kind


def month(number_of: int) -> str:
    """A month in short: "3月" or "Mar"."""
    return f"{number_of}月" if chinese() else MONTHS_EN[number_of - 1]


def number(value: Decimal | float | None, decimals: int | None = None) -> str:
    """A number with its thousands marked; "–" for none. `decimals`: none for whole numbers, else two."""
    if value is None:
        return "–"
    if decimals is None:
        decimals = 0 if value == int(value) else 2
    return f"{value:,.{decimals}f}"


def figure(value: Decimal) -> str:
    """A measured value with no more digits than can be read: four significant ones, whole from 1,000."""
    if abs(value) >= 1000 or value == int(value):
        return f"{value:,.0f}"
    return f"{float(value):.4g}"


def percent(share: float) -> str:
    """A share as a percentage, with one decimal below ten per cent and one above ninety."""
    value = share * 100
    return f"{value:.0f}%" if value in (0, 100) or 10 <= value <= 90 else f"{value:.1f}%"


def who(by: str) -> str:
    """Who did it, as the ledger names them ("account:NAME", "rule:KEY", "anyone"), in words."""
    kind, _colon, name = by.partition(":")
    return {
        "account": name,
        "anyone": _("anyone"),
        "cli": _("command line"),
        "demo": _("sample data"),
        "drive": _("by rule"),
        "enterprise": _("the enterprise"),
        "import": _("import"),
        "jury": _("a juror"),
        "leader": _("leader"),
        "office": _("supervision office"),
        "rule": _("by rule"),
        "sample": _("sample data"),
        "scorer": _("scorer %(number)s") % {"number": name},
    }.get(kind, by)


def ranks(low: int, high: int) -> str:
    """An interval of ranks, or the one rank it is."""
    return f"{low}" if low == high else f"{low}–{high}"


def rank(low: int | None, high: int | None, of: int) -> str:
    """A standing with its interval: "3–9 of 49", or that there is too little to judge."""
    if low is None or high is None:
        return _("too few")
    return _("%(ranks)s of %(of)s") % {"ranks": ranks(low, high), "of": of}
