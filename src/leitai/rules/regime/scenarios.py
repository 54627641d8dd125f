"""Scenarios: worked cases of a rule-book in plain words, which a clerk can read and a test can run.

Each rule of a place should have one (name, day, given, then; the way OpenFisca tests law). This module reads
them; the room `rehearsal` plays them. The format, with an example of each kind, is in
docs/how-to/write-a-rule-book.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, ValidationError

from leitai.rules.kernel import N_, Finding, Where

from .cases import Colour
from .faults import in_plain_words
from .model import Model, Number
from .source import Branch, Positions, Row, plain, read


def _moment(value: object) -> object:
    if isinstance(value, str):
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            found = None
        if found is not None and found.tzinfo is None and len(value) > len("2021-09-30"):
            return found
    raise ValueError("is not a moment; write a day and a time, such as 2021-09-30 16:50")


Moment = Annotated[datetime, BeforeValidator(_moment), Field(description="wall time of the place")]
Never = Literal["never"]


class PauseGiven(Model):
    """A pause that both sides agreed to, from the agreement on; `resumed` where it ended before its time."""

    from_: Moment = Field(alias="from")
    until: Moment
    resumed: Moment | None = None


class ExtensionGiven(Model):
    """More time that was given for a clock: when that was decided, and the new due time."""

    clock: str
    at: Moment
    due: Moment


class CaseGiven(Model):
    """A case: when its milestones were passed, what conditions may ask of it, and when somebody looks."""

    case: str
    opened: Moment
    dispatched: Moment | None = None
    called: Moment | None = None
    replied: Moment | None = None
    answered: Moment | None = None
    closed: Moment | None = None
    passed: dict[str, Moment] = Field({}, description="other milestones, of flows of the rule-book's own")
    pauses: tuple[PauseGiven, ...] = ()
    extensions: tuple[ExtensionGiven, ...] = ()
    due: Moment | None = Field(
        None, description="the record's own due time, for clocks that run within: given"
    )
    complex: bool = False
    channel: str = ""
    unit: str = ""
    unit_kind: str = ""
    now: Moment | None = None


class ClockThen(Model):
    """What is expected of a clock; what is not stated is not asked."""

    due: Moment | None = None
    warned: Moment | Never | None = None
    late: bool | None = None
    slips: dict[Colour, Moment | Never] = Field({}, description="when the first slip of a colour is given")


class CaseScenario(Model):
    """A case and its clocks."""

    name: str
    day: date | None = None
    given: CaseGiven
    then: dict[str, ClockThen | Literal["does not run"]]


class DueGiven(Model):
    """A limit in a calendar."""

    calendar: str
    from_: Moment = Field(alias="from")
    within: str


class DueThen(Model):
    """When it ends."""

    due: Moment


class DueScenario(Model):
    """A due time."""

    name: str
    day: date | None = None
    given: DueGiven
    then: DueThen


class Reading(Model):
    """A value with its target, its number of observations, its standard error."""

    value: Number | None = None
    target: Number | None = None
    n: int | None = None
    se: Number | None = None


class TableGiven(Model):
    """An arena, a period, and the readings of its units."""

    arena: str
    period: str
    readings: dict[str, dict[str, Reading | Number | None]]
    groups: dict[str, str] = {}


class TableThen(Model):
    """What is expected of the table; what is not stated is not asked."""

    ranks: dict[str, int] = {}
    scores: dict[str, Number] = {}
    worst: tuple[str, ...] | None = None
    best: tuple[str, ...] | None = None
    not_ranked: tuple[str, ...] | None = Field(None, alias="not ranked")


class TableScenario(Model):
    """A small table."""

    name: str
    day: date | None = None
    given: TableGiven
    then: TableThen


class RuleThen(Model):
    """All that the rules do, in the order of the file."""

    does: tuple[str, ...]


class RuleScenario(Model):
    """An event, what is known of it by the names that conditions use, and what the rules do."""

    name: str
    day: date | None = None
    given: dict[str, bool | int | str]
    then: RuleThen


class OccasionGiven(Model):
    """An occasion, and the day after which it is asked for or the moment that calls it."""

    occasion: str
    after: date | None = None
    called: Moment | None = None


class OccasionThen(Model):
    """The next moments, as many as are stated."""

    next: tuple[Moment, ...] = Field(min_length=1)


class OccasionScenario(Model):
    """When an occasion comes."""

    name: str
    day: date | None = None
    given: OccasionGiven
    then: OccasionThen


AnyScenario = CaseScenario | DueScenario | TableScenario | RuleScenario | OccasionScenario

# What a scenario is about, told by a word that its `given` has.
_KINDS: dict[str, type[AnyScenario]] = {
    "case": CaseScenario,
    "calendar": DueScenario,
    "arena": TableScenario,
    "event": RuleScenario,
    "occasion": OccasionScenario,
}


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario with where its parts stand in its file."""

    what: AnyScenario
    positions: Positions

    @property
    def name(self) -> str:
        """Its name."""
        return self.what.name

    @property
    def day(self) -> date | None:
        """The day whose edition of the rule-book it asks; None the latest."""
        return self.what.day

    def where(self, *path: object) -> Where:
        """Where a part of it stands, by path: ("then", "due")."""
        return self.positions.value(*path)


def read_scenarios(text: str, *, file: str = "") -> tuple[tuple[Scenario, ...], tuple[Finding, ...]]:
    """The scenarios of a file and everything that is wrong with it; what is right is read all the same."""
    tree, findings = read(text, file)
    if tree is None:
        return (), findings
    if not isinstance(tree, Row):
        message = N_("a file of scenarios is a list: “- name: …”, “given: …”, “then: …”")
        return (), (*findings, Finding("wrong-type", message, tree.where))
    told = list(findings)
    scenarios = []
    for item in tree.items:
        positions = Positions(item, file)
        given = item.get("given") if isinstance(item, Branch) else None
        words = [entry.key for entry in given.entries] if isinstance(given, Branch) else []
        kind = next((_KINDS[word] for word in words if isinstance(word, str) and word in _KINDS), None)
        if kind is None:
            message = N_("a scenario needs “given”, and in it one of %(words)s to say what it is about")
            told.append(Finding("unknown-scenario", message, item.where, {"words": ", ".join(_KINDS)}))
            continue
        try:
            scenarios.append(Scenario(kind.model_validate(plain(item)), positions))
        except ValidationError as error:
            told += in_plain_words(error, kind, item, positions)
    return tuple(scenarios), tuple(sorted(told, key=lambda finding: finding.where))
