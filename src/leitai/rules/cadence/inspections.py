"""When each group of inspectors goes where: visits spread evenly over a round's days, none too soon after the last.

Inspections cost those who are visited. So a unit is visited at most once a round, whoever's areas it lies in; and one
that was visited in the thirty days before is put on a later day, or left out of the round where no day is late enough,
unless it is the only one its group has. What is left out is said, with its reason.

>>> days = [date(2022, 6, day) for day in (6, 7, 8)]
>>> [(one.unit, one.day.day) for one in plan({"first": ("court", "tax", "fire")}, days, {"tax": date(2022, 5, 9)})]
[('court', 6), ('fire', 7), ('tax', 8)]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

REST = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Stop:
    """A visit of a group to a unit on a day. `since` is the visit before that keeps it out of the round."""

    group: str
    unit: str
    day: date
    since: date | None = None


def plan(
    areas: Mapping[str, Sequence[str]], days: Sequence[date], last: Mapping[str, date], rest: timedelta = REST
) -> tuple[Stop, ...]:
    """The visits of a round, in order of day: `areas` are units by group, `days` those it may be held on, rising.

    `last` is the day of the visit before, of units that had one. Those never visited, or longest ago, come first.
    Raises ValueError without a day.
    """
    if not days:
        raise ValueError("a round of visits needs at least one day")
    found: list[Stop] = []
    taken: set[str] = set()
    for group, units in areas.items():
        own = [unit for unit in dict.fromkeys(units) if unit not in taken]
        taken.update(own)
        own.sort(key=lambda unit: last.get(unit, date.min))
        alone = len(own) == 1
        for number, unit in enumerate(own):
            day = days[number * len(days) // len(own)]
            before = last.get(unit)
            if before is not None and not alone and day < before + rest:
                late = next((one for one in days if one >= before + rest), None)
                found.append(Stop(group, unit, late or day, None if late else before))
            else:
                found.append(Stop(group, unit, day))
    return tuple(sorted(found, key=lambda one: (one.day, one.group)))
