"""Writing chains: the data of a chain, figures of a firm; gaps as work, from opening to their end."""

from .data import note_firm, put_chain
from .gaps import change_gap, end_gap, open_gap, say, tie, untie

__all__ = ["change_gap", "end_gap", "note_firm", "open_gap", "put_chain", "say", "tie", "untie"]
