"""The shape of a rule-book: what a place may state, and nothing of what any place states.

One class per paragraph of a regime file. Names of things (a measure, a calendar, a kind of case) are the
keys of the mappings; whether a name that is used exists is asked by `check`, with lines and columns.
Every value is plain data; the only expressions are the conditions of rules, in CEL.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field, model_validator

from leitai.rules.kernel import PeriodKind

from .cases import CaseSpec as CaseSpec
from .cases import ClockSpec as ClockSpec
from .cases import FlowSpec as FlowSpec
from .duties import BurdenSpec as BurdenSpec
from .duties import ContestSpec as ContestSpec
from .duties import InspectionSpec as InspectionSpec
from .duties import MeritSpec as MeritSpec
from .gatherings import OccasionSpec as OccasionSpec
from .parts import Key as Key
from .parts import Model as Model
from .parts import Number as Number
from .parts import Pick as Pick
from .parts import Words as Words
from .ventures import CampaignSpec as CampaignSpec
from .ventures import ChainSpec as ChainSpec
from .ventures import ProjectsSpec as ProjectsSpec
from .ventures import StartSpec as StartSpec

Better = Literal["more", "less"]


class PlaceSpec(Model):
    """Who the rule-book is of."""

    key: Key
    name: Words
    timezone: str
    language: Literal["zh-hans", "en"] = "zh-hans"
    office: str | None = Field(
        None, description="key of the unit that dispatches: it answers for what no unit holds yet"
    )


class Edition(Model):
    """Which edition of the rule-book this is, and from which day periods are judged by it."""

    title: Words
    in_force: date
    source: str


class CalendarSpec(Model):
    """Office windows of a week, and the days off. Windows are "HH:MM-HH:MM" in the place's time zone."""

    name: Words | None = None
    extends: Key | None = None
    holidays: Literal["CN", "none"] | dict[date, Words] | None = None
    make_up: dict[date, Words] = {}
    announced: tuple[int, int] | None = Field(
        None, description="first and last year whose days off are known"
    )
    windows: tuple[str, ...] | None = Field(None, description="Monday to Friday; make-up workdays too")
    monday: tuple[str, ...] | None = None
    tuesday: tuple[str, ...] | None = None
    wednesday: tuple[str, ...] | None = None
    thursday: tuple[str, ...] | None = None
    friday: tuple[str, ...] | None = None
    saturday: tuple[str, ...] | None = None
    sunday: tuple[str, ...] | None = None
    source: str = ""


class GroupSpec(Model):
    """Units that are compared with each other."""

    name: Words
    units: Pick
    expect: int | None = Field(
        None, description="how many units the rule-book says there are; a warning when not so"
    )
    source: str = ""


class InviteSpec(Model):
    """How many of those who were served are drawn at random and asked how it was: the second channel."""

    share: float = Field(default=0.1, gt=0, le=1, description="share of a day's service records of each unit")
    least: int = Field(
        default=5, ge=0, description="but at least so many of each unit, where there are as many"
    )
    rest: int = Field(
        default=90, ge=0, le=365, description="days in which the same person is not asked again"
    )
    source: str = ""


class BallotsSpec(Model):
    """How citizens' verdicts are asked and counted."""

    grades: Literal["two", "five"] = "two"
    reasons: dict[Key, Words] = {}
    minimum: int = Field(default=30, ge=1, description="fewer counted verdicts than this: too few to judge")
    tries: int = Field(
        default=3,
        ge=1,
        le=20,
        description="call-backs without an answer before a verdict is told as not reached",
    )
    appeal: int = Field(
        default=10, ge=0, le=365, description="days in which the unit may appeal, from the call-back"
    )
    objection: int = Field(
        default=10, ge=0, le=365, description="days in which the citizen may object, from the decision"
    )
    invite: InviteSpec | None = Field(
        default=None, description="the second channel; without it nobody is invited"
    )
    ticket: int = Field(
        default=30, ge=1, le=365, description="days in which a ticket of one visit can be used"
    )
    source: str = ""


class Points(Model):
    """How a raw value becomes points (0 to 100 unless said otherwise)."""

    by: Literal["target", "min-max", "rank", "bands", "pass", "given"]
    floor: Number = Decimal(0)
    cap: Number = Field(
        Decimal(100), description="most points that can be had; 120 rewards going past the target"
    )
    target: Number | None = Field(
        None, description="a target that is the same for every unit; else from the readings"
    )
    bands: dict[str, Number] = Field({}, description='"<0.5%": 100, … in order; "else" last')


