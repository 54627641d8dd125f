"""Every state that a matter can rest in has an owner, a way out, an event and words; a planted gap is found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from leitai.rules import merits
from leitai.rules.flows import FLOWS, Flow, check_flow
from leitai.rules.regime.parse import parse


def _own() -> list[Flow]:
    """The flows that the shipped rule-books lay down themselves."""
    files = sorted((Path(__file__).parents[2] / "regimes").glob("*/regime.yaml"))
    books = [parse(file.read_text(encoding="utf-8")).regime for file in files]
    return [flow.table(key) for book in books if book is not None for key, flow in book.flows.items()]


ALL = (*FLOWS.values(), merits.FLOW, *_own())


def test_some_shipped_rule_book_has_a_flow_of_its_own() -> None:
    assert len(_own()) >= 2


@pytest.mark.parametrize("flow", ALL, ids=lambda flow: flow.key)
def test_every_flow_is_sound(flow: Flow) -> None:
    assert check_flow(flow) == ()


@pytest.mark.parametrize("flow", ALL, ids=lambda flow: flow.key)
def test_a_state_without_an_owner_is_found(flow: Flow) -> None:
    for lost in (state for state in flow.states if not state.terminal):
        states = tuple(replace(one, owner="none") if one is lost else one for one in flow.states)
        found = check_flow(replace(flow, states=states))
        assert [(one.code, one.values["state"]) for one in found] == [("state-without-owner", lost.key)]


def test_a_state_that_leads_nowhere_and_a_move_without_an_event_are_found() -> None:
    flow = FLOWS["problem"]
    stuck = replace(flow, moves=tuple(move for move in flow.moves if "answered" not in move.from_states))
    assert "dead-end" in {one.code for one in check_flow(stuck)}
    silent = replace(flow, moves=(replace(flow.moves[0], event=""), *flow.moves[1:]))
    assert "move-without-event" in {one.code for one in check_flow(silent)}
