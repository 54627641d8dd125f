"""What every other part of the core speaks: places in a file, findings, languages, periods."""

from .findings import Finding, Severity, Where, nearest
from .periods import PERIOD_KINDS, Period, PeriodError, PeriodKind
from .text import N_, Text

__all__ = [
    "N_",
    "PERIOD_KINDS",
    "Finding",
    "Period",
    "PeriodError",
    "PeriodKind",
    "Severity",
    "Text",
    "Where",
    "nearest",
]
