"""The time sheet of a clock: how its due instant was counted and what became of it, for whoever is held
to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from leitai.rules.kernel import Text
from leitai.rules.worktime import Calendar, Line, explain, parse_within

from .clocks import GIVEN, Clock

_FORMAT = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True, slots=True)
class TimeSheet:
    """The count day by day (empty for a due time the record brought itself), and sentences that close it."""

    lines: tuple[Line, ...]
    verdict: tuple[Text, ...]

    def text(self, language: str = "en") -> tuple[str, ...]:
        """The whole sheet as lines for people."""
        return (*(line.text(language) for line in self.lines), *(one.show(language) for one in self.verdict))


def time_sheet(clock: Clock, calendar: Calendar, now: datetime) -> TimeSheet:
    """The sheet of a clock as of `now` (aware), in the calendar's zone.

    The verdict rests on the due instant that was fixed when the clock started. Where the calendar has changed
    since, the sheet says so, and a recount that differs never replaces it.
    """
    lines = () if clock.within == GIVEN else explain(clock.started, parse_within(clock.within), calendar)
    verdict = [_verdict(clock, calendar, now)]
    if clock.calendar_version and clock.calendar_version != calendar.version:
        verdict.append(
            Text(
                zh=f"到期时间按当时的日历版本{clock.calendar_version}确定；现行版本为{calendar.version}，不溯及既往",
                en=f"The due time was fixed by calendar version {clock.calendar_version}; "
                f"the version now is {calendar.version} and changes nothing about it",
            )
        )
    return TimeSheet(lines, tuple(verdict))


def _verdict(clock: Clock, calendar: Calendar, now: datetime) -> Text:
    def at(instant: datetime) -> str:
        return instant.astimezone(calendar.zone).strftime(_FORMAT)

    if clock.void is not None:
        gone = at(clock.void)
        return Text(zh=f"{gone}退回，此前计时不作数", en=f"Sent back at {gone}: this run does not count")
    if clock.due is None:
        return Text(zh="记录未给出到期时间", en="The record brought no due time")
    due = at(clock.due)
    if clock.met is not None and clock.met <= clock.due:
        return Text(zh=f"到期{due}，{at(clock.met)}完成：按时", en=f"Due {due}, met {at(clock.met)}: on time")
    if clock.met is not None:
        return Text(zh=f"到期{due}，{at(clock.met)}完成：超期", en=f"Due {due}, met {at(clock.met)}: late")
    if now > clock.due:
        return Text(zh=f"到期{due}，尚未完成：已超期", en=f"Due {due}, not met: overdue")
    return Text(zh=f"到期{due}，计时中", en=f"Due {due}, running")
