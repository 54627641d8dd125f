"""A computed table: every row with its score, its rank, how sure the rank is, and what it was made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from leitai.rules.kernel import Finding, Severity, Where

from .exact import ZERO, dec
from .intervals import table_z
from .spec import Cell, Json, NamedBy, State, TableSpec, known, text

Reason = Literal["", "few", "missing", "failed"]


def number(value: str | None) -> Decimal | None:
    """The decimal of a JSON text, or None; digits are kept as they were written."""
    return None if value is None else Decimal(value)


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one measure brought a unit.

    `points` is None where the measure was not counted; `weighted` is points × weight over the weights
    counted, to six decimals for reading; `se` is that of the points.
    """

    measure: str
    state: State = "ok"
    raw: Decimal | None = None
    points: Decimal | None = None
    weight: Decimal = ZERO
    weighted: Decimal | None = None
    se: Decimal = ZERO

    def to_json(self) -> Json:
        """The contribution as plain JSON."""
        return {
            "measure": self.measure,
            "state": self.state,
            "raw": text(self.raw),
            "points": text(self.points),
            "weight": str(self.weight),
            "weighted": text(self.weighted),
            "se": str(self.se),
        }

    @classmethod
    def from_json(cls, data: Json) -> Contribution:
        """The contribution that `to_json` wrote."""
        numbers = ("raw", "points", "weight", "weighted", "se")
        return cls(**(known(cls, data) | {key: number(data[key]) for key in numbers if key in data}))


@dataclass(frozen=True, slots=True)
class Row:
    """One unit's line.

    A unit that cannot be judged has no score and no rank but a `reason`: "few" (too few observations),
    "missing" (too much of the weight has no value), "failed" (a value whose absence fails the row).
    `rank_low` to `rank_high` is the set of ranks it may truly have; `band` joins units that cannot be told
    from the band's first. `of_two`: it would be named among the worst with half of the error allowed too, so that
    the names that two tables share are right of both at once (None: not asked, or a table of before that was).
    """

    unit: str
    group: str
    reason: Reason = ""
    score: Decimal | None = None
    se: Decimal | None = None
    rank: int | None = None
    rank_low: int | None = None
    rank_high: int | None = None
    band: int | None = None
    named_worst: bool = False
    named_best: bool = False
    contributions: tuple[Contribution, ...] = ()
    of_two: bool | None = None

    def to_json(self) -> Json:
        """The row as plain JSON."""
        asked: Json = {} if self.of_two is None else {"of_two": self.of_two}
        return asked | {
            "unit": self.unit,
            "group": self.group,
            "reason": self.reason,
            "score": text(self.score),
            "se": text(self.se),
            "rank": self.rank,
            "rank_low": self.rank_low,
            "rank_high": self.rank_high,
            "band": self.band,
            "named_worst": self.named_worst,
            "named_best": self.named_best,
            "contributions": [one.to_json() for one in self.contributions],
        }

    @classmethod
    def from_json(cls, data: Json) -> Row:
        """The row that `to_json` wrote."""
        rest = known(cls, data) | {key: number(data[key]) for key in ("score", "se") if key in data}
        rest["contributions"] = tuple(Contribution.from_json(one) for one in data.get("contributions", ()))
        return cls(**rest)


@dataclass(frozen=True, slots=True)
class Told:
    """What the sureness of units that are compared with each other rests on.

    Two are told apart where their scores differ by more than `z` of the joint standard error; who is named with
    certainty follows from the rank sets or from counts.
    """

    z: Decimal
    named: NamedBy = "sets"

    def to_json(self) -> Json:
        """The same as plain JSON."""
        return {"z": str(self.z), "named": self.named}

    @classmethod
    def from_json(cls, data: Json) -> Told:
        """What `to_json` wrote."""
        return cls(**(known(cls, data) | {"z": Decimal(data["z"])}))


@dataclass(frozen=True, slots=True)
class TableResult:
    """A table: rows by group, rank and unit key, the unranked last in their group; and findings.

    `told` is by the name of the field ("" where all units are compared); empty where rank sets are by Bonferroni.
    """

    spec: TableSpec
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...] = ()
    told: Mapping[str, Told] = field(default_factory=dict)

    def row(self, unit: str) -> Row:
        """The row of a unit. Raises KeyError."""
        for row in self.rows:
            if row.unit == unit:
                return row
        raise KeyError(unit)

    def field_of(self, row: Row) -> tuple[Row, ...]:
        """The ranked rows that this row is compared with, best first."""
        everyone = self.spec.within == "all"
        return tuple(
            one for one in self.rows if one.rank is not None and (everyone or one.group == row.group)
        )

    def told_of(self, group: str) -> Told | None:
        """What the sureness of a group's rows rests on; None where rank sets are by Bonferroni."""
        return self.told.get(group if self.spec.within == "group" else "")

    def z_of(self, row: Row) -> float:
        """The z by which a row is told apart from others of its field."""
        if self.spec.rank_sets == "bonferroni":
            return table_z(len(self.field_of(row)), float(self.spec.confidence))
        return float(self.told[row.group if self.spec.within == "group" else ""].z)

    def to_json(self) -> Json:
        """The table as plain JSON without floats: what is hashed, kept and published."""
        told = {name: one.to_json() for name, one in self.told.items()}
        return ({"told": told} if told else {}) | {
            "spec": self.spec.to_json(),
            "rows": [row.to_json() for row in self.rows],
            "findings": [
                {
                    "code": one.code,
                    "message": one.message,
                    "where": [one.where.file, one.where.line, one.where.column],
                    "values": dict(one.values),
                    "severity": str(one.severity),
                }
                for one in self.findings
            ],
        }

    @classmethod
    def from_json(cls, data: Json) -> TableResult:
        """The table that `to_json` wrote, in this version or another: what is unknown is left out."""
        return cls(
            TableSpec.from_json(data["spec"]),
            tuple(Row.from_json(row) for row in data["rows"]),
            tuple(
                Finding(
                    one["code"],
                    one["message"],
                    Where(*one.get("where", ())),
                    one.get("values", {}),
                    Severity(one.get("severity", Severity.ERROR)),
                )
                for one in data.get("findings", ())
            ),
            {name: Told.from_json(one) for name, one in data.get("told", {}).items()},
        )


def cells_of(result: TableResult, source: str) -> dict[str, Cell]:
    """Each unit's score as a cell of an upper table; unranked units stay few or missing."""
    return cells_of_rows(result.rows, source)


def cells_of_rows(rows: Iterable[Row], source: str) -> dict[str, Cell]:
    """As `cells_of`, of rows that need not be ranked yet."""
    found: dict[str, Cell] = {}
    for row in rows:
        if row.score is None:
            found[row.unit] = Cell(state="few" if row.reason == "few" else "missing", source=source)
        else:
            found[row.unit] = Cell(dec(row.score), None, row.se and dec(row.se), source=source)
    return found
