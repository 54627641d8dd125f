"""Rehearsal: a rule-book's worked cases played on the real rules, before anybody is judged by them.

A clerk writes what should happen (see docs/how-to/write-a-rule-book.md); `rehearse` says where it does not.
"""

from .play import rehearse
from .tables import arena_table

__all__ = ["arena_table", "rehearse"]
