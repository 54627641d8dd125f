"""The table: from a specification and frozen inputs to scores, ranks, how sure they are, and who is named.

The stages, in order: each cell's state; points within the group; the weighted mean; the rounded score;
ranks; rank sets; names. Uncertainty is carried along: the standard error of a cell's points is half the
difference between what value + se and value - se would have brought, and errors of measures add as
independent ones do (root of the sum of squares, each by its weight). Where points are flat within one
standard error (beyond a cap, inside a band) the value's error counts for nothing. The group's ends and
places are held fixed meanwhile, which leaves out their own error.

Whether a unit can be judged is decided before whether it is good: few observations leave it without a rank.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, localcontext
from typing import NamedTuple

from leitai.rules.kernel import Finding

from .exact import EXACT, ZERO, round_to
from .intervals import bands
from .ranks import ranks
from .result import Contribution, Reason, Row, TableResult, Told
from .spec import Cell, Measure, State, TableInputs, TableSpec, UnitInputs
from .sure import sure
from .weights import check_weights

_ABSENT = Cell(state="missing")
_PLACES = 6  # decimals of the numbers that are for reading only: weighted points, standard errors

Points = tuple[State, Decimal | None, Decimal]
"""State of the cell, its points (None: not counted), and their standard error."""


class Weighed(NamedTuple):
    """A unit's score and its standard error, or the reason why it has none; `weighed` is the weight counted."""

    reason: Reason
    score: Decimal | None
    se: Decimal | None
    weighed: Decimal


def compute(spec: TableSpec, inputs: TableInputs) -> TableResult:
    """The table of these inputs; the same bytes for the same inputs in any order.

    Raises ValueError for a unit that is there twice or a cell of a measure that the table does not have.
    Findings: those of the weights.
    """
    fields, units = scored(spec, inputs), fields_of(spec, inputs)
    rows: list[Row] = []
    told: dict[str, Told] = {}
    with localcontext(EXACT):
        for name in sorted(fields):
            ranked, by = _rank(spec, fields[name], units[name])
            rows += ranked
            if by is not None:
                told[name] = by
    return TableResult(spec, tuple(rows), _check(spec), told)


def scored(spec: TableSpec, inputs: TableInputs) -> dict[str, list[Row]]:
    """The rows before ranking, by the field in which they are compared: best first, those without a score last.

    Raises as `compute` does.
    """
    fields = fields_of(spec, inputs)
    with localcontext(EXACT):
        return {name: _scored(spec, units) for name, units in fields.items()}


def fields_of(spec: TableSpec, inputs: TableInputs) -> dict[str, list[UnitInputs]]:
    """The units that are compared with each other, in the order of their keys. Raises as `compute` does."""
    known = {measure.key for measure in spec.measures}
    if len({unit.key for unit in inputs.units}) < len(inputs.units):
        raise ValueError("a unit is there twice")
    for unit in inputs.units:
        if not known.issuperset(unit.cells):
            raise ValueError(f"{unit.key} has cells of unknown measures: {sorted(set(unit.cells) - known)}")
    fields: dict[str, list[UnitInputs]] = {}
    for unit in sorted(inputs.units, key=lambda unit: unit.key):
        fields.setdefault(unit.group if spec.within == "group" else "", []).append(unit)
    return fields


def _check(spec: TableSpec) -> tuple[Finding, ...]:
    return check_weights({one.key: one.weight for one in spec.measures}, of=spec.arena)


def _scored(spec: TableSpec, units: Sequence[UnitInputs]) -> list[Row]:
    """The rows of units that are compared with each other, not yet ranked: best first, those without a score last."""
    columns = [column(spec, measure, units) for measure in spec.measures]
    rows = [_score(spec, unit, [one[index] for one in columns]) for index, unit in enumerate(units)]
    ranked = sorted(
        (row for row in rows if row.score is not None), key=lambda row: (-(row.score or ZERO), row.unit)
    )
    return ranked + [row for row in rows if row.score is None]


def state_of(measure: Measure, cell: Cell) -> State:
    """The state a cell has in a table: few where there are fewer observations than the measure asks for."""
    if cell.state in ("few", "missing"):
        return cell.state
    if cell.value is None:
        return "late" if cell.state == "late" else "missing"
    if measure.minimum and (cell.n is None or cell.n < measure.minimum):
        return "few"
    return cell.state


