"""A bulletin as the sheets of an official document: every line and rule with its place in millimetres.

Pure: it knows the standard's figures (`layout.py`) and how wide pieces are, and neither fonts nor files. What is not
said by the standard is chosen so that lines stay on its grid: a row of a table takes whole lines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import ceil
from typing import Any

from . import layout as gb
from .blocks import numbered
from .lines import Line, balanced, broken, half
from .sheet import Paper, Row, Rule, Set, Sheet

Measure = Callable[[str, str], float]  # (face, piece) -> letters


def _half(_face: str, piece: str) -> float:
    return half(piece)


def sheets(paper: Paper, measure: Measure = _half) -> list[Sheet]:
    """The pages of a bulletin."""
    setter = _Setter(paper, measure)
    body = setter.body()
    if body:
        body[-1] = replace(body[-1], keep=True)  # name and date never stand on a page without text
    return setter.paged([*setter.top(), *body, *setter.close()])


class _Setter:
    """Sets one paper."""

    def __init__(self, paper: Paper, measure: Measure) -> None:
        self.paper = paper
        self.measure = measure

    def _width(self, face: str) -> Callable[[str], float]:
        return lambda piece: self.measure(face, piece)

    def _lines(self, text: str, face: str, first: float = gb.INDENT, most: float = gb.LETTERS) -> list[Line]:
        chinese = self.paper.chinese
        return broken(text, most, first=first, measure=self._width(face), chinese=chinese)

    def _text(self, text: str, face: str = "body", first: float = gb.INDENT, keep: bool = False) -> list[Row]:
        """Paragraphs on the grid, each line a row."""
        return [
            self._row(line, face, keep=keep)
            for part in text.split("\n")
            if part.strip()
            for line in self._lines(part.strip(), face, first)
        ]

    def _row(
        self,
        line: Line,
        face: str,
        *,
        size: float = gb.SIZE_3,
        x: float = 0.0,
        keep: bool = False,
        what: str = "text",
    ) -> Row:
        """A line in the middle of its place on the grid, `x` mm in; a letter is as wide as its size or the grid."""
        cell = gb.CELL if size == gb.SIZE_3 else size / gb.MM
        pieces = tuple((piece, gb.LEFT + x + at * cell) for piece, at in line.pieces if not piece.isspace())
        y = (gb.PITCH - size / gb.MM) / 2
        return Row(gb.PITCH, (Set(pieces, y, size, face, what=what),), keep=keep)

    def _centred(self, text: str, face: str, size: float, what: str, colour: str = gb.BLACK) -> Set:
        width = self.measure(face, text) * size / gb.MM
        return Set(
            self._pieces(text, gb.LEFT + (gb.TYPE[0] - width) / 2, face, size), 0.0, size, face, colour, what
        )

    def _pieces(self, text: str, x: float, face: str, size: float) -> tuple[tuple[str, float], ...]:
        """A text at x mm, as one line however long."""
        line = broken(text, 1e9, measure=self._width(face), chinese=self.paper.chinese)[0]
        return tuple((piece, x + at * size / gb.MM) for piece, at in line.pieces if not piece.isspace())

    def top(self) -> list[Row]:
        """The head down to whom it is sent to: mark, number, red rule, title."""
        paper, rows = self.paper, []
        mark, size = self._mark(), mark_size(paper.head, self._width("title"))
        blank = Row(gb.PITCH)
        rows.append(Row(gb.MARK_BELOW, keep=True))
        for line in mark:
            one = self._centred(line, "title", size, "mark", gb.RED)
            rows.append(Row(size / gb.MM * 1.2, (one,), keep=True))
        rows += [replace(blank, keep=True)] * gb.ABOVE_NUMBER
        number = self._centred(paper.number, "body", gb.SIZE_3, "number")
        height = gb.SIZE_3 / gb.MM
        red = Rule(
            gb.LEFT, height + gb.RULE_BELOW, gb.LEFT + gb.TYPE[0], height + gb.RULE_BELOW, gb.RED_RULE, gb.RED
        )
        rows.append(Row(height + gb.RULE_BELOW, (number,), (replace(red, what="red rule"),), keep=True))
        rows += [replace(blank, keep=True)] * gb.ABOVE_TITLE
        for text in title_lines(paper.title, self._width("title"), paper.chinese):
            line = replace(
                self._centred(text, "title", gb.SIZE_2, "title"), y=(gb.PITCH - gb.SIZE_2 / gb.MM) / 2
            )
            rows.append(Row(gb.PITCH, (line,), keep=True))
        rows.append(replace(blank, keep=True))
        if paper.note:
            note = replace(
                self._centred(paper.note, "kai", gb.SIZE_4, "note"), y=(gb.PITCH - gb.SIZE_4 / gb.MM) / 2
            )
            rows.append(Row(gb.PITCH, (note,), keep=True))
        if paper.to:
            rows += self._text(paper.to, first=0.0, keep=True)
        return rows

    def _mark(self) -> list[str]:
        most = gb.TYPE[0] * gb.MM / gb.MARK_LEAST
        return [
            line.text for line in balanced(self.paper.head, most, self._width("title"), self.paper.chinese)
        ]

    def body(self) -> list[Row]:
        """The text, its tables, what is attached."""
        rows: list[Row] = []
        for label, one in numbered(self.paper.blocks, self.paper.chinese):
            if one["kind"] == "heading":
                rows += self._text(label + one["text"], gb.LEVELS[one["level"]], keep=True)
            elif one["kind"] == "table":
                rows += self._table(one)
            elif one["kind"] == "reply":
                rows += self._text(one["said"], "kai")
            else:
                rows += self._text(one["text"])
        annexes = self.paper.annexes
        if annexes:
            rows.append(Row(gb.PITCH, blank=True))
        for n, name in enumerate(annexes, 1):
            lead = self.paper.annex_word if n == 1 else ""
            label = f"{n}." if len(annexes) > 1 else ""
            indent = gb.INDENT + self.measure("body", self.paper.annex_word) + self.measure("body", label)
            for k, line in enumerate(self._lines(name, "body", 0.0, gb.LETTERS - indent)):
                row = self._row(line, "body", x=indent * gb.CELL)
                if k == 0:
                    row = self._before(row, lead, label, indent)
                rows.append(row)
        return rows

    def _before(self, row: Row, lead: str, label: str, indent: float) -> Row:
        """A line of what is attached, with the word and the number before it."""
        found = []
        if lead:
            found += self._row(self._lines(lead, "body")[0], "body").lines[0].pieces
        if label:
            at = indent - self.measure("body", label)
            found += self._row(self._lines(label, "body", at)[0], "body").lines[0].pieces
        (line,) = row.lines
        return replace(row, lines=(replace(line, pieces=(*found, *line.pieces)),))

    def _table(self, block: Mapping[str, Any]) -> list[Row]:
        """A table's rows: the head first, which every page repeats."""
        measure = self._width("body")
        widths = column_widths(block["columns"], block["rows"], measure)
        head = self._cells(block["columns"], widths, "black")
        rows = [self._cells(cells, widths, "body") for cells in block["rows"]]
        edge = Rule(gb.LEFT, 0.0, gb.LEFT + gb.TYPE[0], 0.0, gb.THIN, what="cell")
        head = replace(head, rules=(edge, *head.rules), keep=True)
        return [head, *(replace(row, head=head) for row in rows)] if rows else []

    def _cells(self, cells: Sequence[str], widths: Sequence[float], face: str) -> Row:
        letter = gb.SIZE_TABLE / gb.MM
        step = letter * 1.25
        wrapped = [
            broken(
                text,
                (width - 2 * PAD) / letter,
                measure=self._width(face),
                chinese=self.paper.chinese,
                fill=False,
            )
            for text, width in zip(cells, widths, strict=True)
        ]
        tall = max(len(lines) for lines in wrapped)
        height = gb.PITCH * ceil((tall * step + 1) / gb.PITCH)
        lines, rules, x = [], [], gb.LEFT
        for column, width in zip(wrapped, widths, strict=True):
            y = (height - len(column) * step) / 2 + (step - letter) / 2
            for k, line in enumerate(column):
                pieces = tuple(
                    (piece, x + PAD + at * letter) for piece, at in line.pieces if not piece.isspace()
                )
                lines.append(Set(pieces, y + k * step, gb.SIZE_TABLE, face, what="cell"))
            rules.append(Rule(x, 0.0, x, height, gb.THIN, what="cell"))
            x += width
        rules.append(Rule(x, 0.0, x, height, gb.THIN, what="cell"))
        rules.append(Rule(gb.LEFT, height, x, height, gb.THIN, what="cell"))
        return Row(height, tuple(lines), tuple(rules))

    def close(self) -> list[Row]:
        """The name and the date, with room for the seal (7.3.5.1), and for the imprint below."""
        paper = self.paper
        signed, day = self.measure("body", paper.signed), self.measure("body", paper.day)
        sign_right, day_right = closing(signed, day)
        blank = Row(gb.PITCH, keep=True)

        def ends(text: str, width: float, right: float) -> Row:
            return self._row(
                self._lines(text, "body", max(0.0, gb.LETTERS - right - width))[0], "body", what="close"
            )

        rows = [blank] * gb.SEAL_ABOVE
        for text, width, right in ((paper.signed, signed, sign_right), (paper.day, day, day_right)):
            rows.append(replace(ends(text, width, right), keep=True))
        # The imprint is on the page of the date, and so its place is kept with it.
        return [*rows, Row(gb.PITCH * gb.SEAL_BELOW + self.imprint().height)]

    def imprint(self) -> Row:
        """The imprint at the foot of the last page (7.4)."""
        paper, letter = self.paper, gb.SIZE_4 / gb.MM
        lines: list[Set] = []
        rules: list[Rule] = []
        y, step = 0.0, gb.IMPRINT_LINE
        inset = (step - letter) / 2

        def rule(at: float, thick: float, what: str) -> None:
            rules.append(Rule(gb.LEFT, at, gb.LEFT + gb.TYPE[0], at, thick, what=what))

        rule(0.0, gb.THICK, "imprint edge")
        if paper.copy:
            most = gb.TYPE[0] / letter - 2
            for line in broken(
                paper.copy, most, measure=self._width("body"), chinese=paper.chinese, fill=False
            ):
                x = gb.LEFT + letter
                pieces = tuple((piece, x + at * letter) for piece, at in line.pieces if not piece.isspace())
                lines.append(Set(pieces, y + inset, gb.SIZE_4, what="imprint"))
                y += step
            rule(y, gb.THIN, "imprint")
        width = self.measure("body", paper.printed_on) * letter
        for text, x in (
            (paper.printed, gb.LEFT + letter),
            (paper.printed_on, gb.LEFT + gb.TYPE[0] - letter - width),
        ):
            lines.append(Set(self._pieces(text, x, "body", gb.SIZE_4), y + inset, gb.SIZE_4, what="imprint"))
        y += step
        rule(y, gb.THICK, "imprint edge")
        return Row(y, tuple(lines), tuple(rules))

    def paged(self, rows: Sequence[Row]) -> list[Sheet]:
        """Rows on pages, those that keep together on one; then imprint and page numbers."""
        found, y = [Sheet()], 0.0
        for group in _groups(rows):
            height = sum(row.height for row in group)
            if y > 0 and y + height > gb.TYPE[1] + 1e-6:
                found.append(Sheet())
                y = 0.0
                if group[0].head is not None:
                    y = _put(found[-1], group[0].head, y)
            for row in group:
                if row.blank and y == 0.0:
                    continue
                if y + row.height > gb.TYPE[1] + 1e-6:  # more than one page holds is kept together by no page
                    found.append(Sheet())
                    y = 0.0
                y = _put(found[-1], row, y)
        imprint = self.imprint()
        _put(found[-1], imprint, gb.TYPE[1] - imprint.height)
        for n, sheet in enumerate(found, 1):
            sheet.lines.append(self._folio(n))
            if self.paper.banner:
                sheet.lines += self._banner()
        return found

    def _folio(self, number: int) -> Set:
        """The number of a page between two dashes: right on odd pages, left on even ones (7.5)."""
        letter = gb.SIZE_4 / gb.MM
        text = f"— {number} —"
        width = letter * (
            3.0 + 0.5 * len(str(number))
        )  # two dashes of one letter, blanks and digits of half of one
        x = gb.LEFT + gb.FOLIO_IN * letter
        if number % 2:
            x = gb.LEFT + gb.TYPE[0] - gb.FOLIO_IN * letter - width
        dash, digits = (text[0], x), (str(number), x + 1.5 * letter)
        # The dash is in the middle of its letter: that is what is 7 mm below the type area.
        y = gb.TOP + gb.TYPE[1] + gb.FOLIO_BELOW - letter / 2
        return Set((dash, digits, ("—", x + width - letter)), y, gb.SIZE_4, "song", what="folio")

    def _banner(self) -> list[Set]:
        """What was corrected since, in the upper margin of a copy drawn later."""
        letter = 10 / gb.MM
        lines = broken(
            self.paper.banner,
            gb.TYPE[0] / letter,
            measure=self._width("black"),
            chinese=self.paper.chinese,
            fill=False,
        )
        return [
            Set(
                tuple((piece, gb.LEFT + at * letter) for piece, at in line.pieces if not piece.isspace()),
                12.0 + k * letter * 1.3, 10, "black", gb.RED, "banner",
            )
            for k, line in enumerate(lines[:4])
        ]  # fmt: skip


