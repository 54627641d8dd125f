"""The result of scoring on the spot by peers, from frozen inputs: the same inputs give the same words and digits.

Inputs and outcome are plain enough to be kept as canonical JSON, numbers as text. Points are rounded to four decimals
before ranks are asked, so that the last bits of a machine's arithmetic decide nothing; the draws that rank sets need
are handed in, begun from a `seed` in the inputs.

    outcome = result(inputs, chance=numpy.random.default_rng(inputs["seed"]))
    outcome["sites"][0]["rank_low"], outcome["sites"][0]["rank_high"]

`inputs`: format, seed, level, criteria (key, most, name), sites (turn, name, unit), judges (number, unit, start,
backwards, handed_in), barred [judge, turn, why], marks [judge, turn, criterion, points]. Marks of sheets that were not
handed in do not count, and none of a barred pair. A site's points are the sum of its criteria; for them a judge counts
who gave all of them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from .judges import Fit, Mark, fit, place_in_route, student
from .ranks import ranks
from .ranksets import bands_by, simultaneous_sets
from .special import Chance

FORMAT = "leitai.peer-scoring/1"
FEW_JUDGES = 8  # below so many to a site its interval is wide, whatever the sites
_DRAWS = 5000


def result(inputs: Mapping[str, Any], *, chance: Chance) -> dict[str, Any]:
    """The outcome as canonical JSON can hold it. Raises ValueError for inputs of another format."""
    if inputs["format"] != FORMAT:
        raise ValueError(f"not the format of scoring by peers: {inputs['format']}")
    by_criterion = _marks(inputs)
    whole = _whole(by_criterion)
    total = fit(whole)
    fits = {key: fit(marks) for key, marks in by_criterion.items()}
    raw = _by_site(whole)
    lines = {
        site["turn"]: {
            "turn": site["turn"],
            "marks": len(raw.get(site["turn"], ())),
            "raw": _mean(raw.get(site["turn"], ())),
            "criteria": {key: _one(found, site["turn"]) for key, found in fits.items()},
        }
        for site in inputs["sites"]
    }
    told = (
        _ranked(float(inputs["level"]), total, lines, chance)
        if total is not None
        else {"pairs": 0, "told": 0}
    )
    return {
        "sites": [lines[site["turn"]] for site in inputs["sites"]],
        "judges": _judges(total),
        "order": _order(total),
        "orders": {key: _order(found) for key, found in fits.items()},
        "spread": _text(total.spread) if total is not None else None,
        "judge_spread": _text(total.judge_spread) if total is not None else None,
        "freedom": total.freedom if total is not None else 0,
        **told,
        "notes": _notes(total, lines),
    }


def _marks(inputs: Mapping[str, Any]) -> dict[str, list[Mark]]:
    """The marks that count, by criterion; in the order of the criteria."""
    count = len(inputs["sites"])
    judges = {one["number"]: one for one in inputs["judges"] if one["handed_in"]}
    barred = {(judge, turn) for judge, turn, _why in inputs["barred"]}
    found: dict[str, list[Mark]] = {one["key"]: [] for one in inputs["criteria"]}
    for judge, turn, criterion, points in inputs["marks"]:
        if judge in judges and (judge, turn) not in barred and criterion in found:
            road = judges[judge]
            place = place_in_route(turn, count, road["start"], road["backwards"])
            found[criterion].append(Mark(judge, turn, place, float(points)))
    return found


def _whole(by_criterion: Mapping[str, list[Mark]]) -> list[Mark]:
    """The sums over criteria, where a judge gave a site all of them."""
    sums: dict[tuple[int, int], list[Mark]] = {}
    for marks in by_criterion.values():
        for one in marks:
            sums.setdefault((one.judge, one.site), []).append(one)
    return [
        Mark(judge, site, marks[0].place, math.fsum(one.points for one in marks))
        for (judge, site), marks in sums.items()
        if len(marks) == len(by_criterion)
    ]


def _by_site(marks: list[Mark]) -> dict[int, list[float]]:
    found: dict[int, list[float]] = {}
    for one in marks:
        found.setdefault(one.site, []).append(one.points)
    return found


def _mean(points: Any) -> str | None:
    return _text(math.fsum(points) / len(points)) if points else None


def _one(found: Fit | None, turn: int) -> dict[str, str] | None:
    """A site by one criterion."""
    if found is None or turn not in found.sites:
        return None
    at = found.sites.index(turn)
    return {"value": _text(found.values[at]), "se": _text(found.ses[at]), "raw": _text(found.raw[at])}


def _ranked(level: float, total: Fit, lines: dict[int, dict[str, Any]], chance: Chance) -> dict[str, Any]:
    """Ranks, their sets and bands, written into the lines; how many pairs of sites can be told apart."""
    wide = student(total.freedom, level)
    # Rank sets lean on the normal law; with few judges the errors themselves are not well known.
    enlarged = wide / student(1_000_000, level)
    values = [_round(one) for one in total.values]
    errors = [_round(one * enlarged) for one in total.ses]
    sets = simultaneous_sets(
        [float(v) for v in values], [float(e) for e in errors], level, chance=chance, draws=_DRAWS
    )

    def gap(first: int, second: int) -> bool:
        joint = math.hypot(float(errors[first]), float(errors[second]))
        return abs(float(values[first]) - float(values[second])) > sets.z * joint

    best_first = sorted(range(len(values)), key=lambda at: (-values[at], total.sites[at]))
    bands = bands_by(lambda a, b: gap(best_first[a], best_first[b]), len(values))
    place = ranks(values)
    for band, at in zip(bands, best_first, strict=True):
        reach = total.ses[at] * wide
        lines[total.sites[at]] |= {
            "value": str(values[at]),
            "se": _text(total.ses[at]),
            "low": _text(total.values[at] - reach),
            "high": _text(total.values[at] + reach),
            "rank": place[at],
            "rank_low": sets.low[at],
            "rank_high": sets.high[at],
            "band": band,
        }
    pairs = [(a, b) for a in range(len(values)) for b in range(a)]
    return {"pairs": len(pairs), "told": sum(gap(a, b) for a, b in pairs), "z": _text(sets.z)}


def _judges(total: Fit | None) -> list[dict[str, Any]]:
    if total is None:
        return []
    leads: dict[int, list[dict[str, Any]]] = {}
    for one in total.leads:
        far = _text(one.far) if one.far is not None else None
        leads.setdefault(one.judge, []).append({"kind": one.kind, "turn": one.site, "far": far})
    of_all = zip(total.judges, total.marked, total.severity, total.severity_ses, strict=True)
    return [
        {
            "number": judge,
            "marks": count,
            "severity": _text(value),
            "se": _text(se),
            "leads": leads.get(judge, []),
        }
        for judge, count, value, se in of_all
    ]


def _order(found: Fit | None) -> dict[str, str] | None:
    if found is None or found.order is None or found.order_se is None:
        return None
    return {"step": _text(found.order), "se": _text(found.order_se)}


def _notes(total: Fit | None, lines: Mapping[int, Mapping[str, Any]]) -> list[str]:
    """What a reader must be told: too few marks, few judges, order not told from sites, sites without marks."""
    if total is None:
        return ["too-few"]
    found = []
    if min(total.counts) < FEW_JUDGES:
        found.append("few-judges")
    if total.order is None:
        found.append("order-untold")
    if any("value" not in one for one in lines.values()):
        found.append("unscored")
    return found


def _round(value: float) -> Decimal:
    return Decimal(repr(round(value, 4)))


def _text(value: float) -> str:
    return str(_round(value) + 0)
