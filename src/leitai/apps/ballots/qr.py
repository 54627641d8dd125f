"""The QR symbols of codes, thousands a second: ISO/IEC 18004, error level M or, in a symbol no larger, better.

A writer is to try eight masks and take the one of the least penalty, which is most of the work of drawing. A reader
takes any, and on addresses of codes a fixed one has a twentieth more penalty than the best of eight. With the mask
fixed a symbol is linear: error correction is a code over GF(256), the mask is added. So the symbol of a code is the
exclusive or of the symbol of a blank code and of what each letter changes in it, and those are drawn once.

An address in capitals would make a smaller symbol, but common telephones open none whose scheme is in capitals.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, reduce
from operator import xor

import segno

from leitai.rules.ballots.crockford import ALPHABET

MASK = 3
BLANK = "0" * 16  # a code has 16 letters
QUIET = 4  # modules of white around a symbol


def qr_path(base: str, code: str) -> tuple[int, str]:
    """The symbol of `base` and a code: its side in modules, quiet zone included, and its dark ones as an SVG path."""
    side, blank, changes = _symbol(base)
    letters = zip(changes, code, strict=True)
    bits = format(reduce(xor, (change[letter] for change, letter in letters), blank), f"0{side * side}b")
    parts = []
    for y in range(side):
        row = bits[y * side : (y + 1) * side]
        at = row.find("1")
        while at >= 0:
            end = row.find("0", at)
            end = side if end < 0 else end
            parts.append(f"M{at + QUIET} {y + QUIET}h{end - at}v1h{at - end}z")
            at = row.find("1", end)
    return side + 2 * QUIET, "".join(parts)


@lru_cache(maxsize=4)
def _symbol(base: str) -> tuple[int, int, tuple[dict[str, int], ...]]:
    """The side of symbols after `base`, that of a blank code, and what each letter at each place changes in it.

    A symbol is a number, its modules as bits from the upper left.
    """
    side, blank = _drawn(base, BLANK)
    changes = []
    for place, nought in enumerate(BLANK):
        bits = [
            _drawn(base, BLANK[:place] + chr(ord(nought) ^ 1 << bit) + BLANK[place + 1 :])[1] ^ blank
            for bit in range(7)
        ]
        changes.append({letter: _sum(bits, ord(letter) ^ ord(nought)) for letter in ALPHABET})
    return side, blank, tuple(changes)


def _drawn(base: str, code: str) -> tuple[int, int]:
    rows = segno.make(base + code, error="m", micro=False, mode="byte", mask=MASK).matrix
    return len(rows), int("".join("".join(map(str, row)) for row in rows), 2)


def _sum(changes: Sequence[int], bits: int) -> int:
    """The exclusive or of those changes whose bit is set."""
    return reduce(xor, (change for at, change in enumerate(changes) if bits >> at & 1), 0)
