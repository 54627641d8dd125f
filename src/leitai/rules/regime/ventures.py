"""The shape of what a rule-book says of projects, of the permits that a start needs, and of campaigns with their goals.

Sums are in yuan; a day of a year is "MM-DD" in the place's calendar.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from .parts import Key, Model, Number, Pick, Words


class StageSpec(Model):
    """A stage of a project, in the order of the file; `needs` is the evidence without which it is not entered."""

    name: Words
    needs: dict[Key, Words] = {}
    usual: str | None = Field(None, description='how long a project usually stays in it: "90 days"')
    source: str = ""


class CauseSpec(Model):
    """A cause of a delay; one that is excused does not turn the light, once another has agreed to it."""

    name: Words
    excused: bool = False
    source: str = ""


class LibrarySpec(Model):
    """A library of projects (项目库) that the place keeps or is in."""

    name: Words
    level: Key | None = None
    expect: int | None = Field(None, description="how many the rule-book says there are")
    source: str = ""


class ProjectsSpec(Model):
    """How projects go: stages, kinds, levels, libraries, causes of delay, and when the light turns."""

    stages: dict[Key, StageSpec] = Field(min_length=2)
    kinds: dict[Key, Words] = {}
    levels: dict[Key, Words] = {}
    libraries: dict[Key, LibrarySpec] = {}
    causes: dict[Key, CauseSpec] = {}
    yellow: int = Field(default=1, ge=1, description="days behind the plan at which the light is yellow")
    red: int = Field(default=30, ge=2, description="days behind the plan at which the light is red")
    winter: tuple[str, str] | None = Field(
        None, description='first and last day on which building outdoors stops: ["11-01", "03-31"]'
    )
    on: Key
    source: str = ""


class PermitSpec(Model):
    """A permit on the way to a start: who grants it, in what time, after which others, on which papers."""

    name: Words
    unit: str = Field(description="key of the unit that grants it")
    within: str
    needs: tuple[Key, ...] = Field((), description="permits that must be granted before")
    asks: tuple[Key, ...] = Field((), description="papers, each asked for once over all permits")
    promise: str | None = Field(
        None, description="it may be granted on a commitment, and the missing paper follows within this time"
    )
    source: str = ""


class StartSpec(Model):
    """A start as one matter (开工一件事): its permits as a graph; `start` are those without which nothing starts."""

    name: Words
    permits: dict[Key, PermitSpec] = Field(min_length=1)
    start: tuple[Key, ...] = Field(min_length=1)
    papers: dict[Key, Words] = {}
    case: Key = Field(description="the kind of case whose clock each permit runs on")
    on: Key
    source: str = ""


class GoalSpec(Model):
    """A goal of a campaign: a figure of a measure, or evidence in words; whose, until when."""

    name: Words
    owner: str | None = None
    measure: Key | None = None
    target: Number | None = None
    sense: Literal["at least", "at most"] = "at least"
    evidence: Words | None = None
    by: date | None = None
    source: str = ""


class CampaignSpec(Model):
    """A list of goals with owners and lights: a campaign, a demonstration, a rectification, a bottom line."""

    name: Words
    of: Literal["campaign", "demonstration", "rectification", "bottom-line"] = "campaign"
    goals: dict[Key, GoalSpec] = Field(min_length=1)
    source: str = ""


class ChainSpec(Model):
    """An industrial chain: its chief, and the units that work on it. Products and firms are data of the place."""

    name: Words
    chief: str | None = Field(None, description="log-in or key of who is chain chief")
    unit: str | None = Field(None, description="key of the unit that works for the chief")
    parks: Pick | None = None
    source: str = ""
