"""What a rule's condition may ask of a verdict, as its events carry it."""

from __future__ import annotations

from typing import Any

from .models import Ballot


def facts(grade: str, bad: bool, channel: str, unit: str, kind: str) -> dict[str, Any]:
    """What conditions and the drive may ask of a verdict."""
    return {
        "ballot.grade": grade,
        "ballot.bad": bad,
        "ballot.channel": channel,
        "unit.key": unit,
        "unit.kind": kind,
    }


def facts_of(ballot: Ballot) -> dict[str, Any]:
    """As `facts`, of a row."""
    return facts(ballot.grade, ballot.bad, ballot.channel, ballot.unit.key, ballot.unit.kind)
