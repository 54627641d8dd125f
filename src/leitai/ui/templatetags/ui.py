"""Tags for every page: instants in the place's zone, lights, countdowns, figures with their intervals.

They work on plain values, so that this room needs to know no other. `request.visit` (set by the door that
every page goes through) tells the place, the viewer and the place's present; a page without one passes
`place`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.core.paginator import Paginator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from leitai import __version__
from leitai.rules.kernel import Text
from leitai.ui import charts, nav, words

register = template.Library()

SHAPES = {
    "green": "M6 1a5 5 0 1 1 0 10A5 5 0 0 1 6 1z",
    "yellow": "M6 1l5.5 10H.5z",
    "red": "M6 0l6 6-6 6-6-6z",
    "done": "M1 6.5l1.6-1.6L4.8 7l4.7-5L11 3.4 4.8 10.4z",
    "grey": "M6 1a5 5 0 1 1 0 10A5 5 0 0 1 6 1zm0 1.6a3.4 3.4 0 1 0 0 6.8 3.4 3.4 0 0 0 0-6.8z",
}


def _visit(context: Any) -> Any:
    return getattr(context.get("request"), "visit", None)


def _zone(context: Any, place: Any = None) -> Any:
    visit = _visit(context)
    place = place or (visit.place if visit else None)
    return place.zone if place else ZoneInfo("UTC")


@register.simple_tag(takes_context=True)
def place_here(context: Any) -> Any:
    """The place of the page, or None."""
    visit = _visit(context)
    return visit.place if visit else None


@register.simple_tag(takes_context=True)
def now_here(context: Any) -> datetime | None:
    """The place's present, as the page's door read it."""
    visit = _visit(context)
    return visit.now if visit else None


@register.simple_tag(takes_context=True)
def roles_here(context: Any) -> str:
    """What the viewer's posts in this place are, in words."""
    visit = _visit(context)
    if visit is None:
        return ""
    return _(", ").join(dict.fromkeys(str(post.get_role_display()) for post in visit.viewer.posts))


@register.simple_tag(takes_context=True)
def may(context: Any, permission: str, unit: Any = None) -> bool:
    """Whether the viewer has a permission, over the place or a unit: `{% may "table.freeze" as can %}`."""
    visit = _visit(context)
    return bool(visit and visit.viewer.may(permission, unit))


@register.inclusion_tag("ui/navigation.html", takes_context=True)
def navigation(context: Any) -> dict[str, Any]:
    """The main navigation."""
    return {"nav": nav.shown(context["request"])}


@register.simple_tag(takes_context=True)
def live_words(context: Any) -> SafeString:
    """Attributes of the body: the place's present and the words of countdowns for live.js, htmx's token."""
    visit = _visit(context)
    return format_html(
        ' data-now="{}" data-left="{}" data-late="{}" data-minutes-seconds="{}" data-minutes="{}"'
        ' data-hours="{}" data-days="{}" hx-headers="{}"',
        visit.now.isoformat() if visit else "",
        _("%(span)s left") % {"span": "{}"},
        _("%(span)s late") % {"span": "{}"},
        _("%(span)s min") % {"span": "{}"},
        _("%(span)s minutes") % {"span": "{}"},
        _("%(span)s hours") % {"span": "{}"},
        _("%(span)s days") % {"span": "{}"},
        json.dumps({"X-CSRFToken": str(context.get("csrf_token", ""))}),
    )


@register.simple_tag(takes_context=True)
def when(context: Any, at: datetime | str | None, style: str = "full", place: Any = None) -> SafeString | str:
    """An instant in the place's time as `<time>`; style full, day, clock, or short (no year but another)."""
    if not isinstance(at, datetime):
        return "–"
    zone = _zone(context, place)
    local = at.astimezone(zone)
    if style == "day":  # the day is all that is told, also to whoever reads the page's source
        return format_html(
            '<time datetime="{}">{}</time>', local.date().isoformat(), words.instant(at, zone, style)
        )
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        f"{local:%Y-%m-%d %H:%M:%S %Z}",
        words.instant(at, zone, style, now_here(context)),
    )


@register.simple_tag(takes_context=True)
def due(context: Any, at: datetime | None, warn: datetime | None = None) -> SafeString | str:
    """A countdown to an instant, told by the server and kept running by live.js."""
    if at is None:
        return "–"
    visit = _visit(context)
    now = visit.now if visit else context["now"]
    seconds = (at - now).total_seconds()
    soon = seconds < words.SOON if warn is None else now >= warn
    return format_html(
        '<time class="due{}" datetime="{}" data-due="{}" title="{}">{}</time>',
        " late" if seconds < 0 else " soon" if soon else "",
        at.isoformat(),
        at.astimezone(UTC).isoformat(),
        words.instant(at, _zone(context)),
        words.left(seconds),
    )


@register.simple_tag
def light(colour: str, word: str = "") -> SafeString:
    """A light: green, yellow, red, done or grey, as colour, shape and word (`word`, or the usual one)."""
    usual = {
        "green": _("on time"),
        "yellow": _("due soon"),
        "red": _("overdue"),
        "done": _("done"),
        "grey": _("no clock running"),
    }
    colour = colour if colour in SHAPES else "grey"
    return format_html(
        '<span class="light {}"><svg viewBox="0 0 12 12" aria-hidden="true"><path d="{}"/></svg>{}</span>',
        colour,
        SHAPES[colour],
        word or usual[colour],
    )


