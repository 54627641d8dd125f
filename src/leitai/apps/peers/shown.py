"""A frozen result as its page shows it: names, figures, bands, and what a reader must be told."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leitai.apps.people import queries as people
from leitai.rules.kernel import Text
from leitai.rules.scoring.judges_result import FEW_JUDGES

from .models import Result

NOTES = {
    "few-judges": gettext_lazy(
        "Some sites were scored by fewer than %(few)s scorers: their intervals are wide for that reason alone."
    ),
    "order-untold": gettext_lazy(
        "All went the same way round, so what the order of visiting does cannot be told from the sites; it was not "
        "taken out."
    ),
    "unscored": gettext_lazy("Sites without a whole mark have no rank."),
}
LEADS = {
    "flat": gettext_lazy("gave every site the same points"),
    "erratic": gettext_lazy("does not fit with the others over the whole sheet"),
    "mark": gettext_lazy("one mark that the others do not explain"),
}


def shown(place: Any, row: Result) -> dict[str, Any]:
    """Lines best first, the scale of their intervals, criteria, judges with leads, and what was taken out."""
    inputs, outcome = json.loads(row.inputs), json.loads(row.outcome)
    units = {unit.key: unit for unit in people.units(place)}
    named = {one["turn"]: one for one in inputs["sites"]}
    lines = [_line(one, named[one["turn"]], units) for one in outcome["sites"]]
    lines.sort(key=lambda one: (one["value"] is None, one["rank"] or 0, one["turn"]))
    ends = [end for one in lines if one["value"] is not None for end in (one["low"], one["high"])]
    _banded(lines)
    told, pairs = outcome["told"], outcome["pairs"]
    judges = {one["number"]: one for one in inputs["judges"]}
    return {
        "lines": lines,
        "scale": (min(ends), max(ends)) if ends else (Decimal(0), Decimal(1)),
        "criteria": [
            {"key": one["key"], "name": Text(**one["name"]), "most": Decimal(one["most"]).normalize()}
            for one in inputs["criteria"]
        ],
        "most": sum((Decimal(one["most"]) for one in inputs["criteria"]), Decimal(0)).normalize(),
        "level": Decimal(inputs["level"]),
        "ranked": sum(one["value"] is not None for one in lines),
        "told": told,
        "pairs": pairs,
        "handed": sum(one["handed_in"] for one in inputs["judges"]),
        "asked": len(inputs["judges"]),
        "order": {key: round(value, 2) for key, value in (_decimals(outcome["order"]) or {}).items()},
        "judge_spread": Decimal(outcome["judge_spread"]),
        "spread": Decimal(outcome["spread"]),
        "notes": [NOTES[code] % {"few": FEW_JUDGES} for code in outcome["notes"]],
        "judges": [_judge(one, judges[one["number"]], units, named) for one in outcome["judges"]],
    }


def _line(one: dict[str, Any], site: dict[str, Any], units: dict[str, Any]) -> dict[str, Any]:
    ranked = "value" in one
    return {
        "turn": one["turn"],
        "name": site["name"],
        "unit": units.get(site["unit"]),
        "unit_key": site["unit"],
        "marks": one["marks"],
        "raw": Decimal(one["raw"]) if one["raw"] is not None else None,
        **{key: Decimal(one[key]) if ranked else None for key in ("value", "low", "high")},
        **{key: one.get(key) for key in ("rank", "rank_low", "rank_high", "band")},
        "criteria": [_decimals(found) for found in one["criteria"].values()],
    }


def _decimals(found: dict[str, str] | None) -> dict[str, Decimal] | None:
    return {key: Decimal(value) for key, value in found.items()} if found is not None else None


def _banded(lines: list[dict[str, Any]]) -> None:
    """Where a band begins, and of how many sites it is."""
    sizes: dict[int, int] = {}
    for one in lines:
        if one["band"] is not None:
            sizes[one["band"]] = sizes.get(one["band"], 0) + 1
    seen: set[int] = set()
    for one in lines:
        one["begins"] = one["band"] is not None and one["band"] not in seen
        one["of_band"] = sizes.get(one["band"], 0)
        seen.add(one["band"])


def _judge(
    one: dict[str, Any], judge: dict[str, Any], units: dict[str, Any], named: dict[int, Any]
) -> dict[str, Any]:
    leads = [
        LEADS[lead["kind"]] + (_(": ") + named[lead["turn"]]["name"] if lead["turn"] is not None else "")
        for lead in one["leads"]
    ]
    return {
        "number": one["number"],
        "unit": units.get(judge["unit"]),
        "marks": one["marks"],
        "severity": Decimal(one["severity"]),
        "se": Decimal(one["se"]),
        "leads": leads,
    }
