"""Why one unit stands above another: the distance between their scores by measure, exactly.

docs/methods/gaps.md. For a mean g⁻¹(Σ w g(x)) the difference of two nodes is the sum over children of
K w (g(a) - g(b)) with one K for all (for the geometric mean: the logarithmic mean of both scores; Ang 2004),
and what falls to a child falls through its own node to the measures in the same way, so a tree of any depth
is split without a remainder. Where a node has no such formula (median, minimum, Borda, Copeland, a geometric
mean that is 0) the children share by Shapley's value; of more than eight children, by the mean of the order
of the spec and its reverse. What a unit gains or loses because weights shift to the measures it has is told
apart, and so are bonus and rounding.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from math import factorial
from typing import Any

import numpy as np

from ..exact import EXACT as CONTEXT
from ..exact import ZERO
from ..explain import apportion as apportion
from .flow import Flow
from .nodes import Child, exponent, node_points
from .numbers import EXACT, Array
from .plan import Plan
from .spec import HUNDRED, Node
from .table import Result

MOST_SHARED = 8  # children of which every order is tried

Part = tuple[str, str]
"""A measure, node or "" and what it is: "points", "missing" (weights shifted to what is there), "bonus", "rounding"."""


@dataclass(frozen=True, slots=True)
class Gap:
    """The published score of the better unit less that of the other, and its parts, which sum to it exactly.

    Units are places among the kept ones. `parts` are decimals with two places more than the score.
    """

    better: int
    worse: int
    gap: Decimal
    parts: Mapping[Part, Decimal]


def neighbours(result: Result) -> list[tuple[int, int | None, int | None]]:
    """Each ranked unit with the last of those above it and the first of those below it, in the order of ranks."""
    found: list[tuple[int, int | None, int | None]] = []
    for _, inside in result.ranked:
        order = sorted(inside, key=lambda place: (result.row(place).rank or ZERO, result.row(place).unit))
        ranks = [result.row(place).rank for place in order]
        for n, place in enumerate(order):
            above = next((order[m] for m in range(n - 1, -1, -1) if ranks[m] != ranks[n]), None)
            below = next((order[m] for m in range(n + 1, len(order)) if ranks[m] != ranks[n]), None)
            found.append((place, above, below))
    return found


def gap(result: Result, better: int, worse: int) -> Gap:
    """The account of one distance; the units are in one group."""
    plan, done = result.plan, result.flow
    with localcontext(CONTEXT):
        parts: dict[Part, Decimal] = {}
        _split(plan, done, plan.spec.top, Decimal(1), better, worse, parts)
        if plan.bonus:
            parts["", "bonus"] = done.bonus[better] - done.bonus[worse]
    published = (result.row(better).score or ZERO) - (result.row(worse).score or ZERO)
    exact = {part: Fraction(amount) for part, amount in parts.items()}
    exact["", "rounding"] = Fraction(published) - sum(exact.values(), Fraction(0))
    shown = apportion(list(exact.values()), plan.spec.decimals + 2)
    return Gap(better, worse, published, dict(zip(exact, shown, strict=True)))


def _split(
    plan: Plan, done: Flow, name: str, times: Decimal, a: int, b: int, parts: dict[Part, Decimal]
) -> None:
    """Adds to `parts` what is below a node, whose own difference counts `times` in the whole."""
    node = plan.spec.nodes[name]
    children = [
        Child(child, done.points[child], done.there[child], weight) for child, weight in node.weigh.items()
    ]
    one = _by_mean(node, children, done.points[name], a, b)
    if one is None:
        one = _by_shares(node, children, _group(plan, done, name, a), a, b)
    for child, (multiplier, shifted) in zip(children, one, strict=True):
        if shifted:
            parts[child.name, "missing"] = times * shifted
        if not multiplier:
            continue
        if child.name in plan.spec.nodes:
            _split(plan, done, child.name, times * multiplier, a, b, parts)
        else:
            parts[child.name, "points"] = times * multiplier * (child.points[a] - child.points[b])


def _group(plan: Plan, done: Flow, name: str, place: int) -> Array:
    """The units that are compared with one in a node: those of its group that have any of it."""
    inside = next(inside for inside in plan.places if place in inside)
    return np.asarray(inside[done.there[name][inside]])


Share = tuple[Decimal, Decimal]
"""Of a child: the multiplier of its difference in points, and the amount that is owed to shifted weights."""


def _by_mean(node: Node, children: list[Child], own: Array, a: int, b: int) -> list[Share] | None:
    """The shares under a mean of powers; None where there is no formula for these two units."""
    p = exponent(node)
    if p is None:
        return None
    here = [(child, bool(child.there[a]), bool(child.there[b])) for child in children]
    counted = [child.points[n] for child, *have in here for n, has in zip((a, b), have, strict=True) if has]
    if p != 1 and any(value <= 0 for value in counted):
        return None
    g, slope = _functions(p)
    sums = [sum((child.weight for child, *have in here if have[n]), ZERO) for n in (0, 1)]
    weights = [[child.weight / sums[n] if have[n] else ZERO for child, *have in here] for n in (0, 1)]
    values = [
        (child.points[a if in_a else b], child.points[b if in_b else a]) if in_a or in_b else (ZERO, ZERO)
        for child, in_a, in_b in here
    ]
    high, low = own[a], own[b]
    g_high, g_low = g(high), g(low)
    scale = (high - low) / (g_high - g_low) if g_high != g_low else 1 / slope(high)
    middle = (g_high + g_low) / 2
    found = []
    for (_, in_a, in_b), w_a, w_b, (x, y) in zip(here, *weights, values, strict=True):
        if not (in_a or in_b):
            found.append((ZERO, ZERO))
            continue
        steep = (g(x) - g(y)) / (x - y) if x != y else slope(x)
        shifted = scale * (w_a - w_b) * ((g(x) + g(y)) / 2 - middle)
        found.append((scale * (w_a + w_b) / 2 * steep if in_a and in_b else ZERO, shifted))
    return found


def _functions(p: Decimal) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    """g and its slope."""
    if p == 1:
        return (lambda x: x), (lambda _x: Decimal(1))
    if p == 0:
        return (lambda x: x.ln()), (lambda x: 1 / x)
    return (lambda x: x**p), (lambda x: p * x ** (p - 1))


def _by_shares(node: Node, children: list[Child], inside: Array, a: int, b: int) -> list[Share]:
    """Shapley's shares: what it adds, on average over orders, to take a child from b's points to a's."""
    worth = _worth(node, children, inside, a, b)
    count = len(children)
    shares = [ZERO] * count
    if count <= MOST_SHARED:
        values = [worth(frozenset(i for i in range(count) if bits >> i & 1)) for bits in range(1 << count)]
        for bits in range(1 << count):
            size = bits.bit_count()
            for i in range(count):
                if not bits >> i & 1:
                    weight = Decimal(factorial(size) * factorial(count - size - 1)) / factorial(count)
                    shares[i] += weight * (values[bits | 1 << i] - values[bits])
    else:
        for order in (range(count), range(count - 1, -1, -1)):
            taken: frozenset[int] = frozenset()
            for i in order:
                shares[i] += (worth(taken | {i}) - worth(taken)) / 2
                taken |= {i}
    found = []
    for child, share in zip(children, shares, strict=True):
        step = child.points[a] - child.points[b]
        both = child.there[a] and child.there[b]
        found.append((share / step, ZERO) if both and step else (ZERO, share))
    return found


