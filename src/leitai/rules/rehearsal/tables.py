"""A rule-book's arena on a handful of readings: its measures, the arenas it weighs, the whole table.

Readings are those of the arena's own period, at every level; an arena that is weighed brings its score.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from leitai.rules.kernel import N_, Finding, Period, nearest
from leitai.rules.regime.model import MeasureSpec, Regime
from leitai.rules.regime.scenarios import Reading, Scenario, TableScenario
from leitai.rules.scoring import Cell, TableInputs, TableResult, UnitInputs, cells_of, compute
from leitai.rules.scoring.by_rule import table_spec

Readings = Mapping[str, Mapping[str, Cell]]


def arena_table(
    regime: Regime, arena: str, period: Period, readings: Readings, groups: Mapping[str, str]
) -> TableResult:
    """The table of an arena from each unit's cells by measure and its group; lower arenas are computed first.

    Raises KeyError for an arena the regime does not have.
    """
    cells: dict[str, dict[str, Cell]] = {unit: {} for unit in readings}
    for key in regime.arenas[arena].weigh:
        if key in regime.arenas:
            below = cells_of(arena_table(regime, key, period, readings, groups), f"arena:{key}")
        else:
            stated = regime.measures[key]
            below = {unit: _with_target(of[key], stated) for unit, of in readings.items() if key in of}
        for unit, cell in below.items():
            cells[unit][key] = cell
    inputs = TableInputs(tuple(UnitInputs(unit, groups.get(unit, ""), of) for unit, of in cells.items()))
    return compute(table_spec(regime, arena, period.key), inputs)


def _with_target(cell: Cell, spec: MeasureSpec) -> Cell:
    if spec.points.target is None or cell.target is not None:
        return cell
    return Cell(cell.value, cell.n, cell.se, spec.points.target, cell.state, cell.source)


def play_table(regime: Regime, scenario: Scenario, what: TableScenario) -> list[Finding]:
    """Where a scenario's table comes out otherwise."""
    given, then = what.given, what.then
    unknown = _unknown(regime, scenario, what)
    if unknown:
        return unknown
    only = regime.arenas[given.arena].groups[0]
    groups = {unit: given.groups.get(unit, only) for unit in given.readings}
    readings = {unit: {key: _cell(one) for key, one in of.items()} for unit, of in given.readings.items()}
    rows = {
        row.unit: row
        for row in arena_table(regime, given.arena, Period.parse(given.period), readings, groups).rows
    }
    asked: list[tuple[str, object, object, tuple[object, ...]]] = [
        (f"rank of {unit}", rank, rows[unit].rank, ("ranks", unit)) for unit, rank in then.ranks.items()
    ]
    asked += [
        (f"score of {unit}", score, rows[unit].score, ("scores", unit)) for unit, score in then.scores.items()
    ]
    ends = {
        "worst": (then.worst, [unit for unit, row in rows.items() if row.named_worst]),
        "best": (then.best, [unit for unit, row in rows.items() if row.named_best]),
        "not ranked": (then.not_ranked, [unit for unit, row in rows.items() if row.rank is None]),
    }
    asked += [
        (end, sorted(wanted), sorted(found), (end,))
        for end, (wanted, found) in ends.items()
        if wanted is not None
    ]
    return [
        Finding(
            "scenario-differs",
            N_("“%(name)s”: %(what)s should be %(wanted)s; by the rule-book it is %(found)s"),
            scenario.where("then", *path),
            {"name": scenario.name, "what": about, "wanted": _shown(wanted), "found": _shown(found)},
        )
        for about, wanted, found, path in asked
        if wanted != found
    ]


def _unknown(regime: Regime, scenario: Scenario, what: TableScenario) -> list[Finding]:
    """Names in a scenario's table that are not there."""
    given, then = what.given, what.then
    if given.arena not in regime.arenas:
        return [_missing(scenario, "arena", given.arena, regime.arenas, "given", "arena")]
    measures = _leaves(regime, given.arena)
    found = [
        _missing(scenario, "measure", key, measures, "given", "readings", unit, key)
        for unit, of in given.readings.items()
        for key in of
        if key not in measures
    ]
    groups = regime.arenas[given.arena].groups
    found += [
        _missing(scenario, "group", group, groups, "given", "groups", unit)
        for unit, group in given.groups.items()
        if group not in groups
    ]
    for part, named in (("ranks", then.ranks), ("scores", then.scores)):
        found += [
            _missing(scenario, "unit", unit, given.readings, "then", part, unit)
            for unit in named
            if unit not in given.readings
        ]
    return found


def _leaves(regime: Regime, arena: str) -> tuple[str, ...]:
    """The measures of an arena and of the arenas it weighs."""
    return tuple(
        dict.fromkeys(
            name
            for key in regime.arenas[arena].weigh
            for name in (_leaves(regime, key) if key in regime.arenas else (key,))
        )
    )


def _missing(scenario: Scenario, what: str, name: str, known: Iterable[str], *path: object) -> Finding:
    names = tuple(known)
    values = {"what": what, "name": name, "known": nearest(name, names) or ", ".join(names)}
    message = N_("there is no %(what)s “%(name)s” here; right would be %(known)s")
    return Finding(f"unknown-{what}", message, scenario.where(*path), values)


def _cell(reading: Reading | Decimal | None) -> Cell:
    if not isinstance(reading, Reading):
        return Cell(reading, state="ok" if reading is not None else "missing")
    given = reading.value is not None
    return Cell(reading.value, reading.n, reading.se, reading.target, "ok" if given else "missing")


def _shown(value: object) -> object:
    if isinstance(value, list):
        return ", ".join(value) or "nobody"
    return "not ranked" if value is None else value
