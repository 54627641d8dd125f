"""A leaf is text that anybody can write down and hash; a commitment binds words and gives none away."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta, timezone

import pytest

from leitai.rules.ballots import ballot_leaf, commitment, source_mark, words_leaf
from leitai.rules.ledger import leaf_hash

AT = datetime(2024, 4, 10, 2, 0, 0, 250, tzinfo=UTC)
RECEIPT = "7K3M-Q0ZT-11AB-9XYZ-R"


def test_a_leaf_can_be_hashed_by_hand() -> None:
    text = f"leitai verdict 1\ntown\ntax\n7\nsatisfied\nstanding\n2024-04-10T02:00:00.000250Z\n{RECEIPT}\n"
    leaf = ballot_leaf("town", "tax", 7, "satisfied", "standing", AT, RECEIPT)
    assert leaf.decode() == text
    assert leaf_hash(leaf) == hashlib.sha256(b"\x00" + text.encode()).digest()


def test_a_leaf_says_the_instant_whatever_the_zone() -> None:
    beijing = AT.astimezone(timezone(timedelta(hours=8)))
    same = ballot_leaf("town", "tax", 7, "satisfied", "standing", beijing, RECEIPT)
    assert same == ballot_leaf("town", "tax", 7, "satisfied", "standing", AT, RECEIPT)


def test_another_systems_number_cannot_pass_for_more_lines() -> None:
    leaf = ballot_leaf("town", "tax", 0, "satisfied", "imported", AT, source_mark("old", "1\nforged\n"))
    assert leaf.count(b"\n") == 8
    assert source_mark("a", "b") != source_mark("a,b", "")


def test_every_part_of_what_was_said_is_bound() -> None:
    salt = bytes(16)
    whole = commitment(salt, ["slow"], "The window was shut", "5551234", b"jpeg")
    others = [
        commitment(bytes(15) + b"\x01", ["slow"], "The window was shut", "5551234", b"jpeg"),
        commitment(salt, [], "The window was shut", "5551234", b"jpeg"),
        commitment(salt, ["slow"], "The window was open", "5551234", b"jpeg"),
        commitment(salt, ["slow"], "The window was shut", "", b"jpeg"),
        commitment(salt, ["slow"], "The window was shut", "5551234", b""),
    ]
    assert len({whole, *others}) == 6
    assert b"shut" not in words_leaf("town", RECEIPT, whole)
    with pytest.raises(ValueError, match="16 bytes"):
        commitment(b"short", [], "", "", b"")
