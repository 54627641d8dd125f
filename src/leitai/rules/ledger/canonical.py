"""One value, one sequence of bytes: what is hashed today must hash the same in ten years, on any machine.

The form is JSON as RFC 8785 has it (no spaces, keys sorted, UTF-8) with two differences that make it
simpler to get right: keys sort by code point, and there are no floats, because two languages rarely print
the same float alike. Numbers with a fraction travel as decimal strings.

>>> canonical({"b": Decimal("1.50"), "a": [True, None, "擂台"]}).decode()
'{"a":[true,null,"擂台"],"b":"1.50"}'
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

from .hashes import hash_of

_ENCODE = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def canonical(value: object) -> bytes:
    """The canonical bytes of a value made of dicts with text keys, lists, tuples, str, int, bool and None.

    A Decimal is written as its string, a date as 2022-03-01, an aware datetime in UTC as
    2022-03-01T08:30:00Z (with microseconds only where there are any). Raises TypeError for a float or any
    other type, ValueError for a naive datetime, a Decimal that is no number, or text that is not Unicode.
    """
    return _ENCODE(_plain(value)).encode("utf-8")


def digest(data: bytes, algorithm: str = "sha256") -> str:
    """The hash of bytes as lower-case hex. Raises ValueError where this machine lacks the hash."""
    return hash_of(algorithm)(data).hexdigest()


def instant(at: datetime) -> str:
    """An aware datetime as the ledger writes it: UTC, ending in Z. Raises ValueError for a naive one."""
    if at.tzinfo is None or at.utcoffset() is None:
        raise ValueError(f"{at!r} has no time zone: an instant in the ledger is aware")
    return at.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def _plain(value: object) -> object:
    kind = type(value)
    if kind is str or kind is int or kind is bool or value is None:
        return value
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise TypeError(f"the key {key!r} is {type(key).__name__}: keys are text")
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float):
        raise TypeError(f"{value!r} is a float, which has no canonical form: use a decimal string")
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"{value!r} is not a number")
        return str(value)
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        return int(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")
