"""What people type into the forms of this room, made fit to be kept; and a what-if from the address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from leitai.rules.kernel import N_, Finding
from leitai.rules.projects.paths import NOTHING, WhatIf

from .models import DROPPED, GRANTED

MOST_DAYS = 999


def day(text: str) -> date | None:
    """A date as a date box sends it; None for anything else."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def what_if(asked: Mapping[str, str], permits: Mapping[str, str], zone: Any) -> tuple[WhatIf, Finding | None]:
    """The question of an address: permit `if` granted on the date `by`, or taking so many workdays `takes`.

    `permits` has the state of each permit. With a finding where it asks for what cannot be; nothing is asked then.
    """
    key = asked.get("if", "")
    if not key:
        return NOTHING, None
    if key not in permits:
        return NOTHING, Finding("unknown-permit", N_("There is no such permit in this start."))
    if permits[key] in (GRANTED, DROPPED):
        return NOTHING, Finding(
            "over", N_("This permit is granted or left out already; ask about another one.")
        )
    takes, by = asked.get("takes", "").strip(), day(asked.get("by", ""))
    if takes:
        if not (takes.isascii() and takes.isdigit() and 1 <= int(takes) <= MOST_DAYS):
            return NOTHING, Finding("bad-days", N_("Give the workdays as a whole number, 1 to 999."))
        return WhatIf(takes={key: f"{int(takes)} workdays"}), None
    if by is None:
        return NOTHING, Finding(
            "no-answer", N_("Say by which day it is granted, or how many workdays it takes.")
        )
    return WhatIf(by={key: datetime.combine(by, time(12), zone)}), None
