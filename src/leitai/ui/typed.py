"""What people type into boxes, made fit to be kept: neither a database nor a document takes control characters.

No keyboard gives them; they come from what is pasted, and from whoever tries. A new line and a tab are no such.
"""

from __future__ import annotations

import re

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BREAKS = re.compile(r"[\x00-\x1f\x7f]")


def plain(text: str, longest: int = 5000) -> str:
    """A text without control characters and outer blanks, cut to a length; its lines stay lines."""
    return _CONTROLS.sub("", text).strip()[:longest]


def line(text: str, longest: int = 300) -> str:
    """One line of text without control characters and outer blanks, cut to a length; a new line becomes a blank."""
    return _BREAKS.sub(" ", text).strip()[:longest]
