"""What would lift a unit to the place above it: one measure at a time, the others and everyone else unchanged.

docs/methods/climbs.md. For each measure the least change of its value that brings the unit's score to that of
the unit above is found by halving, up to the best value there is (or the measure's `reach`). The numbers that
methods compare with stay as they are. Measures below a Borda or Copeland node are left out: there a unit's
points are not its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import floor, log10

import numpy as np

from ..exact import dec
from .flow import Frames, measure_points, node, weights
from .gaps import neighbours
from .numbers import FLOAT, Array, Mask, printed
from .plan import Plan
from .pointing import Frame
from .table import Result

HALVINGS = 44
DIGITS = 6  # significant digits of a value to reach, rounded towards the better


@dataclass(frozen=True, slots=True)
class Climb:
    """One way up: the measure, its value now and the value needed, and what that costs.

    Units are places among the kept ones. The cost is in the measure's own unit cost, or in standard
    deviations of its values.
    """

    unit: int
    above: int
    measure: str
    now: Decimal
    needed: Decimal
    cost: float


def climbs(result: Result) -> list[Climb]:
    """For each ranked unit with one above it, the ways up that there are, the cheapest first."""
    plan = result.plan
    above = np.full(len(plan.kept), -1, dtype=np.int64)
    for place, better, _ in neighbours(result):
        above[place] = -1 if better is None else better
    goal = result.flow.total.astype(np.float64)[above]
    fixed: Frames = {at: Frame({**frame.kept, **frame.noted}) for at, frame in result.frames.items()}
    columns = {name: column.astype(np.float64) for name, column in plan.columns.items()}
    floats = {name: one.astype(np.float64) for name, one in result.flow.points.items()}
    found: list[Climb] = []
    for key in plan.spec.measures:
        if not _moved_with_others(plan, key):
            found += _climbs_of(result, key, above, goal, fixed, columns, floats)
    order = {place: n for n, (place, _, _) in enumerate(neighbours(result))}
    return sorted(found, key=lambda one: (order[one.unit], round(one.cost, 9), one.measure))


def _way_up(plan: Plan, key: str) -> tuple[str, ...]:
    """The nodes above a measure, from below."""
    found, at = [], key
    for name in plan.spec.bottom_up():
        if at in plan.spec.nodes[name].weigh:
            found.append(name)
            at = name
    return tuple(found)


def _moved_with_others(plan: Plan, key: str) -> bool:
    return any(plan.spec.nodes[name].by in ("borda", "copeland") for name in _way_up(plan, key))


def _climbs_of(
    result: Result,
    key: str,
    above: Array,
    goal: Array,
    fixed: Frames,
    columns: Mapping[str, Array],
    floats: Mapping[str, Array],
) -> list[Climb]:
    plan, spec = result.plan, result.plan.spec.measures[key]
    own: Mask = plan.filled[key].own & (above >= 0)
    values = result.flow.values[key].astype(np.float64)
    counted = plan.filled[key].there
    more = spec.better == "more"
    there_is = float(values[counted].max() if more else values[counted].min())
    best = there_is if spec.reach is None else float(spec.reach)
    against = result.flow.treated[key].astype(np.float64)
    drawn = weights(plan, FLOAT)
    rounded = plan.spec.ranks.of == "rounded"

    def arrives(tried: Array) -> Mask:
        there = dict(result.flow.there)
        points = dict(floats)
        treated = plan.treated(key, tried, FLOAT)
        points[key], there[key] = measure_points(plan, key, treated, columns, fixed, FLOAT, against)
        for name in _way_up(plan, key):
            points[name], there[name] = node(plan, name, points, there, drawn, FLOAT)
        total = points[plan.spec.top] + result.flow.bonus.astype(np.float64)
        if rounded:
            shown = [printed(one, plan.spec.decimals, plan.spec.rounding) for one in (total, goal)]
            return np.asarray(shown[0] >= shown[1])
        return np.asarray(total >= goal)

    limit = np.full(values.shape, best)
    room = own & ((limit > values) if more else (limit < values))
    tried = np.where(room, limit, values)
    can = room & arrives(tried)
    if not can.any():
        return []
    low, high = values.copy(), tried.copy()
    for _ in range(HALVINGS):
        middle = np.where(can, (low + high) / 2, values)
        there = arrives(middle)
        high, low = np.where(there, middle, high), np.where(there, low, middle)
    deviation = float(values[counted].std(ddof=1)) or 1.0
    price = 1 / deviation if spec.cost is None else float(spec.cost)
    found = []
    for place in np.flatnonzero(can).tolist():
        needed = _towards(float(high[place]), more, best)
        cost = abs(float(needed) - float(values[place])) * price
        found.append(Climb(place, int(above[place]), key, result.flow.values[key][place], needed, cost))
    return found


def _towards(value: float, more: bool, best: float) -> Decimal:
    """A value to few digits, rounded towards the better but not past the best."""
    places = DIGITS - 1 - (floor(log10(abs(value))) if value else 0)
    unit = Decimal(1).scaleb(-places)
    found = Decimal(value).quantize(unit, rounding="ROUND_CEILING" if more else "ROUND_FLOOR")
    if (float(found) > best) if more else (float(found) < best):
        return dec(best)
    return dec(found)
