"""A sheet as it was typed: where its table begins, what its columns are called, which lines are no lines of it.

A heading may stand in up to three rows, its cells merged across and down. Titles, notes, group headings, totals and
headings printed again are told apart from what the table lists; none of them is thrown away in silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from leitai.rules.kernel import N_
from leitai.rules.ledger import canonical, digest

from ..cells import text
from .amounts import plain

Merge = tuple[int, int, int, int]  # first row, first column, last row, last column; from 0
Recognise = Callable[[str], str]  # a joined heading → the field it is for, "" for none

SEARCHED, DEEPEST = 40, 3
BREAK = "\n"  # between a heading's parts; what is typed into a cell has none here
_TOTAL = re.compile(r"(?:本页|全[县市区]|总)?(?:总计|合计|小计|共计|累计|total|subtotal|sum)(?:[::(].*)?")
_GROUP = re.compile(r"(?:[一二三四五六七八九十]+[、.]?|\([一二三四五六七八九十]+\))")
_GROUP_NAME = re.compile(r"(?:[一二三四五六七八九十]+[、.]|\([一二三四五六七八九十]+\)).*")
_NOTE = re.compile(r"(?:备注|注|说明|填表人|填报人|制表|审核人?|联系人|联系电话|填报单位)\d*[::.].*")


def address(row: int, column: int) -> str:
    """A cell's address: row 6, column 2 (both from 0) is C7."""
    letters, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(65 + digit) + letters
    return f"{letters}{row + 1}"


@dataclass(frozen=True)
class Grid:
    """The cells of a sheet, row by row, and its merged ranges."""

    name: str
    rows: tuple[tuple[object, ...], ...]
    merged: tuple[Merge, ...] = ()

    def cell(self, row: int, column: int) -> object:
        """What stands in a cell; None beyond the sheet's edge."""
        line = self.rows[row] if 0 <= row < len(self.rows) else ()
        return line[column] if column < len(line) else None

    def head(self, row: int, column: int) -> tuple[int, int]:
        """The cell that speaks for this one: itself, or the first of the range it is merged into."""
        return self._heads.get((row, column), (row, column))

    @cached_property
    def _heads(self) -> dict[tuple[int, int], tuple[int, int]]:
        """The first cell of its range for each merged cell; a range may reach far beyond what is typed."""
        return {
            (row, column): (top, left)
            for top, left, bottom, right in self.merged
            for row in range(top, min(bottom + 1, len(self.rows)))
            for column in range(left, min(right, self.width) + 1)
        }

    @cached_property
    def width(self) -> int:
        """How many columns the widest row has."""
        return max((len(row) for row in self.rows), default=0)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: its row (from 0), and for each column what stands there and the cell that says it."""

    row: int
    cells: tuple[object, ...]
    at: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Left:
    """A row that is no line of the table: where, why, and what stands in it."""

    row: int
    why: str
    text: str


@dataclass(frozen=True)
class Table:
    """A table found in a sheet: its headings joined from top to bottom with BREAK, lines, rows left out, title."""

    sheet: str
    labels: tuple[str, ...]
    top: int
    lines: tuple[Line, ...]
    left: tuple[Left, ...]
    title: str

    @property
    def fingerprint(self) -> str:
        """What tells this layout from others: its headings, whatever the blanks in them."""
        return digest(canonical([plain(label) for label in self.labels]))


def find(grid: Grid, recognise: Recognise, name_field: str = "name") -> Table | None:
    """The table of a sheet; None where no row reads as its heading.

    `recognise` says which field a heading is for; the heading is where most are recognised, `name_field` among them.
    """
    best: tuple[float, int, int] | None = None
    for top in range(min(len(grid.rows), SEARCHED)):
        for deep in range(1, DEEPEST + 1):
            if not _may_head(grid, top, deep):
                break
            fields = {recognise(label) for label in _labels(grid, top, deep)} - {""}
            if (
                name_field not in fields
                or len(fields) < 2
                or _crossed(grid, top)
                or _crossed(grid, top + deep)
            ):
                continue
            score = len(fields) - deep / 10 - (0.5 if _open(grid, top + deep - 1) else 0)
            if best is None or score > best[0]:
                best = (score, top, deep)
    if best is None:
        return None
    _score, top, deep = best
    labels = _labels(grid, top, deep)
    name = next(at for at, label in enumerate(labels) if recognise(label) == name_field)
    lines, left = _sorted(grid, top, deep, labels, name, [recognise(label) for label in labels])
    above = [text(cell) for row in grid.rows[:top] for cell in row if text(cell)]
    left = [Left(at, N_("above the table"), _said(grid, at)) for at in range(top) if _said(grid, at)] + left
    return Table(grid.name, labels, top, tuple(lines), tuple(left), " ".join(above)[:500])


def _may_head(grid: Grid, top: int, deep: int) -> bool:
    """Whether the rows hold words only, years apart; the first of them at least two different ones."""
    if top + deep > len(grid.rows):
        return False
    row = grid.rows[top + deep - 1]
    words = [cell for cell in row if text(cell)]
    if any(
        not isinstance(cell, str) and not (isinstance(cell, int) and 1950 <= cell <= 2100) for cell in words
    ):
        return False
    if any(
        re.fullmatch(r"[\d.,%-]+", plain(cell)) and not re.fullmatch(r"20\d\d", plain(cell)) for cell in words
    ):
        return False
    return len({text(cell) for cell in words}) >= (2 if deep == 1 else 1)


def _labels(grid: Grid, top: int, deep: int) -> tuple[str, ...]:
    found = []
    for column in range(grid.width):
        parts: list[str] = []
        for row in range(top, top + deep):
            said = " ".join(text(grid.cell(*grid.head(row, column))).split())
            if not said and row < top + deep - 1 and text(grid.cell(row + 1, column)):
                said = _beside(grid, row, column)
            if said and (not parts or parts[-1] != said):
                parts.append(said)
        found.append(BREAK.join(parts))
    while found and not found[-1]:
        found.pop()
    return tuple(found)


def _beside(grid: Grid, row: int, column: int) -> str:
    """A group's heading that was typed over its first column only."""
    for at in range(column - 1, -1, -1):
        said = text(grid.cell(row, at))
        if said:
            return said if text(grid.cell(row + 1, at)) else ""
        if not text(grid.cell(row + 1, at)):
            return ""
    return ""


