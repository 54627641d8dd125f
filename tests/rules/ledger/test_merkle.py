"""The tree is that of RFC 9162, and its proofs prove what is so and nothing else."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leitai.rules.ledger import (
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root,
    verify_consistency,
    verify_inclusion,
)
from leitai.rules.ledger.merkle import consistency_ranges, inclusion_ranges

# The leaves that the public transparency logs test with, and the heads of the trees of the first 1 to 8.
CLASSIC = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
HEADS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_hash(b"%d" % number) for number in range(70)]
ROOTS = [root(LEAVES[:size]) for size in range(71)]


def test_heads_are_the_known_ones() -> None:
    assert root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    leaves = [leaf_hash(data) for data in CLASSIC]
    assert [root(leaves[:size]).hex() for size in range(1, 9)] == HEADS


def test_proofs_are_the_known_ones() -> None:
    leaves = [leaf_hash(data) for data in CLASSIC]
    assert [one.hex()[:8] for one in inclusion_proof(leaves, 0)] == ["96a296d2", "5f083f0a", "6b47aaf2"]
    assert [one.hex()[:8] for one in inclusion_proof(leaves, 5)] == ["bc1a0643", "ca854ea1", "d37ee418"]
    assert [one.hex()[:8] for one in consistency_proof(leaves, 6)] == ["0ebc5d34", "ca854ea1", "d37ee418"]


def test_every_leaf_of_every_tree_is_proved_and_no_other() -> None:
    for size in range(1, 71):
        for index in range(0, size, 1 if size < 20 else 7):
            proof = inclusion_proof(LEAVES[:size], index)
            assert verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size])
            assert not verify_inclusion(LEAVES[index] + b"x", index, size, proof, ROOTS[size])
            assert not verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size - 1])
            assert not verify_inclusion(LEAVES[index], index, size, (*proof, LEAVES[0]), ROOTS[size])
            assert not verify_inclusion(LEAVES[index], size, size, proof, ROOTS[size])
            if size > 1:
                assert not verify_inclusion(LEAVES[index], (index + 1) % size, size, proof, ROOTS[size])
                assert not verify_inclusion(LEAVES[index], index, size, proof[:-1], ROOTS[size])


def test_every_tree_is_proved_to_begin_with_every_smaller_one() -> None:
    for size in range(1, 71):
        for first in range(1, size + 1, 1 if size < 20 else 5):
            proof = consistency_proof(LEAVES[:size], first)
            assert verify_consistency(first, size, proof, ROOTS[first], ROOTS[size])
            assert not verify_consistency(first, size, proof, ROOTS[first - 1], ROOTS[size])
            assert not verify_consistency(first, size, proof, ROOTS[first], ROOTS[size - 1])
            if proof:
                assert not verify_consistency(first, size, proof[:-1], ROOTS[first], ROOTS[size])
                assert not verify_consistency(first, size, (*proof, LEAVES[0]), ROOTS[first], ROOTS[size])


@settings(max_examples=35)
@given(st.integers(0, 70), st.integers(0, 70))
def test_a_frontier_grows_as_the_tree_does_and_survives_being_kept(first: int, second: int) -> None:
    first, second = sorted((first, second))
    kept = Frontier().extend(LEAVES[:first]).to_bytes()
    grown = Frontier.from_bytes(kept)
    assert (grown.size, grown.root()) == (first, ROOTS[first])
    for leaf in LEAVES[first:second]:
        grown = grown.append(leaf)
    assert (grown.size, grown.root()) == (second, ROOTS[second])


@settings(max_examples=35)
@given(st.integers(1, 10**9), st.data())
def test_proofs_need_a_few_whole_subtrees_even_of_a_huge_tree(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    for ranges in (inclusion_ranges(index, size), consistency_ranges(index + 1, size)):
        assert len(ranges) <= 31
        for start, end in ranges:
            width = end - start
            assert end == size or (width & (width - 1) == 0 and start % width == 0)


def test_another_hash_is_another_tree() -> None:
    sha3 = root([leaf_hash(b"a", "sha3_256"), leaf_hash(b"b", "sha3_256")], "sha3_256")
    parts = [hashlib.sha3_256(b"\x00" + data).digest() for data in (b"a", b"b")]
    assert sha3 == hashlib.sha3_256(b"\x01" + parts[0] + parts[1]).digest() == node_hash(*parts, "sha3_256")
    with pytest.raises(ValueError, match="no hash"):
        root([], "no-such")


def test_what_is_not_there_raises() -> None:
    with pytest.raises(IndexError):
        inclusion_proof(LEAVES[:4], 4)
    with pytest.raises(IndexError):
        consistency_proof(LEAVES[:4], 0)
    for bad in (b"", b"sha256\n\x00", Frontier().append(LEAVES[0]).to_bytes()[:-1], b"\xff\n" + bytes(8)):
        with pytest.raises(ValueError):
            Frontier.from_bytes(bad)
