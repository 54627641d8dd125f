"""Cases: the flows they go through, who may move them when, the clocks on them, and what they say of units.

What each part decides, with worked cases: docs/explanation/casework.md.
"""

from leitai.rules.flows import (
    FIELDS,
    FLOWS,
    MOVE_EVENTS,
    ROLES,
    Flow,
    Move,
    State,
    check_flow,
    diagram,
)

from .answers import answers
from .clocks import (
    Happening,
    Light,
    judge,
    lay_down,
    light,
    meet,
    next_instant,
    rewind,
    start_clocks,
    tick,
)
from .explain import Account, Asked, Given, Matter, account
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
    p90_hours,
    paused_share,
    responded,
    share_of,
    solved,
)
from .flows import flow_of
from .hands import Hold, hands, passes
from .pauses import extend, repin, resume, suspend
from .phrases import says_nothing
from .policy import check_move, moves_for
from .rechecks import draw_seed, sample_size, upper_bound
from .replay import OUTCOMES, Outcome, Replayed, Verdict, replay, verdicts
from .runs import GIVEN, NO_PINS, Clock, Pins, Rung, before
from .sheets import TimeSheet, time_sheet
from .steps import COLOURS, GRAVITY, REQUESTS, STEPS
from .survival import InTime, in_time

__all__ = [
    "COLOURS",
    "FIELDS",
    "FLOWS",
    "GIVEN",
    "GRAVITY",
    "MOVE_EVENTS",
    "NO_PINS",
    "OUTCOMES",
    "REQUESTS",
    "ROLES",
    "STEPS",
    "Account",
    "Asked",
    "ByUnit",
    "Clock",
    "Flow",
    "Given",
    "Happening",
    "Hold",
    "InTime",
    "Light",
    "Matter",
    "Move",
    "OnTime",
    "Outcome",
    "Pins",
    "Rate",
    "Replayed",
    "Rung",
    "State",
    "TimeSheet",
    "Verdict",
    "account",
    "answers",
    "backlog",
    "backlog_days",
    "before",
    "check_flow",
    "check_move",
    "diagram",
    "draw_seed",
    "extend",
    "flow_of",
    "hands",
    "in_time",
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
    "p90_hours",
    "passes",
    "paused_share",
    "repin",
    "replay",
    "responded",
    "resume",
    "rewind",
    "sample_size",
    "says_nothing",
    "share_of",
    "solved",
    "start_clocks",
    "suspend",
    "tick",
    "time_sheet",
    "upper_bound",
    "verdicts",
]
