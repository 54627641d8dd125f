"""Writing burden: asks beside the rule-book and the answers to them, months above the ceiling."""

from .asks import make, reply, withdraw
from .excess import tell_excess

__all__ = ["make", "reply", "tell_excess", "withdraw"]
