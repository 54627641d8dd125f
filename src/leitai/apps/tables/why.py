"""The account of one line of a table in names and sentences: its make-up, its distances, and who it equals.

The arithmetic is the core's (`rules/scoring/explain.py`); here keys become names, and shares become bars.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from leitai.apps.people import queries as people
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import Period, Text
from leitai.rules.scoring import Contribution, Explanation, Gap, TableResult, explain

from .models import Table

MANY = 12


@dataclass(frozen=True)
class Brought:
    """What one measure brought: by name, with the unit it is measured in; `rate` where it is a share."""

    name: Text
    unit: Text | None
    contribution: Contribution
    rate: bool


@dataclass(frozen=True)
class Step:
    """One measure's part of a distance: `amount` as the scores are shown, `exact` with two digits more.

    The amounts sum to the gap as shown. `share` of the largest part, from -100 to 100, is for the bar.
    """

    name: Text | None
    amount: Decimal
    exact: Decimal
    share: int


@dataclass(frozen=True)
class Distance:
    """How far a neighbour is, and what makes the distance, the largest part first."""

    unit: Any
    rank: int
    gap: Decimal
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Account:
    """All that is said of one line. `alike` holds the first few of `alike_count` units that equal it."""

    unit: Any
    explanation: Explanation
    group: Text
    brought: tuple[Brought, ...]
    above: Distance | None
    below: Distance | None
    alike: tuple[Any, ...]
    alike_count: int
    confidence: Decimal


def rounded(parts: Sequence[Decimal], places: int) -> list[Decimal]:
    """The parts to so many decimals; each takes over what rounding left of those before, so the sum stays."""
    quantum = Decimal(1).scaleb(-places)
    amounts, over = [], Decimal(0)
    for part in parts:
        amount = (part + over).quantize(quantum)
        over += part - amount
        amounts.append(amount)
    return amounts


def account(row: Table, result: TableResult, key: str) -> Account:
    """The account of a unit's line. Raises KeyError for a unit that the table does not have."""
    found = explain(result, key)
    regime = regimes.regime_on(row.place, Period.parse(row.period).last)
    known: Mapping[str, Any] = {**regime.measures, **regime.arenas}
    wanted = {key, *found.alike[:MANY], *(gap.other for gap in (found.above, found.below) if gap)}
    units = {unit.key: unit for unit in people.units(row.place).filter(key__in=wanted)}
    unit = units.get(key) or people.unit(row.place, key)

    def named(measure: str) -> Text:
        spec = known.get(measure)
        return spec.name if spec is not None else Text(en=measure)

    def distance(gap: Gap | None) -> Distance | None:
        if gap is None:
            return None
        amounts = rounded([part.shown for part in gap.parts], result.spec.decimals)
        largest = max((abs(amount) for amount in amounts), default=Decimal(0)) or Decimal(1)
        steps = [
            Step(
                named(part.measure) if part.measure else None, amount, part.shown, int(100 * amount / largest)
            )
            for part, amount in zip(gap.parts, amounts, strict=True)
            if amount
        ]
        steps.sort(key=lambda step: -abs(step.exact))
        return Distance(units.get(gap.other), gap.rank, gap.gap, tuple(steps))

    return Account(
        unit=unit,
        explanation=found,
        group=regime.groups[found.row.group].name
        if found.row.group in regime.groups
        else Text(en=found.row.group),
        brought=tuple(
            Brought(
                named(one.measure),
                getattr(known.get(one.measure), "unit", None),
                one,
                getattr(known.get(one.measure), "from_", "").endswith("rate"),
            )
            for one in found.row.contributions
        ),
        above=distance(found.above),
        below=distance(found.below),
        alike=tuple(units[key] for key in found.alike[:MANY] if key in units),
        alike_count=len(found.alike),
        confidence=result.spec.confidence * 100,
    )