class Minimum(Model):
    """Fewer observations than this and the value is too few to judge."""

    n: int = Field(ge=1)


class MeasureSpec(Model):
    """One thing that is measured of a unit in a period."""

    name: Words
    unit: Words | None = None
    better: Better
    every: PeriodKind = "month"
    from_: str = Field(
        "reported", alias="from", description="reported, or a fact the house computes (see vocabulary)"
    )
    of: dict[Literal["kind", "channel", "stage", "library"], str] = Field(
        {},
        description="only cases of this kind, only verdicts through this channel; projects entering this stage, "
        "of this library",
    )
    sum: bool = Field(True, description="readings of parts of a period add up; else the last one stands")
    minimum: Minimum | None = None
    points: Points
    within: str | None = Field(
        None, description="how long after its period a figure may be reported; later is late"
    )
    on: Key | None = Field(None, description="the calendar that `within` is counted in")
    missing: Literal["exclude", "floor"] = "exclude"
    formula: Words | None = Field(None, description="how it is worked out, in words")
    owner: str | None = Field(None, description="key of the unit that answers for the definition")
    share_of: tuple[Key, ...] = Field(
        (), description="totals among `figures`, one for each period: the value is a share of that total"
    )
    audited_by: Key | None = Field(
        None, description="the measure that finds the same by another road; the two are held side by side"
    )
    source: str = ""


class Naming(Model):
    """How many at an end are named, and whether only those that can be told apart from the rest."""

    take: int = Field(ge=1)
    certain: bool = True
    among: int | None = Field(
        None,
        description="each who is named is truly among so many at this end; as many as `take`, if not said",
    )
    source: str = ""


class ArenaSpec(Model):
    """A table: measures or other arenas with weights that sum to 100, for units of groups, every period."""

    name: Words
    every: PeriodKind
    groups: tuple[Key, ...] = Field(min_length=1)
    weigh: dict[Key, Number] = Field(min_length=1)
    decimals: int = Field(2, ge=0, le=6)
    worst: Naming | None = None
    best: Naming | None = None
    source: str = ""


class RuleSpec(Model):
    """When this happens, if this holds, do that. Each at most once per event and unit."""

    key: Key | None = None
    on: str
    if_: str | None = Field(None, alias="if")
    do: str
    number: str | None = Field(None, description="article of the paper rules that it carries out: 第十二条")
    source: str


class Arrangement(Model):
    """A standing arrangement of the place that has a number but no clock or table of its own."""

    name: Words
    count: int | None = None
    times: str | None = None
    source: str


class Figure(Model):
    """A figure that the place reports of itself, kept as data with where it was said."""

    name: Words
    value: Number
    unit: Words | None = None
    period: str | None = None
    source: str


class Regime(Model):
    """A whole rule-book in force on a day."""

    leitai: Literal[1] = Field(description="version of this file format")
    place: PlaceSpec
    regime: Edition
    calendars: dict[Key, CalendarSpec] = Field(min_length=1)
    kinds: dict[Key, Words] = Field(
        {}, description="what kinds of unit are called; one without a name goes by its key"
    )
    groups: dict[Key, GroupSpec] = Field(min_length=1)
    ballots: BallotsSpec = BallotsSpec()
    measures: dict[Key, MeasureSpec] = {}
    arenas: dict[Key, ArenaSpec] = {}
    flows: dict[Key, FlowSpec] = Field({}, description="flows of the place's own, beside those of the house")
    cases: dict[Key, CaseSpec] = {}
    cadence: dict[Key, OccasionSpec] = {}
    projects: ProjectsSpec | None = None
    chains: dict[Key, ChainSpec] = {}
    starts: dict[Key, StartSpec] = {}
    campaigns: dict[Key, CampaignSpec] = {}
    inspections: dict[Key, InspectionSpec] = {}
    contests: dict[Key, ContestSpec] = {}
    merits: dict[Key, MeritSpec] = {}
    burden: BurdenSpec = BurdenSpec()
    rules: tuple[RuleSpec, ...] = ()
    arrangements: dict[Key, Arrangement] = {}
    figures: dict[Key, Figure] = {}

    @model_validator(mode="after")
    def _flows_of_kinds(self) -> Regime:
        """Each kind of case knows the flow it goes through, wherever it is handed on to alone."""
        own = {key: flow.table(key) for key, flow in self.flows.items()}
        for spec in self.cases.values():
            spec._own = own.get(spec.flow)
        return self
