"""No figure makes finding faults a target: whatever rewards more findings is told of, and nothing else is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leitai.rules.regime.check import check_text
from leitai.rules.regime.units import Unit
from leitai.rules.regime.vocabulary import FACTS
from tests.rules.regime.helpers import RIGHT, UNITS

REGIMES = Path(__file__).resolve().parents[3] / "regimes"
INSPECTED = """inspections:
  autumn:
    name: Autumn inspection
    every: half
    groups: {first: {name: Group 1, area: {keys: [water, roads]}}}
    checklist: {conduct: {name: Conduct}}
    case: question
    on: office
merits:
"""
DELAY = """    better: less
    every: month
    points: {by: bands, bands: {"<1": 100, "<8": 80, else: 50}}
"""
BY_RULE = """  - {on: inspection.found, do: open case question, source: article 5}
"""
CASES = [one for one in FACTS if one.startswith("cases.")]
COUNTS = {"cases.opened", "cases.overdue"}


def book(measure: str, *, inspected: bool = True, kind: str = "{kind: question}") -> str:
    """The right rule-book with the delay measured otherwise, and the questions opened by inspections."""
    found = RIGHT.replace(DELAY, f"    every: month\n    of: {kind}\n{measure}\n")
    return found.replace("merits:\n", INSPECTED) if inspected else found


def told(text: str, units: Mapping[str, Unit] | None = UNITS) -> list[tuple[str, int, int]]:
    """Every finding, with where it stands in the text."""
    return [(f.code, f.where.line, f.where.column) for f in check_text(text, units=units).findings]


def at(text: str, needle: str, inside: int = 0) -> tuple[str, int, int]:
    """The quota that should be told of at a place of the text."""
    before = text[: text.index(needle) + inside]
    return ("quota-of-findings", before.count("\n") + 1, len(before) - before.rfind("\n"))


@given(st.sampled_from(CASES), st.sampled_from(["more", "less"]), st.booleans())
def test_more_findings_are_worth_more_or_the_book_is_right(fact: str, better: str, inspected: bool) -> None:
    text = book(
        f"    from: {fact}\n    better: {better}\n    points: {{by: target, target: 5}}", inspected=inspected
    )
    quota = fact in COUNTS and better == "more" and inspected
    assert told(text) == ([at(text, f"better: {better}\n    points", 8)] if quota else [])


@given(
    st.lists(st.integers(0, 100), min_size=2, max_size=5), st.booleans(), st.sampled_from(["more", "less"])
)
def test_bands_are_read_by_their_points_whatever_is_called_better(
    worth: list[int], rising: bool, better: str
) -> None:
    """`worth` is the points of ever higher values."""
    steps = worth if rising else worth[::-1]
    sign, limits = ("<", range(1, 9)) if rising else (">", range(9, 0, -1))
    bands = [f'"{sign}{limit}": {points}' for limit, points in zip(limits, steps[:-1], strict=False)]
    bands.append(f"else: {steps[-1]}")
    shown = "{" + ", ".join(bands) + "}"
    text = book(f"    from: cases.opened\n    better: {better}\n    points: {{by: bands, bands: {shown}}}")
    quota = any(later > before for before, later in pairwise(worth))
    assert told(text) == ([at(text, "bands: {", 7)] if quota else [])


def test_points_that_are_the_number_itself_are_a_quota() -> None:
    text = book("    from: cases.opened\n    better: less\n    points: {by: given}")
    assert told(text) == [at(text, "by: given", 4)]


def test_a_count_of_all_kinds_counts_the_findings_too() -> None:
    text = book("    from: cases.opened\n    better: more\n    points: {by: rank}", kind="{}")
    assert told(text) == [at(text, "better: more\n    points: {by: rank}", 8)]
    assert (
        told(book("    from: cases.opened\n    better: more\n    points: {by: rank}", inspected=False)) == []
    )


def test_a_rule_on_findings_opens_them_too() -> None:
    text = book("    from: cases.opened\n    better: more\n    points: {by: rank}", inspected=False)
    text = text.replace("rules:\n", f"rules:\n{BY_RULE}")
    assert told(text) == [at(text, "better: more\n    points: {by: rank}", 8)]


@pytest.mark.parametrize(("doors", "quota"), [("[patrol, office]", True), ("[office]", False)])
def test_what_patrols_bring_in_is_found_by_them(doors: str, quota: bool) -> None:
    text = book(
        "    from: cases.opened\n    better: more\n    points: {by: rank}",
        inspected=False,
        kind="{kind: hole}",
    )
    text = text.replace("cases:\n", f"cases:\n  hole: {{name: Hole, flow: problem, doors: {doors}}}\n")
    assert told(text) == ([at(text, "better: more\n    points: {by: rank}", 8)] if quota else [])
    for finding in check_text(text, units=UNITS).findings:
        assert "hole" in finding.text and "cases.solved_rate" in finding.text


@pytest.mark.parametrize(
    ("place", "fact"), [("linqu", "cases.on_time_rate"), ("xining", "cases.solved_rate")]
)
def test_the_places_measure_how_findings_are_put_right(place: str, fact: str) -> None:
    text = (REGIMES / place / "regime.yaml").read_text(encoding="utf-8")
    kind = "kind: supervision-finding" if place == "linqu" else "kind: patrol-finding"
    assert told(text, None) == []
    spoiled = re.sub(f"from: {fact}(.*\n +of: .{kind})", r"from: cases.opened\1", text)
    assert spoiled != text
    assert {code for code, *_ in told(spoiled, None)} == {"quota-of-findings"}


@pytest.mark.parametrize(("sense", "quota"), [("at least", True), ("at most", False)])
def test_a_campaign_asks_for_no_number_of_findings(sense: str, quota: bool) -> None:
    goal = f"{{name: Goal, owner: water, measure: delay, target: 12, sense: {sense}, source: article 6}}"
    text = book("    from: cases.opened\n    better: less\n    points: {by: rank}")
    text = text.replace(
        "merits:\n",
        f"campaigns:\n  clean: {{name: Clean, goals: {{g: {goal}}}, source: article 6}}\nmerits:\n",
    )
    assert told(text) == ([at(text, "target: 12", 8)] if quota else [])
