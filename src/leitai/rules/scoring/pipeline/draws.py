"""What if readings, weights and methods were otherwise: all of it drawn together, many times.

docs/methods/drawn.md. In each draw every uncertain reading is drawn around its measured value, every weight
within its bounds, every choice among its ways, and the whole table is computed again (Saisana, Saltelli and
Tarantola 2005). Draws are made in blocks of one size, each with chance of its own, so that the same seed
gives the same figures however much memory there is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Any, TypeAlias

import numpy as np

from leitai.rules.kernel import N_
from leitai.rules.regime.source import Positions

from .counting import better_than, places
from .data import Data
from .faults import fault
from .flow import Weights, flow, frames, weights
from .numbers import FLOAT, Array, printed
from .plan import Plan, prepare
from .reading import replaced
from .spec import CellNoise, Noise, Spec
from .table import Result

BLOCK = 256  # draws in one block
DATA = "data"  # the name of the factor that all readings make together

Chance: TypeAlias = np.random.Generator  # noqa: TID251 - the type of an argument; nothing is drawn from nowhere
Chances: TypeAlias = Callable[[str, int], Chance]
"""A generator for each purpose and block, always the same for the same two."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A block of draws: a number in [0, 1) by weight or choice, shape (draws, factors), and drawn columns."""

    uniform: Array
    columns: Mapping[str, Array]


@dataclass(frozen=True, slots=True)
class Outcome:
    """For each ranked unit, shape (draws, units): its score, how many are ahead of it, how many level."""

    score: Array
    rank: Array
    ahead: Array
    behind: Array


class Uncertain:
    """An index of which some things are not certain. Units are those of `units`: the ranked ones, by group."""

    def __init__(self, result: Result, tree: object, positions: Positions | None = None) -> None:
        """`tree` is the plain tree of the spec's text, whose parts the choices replace.

        Raises ScoreError where a reading has no noise that it should have, or a choice leaves out other units.
        """
        plan = result.plan
        assert plan.spec.noise is not None
        self.noise: Noise = plan.spec.noise
        self.plan, self.result = plan, result
        self.positions = positions or Positions(None)
        self.groups = tuple(np.array(inside) for _, inside in result.ranked if inside)
        self.units = np.sort(np.concatenate(self.groups))
        self.free = tuple(_free(plan.spec, self.noise))
        self.factors = (
            *(f"{name}/{child}" for name, child, _, _ in self.free),
            *self.noise.choices,
            *([DATA] if self.noise.cells else []),
        )
        self.plans = tuple(_variants(plan, tree, self.noise, plan.data, self.positions))
        self.columns = {name: column.astype(np.float64) for name, column in plan.columns.items()}
        self.cells = tuple(_Cell(plan, key, cell) for key, cell in self.noise.cells.items())

    @property
    def moving(self) -> int:
        """How many weights and choices are not certain."""
        return len(self.free) + len(self.noise.choices)

    def sample(self, chance: Chance, draws: int, uniform: Array | None = None) -> Sample:
        """So many draws of everything that is not certain; weights and choices by `uniform` where it is given."""
        if uniform is None:
            uniform = chance.random((draws, self.moving))
        return Sample(uniform, {cell.column: cell.drawn(chance, draws) for cell in self.cells})

    def outcome(self, sample: Sample) -> Outcome:
        """The table computed for each draw."""
        count = len(sample.uniform)
        ways = self._ways(sample.uniform[:, len(self.free) :])
        total = np.empty((count, len(self.plan.kept)))
        for way in np.unique(ways).tolist():
            some = np.flatnonzero(ways == way) if len(self.plans) > 1 else np.arange(count)
            columns = {**self.columns, **{name: column[some] for name, column in sample.columns.items()}}
            plan = self.plans[way]
            drawn = self._weights(plan, sample.uniform[some, : len(self.free)])
            total[some] = flow(plan, columns, drawn, frames(plan), FLOAT).total
        return self._placed(total)

    def _ways(self, uniform: Array) -> Array:
        """Which of the combined ways each draw takes."""
        found = np.zeros(len(uniform), dtype=np.int64)
        for index, choice in enumerate(self.noise.choices.values()):
            found = found * len(choice.of) + (uniform[:, index] * len(choice.of)).astype(np.int64)
        return found

    def _weights(self, plan: Plan, uniform: Array) -> Weights:
        found: dict[str, dict[str, Any]] = weights(plan, FLOAT)
        for index, (name, child, least, most) in enumerate(self.free):
            if child in found.get(name, {}):
                found[name][child] = least + (most - least) * uniform[:, index : index + 1]
        return found

    def _placed(self, total: Array) -> Outcome:
        spec = self.plan.spec
        shown = printed(total, spec.decimals, spec.rounding) if spec.ranks.of == "rounded" else total
        rank = np.zeros(total.shape, dtype=np.float64)
        ahead, behind = np.zeros(total.shape, dtype=np.int64), np.zeros(total.shape, dtype=np.int64)
        for inside in self.groups:
            every = len(inside) == total.shape[-1]
            part = shown if every else shown[:, inside]
            first, level = better_than(part)
            at: Any = slice(None) if every else inside
            ahead[:, at], behind[:, at] = first, len(inside) - 1 - first - level
            rank[:, at] = first + 1 if spec.ranks.ties == "better" else places(part, spec.ranks.ties)
        if len(self.units) == total.shape[-1]:
            return Outcome(total, rank, ahead, behind)
        return Outcome(*(one[:, self.units] for one in (total, rank, ahead, behind)))