def is_counted(cell: Cell, state: State) -> bool:
    """Whether a cell in this state has a value that counts."""
    return cell.value is not None and state not in ("few", "missing")


def column(spec: TableSpec, measure: Measure, units: Sequence[UnitInputs]) -> list[Points]:
    """The points of one measure for units compared with each other, in their order. Called in the context EXACT."""
    cells = [unit.cells.get(measure.key, _ABSENT) for unit in units]
    states = [state_of(measure, cell) for cell in cells]
    counts = [is_counted(cell, state) for cell, state in zip(cells, states, strict=True)]
    values = [
        cell.value for cell, counted in zip(cells, counts, strict=True) if counted and cell.value is not None
    ]
    score = measure.method.scorer(values, measure.better)
    instead = round_to(measure.method.lowest, spec.point_decimals) if measure.missing == "floor" else None
    found: list[Points] = []
    for cell, state, counted in zip(cells, states, counts, strict=True):
        value, target = cell.value, cell.target
        points = score(value, target, value) if counted and value is not None else None
        if points is None or value is None:
            # A value whose target is absent cannot be scored: it is missing too, and must not look counted.
            state = "missing" if counted else state
            found.append((state, None if state == "few" else instead, ZERO))
            continue
        se = ZERO
        if cell.se:
            above, below = score(value + cell.se, target, value), score(value - cell.se, target, value)
            se = abs((above or ZERO) - (below or ZERO)) / 2
        found.append((state, round_to(points, spec.point_decimals, spec.rounding), se))
    return found


def weigh(spec: TableSpec, cells: Sequence[Points]) -> Weighed:
    """A unit's score and its standard error from its points, or the reason why it has none. In the context EXACT."""
    whole = weighed = total = few = squares = ZERO
    failed = False
    for measure, (state, points, se) in zip(spec.measures, cells, strict=True):
        weight = measure.weight
        whole += weight
        if points is None:
            few += weight if state == "few" else ZERO
            failed = failed or (state != "few" and measure.missing == "fail")
        else:
            weighed += weight
            total += points * weight
            squares += (se * weight) ** 2
    reason: Reason = ""
    if failed:
        reason = "failed"
    elif few > spec.uncounted * whole or (not weighed and few):
        reason = "few"
    elif whole - weighed > spec.uncounted * whole or not weighed:
        reason = "missing"
    if reason:
        return Weighed(reason, None, None, weighed)
    score = round_to(total / weighed, spec.decimals, spec.rounding)
    return Weighed(reason, score, round_to((squares / (weighed * weighed)).sqrt(), _PLACES), weighed)


def _score(spec: TableSpec, unit: UnitInputs, cells: Sequence[Points]) -> Row:
    """A unit's row before ranking."""
    found = weigh(spec, cells)
    contributions = tuple(
        _contribution(measure, unit, cell, found.weighed)
        for measure, cell in zip(spec.measures, cells, strict=True)
    )
    return Row(unit.key, unit.group, found.reason, found.score, found.se, contributions=contributions)


def _contribution(measure: Measure, unit: UnitInputs, cell: Points, weighed: Decimal) -> Contribution:
    state, points, se = cell
    given = unit.cells.get(measure.key)
    weighted = points
    if points is not None:
        weighted = round_to(points * measure.weight / weighed, _PLACES) if weighed else None
    return Contribution(
        measure.key,
        state,
        given.value if given else None,
        points,
        measure.weight,
        weighted,
        round_to(se, _PLACES) if se else ZERO,
    )


def _rank(
    spec: TableSpec, every: Sequence[Row], units: Sequence[UnitInputs]
) -> tuple[list[Row], Told | None]:
    """The same rows, best first, with rank, rank set, band and names; those without a score as they are."""
    rows = [row for row in every if row.score is not None]
    scores = [row.score or ZERO for row in rows]
    found = sure(spec, rows, units)
    places = ranks(scores, spec.ties)
    in_band = bands([float(score) for score in scores], [float(row.se or ZERO) for row in rows], found.sets.z)
    ranked = [
        replace(
            row,
            rank=places[at],
            rank_low=found.sets.low[at],
            rank_high=found.sets.high[at],
            band=in_band[at],
            named_worst=at in found.worst,
            named_best=at in found.best,
            of_two=None if found.of_two is None else at in found.of_two,
        )
        for at, row in enumerate(rows)
    ]
    return ranked + [row for row in every if row.score is None], found.told
