"""What of a text may stand on a page for everybody: people write telephone numbers where a title is asked for."""

from __future__ import annotations

import re

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NUMBER = re.compile(r"\+?\d(?:[ -]?\d){6,}[xX]?")


def decent(text: str) -> str:
    """A text without what reaches a person: telephone and identity numbers, mail addresses."""
    return _NUMBER.sub("…", _MAIL.sub("…", text))
