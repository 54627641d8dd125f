"""A photo as somebody sent it, made fit to be kept: the picture anew, and what its camera said of when and where."""

from __future__ import annotations

from dataclasses import dataclass

from leitai.apps.ledger.errors import Refused
from leitai.rules.kernel import Finding
from leitai.ui.photos import Taken, made_anew, taken


@dataclass(frozen=True)
class Picture:
    """A photo made anew: JPEG bytes, and what its camera said of when and where."""

    jpeg: bytes
    taken: Taken


def picture(data: bytes) -> Picture:
    """A photo as it was sent, made fit to be kept. Raises Refused where it cannot be."""
    made = made_anew(data)
    if isinstance(made, Finding):
        raise Refused(made)
    return Picture(made, taken(data))
