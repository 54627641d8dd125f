"""The shape of what follows and what it costs: consequences, inspections, contests, and the ceiling of burden.

What may not be asked cannot be written: there is no quota of findings, and no vote by clicks, in any of these.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from leitai.rules.kernel import PeriodKind

from .parts import Key, Model, Pick, Words


class MeritSpec(Model):
    """A consequence: an honour, or a step of accountability with its reply and its deciding body.

    For an honour `reply` is the time in which anyone may object (公示); for the others it is the subject's own.
    """

    name: Words
    tone: Literal["honour", "notice", "accountability"]
    number: str | None = Field(
        None, description="article of the paper rules, where the rule gives none: 第十二条"
    )
    reply: str | None = Field(
        None, description="time to reply or object before a decision; none is decided without"
    )
    appeal: str | None = Field(None, description="time to appeal, from the decision")
    on: Key | None = None
    decides: Words | None = None
    body: Literal["leader", "inspector"] | None = Field(
        None, description="the role that decides; either, where nothing is said"
    )
    promotes: bool = Field(False, description="gives priority for promotion while it lasts")
    lasts: str | None = Field(None, description='"12 months": then it expires')
    source: str = ""


class GroupOfInspectors(Model):
    """A group that inspects, with its area."""

    name: Words
    area: Pick


class ItemSpec(Model):
    """A line of an inspection's checklist."""

    name: Words
    kind: Literal["yes-no", "number", "text"] = "yes-no"
    source: str = ""


class InspectionSpec(Model):
    """An inspection on the spot, by groups with their areas; each finding becomes a case."""

    name: Words
    every: PeriodKind = "half"
    groups: dict[Key, GroupOfInspectors] = Field(min_length=1)
    checklist: dict[Key, ItemSpec] = Field(min_length=1)
    case: Key = Field(description="the kind of case that a finding opens")
    minutes: int = Field(default=90, ge=5, le=2880, description="that a visit takes a unit")
    on: Key
    source: str = ""


class RecordCheck(Model):
    """A condition on the record of who is nominated, in CEL: `record.accountability == 0`."""

    name: Words
    if_: str = Field(alias="if")
    source: str = ""


class ContestSpec(Model):
    """A contest or a selection: nominations, checks against the record, public notice, a jury's secret ballot."""

    name: Words
    of: Literal["unit", "official"] = "unit"
    who: Pick | None = Field(None, description="units that may be nominated, or whose people may")
    nominates: tuple[Literal["unit", "office"], ...] = ("unit", "office")
    nominations: str = Field(description='how long they are taken: "10 workdays"')
    notice: str = Field(description="how long the names are public and may be challenged (公示)")
    vote: str = Field(description="how long the jury votes")
    answer: str = Field(
        default="3 workdays",
        description="how long the office has to answer an objection; until it is answered nobody votes",
    )
    on: Key
    checks: dict[Key, RecordCheck] = {}
    jury: int = Field(default=5, ge=3, le=99, description="at least so many jurors have voted")
    seats: int = Field(ge=1, le=1000)
    merit: Key = Field(description="the honour that is proposed for who is elected")
    source: str = ""


class BurdenSpec(Model):
    """What the drive may cost a unit. Above the ceiling the office is told, not the unit."""

    ceiling: int | None = Field(default=None, ge=1, description="minutes of a unit in a month")
    ask: int = Field(
        default=20, ge=1, le=480, description="minutes that a figure asked for takes, unless the ask says"
    )
    form: int = Field(default=15, ge=1, le=480, description="minutes that an answer in a case takes")
    source: str = ""
