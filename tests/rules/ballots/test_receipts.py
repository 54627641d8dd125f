"""A receipt survives being read out and typed, and notices the mistakes people make."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leitai.rules.ballots import parse_receipt, receipt_code
from leitai.rules.kernel import Finding

NUMBER = st.binary(min_size=10, max_size=10)
SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def code_of(found: object) -> str:
    assert isinstance(found, Finding)
    assert found.text
    return found.code


@settings(max_examples=35)
@given(NUMBER)
def test_a_receipt_reads_back_however_it_is_typed(number: bytes) -> None:
    text = receipt_code(number)
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]", text)
    assert parse_receipt(text) == number
    assert parse_receipt("  " + text.replace("-", " ").lower().replace("0", "o").replace("1", "i")) == number


@settings(max_examples=35)
@given(NUMBER, st.integers(0, 16), st.sampled_from(SYMBOLS), st.integers(0, 16))
def test_a_wrong_symbol_and_an_exchange_of_two_are_noticed(
    number: bytes, place: int, symbol: str, other: int
) -> None:
    text = list(receipt_code(number).replace("-", ""))
    wrong = [*text[:place], symbol, *text[place + 1 :]]
    exchanged = text.copy()
    exchanged[place], exchanged[other] = text[other], text[place]
    for changed in (wrong, exchanged):
        found = parse_receipt("".join(changed))
        assert found == number if changed == text else code_of(found) == "receipt-mistyped"


@pytest.mark.parametrize(
    "text", ["", "0000-0000-0000-0000", "0000-0000-0000-0000-00", "UUUU-0000-0000-0000-0", "收据"]
)
def test_what_is_no_receipt_is_told(text: str) -> None:
    assert code_of(parse_receipt(text)) == "receipt-malformed"


def test_a_receipt_has_eighty_bits() -> None:
    with pytest.raises(ValueError):
        receipt_code(b"too few")
