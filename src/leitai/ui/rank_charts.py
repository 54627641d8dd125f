"""Charts of ranks, drawn on the server as `charts.py` draws its own: a rank is never drawn without its interval.

Rank 1 is at the left of a strip and at the top of a history, which is drawn as a share of the group, so that a group
that grew or shrank between periods does not look like a unit that moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from .charts import along, nothing


@dataclass(frozen=True)
class RankPoint:
    """One period of a history: (best, rank, worst) among `of`, or a rank of None where it could not be judged."""

    label: str
    rank: int | None
    low: int = 0
    high: int = 0
    of: int = 0


def step_strip(low: int, rank: int, high: int, of: int, was: int | None, label: str) -> SafeString:
    """A strip of one rank with its interval; a ring where the rank was the period before."""
    top = max(of, 2)
    x1, x, x2 = (along(value, 1, top) for value in (low, rank, high))
    ring = ""
    if was is not None and was != rank:
        ring = f'<circle class="hollow" cx="{along(was, 1, top):.1f}%" cy="8" r="3"/>'
    return mark_safe(
        f'<svg class="plot" height="16" role="img" aria-label="{escape(label)}">'
        '<line class="track" x1="2%" x2="98%" y1="8" y2="8"/>'
        f'<line class="bar" x1="{x1:.1f}%" x2="{x2:.1f}%" y1="8" y2="8"/>{ring}'
        f'<circle class="dot" cx="{x:.1f}%" cy="8" r="4"/></svg>'
    )


def _share(value: int, of: int) -> float:
    """Where a rank lies in its group: 0 the best, 1 the last."""
    return (value - 1) / max(of - 1, 1)


def _runs(points: Sequence[RankPoint]) -> list[list[int]]:
    """The numbers of neighbouring points that have a rank."""
    found: list[list[int]] = []
    for index, point in enumerate(points):
        if point.rank is not None:
            if found and found[-1][-1] == index - 1:
                found[-1].append(index)
            else:
                found.append([index])
    return found


def _ribbons(points: Sequence[RankPoint], xs: Sequence[float], top: float, height: float) -> tuple[str, str]:
    """The intervals and the ranks of each run as shapes in a drawing 100 wide; lone points as lines in per cent."""
    shapes, alone = [], []
    for run in _runs(points):
        upper = [(xs[i], top + height * _share(points[i].low, points[i].of)) for i in run]
        lower = [(xs[i], top + height * _share(points[i].high, points[i].of)) for i in run]
        middle = [(xs[i], top + height * _share(points[i].rank or 1, points[i].of)) for i in run]
        if len(run) == 1:
            at, first = upper[0]
            alone.append(
                f'<line class="bar" x1="{at:.2f}%" x2="{at:.2f}%" y1="{first:.1f}" y2="{lower[0][1]:.1f}"/>'
            )
            continue
        outline = " ".join(f"{x:.2f},{y:.2f}" for x, y in upper + lower[::-1])
        line = " ".join(f"{x:.2f},{y:.2f}" for x, y in middle)
        shapes.append(
            f'<polygon class="ribbon-fill" points="{outline}"/><polyline class="line" points="{line}"/>'
        )
    return "".join(shapes), "".join(alone)


def history(points: Sequence[RankPoint], title: str, description: str) -> SafeString:
    """Ranks over periods, the oldest first: the interval as a shade, the rank as a line with dots.

    A period that could not be judged is a shaded column with a ring below the axis.
    """
    height, top, left = 120.0, 12.0, 8.0
    step = (96 - left) / max(1, len(points) - 1)
    xs = [left + step * index for index in range(len(points))]
    sizes = {point.of for point in points if point.rank is not None}
    last = str(max(sizes)) if sizes else ""
    parts = []
    for y, name in ((top, "1"), (top + height, last)):
        parts.append(f'<line class="track" x1="{left}%" x2="100%" y1="{y}" y2="{y}"/>')
        parts.append(f'<text x="{left - 2}%" y="{y + 4}" text-anchor="end">{name}</text>')
    for at, point in zip(xs, points, strict=True):
        if point.rank is None:
            start, end = max(left, at - 0.4 * step), at + 0.4 * step
            parts.append(
                f'<rect class="void" x="{start:.2f}%" width="{end - start:.2f}%" y="{top}" height="{height}"/>'
            )
    shapes, alone = _ribbons(points, xs, top, height)
    parts.append(alone)
    whole = top + height + 6
    parts.append(
        f'<svg viewBox="0 0 100 {whole}" preserveAspectRatio="none" width="100%" height="{whole}">{shapes}</svg>'
    )
    every = 1 if len(points) <= 6 else 2 if len(points) <= 12 else 4
    for index, (at, point) in enumerate(zip(xs, points, strict=True)):
        if point.rank is None:
            parts.append(f'<circle class="hollow" cx="{at:.2f}%" cy="{top + height + 9}" r="3"/>')
        else:
            y = top + height * _share(point.rank, point.of)
            parts.append(f'<circle class="dot" cx="{at:.2f}%" cy="{y:.1f}" r="3.5"/>')
        if (len(points) - 1 - index) % every == 0:
            parts.append(
                f'<text x="{at:.2f}%" y="{top + height + 26}" text-anchor="middle">{escape(point.label)}</text>'
            )
    return mark_safe(
        f'<svg class="plot" height="{top + height + 32}" role="img"><title>{escape(title)}</title>'
        f"<desc>{escape(description)}</desc>{''.join(parts)}</svg>"
    )


def spark(points: Sequence[RankPoint], label: str) -> SafeString:
    """The same history without axes, small enough for a line of a table."""
    if not any(point.rank is not None for point in points):
        return nothing(label)
    step = 92 / max(1, len(points) - 1)
    xs = [4 + step * index for index in range(len(points))]
    shapes, alone = _ribbons(points, xs, 4, 24)
    dots = "".join(
        f'<circle class="{"hollow" if point.rank is None else "dot"}" cx="{at:.2f}%"'
        f' cy="{16 if point.rank is None else 4 + 24 * _share(point.rank, point.of):.1f}" r="2.5"/>'
        for at, point in zip(xs, points, strict=True)
    )
    return mark_safe(
        f'<svg class="plot" height="32" role="img" aria-label="{escape(label)}">{alone}'
        f'<svg viewBox="0 0 100 32" preserveAspectRatio="none" width="100%" height="32">{shapes}</svg>{dots}</svg>'
    )


@dataclass(frozen=True)
class FunnelPoint:
    """A unit's rate from n, and the limits of chance at its n: nearer (say 95 %) and farther (say 99.8 %)."""

    rate: float
    n: int
    near: tuple[float, float]
    far: tuple[float, float]

    @property
    def outside(self) -> int:
        """0 within the limits, 1 beyond the nearer ones, 2 beyond both.

        Limits run smoothly between whole counts; the count at which the upper one is reached is still within it. Of one
        case in one nobody is beyond chance, wherever the line is drawn.
        """
        count = self.rate * self.n
        return sum(
            self.rate < low or count > ceil(high * self.n - 1e-9) + 1e-9
            for low, high in (self.near, self.far)
        )


