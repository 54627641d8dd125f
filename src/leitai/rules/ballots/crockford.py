"""Base 32 in Crockford's alphabet: 5 bits a symbol, no I, L, O or U, so that it can be read out and typed.

The alphabet lies within a QR code's alphanumeric mode, which keeps a printed code small.
Source: https://www.crockford.com/base32.html
"""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TIDY = str.maketrans("OILoil", "011011", " -\t\r\n")
_PAIRS = tuple(high + low for high in ALPHABET for low in ALPHABET)
# Python itself reads base 32, with the digits 0 to 9 and a to v. What is in neither alphabet becomes "?", which it
# does not read; so do signs and underscores, which it would.
_DIGITS = bytearray(b"?" * 256)
for _symbol, _digit in zip(ALPHABET, b"0123456789abcdefghijklmnopqrstuv", strict=True):
    _DIGITS[ord(_symbol)] = _digit


def tidy(text: str) -> str:
    """What a person typed, in the alphabet: upper case, O as 0, I and L as 1, no spaces or hyphens."""
    return text.translate(_TIDY).upper()


def encode(number: int, length: int) -> str:
    """A number below 32 ** length as `length` symbols, the highest first."""
    odd = ALPHABET[number >> 5 * (length - 1)] if length % 2 else ""
    return odd + "".join(
        [_PAIRS[number >> shift & 1023] for shift in range(5 * (length // 2 * 2 - 2), -1, -10)]
    )


def decode(text: str) -> int | None:
    """The number that tidy text stands for, or None where a symbol is not in the alphabet."""
    try:
        return int(b"0" + text.encode("ascii").translate(_DIGITS), 32)
    except ValueError:
        return None
