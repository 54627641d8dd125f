"""The graph of a start drawn on the server as inline SVG: columns from left to right, the critical path heavier.

Nothing is said by colour alone: each box has its state in words, and the path is a thicker line. The list below says
the same to who cannot see the drawing, and is what a phone shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from unicodedata import east_asian_width

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from leitai.rules.flows.permits import columns

from .queries.accounts import Account, PermitView

WIDE, HIGH, ACROSS, DOWN, EDGE = 156, 88, 34, 18, 8  # units of the drawing: a box, the gaps, the rim
LETTERS = 19  # widths of Latin letters that fit into a line of a box


def drawn(account: Account, language: str, states: dict[str, str], start: str, label: str) -> SafeString:
    """The drawing. `states` has words for states, `start` is what the goal is called, `label` says it in a sentence."""
    found = {one.row.key: one for one in account.permits if one.row.key in account.needs}
    table = [*columns(account.needs), ("",)]
    tall = max(len(column) for column in table)
    width = 2 * EDGE + len(table) * WIDE + (len(table) - 1) * ACROSS
    height = 2 * EDGE + tall * HIGH + (tall - 1) * DOWN
    at: dict[str, tuple[float, float]] = {}
    for number, column in enumerate(table):
        own = len(column) * HIGH + (len(column) - 1) * DOWN
        for row, key in enumerate(column):
            at[key] = (EDGE + number * (WIDE + ACROSS), (height - own) / 2 + row * (HIGH + DOWN))
    path = [one.row.key for one in account.path]
    steps = {*pairwise([*path, ""])}
    lines = [(need, key) for key, needs in account.needs.items() for need in needs]
    lines += [(key, "") for key in account.goal]
    edges = sorted(lines, key=lambda line: (line in steps, line))  # the path is drawn last, above the rest
    parts = [
        f'<svg class="permits" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(label)}">',
        *(_line(at[one], at[other], (one, other) in steps) for one, other in edges if one in at),
        *(text for key, one in found.items() for text in _box(one, at[key], language, states)),
        *_goal(at[""], start, over=account.start.started_on is not None),
        "</svg>",
    ]
    return mark_safe("".join(parts))


def _line(one: tuple[float, float], other: tuple[float, float], critical: bool) -> str:
    x1, y1, x2, y2 = one[0] + WIDE, one[1] + HIGH / 2, other[0], other[1] + HIGH / 2
    bend = ACROSS / 2
    kind = "way critical" if critical else "way"
    return (
        f'<path class="{kind}" d="M{x1:.0f} {y1:.0f}C{x1 + bend:.0f} {y1:.0f} {x2 - bend:.0f} {y2:.0f} '
        f'{x2:.0f} {y2:.0f}"/>'
    )


def _box(one: PermitView, at: tuple[float, float], language: str, states: dict[str, str]) -> Iterator[str]:
    x, y = at
    yield f'<a href="#permit-{escape(one.row.key)}">'
    kind = f"box {one.row.state}{' critical' if one.critical else ''}{' late' if one.late else ''}"
    yield f'<rect class="{kind}" x="{x:.0f}" y="{y:.0f}" width="{WIDE}" height="{HIGH}" rx="6"/>'
    first, second = broken(one.name.show(language))
    yield _text(x, y + 20, "name", first)
    yield _text(x, y + 37, "name", second)
    yield _text(x, y + 58, "said", fitted(states["late" if one.late else one.row.state]))
    had = one.days[-1][1] if one.days and one.holder else 0
    holder = f"{fitted(one.holder, LETTERS - 5)} · {had}{states['d']}" if had else fitted(one.holder)
    yield _text(x, y + 76, "said", holder)
    yield "</a>"


def _goal(at: tuple[float, float], start: str, over: bool) -> Iterator[str]:
    x, y = at
    kind = "goal granted" if over else "goal"
    yield f'<rect class="box {kind}" x="{x:.0f}" y="{y:.0f}" width="{WIDE}" height="{HIGH}" rx="40"/>'
    for number, line in enumerate(start.split("\n")):
        yield _text(x, y + 38 + 20 * number, "name" if not number else "said", fitted(line))


def _text(x: float, y: float, kind: str, text: str) -> str:
    return f'<text class="{kind}" x="{x + 12:.0f}" y="{y:.0f}">{escape(text)}</text>' if text else ""


def broken(text: str) -> tuple[str, str]:
    """A name in two lines, parted between words where it has any; what fits into neither is left out."""
    first = fitted(text)
    if first == text:
        return text, ""
    cut = len(first) - 1
    space = text.rfind(" ", 0, cut + 1)
    cut = space if space > 0 else cut
    return text[:cut].rstrip(), fitted(text[cut:].lstrip())


def fitted(text: str, most: int = LETTERS) -> str:
    """A text as far as it fits into a line, a Chinese letter as wide as two Latin ones."""
    width = 0
    for number, letter in enumerate(text):
        width += 2 if east_asian_width(letter) in "WF" else 1
        if width > most:
            return text[: max(0, number - 1)] + "…"
    return text
