"""Checks of what comes round or lapses: times to report, occasions, consequences."""

from __future__ import annotations

import re

from leitai.rules.kernel import N_

from ..deeds import DoError, parse_do
from ..model import OccasionSpec
from .desk import Desk

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LASTS = re.compile(r"[1-9]\d{0,3} (?:day|week|month|year)s?")
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


def check_merits(desk: Desk) -> None:
    """Time to reply and time to last."""
    for key, merit in desk.regime.merits.items():
        path = ("merits", key)
        if merit.on is not None:
            desk.known_at("calendar", merit.on, desk.regime.calendars, *path, "on")
        if merit.reply is not None and desk.limit(merit.reply, *path, "reply") and merit.on is None:
            message = N_("a time to reply is counted in a calendar; say which with “on”")
            desk.error_at_key("missing-calendar", message, *path, "reply")
        if merit.lasts is not None and not _LASTS.fullmatch(merit.lasts):
            message = N_("“%(lasts)s” is not a span; write such as 90 days, 12 months or 2 years")
            desk.error("bad-span", message, *path, "lasts", lasts=merit.lasts)
