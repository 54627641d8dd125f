"""Rows of casework: cases with their clocks and steps, and what parties ask, see, find and learn about them."""

from .cases import OPEN, Case, Clock, Step
from .work import (
    Likeness,
    Photo,
    Recheck,
    Reporter,
    Request,
    Sketch,
    SketchPin,
    Slip,
    Suggester,
)

__all__ = [
    "OPEN",
    "Case",
    "Clock",
    "Likeness",
    "Photo",
    "Recheck",
    "Reporter",
    "Request",
    "Sketch",
    "SketchPin",
    "Slip",
    "Step",
    "Suggester",
]
