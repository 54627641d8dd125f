"""Kinds of case and flows of a rule-book's own: each fault is told where it stands, and a right one runs."""

from __future__ import annotations

import pytest

from leitai.rules.casework import STEPS, check_flow, check_move, diagram, flow_of
from leitai.rules.flows import FLOWS, MOVE_EVENTS
from leitai.rules.kernel import Severity
from leitai.rules.regime.check import check_text
from leitai.rules.regime.checks.flows import STEPS as TAKEN
from leitai.rules.regime.diff import diff
from leitai.rules.regime.parse import parse
from tests.rules.regime.helpers import RIGHT, UNITS

KIND = """  noise:
    name: Noise
    flow: hearing
    doors: [public, office]
    form:
      when: {name: When is it loud, kind: choice, options: {day: By day, night: At night}}
    photos: after
    pauses:
      weather: {name: Bad weather, most: 30 days}
    grounds: {duty: Not this unit's by law}
    extend: {times: 1, most: 5 workdays}
    relapse: 90 days
    recheck: {bound: 0.1}
    clocks:
      settle:
        until: answered
        within: 10 workdays
        on: office
        warn: 2 workdays
        slips:
          - {slip: blue, at: warn, to: unit}
          - {slip: yellow, at: due, to: head}
          - {slip: orange, at: 1 workday, to: office}
          - {slip: red, at: 3 workdays, to: leader}
"""
FLOW = """flows:
  hearing:
    name: Hearing
    start: received
    milestones: [opened, dispatched, answered, closed]
    states:
      received: {name: Received, held: office}
      working: {name: Being heard, held: unit}
      answered: {name: To be verified, held: office}
      closed: {name: Closed}
    moves:
      dispatch:
        {name: Dispatch, from: [received], to: working, by: [office], event: case.dispatched, milestone: dispatched,
         needs: [unit]}
      answer:
        {name: Answer, from: [working], to: answered, by: [unit], event: case.answered, milestone: answered,
         needs: [done]}
      return:
        {name: Return, from: [answered], to: working, by: [office], event: case.returned, undoes: answered}
      close:
        {name: Close, from: [answered], to: closed, by: [office], event: case.closed, milestone: closed}
"""
BOOK = RIGHT.replace("cadence:\n", KIND + FLOW + "cadence:\n").replace(
    "timezone: Asia/Shanghai}", "timezone: Asia/Shanghai, office: roads}"
)


def test_a_right_one_is_right_and_its_kind_goes_through_its_own_flow() -> None:
    found = check_text(BOOK, units=UNITS)
    assert [str(finding) for finding in found.findings] == []
    assert found.regime is not None
    flow = flow_of(found.regime.cases["noise"])
    assert {one.code for one in check_flow(flow)} == {"label-missing"}  # its names are in one language
    assert flow.opens == "case.opened" and flow.state("closed").terminal
    assert check_move(flow, "received", "dispatch", "office", {"unit": "water"}) is None
    missing = check_move(flow, "received", "dispatch", "office", {})
    assert missing is not None and missing.code == "field-missing"
    assert "Being heard (the unit)" in diagram(flow)
    assert flow_of(found.regime.cases["question"]) is FLOWS["question"]


