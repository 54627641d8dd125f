"""A signed head is read as it was written, and nothing else passes for one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leitai.rules.kernel import Finding
from leitai.rules.ledger import Note, Signature, read_note, signed

AT = datetime(2024, 4, 10, 2, 0, 0, 5, tzinfo=UTC)
NOTE = Note("example.org/town/verdicts", 41, bytes(range(32)), AT, "sm3", (7, bytes(32)))
SIGNED = signed(NOTE, Signature("example.org", b"\x01\x02\x03\x04", bytes(64)))


@given(
    st.integers(0, 2**60),
    st.binary(min_size=32, max_size=32),
    st.none() | st.tuples(st.integers(1, 2**60), st.binary(min_size=32, max_size=32)),
    st.binary(min_size=64, max_size=64),
)
def test_a_note_comes_back_whole(
    size: int, root: bytes, ledger: tuple[int, bytes] | None, value: bytes
) -> None:
    note = Note("a/b/verdicts", size, root, AT, "sha256", ledger)
    mark = Signature("a", b"keyd", value)
    assert read_note(signed(note, mark)) == (note, (mark,))
    assert read_note(signed(note, mark).replace("\n", "\r\n")) == (note, (mark,)), "as Windows keeps it"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a head",
        SIGNED.replace("\n41\n", "\nforty-one\n"),
        SIGNED.replace("\n41\n", "\n041\n"),
        SIGNED.replace("at 2024", "at the year 2024"),
        SIGNED.replace("hash sm3", "hash sm3\nmore than we know"),
        SIGNED[:30],
    ],
)
def test_what_is_no_head_is_told(text: str) -> None:
    found = read_note(text)
    assert isinstance(found, Finding)
    assert found.code == "note-malformed"
