"""From the points of a node's children to the node's own, by its mean.

docs/methods/means.md, docs/methods/outranking.md. Arithmetic, geometric, harmonic and power means are one
formula, g⁻¹(Σ w g(x) / Σ w), with g the identity, the logarithm, 1/x and xᵖ (Kolmogorov 1930; Nagumo 1930).
A child that is missing is left out and the weights of the others carry the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from leitai.rules.kernel import N_, Where

from .counting import beaten
from .faults import fault
from .numbers import Array, Mask, Numbers, written
from .spec import HUNDRED, Node

NOWHERE = Where()
ZERO, ONE = Decimal(0), Decimal(1)
BLOCK = 1 << 22  # pairs of units compared at once


@dataclass(frozen=True, slots=True)
class Child:
    """One child: its points, shape (…, units), whether a unit has it, and its weight, a number or (draws, 1)."""

    name: str
    points: Array
    there: Mask
    weight: Any


def node_points(
    node: Node, children: Sequence[Child], groups: Sequence[Array], kind: Numbers, where: Where = NOWHERE
) -> tuple[Array, Mask]:
    """A node's points, shape (…, units), and which units have any of its children.

    `groups` are the places of the units compared with each other. Raises ScoreError where a geometric,
    harmonic or power mean meets points below 0.
    """
    there = np.logical_or.reduce([child.there for child in children])
    if node.by in ("arithmetic", "geometric", "harmonic", "power"):
        return _mean(node, children, kind, where), there
    if node.by == "minimum":
        return _minimum(children), there
    if node.by == "median":
        return _median(children, kind), there
    found = np.full(
        _shape(children),
        kind.of(ZERO),
        dtype=object if kind.exact else np.float64,
    )
    compare = _borda if node.by == "borda" else _copeland
    for inside in groups:
        at = inside[there[inside]]
        if len(at):
            part = [Child(one.name, one.points[..., at], one.there[at], one.weight) for one in children]
            found[..., at] = compare(part, kind)
    return found, there


def _shape(children: Sequence[Child]) -> tuple[int, ...]:
    """The shape that points and weights make together, (…, units)."""
    weights = (np.shape(child.weight) for child in children)
    return np.broadcast_shapes(*(child.points.shape for child in children), *weights)


def totals(children: Sequence[Child], kind: Numbers) -> Any:
    """The weight that each unit has points for, shape (…, units), or (…, 1) where nothing is missing."""
    found: Any = kind.of(ZERO)
    for child in children:
        found = found + (child.weight if child.there.all() else child.weight * _ones(child.there, kind))
    return found


def _ones(mask: Mask, kind: Numbers) -> Array:
    return np.asarray(np.where(mask, kind.of(ONE), kind.of(ZERO)))


def _some(total: Any, kind: Numbers) -> Any:
    """A divisor: 1 where a unit has nothing to divide."""
    empty = np.asarray(total == 0)
    return np.where(empty, kind.of(ONE), total) if empty.any() else total


def exponent(node: Node) -> Decimal | None:
    """p of the power mean that a node is: 1, 0 (geometric), -1, or its own; None for the others."""
    known = {"arithmetic": ONE, "geometric": ZERO, "harmonic": -ONE, "power": node.power}
    return known.get(node.by)


def _mean(node: Node, children: Sequence[Child], kind: Numbers, where: Where) -> Array:
    p = exponent(node)
    assert p is not None
    total = _some(totals(children, kind), kind)
    above: Any = kind.of(ZERO)
    void: Any = False
    for child in children:
        values = child.points
        weight = child.weight if child.there.all() else child.weight * _ones(child.there, kind)
        if p != 1:
            zeros = _zeros(values, child, kind, where, node)
            if zeros is not None:
                values = np.where(zeros, kind.of(ONE), values)
            values = kind.ln(values) if p == 0 else kind.power(values, p)
            if zeros is not None and p > 0:
                values = np.where(zeros, kind.of(ZERO), values)
            elif zeros is not None:
                void = void | (zeros & np.asarray(weight > 0))
        above = above + values * weight
    mean = above / total
    if p == 1:
        return np.asarray(mean)
    if p == 0:
        found = kind.exp(mean)
    else:
        nothing = np.asarray(mean == 0)
        found = kind.power(np.where(nothing, kind.of(ONE), mean), ONE / p)
        void = void | nothing
    return np.where(void, kind.of(ZERO), found) if np.any(void) else np.asarray(found)


def _zeros(values: Array, child: Child, kind: Numbers, where: Where, node: Node) -> Array | None:
    """Where points are 0, of which there is no logarithm; None where nowhere.

    A drawn value below 0 counts as 0; a published one is a fault.
    """
    low = np.asarray(values <= 0)
    if not low.any():
        return None
    if kind.exact and (below := np.asarray(values < 0) & child.there).any():
        message = N_(
            "“%(child)s” has points below 0 (%(value)s), of which no %(by)s mean can be taken; give it a floor"
            " of 0 or more, or take another mean"
        )
        value = written(values[below].flat[0])
        raise fault("below-zero", message, where, child=child.name, value=value, by=node.by)
    return low


def _minimum(children: Sequence[Child]) -> Array:
    found = children[0].points
    have = children[0].there
    for child in children[1:]:
        lower = np.where(child.there & (~have | (child.points < found)), child.points, found)
        found, have = lower, have | child.there
    return found


def _median(children: Sequence[Child], kind: Numbers) -> Array:
    """The weighted median: where half the weight is reached; the middle of two where it is reached between them."""
    shape = _shape(children)
    values = np.stack([np.broadcast_to(child.points, shape) for child in children], axis=-1)
    weights = np.stack(
        [np.broadcast_to(child.weight * _ones(child.there, kind), shape) for child in children], axis=-1
    )
    order = np.argsort(values, axis=-1, kind="stable")
    values, weights = np.take_along_axis(values, order, axis=-1), np.take_along_axis(weights, order, axis=-1)
    half = weights.sum(axis=-1, keepdims=True) * kind.of(Decimal("0.5"))
    reached = np.cumsum(weights, axis=-1)
    lower = np.argmax((reached >= half) & (weights > 0), axis=-1)[..., None]
    upper = np.argmax((reached > half) & (weights > 0), axis=-1)[..., None]
    both = np.take_along_axis(values, lower, axis=-1) + np.take_along_axis(values, upper, axis=-1)
    return np.asarray(both[..., 0] * kind.of(Decimal("0.5")))


def _borda(children: Sequence[Child], kind: Numbers) -> Array:
    """100 times the weighted mean of the shares of others that a unit beats, measure by measure."""
    total = _some(totals(children, kind), kind)
    above: Any = kind.of(ZERO)
    for child in children:
        points = child.points
        share = np.full(points.shape, kind.of(ZERO), dtype=object if kind.exact else np.float64)
        at = np.flatnonzero(child.there)
        if len(at):
            share[..., at] = beaten(points[..., at], kind)
        above = above + share * (child.weight * _ones(child.there, kind))
    return np.asarray(above / total * kind.of(HUNDRED))


def _copeland(children: Sequence[Child], kind: Numbers) -> Array:
    """100 times the share of others against which more weight is won than lost, a draw counting half."""
    count = children[0].points.shape[-1]
    if count == 1:
        return np.full(children[0].points.shape, kind.of(HUNDRED), dtype=object if kind.exact else np.float64)
    lead = _shape(children)[:-1]
    rows = int(np.prod(lead)) if lead else 1
    flat = [np.broadcast_to(child.points, (*lead, count)).reshape(rows, count) for child in children]
    weights = [
        np.broadcast_to(weight, (*lead, 1)).reshape(rows, 1, 1)
        for weight in _whole([c.weight for c in children], kind)
    ]
    step = max(1, BLOCK // (count * count))
    wide = max(1, BLOCK // count)
    wins = np.zeros((rows, count), dtype=np.int64)
    for start in range(0, rows, step):
        some = slice(start, start + step)
        for first in range(0, count, wide):
            ours = slice(first, first + wide)
            balance: Any = 0.0
            for child, values, weight in zip(children, flat, weights, strict=True):
                mine, theirs = values[some, ours, None], values[some, None, :]
                won = (mine > theirs).astype(np.int8) - (mine < theirs).astype(np.int8)
                won = won * (child.there[ours, None] & child.there[None, :])
                balance = balance + won * weight[some]
            wins[some, ours] = 2 * (balance > 0).sum(axis=-1) + (balance == 0).sum(axis=-1) - 1
    share = wins.reshape(*lead, count) * kind.of(Decimal("0.5"))
    return np.asarray(share * kind.of(HUNDRED) / kind.of(Decimal(count - 1)))


def _whole(weights: Sequence[Any], kind: Numbers) -> list[Any]:
    """Weights as floats whose sums are exact: declared ones are brought to whole numbers, drawn ones stay."""
    if not kind.exact:
        return list(weights)
    places = max(max(-int(weight.as_tuple().exponent), 0) for weight in weights)
    return [float(weight.scaleb(places)) for weight in weights]
