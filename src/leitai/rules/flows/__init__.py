"""State machines as tables: what one is, when it is sound, and those that the house brings for cases.

Below the rule-book, so that a flow which a rule-book lays down itself is held to the same as the house's own.
"""

from .machine import CHOICES, FIELDS, NOBODY, ROLES, Flow, Move, State, diagram
from .soundness import check_flow
from .tables import FLOWS, MOVE_EVENTS

__all__ = [
    "CHOICES",
    "FIELDS",
    "FLOWS",
    "MOVE_EVENTS",
    "NOBODY",
    "ROLES",
    "Flow",
    "Move",
    "State",
    "check_flow",
    "diagram",
]
