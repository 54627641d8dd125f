"""What a week, a month or a quarter came to, from what is on record anyway: milestones, tasks, sums. Counts, no shares.

A share of work done that nobody can look at is left out on purpose: a milestone was reached or was not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from leitai.rules.kernel import Period

from .slippage import Mark

SUMS = ("planned", "contracted", "arrived", "invested")


@dataclass(frozen=True, slots=True)
class Done:
    """Tasks of a period: how many, done, said not to be done, and about which nothing was said."""

    planned: int = 0
    done: int = 0
    missed: int = 0

    @property
    def unsaid(self) -> int:
        """About which nothing was said."""
        return self.planned - self.done - self.missed

    def __add__(self, other: Done) -> Done:
        return Done(self.planned + other.planned, self.done + other.done, self.missed + other.missed)


@dataclass(frozen=True, slots=True)
class Review:
    """What a period came to for a project, or for several together; sums are what was added in it, in yuan."""

    due: int = 0
    on_time: int = 0
    late: int = 0
    open: int = 0
    reached: int = 0
    tasks: Done = field(default_factory=Done)
    added: Mapping[str, Decimal] = field(default_factory=dict)

    def __add__(self, other: Review) -> Review:
        added = {
            what: self.added.get(what, Decimal(0)) + other.added.get(what, Decimal(0))
            for what in SUMS
            if what in self.added or what in other.added
        }
        return Review(
            self.due + other.due,
            self.on_time + other.on_time,
            self.late + other.late,
            self.open + other.open,
            self.reached + other.reached,
            self.tasks + other.tasks,
            added,
        )


def review(
    period: Period,
    marks: Iterable[Mark],
    outcomes: Iterable[str],
    amounts: Mapping[str, Sequence[tuple[date, Decimal]]],
) -> Review:
    """A project's period. `outcomes` are those of its tasks ("", "done", "not-done"); `amounts` each sum's history.

    Of the milestones planned for the period: reached by the day planned, reached later, still open; `reached` are all
    that were reached in it, whenever they were planned for.
    """
    rows = list(marks)
    due = [mark for mark in rows if mark.plan in period]
    on_time = sum(mark.fact is not None and mark.fact <= mark.plan for mark in due)
    late = sum(mark.fact is not None and mark.fact > mark.plan for mark in due)
    told = list(outcomes)
    before = period.first - timedelta(days=1)
    added = {
        what: (amount_on(history, period.last) or Decimal(0)) - (amount_on(history, before) or Decimal(0))
        for what, history in amounts.items()
        if amount_on(history, period.last) is not None
    }
    return Review(
        len(due),
        on_time,
        late,
        len(due) - on_time - late,
        sum(mark.fact is not None and mark.fact in period for mark in rows),
        Done(len(told), told.count("done"), told.count("not-done")),
        added,
    )


def amount_on(history: Iterable[tuple[date, Decimal]], day: date) -> Decimal | None:
    """What a sum was on a day: the last word up to it; None where nothing was said yet."""
    said = [one for one in history if one[0] <= day]
    return max(said, key=lambda one: one[0])[1] if said else None
