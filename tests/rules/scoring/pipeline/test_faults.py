"""Every way a spec or its data can be wrong is one sentence with its place, its value, and what to do."""

from __future__ import annotations

import pytest

from leitai.rules.scoring.pipeline import ScoreError, compute, read_data, read_spec
from leitai.rules.scoring.pipeline.draws import Uncertain
from tests.rules.scoring.pipeline.making import completed, data, spec

RIGHT = """\
score: 1
units: {id: id, group: g}
measures:
  a: {points: {by: min-max}}
  b: {better: less, points: {by: given}}
nodes:
  all: {weigh: {a: 1, b: 2}}
"""
TABLE = "id,g,a,b\nx,n,1,2\ny,n,2,3\nz,s,3,5\n"


def told(spec_text: str, table: str = TABLE) -> list[str]:
    """All that is said of a spec and data."""
    parsed = read_spec(spec_text, "spec.yaml")
    if parsed.spec is None:
        return [str(one) for one in parsed.findings]
    found, findings = read_data(table, parsed.spec, "data.csv", parsed.positions)
    if found is None:
        return [str(one) for one in findings]
    try:
        done = compute(parsed.spec, found, parsed.positions)
        if parsed.spec.noise is not None:
            Uncertain(done, parsed.tree, parsed.positions)
    except ScoreError as error:
        return [str(one) for one in error.findings]
    return []


def test_the_right_spec_and_data_are_right() -> None:
    assert told(RIGHT) == []


SPECS = {
    "a weight missing": (
        ("a: 1, b: 2", "a: 1, b: "),
        "spec.yaml:7:25",
        "weight of “b” in “all” is missing; write",
    ),
    "a weight in words": (("b: 2", "b: two"), "spec.yaml:7:26", "should be a number"),
    "a weight below 0": (("b: 2", "b: -2"), "spec.yaml:7:23", "weight of “b” is -2; a weight is 0 or more"),
    "no weight above 0": (("a: 1, b: 2", "a: 0, b: 0"), "spec.yaml:7:16", "add up to nothing; give one"),
    "a child unknown": (("b: 2}", "b: 2, bb: 1}"), "spec.yaml:7:29", "no measure or node “bb”; “b” is near"),
    "a measure not weighed": (
        ("a: 1, b: 2", "a: 1"),
        "spec.yaml:5:3",
        "no node weighs “b”; give it a weight",
    ),
    "a method unknown": (("min-max", "minmax"), "spec.yaml:4:20", "min-max"),
    "a key unknown": (
        ("by: given", "by: given, low: 3"),
        "spec.yaml:5:41",
        "“low” means nothing to “given”; take it out",
    ),
    "a key lacking": (
        ("by: given", "by: goalposts, low: 3"),
        "spec.yaml:5:29",
        "“goalposts” needs “high”; state it",
    ),
    "goalposts turned": (
        ("by: given", "by: goalposts, low: 3, high: 1"),
        "spec.yaml:5:50",
        "3 and 1 hold nothing",
    ),
    "good is not good": (
        ("by: given", "by: efficacy, bad: 1, good: 3"),
        "spec.yaml:5:58",
        "3 is no better than 1",
    ),
    "no last band": (("by: given", "by: bands, bands: {'<1': 3}"), "spec.yaml:5:41", "bands end with “else”"),
    "floor over cap": (
        ("by: given", "by: given, floor: 5, cap: 5"),
        "spec.yaml:5:48",
        "floor 5 is not below the cap 5",
    ),
    "a mean without power": (("weigh:", "by: power, weigh:"), "spec.yaml:7:8", "“power” is stated with"),
    "treated twice": (
        ("by: given}", "by: given}, treat: [{by: log}, {by: box-cox}]"),
        "spec.yaml:5:61",
        "treated once by log or box-cox; take the second out",
    ),
    "percentiles turned": (
        ("by: given}", "by: given}, treat: [{by: clip, from: 90, to: 10}]"),
        "spec.yaml:5:67",
        "“from” 90 is not below “to” 10",
    ),
    "no groups": (
        ("{id: id, group: g}", "{id: id}\nwithin: group"),
        "spec.yaml:3:9",
        "“within: group” needs groups",
    ),
    "a frame of nothing": (
        ("nodes:", "frame: {c: {all: {low: 1}}}\nnodes:"),
        "spec.yaml:6:9",
        "“c”, which is no measure",
    ),
    "a frame's name": (
        ("nodes:", "frame: {a: {all: {lov: 1}}}\nnodes:"),
        "spec.yaml:6:19",
        "a frame holds no “lov”",
    ),
    "a column not there": (
        ("a: {points", "a: {column: aa, points"),
        "spec.yaml:4:15",
        "data.csv has no column “aa”; “a” is near",
    ),
    "two ways of noise": (
        ("nodes:", "noise: {cells: {a: {se: b, error: 1}}}\nnodes:"),
        "spec.yaml:6:20",
        "one of se, counts and error",
    ),
    "counts of nothing": (
        ("nodes:", "noise: {cells: {a: {counts: binomial}}}\nnodes:"),
        "spec.yaml:6:29",
        "needs a denominator",
    ),
    "bounds turned": (
        ("nodes:", "noise: {weights: {all: {a: [3, 1]}}}\nnodes:"),
        "spec.yaml:6:25",
        "3 and 1 hold nothing",
    ),
    "bounds of nothing": (
        ("nodes:", "noise: {weights: {all: {c: [1, 3]}}}\nnodes:"),
        "spec.yaml:6:25",
        "“all” does not weigh “c”",
    ),
    "a choice nowhere": (
        ("nodes:", "noise: {choices: {m: {at: [nodes, al, by], of: [minimum, median]}}}\nnodes:"),
        "spec.yaml:6:27",
        "choice “m”: there is nothing at nodes.al.by",
    ),
    "a choice that is wrong": (
        ("nodes:", "noise: {choices: {m: {at: [nodes, all, by], of: [minimum, meridian]}}}\nnodes:"),
        "spec.yaml:6:59",
        "choice “m”: meridian cannot stand at nodes.all.by",
    ),
    "a choice with a fault": (
        ("nodes:", "noise: {choices: {m: {at: [nodes, all, by], of: [minimum, power]}}}\nnodes:"),
        "spec.yaml:6:59",
        "choice “m”, power: “power” is stated with",
    ),
    "all alike": (
        ("measures:", "within: group\nmeasures:"),
        "spec.yaml:5:15",
        "“a” are alike in s (3), so “min-max” cannot",
    ),
}