# What is written, what is written instead, the fault, and the words that it is told at.
FAULTS = [
    ("office: roads}", "office: rods}", "unknown-unit", "rods"),
    ("flow: hearing", "flow: hearring", "unknown-flow", "hearring"),
    ("doors: [public, office]", "doors: [public, office, public]", "door-twice", "public]"),
    ("doors: [public, office]", "doors: [pubic]", "bad-value", "pubic"),
    ("kind: choice, options: {day: By day, night: At night}", "kind: choice", "no-options", "when:"),
    ("kind: choice, ", "kind: number, ", "options-unasked", "options:"),
    ("most: 30 days", "most: a month", "bad-limit", "a month"),
    ("most: 5 workdays", "most: 5 moons", "bad-limit", "5 moons"),
    ("relapse: 90 days", "relapse: a year", "bad-limit", "a year"),
    ("relapse: 90 days", "relapse: 90", "wrong-type", "90"),
    ("bound: 0.1", "bound: 1", "bad-value", "1}"),
    ("at: 1 workday,", "at: due,", "ladder-not-later", "due, to: office"),
    ("at: 3 workdays", "at: 1 workday", "ladder-not-later", "1 workday, to: leader"),
    ("at: 3 workdays", "at: warn", "ladder-not-later", "warn, to: leader"),
    ("at: 3 workdays", "at: 3 days", "mixed-units", "3 days"),
    ("at: 3 workdays", "at: soon", "bad-limit", "soon"),
    ("        warn: 2 workdays\n", "", "no-warning", "warn, to: unit"),
    ("to: head", "to: unit", "ladder-not-higher", "unit}"),
    ("to: leader", "to: head", "ladder-not-higher", "head}"),
    ("slip: red", "slip: yellow", "ladder-colour", "yellow, at: 3"),
    ("start: received", "start: recieved", "unknown-state", "recieved"),
    ("from: [working]", "from: [workng]", "unknown-state", "workng"),
    ("held: unit", "held: untt", "unknown-holder", "untt"),
    ("held: unit", "held: caller", "unknown-holder", "caller"),
    ("by: [unit]", "by: [reviewer]", "unknown-role", "reviewer"),
    ("needs: [done]", "needs: [don]", "unknown-box", "don]"),
    ("event: case.answered", "event: case.anwsered", "unknown-event", "case.anwsered"),
    ("undoes: answered", "undoes: answerd", "unknown-milestone", "answerd"),
    ("      return:\n", "      pause:\n", "same-key", "pause:"),
    ("      closed: {name: Closed}", "      closed: {name: Closed}\n      lost: {name: Lost, held: unit}",
     "unreachable-state", "lost:"),
    ("by: [unit], event", "by: [office], event", "owner-without-move", "working:"),
    ("milestones: [opened, dispatched", "milestones: [opened, heard, dispatched", "milestone-never-passed", "heard"),
    ("milestones: [opened, dispatched", "milestones: [dispatched", "bad-milestone", "dispatched"),
    ("event: case.closed", "event: case.answered", "not-an-end", "case.answered, milestone: closed"),
    ("by: [office], event: case.closed", "by: [office, unit], event: case.closed", "unit-ends", "unit], event"),
    ("         needs: [unit]}", "         needs: [note]}", "nobody-named", "working:"),
    ("milestones: [opened, dispatched", "milestones: [opened, a-milestone-much-too-long, dispatched", "long-key",
     "a-milestone"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "at"), FAULTS)
def test_a_fault_is_told_where_it_stands(old: str, new: str, code: str, at: str) -> None:
    assert old in BOOK
    text = BOOK.replace(old, new, 1)
    found = check_text(text, units=UNITS).findings
    first = next(finding for finding in found if finding.code == code)
    assert text.splitlines()[first.where.line - 1][first.where.column - 1 :].startswith(at)
    assert "%(" not in first.text


def test_what_can_only_be_seen_of_the_whole_flow() -> None:
    stuck = BOOK.replace("from: [answered], to: closed", "from: [received], to: closed", 1)
    codes = {finding.code for finding in check_text(stuck, units=UNITS).findings}
    assert codes == {"dead-end"}
    alone = BOOK.replace("held: office}\n      closed", "held: enterprise}\n      closed").replace(
        "to: closed, by: [office]", "to: closed, by: [enterprise]"
    )
    alone = alone.replace(
        "to: working, by: [office], event: case.returned",
        "to: working, by: [enterprise], event: case.returned",
    )
    assert {finding.code for finding in check_text(alone, units=UNITS).findings} == {"enterprise-alone"}
    silent = BOOK.replace(", milestone: answered,", ",").replace(
        "[opened, dispatched, answered, closed]", "[opened, dispatched, closed]"
    )
    silent = silent.replace(", undoes: answered}", "}").replace(
        "until: answered\n        within: 10", "until: closed\n        within: 10"
    )
    assert [finding.code for finding in check_text(silent, units=UNITS).findings] == ["photos-never"]


