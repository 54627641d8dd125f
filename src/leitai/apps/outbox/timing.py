"""When a message goes out: at once or with a digest, and not in the quiet hours. Plain arithmetic in the place's zone.

digest daily at 08:00, quiet 20:00-07:30:  what happens at 21:15 goes out at 08:00
at once,               quiet 20:00-07:30:  what happens at 21:15 goes out at 07:30, with all else of that night
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo


@dataclass(frozen=True, slots=True)
class Manner:
    """A channel's manner: `digest` is "" (at once), "hourly" or "daily" (at `daily_at`); quiet from-to, or neither."""

    digest: str = ""
    daily_at: time | None = None
    quiet_from: time | None = None
    quiet_to: time | None = None


def is_quiet(manner: Manner, clock: time) -> bool:
    """Whether the quiet hours hold at a time of day; they may run over midnight, and end as they begin to be over."""
    begin, end = manner.quiet_from, manner.quiet_to
    if begin is None or end is None:
        return False
    return begin <= clock < end if begin < end else clock >= begin or clock < end


def slot(manner: Manner, now: datetime, zone: tzinfo) -> datetime | None:
    """The instant (UTC) at which what happened at `now` goes out with all else of that slot; None: by itself, now.

    Never before `now`, and of a digest always after it, so that nothing joins a digest that has gone out.
    """
    local = now.astimezone(zone)
    at: datetime | None = None
    if manner.digest == "daily" and manner.daily_at is not None:
        at = _next(manner.daily_at, now, zone)
    elif manner.digest == "hourly":
        into = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        at = now.astimezone(UTC) - into + timedelta(hours=1)
    if manner.quiet_to is not None and is_quiet(manner, (at or now).astimezone(zone).time()):
        at = _next(manner.quiet_to, at or now, zone)
    return at


def _next(clock: time, after: datetime, zone: tzinfo) -> datetime:
    """The first instant (UTC) after another at which it is this time of day."""
    day = after.astimezone(zone).date()
    while True:
        at = datetime.combine(day, clock, zone).astimezone(UTC)
        if at > after:
            return at
        day += timedelta(days=1)
