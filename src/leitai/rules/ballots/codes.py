"""The signed code on a service window's wall, and the token of one visit.

A code painted over or hung in front (a doctored QR) must not send verdicts elsewhere or nowhere: each code
names its point and bears a signature that only the place's key can make, and a generation, so that a code
can be retired and its scans told apart. A visit token, printed with a queue ticket or a receipt, lets one
visit give one verdict (现场一次一评).

A code is 16 symbols: key 5 bits, point 23, generation 8, signature 44. A token is 20: key 5, point 23,
serial 32, signature 40. The signature is HMAC-SHA256, cut (NIST SP 800-107: the odds are those of the bits
kept): a guess at a code passes once in 1.8e13, at a token once in 1.1e12. At 10,000 guesses a second, all
answered, one forged code is expected after 55 years and one forged token after 3.5; and both are seen as a
storm of wrong signatures long before. Codes and tokens are signed under different tags: neither passes as
the other.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from leitai.rules.kernel import N_, Finding

from .crockford import decode, encode, tidy

_KEY_BITS, _POINT_BITS = 5, 23
_LEAST_KEY = 16


@dataclass(frozen=True, slots=True)
class _Shape:
    """How the fields of one kind of text lie, and under which tag they are signed."""

    tag: bytes
    third: str
    third_bits: int
    mac_bits: int

    @property
    def body_bits(self) -> int:
        return _KEY_BITS + _POINT_BITS + self.third_bits

    @property
    def length(self) -> int:
        return (self.body_bits + self.mac_bits) // 5

    def mac(self, key: bytes, body: int) -> int:
        """The first bits of the keyed hash of the body."""
        full = hmac.digest(key, self.tag + body.to_bytes(8, "big"), "sha256")
        return int.from_bytes(full[:8], "big") >> (64 - self.mac_bits)


_CODE = _Shape(b"leitai/point-code/1\n", "generation", 8, 44)
_VISIT = _Shape(b"leitai/visit-token/1\n", "serial", 32, 40)


@dataclass(frozen=True, slots=True)
class Code:
    """What a standing code says: the key that signed it, the point it hangs at, its generation."""

    key_id: int
    point: int
    generation: int


@dataclass(frozen=True, slots=True)
class Visit:
    """What a visit token says: which key signed it, at which point, and the visit's serial there."""

    key_id: int
    point: int
    serial: int


def make_code(key: bytes, key_id: int, point: int, generation: int) -> str:
    """The 16 symbols of a point's code.

    key of at least 16 bytes, key_id 0..31, point 0..8388607, generation 0..255; else ValueError.
    """
    return _make(_CODE, key, key_id, point, generation)


def read_code(text: str, keys: Mapping[int, bytes]) -> Code | Finding:
    """What a scanned or typed code says, by the place's keys by id.

    Case, spaces, hyphens, O for 0 and I for 1 are forgiven.
    Findings: `code-malformed`, `code-unknown-key`, `code-wrong-signature`.
    """
    found = _read(_CODE, text, keys)
    return found if isinstance(found, Finding) else Code(*found)


def make_visit_token(key: bytes, key_id: int, point: int, serial: int) -> str:
    """The 20 symbols of a visit's token; serial 0..4294967295, the rest as for `make_code`."""
    return _make(_VISIT, key, key_id, point, serial)


def read_visit_token(text: str, keys: Mapping[int, bytes]) -> Visit | Finding:
    """What a visit token says; the findings are those of `read_code`."""
    found = _read(_VISIT, text, keys)
    return found if isinstance(found, Finding) else Visit(*found)


def _make(shape: _Shape, key: bytes, key_id: int, point: int, third: int) -> str:
    if len(key) < _LEAST_KEY:
        raise ValueError(f"a signing key has at least {_LEAST_KEY} bytes, not {len(key)}")
    body = 0
    fields = (
        ("key_id", key_id, _KEY_BITS),
        ("point", point, _POINT_BITS),
        (shape.third, third, shape.third_bits),
    )
    for name, value, bits in fields:
        if not 0 <= value < 1 << bits:
            raise ValueError(f"{name} is 0 to {(1 << bits) - 1}, not {value}")
        body = body << bits | value
    return encode(body << shape.mac_bits | shape.mac(key, body), shape.length)


def _read(shape: _Shape, text: str, keys: Mapping[int, bytes]) -> tuple[int, int, int] | Finding:
    clean = tidy(text)
    number = decode(clean) if len(clean) == shape.length else None
    if number is None:
        message = N_("“%(text)s” is not a code: a code has %(length)s letters and digits, without U")
        return Finding("code-malformed", message, values={"text": text[:40], "length": shape.length})
    body, mac = number >> shape.mac_bits, number & (1 << shape.mac_bits) - 1
    third = body & (1 << shape.third_bits) - 1
    point = body >> shape.third_bits & (1 << _POINT_BITS) - 1
    key_id = body >> shape.third_bits + _POINT_BITS
    key = keys.get(key_id)
    if key is None:
        message = N_("the code was signed with key %(key)s, which this place does not have")
        return Finding("code-unknown-key", message, values={"key": key_id})
    if not hmac.compare_digest(mac.to_bytes(8, "big"), shape.mac(key, body).to_bytes(8, "big")):
        message = N_("the code was not made by this place: its signature is wrong")
        return Finding("code-wrong-signature", message, values={"point": point})
    return key_id, point, third
