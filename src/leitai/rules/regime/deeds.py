"""What a rule does: "open case bad-verdict", read by the patterns of the vocabulary.

>>> parse_do("propose adjustment for head")
Do(verb='propose', argument='adjustment', target='head')
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from leitai.rules.kernel import N_, nearest

from .vocabulary import VERBS, Verb

Target = Literal["unit", "head", "event"]
_NAMES = ("KIND", "MERIT", "OCCASION")


class DoError(ValueError):
    """Words that are nothing a rule may do."""

    def __init__(self, message: str, /, **values: object) -> None:
        super().__init__(message % values)
        self.message, self.values = message, values


@dataclass(frozen=True, slots=True)
class Do:
    """A deed: its verb ("open case", "propose", "call", "publish bulletin"), the key it names, for whom."""

    verb: str
    argument: str
    target: Target


def parse_do(text: str) -> Do:
    """The deed that a rule's `do` names. Raises DoError with the nearest right form."""
    return match_do(text)[0]


def match_do(text: str) -> tuple[Do, Verb, str]:
    """The deed, its entry in the vocabulary, and what its argument names (KIND, MERIT, OCCASION or "")."""
    words = text.split()
    for verb in VERBS:
        pattern = verb.pattern.split()
        if len(pattern) == len(words) and all(
            said == meant or meant in _NAMES for said, meant in zip(words, pattern, strict=True)
        ):
            at = next((place for place, word in enumerate(pattern) if word in _NAMES), None)
            fixed = pattern[:at] if at is not None else pattern
            target: Target = "event" if verb.scope == "event" else "head" if pattern[-1] == "head" else "unit"
            return (
                Do(" ".join(fixed), words[at] if at is not None else "", target),
                verb,
                pattern[at] if at is not None else "",
            )
    patterns = [verb.pattern for verb in VERBS]
    near = nearest(text, patterns)
    if near is not None:
        raise DoError(
            N_("“%(text)s” is nothing that a rule can do; nearest is “%(near)s”"), text=text, near=near
        )
    raise DoError(
        N_("“%(text)s” is nothing that a rule can do; it can %(known)s"), text=text, known=", ".join(patterns)
    )
