"""The marks of the wall's map: a light as colour and shape, its size by the sum, and what it is in words."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leitai.apps.projects import wording
from leitai.ui import words

register = template.Library()


def _shape(light: str, x: float, y: float, r: float) -> SafeString:
    """A diamond for red, a triangle for yellow, a disc for green, a ring for none, a square for done."""
    corners = {
        "red": ((0, -1.2), (1.2, 0), (0, 1.2), (-1.2, 0)),
        "yellow": ((0, -1.2), (1.15, 0.8), (-1.15, 0.8)),
        "done": ((-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)),
    }
    if light in corners:
        points = " ".join(f"{x + right * r:.1f},{y + down * r:.1f}" for right, down in corners[light])
        return mark_safe(f'<polygon points="{points}"/>')
    return mark_safe(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}"/>')


@register.simple_tag
def mark_key(light: str) -> SafeString:
    """The mark of a light for the legend."""
    return format_html(
        '<svg class="mark {}" viewBox="0 0 20 20" aria-hidden="true">{}</svg>',
        light,
        _shape(light, 10, 10, 7),
    )


@register.simple_tag
def lamp_word(light: str) -> str:
    """What a project's light means."""
    return str(wording.LIGHTS[light]())


@register.simple_tag
def map_mark(one: Any, base: str) -> SafeString:
    """A mark of the map; a single red project leads to what its owner last said."""
    word, yuan = lamp_word(one.light), wording.yuan(one.yuan or None)
    title = one.name or ngettext("%(n)s project", "%(n)s projects", one.n) % {"n": one.n}
    label = _(" · ").join([title, word, yuan])
    shape = _shape(one.light, one.x, one.y, one.r)
    number = (
        format_html('<text x="{}" y="{}">{}</text>', f"{one.x:.1f}", f"{one.y:.1f}", one.n)
        if one.n > 1
        else SafeString("")
    )
    body = format_html('<g class="mark {}"><title>{}</title>{}{}</g>', one.light, label, shape, number)
    if one.light != "red" or not one.code:
        return body
    about = quote(f"project:{one.code}", safe=":")
    return format_html(
        '<a href="{}owed?about={}" data-owed-of aria-label="{}">{}</a>', base, about, label, body
    )


@register.simple_tag
def range_strip(low: int, mid: int, high: int, of: int) -> SafeString:
    """A rank and its range among `of`, the best at the left; drawn in shares, for it grows with the screen."""
    step = 96 / max(of, 2)
    left, at, right = (2 + (one - 1) * step for one in (low, mid, high))
    return format_html(
        '<svg viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<rect class="track" x="2" y="4.5" width="96" height="1"/>'
        '<rect class="range" x="{}" y="3" width="{}" height="4"/>'
        '<rect class="mid" x="{}" y="0" width="1.6" height="10"/></svg>',
        words.rank(low, high, of),
        f"{left:.1f}",
        f"{right - left + step:.1f}",
        f"{at + step / 2 - 0.8:.1f}",
    )


@register.filter
def plain(value: float) -> str:
    """A number as SVG reads it, whatever the language of the page."""
    return f"{value:.1f}"
