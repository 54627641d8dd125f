"""Interval charts drawn on the server as inline SVG: they print and need no script.

Positions are percentages of the width, so that a strip is right on a phone and on a projector without being
stretched. All texts are escaped; the rest are numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

Num = int | float | Decimal


def along(value: Num, lo: Num, hi: Num) -> float:
    """Where a value lies on a scale, in per cent, with room for the dot at both ends."""
    width = float(hi) - float(lo)
    share = (float(value) - float(lo)) / width if width else 0.5
    return 2 + 96 * min(1.0, max(0.0, share))


def whisker(low: Num, mid: Num, high: Num, lo: Num, hi: Num, label: str = "") -> SafeString:
    """A strip: the scale from lo to hi, the interval as a bar, the value as a dot."""
    x1, x, x2 = (along(value, lo, hi) for value in (low, mid, high))
    named = f' role="img" aria-label="{escape(label)}"' if label else ' aria-hidden="true"'
    return mark_safe(
        f'<svg class="plot" height="16"{named}><line class="track" x1="2%" x2="98%" y1="8" y2="8"/>'
        f'<line class="bar" x1="{x1:.1f}%" x2="{x2:.1f}%" y1="8" y2="8"/>'
        f'<circle class="dot" cx="{x:.1f}%" cy="8" r="4"/></svg>'
    )


def nothing(label: str) -> SafeString:
    """A strip without a value: only the dashed scale."""
    return mark_safe(
        f'<svg class="plot" height="16" role="img" aria-label="{escape(label)}">'
        '<line class="dash" x1="2%" x2="98%" y1="8" y2="8"/></svg>'
    )


def bar(share: int) -> SafeString:
    """A signed bar from the middle of the strip, share from -100 to 100."""
    width = min(100, abs(share)) / 2
    start = 50 if share >= 0 else 50 - width
    kind = "band" if share >= 0 else "minus"
    return mark_safe(
        '<svg class="plot" height="10" aria-hidden="true">'
        '<line class="track" x1="50%" x2="50%" y1="0" y2="10"/>'
        f'<rect class="{kind}" x="{start:.1f}%" y="1" width="{width:.1f}%" height="8"/></svg>'
    )


def caterpillar(
    intervals: Sequence[tuple[int, int, int]], of: int, picked: int | None = None, most: int = 200
) -> SafeString:
    """(low, rank, high) of every unit of a group as one shape: how far the group can be told apart.

    Of more than `most` units every so manyth is drawn, so that the picture weighs the same for 30 and 3,000;
    `picked` is a rank to mark.
    """
    rows = sorted(intervals, key=lambda row: row[1])
    if not rows:
        return nothing("")
    step = max(1, -(-len(rows) // most))
    rows = rows[::step]
    top = max(of, 2) - 1
    upper = [f"{100 * (rank - 1) / top:.2f},{100 * (low - 1) / top:.2f}" for low, rank, _high in rows]
    lower = [f"{100 * (rank - 1) / top:.2f},{100 * (high - 1) / top:.2f}" for _low, rank, high in rows]
    mark = ""
    if picked is not None:
        x = 100 * (picked - 1) / top
        mark = f'<circle class="pick" cx="{x:.2f}%" cy="{x:.2f}%" r="5"/>'
    return mark_safe(
        '<svg class="plot" height="180" aria-hidden="true">'
        '<svg viewBox="0 0 100 100" preserveAspectRatio="none" '
        f'width="100%" height="180"><polygon class="ribbon-fill" points="{" ".join(upper + lower[::-1])}"/>'
        f'<polyline class="line" points="0,0 100,100"/></svg>{mark}</svg>'
    )


@dataclass(frozen=True)
class Point:
    """One period of a series: a share with its interval, or None where there is too little to say."""

    label: str
    share: float | None
    low: float = 0.0
    high: float = 0.0
    n: int = 0


def _ticks(top: float) -> tuple[float, ...]:
    """The scale's end and middle: the smallest round share that covers `top`."""
    for end in (0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0):
        if top <= end:
            return (0.0, end / 2, end)
    return (0.0, 0.5, 1.0)


