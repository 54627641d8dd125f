"""What a table is computed from: its specification and its frozen inputs, plain enough to be kept.

A published table is these two plus a program; the JSON of both is without floats, so its canonical bytes
can be hashed, and a recount a year later starts from the same digits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from decimal import Decimal
from functools import cache
from typing import Any, Literal, get_args

from .exact import ROUNDINGS, Rounding, dec
from .points import METHODS, Better, Method

Json = dict[str, Any]
State = Literal["ok", "missing", "late", "disputed", "few"]
Missing = Literal["exclude", "floor", "fail"]
RankBy = Literal["bonferroni", "step-down"]
NamedBy = Literal["sets", "counts"]
Number = Decimal | float | int | str


def text(value: Decimal | None) -> str | None:
    """A decimal as the text that reads back equal, or None."""
    return None if value is None else str(value)


def known(kind: type, data: Mapping[str, Any]) -> Json:
    """Those of the fields that a dataclass has: what an edition of another code version says beyond is left out.

    An edition is kept for years; it must be read by a later program, which has more fields with defaults, and by an
    earlier one. Whether it is also computed to the same bytes is another question: `packs.recount` asks it.
    """
    names = _names(kind)
    return {key: value for key, value in data.items() if key in names}


@cache
def _names(kind: type) -> frozenset[str]:
    """The fields of a dataclass; asked once, since an edition has tens of thousands of values."""
    return frozenset(one.name for one in fields(kind))


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of a table: its way to points, weight, direction, least sample, missing policy.

    `missing`: "exclude" leaves it out and lets the other weights carry the whole, "floor" gives the
    method's lowest points, "fail" leaves the unit without a rank. `minimum` is the least n of a cell; a
    cell below it, or of unknown n, is "few": never the lowest points, always left out.
    """

    key: str
    method: Method
    weight: Decimal
    better: Better = "more"
    minimum: int = 0
    missing: Missing = "exclude"

    def __post_init__(self) -> None:
        if self.better not in get_args(Better) or self.missing not in get_args(Missing):
            raise ValueError(f"measure {self.key}: {self.better}, {self.missing}")
        if self.weight < 0:
            raise ValueError(f"measure {self.key}: weight {self.weight}")

    def to_json(self) -> Json:
        """The measure as plain JSON."""
        return {
            "key": self.key,
            "points": self.method.to_json(),
            "weight": str(self.weight),
            "better": self.better,
            "minimum": self.minimum,
            "missing": self.missing,
        }

    @classmethod
    def from_json(cls, data: Json) -> Measure:
        """The measure that `to_json` wrote."""
        by = str(data["points"]["by"])
        if by not in METHODS:
            raise ValueError(f"measure {data['key']}: this version of Leitai has no method {by!r}")
        method = Method.from_json({"by": by} | known(METHODS[by], data["points"]))
        rest = known(cls, data) | {"weight": dec(data["weight"])}
        return cls(method=method, **rest)


@dataclass(frozen=True, slots=True)
class Naming:
    """Whom the table names: the worst and the best so many; where an end is certain, only those it can answer for.

    Certain means with a promise that no name is wrong, kept `by` "sets" (a unit's whole rank set lies among them) or
    by "counts" (true rates, drawn given all that was counted, lie among them: `naming.name_worst`), which is for a
    table of one rate. A group no larger than the number names no one. `worst_among` and `best_among` widen what is
    promised: at most `worst` are named, each truly among the last `worst_among`; 0 stands for `worst` itself.
    """

    worst: int = 0
    best: int = 0
    worst_certain: bool = True
    best_certain: bool = True
    by: NamedBy = "sets"
    worst_among: int = 0
    best_among: int = 0

    @property
    def of_worst(self) -> int:
        """Among how many at the end each of the worst that are named truly is."""
        return max(self.worst_among, self.worst)

    @property
    def of_best(self) -> int:
        """Among how many at the other end each of the best that are named truly is."""
        return max(self.best_among, self.best)

    def __post_init__(self) -> None:
        if self.by not in get_args(NamedBy):
            raise ValueError(f"this version of Leitai does not name by {self.by!r}")

    def to_json(self) -> Json:
        """The naming as plain JSON; what the first tables could not say is left out where it says nothing."""
        silent = {("by", "sets"), ("worst_among", 0), ("best_among", 0)}
        return {key: value for key, value in asdict(self).items() if (key, value) not in silent}


