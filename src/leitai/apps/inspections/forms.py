"""What people type into the forms of this room, made fit to be kept."""

from __future__ import annotations

import re

# Neither a database nor a document takes them, and no keyboard gives them; a new line and a tab stay.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def plain(text: str, longest: int = 5000) -> str:
    """A text without control characters and outer blanks, cut to a length."""
    return _CONTROLS.sub("", text).strip()[:longest]
