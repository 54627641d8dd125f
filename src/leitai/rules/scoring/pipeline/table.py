"""The table of an index: scores, ranks, and every stage by name.

    result = compute(spec, data)
    result.rows()[0]

The published figures are exact decimals with declared rounding: the same spec and data give the same bytes on
every machine and in any order of lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext

import numpy as np

from leitai.rules.kernel import N_, Finding, Severity
from leitai.rules.regime.source import Positions

from ..exact import EXACT as CONTEXT
from ..exact import round_to
from .counting import places
from .data import ALL, Data
from .flow import Flow, Frames, flow, frames, weights
from .numbers import EXACT
from .plan import Plan, prepare
from .reading import FRAME
from .spec import Spec


@dataclass(frozen=True, slots=True)
class Row:
    """A unit's line: its score, exact and as published, and its rank; None where it is not scored."""

    unit: str
    name: str
    group: str
    exact: Decimal | None
    score: Decimal | None
    rank: Decimal | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a spec and data. `ranked` are the places, among the kept units, of those that have a rank."""

    plan: Plan
    flow: Flow
    frames: Frames
    lines: tuple[Row, ...]
    notes: tuple[Finding, ...]

    @property
    def ranked(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """By group, the places among the kept units of those that have a rank."""
        return ranked(self.plan, self.flow)

    def row(self, place: int) -> Row:
        """The line of a kept unit, by its place among the kept."""
        return self.lines[self.plan.kept[place]]

    def rows(self) -> tuple[Row, ...]:
        """The lines, by group, best first; those without a rank last; equals by key."""
        last = Decimal("Infinity")
        within = self.plan.spec.within == "group"
        return tuple(
            sorted(
                self.lines,
                key=lambda row: (
                    row.group if within else "",
                    row.rank if row.rank is not None else last,
                    row.unit,
                ),
            )
        )

    def frame(self) -> dict[str, dict[str, dict[str, Decimal]]]:
        """The numbers that the methods compared with, as the spec's `frame` keeps them."""
        found: dict[str, dict[str, dict[str, Decimal]]] = {}
        for key in self.plan.spec.measures:
            for limits in self.plan.limits[key]:
                if numbers := {name: number for name, number in limits.items() if name in FRAME}:
                    found.setdefault(key, {}).setdefault(ALL, {}).update(numbers)
        for (key, group), frame in self.frames.items():
            if frame.noted:
                found.setdefault(key, {}).setdefault(group, {}).update(frame.noted)
        return found


def compute(spec: Spec, data: Data, positions: Positions | None = None) -> Result:
    """The table. Raises ScoreError where the data cannot serve the spec."""
    plan = prepare(spec, data, positions or Positions(None))
    with localcontext(CONTEXT):
        used = frames(plan)
        done = flow(plan, plan.columns, weights(plan, EXACT), used, EXACT)
        lines, notes = _lines(plan, done)
    return Result(plan, done, used, lines, (*plan.dropped.values(), *plan.notes, *notes))


def ranked(plan: Plan, done: Flow) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """By group, the places among the kept units of those that have a score."""
    there = done.there[plan.spec.top]
    return tuple((group, tuple(inside[there[inside]].tolist())) for group, inside in plan.groups)


def _lines(plan: Plan, done: Flow) -> tuple[tuple[Row, ...], list[Finding]]:
    spec, data = plan.spec, plan.data
    exact: dict[int, Decimal] = {}
    score: dict[int, Decimal] = {}
    rank: dict[int, Decimal] = {}
    for _, inside in ranked(plan, done):
        for place in inside:
            exact[place] = done.total[place]
            score[place] = round_to(done.total[place], spec.decimals, spec.rounding)
        by = score if spec.ranks.of == "rounded" else exact
        found = places(EXACT.array([by[place] for place in inside]), spec.ranks.ties)
        rank |= dict(zip(inside, (Decimal(one) for one in found.tolist()), strict=True))
    at = {index: place for place, index in enumerate(plan.kept)}
    lines, notes = [], []
    for index, unit in enumerate(data.ids):
        place = at.get(index, -1)
        note = plan.dropped[index].text if index in plan.dropped else ""
        if not note and place not in exact:
            finding = Finding(
                "not-scored",
                N_("%(unit)s is not scored: it has no measure"),
                data.where(index, spec.units.id),
                {"unit": unit},
                Severity.WARNING,
            )
            notes.append(finding)
            note = finding.text
        lines.append(
            Row(
                unit,
                data.names[index],
                data.groups[index],
                exact.get(place),
                score.get(place),
                rank.get(place),
                note,
            )
        )
    return tuple(lines), notes


def shares(plan: Plan) -> dict[str, Decimal]:
    """The share of the whole that each measure and node has where nothing is missing, by name; the top has 1."""
    found = {plan.spec.top: Decimal(1)}
    with localcontext(CONTEXT):
        for name in reversed(plan.spec.bottom_up()):
            weigh = plan.spec.nodes[name].weigh
            total = sum(weigh.values(), Decimal(0))
            for child, weight in weigh.items():
                found[child] = found[name] * weight / total
    return found


def imputed(plan: Plan, measure: str) -> list[str]:
    """For each kept unit whether its value of a measure is its own, stands in, or is absent."""
    cells = plan.filled[measure]
    words = np.where(cells.own, "own", np.where(cells.there, "stands in", "absent"))
    return [str(word) for word in words]
