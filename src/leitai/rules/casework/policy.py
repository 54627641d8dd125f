"""Whether a move may be taken now, asked once for the button and for the server.

Who may act at all is a question of permissions; here only the table, the state and the form
decide. A reply that only stops a clock ("收到" in the ninth minute) is no reply: it must say who
handles the matter, what comes next and by when, and words that say nothing are refused in every
box.
"""

from __future__ import annotations

from collections.abc import Mapping

from leitai.rules.flows import CHOICES, FIELDS, ROLES, Flow, Move
from leitai.rules.kernel import N_, Finding

from .phrases import says_nothing


def check_move(flow: Flow, state: str, move: str, role: str, form: Mapping[str, str]) -> Finding | None:
    """Why a role may not take a move from a state with this form; None where it may.

    Raises KeyError for a state or move that the flow does not have (a programmer's fault).
    """
    here, step = flow.state(state), flow.move(move)
    values: dict[str, object] = {"move": step.label, "state": here.label}
    if state not in step.from_states:
        message = N_("“%(move)s” cannot be done while the matter is “%(state)s”")
        return Finding("wrong-state", message, values=values)
    if role not in step.by:
        values["role"] = ROLES[role]
        return Finding("wrong-role", N_("“%(move)s” is not for %(role)s to do"), values=values)
    for name in step.needs:
        text = form.get(name, "")
        about = values | {"field": FIELDS[name], "name": name}
        if not text.strip():
            return Finding("field-missing", N_("“%(move)s” needs “%(field)s”"), values=about)
        if name not in CHOICES and says_nothing(text):
            return Finding(
                "says-nothing",
                N_("“%(field)s” says nothing: write what another person could check"),
                values=about | {"given": text},
            )
    return None


def moves_for(flow: Flow, state: str, role: str) -> tuple[Move, ...]:
    """The moves a role can take from a state, in table order: the buttons of its page."""
    return tuple(move for move in flow.moves if state in move.from_states and role in move.by)
