"""Checks of the place and its calendars: time zone, what extends what, windows, days off."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from leitai.rules.kernel import N_, nearest
from leitai.rules.worktime import CalendarError, parse_windows
from leitai.rules.worktime.calendars import WEEKDAYS

from ..calendars import calendar_of
from .desk import Desk


def check_calendars(desk: Desk) -> None:
    """Everything about `place.timezone` and `calendars`."""
    calendars = desk.regime.calendars
    sound = _zone(desk)
    for key, spec in calendars.items():
        for name in ("windows", *WEEKDAYS):
            windows = getattr(spec, name)
            if windows is None:
                continue
            try:
                parse_windows(windows)
            except CalendarError as error:
                desk.findings.append(
                    error.finding(desk.positions.value("calendars", key, name, *_at(windows)))
                )
                sound = False
        if spec.extends is not None:
            sound &= desk.known_at("calendar", spec.extends, calendars, "calendars", key, "extends")
        if spec.announced is not None and spec.announced[0] > spec.announced[1]:
            desk.error("bad-years", N_("the first year comes before the last"), "calendars", key, "announced")
    links = {key: [spec.extends] for key, spec in calendars.items() if spec.extends is not None}
    if desk.circles("calendar-cycle", "calendars", links, "extends") or not sound:
        return
    for key in calendars:
        try:
            calendar_of(desk.regime, key)
        except CalendarError as error:
            desk.findings.append(error.finding(desk.positions.key("calendars", key)))


def _zone(desk: Desk) -> bool:
    name = desk.regime.place.timezone
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        near = nearest(name, available_timezones()) or "Asia/Shanghai"
        desk.error(
            "unknown-timezone", N_("there is no time zone “%(name)s”; right would be such as %(near)s"),
            "place", "timezone", name=name, near=near,
        )  # fmt: skip
        return False
    return True


def _at(windows: tuple[str, ...]) -> tuple[int, ...]:
    """The index of the window that is at fault, alone or after the one before it."""
    for index in range(len(windows)):
        try:
            parse_windows(windows[: index + 1])
        except CalendarError:
            return (index,)
    return ()
