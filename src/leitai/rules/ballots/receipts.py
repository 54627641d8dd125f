"""The receipt a citizen keeps: a number by which the verdict is found in the public log.

80 bits of a keyed digest cannot be guessed (a million receipts: one guess in 1.2e18 hits one), and the number
says nothing of who, where or when. It is read out over a telephone, so it comes in fours, and ends in a check
symbol over GF(32) with a different weight in each place: every single wrong symbol and every exchange of
two is noticed.

>>> receipt_code(bytes(10))
'0000-0000-0000-0000-0'
"""

from __future__ import annotations

from leitai.rules.kernel import N_, Finding

from .crockford import ALPHABET, decode, encode, tidy

RECEIPT_BYTES = 10
_SYMBOLS = RECEIPT_BYTES * 8 // 5


def receipt_code(number: bytes) -> str:
    """The receipt of 10 unguessable bytes, as XXXX-XXXX-XXXX-XXXX-C. Raises ValueError for another length."""
    if len(number) != RECEIPT_BYTES:
        raise ValueError(f"a receipt is made of {RECEIPT_BYTES} bytes, not {len(number)}")
    text = encode(int.from_bytes(number, "big"), _SYMBOLS)
    return f"{text[:4]}-{text[4:8]}-{text[8:12]}-{text[12:]}-{_check(text)}"


def parse_receipt(text: str) -> bytes | Finding:
    """The 10 bytes of a receipt as a person types it: any case and spacing, O for 0, I or L for 1.

    Findings: `receipt-malformed`, `receipt-mistyped`.
    """
    clean = tidy(text)
    number = decode(clean[:-1]) if len(clean) == _SYMBOLS + 1 else None
    if number is None or clean[-1] not in ALPHABET:
        message = N_("“%(text)s” is not a receipt number: it has %(length)s letters and digits, without U")
        return Finding("receipt-malformed", message, values={"text": text[:40], "length": _SYMBOLS + 1})
    if _check(clean[:-1]) != clean[-1]:
        message = N_("the receipt number has a typing mistake: its last symbol does not match the others")
        return Finding("receipt-mistyped", message, values={"text": text[:40]})
    return number.to_bytes(RECEIPT_BYTES, "big")


def _check(text: str) -> str:
    """The symbol that makes the weighted sum zero; weights are powers of x in GF(32) mod x^5 + x^2 + 1."""
    total = 0
    for weighted, symbol in zip(_WEIGHTED, text, strict=True):
        total ^= weighted[symbol]
    return ALPHABET[total]


def _times_x(value: int) -> int:
    value <<= 1
    return value ^ 0x25 if value & 32 else value


def _weighted(power: int) -> dict[str, int]:
    """Each symbol's value times a power of x."""
    values = list(range(32))
    for _ in range(power):
        values = [_times_x(value) for value in values]
    return dict(zip(ALPHABET, values, strict=True))


# For each place of a receipt; the first weighs most.
_WEIGHTED = tuple(_weighted(power) for power in range(_SYMBOLS, 0, -1))
