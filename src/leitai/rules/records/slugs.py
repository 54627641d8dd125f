"""Keys of units made from records: readable where the name is in Latin letters, stable in any script.

>>> slug("PWDx_Street Light Outages")
'pwdx-street-light-outages'
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from hashlib import sha256

LONGEST = 60
_GAPS = re.compile(r"[^a-z0-9]+")


def slug(text: str) -> str:
    """A key of ASCII lower-case letters, digits and hyphens; the same text always gives the same key.

    Accents are taken off. A name whose letters have no ASCII form gets eight hex digits of its SHA-256
    instead of them, since a key must stay readable in an address and no two names may fall together.
    """
    plain = unicodedata.normalize("NFKD", text.strip())
    letters = "".join(one for one in plain if not unicodedata.combining(one))
    key = _GAPS.sub("-", letters.casefold()).strip("-")
    lost = any(one.isalnum() and not one.isascii() for one in letters.casefold())
    if lost or not key:
        mark = sha256(unicodedata.normalize("NFC", text.strip()).encode()).hexdigest()[:8]
        key = f"{key[: LONGEST - 9].strip('-') or 'unit'}-{mark}"
    return key[:LONGEST].strip("-")


def free_key(text: str, taken: Container[str]) -> str:
    """The slug of a text, with -2, -3, … where another name has it already."""
    key = first = slug(text)
    number = 1
    while key in taken:
        number += 1
        key = f"{first}-{number}"
    return key
