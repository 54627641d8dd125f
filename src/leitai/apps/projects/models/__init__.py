"""Rows of projects: the project itself, how it goes against its plan, and how business was won for the place."""

from .imports import ImportLine, ImportMap, ImportRun
from .projects import Amount, Entry, Membership, Party, Project
from .promotion import Gathering, Lead, LeadStep, Part, Team, Twins
from .work import Correction, Delay, Milestone, Task

__all__ = [
    "Amount",
    "Correction",
    "Delay",
    "Entry",
    "Gathering",
    "ImportLine",
    "ImportMap",
    "ImportRun",
    "Lead",
    "LeadStep",
    "Membership",
    "Milestone",
    "Part",
    "Party",
    "Project",
    "Task",
    "Team",
    "Twins",
]
