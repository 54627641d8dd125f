"""The tree kept in tiles: 256 hashes side by side, so that a proof needs a few reads and a copy needs few files.

A tree of a hundred million leaves cannot be read whole for every proof. Level 0 holds the leaf hashes; a hash
of level n is the root over one full tile of level n - 1. A tile that is full never changes, so anybody can
copy the whole log by fetching each tile once. The layout is that of the public transparency logs
(C2SP tlog-tiles, https://c2sp.org/tlog-tiles).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .hashes import hash_size
from .merkle import Frontier, Range, consistency_ranges, inclusion_ranges, root

WIDTH = 256
_BITS = 8
Read = Callable[[int, int], bytes]
Tiles = dict[tuple[int, int], bytes]


def grown(size: int, leaves: Sequence[bytes], read: Read, algorithm: str = "sha256") -> Tiles:
    """The tiles that change when leaf hashes are added to a tree of `size`, each by (level, number), whole.

    `read(level, number)` gives a tile as it was, empty bytes where there was none; only tiles at the right edge
    that are not full are read.
    """
    found: Tiles = {}
    level, before, fresh = 0, size, list(leaves)
    full = WIDTH * hash_size(algorithm)
    while fresh:
        number, inside = divmod(before, WIDTH)
        data = (read(level, number) if inside else b"") + b"".join(fresh)
        roots = []
        for offset in range(0, len(data), full):
            tile = data[offset : offset + full]
            found[level, number] = tile
            number += 1
            if len(tile) == full:
                roots.append(root(pieces(tile, algorithm), algorithm))
        before //= WIDTH
        level, fresh = level + 1, roots
    return found


def range_hash(span: Range, read: Read, algorithm: str = "sha256") -> bytes:
    """The hash of the leaves [start, end): a subtree that is whole, or the ragged right end of a tree.

    Raises LookupError where a tile lacks hashes that it should hold.
    """
    start, end = span
    peaks: list[bytes] = []
    while start < end:
        bits = (end - start).bit_length() - 1
        peaks.append(_whole(start, bits, read, algorithm))
        start += 1 << bits
    return Frontier(span[1] - span[0], tuple(peaks), algorithm).root()


def inclusion(index: int, size: int, read: Read, algorithm: str = "sha256") -> tuple[bytes, ...]:
    """The proof that leaf `index` is in the tree of `size` (RFC 9162, 2.1.3), from tiles. Raises IndexError."""
    return tuple(range_hash(span, read, algorithm) for span in inclusion_ranges(index, size))


def consistency(first: int, size: int, read: Read, algorithm: str = "sha256") -> tuple[bytes, ...]:
    """The proof that the tree of `size` begins with that of `first` (RFC 9162, 2.1.4). Raises IndexError."""
    return tuple(range_hash(span, read, algorithm) for span in consistency_ranges(first, size))


def pieces(tile: bytes, algorithm: str = "sha256") -> list[bytes]:
    """The hashes of a tile, in order."""
    width = hash_size(algorithm)
    return [tile[start : start + width] for start in range(0, len(tile), width)]


def _whole(start: int, bits: int, read: Read, algorithm: str) -> bytes:
    """The root over the 2 ** bits leaves from `start` on, which is a multiple of as many."""
    level, within = divmod(bits, _BITS)
    number, offset = divmod(start >> _BITS * level, WIDTH)
    hashes = pieces(read(level, number), algorithm)[offset : offset + (1 << within)]
    if len(hashes) < 1 << within:
        raise LookupError(f"tile {number} of level {level} ends before hash {offset + (1 << within)}")
    return root(hashes, algorithm)
