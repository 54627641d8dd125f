"""The Merkle tree of RFC 9162, section 2.1: a public log whose promises can be checked with a few hashes.

An inclusion proof shows a citizen that a receipt is in the log; a consistency proof shows that today's log
only adds to yesterday's. Leaves and nodes are hashed under different prefixes, so neither passes as the
other. Proofs are made of hashes of ranges of leaves; `inclusion_ranges` and `consistency_ranges` tell
which, for a shell that keeps the hashes of whole subtrees and need not read all leaves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .hashes import hash_of, hash_size

Range = tuple[int, int]


def leaf_hash(data: bytes, algorithm: str = "sha256") -> bytes:
    """The hash of a leaf's bytes."""
    return hash_of(algorithm)(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes, algorithm: str = "sha256") -> bytes:
    """The hash of the node over two hashes."""
    return hash_of(algorithm)(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes], algorithm: str = "sha256") -> bytes:
    """The tree head over leaf hashes (not leaf bytes); the empty tree's is the hash of nothing."""
    return Frontier(algorithm=algorithm).extend(leaves).root()


def inclusion_ranges(index: int, size: int) -> tuple[Range, ...]:
    """The ranges [start, end) whose hashes prove that leaf `index` is in the tree of `size`, lowest first.

    Raises IndexError where the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise IndexError(f"a tree of {size} leaves has no leaf {index}")
    found: list[Range] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    return tuple(reversed(found))


def consistency_ranges(first: int, size: int) -> tuple[Range, ...]:
    """The ranges whose hashes prove that the tree of `size` begins with the tree of `first` leaves.

    Raises IndexError unless 0 < first <= size (every tree begins with the empty one; no proof is needed).
    """
    if not 0 < first <= size:
        raise IndexError(f"no proof leads from {first} to {size} leaves")
    found: list[Range] = []
    start, end, whole = 0, size, True
    while first != end:
        middle = start + _split(end - start)
        if first <= middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start, whole = middle, False
    if not whole:
        found.append((start, end))
    return tuple(reversed(found))


def inclusion_proof(leaves: Sequence[bytes], index: int, algorithm: str = "sha256") -> tuple[bytes, ...]:
    """The proof that leaf `index` is in the tree over these leaf hashes (RFC 9162, 2.1.3.1)."""
    return tuple(root(leaves[start:end], algorithm) for start, end in inclusion_ranges(index, len(leaves)))


def consistency_proof(leaves: Sequence[bytes], first: int, algorithm: str = "sha256") -> tuple[bytes, ...]:
    """The proof that the tree over these leaf hashes begins with its first `first` leaves (2.1.4.1)."""
    return tuple(root(leaves[start:end], algorithm) for start, end in consistency_ranges(first, len(leaves)))


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], head: bytes, algorithm: str = "sha256"
) -> bool:
    """Whether the proof shows the leaf hash at `index` of the tree of `size` with this head (2.1.3.2)."""
    if not 0 <= index < size or not _whole((leaf, head, *proof), algorithm):
        return False
    place, last, found = index, size - 1, leaf
    for one in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(one, found, algorithm)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, one, algorithm)
        place, last = place >> 1, last >> 1
    return last == 0 and found == head


def verify_consistency(
    first: int, size: int, proof: Sequence[bytes], first_head: bytes, head: bytes, algorithm: str = "sha256"
) -> bool:
    """Whether the proof shows that the tree of `size` with `head` begins with that of `first` (2.1.4.2)."""
    if not _whole((first_head, head, *proof), algorithm):
        return False
    if first == size:
        return not proof and first_head == head
    if not 0 < first < size or not proof:
        return False
    path = list(proof)
    if first & (first - 1) == 0:
        path.insert(0, first_head)
    place, last = first - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = path[0]
    for one in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = node_hash(one, old, algorithm), node_hash(one, new, algorithm)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, one, algorithm)
        place, last = place >> 1, last >> 1
    return last == 0 and old == first_head and new == head


@dataclass(frozen=True, slots=True)
class Frontier:
    """The right edge of a growing tree: enough to append and to know the head, in log2(size) hashes.

    `peaks` are the hashes of the whole subtrees that the size's binary digits name, the largest first.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()
    algorithm: str = "sha256"

    def append(self, leaf: bytes) -> Frontier:
        """The frontier after one more leaf hash."""
        return self.extend((leaf,))

    def extend(self, leaves: Iterable[bytes]) -> Frontier:
        """The frontier after these leaf hashes, in order."""
        make, size, peaks = hash_of(self.algorithm), self.size, list(self.peaks)
        for leaf in leaves:
            rest, found = size, leaf
            while rest & 1:
                found = make(b"\x01" + peaks.pop() + found).digest()
                rest >>= 1
            peaks.append(found)
            size += 1
        return Frontier(size, tuple(peaks), self.algorithm)

    def root(self) -> bytes:
        """The tree head of what was appended."""
        if not self.peaks:
            return hash_of(self.algorithm)(b"").digest()
        found = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            found = node_hash(peak, found, self.algorithm)
        return found

    def to_bytes(self) -> bytes:
        """The frontier as bytes: the hash's name and a newline, the size in 8 bytes, the peaks."""
        return self.algorithm.encode() + b"\n" + self.size.to_bytes(8, "big") + b"".join(self.peaks)

    @classmethod
    def from_bytes(cls, data: bytes) -> Frontier:
        """The frontier that `to_bytes` wrote. Raises ValueError for anything else."""
        name, _, rest = data.partition(b"\n")
        algorithm = name.decode("ascii")
        width, size = hash_size(algorithm), int.from_bytes(rest[:8], "big")
        if len(rest) != 8 + width * size.bit_count():
            raise ValueError("these bytes are no frontier of a tree")
        return cls(size, tuple(_pieces(rest[8:], width)), algorithm)


def _pieces(data: bytes, width: int) -> Iterator[bytes]:
    return (data[start : start + width] for start in range(0, len(data), width))


def _whole(hashes: Iterable[bytes], algorithm: str) -> bool:
    """Whether all are as long as hashes are: two that are not could be cut elsewhere and hash the same together."""
    return all(len(one) == hash_size(algorithm) for one in hashes)


def _split(size: int) -> int:
    """The largest power of two below `size` (which is at least 2)."""
    return 1 << (size - 1).bit_length() - 1
