"""A proof is held against the head that it brings along, and against no other log's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from leitai.rules.ballots import Proof, check_receipt
from leitai.rules.ledger import Note, Signature, leaf_hash, signed

LEAF = b"leitai verdict 1\ntown\nu\n\ngood\n\n2024-04-10T02:00:00.000000Z\n7MBR-MP3X-HYH6-01KN-K\n"
HEAD = Note("example/town/verdicts", 1, leaf_hash(LEAF), datetime(2024, 4, 10, 2, tzinfo=UTC))
PROOF = Proof(LEAF, 0, 1, (), HEAD.root)
OTHER = replace(HEAD, origin="example/village/verdicts")


def codes(proof: Proof, head: Note | None = None) -> list[str]:
    return [one.code for one in check_receipt(proof, head=head)]


def noted(head: Note) -> Proof:
    return replace(PROOF, note=signed(head, Signature("example", bytes(4), bytes(64))))


def test_the_head_of_just_this_tree_may_come_along() -> None:
    assert codes(noted(HEAD)) == codes(noted(HEAD), HEAD) == codes(PROOF, HEAD) == []


@pytest.mark.parametrize("head", [replace(HEAD, size=2), replace(HEAD, root=bytes(32)), OTHER])
def test_a_head_of_another_tree_that_comes_along_is_told(head: Note) -> None:
    assert codes(noted(head)) == ["note-differs"]


def test_a_text_that_is_no_head_is_told() -> None:
    assert codes(replace(PROOF, note="trust me\n")) == ["note-malformed"]


def test_a_kept_head_of_another_log_accuses_nobody() -> None:
    assert codes(PROOF, OTHER) == ["head-other"]
