"""Consequences: honours and accountability, proposed with a reason, answered, decided, and over one day.

Why none is decided before a reply, with a worked case: docs/explanation/consequences.md.
"""

from .files import (
    Proposal,
    Tone,
    appeal_by,
    body_of,
    check_appeal,
    check_decide,
    check_decider,
    check_object,
    expiry,
    is_against,
    propose,
    stands,
)
from .flow import FLOW
from .lasting import Lasts, LastsError, parse_lasts

__all__ = [
    "FLOW",
    "Lasts",
    "LastsError",
    "Proposal",
    "Tone",
    "appeal_by",
    "body_of",
    "check_appeal",
    "check_decide",
    "check_decider",
    "check_object",
    "expiry",
    "is_against",
    "parse_lasts",
    "propose",
    "stands",
]
