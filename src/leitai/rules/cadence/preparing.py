"""What comes before an occasion: when those who come are told of it, and by when a thing must be ready.

Counted back from the occasion, as docs/explanation/consequences.md shows on cases:

    workdays   the day of the occasion is not counted; it opens when the n-th workday before it begins work, and
               what must be ready is due when the n-th workday before it ends work
    days       the same wall time so many dates earlier, whatever those days are
    minutes    so much time in the open windows before it

Nobody is late with what they were not asked for: whoever is told later than the rule-book says has as much more
time, at most until the occasion itself.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from leitai.rules.regime.model import OccasionSpec
from leitai.rules.worktime import Calendar, Within, parse_within
from leitai.rules.worktime.clock import in_zone, last_close, need_workdays, spans, to_utc, wall

_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)


def opens_at(spec: OccasionSpec, at: datetime, calendar: Calendar) -> datetime | None:
    """When an occasion that is held at `at` (aware) opens, in UTC; None for one that does not.

    Raises CalendarError where workdays are counted on a calendar that has none.
    """
    return None if spec.opens is None else _before(at, parse_within(spec.opens), calendar, close=False)


def ready_by(by: str, at: datetime, calendar: Calendar) -> datetime:
    """When something that must be ready "2 workdays" before an occasion at `at` (aware) is due, in UTC."""
    return _before(at, parse_within(by), calendar, close=True)


def due_when_told(spec: OccasionSpec, by: str, at: datetime, told: datetime, calendar: Calendar) -> datetime:
    """When it is due from someone told of it at `told` (aware): `ready_by`, later by as much as they were told late.

    Counted in whole minutes, rounded up. The occasion itself is the end of it, also where the rule-book leaves
    no time between telling and being ready.
    """
    opens, due = opens_at(spec, at, calendar), ready_by(by, at, calendar)
    late = max(timedelta(), -((opens - told) // _MINUTE) * _MINUTE) if opens is not None else timedelta()
    return min(at, due + late) if due + late > told else at


def _before(at: datetime, within: Within, calendar: Calendar, *, close: bool) -> datetime:
    """So long before an instant; of a workday its last close, or its first opening."""
    local = in_zone(at, calendar)
    if within.unit == "days":
        return to_utc(local.date() - within.amount * _DAY, local.time(), calendar)
    if within.unit == "workdays":
        need_workdays(calendar)
        day, left = local.date(), within.amount
        while left:
            day -= _DAY
            left -= calendar.day(day).working
        return last_close(day, calendar) if close else wall(day, calendar.day(day).windows[0][0], calendar)
    day, missing = local.date(), timedelta(seconds=within.open_seconds or 0)
    while True:
        for opens, closes in reversed(spans(day, calendar)):
            end = min(closes, at.astimezone(UTC))
            if end - opens >= missing:
                return end - missing
            missing -= max(timedelta(), end - opens)
        day -= _DAY
