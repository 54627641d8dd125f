"""Base 32 in Crockford's alphabet: 5 bits a symbol, no I, L, O or U, so that it can be read out and typed.

The alphabet lies within a QR code's alphanumeric mode, which keeps a printed code small.
Source: https://www.crockford.com/base32.html
"""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)}
_TIDY = str.maketrans("OILoil", "011011", " -\t\r\n")


def tidy(text: str) -> str:
    """What a person typed, in the alphabet: upper case, O as 0, I and L as 1, no spaces or hyphens."""
    return text.translate(_TIDY).upper()


def encode(number: int, length: int) -> str:
    """A number below 32 ** length as `length` symbols, the highest first."""
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(length)))


def decode(text: str) -> int | None:
    """The number that tidy text stands for, or None where a symbol is not in the alphabet."""
    number = 0
    for symbol in text:
        value = _VALUE.get(symbol)
        if value is None:
            return None
        number = number << 5 | value
    return number
