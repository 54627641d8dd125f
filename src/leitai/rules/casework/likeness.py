"""Closings that are too much alike: one text or photo given for different problems, as paper closings are.

Inspections of such programmes found reports of work done that had been copied from another office's, with the street
and the date changed (纸面销号). Comparing every closing with every other is out of reach, so each gets a *print* and a
few *keys*: whatever shares a key is looked at, and the prints alone decide.

A text's print is the set of its runs of letters; two are alike by the share of runs in common (Jaccard 1901). Keys are
bands of a MinHash signature (Broder 1997): the chance that two texts share a key is 1 - (1 - share^4)^32. A photo's
print is 64 signs of its lowest frequencies (a perceptual hash), which survive another size, brightness or compression;
two are alike by the signs that differ. A worked table: docs/methods/likeness.md.

>>> first = text_print("5月3日下午组织三名工人对兴隆路口的垃圾进行了清运，共清出两车，已恢复原状")
>>> other = text_print("6月12日上午组织三名工人对朝阳路口的垃圾进行了清运，共清出两车，已恢复原状")
>>> round(share("text", first.data, other.data), 2)
0.7
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import sha256
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import NDArray

What = Literal["text", "photo"]
Prints = NDArray[np.uint32]

# From which share on two are alike: of runs in common; of the 64 signs that agree (8 may differ).
FAR = 8
LINES: dict[str, float] = {"text": 0.6, "photo": 1 - FAR / 64}
SHORTEST = 12  # an ideograph counts 1, another letter a quarter; what is shorter is alike by nature
LONGEST = 4000  # letters that are read of a text
BANDS, ROWS = 32, 4
SEED = 0x6C65697461690001  # of the 128 hash functions; published, for nothing is hidden in them
SIDE = 32  # pixels of the grey picture that a photo's print is made of
FLAT = 2.0  # standard deviation of grey (0–255) under which a photo shows nothing

_SPREAD = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93)
_NUMBER = re.compile(r"[\d〇零一二两三四五六七八九十百千万]+")
# CJK ideographs: one of them is about as much as four letters of an alphabet.
_IDEOGRAPHS = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))


@dataclass(frozen=True, slots=True)
class Print:
    """What is kept of a text or a photo. `data` is compared by `share`.

    `keys` are signed 64-bit numbers under which it is found; `looks` are those under which its likes are to be looked
    for: the same for a text, all that differ by two bits or fewer for a photo. `exact` is the key of equal prints.
    """

    what: What
    data: bytes
    keys: tuple[int, ...]
    looks: tuple[int, ...]
    exact: int


def text_print(text: str) -> Print | None:
    """The print of a text; None for one too short to tell a copy from an accident.

    Case, width, spaces and punctuation make no difference, nor which number stands somewhere.
    """
    codes = _codes(text)
    ideographs = _ideographs(codes)
    if np.where(ideographs, 1.0, 0.25).sum() < SHORTEST:
        return None
    short, long = runs(codes, 2), runs(codes, 4)
    found = np.unique(np.concatenate([short[ideographs[: len(short)]], long[~ideographs[: len(long)]]]))
    keys = _bands(found)
    data = found.astype("<u4").tobytes()
    return Print("text", data, keys, keys, exact_key("text", data))


def photo_print(grey: NDArray[np.uint8]) -> Print | None:
    """The print of a photo of 32 × 32 grey pixels (0–255); None for one that shows nothing, such as a dark lens."""
    picture = grey.astype(np.float64)
    if picture.shape != (SIDE, SIDE):
        raise ValueError(f"a photo's print is made of {SIDE} × {SIDE} pixels, not {picture.shape}")
    if picture.std() < FLAT:
        return None
    waves = (_COSINES @ picture @ _COSINES.T)[_LOWEST]
    number = int(np.packbits(waves > np.median(waves)).view(">u8")[0])
    keys, looks = [], []
    for band, (start, width) in enumerate(_PARTS):
        part = number >> start & (1 << width) - 1
        keys.append(band << 32 | part)
        looks += [band << 32 | part ^ flips for flips in _near(width)]
    data = number.to_bytes(8, "big")
    return Print("photo", data, tuple(keys), tuple(looks), exact_key("photo", data))


def exact_key(what: What, data: bytes) -> int:
    """The key under which prints that are the same, byte for byte, are found: signed, 64 bits."""
    return int.from_bytes(sha256(f"{what}:".encode() + data).digest()[:8], "big", signed=True)


def share(what: What, first: bytes, second: bytes) -> float:
    """By how much two prints of a kind are alike, 0 to 1: see LINES."""
    if what == "photo":
        differ = (int.from_bytes(first, "big") ^ int.from_bytes(second, "big")).bit_count()
        return 1 - differ / 64
    one, other = np.frombuffer(first, "<u4"), np.frombuffer(second, "<u4")
    common = len(np.intersect1d(one, other, assume_unique=True))
    return common / (len(one) + len(other) - common)


def found(alike: float) -> float:
    """The chance that two texts alike by a share come to be compared at all."""
    return float(1 - (1 - alike**ROWS) ** BANDS)


def side_by_side(
    first: str, second: str
) -> tuple[tuple[tuple[str, bool], ...], tuple[tuple[str, bool], ...]]:
    """Both texts in pieces, each with whether it stands in the other too; single letters in common are left out."""
    blocks = SequenceMatcher(None, first[:LONGEST], second[:LONGEST], autojunk=False).get_matching_blocks()
    kept = [one for one in blocks if one.size > 1]
    return (
        _pieces(first, [(one.a, one.size) for one in kept]),
        _pieces(second, [(one.b, one.size) for one in kept]),
    )


def runs(codes: NDArray[np.uint64], length: int) -> Prints:
    """A 32-bit hash of each run of so many code points, one for each place it may begin (shape: n - length + 1)."""
    many = max(len(codes) - length + 1, 0)
    mixed = np.full(many, length, dtype=np.uint64)
    for offset, factor in zip(range(length), _SPREAD, strict=False):
        mixed += codes[offset : offset + many] * np.uint64(factor)
    return (_mixed(mixed) >> np.uint64(32)).astype(np.uint32)


def code_points(text: str) -> NDArray[np.uint64]:
    """The code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "replace"), dtype="<u4").astype(np.uint64)


