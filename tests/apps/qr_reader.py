"""Reads a QR symbol module by module, as ISO/IEC 18004 says a reader does, with nothing of what draws them.

Versions 1 to 4, byte mode, nothing soiled: every check that a symbol can fail is an assertion.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

QUIET = 4
LEVELS = {1: "L", 0: "M", 3: "Q", 2: "H"}
# (version, level): data and all codewords of each block, table 9 of the standard
BLOCKS = {
    (1, "M"): [(16, 26)], (1, "Q"): [(13, 26)], (2, "M"): [(28, 44)], (2, "Q"): [(22, 44)],
    (3, "M"): [(44, 70)], (3, "Q"): [(17, 35)] * 2, (4, "M"): [(32, 50)] * 2, (4, "Q"): [(24, 50)] * 2,
}  # fmt: skip
MASKS = (
    lambda y, x: (y + x) % 2 == 0,
    lambda y, x: y % 2 == 0,
    lambda y, x: x % 3 == 0,
    lambda y, x: (y + x) % 3 == 0,
    lambda y, x: (y // 2 + x // 3) % 2 == 0,
    lambda y, x: y * x % 2 + y * x % 3 == 0,
    lambda y, x: (y * x % 2 + y * x % 3) % 2 == 0,
    lambda y, x: ((y + x) % 2 + y * x % 3) % 2 == 0,
)
FINDER = ["#######", "#.....#", "#.###.#", "#.###.#", "#.###.#", "#.....#", "#######"]
Modules = list[list[bool]]


@dataclass(frozen=True)
class Read:
    """What a symbol says, and how."""

    text: str
    version: int
    level: str
    mask: int


def modules(side: int, path: str) -> Modules:
    """The modules that a path of runs (M x y h n v1 h-n z) makes dark, without the quiet zone, which must be light."""
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", path)
    assert "".join(f"M{x} {y}h{n}v1h-{m}z" for x, y, n, m in runs) == path
    assert all(n == m for _x, _y, n, m in runs)
    grid = [[False] * side for _ in range(side)]
    for x, y, n, _m in runs:
        for at in range(int(x), int(x) + int(n)):
            grid[int(y)][at] = True
    inner = range(QUIET, side - QUIET)
    assert not any(
        dark for y, row in enumerate(grid) for x, dark in enumerate(row) if not (y in inner and x in inner)
    )
    return [row[QUIET : side - QUIET] for row in grid[QUIET : side - QUIET]]


def read(grid: Modules) -> Read:
    """What the modules say."""
    side = len(grid)
    version, rest = divmod(side - 17, 4)
    assert rest == 0 and 1 <= version <= 4
    assert all(len(row) == side for row in grid)
    for top, left in ((0, 0), (0, side - 7), (side - 7, 0)):
        assert [["#" if grid[top + y][left + x] else "." for x in range(7)] for y in range(7)] == list(
            map(list, FINDER)
        )
    assert all(grid[6][at] == grid[at][6] == (at % 2 == 0) for at in range(8, side - 8))
    centre = 4 * version + 10
    for y, x in ((y, x) for y in range(-2, 3) for x in range(-2, 3) if version > 1):
        assert grid[centre + y][centre + x] == (max(abs(y), abs(x)) != 1), "the alignment pattern"
    level, mask = _format(grid)
    bits = [grid[y][x] ^ MASKS[mask](y, x) for y, x in _walk(side) if not _is_function(y, x, side, version)]
    words = [
        sum(bit << 7 - at for at, bit in enumerate(bits[start : start + 8]))
        for start in range(0, len(bits) - 7, 8)
    ]
    return Read(_said(_data(words, BLOCKS[version, level])), version, level, mask)


def _format(grid: Modules) -> tuple[str, int]:
    """Error level and mask, from both copies of the format information, each a codeword of BCH (15, 5)."""
    side = len(grid)
    first = [(8, x) for x in (0, 1, 2, 3, 4, 5, 7, 8)] + [(y, 8) for y in (7, 5, 4, 3, 2, 1, 0)]
    second = [(side - 1 - at, 8) for at in range(7)] + [(8, side - 8 + at) for at in range(8)]
    copies = [sum(grid[y][x] << 14 - at for at, (y, x) in enumerate(places)) for places in (first, second)]
    assert copies[0] == copies[1]
    assert grid[side - 8][8], "the dark module"
    value = copies[0] ^ 0b101010000010010
    rest = value
    for shift in range(4, -1, -1):
        if rest >> shift + 10 & 1:
            rest ^= 0b10100110111 << shift
    assert rest == 0
    return LEVELS[value >> 13], value >> 10 & 7


def _is_function(y: int, x: int, side: int, version: int) -> bool:
    """Whether a module is part of a pattern or of the format information."""
    corner = (y < 9 and x < 9) or (y < 9 and x >= side - 8) or (y >= side - 8 and x < 9)
    centre = 4 * version + 10
    aligned = version > 1 and abs(y - centre) <= 2 and abs(x - centre) <= 2
    return corner or aligned or y == 6 or x == 6


def _walk(side: int) -> list[tuple[int, int]]:
    """The order of modules: in columns of two from the right, up and down in turn, past the timing column."""
    places = []
    rights = [*range(side - 1, 6, -2), 5, 3, 1]
    for turn, right in enumerate(rights):
        rows = range(side - 1, -1, -1) if turn % 2 == 0 else range(side)
        places += [(y, x) for y in rows for x in (right, right - 1)]
    return places


def _data(words: list[int], blocks: list[tuple[int, int]]) -> list[int]:
    """The data codewords, each block a codeword of its Reed–Solomon code. All blocks are of one length."""
    count, (most, total) = len(blocks), blocks[0]
    found: list[int] = []
    for at in range(count):
        data = [words[count * n + at] for n in range(most)]
        checks = [words[count * most + count * n + at] for n in range(total - most)]
        for power in range(total - most):
            value = 0
            for word in data + checks:
                value = _times(value, _power(power)) ^ word
            assert value == 0, "error correction"
        found += data
    return found


def _times(a: int, b: int) -> int:
    """A product in GF(256) modulo x^8 + x^4 + x^3 + x^2 + 1."""
    product = 0
    while b:
        if b & 1:
            product ^= a
        a = a << 1 ^ (0x11D if a & 0x80 else 0)
        b >>= 1
    return product


def _power(exponent: int) -> int:
    value = 1
    for _ in range(exponent):
        value = _times(value, 2)
    return value


def _said(data: list[int]) -> str:
    bits = "".join(f"{word:08b}" for word in data)
    assert bits[:4] == "0100", "byte mode"
    length = int(bits[4:12], 2)
    body = bits[12 : 12 + 8 * length]
    rest = bits[12 + 8 * length :]
    assert rest[:4] == "0000"[: len(rest[:4])], "the terminator"
    return bytes(int(body[at : at + 8], 2) for at in range(0, len(body), 8)).decode("ascii")
