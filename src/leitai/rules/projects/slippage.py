"""How many days a project is behind its plan, what explains them, and which of them count.

A plan is never moved; what moves is the forecast, and a delay has a cause. Each late day is given to at most one
cause, so that the account always adds up to the whole: docs/methods/slippage.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from leitai.rules.regime.ventures import ProjectsSpec

Light = Literal["none", "green", "yellow", "red", "done"]
WINTER = "winter"  # the cause of the days on which the rule-book says that building outdoors stops
_ORDER: tuple[Light, ...] = ("done", "none", "green", "yellow", "red")
A_DAY = timedelta(days=1)
MOST = 3660  # days that are looked at one by one: a date typed a century off must not stop the house


@dataclass(frozen=True, slots=True)
class Mark:
    """A milestone: its plan, the day the plan was set, when it is foreseen, when it was reached; outdoors or not."""

    key: str
    plan: date
    set_on: date
    forecast: date | None = None
    fact: date | None = None
    outdoors: bool = False


@dataclass(frozen=True, slots=True)
class Stop:
    """Days, both ends included, on which the project stood still by a cause that another has agreed to."""

    cause: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Slippage:
    """Days a milestone is late: `days == excused + counted`, and `days == sum(by) + unexplained`."""

    key: str
    days: int
    excused: int
    by: Mapping[str, int]
    unexplained: int

    @property
    def counted(self) -> int:
        """The days that turn the light."""
        return self.days - self.excused


@dataclass(frozen=True, slots=True)
class Standing:
    """How a project stands on a day: its light, the milestone that is furthest behind, and when that can change."""

    light: Light
    worst: Slippage | None
    foreseen: Slippage | None
    next: Mark | None
    turns_on: date | None


def slippage(mark: Mark, stops: Iterable[Stop], spec: ProjectsSpec, today: date) -> Slippage:
    """What a milestone has slipped by `today`, or had when it was reached."""
    return _account(mark, stops, spec, mark.fact or today)


def foreseen(mark: Mark, stops: Iterable[Stop], spec: ProjectsSpec, today: date) -> Slippage:
    """What it will have slipped by the day it is foreseen for, if that is still ahead."""
    return _account(mark, stops, spec, max(today, mark.forecast or today))


def _account(mark: Mark, stops: Iterable[Stop], spec: ProjectsSpec, end: date) -> Slippage:
    """The days after the plan up to `end`, each given to one cause: excused ones first, then in the rule-book's order.

    A stop explains days that the plan could not know of: those after it was set. Winter was known when the plan was
    made, so that only the winter days after the plan explain, and no stop explains a winter day.
    """
    total = max(0, (end - mark.plan).days)
    if not total:
        return Slippage(mark.key, 0, 0, {}, 0)
    cold = frozenset(_winter(spec, mark.plan + A_DAY, end)) if mark.outdoors else frozenset()
    dead: dict[str, set[date]] = {WINTER: set(cold)} if cold else {}
    for stop in stops:
        days = _days(max(stop.first, mark.set_on + A_DAY), min(stop.last, end))
        dead.setdefault(stop.cause, set()).update(
            day for day in days if not (mark.outdoors and _is_winter(spec, day))
        )
    by: dict[str, int] = {}
    taken: set[date] = set()
    left = total
    for cause in sorted(dead, key=lambda one: _rank(spec, one)):
        fresh = dead[cause] - taken
        taken |= fresh
        by[cause] = min(left, len(fresh))
        left -= by[cause]
    by = {cause: days for cause, days in by.items() if days}
    excused = sum(days for cause, days in by.items() if excuses(spec, cause))
    return Slippage(mark.key, total, excused, by, left)


def excuses(spec: ProjectsSpec, cause: str) -> bool:
    """Whether days of a cause do not turn the light."""
    return cause == WINTER or (cause in spec.causes and spec.causes[cause].excused)


def _rank(spec: ProjectsSpec, cause: str) -> tuple[bool, int, str]:
    order = [WINTER, *spec.causes]
    return not excuses(spec, cause), order.index(cause) if cause in order else len(order), cause


def standing(
    marks: Iterable[Mark], stops: Iterable[Stop], spec: ProjectsSpec, today: date, *, over: bool
) -> Standing:
    """How a project stands; `over` says that it is in the last stage.

    The light is that of the worst open milestone. What is only foreseen turns it yellow at most: whoever says early
    that it will be late must not be worse off than whoever says nothing.
    """
    rows, halts = list(marks), list(stops)
    still = [mark for mark in rows if mark.fact is None]
    if not still:
        return Standing("done" if over else "none", None, None, None, None)
    now = [slippage(mark, halts, spec, today) for mark in still]
    ahead = [foreseen(mark, halts, spec, today) for mark in still]
    worst = max(now, key=lambda one: (one.counted, one.days))
    coming = max(ahead, key=lambda one: (one.counted, one.days))
    late = [light_of(one, spec) for one in now]
    if "green" in late and coming.counted >= spec.yellow:
        late.append("yellow")
    light = max(late, key=_ORDER.index)
    return Standing(
        light,
        worst if worst.days else None,
        coming if coming.days > worst.days else None,
        min(still, key=lambda mark: (mark.plan, mark.key)),
        min(max(mark.plan, today) for mark in still) + A_DAY,
    )


def light_of(slip: Slippage, spec: ProjectsSpec) -> Light:
    """The light of a milestone that is so late."""
    if slip.counted >= spec.red:
        return "red"
    return "yellow" if slip.counted >= spec.yellow else "green"


def _days(first: date, last: date) -> Iterator[date]:
    for n in range(min(MOST, (last - first).days + 1)):
        yield first + timedelta(days=n)


def _winter(spec: ProjectsSpec, first: date, last: date) -> Iterator[date]:
    return (day for day in _days(first, last) if _is_winter(spec, day))


def _is_winter(spec: ProjectsSpec, day: date) -> bool:
    """Whether building outdoors stops on a day; a winter may go over the new year."""
    if spec.winter is None:
        return False
    first, last = spec.winter
    at = f"{day:%m-%d}"
    return first <= at <= last if first <= last else at >= first or at <= last
