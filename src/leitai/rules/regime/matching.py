"""Which rules of a rule-book an event sets off, and what they do: the one question the drive asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from leitai.rules.ledger import digest

from .conditions import compile_condition
from .deeds import Do, parse_do
from .model import Regime, RuleSpec
from .vocabulary import EVENTS


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that an event sets off: its place in the file, the rule, and the deed it asks for."""

    index: int
    rule: RuleSpec
    do: Do

    @property
    def key(self) -> str:
        """A short stable name: the rule's own key, or a digest of what it listens to and does."""
        said = " ".join(filter(None, (self.rule.on, self.rule.if_ or "", self.rule.do)))
        return self.rule.key or digest(said.encode())[:16]


def matching(regime: Regime, event: str, values: Mapping[str, object]) -> tuple[Match, ...]:
    """The rules that listen to an event and whose condition holds of its values, in the order of the file.

    `values` has every name of vocabulary.EVENTS[event] that a condition asks for (else KeyError).
    """
    return tuple(
        Match(index, rule, parse_do(rule.do))
        for index, rule in enumerate(regime.rules)
        if rule.on == event and (rule.if_ is None or compile_condition(rule.if_, EVENTS[event]).holds(values))
    )
