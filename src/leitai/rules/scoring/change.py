"""What changed between two tables: of two editions cell by cell, and of two periods why a unit moved.

The account of a move goes from the old table to the new one by five steps in this order, and each step's part is the
places gained by it: the rules (specification, and measures that were not weighed before), the members (who is compared
at all), the data (values that are there in one of the two tables only), the others' figures, the unit's own. Since
each step starts where the one before ended, the parts sum to the change of rank exactly. The order is a choice, and is
stated: what is nobody's doing comes first, and the own figures are judged among the others as they are now.

Chance is no sixth part, since it acts through the figures. It is said beside them: where the unit would stand in the
new table had nothing truly changed (`drift.py`). docs/methods/change-account.md has the formula and a worked table.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from leitai.rules.kernel import N_

from .drift import Drift, expected
from .exact import ZERO
from .explain import Line, Part, split
from .field import Field
from .packs import Differs, differing
from .result import Row, TableResult
from .spec import Cell, Measure, TableInputs, TableSpec, UnitInputs
from .table import fields_of, is_counted, scored, state_of

_ABSENT = Cell(state="missing")


@dataclass(frozen=True, slots=True)
class Edition:
    """A table with what it was computed from."""

    spec: TableSpec
    inputs: TableInputs
    result: TableResult


# Two editions of one table


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell that two editions have otherwise; None where an edition has none."""

    unit: str
    measure: str
    old: Cell | None
    new: Cell | None


@dataclass(frozen=True, slots=True)
class Moved:
    """A unit's row in two editions, where score, rank, rank set or names differ; None where it is in one only."""

    unit: str
    group: str
    old: Row | None
    new: Row | None

    @property
    def gained(self) -> int | None:
        """Places gained, negative where lost; None where it has no rank in one of the two."""
        if self.old is None or self.new is None or self.old.rank is None or self.new.rank is None:
            return None
        return self.old.rank - self.new.rank


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two editions: the rules, the inputs, and whose line is another."""

    rules: tuple[Differs, ...]
    cells: tuple[CellChange, ...]
    moved: tuple[Moved, ...]

    def __bool__(self) -> bool:
        return bool(self.rules or self.cells or self.moved)


def difference(old: Edition, new: Edition) -> Difference:
    """The difference between two editions; units that moved most come first, cells by unit and measure."""
    before, after = _cells(old.inputs), _cells(new.inputs)
    cells = tuple(
        CellChange(unit, measure, before.get((unit, measure)), after.get((unit, measure)))
        for unit, measure in sorted(before.keys() | after.keys())
        if _figure(before.get((unit, measure))) != _figure(after.get((unit, measure)))
    )
    rows, now = {row.unit: row for row in old.result.rows}, {row.unit: row for row in new.result.rows}
    moved = []
    for unit in sorted(rows.keys() | now.keys()):
        was, is_ = rows.get(unit), now.get(unit)
        if _line(was) != _line(is_):
            moved.append(Moved(unit, (is_ or was or _NOBODY).group, was, is_))
    moved.sort(key=lambda one: (-abs(one.gained or 0), one.unit))
    return Difference(tuple(differing(old.spec.to_json(), new.spec.to_json())), cells, tuple(moved))


_NOBODY = Row("", "")


def _figure(cell: Cell | None) -> Cell | None:
    """A cell by its figure: the same one taken from a later edition is no difference."""
    return cell and replace(cell, source="")


def _cells(inputs: TableInputs) -> dict[tuple[str, str], Cell]:
    return {(unit.key, measure): cell for unit in inputs.units for measure, cell in unit.cells.items()}


def _line(row: Row | None) -> Row | None:
    """A row by what it says of the unit: without what it is made of, and the band, which is for reading the list."""
    return row and replace(row, contributions=(), se=None, band=None, of_two=None)


# One unit in the tables of two periods

Kind = Literal["rules", "members", "data", "others", "own"]
KINDS: tuple[Kind, ...] = ("rules", "members", "data", "others", "own")


@dataclass(frozen=True, slots=True)
class ChangePart:
    """The places that one step brought, negative where lost; `score` is what it added to the unit's own score."""

    kind: Kind
    places: int
    score: Decimal | None


