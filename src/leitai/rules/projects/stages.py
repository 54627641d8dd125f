"""The stages of a project: what has to be shown before one is entered, and how long projects stay in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from leitai.rules.kernel import N_, Finding, Text
from leitai.rules.regime.ventures import ProjectsSpec
from leitai.rules.worktime import Calendar, parse_within


@dataclass(frozen=True, slots=True)
class Stay:
    """A stage that a project was in: from the day it was entered to the day it was left; None: still in it."""

    stage: str
    since: date
    until: date | None

    def days(self, today: date) -> int:
        """How long, in calendar days."""
        return ((self.until or today) - self.since).days


def needs(spec: ProjectsSpec, now: str | None, to: str) -> dict[str, Text]:
    """The evidence without which a stage is not entered from another: also that of the stages that are skipped."""
    order = list(spec.stages)
    start = order.index(now) + 1 if now in order else 0
    return {
        key: words
        for stage in order[start : order.index(to) + 1]
        for key, words in spec.stages[stage].needs.items()
    }


def is_back(spec: ProjectsSpec, now: str, to: str) -> bool:
    """Whether going from a stage to another is going back."""
    order = list(spec.stages)
    return now in order and order.index(to) < order.index(now)


def refusal(
    spec: ProjectsSpec, now: str | None, to: str, evidence: Mapping[str, str], why: str
) -> Finding | None:
    """Why a stage cannot be entered, or None. Going back needs its reason, going on its evidence."""
    if to not in spec.stages:
        return Finding("no-stage", N_("The rule-book has no stage %(stage)s."), values={"stage": to})
    if to == now:
        return Finding("same-stage", N_("It is in this stage already."))
    if now is not None and is_back(spec, now, to):
        return None if why.strip() else Finding("no-reason", N_("Say why."))
    missing = [words for key, words in needs(spec, now, to).items() if not evidence.get(key, "").strip()]
    if missing:
        message = N_("What shows it is missing: %(what)s.")
        return Finding("no-evidence", message, values={"what": missing[0]})
    return None


def stays(entries: Sequence[tuple[str, date]]) -> tuple[Stay, ...]:
    """The stages a project was in, from its entries (stage, day) in order."""
    ends: list[date | None] = [*(day for _stage, day in entries[1:]), None]
    return tuple(Stay(stage, day, until) for (stage, day), until in zip(entries, ends, strict=False))


def due(spec: ProjectsSpec, stage: str, since: date, calendar: Calendar) -> date | None:
    """The last day on which a project that entered a stage usually is still in it; None where nothing is said."""
    usual = spec.stages[stage].usual if stage in spec.stages else None
    if usual is None:
        return None
    within = parse_within(usual)
    if within.unit == "days":
        return since + timedelta(days=within.amount)
    left, day = within.amount if within.unit == "workdays" else 0, since
    while left > 0:
        day += timedelta(days=1)
        left -= calendar.day(day).working
    return day
