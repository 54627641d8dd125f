"""Screens: where citizens' verdicts look bent, as leads for a person, with a measured rate of false alarms."""

from .bursts import bursts
from .calibrate import SCREENS, Calibration, Share, calibrate
from .channels import channels
from .hidden import hidden
from .inputs import Ballots, Channels, Daily, Decisions, Row, Texts, Tickets
from .leads import Evidence, Lead
from .measured import MEASURED, measured
from .silent import refused, silent
from .simulate import Month, clean
from .spoil import ABUSES, Abuse
from .talked_away import talked_away
from .words import words

__all__ = [
    "ABUSES",
    "MEASURED",
    "SCREENS",
    "Abuse",
    "Ballots",
    "Calibration",
    "Channels",
    "Daily",
    "Decisions",
    "Evidence",
    "Lead",
    "Month",
    "Row",
    "Share",
    "Texts",
    "Tickets",
    "bursts",
    "calibrate",
    "channels",
    "clean",
    "hidden",
    "measured",
    "refused",
    "silent",
    "talked_away",
    "words",
]
