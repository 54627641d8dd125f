"""Which flow a kind of case goes through: one of the rule-book's own, or one of the house's."""

from __future__ import annotations

from leitai.rules.flows import FLOWS, Flow
from leitai.rules.regime.model import CaseSpec


def flow_of(spec: CaseSpec) -> Flow:
    """The flow of a kind. Raises KeyError for a name that neither knows (the check of a rule-book finds it)."""
    return spec.own_flow or FLOWS[spec.flow]
