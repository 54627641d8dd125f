"""The files of a table: what `leitai score` writes, as texts by name. The same result gives the same bytes."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from math import isnan
from typing import Any

from leitai.rules.kernel import Finding

from ..exact import round_to
from .climbs import climbs
from .draws import Sureness, Uncertain
from .gaps import Gap, gap, neighbours
from .numbers import written
from .sobol import Indices
from .table import Result, imputed, shares

Files = dict[str, str]


class _Text:
    """What `csv` writes to."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def write(self, text: str) -> None:
        self.parts.append(text)


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """CSV text; None is an empty cell, decimals are to twelve significant digits."""
    text = _Text()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_cell(one) for one in row] for row in rows)
    return "".join(text.parts)


def _cell(value: object) -> str:
    if value is None:
        return ""
    return written(value) if isinstance(value, Decimal) else str(value)


def files(result: Result) -> Files:
    """scores.csv, stages/, gaps.csv, climbs.csv and frame.yaml."""
    return {
        "scores.csv": _scores(result),
        **_stages(result),
        "gaps.csv": _gaps(result),
        "climbs.csv": _climbs(result),
        "frame.yaml": _frame(result),
    }


def _scores(result: Result) -> str:
    spec, plan = result.plan.spec, result.plan
    at = {plan.data.ids[index]: place for place, index in enumerate(plan.kept)}
    names = [spec.units.name is not None, spec.units.group is not None]
    header = ["id", *(word for word, has in zip(("name", "group"), names, strict=True) if has)]
    header += ["score", "rank", *reversed(spec.bottom_up()), *(["bonus"] if spec.bonus else []), "note"]
    rows = []
    for row in result.rows():
        place = at.get(row.unit)
        cells: list[object] = [row.unit]
        cells += [value for value, has in zip((row.name, row.group), names, strict=True) if has]
        cells += [None if row.score is None else f"{row.score:f}", row.rank]
        for name in reversed(spec.bottom_up()):
            there = place is not None and result.flow.there[name][place]
            cells.append(result.flow.points[name][place] if there else None)
        if spec.bonus:
            cells.append(None if place is None else result.flow.bonus[place])
        rows.append([*cells, row.note])
    return table(header, rows)


def _stages(result: Result) -> Files:
    plan, spec, flow = result.plan, result.plan.spec, result.flow
    keys = list(spec.measures)
    ids = [plan.data.ids[index] for index in plan.kept]
    columns = list(plan.data.columns)
    found = {
        "raw": table(
            ["id", *columns],
            ([unit, *(plan.data.columns[one][n] for one in columns)] for n, unit in enumerate(plan.data.ids)),
        ),
        "missing": table(["id", *keys], zip(ids, *(imputed(plan, key) for key in keys), strict=True)),
    }
    stages = {"values": flow.values, "treated": flow.treated, "points": flow.points}
    for name, stage in stages.items():
        there = {key: plan.filled[key].there if name != "points" else flow.there[key] for key in keys}
        found[name] = table(
            ["id", *keys],
            (
                [unit, *(stage[key][n] if there[key][n] else None for key in keys)]
                for n, unit in enumerate(ids)
            ),
        )
    nodes = spec.bottom_up()
    found["nodes"] = table(
        ["id", *nodes, *spec.bonus, "total"],
        (
            [
                unit,
                *(flow.points[name][n] if flow.there[name][n] else None for name in nodes),
                *(one[n] for one in plan.bonus.values()),
                flow.total[n] if flow.there[spec.top][n] else None,
            ]
            for n, unit in enumerate(ids)
        ),
    )
    of_whole = shares(plan)
    found["weights"] = table(
        ["node", "child", "weight", "share_in_node", "share_of_whole"],
        (
            [
                name,
                child,
                weight,
                of_whole[child] / of_whole[name] if of_whole[name] else None,
                of_whole[child],
            ]
            for name in reversed(nodes)
            for child, weight in spec.nodes[name].weigh.items()
        ),
    )
    return {f"stages/{number}-{name}.csv": text for number, (name, text) in enumerate(found.items(), 1)}


def _gaps(result: Result) -> str:
    known: dict[tuple[int, int], Gap] = {}
    rows = []
    for place, above, below in neighbours(result):
        for side, other in (("above", above), ("below", below)):
            if other is None:
                continue
            pair = (other, place) if side == "above" else (place, other)
            if pair not in known:
                known[pair] = gap(result, *pair)
            ours, theirs, found = result.row(place), result.row(other), known[pair]
            parts = sorted(found.parts.items(), key=lambda part: (-abs(part[1]), part[0]))
            for (name, what), amount in parts:
                if amount:
                    rows.append(
                        [
                            ours.unit,
                            ours.rank,
                            side,
                            theirs.unit,
                            theirs.rank,
                            found.gap,
                            name,
                            what,
                            f"{amount:f}",
                        ]
                    )
    return table(["id", "rank", "side", "other", "other_rank", "gap", "part", "kind", "amount"], rows)


