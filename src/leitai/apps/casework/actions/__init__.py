"""Writing cases: opening them, moving them on, what their parties ask of each other, and what their clocks do."""

from .imports import CaseRecord, import_cases
from .moves import MOVE_EVENTS, move_case
from .opening import open_case
from .photos import add_photo
from .rechecks import draw_rechecks, finish_recheck, show_phone
from .reporters import KEEP, keep_reporter, purge_reporters, say_not_over, say_over
from .requests import answer_request, ask, resume, withdraw
from .roots import join, leave
from .sketches import decide_likeness, sketch_closing
from .suggesting import learn
from .ticking import end_pause, repin_clock, sign_slip, tick_clocks

__all__ = [
    "KEEP",
    "MOVE_EVENTS",
    "CaseRecord",
    "add_photo",
    "answer_request",
    "ask",
    "decide_likeness",
    "draw_rechecks",
    "end_pause",
    "finish_recheck",
    "import_cases",
    "join",
    "keep_reporter",
    "learn",
    "leave",
    "move_case",
    "open_case",
    "purge_reporters",
    "repin_clock",
    "resume",
    "say_not_over",
    "say_over",
    "show_phone",
    "sign_slip",
    "sketch_closing",
    "tick_clocks",
    "withdraw",
]
