"""A rate of a table as a funnel: each unit's rate over how many it rests on, between the limits of chance.

No ranks: a unit inside the limits is not told from the rate of all together, however it is placed. The limits are the
core's (`rules/scoring/funnels.py`); where units scatter more than chance explains, they are widened for all alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from leitai.rules.scoring.funnels import LEVELS, exact_limits, funnel_of_rates
from leitai.ui.rank_charts import FunnelPoint

from . import heat, lists, queries
from .models import Table

LEAST = 3  # units with a rate; of fewer no scatter can be told


@dataclass(frozen=True)
class Outside:
    """A unit beyond a limit: its rate and n, the limits of the widest level it is beyond, and on which side."""

    unit: Any
    rate: float
    n: int
    level: float
    low: float
    high: float

    @property
    def above(self) -> bool:
        """Whether the rate lies above the limit, not below."""
        return self.rate > self.high


@dataclass(frozen=True)
class Picture:
    """A measure's funnel: dots with their limits in the order of n, how rough the field is, and who is outside."""

    column: heat.Column
    points: tuple[FunnelPoint, ...]
    target: float
    phi: float
    outside: tuple[Outside, ...]


@dataclass(frozen=True)
class _Limits:
    target: float
    phi: float
    near: tuple[tuple[float, float], ...]
    far: tuple[tuple[float, float], ...]


@lru_cache(maxsize=8)
def _limits(counts: tuple[int, ...], ns: tuple[int, ...]) -> _Limits:
    """Widened limits where units scatter more than by chance, else exact ones, found once for every n there is."""
    found = funnel_of_rates(counts, ns, spread="multiplicative")
    near, far = (found.limits[level] for level in LEVELS)
    if found.roughness.phi <= 1:
        sizes = sorted(set(ns))
        near, far = (_each(sizes, exact_limits(found.target, sizes, level), ns) for level in LEVELS)
    return _Limits(found.target, found.roughness.phi, near, far)


def _each(
    sizes: Sequence[int], ends: Sequence[tuple[float, float]], ns: Sequence[int]
) -> tuple[tuple[float, float], ...]:
    of = dict(zip(sizes, ends, strict=True))
    return tuple(of[n] for n in ns)


def rates(columns: Sequence[heat.Column]) -> list[heat.Column]:
    """The columns that a funnel can be drawn of."""
    return [one for one in columns if one.rate]


def picture(row: Table, column: heat.Column, group: str) -> Picture | None:
    """The funnel of a rate in a group; None where fewer than three units have one, or all have 0 or all have 1."""
    found = []
    for home, unit, cell in lists.cells(row, column.key):
        if home == group and cell.get("value") is not None and cell.get("n"):
            found.append((cell["n"], unit, round(Decimal(cell["value"]) * cell["n"])))
    found.sort()
    counts, ns = tuple(count for _n, _key, count in found), tuple(n for n, _key, _count in found)
    if len(found) < LEAST or not 0 < sum(counts) < sum(ns):
        return None
    limits = _limits(counts, ns)
    points, beyond = [], {}
    for (n, key, count), near, far in zip(found, limits.near, limits.far, strict=True):
        point = FunnelPoint(count / n, n, near, far)
        points.append(point)
        if point.outside:
            level, (low, high) = (LEVELS[1], far) if point.outside > 1 else (LEVELS[0], near)
            beyond[key] = (point.rate, n, level, low, high)
    units = {one.unit.key: one.unit for one in queries.standings(row, group).filter(unit__key__in=beyond)}
    outside = [Outside(units[key], *beyond[key]) for key in beyond if key in units]
    outside.sort(key=lambda one: (-one.level, -one.rate))
    return Picture(column, tuple(points), limits.target, limits.phi, tuple(outside))
