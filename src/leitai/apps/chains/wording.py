"""Words of chains in the language of the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from leitai.ui import words

TIERS: Mapping[str, Callable[[], str]] = {
    "up": lambda: _("Upstream"),
    "mid": lambda: _("Midstream"),
    "down": lambda: _("Downstream"),
}
KINDS: Mapping[str, Callable[[], str]] = {
    "strengthen": lambda: _("strengthen"),
    "fill": lambda: _("fill"),
    "extend": lambda: _("extend"),
}
STATES: Mapping[str, Callable[[], str]] = {
    "open": lambda: _("being worked on"),
    "done": lambda: _("done"),
    "dropped": lambda: _("dropped"),
}
REASONS: Mapping[str, Callable[[], str]] = {
    "late": lambda: _("past its day"),
    "blocked": lambda: _("a case in its way is late"),
    "due": lambda: _("due this month"),
    "behind": lambda: _("a project for it is far behind"),
    "quiet": lambda: _("nothing said for a month"),
    "bare": lambda: _("no lead and no project yet"),
}


def why(gap: Any) -> str:
    """What a gap that the figures show rests on."""
    if gap.why == "nobody-here":
        n = int(gap.value)
        if not n:
            return _("Nobody here makes it.")
        return ngettext(
            "Nobody here makes it, and %(n)d link here needs it.",
            "Nobody here makes it, and %(n)d links here need it.",
            n,
        ) % {"n": n}
    if gap.why == "outside-mostly":
        return _("It is made here, yet %(share)s of what is needed here comes from outside.") % {
            "share": words.percent(float(gap.value))
        }
    if gap.why == "one-firm":
        return _("One firm alone makes it, and %(share)s of the chain stops without it.") % {
            "share": words.percent(float(gap.value))
        }
    return _("%(share)s of it is sold outside before anything more is made of it here.") % {
        "share": words.percent(float(gap.value))
    }


def unit_of(link: Any) -> str:
    """The unit in which a link's capacity is told."""
    zh, en = link.unit_zh, link.unit_en
    return (zh or en) if (get_language() or "zh").startswith("zh") else (en or zh)


def whole_of(link: Any) -> str:
    """What its share is a share of."""
    zh, en = link.of_zh, link.of_en
    found = (zh or en) if (get_language() or "zh").startswith("zh") else (en or zh)
    return found or _("the nation")


def amount(value: Decimal | None, unit: str) -> str:
    """A capacity with its unit, to the digits that were given."""
    if value is None:
        return "–"
    plain = value.normalize()
    return f"{words.number(plain, max(0, -int(plain.as_tuple().exponent)))} {unit}".strip()


def firms(n: int) -> str:
    """How many firms."""
    return ngettext("%(n)d firm", "%(n)d firms", n) % {"n": n}
