"""Each flow is one sound table: every state has a holder, a way out, an event and words in both languages."""

from dataclasses import replace

import pytest

from leitai.rules.flows import FLOWS, Flow, Move, State, check_flow, diagram
from leitai.rules.kernel import Text
from leitai.rules.regime import vocabulary

BOTH = Text(zh="甲", en="a")
PROBLEM = FLOWS["problem"]


@pytest.mark.parametrize("flow", FLOWS.values(), ids=lambda flow: flow.key)
def test_every_table_is_sound(flow: Flow) -> None:
    assert check_flow(flow) == ()


def test_every_event_of_a_case_that_a_rule_may_listen_to_is_written_by_some_move() -> None:
    written = {flow.opens for flow in FLOWS.values()} | {m.event for f in FLOWS.values() for m in f.moves}
    # What parties agree about a case, and what is found out about it afterwards, moves it through no flow.
    beside = {"case.transferred", "case.paused", "case.extended", "case.relapsed", "case.rechecked"}
    assert {kind for kind in vocabulary.EVENTS if kind.startswith("case.")} - beside <= written
    assert not beside & written


@pytest.mark.parametrize("flow", FLOWS.values(), ids=lambda flow: flow.key)
def test_a_case_is_closed_exactly_when_it_enters_an_end(flow: Flow) -> None:
    for move in flow.moves:
        ends = flow.state(move.to_state).terminal
        assert (move.event == "case.closed") == ends == (move.milestone == "closed"), move.key


@pytest.mark.parametrize("flow", FLOWS.values(), ids=lambda flow: flow.key)
def test_the_unit_never_ends_its_own_case(flow: Flow) -> None:
    for move in flow.moves:
        assert not (flow.state(move.to_state).terminal and "unit" in move.by), move.key


def _with_state(**change: object) -> Flow:
    states = tuple(replace(one, **change) if one.key == "working" else one for one in PROBLEM.states)
    return replace(PROBLEM, states=states)


def _with_move(key: str, **change: object) -> Flow:
    moves = tuple(replace(one, **change) if one.key == key else one for one in PROBLEM.moves)
    return replace(PROBLEM, moves=moves)


LOST = State("lost", "unit", BOTH)
TO_LOST = Move("lose", ("working",), "lost", ("unit",), "case.lost", BOTH)

ISLAND = replace(LOST, terminal=True, owner="none")
PLANTED = {
    "state-without-owner": _with_state(owner=""),
    "owner-without-move": _with_state(owner="enterprise"),
    "unreachable-state": replace(PROBLEM, states=(*PROBLEM.states, ISLAND)),
    "dead-end": replace(PROBLEM, states=(*PROBLEM.states, LOST), moves=(*PROBLEM.moves, TO_LOST)),
    "unknown-state": _with_move("answer", to_state="nowhere"),
    "unknown-role": _with_move("answer", by=("unit", "nobody-known")),
    "unknown-field": _with_move("answer", needs=("mood",)),
    "unknown-milestone": _with_move("answer", milestone="done"),
    "milestone-never-passed": _with_move("reply", milestone=None),
    "move-without-event": _with_move("answer", event=""),
    "move-of-nobody": _with_move("answer", by=()),
    "label-missing": _with_move("answer", label=Text(zh="只有中文")),
    "way-out-of-the-end": _with_move("return", from_states=("answered", "closed")),
    "owner-of-the-end": replace(
        PROBLEM, states=tuple(replace(s, owner="unit") if s.terminal else s for s in PROBLEM.states)
    ),
    "state-twice": replace(PROBLEM, states=(*PROBLEM.states, PROBLEM.states[0])),
    "move-twice": replace(PROBLEM, moves=(*PROBLEM.moves, PROBLEM.moves[0])),
}


@pytest.mark.parametrize("code", PLANTED)
def test_a_planted_fault_is_found(code: str) -> None:
    found = check_flow(PLANTED[code])
    assert code in {finding.code for finding in found}
    assert all(finding.text for finding in found)


def test_a_loop_without_an_end_is_a_dead_end() -> None:
    back = Move("find", ("lost",), "lost", ("unit",), "case.found", BOTH)
    flow = replace(PROBLEM, states=(*PROBLEM.states, LOST), moves=(*PROBLEM.moves, TO_LOST, back))
    assert {finding.code for finding in check_flow(flow)} == {"dead-end"}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_diagram_shows_every_state_and_move(language: str) -> None:
    for flow in FLOWS.values():
        drawn = diagram(flow, language)
        assert drawn.startswith("stateDiagram-v2\n")
        for state in flow.states:
            assert f'"{state.label.show(language)}' in drawn
        arrows = sum(len(move.from_states) for move in flow.moves)
        assert drawn.count(" --> ") == 1 + arrows + sum(state.terminal for state in flow.states)


def test_a_milestone_fulfils_those_before_it() -> None:
    assert PROBLEM.fulfils("replied") == ("opened", "dispatched", "replied")
    assert PROBLEM.follows("answered") == ("answered", "closed")
