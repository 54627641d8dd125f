"""The account of a case as pages show it: each clock line by line, whose hands it was in, and the verdict.

A unit must be able to check the clock that it is punished by. But of a bad verdict it must not learn the hour at which
a citizen gave it, or was called back: it sees days only. A limit in workdays counts whole days, so nothing is lost.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import get_language, ngettext

from leitai.rules import casework as core
from leitai.rules.kernel import Text
from leitai.rules.worktime import parse_within, spoken

from .explain import explained
from .models import Case, Clock

_HOUR = re.compile(r" \d{2}:\d{2}(:\d{2})?")
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Run:
    """One run of a limit: what it was given, its lines, and where a recount differs from what is stored."""

    limit: str
    lines: tuple[str, ...]
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Limit:
    """A limit of a case with its runs and what became of it."""

    name: str
    outcome: Text
    late: bool
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Hand:
    """How long somebody had the case: in words, and as a share of its whole life (0 to 1)."""

    name: str
    said: str
    share: float


@dataclass(frozen=True)
class Told:
    """The account of a case. `holds`: counted again, every verdict comes out as it is stored."""

    limits: tuple[Limit, ...]
    hands: tuple[Hand, ...]
    life: str
    paused: str
    passes: int
    agreed: tuple[str, ...]
    slips: tuple[str, ...]
    conclusion: str
    holds: bool
    of_row: Mapping[tuple[str, datetime], tuple[str, ...]]

    def lines(self, row: Clock) -> tuple[str, ...]:
        """The lines of the run that a row holds."""
        return self.of_row.get((row.key, row.started_at), ())


def told(case: Case, now: datetime, *, days_only: bool) -> Told:
    """The account of a case as of `now` (UTC) in the language of the page."""
    language = get_language() or "zh-hans"
    account = explained(case, now)
    plain = account.plain(language)
    said = _without_hours if days_only else str
    limits, of_row = [], {}
    for clock in plain["clocks"]:
        runs = []
        own = [(one, sheet) for one, sheet in account.runs if one.clock.key == clock["key"]]
        for (one, sheet), stored in zip(own, clock["runs"], strict=True):
            lines = _by_day(sheet, language) if days_only else tuple(stored["lines"])
            of_row[one.clock.key, one.clock.started] = lines
            runs.append(
                Run(_limit(one.clock, language), lines, tuple(said(fault) for fault in stored["faults"]))
            )
        verdict = clock["verdict"]
        limits.append(Limit(clock["name"], core.OUTCOMES[verdict], verdict == "late", tuple(runs)))
    hands, life = _hands(account, language, days_only)
    return Told(
        tuple(limits),
        hands,
        life,
        "" if days_only or not account.paused else spoken(account.paused).show(language),
        account.passes,
        tuple(said(line) for line in plain["agreed"]),
        tuple(said(line) for line in plain["slips"]),
        said(plain["conclusion"]),
        account.holds,
        of_row,
    )


def _by_day(sheet: core.TimeSheet, language: str) -> tuple[str, ...]:
    """The lines of a sheet with no hour in them that an event left there; a count in hours would tell it too."""
    counted = [replace(line, at=None if line.kind == "event" else line.at) for line in sheet.lines]
    lines = [line.text(language) for line in counted if line.within.unit == "workdays"]
    return (*lines, *(_without_hours(one.show(language)) for one in sheet.verdict))


def _without_hours(text: str) -> str:
    return _HOUR.sub("", text)


def _limit(clock: core.Clock, language: str) -> str:
    if clock.within == core.GIVEN:
        return ""
    return " · ".join(
        one
        for one in (
            parse_within(clock.within).text.show(language),
            f"{clock.calendar} {clock.calendar_version}",
        )
        if one.strip()
    )


def _hands(account: Any, language: str, days_only: bool) -> tuple[tuple[Hand, ...], str]:
    """In whose hands it was how long, and how long in all; in days, from date to date."""
    matter, found = account.matter, account.hands
    if days_only and matter.holds:
        holds = [replace(hold, at=_midnight(hold.at, account.zone)) for hold in matter.holds]
        found = core.hands(holds, _midnight(matter.end, account.zone))
    names, whole = matter.holders or {}, sum(found.values())

    def said(seconds: int) -> str:
        if not days_only:
            return str(spoken(seconds).show(language))
        days = round(seconds / _DAY.total_seconds())
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}

    hands = tuple(
        Hand(
            names[key].show(language) if key in names else key, said(seconds), seconds / whole if whole else 0
        )
        for key, seconds in found.items()
        if seconds
    )
    return hands, said(whole)


def _midnight(at: datetime, zone: Any) -> datetime:
    return at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