def series(points: Sequence[Point], title: str, description: str) -> SafeString:
    """Shares over periods: the interval as a band, the share as a line with dots.

    A period without a share is a shaded column, marked below the axis so that it cannot be read as 0 %: a
    ring where there were too few to judge, a dash where there were none at all.
    """
    judged = [point for point in points if point.share is not None]
    ticks = _ticks(max((point.high for point in judged), default=0.0))
    height, top, left = 170, 10, 10

    def x(index: int) -> float:
        return left + (96 - left) * (index / max(1, len(points) - 1))

    def y(value: float) -> float:
        return top + (height - top) * (1 - value / ticks[-1])

    parts = []
    for tick in ticks:
        name = f"{tick * 100:g}%"
        parts.append(f'<line class="track" x1="{left}%" x2="100%" y1="{y(tick):.1f}" y2="{y(tick):.1f}"/>')
        parts.append(f'<text x="{left - 2}%" y="{y(tick) + 4:.1f}" text-anchor="end">{name}</text>')
    step = (96 - left) / max(1, len(points) - 1)
    for index, point in enumerate(points):
        if point.share is None:
            start, end = max(left, x(index) - 0.4 * step), x(index) + 0.4 * step
            parts.append(
                f'<rect class="void" x="{start:.2f}%" width="{end - start:.2f}%"'
                f' y="{top}" height="{height - top}"/>'
            )
    shapes = []
    for first, last in _runs(points):
        run = [(x(i), points[i]) for i in range(first, last + 1)]
        upper = [f"{at:.2f},{y(point.high):.2f}" for at, point in run]
        lower = [f"{at:.2f},{y(point.low):.2f}" for at, point in run]
        middle = [f"{at:.2f},{y(point.share or 0):.2f}" for at, point in run]
        if len(run) == 1:
            at, point = run[0]
            parts.append(
                f'<line class="bar" x1="{at:.2f}%" x2="{at:.2f}%"'
                f' y1="{y(point.high):.1f}" y2="{y(point.low):.1f}"/>'
            )
        shapes.append(f'<polygon class="ribbon-fill" points="{" ".join(upper + lower[::-1])}"/>')
        shapes.append(f'<polyline class="line" points="{" ".join(middle)}"/>')
    parts.append(
        f'<svg viewBox="0 0 100 {height}" preserveAspectRatio="none" width="100%" height="{height}">'
        f"{''.join(shapes)}</svg>"
    )
    every = 1 if len(points) <= 6 else 2
    for index, point in enumerate(points):
        if point.share is not None:
            parts.append(f'<circle class="dot" cx="{x(index):.2f}%" cy="{y(point.share):.1f}" r="3.5"/>')
        elif point.n:
            parts.append(f'<circle class="hollow" cx="{x(index):.2f}%" cy="{height + 9}" r="3"/>')
        else:
            parts.append(f'<text x="{x(index):.2f}%" y="{height + 13}" text-anchor="middle">–</text>')
        if (len(points) - 1 - index) % every == 0:
            parts.append(
                f'<text x="{x(index):.2f}%" y="{height + 30}" text-anchor="middle">'
                f"{escape(point.label)}</text>"
            )
    return mark_safe(
        f'<svg class="plot" height="{height + 36}" role="img"><title>{escape(title)}</title>'
        f"<desc>{escape(description)}</desc>{''.join(parts)}</svg>"
    )


def _runs(points: Sequence[Point]) -> list[tuple[int, int]]:
    """Index ranges of neighbouring points that have a share."""
    found: list[tuple[int, int]] = []
    for index, point in enumerate(points):
        if point.share is None:
            continue
        if found and found[-1][1] == index - 1:
            found[-1] = (found[-1][0], index)
        else:
            found.append((index, index))
    return found