def _free(spec: Spec, noise: Noise) -> Iterator[tuple[str, str, float, float]]:
    """The weights that are drawn: node, child, least, greatest. A node of one child has nothing to draw."""
    for name, node in spec.nodes.items():
        stated = noise.weights.get(name, {})
        for child, weight in node.weigh.items():
            if child in stated:
                yield name, child, float(stated[child][0]), float(stated[child][1])
            elif noise.spread and weight and len(node.weigh) > 1:
                yield name, child, float(weight * (1 - noise.spread)), float(weight * (1 + noise.spread))


def _variants(plan: Plan, tree: object, noise: Noise, data: Data, positions: Positions) -> Iterator[Plan]:
    """One plan for each way that the choices combine, the last choice changing fastest."""
    for values in product(*(choice.of for choice in noise.choices.values())):
        varied = tree
        for choice, value in zip(noise.choices.values(), values, strict=True):
            varied = replaced(varied, choice.at, value)
        found = prepare(Spec.model_validate(varied), data, positions) if values else plan
        if found.kept != plan.kept:
            message = N_(
                "with %(values)s other units would be scored than without; choose among ways that keep them"
            )
            raise fault(
                "bad-choice", message, positions.value("noise", "choices"), values=", ".join(map(str, values))
            )
        yield found


class _Cell:
    """The readings of one measure as they may have been."""

    def __init__(self, plan: Plan, key: str, cell: CellNoise) -> None:
        measure = plan.spec.measures[key]
        self.cell, self.column = cell, plan.spec.column(key)
        self.value = plan.columns[self.column].astype(np.float64)
        self.own = plan.filled[key].own
        self.other = self.value * 0
        if cell.se is not None:
            self.other = self._errors(plan, key, cell.se)
        elif cell.counts is not None:
            assert measure.per is not None
            self.other = plan.columns[measure.per.column].astype(np.float64)
            wrong = self.own & ((self.value < 0) | ((self.value > self.other) & (cell.counts == "binomial")))
            if wrong.any():
                place = int(np.flatnonzero(wrong)[0])
                index = plan.kept[place]
                message = N_("%(unit)s counts %(count)s of %(of)s, which is no count of cases; mend it")
                raise fault(
                    "bad-count",
                    message,
                    plan.data.where(index, self.column),
                    unit=plan.data.ids[index],
                    count=plan.columns[self.column][place],
                    of=plan.columns[measure.per.column][place],
                )

    def _errors(self, plan: Plan, key: str, column: str) -> Array:
        """Standard errors, not negative, one for every value that is the unit's own."""
        given = [plan.data.columns[column][index] for index in plan.kept]
        for place, se in enumerate(given):
            if self.own[place] and (se is None or se < 0):
                index = plan.kept[place]
                message = N_(
                    "%(unit)s has a value of “%(measure)s” and no standard error of 0 or more; write it"
                )
                where, unit = plan.data.where(index, column), plan.data.ids[index]
                raise fault("no-error", message, where, unit=unit, measure=key)
        return np.array([float(se or Decimal(0)) for se in given])

    def drawn(self, chance: Chance, draws: int) -> Array:
        """The column as it may have been, shape (draws, units)."""
        shape = (draws, len(self.value))
        if self.cell.counts == "binomial":
            # Jeffreys' prior: what the rate may be, having seen so many cases.
            safe = np.where(self.own, self.value, 0.0)
            return chance.beta(safe + 0.5, np.maximum(self.other - safe, 0.0) + 0.5, shape) * self.other
        if self.cell.counts == "poisson":
            return chance.gamma(np.where(self.own, self.value, 0.0) + 0.5, 1.0, shape)
        if self.cell.se is not None:
            found = chance.standard_normal(shape)
            found *= self.other
        else:
            half = float(self.cell.error or 0)
            found = chance.random(shape)
            found -= 0.5
            found *= 2 * half * (np.abs(self.value) / 100 if self.cell.as_ == "percent" else 1.0)
        found += self.value
        return found


@dataclass(frozen=True, slots=True)
class Sureness:
    """For each ranked unit, in the order of `Uncertain.units`, how sure its place is; shape (units,)."""

    low: Array
    median: Array
    high: Array
    score_low: Array
    score_high: Array
    top: Array
    bottom: Array


def sureness(
    uncertain: Uncertain, chances: Chances, draws: int, step: Callable[[int], None] = lambda _done: None
) -> Sureness:
    """Rank intervals, and the probability of being among the top and bottom so many of one's group.

    The interval leaves out at most half of 1 - level of the draws on either side. `step` hears of draws done.
    """
    noise, count = uncertain.noise, len(uncertain.units)
    ranks, scores = np.empty((draws, count), dtype=np.float32), np.empty((draws, count))
    top, bottom = np.zeros(count), np.zeros(count)
    for block, start in enumerate(range(0, draws, BLOCK)):
        size = min(BLOCK, draws - start)
        outcome = uncertain.outcome(uncertain.sample(chances("draws", block), size))
        ranks[start : start + size], scores[start : start + size] = outcome.rank, outcome.score
        top += (outcome.ahead < noise.top).sum(axis=0)
        bottom += (outcome.behind < noise.bottom).sum(axis=0)
        step(start + size)
    cut = int((1 - float(noise.level)) / 2 * draws + 1e-9)
    ends = sorted({cut, (draws - 1) // 2, draws - 1 - cut})
    ranks.partition(ends, axis=0)
    scores.partition(ends, axis=0)
    return Sureness(
        ranks[cut],
        ranks[(draws - 1) // 2],
        ranks[draws - 1 - cut],
        scores[cut],
        scores[draws - 1 - cut],
        top / draws,
        bottom / draws,
    )