def funnel(points: Sequence[FunnelPoint], target: float, title: str, description: str) -> SafeString:
    """Rates over n on a root scale, in the order of n, between limits; dots inside are one path, however many.

    Those beyond the farther limits are diamonds, those beyond the nearer ones rings, all others dots.
    """
    height, top, left, right = 260.0, 10.0, 9.0, 98.0
    most = max(point.n for point in points)
    peak = max([target * 1.5, *(point.rate for point in points)])
    for end in (0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0):
        if peak <= end:
            peak = end
            break

    def x(n: float) -> float:
        return left + (right - left) * (n / most) ** 0.5

    def y(rate: float) -> float:
        return top + (height - top) * (1 - min(1.0, rate / peak))

    parts = []
    for rate in (0.0, peak / 2, peak):
        parts.append(f'<line class="track" x1="{left}%" x2="100%" y1="{y(rate):.1f}" y2="{y(rate):.1f}"/>')
        parts.append(f'<text x="{left - 2}%" y="{y(rate) + 4:.1f}" text-anchor="end">{100 * rate:g}%</text>')
    shapes = []
    for name, limits in (("far", [p.far for p in points]), ("near", [p.near for p in points])):
        by_n = dict(zip((p.n for p in points), limits, strict=True))
        upper = [f"{x(n):.2f},{y(high):.1f}" for n, (_low, high) in by_n.items()]
        lower = [f"{x(n):.2f},{y(low):.1f}" for n, (low, _high) in by_n.items()]
        shapes.append(f'<polygon class="funnel-{name}" points="{" ".join(upper + lower[::-1])}"/>')
    shapes.append(f'<line class="line" x1="{left}" x2="100" y1="{y(target):.1f}" y2="{y(target):.1f}"/>')
    inside = "".join(f"M{x(p.n):.2f} {y(p.rate):.1f}h0" for p in points if not p.outside)
    shapes.append(f'<path class="funnel-dots" d="{inside}"/>')
    parts.append(
        f'<svg viewBox="0 0 100 {height + 2}" preserveAspectRatio="none" width="100%" height="{height + 2}">'
        f"{''.join(shapes)}</svg>"
    )
    for point in points:
        if point.outside == 1:
            parts.append(f'<circle class="hollow" cx="{x(point.n):.2f}%" cy="{y(point.rate):.1f}" r="3.5"/>')
        elif point.outside:
            parts.append(
                f'<svg x="{x(point.n):.2f}%" y="{y(point.rate):.1f}" overflow="visible">'
                '<path class="dot" d="M0-5l5 5-5 5-5-5z"/></svg>'
            )
    for share in (0.0, 0.1, 0.5, 1.0):
        n = round(most * share)
        parts.append(
            f'<text x="{x(n):.2f}%" y="{height + 18}" text-anchor="{"end" if share == 1 else "middle"}">{n:,}</text>'
        )
    return mark_safe(
        f'<svg class="plot" height="{height + 24}" role="img"><title>{escape(title)}</title>'
        f"<desc>{escape(description)}</desc>{''.join(parts)}</svg>"
    )
