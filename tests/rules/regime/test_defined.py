"""What a rule-book says of a measure beyond its points: its totals, its twin, and that no figure is asked for twice."""

from __future__ import annotations

import pytest

from leitai.rules.regime.check import check_text
from leitai.rules.regime.parse import parse
from tests.rules.regime.helpers import RIGHT, UNITS

OLD = "points: {by: target}}"
FIGURES = """
figures:
  nation: {name: The nation, value: 500, period: "2022-03", source: yearbook}
  undated: {name: The nation, value: 500, source: yearbook}
  nothing: {name: The nation, value: 0, period: "2022-03", source: yearbook}
"""


def codes(new: str) -> list[str]:
    assert RIGHT.count(OLD) == 1
    return [one.code for one in check_text(RIGHT.replace(OLD, new) + FIGURES, units=UNITS).findings]


def test_a_whole_definition_is_right() -> None:
    more = "formula: money that came, owner: water, share_of: [nation], audited_by: delay"
    assert codes(f"points: {{by: target}}, {more}}}") == []


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("owner: nobody", "unknown-unit"),
        ("share_of: [nations]", "unknown-figure"),
        ("share_of: [undated]", "bad-total"),
        ("share_of: [nothing]", "bad-total"),
        ("audited_by: delays", "unknown-measure"),
        ("audited_by: funds", "unknown-measure"),
    ],
)
def test_a_definition_that_points_nowhere(more: str, code: str) -> None:
    assert codes(f"points: {{by: target}}, {more}}}") == [code]


def test_what_the_house_counts_is_no_share_of_a_total() -> None:
    more = "from: cases.on_time_rate, share_of: [nation]"
    assert codes(f"points: {{by: target, target: 1}}, {more}}}") == ["bad-total"]


def asked_twice(other: str) -> list[tuple[str, object, object]]:
    text = RIGHT.replace("\nmeasures:\n", f"\nmeasures:\n{other}", 1)
    assert text != RIGHT
    found = check_text(text, units=UNITS).findings
    return [
        (one.code, one.values.get("key"), one.values.get("other"))
        for one in found
        if one.code == "asked-twice"
    ]


def test_a_figure_is_asked_for_once() -> None:
    name = parse(RIGHT).regime.measures["funds"].name
    said = f"name: {{zh: '{name.zh}', en: '  {name.en.upper()} '}}, better: more, points: {{by: given}}"
    assert asked_twice(f"  again: {{{said}}}\n") == [("asked-twice", "funds", "again")]
    assert asked_twice(f"  again: {{{said}, every: year}}\n") == [("asked-twice", "funds", "again")]
    counted = f"  again: {{{said}, from: cases.opened}}\n"
    assert asked_twice(counted) == [("asked-twice", "funds", "again")], "the house counts it"
