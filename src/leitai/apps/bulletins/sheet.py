"""What a bulletin says, and what stands where on its sheets: papers, lines, rules, rows. Millimetres, points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from . import layout as gb


@dataclass(frozen=True)
class Paper:
    """What a bulletin says, ready to be set: all texts in their words. `banner` tells of corrections since."""

    head: str
    number: str
    title: str
    to: str
    blocks: tuple[Mapping[str, Any], ...]
    signed: str
    day: str
    annexes: tuple[str, ...] = ()
    annex_word: str = "附件："
    copy: str = ""
    printed: str = ""
    printed_on: str = ""
    note: str = ""
    banner: str = ""
    chinese: bool = True


@dataclass(frozen=True, slots=True)
class Set:
    """A line set: the upper left corner of its letters in mm, its size in points, face and colour.

    `pieces` are (text, mm from the left edge of the page).
    """

    pieces: tuple[tuple[str, float], ...]
    y: float
    size: float
    face: str = "body"
    colour: str = gb.BLACK
    what: str = "text"

    @property
    def text(self) -> str:
        """What it says."""
        return "".join(piece for piece, _x in self.pieces)


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight rule from (x, y) to (x2, y2), thick in mm."""

    x: float
    y: float
    x2: float
    y2: float
    thick: float
    colour: str = gb.BLACK
    what: str = "rule"


@dataclass
class Sheet:
    """A page: what is set on it."""

    lines: list[Set] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)


@dataclass(frozen=True)
class Row:
    """What stands on so many mm of the type area: lines and rules as if it began at its top.

    `keep`: on one page with the row after it. A row of a table brings the `head` that is repeated over it.
    """

    height: float
    lines: tuple[Set, ...] = ()
    rules: tuple[Rule, ...] = ()
    keep: bool = False
    blank: bool = False
    head: Row | None = None