def _worth(
    node: Node, children: list[Child], inside: Array, a: int, b: int
) -> Callable[[frozenset[int]], Decimal]:
    """What a unit would have in the node with some children's points from a and the others' from b."""
    if node.by in ("borda", "copeland"):
        return _standing(node, children, inside, a, b)

    def worth(taken: frozenset[int]) -> Decimal:
        mixed = [
            Child(child.name, child.points[at : at + 1], child.there[at : at + 1], child.weight)
            for child, at in ((child, a if i in taken else b) for i, child in enumerate(children))
        ]
        if not any(child.there[0] for child in mixed):
            return ZERO
        found: Decimal = node_points(node, mixed, (np.arange(1),), EXACT)[0][0]
        return found

    return worth


def _standing(
    node: Node, children: list[Child], inside: Array, a: int, b: int
) -> Callable[[frozenset[int]], Decimal]:
    """Borda and Copeland: the mixed unit against all the others, and against what is left of the two."""
    others = np.array([n for n in inside.tolist() if n not in (a, b)], dtype=np.int64)
    weights = np.array([float(child.weight) for child in children])

    def signs(at: int, against: Array) -> tuple[Array, Array]:
        """Per child (children, others): 1 ahead, -1 behind; and whether both have the child."""
        won = [_sign(child.points[at], child.points[against]) for child in children]
        have = [child.there[at] & child.there[against] for child in children]
        return np.array(won).reshape(len(children), -1), np.array(have).reshape(len(children), -1)

    last = np.array([b])
    rest = {"a": signs(a, others), "b": signs(b, others)}
    pair = signs(a, last)
    count = len(others) + 1

    def worth(taken: frozenset[int]) -> Decimal:
        pick = np.array([i in taken for i in range(len(children))])[:, None]
        won = np.where(pick, rest["a"][0], rest["b"][0])
        have = np.where(pick, rest["a"][1], rest["b"][1])
        won = np.concatenate([won, np.where(pick, pair[0], -pair[0])], axis=1)
        have = np.concatenate([have, pair[1]], axis=1)
        if node.by == "copeland":
            balance = (won * have * weights[:, None]).sum(axis=0)
            points = int(2 * (balance > 0).sum() + (balance == 0).sum())
            return Decimal(points) / 2 * HUNDRED / count
        above = total = ZERO
        for i, child in enumerate(children):
            at = a if i in taken else b
            if child.there[at]:
                beaten = Decimal(int((won[i] * have[i]).sum() + have[i].sum())) / 2
                met = int(have[i].sum())
                above += child.weight * (beaten / met if met else Decimal(1))
                total += child.weight
        return above / total * HUNDRED if total else ZERO

    return worth


def _sign(mine: Any, theirs: Array) -> Array:
    """1 where mine is more, -1 where it is less."""
    return np.asarray((mine > theirs).astype(int) - (mine < theirs).astype(int))
