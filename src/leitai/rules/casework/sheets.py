"""The time sheet of one run of a clock: how its due instant was counted and what became of it, for whoever is
held to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from leitai.rules.kernel import Text
from leitai.rules.worktime import Calendar, Line, explain, parse_within

from .runs import GIVEN, Clock

_FORMAT = "%Y-%m-%d %H:%M:%S"

# Why a run ended before it was met; %s is when.
_ENDED: Mapping[str, Text] = MappingProxyType(
    {
        "": Text(zh="%s退回，此前计时不作数", en="Sent back at %s: this run does not count"),
        "returned": Text(zh="%s退回，此前计时不作数", en="Sent back at %s: this run does not count"),
        "handed-back": Text(zh="%s退回交办，此前计时不作数", en="Handed back at %s: this run does not count"),
        "set-aside": Text(zh="%s不予受理，不再计时", en="Not taken up at %s: nothing is counted any more"),
        "paused": Text(zh="%s暂停计时，剩余时间保留", en="Paused at %s: the time that was left is kept"),
        "resumed": Text(
            zh="%s提前恢复计时，剩余时间从此刻接着算",
            en="Resumed early at %s: the time that was left runs on from then",
        ),
        "extended": Text(zh="%s批准延期，另行计时", en="More time was given at %s: another run follows"),
    }
)


@dataclass(frozen=True, slots=True)
class TimeSheet:
    """The count day by day (empty for a due time that was said, not counted), and sentences that close it."""

    lines: tuple[Line, ...]
    verdict: tuple[Text, ...]

    def text(self, language: str = "en") -> tuple[str, ...]:
        """The whole sheet as lines for people."""
        return (*(line.text(language) for line in self.lines), *(one.show(language) for one in self.verdict))


def time_sheet(clock: Clock, calendar: Calendar, now: datetime, before: Clock | None = None) -> TimeSheet:
    """The sheet of a run as of `now` (aware), in the calendar's zone; `before` is the run it followed, if any.

    The verdict rests on the due instant that was fixed when the run began. Where it was counted and the calendar is
    another than that it was fixed by, the sheet says so, and a recount that differs never replaces it.
    """
    decided = before is not None and before.void_why == "extended"
    counted = clock.within != GIVEN and not decided
    lines = explain(clock.started, parse_within(clock.within), calendar) if counted else ()
    verdict = [_verdict(clock, calendar.zone, now)]
    if not counted and clock.due is not None:
        verdict.insert(0, _said(clock, before, calendar.zone))
    if counted and clock.calendar_version and clock.calendar_version != calendar.version:
        verdict.append(
            Text(
                zh=f"到期时间按当时的日历版本{clock.calendar_version}确定；现行版本为{calendar.version}，不溯及既往",
                en=f"The due time was fixed by calendar version {clock.calendar_version}; "
                f"the version now is {calendar.version} and changes nothing about it",
            )
        )
    return TimeSheet(lines, tuple(verdict))


def shown(instant: datetime, zone: ZoneInfo) -> str:
    """An instant as wall time of the place, to the second."""
    return instant.astimezone(zone).strftime(_FORMAT)


def _said(clock: Clock, before: Clock | None, zone: ZoneInfo) -> Text:
    """Where a due time comes from that was not counted."""
    start = shown(clock.started, zone)
    if before is None:
        return Text(
            zh=f"{start}起计，到期时间由来件给定", en=f"From {start}; the record brought its due time"
        )
    if before.void_why == "extended":
        return Text(zh=f"{start}起计，到期时间由延期决定给定", en=f"From {start}; due as was decided")
    return Text(
        zh=f"{start}起计，接用前段剩余时间", en=f"From {start}, with the time that the run before had left"
    )


def _verdict(clock: Clock, zone: ZoneInfo, now: datetime) -> Text:
    if clock.void is not None:
        why, gone = _ENDED.get(clock.void_why, _ENDED[""]), shown(clock.void, zone)
        return Text(zh=why.zh % gone, en=why.en % gone)
    if clock.due is None:
        return Text(zh="记录未给出到期时间", en="The record brought no due time")
    due = shown(clock.due, zone)
    if clock.met is not None:
        met = shown(clock.met, zone)
        if clock.met <= clock.due:
            return Text(zh=f"到期{due}，{met}完成：按时", en=f"Due {due}, met {met}: on time")
        return Text(zh=f"到期{due}，{met}完成：超期", en=f"Due {due}, met {met}: late")
    if now > clock.due:
        return Text(zh=f"到期{due}，尚未完成：已超期", en=f"Due {due}, not met: overdue")
    return Text(zh=f"到期{due}，计时中", en=f"Due {due}, running")
