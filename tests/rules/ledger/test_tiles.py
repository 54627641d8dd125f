"""The tree in tiles gives the same roots and proofs as the tree of all leaves."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leitai.rules import ledger as core
from leitai.rules.ledger import tiles

LEAVES = [core.leaf_hash(n.to_bytes(4, "big")) for n in range(66_000)]


def grown(sizes: list[int]) -> tuple[tiles.Tiles, int]:
    """Tiles of a tree that grew by these steps."""
    kept: tiles.Tiles = {}
    size = 0

    def read(level: int, number: int) -> bytes:
        return kept.get((level, number), b"")

    for step in sizes:
        changed = tiles.grown(size, LEAVES[size : size + step], read)
        for at, data in changed.items():
            assert data.startswith(kept.get(at, b"")), "a tile only ever grows"
        kept.update(changed)
        size += step
    return kept, size


STEPS = st.lists(st.integers(1, 700), min_size=1, max_size=6)


@settings(max_examples=30, deadline=None)
@given(STEPS, st.data())
def test_proofs_from_tiles_are_those_of_the_whole_tree(steps: list[int], data: st.DataObject) -> None:
    kept, size = grown(steps)

    def read(level: int, number: int) -> bytes:
        return kept.get((level, number), b"")

    small = data.draw(st.integers(1, size))
    index = data.draw(st.integers(0, small - 1))
    assert tiles.range_hash((0, size), read) == core.root(LEAVES[:size])
    assert tiles.inclusion(index, small, read) == core.inclusion_proof(LEAVES[:small], index)
    assert tiles.consistency(small, size, read) == core.consistency_proof(LEAVES[:size], small)


def test_a_tree_of_three_levels_grows_in_one_step_and_in_many() -> None:
    once, size = grown([66_000])
    many, _ = grown([65_535, 1, 1, 463])
    assert once == many
    assert {level for level, _ in once} == {0, 1, 2}
    assert len(once[2, 0]) == 32

    def read(level: int, number: int) -> bytes:
        return once.get((level, number), b"")

    root = core.root(LEAVES)
    assert tiles.range_hash((0, size), read) == root
    path = tiles.inclusion(65_536, size, read)
    assert core.verify_inclusion(LEAVES[65_536], 65_536, size, path, root)


def test_a_cut_tile_is_not_passed_over() -> None:
    kept, size = grown([300])
    kept[0, 0] = kept[0, 0][:-32]
    with pytest.raises(LookupError):
        tiles.inclusion(10, size, lambda *at: kept.get(at, b""))


@pytest.mark.parametrize("name", [name for name in ("sha256", "sm3") if name in hashlib.algorithms_available])
def test_another_hash_makes_another_tree(name: str) -> None:
    leaves = [core.leaf_hash(bytes([n]), name) for n in range(9)]
    kept = tiles.grown(0, leaves, lambda *_: b"", name)
    path = tiles.inclusion(4, 9, lambda *at: kept[at], name)
    assert core.verify_inclusion(leaves[4], 4, 9, path, core.root(leaves, name), name)