PAD = 1.2  # mm between a cell's edge and its text


def mark_size(head: str, width: Callable[[str], float]) -> int:
    """The size of the mark in points: as large as its line holds."""
    fits = int(gb.TYPE[0] * gb.MM / max(1.0, width(head)))
    return max(gb.MARK_LEAST, min(gb.MARK_LARGEST, fits))


def title_lines(title: str, width: Callable[[str], float] = half, chinese: bool = True) -> list[str]:
    """The title as lines of like length."""
    most = gb.TYPE[0] * gb.MM / gb.SIZE_2
    return [line.text for line in balanced(title, most - 2, width, chinese)]


def closing(signed: float, day: float) -> tuple[float, float]:
    """How far from the right the name and the date end, in letters: the name centred over the date (7.3.5.1)."""
    right = gb.DATE_RIGHT + (day - signed) / 2
    if right >= gb.INDENT:
        return right, gb.DATE_RIGHT
    return gb.INDENT, max(gb.DATE_RIGHT, gb.INDENT + (signed - day) / 2)


def column_widths(
    columns: Sequence[str], rows: Sequence[Sequence[str]], measure: Callable[[str], float] = half
) -> list[float]:
    """Widths of a table's columns in mm, as wide as the type area together: what is long gets more."""
    letter = gb.SIZE_TABLE / gb.MM
    wanted = []
    for n, name in enumerate(columns):
        longest = max([measure(name), *(measure(row[n]) for row in rows)])
        wanted.append(min(longest, 20.0) * letter + 2 * PAD + 2)
    scale = gb.TYPE[0] / sum(wanted)
    return [width * scale for width in wanted]


def _groups(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows that stay on one page: the name and date take the last line of the text along."""
    found: list[list[Row]] = []
    open_ = False
    for row in rows:
        if open_:
            found[-1].append(row)
        else:
            found.append([row])
        open_ = row.keep
    return found


def _put(sheet: Sheet, row: Row, y: float) -> float:
    """Put a row on a page, y mm below the top of the type area; where the next one begins."""
    top = gb.TOP + y
    sheet.lines += [replace(line, y=top + line.y) for line in row.lines if line.pieces]
    sheet.rules += [replace(rule, y=top + rule.y, y2=top + rule.y2) for rule in row.rules]
    return y + row.height
