"""Small pictures of verdicts, drawn on the server: a rate beside the others' rate, a month's days side by side.

Positions are in per cent of the width, as in the charts of `ui`; colours are its classes.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

LEFT, WIDTH = 2, 96  # per cent, so that a dot at either end is whole


def against(low: float, share: float, high: float, rest: float, most: float, label: str) -> SafeString:
    """A rate with its interval, from 0 to `most`, and an upright line where all others together are."""

    def at(value: float) -> str:
        return f"{LEFT + WIDTH * min(value / most, 1.0):.1f}%" if most else f"{LEFT}%"

    return mark_safe(
        f'<svg class="plot" height="16" role="img" aria-label="{escape(label)}">'
        f'<line class="track" x1="{LEFT}%" x2="{LEFT + WIDTH}%" y1="8" y2="8"/>'
        f'<line class="bar" x1="{at(low)}" x2="{at(high)}" y1="8" y2="8"/>'
        f'<line class="line" x1="{at(rest)}" x2="{at(rest)}" y1="0" y2="16"/>'
        f'<circle class="dot" cx="{at(share)}" cy="8" r="4"/></svg>'
    )


def days(counts: Sequence[int], most: int, label: str) -> SafeString:
    """A bar for each day, `most` as high as the strip; a day without any leaves its place empty."""
    step = 100 / max(len(counts), 1)
    bars = []
    for at, count in enumerate(counts):
        height = 18 * min(count / most, 1.0) if most else 0
        x, wide = at * step, step * 0.8
        bars.append(f'<rect class="void" x="{x:.2f}%" y="18" width="{wide:.2f}%" height="2"/>')
        if count:
            tall = max(height, 2)
            bars.append(
                f'<rect class="dot" x="{x:.2f}%" y="{18 - tall:.1f}" width="{wide:.2f}%" height="{tall:.1f}"/>'
            )
    return mark_safe(
        f'<svg class="plot" height="20" role="img" aria-label="{escape(label)}">{"".join(bars)}</svg>'
    )
