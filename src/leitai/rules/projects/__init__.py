"""Projects: what must be shown before a stage is entered, days behind the plan and why, what a period came to.

A plan is never moved; a delay has a cause. How days are given to causes: docs/methods/slippage.md.
"""

from .progress import SUMS, Done, Review, amount_on, review
from .slippage import (
    WINTER,
    Light,
    Mark,
    Slippage,
    Standing,
    Stop,
    excuses,
    foreseen,
    light_of,
    slippage,
    standing,
)
from .stages import Stay, due, is_back, needs, refusal, stays

__all__ = [
    "SUMS",
    "WINTER",
    "Done",
    "Light",
    "Mark",
    "Review",
    "Slippage",
    "Standing",
    "Stay",
    "Stop",
    "amount_on",
    "due",
    "excuses",
    "foreseen",
    "is_back",
    "light_of",
    "needs",
    "refusal",
    "review",
    "slippage",
    "standing",
    "stays",
]