@dataclass(frozen=True, slots=True)
class ChangeAccount:
    """Why a unit stands elsewhere than in the table before.

    `gained` is the places gained, negative where lost; the parts sum to it. `measures` splits the change of the own
    score by measure, exactly. `drift` says where chance alone would have put it; None where a figure without error
    leaves chance no part. A unit that has no rank in one of the tables has only its rows.
    """

    old: Row | None
    new: Row
    gained: int | None
    parts: tuple[ChangePart, ...]
    score: Decimal | None
    measures: tuple[Part, ...]
    drift: Drift | None
    lines: tuple[Line, ...]

    @property
    def within_noise(self) -> bool:
        """Whether the rank now is one that chance alone would bring, had nothing truly changed."""
        return self.drift is not None and self.new.rank is not None and self.drift.holds(self.new.rank)


class Steps:
    """The way from one table to another as far as it is the same for all units; made once, asked for each unit."""

    def __init__(self, old: Edition, new: Edition) -> None:
        self.old, self.new = old, new
        self._was, self._is = ({unit.key: unit for unit in one.inputs.units} for one in (old, new))
        by_rules = self._by_rules()
        self._stages = [by_rules]
        members = {
            key: replace(unit, cells=by_rules[key].cells) if key in by_rules else unit
            for key, unit in self._is.items()
        }
        self._stages.append(members)
        self._stages.append({key: self._with_data(key, unit) for key, unit in members.items()})
        self._tables = [_Places(self.new.spec, stage) for stage in self._stages]
        self._fields: dict[str, Field] = {}
        self._errors = {row.unit: row.se for row in new.result.rows if row.se is not None}

    def _by_rules(self) -> dict[str, UnitInputs]:
        """The old units with the old values of the new measures; new values where a measure was not weighed before."""
        before = {one.key for one in self.old.spec.measures}
        wanted = [one.key for one in self.new.spec.measures]
        found = {}
        for key, unit in self._was.items():
            fresh = self._is[key].cells if key in self._is else {}
            cells = {name: (unit.cells if name in before else fresh).get(name) for name in wanted}
            found[key] = replace(unit, cells={name: cell for name, cell in cells.items() if cell is not None})
        return found

    def _with_data(self, key: str, unit: UnitInputs) -> UnitInputs:
        """The unit's cells, with the new ones where a value is there in one of the two tables only."""
        cells = dict(unit.cells)
        for measure in self.new.spec.measures:
            was, now = (one.cells.get(measure.key, _ABSENT) for one in (unit, self._is[key]))
            if _there(measure, was) != _there(measure, now):
                cells[measure.key] = now
        return replace(unit, cells=cells)

    def account(self, key: str) -> ChangeAccount:
        """The account of a unit. Raises KeyError for a unit that the new table does not have."""
        now = self.new.result.row(key)
        was = next((row for row in self.old.result.rows if row.unit == key), None)
        if was is None or was.rank is None or now.rank is None:
            lines = (_entered(was, now),)
            return ChangeAccount(was, now, None, (), None, (), None, lines)
        field = self._field(now.group)
        others = field.swap(field.index[key], self._stages[-1][key].cells, naming=False)
        at = [(was.rank, was.score), *(one.of(key) for one in self._tables)]
        at += [(others.rank, others.score), (now.rank, now.score)]
        parts = tuple(
            ChangePart(kind, before - after, None if old is None or new is None else new - old)
            for kind, (before, old), (after, new) in zip(KINDS, at, at[1:], strict=False)
        )
        score, measures = split(now, was, self.new.spec.decimals + 2)
        gained, drift = was.rank - now.rank, self._drift(key)
        found = ChangeAccount(was, now, gained, parts, score, measures, drift, ())
        return replace(found, lines=_lines(found))

    def _field(self, group: str) -> Field:
        """The units of the new table that a group is compared with."""
        name = group if self.new.spec.within == "group" else ""
        if name not in self._fields:
            units = fields_of(self.new.spec, self.new.inputs)[name]
            self._fields[name] = Field(self.new.spec, units, self.new.result)
        return self._fields[name]

    def _drift(self, key: str) -> Drift | None:
        """Where the unit would stand now if nothing had truly changed, by the new rules and among the new members."""
        field = [row for row in self._tables[1].field(key) if row.score is not None]
        index = next((n for n, row in enumerate(field) if row.unit == key), None)
        if index is None:
            return None
        scores = [float(row.score or ZERO) for row in field]
        before = [float(row.se or ZERO) for row in field]
        after = [float(self._errors.get(row.unit, row.se or ZERO)) for row in field]
        return expected(scores, before, after, index, float(self.new.spec.confidence))