def _crossed(grid: Grid, edge: int) -> bool:
    """Whether a merged range goes on across the upper edge of a row."""
    return any(top < edge <= bottom for top, _l, bottom, _r in grid.merged)


def _open(grid: Grid, row: int) -> bool:
    """Whether a heading ends in a row where cells are merged across: a group without its columns."""
    return any(top == row and right > left for top, left, _b, right in grid.merged)


def _sorted(
    grid: Grid, top: int, deep: int, labels: Sequence[str], name: int, fields: Sequence[str]
) -> tuple[list[Line], list[Left]]:
    """The rows below the heading: lines, and what is none."""
    serial = fields.index("serial") if "serial" in fields else None
    head = [{plain(cell) for cell in grid.rows[row] if text(cell)} for row in range(top, top + deep)]
    lines: list[Line] = []
    left: list[Left] = []
    for row in range(top + deep, len(grid.rows)):
        at = tuple(grid.head(row, column) for column in range(len(labels)))
        line = Line(row, tuple(grid.cell(*one) for one in at), at)
        said = _said(grid, row)
        why = _why_not(line, name, serial, {plain(cell) for cell in grid.rows[row] if text(cell)}, head)
        if why is None:
            lines.append(line)
        elif said:
            left.append(Left(row, why, said))
    return lines, left


def _why_not(
    line: Line, name: int, serial: int | None, own: set[str], head: Sequence[set[str]]
) -> str | None:
    """Why a row is no line of the table; None where it is one."""
    if not own:
        return N_("empty")
    if len(own) > 1 and any(own <= row for row in head):
        return N_("the heading once more")
    first = next(plain(cell) for cell in line.cells if plain(cell)) if any(map(plain, line.cells)) else ""
    named = plain(line.cells[name])
    if _NOTE.fullmatch(first):
        return N_("a note")
    if _TOTAL.fullmatch(first) or _TOTAL.fullmatch(named):
        return N_("a total of other lines")
    if (serial is not None and _GROUP.fullmatch(plain(line.cells[serial]))) or _GROUP_NAME.fullmatch(first):
        return N_("a group's heading")
    if len(own) == 1 and (not named or len({one for one in line.at if line.at.count(one) > 1}) > 0):
        return N_("a note")
    if line.at[name][0] != line.row:
        return N_("goes on from the line above")
    return None


def _said(grid: Grid, row: int) -> str:
    """What stands in a row itself."""
    return " | ".join(_cell(cell) for cell in grid.rows[row] if text(cell))[:1000]


def _cell(cell: object) -> str:
    return cell.isoformat() if isinstance(cell, date) else text(cell)
