"""Weights: what each measure is worth in the whole, and the check that they make a whole."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from leitai.rules.kernel import N_, Finding, Where

from .exact import FULL

NOWHERE = Where()


def check_weights(
    weights: Mapping[str, Decimal], where: Where = NOWHERE, of: str = ""
) -> tuple[Finding, ...]:
    """What is wrong with an arena's weights: `weights-not-100`, `weight-not-positive`."""
    found = []
    for key, weight in weights.items():
        if weight <= 0:
            message = N_("the weight of %(key)s is %(weight)s: a weight is more than 0")
            found.append(Finding("weight-not-positive", message, where, {"key": key, "weight": str(weight)}))
    total = sum(weights.values(), Decimal(0))
    if total != FULL:
        message = N_("the weights of %(of)s add up to %(total)s, not 100")
        found.append(Finding("weights-not-100", message, where, {"of": of, "total": str(total)}))
    return tuple(found)


def shares(weights: Mapping[str, Decimal]) -> dict[str, Fraction]:
    """Each weight's exact share of their sum. Raises ValueError where the sum is not above 0."""
    total = sum((Fraction(weight) for weight in weights.values()), Fraction(0))
    if total <= 0:
        raise ValueError("weights that add up to nothing share out nothing")
    return {key: Fraction(weight) / total for key, weight in weights.items()}
