"""The result of a scoring from frozen inputs, and the tables of its method's page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leitai.rules.ledger import canonical
from leitai.rules.scoring.judges import routes
from leitai.rules.scoring.judges_made import Setting, bias
from leitai.rules.scoring.judges_result import FORMAT, result

from .test_rank_pages import tables

MARKS = {
    1: [88, 84, 86, 79, None],
    2: [79, None, 75, 72, 66],
    3: [90, 87, 85, None, 76],
    4: [None, 80, 77, 75, 71],
    5: [84, 83, 81, 80, 70],
    6: [75, 77, 71, 69, 64],
}
PAGE = "judges.md"


def frozen(sheets: dict[int, list[Any]] = MARKS, **more: Any) -> dict[str, Any]:
    roads = routes(len(sheets), 5, 2)
    judges = [
        {"number": n, "start": roads[n - 1][0], "backwards": roads[n - 1][1], "handed_in": True}
        for n in sheets
    ]
    found: dict[str, Any] = {
        "format": FORMAT,
        "seed": 1,
        "level": "0.95",
        "criteria": [{"key": "all", "most": "100"}],
        "sites": [{"turn": turn} for turn in range(1, 6)],
        "judges": judges,
        "barred": [],
        "marks": [
            [n, turn, "all", str(points)]
            for n, row in sheets.items()
            for turn, points in enumerate(row, 1)
            if points is not None
        ],
    }
    return found | more


def outcome(inputs: dict[str, Any]) -> dict[str, Any]:
    return result(inputs, chance=np.random.default_rng(inputs["seed"]))


def test_the_worked_table() -> None:
    rows = tables(PAGE)[0]
    marks = {n: [None if row[n] == "–" else int(row[n]) for row in rows] for n in range(1, 7)}
    assert marks == MARKS
    for row, one in zip(rows, outcome(frozen(marks))["sites"], strict=True):
        points = [f"{float(one[key]):.2f}" for key in ("raw", "value", "se")]
        assert [*points, f"{one['rank_low']}–{one['rank_high']}", str(one["band"])] == list(row[7:])


def test_the_simulation_before_and_after() -> None:
    for row in tables(PAGE, "## In a simulation")[0]:
        sites, judges, groups = (int(part) for part in row[0].replace(",", "×").split("×"))
        missed = 0.1 if judges == 5 else 0.25
        found = bias(np.random.default_rng(1), Setting(sites, judges, groups, missed=missed), 60)
        numbers = [f"{one + 0.0:.2f}" for one in (*found.order, *found.severity, *found.error)]
        shares = [f"{100 * one:.0f} %" for one in (found.held, found.told)]
        assert [one.replace("-0.00", "0.00") for one in numbers] + shares == list(row[1:]), row[0]
    text = (Path(__file__).resolve().parents[3] / "docs/methods" / PAGE).read_text(encoding="utf-8")
    assert "60 scorings each, seed 1" in text


def test_the_same_inputs_give_the_same_bytes_in_any_order() -> None:
    inputs = frozen()
    first = canonical(outcome(inputs))
    assert canonical(outcome(inputs)) == first
    assert canonical(outcome({**inputs, "marks": inputs["marks"][::-1]})) == first


def test_sheets_not_handed_in_and_barred_pairs_do_not_count() -> None:
    inputs = frozen()
    without = {n: row for n, row in MARKS.items() if n != 6}
    inputs["judges"][5]["handed_in"] = False
    inputs["barred"] = [[5, 1, "own"]]
    expected = frozen(without | {5: [None, *MARKS[5][1:]]}, judges=inputs["judges"])
    assert outcome(inputs) == outcome(expected)


def test_a_site_counts_where_a_judge_gave_all_criteria() -> None:
    criteria = [{"key": key, "most": "50"} for key in ("a", "b")]
    halves = [[n, t, key, str(int(p) / 2)] for n, t, _all, p in frozen()["marks"] for key in ("a", "b")]
    whole = outcome(frozen(criteria=criteria, marks=halves))
    total = outcome(frozen())
    assert [one["value"] for one in whole["sites"]] == [one["value"] for one in total["sites"]]
    lacking = outcome(frozen(criteria=criteria, marks=[one for one in halves if one[:3] != [6, 1, "b"]]))
    assert [one["marks"] for one in lacking["sites"]] == [4, 5, 6, 5, 5]
    alone = outcome(frozen(criteria=criteria, marks=[one for one in halves if one[1:3] != [3, "a"]]))
    assert "value" not in alone["sites"][2] and "unscored" in alone["notes"]
    assert alone["sites"][2]["criteria"]["b"] is not None


def test_too_few_and_other_formats_are_told() -> None:
    few = outcome(frozen({1: [88, 84, None, None, None]}))
    assert few["notes"] == ["too-few"] and few["told"] == 0
    with pytest.raises(ValueError, match="not the format"):
        outcome(frozen(format="leitai.peer-scoring/0"))


@given(st.lists(st.lists(st.none() | st.integers(0, 100), min_size=5, max_size=5), min_size=1, max_size=7))
def test_any_marks_have_an_outcome_that_can_be_kept(rows: list[list[int | None]]) -> None:
    found = outcome(frozen(dict(enumerate(rows, 1))))
    assert canonical(found)
    for one in found["sites"]:
        if "value" in one:
            assert 1 <= one["rank_low"] <= one["rank"] <= one["rank_high"] <= 5
            assert float(one["low"]) <= float(one["value"]) <= float(one["high"])