def _codes(text: str) -> NDArray[np.uint64]:
    """The letters of a text, narrow, in lower case, each number as one 0."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).casefold()
    return code_points(_NUMBER.sub("0", "".join(letter for letter in plain if letter.isalnum())))


def _ideographs(codes: NDArray[np.uint64]) -> NDArray[np.bool_]:
    inside = np.zeros(len(codes), dtype=np.bool_)
    for low, high in _IDEOGRAPHS:
        inside |= (codes >= low) & (codes <= high)
    return inside


def _bands(found: Prints) -> tuple[int, ...]:
    """The keys of a text: for each band, its four smallest hashes as one number."""
    hashed = found.astype(np.uint64)[:, None] * _ODD + _PLUS >> np.uint64(32)
    least = hashed.min(axis=0).reshape(BANDS, ROWS)
    return tuple(_signed(_fold(row, SEED + band)) for band, row in enumerate(least))


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Splitmix64's last step (Steele, Lea and Flood 2014): every bit of a number touches every other."""
    numbers = (numbers ^ numbers >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ numbers >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
    return numbers ^ numbers >> np.uint64(31)


def _seeded(first: int, many: int) -> NDArray[np.uint64]:
    """The first numbers of the splitmix64 sequence of a seed."""
    steps = np.arange(1, many + 1, dtype=np.uint64) * np.uint64(_SPREAD[0])
    return _mixed(steps + np.uint64(first))


def _fold(numbers: NDArray[np.uint64], seed: int) -> int:
    """One number of many, in their order."""
    places = _seeded(seed, len(numbers))
    return int(_mixed(np.array([(numbers ^ places) @ (places | np.uint64(1))], dtype=np.uint64))[0])


def _signed(number: int) -> int:
    return number - (1 << 64) if number >> 63 else number


def _near(width: int) -> tuple[int, ...]:
    """The ways to change at most two of so many bits."""
    ones = [1 << bit for bit in range(width)]
    return (0, *ones, *(one | other for one, other in combinations(ones, 2)))


def _pieces(text: str, common: list[tuple[int, int]]) -> tuple[tuple[str, bool], ...]:
    pieces, at = [], 0
    for start, size in common:
        pieces += [(text[at:start], False), (text[start : start + size], True)]
        at = start + size
    return tuple(piece for piece in (*pieces, (text[at:], False)) if piece[0])


# Multiply-add-shift (Dietzfelbinger 1996): h(x) = (a·x + b mod 2^64) >> 32 with odd a.
_ODD = _seeded(SEED, BANDS * ROWS) | np.uint64(1)
_PLUS = _seeded(SEED ^ 0xB, BANDS * ROWS)
# First bit and width of three parts of a photo's print: where 8 bits differ in all, one part differs by 2 at most.
_PARTS = ((0, 21), (21, 21), (42, 22))
# The cosine transform's lowest waves, and of those the 64 lowest but the mean.
_COSINES = np.cos(np.pi / SIDE * np.outer(np.arange(11), np.arange(SIDE) + 0.5))
_ORDER = sorted(((u, v) for u in range(11) for v in range(11) if u + v), key=lambda at: (sum(at), at))[:64]
_LOWEST = tuple(np.array(axis) for axis in zip(*_ORDER, strict=True))
