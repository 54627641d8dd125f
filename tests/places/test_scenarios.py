"""Every place's worked cases, run one by one; and what is said of a scenario that is not one."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from leitai.rules.regime.book import Book
from leitai.rules.regime.model import Regime
from leitai.rules.regime.scenarios import Scenario, read_scenarios
from leitai.rules.rehearsal import rehearse

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "regimes").glob("*/scenarios/*.yaml"))
DUE = """- name: x
  given: {calendar: a, from: 2021-09-30 16:50, within: 1 day}
  then: {due: 2021-10-01 16:50}
"""
HOW_TO = ROOT / "docs" / "how-to" / "write-a-rule-book.md"


@cache
def _book(folder: Path) -> Book:
    return Book({path.name: path.read_text(encoding="utf-8") for path in folder.glob("regime*.yaml")})


def _regime(file: Path, scenario: Scenario) -> Regime:
    book = _book(file.parent.parent)
    return book.latest() if scenario.day is None else book.on(scenario.day)


@cache
def _all() -> list[tuple[Path, Scenario]]:
    return [
        (file, scenario)
        for file in FILES
        for scenario in read_scenarios(file.read_text(encoding="utf-8"), file=file.name)[0]
    ]


@pytest.mark.parametrize(
    ("file", "scenario"),
    [
        pytest.param(file, scenario, id=f"{file.parent.parent.name}/{file.stem}: {scenario.name}")
        for file, scenario in _all()
    ],
)
def test_the_rule_book_does_what_its_scenario_says(file: Path, scenario: Scenario) -> None:
    assert [str(finding) for finding in rehearse(_regime(file, scenario), scenario)] == []


def test_every_place_has_scenarios_and_every_file_is_read_whole() -> None:
    places = {path.parent for path in (ROOT / "regimes").glob("*/regime.yaml")}
    assert places == {file.parent.parent for file in FILES}
    for file in FILES:
        assert read_scenarios(file.read_text(encoding="utf-8"), file=file.name)[1] == ()


def test_no_two_scenarios_of_a_file_share_a_name() -> None:
    names = [(file, scenario.name) for file, scenario in _all()]
    assert len(names) == len(set(names))


def test_the_examples_of_the_how_to_are_scenarios_of_every_kind() -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", HOW_TO.read_text(encoding="utf-8"), re.DOTALL)
    read = [read_scenarios(block) for block in blocks]
    assert [findings for _, findings in read if findings] == []
    assert len({type(scenario.what) for scenarios, _ in read for scenario in scenarios}) == 5


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("name: x\n", "wrong-type", 1, 1),
        ("- name: x\n", "unknown-scenario", 1, 3),
        ("- name: x\n  given: {color: red}\n  then: {}\n", "unknown-scenario", 1, 3),
        (DUE.replace("30 16:50", "30"), "bad-value", 2, 30),
        (DUE.replace("within", "withn"), "unknown-key", 2, 48),
        ("- name: x\n  given: {occasion: a, after: 2021-09-30}\n  then: {next: []}\n", "bad-value", 3, 16),
        (
            "- name: x\n  given: {case: a, opened: 2021-09-30 16:50}\n  then: {reply: does not walk}\n",
            "bad-value",
            3,
            17,
        ),
        ("", "empty-file", 1, 1),
    ],
)
def test_what_is_no_scenario_is_told_where_it_stands(text: str, code: str, line: int, column: int) -> None:
    found = read_scenarios(text)[1]
    assert [(f.code, f.where.line, f.where.column) for f in found] == [(code, line, column)]
