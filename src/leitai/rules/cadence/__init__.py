"""Cadence: when the meetings, reviews and dispatches of a place come round, and where they move to.

How an occasion is moved off a holiday, with a worked year: docs/explanation/consequences.md.
"""

from .occasions import Coming, between, called, next_after
from .preparing import due_when_told, opens_at, ready_by

__all__ = ["Coming", "between", "called", "due_when_told", "next_after", "opens_at", "ready_by"]
