"""Text broken into lines of so many letters: a Chinese letter is one, a word of Latin letters is not cut.

No line begins with a mark that closes, none ends with one that opens (GB/T 15834-2011, 5.1.10): the letter before such
a mark goes with it, and what a line lacks then is spread over it, so that it fills the type area.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

Measure = Callable[[str], float]  # how many letters wide a piece is

CLOSING = frozenset("，。、；：！？）》〉」』】〕”’…—,.;:!?)]}%％·")
OPENING = frozenset("（《〈「『【〔“‘([{")
_PIECES = re.compile(r"[ \t]+|[!-~\u00a1-\u024f\u2013]+|.", re.DOTALL)
SLACK = 1e-6


@dataclass(frozen=True, slots=True)
class Line:
    """A line: its pieces with how far each is in, in letters; `width` is where the last one ends."""

    pieces: tuple[tuple[str, float], ...]
    width: float

    @property
    def text(self) -> str:
        """What it says."""
        return "".join(piece for piece, _at in self.pieces)


def is_wide(letter: str) -> bool:
    """Whether a letter takes a whole place in a Chinese line."""
    return unicodedata.east_asian_width(letter) in "WFA"


def half(piece: str) -> float:
    """A piece measured with whole places for Chinese letters, halves for others."""
    return sum(1.0 if is_wide(letter) else 0.5 for letter in piece)


def pieces_of(text: str, chinese: bool = True) -> list[str]:
    """A text in pieces that are not cut: Chinese letters one by one, Latin words, blanks.

    In a text that is not Chinese, marks that both scripts have (quotation marks, dashes) stay with their word.
    """
    found = _PIECES.findall(text)
    if chinese:
        return found
    joined: list[str] = []
    for piece in found:
        both = len(piece) == 1 and unicodedata.east_asian_width(piece) == "A"
        latin = bool(joined) and not joined[-1].isspace() and not is_wide_word(joined[-1])
        if latin and (both or (not piece.isspace() and not is_wide_word(piece))):
            joined[-1] += piece
        else:
            joined.append(piece)
    return joined


def is_wide_word(piece: str) -> bool:
    """Whether a piece is a Chinese letter rather than one of a Latin word."""
    return unicodedata.east_asian_width(piece[0]) in "WF"


def broken(
    text: str,
    most: float,
    *,
    first: float = 0.0,
    measure: Measure = half,
    chinese: bool = True,
    fill: bool = True,
) -> list[Line]:
    """A paragraph as lines of at most `most` letters, the first one `first` letters in.

    With `fill` every line but the last fills its measure.
    """
    lines: list[list[str]] = [[]]
    for piece in _fitting(pieces_of(text, chinese), most, measure):
        start = first if len(lines) == 1 else 0.0
        if piece.isspace() and not lines[-1]:
            continue
        if lines[-1] and start + _width(lines[-1], measure) + measure(piece) > most + SLACK:
            if piece.isspace():
                lines.append([])
                continue
            over = _carried(lines[-1], piece)
            del lines[-1][len(lines[-1]) - len(over) :]
            lines.append(over)
        lines[-1].append(piece)
    kept = [_trimmed(line) for line in lines]
    last = len(kept) - 1
    return [
        _set(line, first if n == 0 else 0.0, most if fill and n < last else 0.0, measure)
        for n, line in enumerate(kept)
    ]


def _fitting(pieces: Sequence[str], most: float, measure: Measure) -> list[str]:
    """The pieces, those cut that are wider than a line."""
    return [part for piece in pieces for part in ([piece] if measure(piece) <= most else list(piece))]


def _carried(line: Sequence[str], piece: str) -> list[str]:
    """The pieces at a line's end that go on with the next piece, which does not fit."""
    cut = len(line)
    following = piece
    while cut > 1 and (following[0] in CLOSING or line[cut - 1][-1] in OPENING):
        if following[0] in CLOSING and line[cut - 1].isspace():
            break
        cut -= 1
        following = line[cut]
    return list(line[cut:]) if cut > 1 or not line else []


def _trimmed(line: list[str]) -> list[str]:
    while line and line[-1].isspace():
        line.pop()
    return line


def _width(line: Sequence[str], measure: Measure) -> float:
    return sum(measure(piece) for piece in line)


def _set(line: Sequence[str], first: float, most: float, measure: Measure) -> Line:
    """Pieces put side by side; spread over the blanks, or over all gaps, where the line is to be filled."""
    gaps = [n for n, piece in enumerate(line) if piece.isspace()] or list(range(len(line) - 1))
    left = most - first - _width(line, measure) if most else 0.0
    each = left / len(gaps) if gaps and left > SLACK else 0.0
    at, found, spread = first, [], set(gaps)
    for n, piece in enumerate(line):
        found.append((piece, at))
        at += measure(piece) + (each if n in spread else 0.0)
    return Line(tuple(found), at)


_ENDS = frozenset("，、；：”》）的和与及暨")  # a title reads well that is broken after one of these
_BEGINS = frozenset("“《（")
_NEAR = 4.0  # letters that a break may be moved for it


def balanced(text: str, most: float, measure: Measure = half, chinese: bool = True) -> list[Line]:
    """A title in as few lines as it needs, of about the same length, broken where it reads well (7.3.1)."""
    count = max(1, ceil(measure(text) / most - SLACK))
    found: list[Line] = []
    rest = pieces_of(text, chinese)
    for left in range(count, 1, -1):
        cut = _cut(rest, _width(rest, measure) / left, most, measure)
        found.append(_set(_trimmed(rest[:cut]), 0.0, 0.0, measure))
        rest = rest[cut:]
    return found + broken("".join(rest).strip(), most, measure=measure, chinese=chinese, fill=False)


def _cut(pieces: Sequence[str], wanted: float, most: float, measure: Measure) -> int:
    """Where to break: near `wanted` letters, at most `most`, and rather a little off where it reads better."""
    at, best, least = 0.0, 1, float("inf")
    for n in range(1, len(pieces)):
        at += measure(pieces[n - 1])
        if at > most + SLACK and n > 1:
            break
        if pieces[n][0] in CLOSING or pieces[n - 1][-1] in OPENING:
            continue
        good = pieces[n - 1][-1] in _ENDS or pieces[n][0] in _BEGINS or pieces[n].isspace()
        cost = abs(at - wanted) + (0.0 if good else _NEAR)
        if cost < least:
            best, least = n, cost
    return best
