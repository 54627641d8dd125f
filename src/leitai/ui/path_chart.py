"""A year against its declared path, drawn on the server: what was asked, what came, and the interval of the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe


@dataclass(frozen=True)
class Mark:
    """A part of the year: its short name, what has come by its end, what the path asks for by then; None: not known."""

    label: str
    came: float | None
    asked: float | None


def path_chart(
    marks: Sequence[Mark], end: tuple[float, float, float] | None, title: str, description: str
) -> SafeString:
    """The year's parts from left to right; `end` is (low, middle, high) of the forecast, drawn behind the last part."""
    values = [one for mark in marks for one in (mark.came, mark.asked) if one is not None] + list(end or ())
    if not values:
        return mark_safe("")
    lo, hi = min(0.0, *values), max(0.0, *values)
    hi = hi if hi > lo else lo + 1
    height, top, left = 170, 10, 12

    def x(index: int) -> float:
        return left + (92 - left) * (index / max(1, len(marks) - 1))

    def y(value: float) -> float:
        return top + (height - top) * (1 - (value - lo) / (hi - lo))

    parts = []
    for tick in (lo, (lo + hi) / 2, hi):
        parts.append(f'<line class="track" x1="{left}%" x2="100%" y1="{y(tick):.1f}" y2="{y(tick):.1f}"/>')
        parts.append(f'<text x="{left - 1}%" y="{y(tick) + 4:.1f}" text-anchor="end">{tick:.4g}</text>')
    asked = [(x(at), mark.asked) for at, mark in enumerate(marks) if mark.asked is not None]
    came = [(x(at), mark.came) for at, mark in enumerate(marks) if mark.came is not None]
    shapes = [
        f'<polyline class="{name}" points="{" ".join(f"{at:.2f},{y(value):.1f}" for at, value in line)}"/>'
        for name, line in (("minus", asked), ("line", came))
        if len(line) > 1
    ]
    parts.append(
        f'<svg viewBox="0 0 100 {height}" preserveAspectRatio="none" width="100%" height="{height}">'
        f"{''.join(shapes)}</svg>"
    )
    parts += [f'<circle class="hollow" cx="{at:.2f}%" cy="{y(value):.1f}" r="3"/>' for at, value in asked]
    parts += [f'<circle class="dot" cx="{at:.2f}%" cy="{y(value):.1f}" r="3.5"/>' for at, value in came]
    if end is not None:
        low, middle, high = end
        parts.append(f'<line class="bar" x1="97%" x2="97%" y1="{y(high):.1f}" y2="{y(low):.1f}"/>')
        parts.append(f'<circle class="dot" cx="97%" cy="{y(middle):.1f}" r="3.5"/>')
    every = 1 if len(marks) <= 6 else 3
    for at, mark in enumerate(marks):
        if (len(marks) - 1 - at) % every == 0:
            parts.append(
                f'<text x="{x(at):.2f}%" y="{height + 16}" text-anchor="middle">{escape(mark.label)}</text>'
            )
    return mark_safe(
        f'<svg class="plot" height="{height + 22}" role="img"><title>{escape(title)}</title>'
        f"<desc>{escape(description)}</desc>{''.join(parts)}</svg>"
    )