@dataclass(frozen=True, slots=True)
class TableSpec:
    """How a table is made. `within` "group" compares and ranks inside each group, "all" across all units.

    Points are rounded to `point_decimals`, scores to `decimals`, both by `rounding`; ranks are of rounded
    scores. A unit with more than `uncounted` of its weight left out is not judged. `confidence` is the
    joint level of the rank sets of one group, found by the method of `rank_sets`: "step-down" as published, or
    "bonferroni", which is that of every table in which none is said.
    """

    arena: str
    period: str
    measures: tuple[Measure, ...]
    decimals: int = 2
    point_decimals: int = 6
    rounding: Rounding = "half-up"
    ties: Literal["better", "worse"] = "better"
    within: Literal["group", "all"] = "group"
    confidence: Decimal = Decimal("0.95")
    uncounted: Decimal = Decimal("0.5")
    naming: Naming = Naming()
    rank_sets: RankBy = "bonferroni"

    def __post_init__(self) -> None:
        if self.rank_sets not in get_args(RankBy):
            raise ValueError(f"this version of Leitai has no rank sets by {self.rank_sets!r}")
        if self.rank_sets == "step-down" and self.confidence < Decimal("0.5"):
            raise ValueError(
                f"table {self.arena}: rank sets by steps are of 0.5 and more, not {self.confidence}"
            )
        if (
            self.rounding not in ROUNDINGS
            or self.ties not in ("better", "worse")
            or self.within not in ("group", "all")
        ):
            raise ValueError(f"table {self.arena}: {self.rounding}, {self.ties}, {self.within}")
        if len({measure.key for measure in self.measures}) < len(self.measures):
            raise ValueError(f"table {self.arena}: a measure is there twice")
        if not 0 < self.confidence < 1 or not 0 <= self.uncounted <= 1:
            raise ValueError(f"table {self.arena}: confidence {self.confidence}, uncounted {self.uncounted}")

    def to_json(self) -> Json:
        """The specification as plain JSON."""
        by_steps: Json = {} if self.rank_sets == "bonferroni" else {"rank_sets": self.rank_sets}
        return by_steps | {
            "arena": self.arena,
            "period": self.period,
            "measures": [measure.to_json() for measure in self.measures],
            "decimals": self.decimals,
            "point_decimals": self.point_decimals,
            "rounding": self.rounding,
            "ties": self.ties,
            "within": self.within,
            "confidence": str(self.confidence),
            "uncounted": str(self.uncounted),
            "naming": self.naming.to_json(),
        }

    def sure_as(self, other: TableSpec) -> TableSpec:
        """This specification with another's way of being sure, which a rule-book does not state."""
        naming = self.naming if other.rank_sets == "step-down" else replace(self.naming, by="sets")
        return replace(self, rank_sets=other.rank_sets, naming=naming)

    @classmethod
    def from_json(cls, data: Json) -> TableSpec:
        """The specification that `to_json` wrote."""
        rest = known(cls, data)
        rest["measures"] = tuple(Measure.from_json(measure) for measure in data["measures"])
        rest |= {key: Decimal(data[key]) for key in ("confidence", "uncounted") if key in data}
        rest["naming"] = Naming(**known(Naming, data.get("naming", {})))
        return cls(**rest)


@dataclass(frozen=True, slots=True)
class Cell:
    """One unit's reading of one measure.

    `value` in the measure's unit, from `n` observations, with standard error `se` (absent: taken as exact);
    `target` where the unit has one; `source` says where it came from. A late or disputed value counts and
    is marked. Numbers may be given as Decimal, float, int or text, and are kept as decimals.
    """

    value: Decimal | None = None
    n: int | None = None
    se: Decimal | None = None
    target: Decimal | None = None
    state: State = "ok"
    source: str = ""

    def __post_init__(self) -> None:
        for name in ("value", "se", "target"):
            given = getattr(self, name)
            if given is not None:
                object.__setattr__(self, name, dec(given))
        if self.state not in get_args(State):
            raise ValueError(f"no state of a cell is called {self.state!r}")
        if self.se is not None and self.se < 0:
            raise ValueError(f"a standard error is not negative: {self.se}")

    @classmethod
    def of(
        cls,
        value: Number | None,
        *,
        se: Number | None = None,
        target: Number | None = None,
        n: int | None = None,
        state: State = "ok",
        source: str = "",
    ) -> Cell:
        """A cell from numbers of any kind."""
        kept = [None if one is None else dec(one) for one in (value, se, target)]
        return cls(kept[0], n, kept[1], kept[2], state, source)

    def to_json(self) -> Json:
        """The cell as plain JSON, without what is absent."""
        all_of = {"value": text(self.value), "n": self.n, "se": text(self.se), "target": text(self.target)}
        found: Json = {key: one for key, one in all_of.items() if one is not None}
        return found | {"state": self.state, "source": self.source}

    @classmethod
    def from_json(cls, data: Json) -> Cell:
        """The cell that `to_json` wrote."""
        return cls(**known(cls, data))


@dataclass(frozen=True, slots=True)
class UnitInputs:
    """One unit: its group and its cells by measure; a measure without a cell is missing."""

    key: str
    group: str
    cells: Mapping[str, Cell] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TableInputs:
    """All that a table is computed from, in any order."""

    units: tuple[UnitInputs, ...]

    def to_json(self) -> Json:
        """The inputs as plain JSON, in the order of unit keys, so that equal inputs are equal bytes."""
        units = sorted(self.units, key=lambda unit: unit.key)
        return {
            "units": [
                {
                    "key": unit.key,
                    "group": unit.group,
                    "cells": {key: cell.to_json() for key, cell in unit.cells.items()},
                }
                for unit in units
            ]
        }

    @classmethod
    def from_json(cls, data: Json) -> TableInputs:
        """The inputs that `to_json` wrote."""
        return cls(
            tuple(
                UnitInputs(
                    unit["key"],
                    unit["group"],
                    {key: Cell.from_json(cell) for key, cell in unit.get("cells", {}).items()},
                )
                for unit in data["units"]
            )
        )
