"""Checks of flows of a rule-book's own: no case may get lost in one, and nobody ends what they answer for."""

from __future__ import annotations

from collections.abc import Iterable

from leitai.rules.flows import FIELDS, FLOWS, MOVE_EVENTS, NOBODY, Flow, check_flow
from leitai.rules.kernel import N_

from ..cases import FlowSpec, MoveSpec
from .desk import Desk

# Who can act on the cases of such a flow. Callers and reviewers act on verdicts, not on cases.
HOLDERS = ("office", "unit", "enterprise")
# Steps that every case can take beside the moves of its flow, by whose keys no move may go.
STEPS = (
    "open", "transfer", "help", "pause", "resume", "extend", "join", "leave", "reporter-over", "reporter-not-over",
)  # fmt: skip
LONGEST = 20  # letters of a key of a state, move or milestone
FIRST, LAST = "opened", "closed"
_UNIT = "unit"
_CLOSED = "case.closed"
_Path = tuple[object, ...]


def check_flows(desk: Desk) -> None:
    """Names first; only where all are known, the table as a whole."""
    used = {case.flow for case in desk.regime.cases.values()}
    for key, spec in desk.regime.flows.items():
        path = ("flows", key)
        if key in FLOWS:
            message = N_("“%(key)s” is a flow of the house; give your own another key")
            desk.error_at_key("same-key", message, *path, key=key)
        if _names(desk, spec, path):
            flow = spec.table(key)
            _sound(desk, flow, path)
            _closing(desk, flow, path)
            _holders(desk, flow, path)
        if key not in used:
            desk.warn("unused-flow", N_("no kind of case goes through “%(key)s”"), *path, key=key)


def _names(desk: Desk, spec: FlowSpec, path: _Path) -> bool:
    """Whether every name in a flow is one that there is."""
    sound = desk.known_at("state", spec.start, spec.states, *path, "start")
    sound &= _short(desk, spec.states, (*path, "states")) and _short(desk, spec.moves, (*path, "moves"))
    for index, milestone in enumerate(spec.milestones):
        at = (*path, "milestones", index)
        if len(milestone) > LONGEST:
            sound = _long(desk, milestone, at)
        if milestone in spec.milestones[:index]:
            desk.error("same-key", N_("“%(key)s” is named twice"), *at, key=milestone)
            sound = False
    for name, state in spec.states.items():
        sound &= desk.known_at("holder", state.held, (*HOLDERS, NOBODY), *path, "states", name, "held")
    for name, move in spec.moves.items():
        sound &= _move(desk, spec, name, move, (*path, "moves", name))
    return sound


def _move(desk: Desk, spec: FlowSpec, name: str, move: MoveSpec, path: _Path) -> bool:
    sound = desk.known_at("state", move.to, spec.states, *path, "to")
    for what, values, names, part in (
        ("state", move.from_, tuple(spec.states), "from"),
        ("role", move.by, HOLDERS, "by"),
        ("box", move.needs, tuple(FIELDS), "needs"),
    ):
        for index, value in enumerate(values):
            sound &= desk.known_at(what, value, names, *path, part, index)
    sound &= desk.known_at("event", move.event, MOVE_EVENTS, *path, "event")
    for part, milestone in (("milestone", move.milestone), ("undoes", move.undoes)):
        if milestone is not None:
            sound &= desk.known_at("milestone", milestone, spec.milestones, *path, part)
    if name in STEPS:
        message = N_("“%(key)s” is a step that every case can take; give the move another key")
        desk.error_at_key("same-key", message, *path, key=name)
        sound = False
    return sound


def _short(desk: Desk, keys: Iterable[str], path: _Path) -> bool:
    sound = True
    for key in keys:
        if len(key) > LONGEST:
            sound = _long(desk, key, (*path, key))
    return sound


def _long(desk: Desk, key: str, path: _Path) -> bool:
    message = N_("“%(key)s” is too long; a key of a flow has at most %(most)s letters")
    desk.error_at_key("long-key", message, *path, key=key, most=LONGEST)
    return False


def _sound(desk: Desk, flow: Flow, path: _Path) -> None:
    """What the house asks of its own tables. One language is enough for a name, as everywhere in a rule-book."""
    for finding in check_flow(flow):
        values = finding.values
        if "state" in values:
            at: _Path = ("states", values["state"])
        elif "milestone" in values:
            at = ("milestones", flow.milestones.index(str(values["milestone"])))
        else:
            continue
        desk.error_at_key(finding.code, finding.message, *path, *at, **values)


def _closing(desk: Desk, flow: Flow, path: _Path) -> None:
    """A case is opened first and closed last; it is closed exactly when it comes to an end, and not by the unit."""
    for index, wanted in ((0, FIRST), (len(flow.milestones) - 1, LAST)):
        if flow.milestones[index] != wanted:
            message = N_("the first milestone is “opened” and the last is “closed”, not “%(name)s”")
            desk.error("bad-milestone", message, *path, "milestones", index, name=flow.milestones[index])
    for move in flow.moves:
        at = (*path, "moves", move.key)
        ends = flow.state(move.to_state).terminal
        if (move.event == _CLOSED) is not ends:
            message = N_("what comes to an end writes “case.closed”, and nothing else does")
            desk.error("not-an-end", message, *at, "event")
        elif (move.milestone == LAST) is not ends and LAST in flow.milestones:
            message = N_("what comes to an end passes the milestone “closed”, and nothing else does")
            desk.error_at_key("not-an-end", message, *at)
        elif ends and _UNIT in move.by:
            message = N_("the unit does not end its own case; let the office or the enterprise do it")
            desk.error("unit-ends", message, *at, "by", move.by.index(_UNIT))


def _holders(desk: Desk, flow: Flow, path: _Path) -> None:
    """A unit holds nothing before it is named, and nothing rests with an enterprise alone: a case may have none."""
    reached = {flow.start}
    bare = [move for move in flow.moves if _UNIT not in move.needs]
    while more := {move.to_state for move in bare if reached & set(move.from_states)} - reached:
        reached |= more
    named = flow.state(flow.start).owner == _UNIT  # such a case is opened with its unit
    for state in flow.states:
        at = (*path, "states", state.key)
        if state.owner == _UNIT and state.key in reached and not named:
            message = N_(
                "a case can come to “%(state)s” before a unit is named; let a move on the way need “unit”"
            )
            desk.error_at_key("nobody-named", message, *at, state=state.key)
        if state.owner == "enterprise" and not any(
            state.key in move.from_states and "office" in move.by for move in flow.moves
        ):
            message = N_("a case may have no enterprise; let the office have a move out of “%(state)s” too")
            desk.error_at_key("enterprise-alone", message, *at, state=state.key)
