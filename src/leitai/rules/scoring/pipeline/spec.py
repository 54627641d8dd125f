"""The spec of an index: everything that decides a score, in one YAML file that can be kept and run again.

Names of measures and nodes are the keys of the mappings. Which keys go with which method is in `METHODS` and
`TREATMENTS`; whether a spec makes sense as a whole is asked by `checks`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from leitai.rules.regime.parts import Model, Number

Better = Literal["more", "less"]
Missing = Literal["drop", "exclude", "mean", "median", "group-mean", "group-median", "floor", "fail"]
Ties = Literal["better", "worse", "average", "dense"]
By = Literal[
    "goalposts",
    "min-max",
    "z-score",
    "rank",
    "percentile",
    "best",
    "reference",
    "target",
    "bands",
    "efficacy",
    "pass",
    "given",
]
Mean = Literal["arithmetic", "geometric", "harmonic", "power", "median", "minimum", "borda", "copeland"]
HUNDRED = Decimal(100)

# By method: the keys it needs and the keys it may have. Here and nowhere else.
METHODS: dict[By, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "goalposts": (("low", "high"), ("log", "clip", "floor", "cap")),
    "min-max": ((), ("floor", "cap", "equal", "clip")),
    "z-score": ((), ("centre", "spread", "equal")),
    "rank": ((), ("floor", "cap", "ties")),
    "percentile": ((), ("floor", "cap")),
    "best": ((), ("over", "floor", "cap", "equal")),
    "reference": (("unit",), ("over", "floor", "cap", "equal")),
    "target": (("target",), ("over", "floor", "cap", "equal")),
    "bands": (("bands",), ()),
    "efficacy": (("bad", "good"), ("base", "span", "floor", "cap")),
    "pass": (("target",), ("floor", "cap")),
    "given": ((), ("floor", "cap")),
}
TREATMENTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "winsorise": ((), ("most", "skew", "kurtosis", "otherwise")),
    "clip": (("from", "to"), ()),
    "log": ((), ("shift",)),
    "box-cox": ((), ("lambda", "shift")),
}


class Units(Model):
    """Which columns say who a row is of."""

    id: str = Field(description="column of the key; each key once")
    name: str | None = Field(None, description="column of a name to print beside the key")
    group: str | None = Field(None, description="column of the group that a unit is compared in")


class Per(Model):
    """A denominator: the value is taken per head, per hectare, per hundred cases."""

    column: str
    times: Number = Field(Decimal(1), description="1000 for “per thousand”")


class Since(Model):
    """Growth: the value against the same thing in an earlier period."""

    column: str
    as_: Literal["percent", "difference", "ratio"] = Field("percent", alias="as")


class Treatment(Model):
    """What is done to outliers, before points; several are done in the order written."""

    by: Literal["winsorise", "clip", "log", "box-cox"]
    most: int = Field(5, ge=1, description="winsorise: until so many values are moved")
    skew: Number = Field(Decimal(2), ge=0, description="winsorise: while |skew| is not below this …")
    kurtosis: Number = Field(Decimal("3.5"), description="… nor excess kurtosis below this")
    otherwise: Literal["keep", "undo", "log"] = Field(
        default="keep",
        description="winsorise, where the values still do not pass: keep the moves, undo them, or undo them and take"
        " ln(value − least + a hundredth of the range)",
    )
    from_: Number | None = Field(None, alias="from", ge=0, le=100, description="clip: lower percentile")
    to: Number | None = Field(None, ge=0, le=100, description="clip: upper percentile")
    lambda_: Number | None = Field(
        None, alias="lambda", ge=-5, le=5, description="box-cox; absent: the likeliest"
    )
    shift: Number = Field(Decimal(0), description="log, box-cox: added to each value first")


class Points(Model):
    """From a value to points."""

    by: By
    low: Number | None = Field(None, description="goalposts: the least value")
    high: Number | None = Field(None, description="goalposts: the greatest value")
    log: bool = Field(False, description="goalposts: on the logarithms of value and goalposts")
    clip: bool = Field(True, description="goalposts, min-max: values beyond an end get the end's points")
    floor: Number | None = Field(
        None, description="least points; where there is a scale, its lower end (0 unless stated)"
    )
    cap: Number | None = Field(
        None, description="most points; where there is a scale, its upper end (100 unless stated)"
    )
    centre: Number = Field(Decimal(0), description="z-score: points at the mean")
    spread: Number = Field(Decimal(1), gt=0, description="z-score: points for one standard deviation")
    equal: Number | None = Field(
        None, description="points of all where all values are alike; absent: that is a fault"
    )
    ties: Literal["better", "average", "worse"] = Field(
        "better", description="rank: the place of equal values"
    )
    over: Literal["value", "range"] = Field(
        "value",
        description="best, reference, target: the distance as a share of the value aimed at, or of the way to"
        " it from the worst value",
    )
    unit: str | None = Field(None, description="reference: key of the unit")
    target: Number | str | None = Field(
        None, description="target, pass: one number for all, or the column of each unit's own"
    )
    bands: dict[str, Number] | None = Field(None, description='{"<0.5": 100, "<1": 90, else: 60}')
    bad: Number | None = Field(None, description="efficacy: the value not allowed (不允许值)")
    good: Number | None = Field(None, description="efficacy: the satisfactory value (满意值)")
    base: Number = Field(Decimal(60), description="efficacy: points at the value not allowed")
    span: Number = Field(Decimal(40), gt=0, description="efficacy: points more at the satisfactory value")


class MeasureSpec(Model):
    """One measure: its column, what is done to it, and its way to points."""

    column: str | None = Field(None, description="column of the value; absent: named as the measure")
    better: Better = Field(default="more", description="which values are the better ones")
    per: Per | None = Field(default=None, description="a denominator")
    since: Since | None = Field(default=None, description="growth against an earlier period")
    missing: Missing | None = Field(None, description="absent: as the whole spec says")
    treat: tuple[Treatment, ...] = Field(default=(), description="outliers, in the order written")
    points: Points
    reach: Number | None = Field(
        None, description="for climbs: the best value that is thought possible; absent: the best there is"
    )
    cost: Number | None = Field(
        None,
        gt=0,
        description="for climbs: the cost of one unit of the value; absent: one standard deviation costs 1",
    )


class Node(Model):
    """A knot of the tree: what it is made of, with weights on any scale, and how."""

    by: Mean = Field(default="arithmetic", description="how the children make the node")
    power: Number | None = Field(None, description="power: the exponent, not 0")
    weigh: dict[str, Number] = Field(min_length=1, description="weight by measure or node")


class Bonus(Model):
    """Points added or taken after aggregation (加减分), from a column; a missing value is 0."""

    column: str
    least: Number | None = Field(None, description="not less than this, whatever the column says")
    most: Number | None = Field(None, description="not more than this")


class Bounds(Model):
    """Ends that a number is kept between."""

    least: Number | None = None
    most: Number | None = None


class Ranks(Model):
    """How scores become ranks."""

    ties: Ties = Field(default="better", description="the place that equal scores share")
    of: Literal["rounded", "exact"] = Field(
        default="rounded",
        description="ranks of the rounded scores, so what prints alike ties; or of the exact ones",
    )


class CellNoise(Model):
    """How far a reading may be off. One of `se`, `counts`, `error`."""

    se: str | None = Field(
        None, description="column of standard errors, in the unit of the value’s column; drawn normal"
    )
    counts: Literal["binomial", "poisson"] | None = Field(
        None, description="the column counts cases out of, or per, the denominator"
    )
    error: Number | None = Field(None, gt=0, description="declared error, even within ± this")
    as_: Literal["value", "percent"] = Field(
        "value", alias="as", description="error: in the column's unit, or in per cent of the reading"
    )


class Choice(Model):
    """A part of this spec that could have been otherwise, each way as likely."""

    at: tuple[str, ...] = Field(min_length=1, description="where it stands: [nodes, hdi, by]")
    of: tuple[object, ...] = Field(min_length=2, description="what might stand there")


class Noise(Model):
    """What is not certain: readings, weights, methods. All of it is drawn together."""

    cells: dict[str, CellNoise] = Field({}, description="by measure")
    spread: Number = Field(
        Decimal(0), ge=0, lt=1, description="each weight times a number even within 1 ± this"
    )
    weights: dict[str, dict[str, tuple[Number, Number]]] = Field(
        {}, description="[least, greatest], by node and child; instead of `spread`"
    )
    choices: dict[str, Choice] = Field(
        default={}, description="by a name of your own; together at most 64 ways"
    )
    level: Number = Field(Decimal("0.9"), gt=0, lt=1, description="of the rank intervals")
    top: int = Field(default=10, ge=1, description="for the probability of being among the top so many")
    bottom: int = Field(default=10, ge=1, description="and among the bottom so many")


class Spec(Model):
    """An index."""

    score: Literal[1] = Field(description="the format of this file")
    title: str = Field(default="", description="goes into the report")
    units: Units
    absent: tuple[str, ...] = Field((), description="marks of a missing value besides an empty cell: [NA]")
    within: Literal["all", "group"] = Field("all", description="who is compared with whom, and ranked")
    missing: Missing = Field(
        default="exclude", description="what happens to a missing value, where its measure does not say"
    )
    coverage: Number = Field(
        Decimal(0), ge=0, le=1, description="least share of the measures that a unit has itself, to be scored"
    )
    measures: dict[str, MeasureSpec] = Field(min_length=1)
    nodes: dict[str, Node] = Field(min_length=1)
    bonus: dict[str, Bonus] = Field(
        default={}, description="added to the top node, or taken, by a name of your own"
    )
    bonus_total: Bounds = Field(default=Bounds(), description="ends of all bonuses together")
    decimals: int = Field(default=2, ge=0, le=12, description="of the published score")
    rounding: Literal["half-up", "half-even"] = Field(
        default="half-up", description="a half away from zero, or to the even digit"
    )
    ranks: Ranks = Ranks()
    frame: dict[str, dict[str, dict[str, Number]]] = Field(
        {}, description="numbers kept from a base period: by measure, by group (or “all”), by name"
    )
    noise: Noise | None = None

    @property
    def top(self) -> str:
        """The node that no other node has: the whole."""
        below = {child for node in self.nodes.values() for child in node.weigh}
        return next(name for name in self.nodes if name not in below)

    def policy(self, measure: str) -> Missing:
        """What happens to a missing value of a measure."""
        return self.measures[measure].missing or self.missing

    def column(self, measure: str) -> str:
        """The column of a measure."""
        return self.measures[measure].column or measure

    def bottom_up(self) -> tuple[str, ...]:
        """The nodes, each after those it is made of. The tree has no cycle."""
        found: list[str] = []

        def add(name: str) -> None:
            for child in self.nodes[name].weigh:
                if child in self.nodes:
                    add(child)
            found.append(name)

        add(self.top)
        return tuple(found)

    def numbers(self) -> dict[str, tuple[object, ...]]:
        """The columns of numbers that the spec reads, each with where it is first named."""
        found: dict[str, tuple[object, ...]] = {}
        for key, one in self.measures.items():
            at: tuple[object, ...] = ("measures", key)
            found.setdefault(self.column(key), (*at, "column") if one.column else at)
            if one.per:
                found.setdefault(one.per.column, (*at, "per", "column"))
            if one.since:
                found.setdefault(one.since.column, (*at, "since", "column"))
            if isinstance(one.points.target, str):
                found.setdefault(one.points.target, (*at, "points", "target"))
        for key, bonus in self.bonus.items():
            found.setdefault(bonus.column, ("bonus", key, "column"))
        for key, cell in (self.noise.cells if self.noise else {}).items():
            if cell.se:
                found.setdefault(cell.se, ("noise", "cells", key, "se"))
        return found
