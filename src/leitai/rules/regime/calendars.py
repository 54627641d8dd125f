"""A rule-book's calendars as working calendars: what one extends, and its own windows and days off on top."""

from __future__ import annotations

from datetime import date

from leitai.rules.kernel import Text
from leitai.rules.worktime import Calendar, office
from leitai.rules.worktime.calendars import WEEKDAYS

from .model import CalendarSpec, Regime


def whole_spec(calendars: dict[str, CalendarSpec], key: str) -> CalendarSpec:
    """A calendar's paragraph with everything it takes over from those it extends.

    What a paragraph states wins over what it extends, except that make-up days add up.
    Raises KeyError for an unknown calendar and ValueError for a cycle, which `check` tells of beforehand.
    """
    chain: list[CalendarSpec] = []
    seen: list[str] = []
    name: str | None = key
    while name is not None:
        if name in seen:
            raise ValueError(f"calendars extend each other in a circle: {' → '.join([*seen, name])}")
        seen.append(name)
        chain.append(calendars[name])
        name = calendars[name].extends
    values: dict[str, object] = {}
    make_up: dict[date, Text] = {}
    for spec in reversed(chain):
        stated = {
            field: getattr(spec, field) for field in spec.model_fields_set if getattr(spec, field) is not None
        }
        if "windows" in stated:
            # New windows for Monday to Friday replace what was said of those days one by one.
            values = {field: value for field, value in values.items() if field not in WEEKDAYS[:5]}
        make_up |= spec.make_up
        values |= stated
    return CalendarSpec.model_construct(**(values | {"extends": None, "make_up": make_up}))  # type: ignore[arg-type]


def calendar_of(regime: Regime, key: str) -> Calendar:
    """The working calendar of a rule-book by its key, in the place's time zone.

    Raises KeyError for an unknown key, leitai.rules.worktime.CalendarError for windows that cannot be.
    """
    spec = whole_spec(regime.calendars, key)
    days = {name: windows for name in WEEKDAYS if (windows := getattr(spec, name)) is not None}
    holidays = spec.holidays
    return office(
        key,
        regime.place.timezone,
        spec.windows or (),
        days=days,
        holidays="" if holidays is None or holidays == "none" else holidays,
        makeup=spec.make_up,
        announced=spec.announced,
    )
