"""Cases: the flows they go through, who may move them when, the clocks on them, and what they say of units.

What each part decides, with worked cases: docs/explanation/casework.md.
"""

from .clocks import (
    GIVEN,
    Clock,
    Happening,
    Light,
    before,
    flow_of,
    judge,
    lay_down,
    light,
    meet,
    next_instant,
    rewind,
    start_clocks,
    tick,
)
from .facts import (
    ByUnit,
    OnTime,
    Rate,
    backlog,
    backlog_days,
    median_errors,
    median_hours,
    on_time,
    opened_in,
    overdue,
    solved,
)
from .flows import FLOWS
from .machine import FIELDS, ROLES, Flow, Move, State, diagram
from .phrases import says_nothing
from .policy import check_move, moves_for
from .sheets import TimeSheet, time_sheet
from .soundness import check_flow

__all__ = [
    "FIELDS",
    "FLOWS",
    "GIVEN",
    "ROLES",
    "ByUnit",
    "Clock",
    "Flow",
    "Happening",
    "Light",
    "Move",
    "OnTime",
    "Rate",
    "State",
    "TimeSheet",
    "backlog",
    "backlog_days",
    "before",
    "check_flow",
    "check_move",
    "diagram",
    "flow_of",
    "judge",
    "lay_down",
    "light",
    "median_errors",
    "median_hours",
    "meet",
    "moves_for",
    "next_instant",
    "on_time",
    "opened_in",
    "overdue",
    "rewind",
    "says_nothing",
    "solved",
    "start_clocks",
    "tick",
    "time_sheet",
]
