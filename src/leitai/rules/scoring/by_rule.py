"""From the rule-book's paragraph of an arena to the specification its table is computed by.

A measure that an arena weighs is scored as the measure says; an arena that it weighs comes in with its
score as points, floors and caps as wide as the arenas below can reach.
"""

from __future__ import annotations

from decimal import Decimal

from leitai.rules.regime.bands import parse_bands
from leitai.rules.regime.model import MeasureSpec, Points, Regime

from .points import Band, Bands, Given, Method, MinMax, PassFail, RankPoints, Target
from .spec import Measure, Naming, TableSpec


def table_spec(regime: Regime, arena: str, period: str) -> TableSpec:
    """The specification of an arena's table for a period (its key). Raises KeyError for an unknown arena."""
    spec = regime.arenas[arena]
    measures = tuple(
        _measure(key, regime.measures[key], weight) if key in regime.measures else _arena(regime, key, weight)
        for key, weight in spec.weigh.items()
    )
    certain = any(one is not None and one.certain for one in (spec.worst, spec.best))
    naming = Naming(
        worst=spec.worst.take if spec.worst else 0,
        best=spec.best.take if spec.best else 0,
        worst_certain=spec.worst.certain if spec.worst else True,
        best_certain=spec.best.certain if spec.best else True,
        worst_among=spec.worst.among or 0 if spec.worst else 0,
        best_among=spec.best.among or 0 if spec.best else 0,
        by="counts" if certain and _is_rate(regime, tuple(spec.weigh)) else "sets",
    )
    return TableSpec(
        arena=arena,
        period=period,
        measures=measures,
        decimals=spec.decimals,
        naming=naming,
        rank_sets="step-down",
    )


def _is_rate(regime: Regime, weighed: tuple[str, ...]) -> bool:
    """Whether an arena weighs one rate of counted cases alone, by points that follow it."""
    if len(weighed) != 1 or weighed[0] not in regime.measures:
        return False
    (spec,) = (regime.measures[key] for key in weighed)
    follows = spec.points.by in ("min-max", "rank", "target")
    return spec.from_.endswith(("_rate", ".rate")) and follows and not spec.share_of


def _measure(key: str, spec: MeasureSpec, weight: Decimal) -> Measure:
    return Measure(
        key=key,
        method=method(spec.points),
        weight=weight,
        better=spec.better,
        minimum=spec.minimum.n if spec.minimum else 0,
        missing=spec.missing,
    )


def _arena(regime: Regime, key: str, weight: Decimal) -> Measure:
    low, high = reach(regime, key)
    return Measure(key=key, method=Given(floor=low, cap=high), weight=weight)


def reach(regime: Regime, key: str) -> tuple[Decimal, Decimal]:
    """The lowest and highest points that a measure or an arena can give."""
    if key in regime.measures:
        points = regime.measures[key].points
        if points.by == "bands":
            return min(points.bands.values()), max(points.bands.values())
        return points.floor, points.cap
    below = [reach(regime, one) for one in regime.arenas[key].weigh]
    return min(low for low, _ in below), max(high for _, high in below)


def method(points: Points) -> Method:
    """The way to points that a rule-book's paragraph states. Raises ValueError for bands that cannot be read."""
    if points.by == "bands":
        *bands, last = parse_bands(points.bands)
        return Bands(tuple(Band(one.sign, one.limit or Decimal(0), one.points) for one in bands), last.points)
    if points.by == "pass":
        return PassFail(floor=points.floor, cap=points.cap, threshold=points.target)
    if points.by == "target":
        return Target(floor=points.floor, cap=points.cap)
    if points.by == "min-max":
        return MinMax(floor=points.floor, cap=points.cap)
    if points.by == "rank":
        return RankPoints(floor=points.floor, cap=points.cap)
    return Given(floor=points.floor, cap=points.cap)
