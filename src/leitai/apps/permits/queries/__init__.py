"""Reading starts: lists, one start with its critical path and who holds what, and a project's start."""

from ..rows import spec_of
from .accounts import Account, Owed, PaperView, PermitView, account
from .lists import Line, Narrow, by_subject, lines, listed, of_enterprise, of_project, permit, start, theirs

__all__ = [
    "Account",
    "Line",
    "Narrow",
    "Owed",
    "PaperView",
    "PermitView",
    "account",
    "by_subject",
    "lines",
    "listed",
    "of_enterprise",
    "of_project",
    "permit",
    "spec_of",
    "start",
    "theirs",
]
