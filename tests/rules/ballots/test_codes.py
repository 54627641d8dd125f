"""Codes and tokens name their point; nothing that the place did not sign passes for one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leitai.rules.ballots import Code, Visit, make_code, make_visit_token, read_code, read_visit_token
from leitai.rules.kernel import Finding

KEY, OTHER = b"k" * 32, b"o" * 32
SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def code_of(found: object) -> str:
    assert isinstance(found, Finding)
    assert found.text
    return found.code


@settings(max_examples=35)
@given(st.integers(0, 31), st.integers(0, 2**23 - 1), st.integers(0, 255))
def test_a_code_reads_back_however_it_is_typed(key_id: int, point: int, generation: int) -> None:
    text = make_code(KEY, key_id, point, generation)
    assert len(text) == 16
    assert set(text) <= set(SYMBOLS)
    expected = Code(key_id, point, generation)
    typed = f" {text[:5].lower()}-{text[5:].replace('0', 'o').replace('1', 'l')} "
    assert read_code(text, {key_id: KEY}) == read_code(typed, {key_id: KEY, 40: OTHER}) == expected


@settings(max_examples=35)
@given(st.integers(0, 31), st.integers(0, 2**23 - 1), st.integers(0, 2**32 - 1))
def test_a_visit_token_reads_back(key_id: int, point: int, serial: int) -> None:
    text = make_visit_token(KEY, key_id, point, serial)
    assert len(text) == 20
    assert read_visit_token(text.lower(), {key_id: KEY}) == Visit(key_id, point, serial)


@settings(max_examples=35)
@given(st.integers(0, 15), st.sampled_from(SYMBOLS))
def test_no_changed_symbol_passes(place: int, symbol: str) -> None:
    text = make_code(KEY, 3, 4711, 2)
    changed = text[:place] + symbol + text[place + 1 :]
    found = read_code(changed, dict.fromkeys(range(32), KEY))
    assert found == Code(3, 4711, 2) if changed == text else code_of(found) == "code-wrong-signature"


def test_each_fault_has_its_own_finding() -> None:
    text = make_code(KEY, 3, 4711, 2)
    assert code_of(read_code(text, {3: OTHER})) == "code-wrong-signature"
    assert code_of(read_code(text, {4: KEY})) == "code-unknown-key"
    for bad in ("", text[:-1], text + "0", text[:-1] + "U", "码" * 16, make_visit_token(KEY, 3, 4711, 2)):
        assert code_of(read_code(bad, {3: KEY})) == "code-malformed"
    assert code_of(read_visit_token(text, {3: KEY})) == "code-malformed"


def test_code_and_token_are_signed_under_different_tags() -> None:
    codes = {make_code(KEY, 0, point, 0)[-8:] for point in range(50)}
    tokens = {make_visit_token(KEY, 0, point, 0)[-8:] for point in range(50)}
    assert len(codes) == len(tokens) == 50
    assert not codes & tokens


@pytest.mark.parametrize(
    ("key", "key_id", "point", "generation"),
    [(b"short", 0, 0, 0), (KEY, 32, 0, 0), (KEY, 0, 2**23, 0), (KEY, 0, -1, 0), (KEY, 0, 0, 256)],
)
def test_what_does_not_fit_raises(key: bytes, key_id: int, point: int, generation: int) -> None:
    with pytest.raises(ValueError):
        make_code(key, key_id, point, generation)
