"""Consequences: honours and accountability, proposed with a reason, answered, decided, and over one day.

Why none is decided before a reply, with a worked case: docs/explanation/consequences.md.
"""

from .files import Proposal, Tone, check_decide, expiry, propose
from .flow import FLOW
from .lasting import Lasts, LastsError, parse_lasts

__all__ = [
    "FLOW",
    "Lasts",
    "LastsError",
    "Proposal",
    "Tone",
    "check_decide",
    "expiry",
    "parse_lasts",
    "propose",
]
