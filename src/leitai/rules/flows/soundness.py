"""Whether a state machine is sound: no matter can get lost in a table that passes this.

Offices lose matters in states that nobody holds ("pending", "elsewhere"). So each state needs a holder
who can move it on, a way to it, a way from it to an end, and each move an event and words in both
languages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from leitai.rules.kernel import N_, Finding, Text

from .machine import FIELDS, NOBODY, ROLES, Flow, Move, State


def check_flow(flow: Flow) -> tuple[Finding, ...]:
    """What is wrong with a table, every fault of it; nothing for a sound one.

    >>> from leitai.rules.flows import FLOWS
    >>> check_flow(FLOWS["problem"])
    ()
    """
    reached = _closure(
        {flow.start}, ((source, move.to_state) for move in flow.moves for source in move.from_states)
    )
    ends = {state.key for state in flow.states if state.terminal}
    ending = _closure(ends, ((move.to_state, source) for move in flow.moves for source in move.from_states))
    found = [*_of_names(flow)]
    for move in flow.moves:
        found += _of_move(flow, move)
    for state in flow.states:
        found += _of_holder(flow, state)
        if state.key not in reached:
            found.append(_fault(flow, "unreachable-state", _UNREACHABLE, state=state.key))
        if state.key not in ending:
            found.append(_fault(flow, "dead-end", _DEAD_END, state=state.key))
    return tuple(found)


_UNKNOWN_STATE = N_("flow %(flow)s knows no state %(state)s")
_UNREACHABLE = N_("no way leads to state %(state)s of flow %(flow)s")
_DEAD_END = N_("no way leads from state %(state)s of flow %(flow)s to an end")
_LABEL = N_("%(name)s of flow %(flow)s needs a label in both languages")


def _of_names(flow: Flow) -> Iterator[Finding]:
    """Faults of the table as a whole: names twice, a start that is no state, milestones nobody passes."""
    if len({state.key for state in flow.states}) < len(flow.states):
        yield _fault(flow, "state-twice", N_("flow %(flow)s names a state twice"))
    if len({move.key for move in flow.moves}) < len(flow.moves):
        yield _fault(flow, "move-twice", N_("flow %(flow)s names a move twice"))
    if flow.start not in {state.key for state in flow.states}:
        yield _fault(flow, "unknown-state", _UNKNOWN_STATE, state=flow.start)
    passed = {*flow.milestones[:1], *(move.milestone for move in flow.moves)}
    message = N_("no move of flow %(flow)s passes milestone %(milestone)s")
    for milestone in flow.milestones:
        if milestone not in passed:
            yield _fault(flow, "milestone-never-passed", message, milestone=milestone)


def _of_move(flow: Flow, move: Move) -> Iterator[Finding]:
    """Faults of one row of moves: unknown names, nobody who may take it, no event, no words."""
    name = {"move": move.key}
    for key in sorted({*move.from_states, move.to_state} - {state.key for state in flow.states}):
        yield _fault(flow, "unknown-state", _UNKNOWN_STATE, state=key, **name)
    if not move.by:
        yield _fault(flow, "move-of-nobody", N_("nobody may take move %(move)s of flow %(flow)s"), **name)
    for role in set(move.by) - (set(ROLES) - {NOBODY}):
        message = N_("move %(move)s of flow %(flow)s: nobody is %(role)s")
        yield _fault(flow, "unknown-role", message, role=role, **name)
    for field in set(move.needs) - set(FIELDS):
        message = N_("move %(move)s of flow %(flow)s asks for %(field)s, which has no words")
        yield _fault(flow, "unknown-field", message, field=field, **name)
    for milestone in {move.milestone, move.undoes} - {None, *flow.milestones}:
        message = N_("move %(move)s of flow %(flow)s: no milestone %(milestone)s")
        yield _fault(flow, "unknown-milestone", message, milestone=milestone, **name)
    if "." not in move.event:
        yield _fault(flow, "move-without-event", N_("move %(move)s of flow %(flow)s writes no event"), **name)
    if not _in_both(move.label):
        yield _fault(flow, "label-missing", _LABEL, name=move.key)


def _of_holder(flow: Flow, state: State) -> Iterator[Finding]:
    """Faults of one row of states: who holds it, and whether that fits its being an end or not."""
    out = [move for move in flow.moves if state.key in move.from_states]
    if state.terminal and out:
        message = N_("state %(state)s of flow %(flow)s is an end and has a way out")
        yield _fault(flow, "way-out-of-the-end", message, state=state.key)
    if state.terminal and state.owner != NOBODY:
        message = N_("state %(state)s of flow %(flow)s is an end and has a holder")
        yield _fault(flow, "owner-of-the-end", message, state=state.key)
    if not state.terminal and (state.owner not in ROLES or state.owner == NOBODY):
        message = N_("nobody holds state %(state)s of flow %(flow)s")
        yield _fault(flow, "state-without-owner", message, state=state.key)
    elif not state.terminal and not any(state.owner in move.by for move in out):
        message = N_("who holds state %(state)s of flow %(flow)s has no move")
        yield _fault(flow, "owner-without-move", message, state=state.key)
    if not _in_both(state.label):
        yield _fault(flow, "label-missing", _LABEL, name=state.key)


def _fault(flow: Flow, code: str, message: str, **values: object) -> Finding:
    return Finding(code, message, values={"flow": flow.key, **values})


def _closure(start: set[str], edges: Iterable[tuple[str, str]]) -> set[str]:
    """Everything that can be reached from `start` along directed edges."""
    pairs, found = tuple(edges), set(start)
    while more := {to for source, to in pairs if source in found} - found:
        found |= more
    return found


def _in_both(label: Text) -> bool:
    return bool(label.zh.strip() and label.en.strip())
