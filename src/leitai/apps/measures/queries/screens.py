"""What the screens of figures are given, and what they found: leads for the office, which nobody else is shown.

They are computed when they are looked at, over the year before: nothing is kept of a suspicion.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, partial
from typing import Any

import numpy as np

from leitai.rules.kernel import Period
from leitai.rules.regime.model import MeasureSpec, Regime
from leitai.rules.scoring.readings import Sign, fine, heaped, last_days, twins, zeros

from ..models import Reading
from .asks import asked_units
from .cells import Sources, cells

LOOKBACK = 12  # periods
DAY = 86_400
LONG = 3 * DAY  # deadlines shorter than this have no last day apart from the rest


@dataclass(frozen=True)
class Found:
    """A sign with the unit it is about (None: all together) and the measure or kind of record it was seen in."""

    sign: Sign
    unit: Any
    measure: str


def screened(place: Any, regime: Regime, period: Period) -> list[Found]:
    """The signs of all screens over the twelve periods up to this one, the most unlikely first."""
    periods = [period]
    while len(periods) < LOOKBACK:
        periods.insert(0, periods[0].previous())
    sources = Sources(place)
    asked = asked_units(place, regime, period.kind)
    units = {unit.key: unit for own in asked.values() for unit in own}
    found: list[tuple[str, Sign]] = []
    ratios: dict[str, list[float]] = defaultdict(list)
    for key, own in asked.items():
        spec = regime.measures[key]
        rows = sources.readings(key, [one.key for one in periods])
        table = _table(rows, own, periods)
        found += [(key, one) for one in zeros([unit.key for unit in own], table)]
        _near(sources, key, spec, rows, own, ratios)
    names = sorted(ratios)
    found += [("", one) for one in heaped(names, [np.array(ratios[name]) for name in names])]
    found += [("", one) for one in _last_days(sources, period, list(units.values()))]
    for key, spec in regime.measures.items():
        twin = regime.measures.get(spec.audited_by or "")
        if twin is not None and spec.every == period.kind and twin.every == period.kind and key in asked:
            found += [(key, one) for one in _twins(sources, regime, key, periods, asked[key])]
    found.sort(key=lambda one: (one[1].p / one[1].line, one[1].unit))
    return [Found(sign, units.get(sign.unit), key) for key, sign in found]


def _table(rows: Sequence[Reading], units: Sequence[Any], periods: Sequence[Period]) -> Any:
    """Values by unit and period, NaN where nothing was reported; parts of a period add up."""
    at = {one.key: n for n, one in enumerate(periods)}
    line = {unit.pk: n for n, unit in enumerate(units)}
    found = np.full((len(units), len(periods)), np.nan)
    for row in rows:
        if row.unit_id in line and row.value is not None:
            place = line[row.unit_id], at[row.period]
            found[place] = np.nan_to_num(found[place]) + float(row.value)
    return found


def _near(
    sources: Sources,
    key: str,
    spec: MeasureSpec,
    rows: Sequence[Reading],
    units: Sequence[Any],
    ratios: dict[str, list[float]],
) -> None:
    """Adds each reading's share of its threshold, turned so that more is better."""
    signed = sources.targets(key) if spec.points.by == "target" else {}
    names = {unit.pk: unit.key for unit in units}
    values = [row.value for row in rows if row.value is not None]
    reachable = cache(partial(fine, values))  # of thousands of figures, few thresholds differ
    for row in rows:
        if row.value is None or row.unit_id not in names:
            continue
        for threshold in _thresholds(spec, row, signed):
            if reachable(threshold):
                share = float(row.value / threshold)
                ratios[names[row.unit_id]].append(share if spec.better == "more" else 2 - share)


def _thresholds(spec: MeasureSpec, row: Reading, signed: Mapping[tuple[int, str], Decimal]) -> list[Decimal]:
    if spec.points.by == "bands":
        return [Decimal(band.lstrip("<>= ").rstrip("% ")) for band in spec.points.bands if band != "else"]
    if spec.points.by not in ("target", "pass"):
        return []
    target = signed.get((row.unit_id, row.period), row.target) or spec.points.target
    return [] if target is None or target <= 0 else [target]


def _last_days(sources: Sources, period: Period, units: Sequence[Any]) -> tuple[Sign, ...]:
    """Cases reported as done in the period and in time: how many of them on the last day before they were due."""
    known = sources.cases(None)
    start, end = (int(one.timestamp()) for one in period.bounds(sources.place.zone))
    done = np.where(known.answered >= 0, known.answered, known.closed)
    kept = (done >= start) & (done < end) & (known.due >= 0) & (done <= known.due)
    kept &= known.due - known.opened >= LONG
    holders = sources.holders(units)
    last, whole = np.zeros(len(units), np.int64), np.zeros(len(units), np.int64)
    for unit, at, limit in zip(known.unit[kept], done[kept], known.due[kept], strict=True):
        index = holders.get(int(unit))
        if index is not None:
            whole[index] += 1
            last[index] += limit - at < DAY
    return last_days([unit.key for unit in units], last, whole)


def _twins(
    sources: Sources, regime: Regime, key: str, periods: Sequence[Period], units: Sequence[Any]
) -> tuple[Sign, ...]:
    spec = regime.measures[key]
    both = []
    for measure in (key, spec.audited_by or ""):
        found = np.full((len(units), len(periods)), np.nan)
        for at, period in enumerate(periods):
            column = cells(sources, regime, measure, period, units)
            for n, unit in enumerate(units):
                value = column[unit.key].value
                if value is not None:
                    found[n, at] = float(value)
        both.append(found)
    return twins([unit.key for unit in units], both[0], both[1], spec.better)
