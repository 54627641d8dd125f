"""Checks of what comes round: times to report, occasions, who comes and what is ready."""

from __future__ import annotations

import re

from leitai.rules.kernel import N_

from ..deeds import DoError, parse_do
from ..model import OccasionSpec
from .desk import Desk
from .duties import check_pick, check_ready_of

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TIME = re.compile(r"([01]?\d|2[0-3]):[0-5]\d")
_LONGEST = {"month": 31, "quarter": 92, "half": 184, "year": 366}


def check_reports(desk: Desk) -> None:
    """The times by which figures are to be reported."""
    for key, measure in desk.regime.measures.items():
        path = ("measures", key)
        if measure.within is not None:
            desk.limit(measure.within, *path, "within")
            if measure.on is None:
                message = N_("say in `on` which calendar “%(within)s” is counted in")
                desk.error("missing-key", message, *path, "within", within=measure.within)
        if measure.on is not None:
            desk.known_at("calendar", measure.on, desk.regime.calendars, *path, "on")


def check_cadence(desk: Desk) -> None:
    """When occasions come round, and that each comes at all."""
    called = set()
    for rule in desk.regime.rules:
        try:
            called.add(parse_do(rule.do).argument)
        except DoError:
            continue  # told by the check of rules
    for key, occasion in desk.regime.cadence.items():
        path = ("cadence", key)
        desk.known_at("calendar", occasion.on, desk.regime.calendars, *path, "on")
        if not _TIME.fullmatch(occasion.at):
            message = N_("“%(at)s” is not a time of day; write 09:00 or 14:30")
            desk.error("bad-time", message, *path, "at", at=occasion.at)
        _day(desk, occasion, path)
        if occasion.within is not None:
            desk.limit(occasion.within, *path, "within")
        for index, arena in enumerate(occasion.reads):
            desk.known_at("arena", arena, desk.regime.arenas, *path, "reads", index)
        _gathering(desk, occasion, path)
        if occasion.every is None and key not in called:
            message = N_("“%(key)s” never comes: give it “every”, or a rule with “do: call %(key)s”")
            desk.warn("never-comes", message, *path, key=key)


def _day(desk: Desk, occasion: OccasionSpec, path: tuple[object, ...]) -> None:
    day, every = occasion.day, occasion.every
    if day is None:
        return
    if every is None:
        desk.error_at_key("bad-day", N_("a day needs “every”, the period it is a day of"), *path, "day")
    elif every == "week":
        desk.known_at("weekday", str(day), WEEKDAYS, *path, "day")
    elif isinstance(day, str) or day == 0 or abs(day) > _LONGEST[every]:
        message = N_("%(day)s is no day of a %(every)s; count from 1 (the first) or from -1 (the last)")
        desk.error("bad-day", message, *path, "day", day=day, every=every)


def _gathering(desk: Desk, occasion: OccasionSpec, path: tuple[object, ...]) -> None:
    """Who comes, what is ready, who speaks, and what the occasion opens."""
    if occasion.opens is not None:
        desk.limit(occasion.opens, *path, "opens")
    if occasion.comes is not None:
        check_pick(desk, occasion.comes, *path, "comes")
    for name, ready in occasion.ready.items():
        desk.limit(ready.by, *path, "ready", name, "by")
        check_ready_of(desk, ready.of, *path, "ready", name, "of")
    if occasion.ready and occasion.opens is None:
        message = N_("what must be ready needs “opens”: how long before it those who prepare are told")
        desk.error_at_key("missing-key", message, *path, "ready")
    if occasion.speaking is not None and occasion.speaking.arena is not None:
        desk.known_at("arena", occasion.speaking.arena, occasion.reads, *path, "speaking", "arena")
    if occasion.speaking is not None and not occasion.reads:
        message = N_("who speaks follows from a table; say in “reads” which")
        desk.error_at_key("missing-key", message, *path, "speaking")
    if occasion.scoring is not None and occasion.scoring.scorers is not None:
        check_pick(desk, occasion.scoring.scorers, *path, "scoring", "scorers")
    if occasion.inspection is not None:
        desk.known_at("inspection", occasion.inspection, desk.regime.inspections, *path, "inspection")
    for index, contest in enumerate(occasion.contests):
        desk.known_at("contest", contest, desk.regime.contests, *path, "contests", index)
