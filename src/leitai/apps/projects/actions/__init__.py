"""Writing projects: the library, how each goes, delays and what explains them, the daily light, promotion."""

from .delays import agree, claim, correct, refuse_delay, settle_correction
from .imports import apply_file, keep_map, set_file, take_file
from .judging import judge
from .library import add, change, close, join, leave, note_sums
from .progress import enter, foresee, hold_path, plan, plan_week, raise_problem, reach, tell_task
from .promotion import add_lead, add_team, decide_twins, gather, land, step_lead

__all__ = [
    "add",
    "add_lead",
    "add_team",
    "agree",
    "apply_file",
    "change",
    "claim",
    "close",
    "correct",
    "decide_twins",
    "enter",
    "foresee",
    "gather",
    "hold_path",
    "join",
    "judge",
    "keep_map",
    "land",
    "leave",
    "note_sums",
    "plan",
    "plan_week",
    "raise_problem",
    "reach",
    "refuse_delay",
    "set_file",
    "settle_correction",
    "step_lead",
    "take_file",
    "tell_task",
]
