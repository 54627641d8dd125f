"""What the desks' templates need: slips as colour, shape and word; whose hands a case was in, as a bar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from leitai.rules.casework import COLOURS, GRAVITY
from leitai.ui import words

from .casework import by_day

register = template.Library()

SHADES = 5  # of the bar of hands; after the last they begin again


@register.simple_tag
def slip(colour: str, word: str = "") -> SafeString:
    """A slip: a sheet with one line for each step of its gravity, blue one to red four, and its word."""
    if colour not in COLOURS:
        return SafeString("")
    lines = "".join(f"M3 {8.6 - 2 * n:.1f}h6v1H3z" for n in range(GRAVITY.index(colour)))
    return format_html(
        '<span class="slip {}"><svg viewBox="0 0 12 12" aria-hidden="true"><path d="M1.5 .5h9v11h-9z"/>'
        '<path class="lines" d="{}"/></svg>{}</span>',
        colour,
        lines,
        word or COLOURS[colour].show(get_language() or "zh-hans"),
    )


@register.simple_tag
def hands_bar(hands: Iterable[Any]) -> SafeString:
    """How a case's life was shared between those who held it, in order; the figures stand in a list beside it."""
    parts, at = [], 0.0
    for number, hand in enumerate(hands):
        width = 100 * hand.share
        parts.append(
            f'<rect class="h{number % SHADES}" x="{at:.2f}%" y="0" width="{width:.2f}%" height="14">'
            f"<title>{escape(hand.name)} · {escape(hand.said)}</title></rect>"
        )
        at += width
    return mark_safe(f'<svg class="plot hands" height="14" aria-hidden="true">{"".join(parts)}</svg>')


@register.simple_tag
def shade(number: int) -> SafeString:
    """The square beside a name that says which part of the bar is theirs."""
    return format_html(
        '<svg class="key" viewBox="0 0 10 10" aria-hidden="true"><rect class="h{}" width="10" height="10"/></svg>',
        number % SHADES,
    )


@register.filter
def of(found: Mapping[Any, Any], key: Any) -> Any:
    """What a mapping holds for a key; nothing where it holds nothing."""
    return found.get(key)


@register.simple_tag
def typed_into(typed: Mapping[str, str] | None, tried: str | None, form: str, which: Any, name: str) -> str:
    """What was typed into a box of the form that was refused ("ask-pause", "answer-12"); nothing in the others."""
    return typed.get(name, "") if typed and tried == f"{form}-{which}" else ""


@register.filter
def hides(case: Any, visit: Any) -> bool:
    """Whether a viewer sees days only of a case, as `by_day` says."""
    return by_day(case, visit)


@register.filter
def span(seconds: float) -> str:
    """A length of time, coarse enough to be read at a glance."""
    return words.span(seconds)


@register.simple_tag
def held_for(since: datetime, now: datetime) -> str:
    """How long somebody has had something."""
    return words.span((now - since).total_seconds())
