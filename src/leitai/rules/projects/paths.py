"""The critical path of a start: which permits decide when it can be made at the earliest, what would bring it nearer.

The method is the critical path method (Kelley and Walker 1959) on the place's calendar: a permit that is granted is
over; one whose clock runs comes at the earliest when it is due, or now where that has passed; any other takes its own
time after the last of what it needs. docs/methods/critical-path.md works an example through.

    land 10 days → planning 15 days → construction 7 days
    energy 20 days ────────────────→ construction            start on day 32; energy may slip by 5 days
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from leitai.rules.flows.permits import order

MOST = 366  # days of slack beyond which nobody asks how many
_DAY = timedelta(days=1)

# When something that takes so long ("10 workdays") is over that begins at an instant; never earlier for a later begin.
Add = Callable[[datetime, str], datetime]


@dataclass(frozen=True, slots=True)
class Step:
    """A permit as it stands: what it needs, what it takes, and how far it is. Instants are UTC.

    `begun` is when it began to be worked on, `due` when its clock is due where one runs, `granted` when it was granted.
    """

    needs: tuple[str, ...] = ()
    within: str = "1 days"
    granted: datetime | None = None
    begun: datetime | None = None
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A question: this permit is granted by then, that one takes so long from when it begins."""

    by: Mapping[str, datetime] = field(default_factory=dict)
    takes: Mapping[str, str] = field(default_factory=dict)


NOTHING = WhatIf()


@dataclass(frozen=True, slots=True)
class Plan:
    """When each permit is there at the earliest, when the start can be made, and the path that decides it.

    `path` has the permits not yet granted, in order; the first is what holds up the start now. It is () where all are.
    """

    at: datetime
    finish: Mapping[str, datetime]
    path: tuple[str, ...]


def plan(
    steps: Mapping[str, Step], start: Collection[str], now: datetime, add: Add, what: WhatIf = NOTHING
) -> Plan:
    """The plan at an instant. Of permits that are equally late the path goes by name, whatever order they came in.

    Raises ValueError where permits wait for each other, KeyError where the start waits for one that is not there.
    """
    finish: dict[str, datetime] = {}
    for key in order({key: step.needs for key, step in steps.items()}):
        finish[key] = _finish(key, steps[key], finish, now, add, what)
    last = _latest(start, finish)
    return Plan(max([now, *(finish[key] for key in start)]), finish, _path(last, steps, finish, now, what))


def slack(
    steps: Mapping[str, Step],
    start: Collection[str],
    now: datetime,
    add: Add,
    key: str,
    what: WhatIf = NOTHING,
) -> int:
    """Whole days by which a permit may come later than planned without moving the start; at most a year."""
    found = plan(steps, start, now, add, what)
    low, high = 0, MOST
    while low < high:
        middle = (low + high + 1) // 2
        late = WhatIf({**what.by, key: found.finish[key] + middle * _DAY}, what.takes)
        if plan(steps, start, now, add, late).at <= found.at:
            low = middle
        else:
            high = middle - 1
    return low


def gain(
    steps: Mapping[str, Step],
    start: Collection[str],
    now: datetime,
    add: Add,
    key: str,
    what: WhatIf = NOTHING,
) -> timedelta:
    """By how much the start would come nearer if this permit were granted as soon as it can be: now or at its begin."""
    found = plan(steps, start, now, add, what)
    soon = plan(steps, start, now, add, WhatIf({**what.by, key: now}, what.takes))
    return found.at - soon.at


def _finish(
    key: str, step: Step, finish: Mapping[str, datetime], now: datetime, add: Add, what: WhatIf
) -> datetime:
    if step.granted is not None:
        return step.granted
    ready = max([now, *(finish[name] for name in step.needs)])
    if key in what.by:
        return max(what.by[key], ready)
    begin = step.begun if step.begun is not None else ready
    if key in what.takes:
        return max(add(begin, what.takes[key]), ready)
    if step.due is not None:
        return max(step.due, ready)
    return max(add(begin, step.within), ready)


def _latest(keys: Collection[str], finish: Mapping[str, datetime]) -> str | None:
    """The permit that comes last; of several the first by name."""
    return min(keys, key=lambda key: (-finish[key].timestamp(), key), default=None)


def _path(
    last: str | None,
    steps: Mapping[str, Step],
    finish: Mapping[str, datetime],
    now: datetime,
    what: WhatIf,
) -> tuple[str, ...]:
    """Back from the permit that comes last to the one that nothing but time holds up."""
    found: list[str] = []
    at = last
    while at is not None and steps[at].granted is None:
        found.append(at)
        step = steps[at]
        waits = [name for name in step.needs if steps[name].granted is None and finish[name] >= now]
        # What is worked on already, or is said to come later than all it needs, waits for nothing but its own time.
        own = not waits or step.begun is not None or step.due is not None
        if not own and at in what.by and finish[at] > max(finish[name] for name in waits):
            own = True
        at = None if own else _latest(waits, finish)
    return tuple(reversed(found))
