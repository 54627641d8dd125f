"""Reading chains: a chain with its ends, gaps and criticality; work on gaps; what its chief should push."""

from .board import Chain, board, chain, chief_name, chiefs, link, member
from .work import Work, gap, of_unit, pressing, tie, work, works

__all__ = [
    "Chain",
    "Work",
    "board",
    "chain",
    "chief_name",
    "chiefs",
    "gap",
    "link",
    "member",
    "of_unit",
    "pressing",
    "tie",
    "work",
    "works",
]
