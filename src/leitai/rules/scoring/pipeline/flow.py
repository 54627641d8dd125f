"""From values to a score, for the published figures and for every draw alike: points, nodes, bonus.

Arrays have the units last; before them may stand the draws. Weights are numbers, or one for each draw.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from leitai.rules.kernel import N_

from .data import ALL
from .faults import fault
from .nodes import Child, node_points
from .numbers import Array, Mask, Numbers
from .plan import Plan, between
from .pointing import Column, Frame, lowest, points

Frames = dict[tuple[str, str], Frame]
Weights = Mapping[str, Mapping[str, Any]]
"""Weight by node and child: a number, or an array of shape (draws, 1)."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Every stage by name: arrays by measure or node, and for nodes and measures which units have them."""

    values: Mapping[str, Array]
    treated: Mapping[str, Array]
    points: Mapping[str, Array]
    there: Mapping[str, Mask]
    total: Array
    bonus: Array


def frames(plan: Plan) -> Frames:
    """The frames that the spec keeps from a base period, ready to be added to."""
    return {
        (key, group): Frame(plan.spec.frame.get(key, {}).get(group, {}))
        for key in plan.spec.measures
        for group, _ in plan.groups
    }


def weights(plan: Plan, kind: Numbers) -> dict[str, dict[str, Any]]:
    """The weights that the spec declares."""
    return {
        name: {child: kind.of(weight) for child, weight in node.weigh.items()}
        for name, node in plan.spec.nodes.items()
    }


def flow(plan: Plan, columns: Mapping[str, Array], weights: Weights, frames: Frames, kind: Numbers) -> Flow:
    """All stages, from columns of the kept units, shape (…, units). Raises ScoreError."""
    values = {key: plan.values(key, columns, kind) for key in plan.spec.measures}
    treated = {key: plan.treated(key, values[key], kind) for key in plan.spec.measures}
    there: dict[str, Mask] = {}
    found: dict[str, Array] = {}
    for key in plan.spec.measures:
        found[key], there[key] = measure_points(plan, key, treated[key], columns, frames, kind)
    for name in plan.spec.bottom_up():
        found[name], there[name] = node(plan, name, found, there, weights, kind)
    bonus = _bonus(plan, kind)
    top = found[plan.spec.top]
    return Flow(values, treated, found, there, top + bonus if plan.bonus else top, bonus)


def node(
    plan: Plan,
    name: str,
    points: Mapping[str, Array],
    there: Mapping[str, Mask],
    weights: Weights,
    kind: Numbers,
) -> tuple[Array, Mask]:
    """The points of one node from those of its children."""
    children = [Child(one, points[one], there[one], weight) for one, weight in weights[name].items()]
    where = plan.positions.value("nodes", name)
    found, have = node_points(plan.spec.nodes[name], children, plan.places, kind, where)
    return kind.settled(found), have


def measure_points(
    plan: Plan,
    key: str,
    treated: Array,
    columns: Mapping[str, Array],
    frames: Frames,
    kind: Numbers,
    against: Array | None = None,
) -> tuple[Array, Mask]:
    """The points of one measure, group by group, and which units have them."""
    spec, cells = plan.spec.measures[key], plan.filled[key]
    method, there = spec.points, cells.there
    target = columns[method.target] if isinstance(method.target, str) else None
    where = plan.positions.value("measures", key, "points")
    found = None
    for group, inside in plan.groups:
        whole = len(inside) == treated.shape[-1] and bool(there.all())
        at: Any = slice(None) if whole else inside[there[inside]]
        if not whole and not len(at):
            continue
        column = Column(
            treated[..., at],
            None if target is None else target[..., at],
            _aim(plan, key, treated) if method.by == "reference" else None,
            None if against is None else against[at],
            key if group == ALL else f"{key}\n{group}",
            where,
        )
        part = kind.settled(points(method, spec.better, column, frames[key, group], kind))
        if whole:
            found = part
        else:
            found = np.zeros_like(treated) * kind.of(Decimal(0)) if found is None else found
            found[..., at] = part
    assert found is not None
    if plan.spec.policy(key) == "floor" and not there.all():
        least = lowest(method)
        if least is None:
            message = N_("“%(measure)s” has no lowest points for a missing value; state its “floor”")
            raise fault("no-floor", message, where, measure=key)
        return np.where(there, found, kind.of(least)), np.ones_like(there)
    return found, there


def _aim(plan: Plan, key: str, treated: Array) -> Array:
    """The value of the reference unit, shape (…, 1)."""
    unit = plan.spec.measures[key].points.unit
    place = next((n for n, index in enumerate(plan.kept) if plan.data.ids[index] == unit), None)
    if place is None or not plan.filled[key].there[place]:
        where = plan.positions.value("measures", key, "points", "unit")
        message = N_("the reference unit “%(unit)s” has no value of “%(measure)s” here; name another unit")
        raise fault("no-reference", message, where, unit=unit, measure=key)
    return treated[..., place : place + 1]


def _bonus(plan: Plan, kind: Numbers) -> Array:
    """What is added to each unit's score in the end: the sum of all bonuses, between its ends."""
    bounds = plan.spec.bonus_total
    sums = [sum((one[n] for one in plan.bonus.values()), Decimal(0)) for n in range(len(plan.kept))]
    return kind.array([between(one, bounds.least, bounds.most) for one in sums])
