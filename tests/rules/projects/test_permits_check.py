"""A rule-book's start is refused with the path named: a missing approval, a dead end, a circle; and other faults."""

from __future__ import annotations

import pytest

from leitai.rules.kernel import Text
from leitai.rules.regime.check import check_text
from leitai.rules.regime.units import Unit
from tests.rules.regime.helpers import RIGHT

UNITS = {key: Unit(key, Text(en=key)) for key in ("water", "roads")}
FLOW = """flows:
  permit:
    name: {zh: 许可, en: Permit}
    start: working
    milestones: [opened, answered, closed]
    states:
      working: {name: {zh: 审批中, en: Working}, held: unit}
      answered: {name: {zh: 待登记, en: Answered}, held: office}
      closed: {name: {zh: 办结, en: Closed}}
      set-aside: {name: {zh: 终止, en: Set aside}}
    moves:
      answer:
        {name: {en: Grant}, from: [working], to: answered, by: [unit], event: case.answered, milestone: answered}
      close:
        {name: {zh: 结, en: Close}, from: [answered], to: closed, by: [office], event: case.closed, milestone: closed}
      set-aside:
        {name: {zh: 终, en: End}, from: [working], to: set-aside, by: [office], event: case.closed, milestone: closed}
cases:
  permit: {name: Permit, flow: permit, clocks: {grant: {until: answered, within: given, on: office}}}
"""
STARTS = """starts:
  plant:
    name: Start of a plant
    case: permit
    on: office
    start: [construction]
    papers: {licence: Licence, drawings: Drawings}
    permits:
      land: {name: Land, unit: roads, within: 10 workdays, asks: [licence]}
      planning:
        {name: Planning, unit: roads, within: 15 workdays, needs: [land], asks: [drawings], promise: 10 workdays}
      construction: {name: Construction, unit: water, within: 3 workdays, needs: [planning]}
merits:
"""
BOOK = RIGHT.replace("cases:\n", FLOW, 1).replace("merits:\n", STARTS, 1)


def found(old: str, new: str) -> list[tuple[str, str, str]]:
    """What is wrong once a piece of the book is another: (code, what stands there, the sentence)."""
    assert BOOK.count(old) == 1
    text = BOOK.replace(old, new)
    lines = text.splitlines()
    checked = check_text(text, units=UNITS)
    assert checked.regime is None or all(one.severity == "warning" for one in checked.findings)
    return [
        (one.code, lines[one.where.line - 1][one.where.column - 1 :].split(":")[0].split("]")[0], one.text)
        for one in checked.findings
    ]


def test_the_book_is_right_but_for_its_fault() -> None:
    assert check_text(BOOK, units=UNITS).findings == ()


@pytest.mark.parametrize(
    ("old", "new", "code", "at", "words"),
    [
        ("needs: [land]", "needs: [land, fire]", "missing-approval", "fire", "fire → planning → construction → start"),
        ("needs: [land]", "needs: [lant]", "missing-approval", "lant", "nearest is “land”"),
        ("start: [construction]", "start: [opening]", "missing-approval", "opening", "opening → start"),
        (
            "needs: [planning]}",
            "needs: [planning]}\n      fence: {name: Fence, unit: water, within: 2 days, needs: [planning]}",
            "dead-end",
            "fence",
            "land → planning → fence; the start goes past it by land → planning → construction → start",
        ),
        (
            "within: 10 workdays, asks",
            "within: 10 workdays, needs: [planning], asks",
            "permit-circle",
            "land",
            "land → planning → land",
        ),
        ("unit: water, within: 3", "unit: watr, within: 3", "unknown-unit", "watr, within", "nearest is “water”"),
        ("within: 15 workdays", "within: 15 moons", "bad-limit", "15 moons, needs", "15 moons"),
        ("promise: 10 workdays", "promise: soon", "bad-limit", "soon}", "soon"),
        ("asks: [drawings]", "asks: [drawing]", "unknown-paper", "drawing", "nearest is “drawings”"),
        ("3 workdays, needs", "3 workdays, promise: 2 days, needs", "nothing-to-promise", "promise", "no paper"),
        ("    case: permit\n", "    case: question\n", "permit-flow", "question", "set-aside"),
        ("    case: permit\n", "    case: permits\n", "unknown-kind", "permits", "nearest is “permit”"),
        (
            "flow: permit, clocks",
            "flow: permit, form: {why: {name: Why, needed: true}}, clocks",
            "permit-cannot-answer",
            "permit",
            "must be answered",
        ),
    ],
)  # fmt: skip
def test_each_fault_is_told_where_it_stands_with_its_path(
    old: str, new: str, code: str, at: str, words: str
) -> None:
    told = [one for one in found(old, new) if one[0] != "unused-paper"]
    if code == "missing-approval" and "opening" in at:
        # What the start no longer waits for leads nowhere.
        assert told.pop()[0] == "dead-end"
    if "lant" in at:
        assert told.pop(0)[0] == "dead-end"
    ((said, where, sentence),) = told
    assert (said, where) == (code, at)
    assert words in sentence


def test_a_paper_that_nobody_asks_for_is_a_warning() -> None:
    ((code, at, _),) = found("licence: Licence,", "licence: Licence, seal: Seal,")
    assert (code, at) == ("unused-paper", "seal")
