"""Writing consequences: proposed by a rule, answered by the one concerned, decided by people, and over one day."""

from .deciding import appeal, decide, keep, settle
from .filing import flag, object_to, propose, reply, tell_over, withdraw
from .looking import look

__all__ = [
    "appeal",
    "decide",
    "flag",
    "keep",
    "look",
    "object_to",
    "propose",
    "reply",
    "settle",
    "tell_over",
    "withdraw",
]