@pytest.mark.parametrize("name", SPECS)
def test_a_fault_of_the_spec_is_one_sentence_at_its_place(name: str) -> None:
    (old, new), where, words = SPECS[name]
    assert old in RIGHT
    said = told(RIGHT.replace(old, new))
    assert len(said) == 1, said
    assert said[0].startswith(f"{where}: error: ") and words in said[0], said


def test_a_cycle_and_two_tops_and_two_places_are_told() -> None:
    tree = "measures: {a: {points: {by: given}}}\nnodes:\n"
    cycle = completed(tree + "  top: {weigh: {a: 1, p: 1}}\n  p: {weigh: {q: 1}}\n  q: {weigh: {p: 1}}\n")
    said = told(cycle)
    assert any(
        "spec.yaml:6:" in one and "p → q → p go round in a circle; take one out" in one for one in said
    ), said
    (one,) = told(completed(tree + "  m: {weigh: {n: 1}}\n  n: {weigh: {m: 1, a: 1}}\n"))
    assert "the nodes m → n → m go round in a circle" in one
    (one,) = told(
        completed(
            "measures: {a: {points: {by: given}}, b: {points: {by: given}}}\nnodes:\n"
            "  m: {weigh: {a: 1}}\n  n: {weigh: {b: 1}}\n"
        )
    )
    assert one.startswith("spec.yaml:6:3: error: “m”, “n” each stand on top; one node must hold")
    (one,) = told(completed(tree + "  m: {weigh: {n: 1, a: 1}}\n  n: {weigh: {a: 1}}\n"))
    assert "“a” is weighed twice" in one
    (one,) = told(completed(tree + "  a: {weigh: {a: 1}}\n"))[:1]
    assert "“a” is a measure and a node" in one


DATA = {
    "text in a number column": (
        ("2,3\n", "2,many\n"),
        "data.csv:3:4",
        "“many” in column “b” of y is no number; write",
    ),
    "a thousand's comma": (
        ("y,n,2,3", 'y,n,2,"3,000"'),
        "data.csv:3:4",
        "“3,000” in column “b” of y is no number",
    ),
    "NaN": (
        ("2,3\n", "NaN,3\n"),
        "data.csv:3:3",
        "NaN in column “a” of y is no finite number; leave the cell empty",
    ),
    "infinite": (("2,3\n", "-inf,3\n"), "data.csv:3:3", "-inf in column “a” of y is no finite number"),
    "too large": (("2,3\n", "2e99,3\n"), "data.csv:3:3", "2e99 in column “a” of y is larger or finer"),
    "a unit twice": (
        ("y,n", "x,n"),
        "data.csv:3:1",
        "the unit “x” is there twice, first in line 2; keep one",
    ),
    "no key": (("y,n", ",n"), "data.csv:3:1", "no key in column “id”; say which unit"),
    "no group": (("y,n", "y,"), "data.csv:3:2", "“y” has no group in column “g”; write it"),
    "one unit only": (
        ("y,n,2,3\nz,s,3,5\n", ""),
        "data.csv:2:1",
        "there is 1 unit in the data; a table compares at",
    ),
    "no unit": (("x,n,1,2\ny,n,2,3\nz,s,3,5\n", ""), "data.csv:1:1", "there is no unit in the data"),
    "all equal": (
        ("x,n,1,2\ny,n,2,3\nz,s,3,5", "x,n,4,2\ny,n,4,3\nz,s,4,5"),
        "spec.yaml:4:15",
        "all values of “a” are alike (4)",
    ),
    "no value": (
        ("x,n,1,2\ny,n,2,3\nz,s,3,5", "x,n,1,\ny,n,2,\nz,s,3,"),
        "spec.yaml:5:6",
        "“b” has no value for any unit",
    ),
    "a field too many": (("2,3\n", "2,3,4\n"), "data.csv:3", "5 fields and the first has 4"),
    "a column twice": (("id,g,a,b", "id,g,a,a"), "data.csv:1:3", "two columns are called “a”; rename one"),
    "an open quote": (("y,n", '"y,n'), "data.csv:3:1", "cannot be read as CSV"),
    "nothing": ((TABLE, ""), "data.csv:1:1", "the file is empty; its first line names the columns"),
}