class _Places:
    """The places of a table that was never published."""

    def __init__(self, spec: TableSpec, units: Mapping[str, UnitInputs]) -> None:
        self._spec = spec
        self._fields = list(scored(spec, TableInputs(tuple(units.values()))).values())
        self._home = {row.unit: n for n, field in enumerate(self._fields) for row in field}
        self._own = {row.unit: row.score for field in self._fields for row in field}
        self._scores = [sorted(row.score for row in field if row.score is not None) for field in self._fields]

    def field(self, unit: str) -> list[Row]:
        """The rows that a unit's row is among; none where it is not there."""
        return self._fields[self._home[unit]] if unit in self._home else []

    def of(self, unit: str) -> tuple[int, Decimal | None]:
        """Rank and score of a unit; behind all others where it has no score."""
        scores = self._scores[self._home[unit]] if unit in self._home else []
        own = self._own.get(unit)
        if own is None:
            return len(scores) + 1, None
        if self._spec.ties == "worse":
            return len(scores) - bisect_left(scores, own), own
        return 1 + len(scores) - bisect_right(scores, own), own


def _there(measure: Measure, cell: Cell) -> bool:
    return is_counted(cell, state_of(measure, cell))


def _entered(was: Row | None, now: Row) -> Line:
    values: dict[str, object] = {"unit": now.unit, "rank": now.rank}
    if now.rank is None:
        return Line(N_("%(unit)s is not ranked, so there is no change to account for"), values)
    if was is None:
        return Line(N_("%(unit)s was not in the table before; it stands at rank %(rank)s"), values)
    return Line(N_("%(unit)s was not ranked before; it stands at rank %(rank)s"), values)


_SAID: Mapping[Kind, str] = {
    "rules": N_("from changed rules and weights: %(places)s"),
    "members": N_("from units that joined or left: %(places)s"),
    "data": N_("from values that were missing before or are missing now: %(places)s"),
    "others": N_("from the others' figures: %(places)s"),
    "own": N_("from its own figures: %(places)s"),
}


def _lines(found: ChangeAccount) -> tuple[Line, ...]:
    """The account in sentences; parts without effect are left out."""
    assert found.old is not None and found.gained is not None
    values: dict[str, object] = {"unit": found.new.unit, "old": found.old.rank, "new": found.new.rank}
    if found.gained > 0:
        lines = [Line(N_("%(unit)s rose from rank %(old)s to rank %(new)s"), values)]
    elif found.gained < 0:
        lines = [Line(N_("%(unit)s fell from rank %(old)s to rank %(new)s"), values)]
    else:
        lines = [Line(N_("%(unit)s keeps rank %(new)s"), values)]
    lines += [Line(_SAID[part.kind], {"places": f"{part.places:+d}"}) for part in found.parts if part.places]
    drift = found.drift
    if drift is not None:
        values = {"low": drift.low, "high": drift.high, "expected": f"{drift.rank:.1f}"}
        if found.within_noise:
            message = N_(
                "this is within noise: had nothing truly changed, it would stand at rank %(low)s to %(high)s,"
                " on average %(expected)s"
            )
        else:
            message = N_(
                "this is more than noise: had nothing truly changed, it would stand at rank %(low)s to"
                " %(high)s, on average %(expected)s"
            )
        lines.append(Line(message, values))
    return tuple(lines)


def change_account(old: Edition, new: Edition, unit: str) -> ChangeAccount:
    """Why a unit stands where it stands and not where it stood. Raises KeyError as `Steps.account` does."""
    return Steps(old, new).account(unit)
