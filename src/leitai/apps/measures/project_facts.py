"""The facts of projects that a measure may come from, by the name that a rule-book gives them.

What is known of a project is known now: an earlier day entered late counts in its own period.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from leitai.apps.projects import queries as projects
from leitai.rules.kernel import Period
from leitai.rules.regime.model import MeasureSpec
from leitai.rules.scoring import Cell, rate_se

FACTS = ("projects.entered", "projects.arrived", "projects.on_time_rate")


def counted(place: Any, spec: MeasureSpec, period: Period) -> Mapping[int, Any]:
    """What a measure counts of a period, by unit id: a number, or (hits, whole) for a rate."""
    library = spec.of.get("library", "")
    if spec.from_ == "projects.entered":
        return MappingProxyType(projects.entered(place, spec.of["stage"], period, library))
    if spec.from_ == "projects.arrived":
        return MappingProxyType(projects.arrived(place, period, library))
    return MappingProxyType(projects.on_time(place, period, library))


def cells(
    spec: MeasureSpec, known: Mapping[int, Any], holders: Mapping[int, int], units: list[Any]
) -> dict[str, Cell]:
    """The cell of each unit: what its own units' projects came to together. A count of nothing is 0, a rate is few."""
    if spec.from_ != "projects.on_time_rate":
        sums = [Decimal(0)] * len(units)
        for pk, index in holders.items():
            sums[index] += known.get(pk, 0)
        return {
            unit.key: Cell.of(total, target=spec.points.target, source="projects")
            for unit, total in zip(units, sums, strict=True)
        }
    pairs = [[0, 0] for _ in units]
    for pk, index in holders.items():
        hits, whole = known.get(pk, (0, 0))
        pairs[index][0] += hits
        pairs[index][1] += whole
    return {unit.key: _rate(spec, *pair) for unit, pair in zip(units, pairs, strict=True)}


def _rate(spec: MeasureSpec, hits: int, n: int) -> Cell:
    if not n:
        return Cell(n=0, state="few", source="projects")
    return Cell.of(hits / n, n=n, se=rate_se(hits, n), target=spec.points.target, source="projects")