@register.filter
def show(text: Text | str | None) -> str:
    """A name of the rule-book in the language of the page."""
    if isinstance(text, Text):
        return text.show(get_language() or "zh-hans")
    return "" if text is None else str(text)


@register.filter
def day(on: date | None) -> str:
    """A day of the calendar: `{{ row.due|day }}`; of an instant, `{% when at "day" %}`."""
    return "–" if on is None else words.day(on)


@register.filter
def period(key: Any) -> str:
    """A period's name: `{{ table.period|period }}`."""
    return words.period(str(key))


@register.filter
def term(text: str) -> str:
    """How long a consequence lasts: `{{ spec.lasts|term }}`."""
    return words.term(text)


@register.filter
def worked(minutes: int) -> str:
    """How much work time: `{{ one.minutes|worked }}`, 3 h 20 min."""
    return words.worked(minutes)


@register.filter
def num(value: Decimal | float | None, decimals: int | None = None) -> str:
    """A number with thousands marked: `{{ n|num }}`, `{{ score|num:2 }}`."""
    return words.number(value, decimals)


@register.filter
def percent(value: float | None) -> str:
    """A share as a percentage."""
    return "–" if value is None else words.percent(value)


@register.filter
def signed(value: Decimal) -> str:
    """A number with its sign: +1.25, −0.30."""
    return f"+{value}" if value > 0 else f"−{-value}"


@register.filter
def figure(value: Decimal) -> str:
    """A measured value with no more digits than can be read: whole from 1,000, else four significant ones."""
    return words.figure(value)


@register.filter
def named(key: str, names: Mapping[str, Text]) -> str:
    """What the rule-book calls the thing of a key; the key where it has no name: `{{ unit.kind|named:kinds }}`."""
    return show(names.get(key, key))


@register.filter
def who(by: str) -> str:
    """Who did it, as the ledger names them, in words."""
    return words.who(by)


@register.simple_tag
def bar(share: int) -> SafeString:
    """A signed bar from the middle: share from -100 to 100."""
    return charts.bar(share)


@register.simple_tag
def rank(low: int | None, high: int | None, of: int) -> str:
    """A standing with its interval: `{% rank s.rank_low s.rank_high s.of %}` is "3–9 of 49"."""
    return words.rank(low, high, of)


@register.simple_tag
def ranks(low: int, high: int) -> str:
    """An interval of ranks without its whole: "3–9", or "3"."""
    return words.ranks(low, high)


@register.simple_tag
def share(tally: Any) -> SafeString | str:
    """A rate with its interval and number, or "too few": of anything with n, share, low, high, few."""
    if tally is None or tally.n == 0:
        return _("no verdicts yet")
    if tally.few or tally.share is None:
        return format_html(
            '<span class="quiet">{} <span class="small">{}</span></span>',
            _("too few to judge"),
            _("(n = %(n)s)") % {"n": tally.n},
        )
    return format_html(
        '<span class="nowrap"><b>{}</b> <span class="quiet small">{}</span></span>',
        words.percent(tally.share),
        _("(%(low)s–%(high)s, n = %(n)s)")
        % {
            "low": words.percent(tally.low),
            "high": words.percent(tally.high),
            "n": words.number(tally.n),
        },
    )


@register.simple_tag
def whisker(low: Any, mid: Any, high: Any, lo: Any, hi: Any, label: str = "") -> SafeString:
    """One interval on a scale from `lo` (left) to `hi` (right), as a strip of SVG for any width."""
    return charts.whisker(low, mid, high, lo, hi, label)


@register.simple_tag
def rank_strip(low: int | None, mid: int | None, high: int | None, of: int) -> SafeString:
    """A rank's interval among `of`, the best at the left."""
    if low is None or mid is None or high is None:
        return charts.nothing(_("too few to judge"))
    return charts.whisker(low, mid, high, 1, max(of, 2), words.rank(low, high, of))


@register.simple_tag
def caterpillar(intervals: Iterable[tuple[int, int, int]], of: int, picked: int | None = None) -> SafeString:
    """All (low, rank, high) of a group in one picture, however many."""
    return charts.caterpillar(tuple(intervals), of, picked)


@register.simple_tag
def series(points: Iterable[charts.Point], title: str = "", description: str = "") -> SafeString:
    """A year of shares with their band: `charts.Point(label, share, low, high, few)` each."""
    return charts.series(tuple(points), title, description)


@register.simple_tag
def gap() -> str:
    """What stands between two sentences: a space, in Chinese nothing."""
    return "" if words.chinese() else " "


@register.filter
def page_numbers(paginator: Paginator, current: int) -> list[int]:
    """Page numbers around the present one; 0 stands for a gap."""
    return [
        n if isinstance(n, int) else 0
        for n in paginator.get_elided_page_range(current, on_each_side=1, on_ends=1)
    ]


@register.simple_tag
def version() -> str:
    """The version of the program."""
    return __version__
