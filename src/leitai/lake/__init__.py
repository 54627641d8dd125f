"""Sealed days of verdicts as files, and their recount on one machine or many."""

from .days import Checked, Day, days, read_day, verify, verify_day
from .engines import ENGINES, Engine, connect, java
from .recount import BY, NUMBERS, counts, differences, recount, unit_months, whole_days
from .schema import SCHEMA, DayHead, Sealed
from .seal import write_day

__all__ = [
    "BY",
    "ENGINES",
    "NUMBERS",
    "SCHEMA",
    "Checked",
    "Day",
    "DayHead",
    "Engine",
    "Sealed",
    "connect",
    "counts",
    "days",
    "differences",
    "java",
    "read_day",
    "recount",
    "unit_months",
    "verify",
    "verify_day",
    "whole_days",
    "write_day",
]
