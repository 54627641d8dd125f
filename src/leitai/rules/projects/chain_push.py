"""What the chief of a chain should push this month: gaps at work that need a word, the most pressing first.

A gap is pressing for a reason that can be looked up: it is late, a case that blocks it is late, it is due this month,
nothing was said of it for a month, or nobody has brought a lead or a project to it. Among equals the more critical link
comes first. docs/methods/criticality.md says it with an example.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

REASONS = ("late", "blocked", "due", "behind", "quiet", "bare")
QUIET = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Work:
    """A gap at work: when it is due, the last day on which something was said of it, what is tied to it.

    `critical` is that of its link, 0 to 1; `blocked` the open cases in its way that are late; `behind` its projects
    whose light is red.
    """

    key: int
    due: date
    said: date
    critical: Decimal = Decimal(0)
    blocked: int = 0
    leads: int = 0
    projects: int = 0
    behind: int = 0


@dataclass(frozen=True, slots=True)
class Push:
    """A gap to push, and why: of `REASONS`, the most pressing first."""

    key: int
    reasons: tuple[str, ...]


def push(works: Iterable[Work], today: date) -> tuple[Push, ...]:
    """The gaps to push this month, the most pressing first; one that needs no word is left out."""
    told = [(work, _reasons(work, today)) for work in works]
    order = sorted(
        (one for one in told if one[1]),
        key=lambda one: (REASONS.index(one[1][0]), -one[0].critical, one[0].due, one[0].key),
    )
    return tuple(Push(work.key, reasons) for work, reasons in order)


def _reasons(work: Work, today: date) -> tuple[str, ...]:
    within = (work.due.year, work.due.month) == (today.year, today.month)
    holds = {
        "late": work.due < today,
        "blocked": work.blocked > 0,
        "due": work.due >= today and within,
        "behind": work.behind > 0,
        "quiet": today - work.said > QUIET,
        "bare": not (work.leads or work.projects),
    }
    return tuple(reason for reason in REASONS if holds[reason])
