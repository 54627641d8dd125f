"""Findings: what is wrong with a user's input, where, and what would be right.

A fault of a user is a `Finding` in a list, so that all of them are told at once and what can be taken
is taken; a fault of a programmer raises.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters: an error stops the input, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Where:
    """A place in a file; line and column count from 1, 0 where unknown."""

    file: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong.

    `code` is short and stable ("unknown-key"); `message` is an English sentence with %(name)s places,
    marked with `N_` so that the shell can translate it; `values` fill the places.
    """

    code: str
    message: str
    where: Where = Where()
    values: Mapping[str, object] = field(default_factory=dict)
    severity: Severity = Severity.ERROR

    @property
    def text(self) -> str:
        """The message in English with its values filled in."""
        return self.message % dict(self.values)

    def __str__(self) -> str:
        at = str(self.where)
        return f"{at}: {self.severity}: {self.text} [{self.code}]" if at else f"{self.text} [{self.code}]"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that `name` was probably meant to be, or None."""
    found = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return found[0] if found else None
