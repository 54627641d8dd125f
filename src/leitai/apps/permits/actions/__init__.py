"""Writing starts: opening one, its permits, its papers, the duties of commitments, and the start itself."""

from .granting import commit, drop, grant, withdraw
from .papers import give_paper, return_paper
from .starting import give_up, make_start, open_start
from .ticking import tick_duties

__all__ = [
    "commit",
    "drop",
    "give_paper",
    "give_up",
    "grant",
    "make_start",
    "open_start",
    "return_paper",
    "tick_duties",
    "withdraw",
]