@pytest.mark.parametrize("name", DATA)
def test_a_fault_of_the_data_is_one_sentence_at_its_place(name: str) -> None:
    (old, new), where, words = DATA[name]
    assert old in TABLE
    said = told(RIGHT, TABLE.replace(old, new))
    found = [one for one in said if words in one and one.startswith(f"{where}: error: ")]
    assert len(found) == 1, said
    assert len(said) == 1 or name == "a column twice"


COMPUTED = {
    "may not be missing": (
        "missing: fail\n",
        "x: {points: {by: given}}",
        "a,1\nb,\nc,",
        2,
        "data.csv:3:2",
        "b has no value of “x”",
    ),
    "divided by 0": (
        "",
        "x: {per: {column: n}, points: {by: given}}",
        "a,1,1\nb,1,0\nc,1,2",
        1,
        "data.csv:3:3",
        "b has 0 in column “n”",
    ),
    "no logarithm": (
        "",
        "x: {treat: [{by: log}], points: {by: given}}",
        "a,1\nb,0\nc,2",
        1,
        "data.csv:3:2",
        "b has 0 of “x”, of which “log”",
    ),
    "below 0": (
        "",
        "x: {points: {by: z-score}}",
        "a,1\nb,2\nc,3",
        1,
        "spec.yaml",
        "“x” has points below 0 (-1), of which no geometric mean",
    ),
    "no share of 0": (
        "",
        "x: {better: less, points: {by: best}}",
        "a,1\nb,0\nc,3",
        1,
        "spec.yaml",
        "a share of 0, which is not above 0; use “over: range”",
    ),
    "no reference": (
        "",
        "x: {points: {by: reference, unit: d}}",
        "a,1\nb,2\nc,3",
        1,
        "spec.yaml",
        "“d” has no value of “x” here",
    ),
    "no floor": (
        "missing: floor\n",
        "x: {points: {by: given}}",
        "a,1\nb,2\nc,",
        1,
        "spec.yaml",
        "“x” has no lowest points",
    ),
    "too few kept": (
        "missing: drop\n",
        "x: {points: {by: given}}",
        "a,1\nb,\nc,",
        3,
        "spec.yaml:3",
        "1 of 3 units have data enough",
    ),
    "no error": (
        "noise: {cells: {x: {se: n}}}\n",
        "x: {points: {by: given}}",
        "a,1,1\nb,1,\nc,1,2",
        1,
        "data.csv:3:3",
        "b has a value of “x” and no standard error",
    ),
    "no count": (
        "noise: {cells: {x: {counts: binomial}}}\n",
        "x: {per: {column: n}, points: {by: given}}",
        "a,1,1\nb,4,3\nc,1,2",
        1,
        "data.csv:3:2",
        "b counts 4 of 3",
    ),
}


@pytest.mark.parametrize("name", COMPUTED)
def test_a_fault_that_shows_when_computing_names_its_place(name: str) -> None:
    first, measure, lines, count, where, words = COMPUTED[name]
    by = "geometric" if name == "below 0" else "arithmetic"
    text = completed(f"{first}measures:\n  {measure}\nnodes: {{all: {{by: {by}, weigh: {{x: 1}}}}}}\n")
    header = "id,x,n" if lines.count(",") > 3 else "id,x"
    said = told(text, f"{header}\n{lines}\n")
    assert len(said) == count and any(one.startswith(where) and words in one for one in said), said


def test_a_choice_may_not_leave_out_other_units() -> None:
    text = completed(
        "measures:\n  x: {missing: exclude, points: {by: given}}\n  y: {points: {by: given}}\n"
        "nodes: {all: {weigh: {x: 1, y: 1}}}\n"
        "noise: {choices: {gaps: {at: [measures, x, missing], of: [exclude, drop]}}}\n"
    )
    (one,) = told(text, "id,x,y\na,1,1\nb,,1\nc,1,3\n")
    assert one.startswith("spec.yaml:7:") and "with drop other units would be scored" in one


def test_marks_of_missing_values_are_declared() -> None:
    text = RIGHT.replace("measures:", 'absent: [NA, ".."]\nmeasures:')
    parsed = spec(text)
    found = data(parsed, TABLE.replace("2,3\n", "NA,..\n"))
    assert found.columns["a"][1] is None and found.columns["b"][1] is None


def test_a_text_that_is_no_spec_is_told() -> None:
    assert told("") and told("- a\n")[0].startswith("spec.yaml:1:1") and "score: 1" in told("- a\n")[0]
    assert "spec.yaml:2" in told("score: 1\n\tunits: {}\n")[0]
    assert any("“measures” is missing here" in one for one in told("score: 1\n"))
