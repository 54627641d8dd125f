"""The shape of what a rule-book says of occasions: when they come, who comes, what is ready by when, what is decided.

Counted in a calendar of the place. A meeting costs those who come its `minutes`; that is counted as burden.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from leitai.rules.kernel import PeriodKind

from .parts import Key, Model, Number, Pick, Words

AgendaPart = Literal[
    "commitments", "standings", "changes", "best", "statements", "cases", "projects", "inspections", "words"
]
AGENDA: tuple[AgendaPart, ...] = ("commitments", "standings", "changes", "best", "statements", "cases")


class ReadySpec(Model):
    """Something that must be ready before an occasion; missed, it is told to the office, and then to the leaders."""

    name: Words
    by: str = Field(description='how long before the occasion: "2 workdays"')
    of: str = Field(
        "office",
        description="office, comers, best, worst (those named by the table that is read), or the key of a unit",
    )
    minutes: int = Field(default=30, ge=1, le=4800, description="work it takes, counted as burden")
    source: str = ""


class SpeakingSpec(Model):
    """Who speaks, and in which order: best practice first, or the last units first."""

    arena: Key | None = Field(None, description="by whose latest table; the first that is read")
    best: int = Field(default=3, ge=0, le=50)
    worst: int = Field(default=3, ge=0, le=50)
    first: Literal["best", "worst"] = "best"
    certain: bool = Field(
        True, description="only those the table's naming rule names; else by rank, with how sure it is"
    )
    minutes: int = Field(default=5, ge=1, le=120, description="to each")
    source: str = ""


class CriterionSpec(Model):
    """One thing that peers score on the spot, from 0 to `most`."""

    name: Words
    most: Number = Field(default=10, gt=0, validate_default=True)


class ScoringSpec(Model):
    """Scoring on the spot by peers. Own units, those above and those below are always left out."""

    criteria: dict[Key, CriterionSpec] = Field(min_length=1)
    scorers: Pick | None = Field(None, description="units that score; those that come, where nothing is said")
    level: float = Field(default=0.95, gt=0.5, lt=1, description="at which the intervals of ranks hold")
    least: float = Field(
        default=0.5,
        gt=0,
        le=1,
        description="share of the scorers whose sheet is needed for a result; never fewer than 3 sheets",
    )
    source: str = ""


class OccasionSpec(Model):
    """A meeting, review or dispatch that comes round, or that an event calls."""

    name: Words
    every: PeriodKind | None = None
    day: str | int | None = Field(
        None, description="weekday name for a week; day of the period (1 first, -1 last) for the others"
    )
    at: str = "09:00"
    on: Key
    within: str | None = Field(None, description="called by a rule: so long after the event that calls it")
    off_day: Literal["next workday", "previous workday", "as it falls"] = Field("next workday", alias="else")
    minutes: int = Field(default=60, ge=5, le=2880, description="how long it takes those who come")
    comes: Pick | None = Field(None, description="units that come")
    opens: str | None = Field(
        None, description="how long before it those who come are told, and the preparations begin"
    )
    ready: dict[Key, ReadySpec] = {}
    agenda: tuple[AgendaPart, ...] = Field(AGENDA, min_length=1)
    speaking: SpeakingSpec | None = None
    scoring: ScoringSpec | None = None
    inspection: Key | None = Field(None, description="the inspection whose round it opens")
    contests: tuple[Key, ...] = Field((), description="the contests that it calls")
    reads: tuple[Key, ...] = Field((), description="arenas whose latest table is read")
    decides: Words | None = None
    who: Words | None = None
    source: str = ""
