"""What would lift a unit to the place above it: one measure at a time, the others and everyone else unchanged.

docs/methods/climbs.md. For each measure the least change of its value that brings the unit's score to that of
the unit above is found by halving, up to the best value there is (or the measure's `reach`). The numbers that
methods compare with stay as they are. Measures below a Borda or Copeland node are left out: there a unit's
points are not its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from math import floor, log10
from typing import Any

import numpy as np

from ..exact import EXACT as CONTEXT
from ..exact import dec, round_to
from .flow import Frames, measure_points, node, weights
from .gaps import neighbours
from .numbers import EXACT, FLOAT, Array, Mask, Numbers, printed
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


class _Ladder:
    """A table in which one measure at a time may move, in one kind of numbers, compared with what is above."""

    def __init__(self, result: Result, above: Array, kind: Numbers) -> None:
        plan, done = result.plan, result.flow
        self.plan, self.done, self.kind = plan, done, kind
        cast: Any = (lambda one: one) if kind.exact else (lambda one: one.astype(np.float64))
        self.columns = {name: cast(column) for name, column in plan.columns.items()}
        self.points = {name: cast(one) for name, one in done.points.items()}
        self.treated = {name: cast(one) for name, one in done.treated.items()}
        self.bonus, self.weights = cast(done.bonus), weights(plan, kind)
        self.fixed: Frames = {at: Frame({**one.kept, **one.noted}) for at, one in result.frames.items()}
        self.goal = self._shown(cast(done.total))[above]

    def arrives(self, key: str, tried: Array) -> Mask:
        """Which units stand no lower than the one above them, with these values of one measure."""
        plan, points, there = self.plan, dict(self.points), dict(self.done.there)
        treated = plan.treated(key, tried, self.kind)
        points[key], there[key] = measure_points(
            plan, key, treated, self.columns, self.fixed, self.kind, self.treated[key]
        )
        for name in _way_up(plan, key):
            points[name], there[name] = node(plan, name, points, there, self.weights, self.kind)
        return np.asarray(self._shown(points[plan.spec.top] + self.bonus) >= self.goal)

    def _shown(self, total: Array) -> Array:
        """The scores that ranks are made of."""
        spec = self.plan.spec
        if spec.ranks.of == "exact":
            return total
        if not self.kind.exact:
            return printed(total, spec.decimals, spec.rounding)
        return self.kind.array([round_to(one, spec.decimals, spec.rounding) for one in total])


def climbs(result: Result) -> list[Climb]:
    """For each ranked unit with one above it, the ways up that there are, the cheapest first."""
    plan = result.plan
    above = np.full(len(plan.kept), -1, dtype=np.int64)
    order = {}
    with localcontext(CONTEXT):
        for n, (place, better, _) in enumerate(neighbours(result)):
            above[place] = -1 if better is None else better
            order[place] = n
        quick, sure = (_Ladder(result, above, kind) for kind in (FLOAT, EXACT))
        found: list[Climb] = []
        for key in plan.spec.measures:
            if not any(plan.spec.nodes[name].by in ("borda", "copeland") for name in _way_up(plan, key)):
                found += _climbs_of(result, key, above, quick, sure)
    return sorted(found, key=lambda one: (order[one.unit], round(one.cost, 9), one.measure))


def _way_up(plan: Plan, key: str) -> tuple[str, ...]:
    """The nodes above a measure, from below."""
    found, at = [], key
    for name in plan.spec.bottom_up():
        if at in plan.spec.nodes[name].weigh:
            found.append(name)
            at = name
    return tuple(found)


def _climbs_of(result: Result, key: str, above: Array, quick: _Ladder, sure: _Ladder) -> list[Climb]:
    """The ways up by one measure: found by halving in floats, confirmed in decimals."""
    plan, spec = result.plan, result.plan.spec.measures[key]
    exact = result.flow.values[key]
    values, counted = exact.astype(np.float64), plan.filled[key].there
    more = spec.better == "more"
    there_is = max(exact[counted].tolist()) if more else min(exact[counted].tolist())
    best = there_is if spec.reach is None else spec.reach
    limit = np.full(values.shape, float(best))
    room = plan.filled[key].own & (above >= 0) & ((limit > values) if more else (limit < values))
    can = room & quick.arrives(key, np.where(room, limit, values))
    if not can.any():
        return []
    low, high = values.copy(), np.where(can, limit, values)
    for _ in range(HALVINGS):
        middle = np.where(can, (low + high) / 2, values)
        there = quick.arrives(key, middle)
        high, low = np.where(there, middle, high), np.where(there, low, middle)
    steps = [_towards(one, more, best) for one in high.tolist()]
    tried = sure.kind.array([step[0] if ok else x for step, ok, x in zip(steps, can, exact, strict=True)])
    # What floats take for a half may be a hair less: then it is the next digit.
    short = can & ~sure.arrives(key, tried)
    price = 1 / (float(values[counted].std(ddof=1)) or 1.0) if spec.cost is None else float(spec.cost)
    found = []
    for place in np.flatnonzero(can).tolist():
        if short[place] and steps[place][0] == steps[place][1]:
            continue  # the best there is falls a hair short
        needed = dec(steps[place][1] if short[place] else steps[place][0])
        cost = abs(float(needed - exact[place])) * price
        found.append(Climb(place, int(above[place]), key, exact[place], needed, cost))
    return found


def _towards(value: float, more: bool, best: Decimal) -> tuple[Decimal, Decimal]:
    """A value to few digits, rounded towards the better but not past the best; and the next such value."""
    places = DIGITS - 1 - (floor(log10(abs(value))) if value else 0)
    unit = Decimal(1).scaleb(-places)
    found = Decimal(value).quantize(unit, rounding=ROUND_CEILING if more else ROUND_FLOOR)
    after = found + unit if more else found - unit
    return (min(found, best), min(after, best)) if more else (max(found, best), max(after, best))