def _climbs(result: Result) -> str:
    rows, last, order = [], -1, 0
    for one in climbs(result):
        order = 1 if one.unit != last else order + 1
        last = one.unit
        ours, theirs = result.row(one.unit), result.row(one.above)
        change = one.needed - one.now
        rows.append(
            [
                *(ours.unit, ours.rank, theirs.unit, theirs.rank, order),
                *(one.measure, one.now, one.needed, change, f"{one.cost:.4f}"),
            ]
        )
    header = ["id", "rank", "above", "above_rank", "order", "measure", "now", "needed", "change", "cost"]
    return table(header, rows)


def _frame(result: Result) -> str:
    """The frame as a spec can keep it: measures, groups and names quoted as JSON, which is YAML."""
    lines = [
        "# What the methods compared with. Put it in a later period's spec to compare with this one.",
        "frame:",
    ]
    found = result.frame()
    for key, groups in found.items():
        lines.append(f"  {_quoted(key)}:")
        for group, numbers in groups.items():
            inner = ", ".join(f"{name}: {written(number)}" for name, number in numbers.items())
            lines.append(f"    {_quoted(group)}: {{{inner}}}")
    if not found:
        lines[-1] = "frame: {}"
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def sure_files(uncertain: Uncertain, sure: Sureness, indices: Indices | None) -> Files:
    """uncertainty.csv, and sobol.csv where there are indices."""
    result, noise, spec = uncertain.result, uncertain.noise, uncertain.plan.spec
    at = {place: n for n, place in enumerate(uncertain.units.tolist())}
    header = ["id", "score", "rank", "score_low", "score_high", "rank_low", "rank_median", "rank_high"]
    header += [f"p_top_{noise.top}", f"p_bottom_{noise.bottom}"]
    rows = []
    for place, _, _ in neighbours(result):
        n, row = at[place], result.row(place)
        ends = [
            f"{round_to(Decimal(float(one[n])), spec.decimals):f}"
            for one in (sure.score_low, sure.score_high)
        ]
        ranks = [f"{float(one[n]):g}" for one in (sure.low, sure.median, sure.high)]
        chances = [f"{float(one[n]):.4f}" for one in (sure.top, sure.bottom)]
        rows.append(
            [row.unit, None if row.score is None else f"{row.score:f}", row.rank, *ends, *ranks, *chances]
        )
    found = {"uncertainty.csv": table(header, rows)}
    if indices is not None:
        found["sobol.csv"] = _sobol(uncertain, indices)
    return found


def _sobol(uncertain: Uncertain, indices: Indices) -> str:
    """The mean shift first, then each unit's score and rank."""
    units = [uncertain.result.row(place).unit for place in uncertain.units.tolist()]
    outputs = [("score", unit) for unit in units] + [("rank", unit) for unit in units] + [("mean-shift", "")]
    rows = [
        [of, unit, factor, _index(indices.first[k, n]), _index(indices.total[k, n])]
        for n, (of, unit) in sorted(enumerate(outputs), key=lambda one: one[1][0] != "mean-shift")
        for k, factor in enumerate(indices.factors)
    ]
    return table(["of", "id", "factor", "first", "total"], rows)


def _index(value: Any) -> str | None:
    """An index to four decimals; None where the output does not vary."""
    return None if isnan(float(value)) else f"{float(value) + 0.0:.4f}"


def report(
    result: Result, *, version: str, digests: Mapping[str, str], drawn: Mapping[str, object] | None = None
) -> str:
    """report.json: what was computed from what by which code, and what is to be said of single units."""
    plan = result.plan
    by_unit: dict[str, list[dict[str, object]]] = {}
    for note in result.notes:
        by_unit.setdefault(str(note.values["unit"]), []).append(_note(note))
    found: dict[str, object] = {
        "title": plan.spec.title,
        "code": version,
        **digests,
        "units": len(plan.data.ids),
        "ranked": sum(len(inside) for _, inside in result.ranked),
        "groups": {group: len(inside) for group, inside in result.ranked},
        "treated": _treated(result),
        "notes": dict(sorted(by_unit.items())),
    }
    if drawn is not None:
        found["drawn"] = dict(drawn)
    return json.dumps(found, ensure_ascii=False, indent=1, default=str) + "\n"


def _note(note: Finding) -> dict[str, object]:
    return {"code": note.code, "text": note.text, "line": note.where.line, "column": note.where.column}


def _treated(result: Result) -> dict[str, list[str]]:
    """Units whose value a treatment by limits moved, by measure."""
    plan, found = result.plan, {}
    for key, measure in plan.spec.measures.items():
        limits = plan.limits[key][0] if measure.treat else {}
        if "least" in limits:
            found[key] = [
                plan.data.ids[index]
                for place, index in enumerate(plan.kept)
                if plan.filled[key].there[place]
                and not limits["least"] <= result.flow.values[key][place] <= limits["most"]
            ]
    return {key: units for key, units in found.items() if units}