def test_a_flow_that_starts_with_the_unit_is_for_those_who_can_name_it() -> None:
    straight = BOOK.replace(
        "    flow: question\n", "    flow: question\n    doors: [enterprise, open311]\n", 1
    )
    (found,) = check_text(straight, units=UNITS).findings
    assert found.code == "door-needs-unit" and "open311" in found.text


def test_a_flow_with_a_name_of_the_house_or_without_a_kind_is_told() -> None:
    taken = BOOK.replace("  hearing:\n", "  problem:\n").replace("flow: hearing", "flow: problem")
    assert "same-key" in {finding.code for finding in check_text(taken, units=UNITS).findings}
    idle = check_text(BOOK.replace("flow: hearing", "flow: problem"), units=UNITS)
    assert [(one.code, one.severity) for one in idle.findings] == [("unused-flow", Severity.WARNING)]


@pytest.mark.parametrize(
    ("on", "condition", "near"),
    [
        ("slip.issued", 'slip.colour == "blu"', "blue"),
        ("case.rechecked", 'recheck.outcome == "notover"', "not-over"),
        ("case.relapsed", 'case.state == "hearing"', None),
        ("case.relapsed", 'case.kind == "nois"', "noise"),
    ],
)
def test_a_value_that_never_comes_is_told(on: str, condition: str, near: str | None) -> None:
    rule = f"  - {{on: {on}, if: '{condition}', do: propose warning for unit, source: x}}\n"
    found = check_text(BOOK + rule, units=UNITS).findings
    assert [finding.values["near"] for finding in found if finding.code.startswith("unknown-")] == [near]


def test_rules_may_ask_what_became_of_a_case() -> None:
    rules = """
  - {on: slip.issued, if: 'slip.rung > 3 || slip.colour == "red"', do: propose warning for unit, source: x}
  - {on: case.relapsed, if: 'case.relapse || case.transfers > 1', do: propose warning for unit, source: x}
  - {on: case.rechecked, if: 'recheck.outcome == "not-over"', do: propose warning for unit, source: x}
  - {on: case.paused, do: propose warning for unit, source: x}
"""
    assert check_text(BOOK + rules, units=UNITS).findings == ()


def test_a_rule_opens_no_case_that_must_be_told_more_than_it_knows() -> None:
    rule = "  - {on: case.closed, do: open case noise, source: x}\n"
    assert check_text(BOOK + rule, units=UNITS).findings == ()
    must = BOOK.replace("kind: choice, options", "needed: true, kind: choice, options") + rule
    (found,) = check_text(must, units=UNITS).findings
    assert found.code == "rule-cannot-answer"
    assert must.splitlines()[found.where.line - 1][found.where.column - 1 :].startswith("open case noise")


def test_the_steps_that_every_case_has_are_no_moves() -> None:
    assert set(STEPS) <= set(TAKEN)  # a new step of the house takes its key from every flow
    assert not {move.key for flow in FLOWS.values() for move in flow.moves} & set(STEPS)
    assert "case.closed" in MOVE_EVENTS and "case.opened" not in MOVE_EVENTS


def test_a_changed_ladder_and_flow_read_as_sentences() -> None:
    before = parse(BOOK).regime
    after = parse(
        BOOK.replace("at: 3 workdays", "at: 5 workdays").replace("most: 30 days", "most: 60 days")
    ).regime
    moved = parse(BOOK.replace("from: [working]", "from: [working, received]")).regime
    assert before is not None and after is not None and moved is not None
    slips, pause = [sentence.show() for sentence in diff(before, after)]
    assert pause == "reason for a pause “Bad weather” of kind of case “Noise”: at most 30 days → 60 days"
    assert slips.startswith(
        "clock “settle” of kind of case “Noise”: slips slip blue, at warn, to unit; slip yellow"
    )
    assert slips.endswith("slip red, at 5 workdays, to leader")
    (move,) = [sentence.show() for sentence in diff(before, moved)]
    assert move == "move “Answer” of flow of its own “Hearing”: from working → working, received"
