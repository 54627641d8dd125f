"""What changed between two tables: the parts of a move sum to it exactly, and chance is told from change."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leitai.rules.scoring import Cell, Given, Measure, TableSpec, ranks
from leitai.rules.scoring.change import KINDS, Edition, change_account, difference
from leitai.rules.scoring.drift import expected, shrunk

from .tables import edition, editions

PAGE = Path(__file__).resolve().parents[3] / "docs" / "methods" / "change-account.md"
ONE = TableSpec("arena", "2024-02", (Measure("a", Given(), Decimal(100)),))
TWO = TableSpec("arena", "2024-03", (Measure("a", Given(), Decimal(50)), Measure("b", Given(), Decimal(50))))


@settings(max_examples=150, deadline=None)
@given(editions(), editions())
def test_the_parts_of_a_move_sum_to_it_exactly(old: Edition, new: Edition) -> None:
    for row in new.result.rows:
        found = change_account(old, new, row.unit)
        assert all(line.text for line in found.lines)
        if found.gained is None:
            assert row.rank is None or found.old is None or found.old.rank is None
            continue
        assert sum(part.places for part in found.parts) == found.gained == found.old.rank - row.rank
        assert sum(part.shown for part in found.measures) == found.score == row.score - found.old.score
        if all(part.score is not None for part in found.parts):
            assert sum(part.score for part in found.parts) == found.score


@settings(max_examples=60, deadline=None)
@given(editions())
def test_where_nothing_changed_every_part_is_nothing(one: Edition) -> None:
    assert not difference(one, one)
    for row in one.result.rows:
        found = change_account(one, one, row.unit)
        if found.gained is not None:
            assert {part.places for part in found.parts} == {0}
            assert {part.score for part in found.parts} == {Decimal(0)}


def parts(old: Edition, new: Edition, unit: str) -> dict[str, int]:
    return {part.kind: part.places for part in change_account(old, new, unit).parts if part.places}


def test_each_cause_alone_is_the_whole_of_the_move() -> None:
    old = edition(ONE, {"u": {"a": 10}, "v": {"a": 20}, "w": {"a": 30}})
    own = edition(ONE, {"u": {"a": 40}, "v": {"a": 20}, "w": {"a": 30}})
    others = edition(ONE, {"u": {"a": 10}, "v": {"a": 5}, "w": {"a": 7}})
    left = edition(ONE, {"u": {"a": 10}, "v": {"a": 20}})
    gone = edition(ONE, {"u": {"a": 10}, "v": {"a": 20}, "w": {"a": Cell(state="missing")}})
    rules = edition(TWO, {"u": {"a": 10, "b": 90}, "v": {"a": 20, "b": 0}, "w": {"a": 30, "b": 0}})
    assert parts(old, own, "u") == {"own": 2}
    assert parts(old, others, "u") == {"others": 2}
    assert parts(old, left, "u") == {"members": 1}
    assert parts(old, gone, "u") == {"data": 1}
    assert parts(old, rules, "u") == {"rules": 2}
    assert parts(own, old, "u") == {"own": -2}


def test_a_unit_that_was_not_there_before_is_said_to_be_new() -> None:
    old = edition(ONE, {"u": {"a": 10}})
    new = edition(ONE, {"u": {"a": 10}, "v": {"a": 20}})
    found = change_account(old, new, "v")
    assert (found.gained, found.parts, found.old) == (None, (), None)
    assert "was not in the table before" in found.lines[0].text
    with pytest.raises(KeyError):
        change_account(old, new, "x")


def test_what_differs_between_two_editions_is_named() -> None:
    old = edition(ONE, {"u": {"a": 10}, "v": {"a": 20}, "w": {"a": 30}})
    new = edition(ONE, {"u": {"a": 25}, "v": {"a": 20}, "w": {"a": 30}})
    found = difference(old, new)
    assert [(one.unit, one.measure, one.old.value, one.new.value) for one in found.cells] == [
        ("u", "a", 10, 25)
    ]
    assert {one.unit: one.gained for one in found.moved} == {"u": 1, "v": -1}
    assert found.rules == ()
    other = edition(ONE, {"u": {"a": Cell.of(10, source="table 2")}, "v": {"a": 20}, "w": {"a": 30}})
    assert not difference(old, other), "the same figure from another table is no difference"
    assert [one.where for one in difference(old, edition(TWO, {"u": {"a": 1, "b": 1}})).rules] == [
        "measures[a].weight",
        "measures[b]",
        "period",
    ]


def test_without_errors_nothing_is_left_to_chance() -> None:
    old = edition(ONE, {"u": {"a": 10}, "v": {"a": 20}})
    new = edition(ONE, {"u": {"a": 30}, "v": {"a": 20}})
    found = change_account(old, new, "u")
    assert found.drift is None and not found.within_noise


def test_a_small_move_of_noisy_figures_is_noise_and_a_large_one_is_not() -> None:
    values = {f"u{n}": {"a": 40 + 2 * n} for n in range(11)}
    old = edition(ONE, values, {"a": 3})
    near = edition(ONE, values | {"u0": {"a": 45}}, {"a": 3})
    far = edition(ONE, values | {"u0": {"a": 75}}, {"a": 3})
    assert change_account(old, near, "u0").within_noise
    found = change_account(old, far, "u0")
    assert not found.within_noise and "more than noise" in found.lines[-1].text
    assert found.drift.places > 0, "who was last comes up by itself"


@pytest.mark.parametrize("error", [1.0, 5.0, 20.0])
def test_chance_alone_stays_within_its_ranks_as_often_as_is_said(error: float) -> None:
    """49 units whose true scores never change, seen twice: nineteen in twenty stay within, and the mean is met."""
    rng = np.random.default_rng(20240301)
    count, runs, held, drifts, moves = 49, 60, [], [], []
    for _ in range(runs):
        truth = rng.normal(60, 8, count)
        first, second = (truth + rng.normal(0, error, count) for _ in range(2))
        was, now = (ranks([Decimal(repr(float(one))) for one in seen]) for seen in (first, second))
        errors = [error] * count
        for index in (was.index(count), was.index(count // 2), was.index(1)):
            found = expected(list(first), errors, errors, index, 0.95)
            held.append(found.holds(now[index]))
            if was[index] == count:
                drifts.append(found.places)
                moves.append(was[index] - now[index])
    assert np.mean(held) >= 0.92, "of 180 with 0.95 each, fewer than 0.92 would be a wonder"
    spread = 4 * np.std(moves) / np.sqrt(runs)
    assert abs(np.mean(drifts) - np.mean(moves)) <= spread + 0.05


def worked(heading: str) -> list[dict[str, str]]:
    text = PAGE.read_text(encoding="utf-8").split(heading)[1]
    block = re.search(r"((?:^\|[^\n]*\n)+)", text, re.MULTILINE)
    assert block
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in block[1].splitlines()]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[2:]]


def test_the_worked_tables_are_what_the_program_does() -> None:
    rows = worked("## Worked table: a move")

    def cell(text: str) -> object:
        return Cell(state="missing") if text == "—" else Decimal(text)

    old = edition(ONE, {row["unit"]: {"a": cell(row["old a"])} for row in rows if row["old a"]})
    new = edition(
        TWO, {row["unit"]: {"a": cell(row["new a"]), "b": cell(row["new b"])} for row in rows if row["new a"]}
    )
    for row in worked("The parts:"):
        found = change_account(old, new, row["unit"])
        assert {part.kind: str(part.places) for part in found.parts} == {kind: row[kind] for kind in KINDS}
        assert str(found.gained) == row["gained"]
    table = worked("## Worked table: chance")
    scores, errors = [float(row["score"]) for row in table], [float(row["se"]) for row in table]
    means, _ = shrunk(scores, errors)
    for index, row in enumerate(table):
        found = expected(scores, errors, errors, index, 0.95)
        said = (row["true score"], row["expected"], row["from"], row["to"])
        assert (f"{means[index]:.2f}", f"{found.rank:.2f}", str(found.low), str(found.high)) == said


@given(st.lists(st.floats(0, 100), min_size=2, max_size=30))
def test_a_true_score_lies_between_the_one_seen_and_the_mean(scores: list[float]) -> None:
    means, variances = shrunk(scores, [5.0] * len(scores))
    centre = sum(scores) / len(scores)
    for seen, mean, variance in zip(scores, means, variances, strict=True):
        assert min(seen, centre) - 1e-9 <= mean <= max(seen, centre) + 1e-9
        assert 0 <= variance <= 25 + 1e-9
