"""Working time: which days a place works, when a promise falls due, and how to show that to anyone.

Every clock of the system rests on this room. It knows office windows (several a day, a Saturday duty of its
own), public holidays and make-up workdays from dated official notices, and three ways of counting: minutes in
the windows, workdays, calendar days. How it counts, with worked examples: docs/explanation/worktime.md.

>>> from datetime import datetime
>>> hall = office("office", "Asia/Shanghai")
>>> due(datetime.fromisoformat("2026-09-30T16:50+08:00"), parse_within("3 workdays"), hall).local(hall)
datetime.datetime(2026, 10, 10, 17, 30, tzinfo=zoneinfo.ZoneInfo(key='Asia/Shanghai'))
"""

from .books import COUNTRIES, announced_years, notices_of
from .bulk import between_many, due_many
from .calendars import Calendar, DayInfo, Windows, always, office, parse_windows
from .clock import Due, between, due
from .durations import Unit, Within, parse_within, spoken
from .errors import CalendarError, NotAnnounced, WithinError, WorktimeError
from .notices import Arrangement, Notice
from .pins import freeze, thaw
from .timesheet import Line, explain

__all__ = [
    "COUNTRIES",
    "Arrangement",
    "Calendar",
    "CalendarError",
    "DayInfo",
    "Due",
    "Line",
    "NotAnnounced",
    "Notice",
    "Unit",
    "Windows",
    "Within",
    "WithinError",
    "WorktimeError",
    "always",
    "announced_years",
    "between",
    "between_many",
    "due",
    "due_many",
    "explain",
    "freeze",
    "notices_of",
    "office",
    "parse_windows",
    "parse_within",
    "spoken",
    "thaw",
]
