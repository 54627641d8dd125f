"""The words a rule-book may use: events, what a condition may ask of them, what a rule may do, flows, facts.

The code that gives each word its meaning lives in the rooms above; tests there hold that every word
here is understood and that no room knows a word that is not here.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from leitai.rules import flows
from leitai.rules.kernel import N_

CelType = Literal["string", "int", "double", "bool"]

UNIT: dict[str, CelType] = {"unit.key": "string", "unit.kind": "string"}
CASE: dict[str, CelType] = {
    "case.kind": "string",
    "case.state": "string",
    "case.complex": "bool",
    "case.channel": "string",
    "case.returns": "int",
    "case.transfers": "int",
    "case.relapse": "bool",
}
SLIP: dict[str, CelType] = {"slip.colour": "string", "slip.rung": "int"}
RECHECK: dict[str, CelType] = {"recheck.outcome": "string"}
CLOCK: dict[str, CelType] = {"clock.key": "string"}
BALLOT: dict[str, CelType] = {"ballot.grade": "string", "ballot.bad": "bool", "ballot.channel": "string"}
LEAD: dict[str, CelType] = {"lead.screen": "string"}
TABLE: dict[str, CelType] = {
    "table.arena": "string",
    "table.edition": "int",
    "table.period.kind": "string",
    "table.period.key": "string",
}
STANDING: dict[str, CelType] = {
    "unit.group": "string",
    "unit.rank": "int",
    "unit.ranked": "bool",
    "unit.of": "int",
    "unit.named_worst": "bool",
    "unit.named_best": "bool",
    "unit.named_worst_last_time": "bool",
    "unit.gained": "int",
}
OCCASION: dict[str, CelType] = {"occasion.key": "string", "occasion.late": "bool"}
PREPARATION: dict[str, CelType] = {"preparation.key": "string", "preparation.rung": "int"}
COMMITMENT: dict[str, CelType] = {"commitment.verdict": "string", "commitment.times": "int"}
INSPECTION: dict[str, CelType] = {"inspection.key": "string", "inspection.item": "string"}
CONTEST: dict[str, CelType] = {"contest.key": "string"}
BURDEN: dict[str, CelType] = {"burden.minutes": "int", "burden.ceiling": "int"}
MERIT: dict[str, CelType] = {"merit.kind": "string", "merit.tone": "string"}
DECISION: dict[str, CelType] = {"merit.upheld": "bool"}
PROJECT: dict[str, CelType] = {
    "project.kind": "string",
    "project.level": "string",
    "project.chain": "string",
    "project.stage": "string",
    "project.light": "string",
    "project.slip": "int",
}
# The stage or the light that it was before, as the event is about the one or the other.
BEFORE: dict[str, CelType] = {"project.was": "string"}
DELAY: dict[str, CelType] = {"delay.cause": "string", "delay.days": "int"}
START: dict[str, CelType] = {"start.key": "string"}
PERMIT: dict[str, CelType] = {"start.key": "string", "permit.key": "string", "permit.round": "int"}
GAP: dict[str, CelType] = {"chain.key": "string", "gap.kind": "string"}
GOAL: dict[str, CelType] = {"campaign.key": "string", "campaign.goal": "string"}
STAGED: dict[str, CelType] = {"project.back": "bool"}
MILESTONE: dict[str, CelType] = {"milestone.late": "int"}
PROBLEM: dict[str, CelType] = {"problem.kind": "string"}
MADE: dict[str, CelType] = {"start.days": "int"}
GRANT: dict[str, CelType] = {"permit.in_time": "bool"}
WITHDRAWAL: dict[str, CelType] = {"permit.started": "bool"}
DUTY: dict[str, CelType] = {"duty.in_time": "bool"}
ENDED: dict[str, CelType] = {"gap.state": "string", "gap.days_left": "int"}
ANSWER: dict[str, CelType] = {"campaign.accepted": "bool"}
READING: dict[str, CelType] = {
    "reading.measure": "string",
    "reading.period": "string",
    "reading.late": "bool",
}

# What a condition may ask, by the event that a rule listens to.
EVENTS: MappingProxyType[str, dict[str, CelType]] = MappingProxyType(
    {
        "ballot.bad": BALLOT | UNIT,
        "ballot.upheld": BALLOT | UNIT,
        "ballot.set_aside": BALLOT | UNIT,
        "ballot.reinstated": BALLOT | UNIT,
        "lead.confirmed": LEAD | UNIT,
        "case.opened": CASE | UNIT,
        "case.dispatched": CASE | UNIT,
        "case.replied": CASE | UNIT,
        "case.answered": CASE | UNIT,
        "case.returned": CASE | UNIT,
        "case.closed": CASE | UNIT,
        "case.transferred": CASE | UNIT,
        "case.paused": CASE | UNIT,
        "case.extended": CASE | UNIT,
        "case.relapsed": CASE | UNIT,
        "case.rechecked": RECHECK | CASE | UNIT,
        "clock.warned": CLOCK | CASE | UNIT,
        "clock.breached": CLOCK | CASE | UNIT,
        "slip.issued": SLIP | CLOCK | CASE | UNIT,
        "reading.reported": READING | UNIT,
        "table.published": TABLE | UNIT | STANDING,
        "table.corrected": TABLE | UNIT | STANDING,
        "occasion.opened": OCCASION,
        "occasion.due": OCCASION,
        "occasion.held": OCCASION,
        "occasion.cancelled": OCCASION,
        "preparation.missed": PREPARATION | OCCASION | UNIT,
        "statement.asked": OCCASION | UNIT,
        "statement.given": OCCASION | UNIT,
        "commitment.made": OCCASION | UNIT,
        "commitment.tested": COMMITMENT | OCCASION | UNIT,
        "inspection.found": INSPECTION | UNIT,
        "contest.elected": CONTEST | UNIT,
        "burden.exceeded": BURDEN | UNIT,
        "merit.proposed": MERIT | UNIT,
        "merit.decided": DECISION | MERIT | UNIT,
        "merit.appealed": MERIT | UNIT,
        "merit.settled": DECISION | MERIT | UNIT,
        "merit.withdrawn": MERIT | UNIT,
        "merit.expired": MERIT | UNIT,
        "project.added": PROJECT | UNIT,
        "project.staged": STAGED | BEFORE | PROJECT | UNIT,
        "project.reached": MILESTONE | PROJECT | UNIT,
        "project.light": BEFORE | PROJECT | UNIT,
        "project.problem": PROBLEM | PROJECT | UNIT,
        "project.disputed": PROJECT | UNIT,
        "project.closed": PROJECT | UNIT,
        "delay.claimed": DELAY | PROJECT | UNIT,
        "delay.agreed": DELAY | PROJECT | UNIT,
        "delay.refused": DELAY | PROJECT | UNIT,
        "start.opened": START,
        "start.made": MADE | START,
        "start.given_up": START,
        "start.reopened": START,
        "permit.asked": PERMIT | UNIT,
        "permit.begun": PERMIT | UNIT,
        "permit.committed": PERMIT | UNIT,
        "permit.granted": GRANT | PERMIT | UNIT,
        "permit.withdrawn": WITHDRAWAL | PERMIT | UNIT,
        "permit.reopened": PERMIT | UNIT,
        "permit.dropped": PERMIT | UNIT,
        "duty.done": DUTY | PERMIT | UNIT,
        "duty.missed": PERMIT | UNIT,
        "gap.opened": GAP | UNIT,
        "gap.changed": GAP | UNIT,
        "gap.ended": ENDED | GAP | UNIT,
        "campaign.shown": GOAL | UNIT,
        "campaign.answered": ANSWER | GOAL | UNIT,
    }
)

# What a contest's check may ask of the record of who is nominated: over the twelve months before.
RECORD: MappingProxyType[str, CelType] = MappingProxyType(
    {
        "record.accountability": "int",
        "record.notices": "int",
        "record.honours": "int",
        "record.upheld_bad": "int",
        "record.breaches": "int",
        "record.false_closings": "int",
        "record.commitments_missed": "int",
        "record.named_worst": "int",
    }
)

# What a clock's `when` may ask of the case it would run for.
CLOCK_CONTEXT = CASE | UNIT


@dataclass(frozen=True, slots=True)
class Verb:
    """Something a rule may do. `pattern` shows the words; NAMES in capitals are looked up in the regime."""

    pattern: str
    scope: Literal["unit", "event"]
    meaning: str


VERBS: tuple[Verb, ...] = (
    Verb("open case KIND", "unit", "open a case of a kind of `cases` for the unit"),
    Verb("propose MERIT for unit", "unit", "propose a consequence of `merits` for the unit"),
    Verb("propose MERIT for head", "unit", "propose a consequence of `merits` for the unit's head"),
    Verb("call OCCASION", "event", "call an occasion of `cadence`, `within` its time after the event"),
    Verb("publish bulletin", "event", "draw up the bulletin of the table that was published"),
)

# The house's flows that a kind of case may go through, each with the milestones that clocks may run from or until.
FLOWS: MappingProxyType[str, tuple[str, ...]] = MappingProxyType(
    {key: flow.milestones for key, flow in flows.FLOWS.items()}
)

# Facts that the house computes from records that exist anyway; a measure's `from`.
FACTS: MappingProxyType[str, str] = MappingProxyType(
    {
        "reported": N_("a figure the unit reports, with its target"),
        "readings.rate": N_("readings that bring a numerator and a denominator, as a rate"),
        "ballots.bad_rate": N_("bad verdicts in counted verdicts"),
        "ballots.upheld_bad_rate": N_("bad verdicts found true, in counted verdicts"),
        "ballots.satisfied_rate": N_("good verdicts in counted verdicts"),
        "ballots.upheld_bad": N_("number of bad verdicts found true"),
        "cases.on_time_rate": N_("done in time, in all that fell due (open and late counts as late)"),
        "cases.on_time_survival": N_(
            "likely to be done in time, of all opened, told from those over and those still open"
        ),
        "cases.response_rate": N_("opened in the period and replied to by the unit by its end"),
        "cases.solved_rate": N_("opened in the period and closed by its end"),
        "cases.median_hours": N_("median hours from opened to closed, of cases closed in the period"),
        "cases.p90_hours": N_("hours within which nine in ten cases closed in the period were"),
        "cases.satisfied_rate": N_(
            "called solved by who had the problem, when asked first, of those closed in the period who said"
        ),
        "cases.paused_share": N_("time that stood paused, in the time that cases were open in the period"),
        "cases.relapse_share": N_("come back, of those closed in the period"),
        "cases.overturned_share": N_("sent back, of those first reported as done in the period"),
        "cases.false_closing_share": N_(
            "not really over, of those closed in the period that were drawn and looked at again"
        ),
        "cases.backlog_days": N_("open at the period's end, in days of the period's own inflow"),
        "cases.overdue": N_("open and past their due time at the period's end"),
        "cases.opened": N_("opened in the period"),
        "projects.entered": N_("projects that entered the stage for the first time in the period"),
        "projects.arrived": N_("money that arrived at projects in the period, in yuan"),
        "projects.on_time_rate": N_(
            "milestones of projects reached by their day, excused days aside, in all planned for the period"
        ),
    }
)
