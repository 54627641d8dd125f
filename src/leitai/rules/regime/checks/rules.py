"""Checks of rules: the event exists, the condition can be asked of it, and what is done can be done."""

from __future__ import annotations

import re
from collections.abc import Iterable

from leitai.rules.flows import FLOWS
from leitai.rules.kernel import N_, PERIOD_KINDS

from ..deeds import DoError, match_do
from ..model import Regime, RuleSpec
from ..vocabulary import EVENTS
from .cases import COLOURS
from .desk import Desk

# How a project stands against its plan, as rules.projects works it out.
LIGHTS = ("none", "green", "yellow", "red", "done")

_COMPARED = re.compile(r"([a-z_]+(?:\.[a-z_]+)+)\s*(?:[!=]=\s*|in\s*\[)((?:\s*,?\s*(?:\"[^\"]*\"|'[^']*'))+)")
_LITERAL = re.compile(r"\"([^\"]*)\"|'([^']*)'")


def check_rules(desk: Desk) -> None:
    """Every rule, and that no two share a key."""
    keys: dict[str, int] = {}
    for index, rule in enumerate(desk.regime.rules):
        path = ("rules", index)
        if rule.key is not None and rule.key in keys:
            first = desk.positions.value("rules", keys[rule.key], "key").line
            message = N_("two rules have the key “%(key)s”, first in line %(line)s; each needs its own")
            desk.error("same-key", message, *path, "key", key=rule.key, line=first)
        elif rule.key is not None:
            keys[rule.key] = index
        if not rule.source.strip():
            desk.error(
                "missing-source", N_("a rule says where it is stated; the source is empty"), *path, "source"
            )
        known_event = desk.known_at("event", rule.on, EVENTS, *path, "on")
        if known_event and rule.if_ is not None and desk.condition(rule.if_, EVENTS[rule.on], *path, "if"):
            check_literals(desk, rule.if_, *path, "if")
        _deed(desk, rule, path, known_event)
    for key, case in desk.regime.cases.items():
        for name, clock in case.clocks.items():
            if clock.when is not None:
                check_literals(desk, clock.when, "cases", key, "clocks", name, "when")


def _deed(desk: Desk, rule: RuleSpec, path: tuple[object, ...], known_event: bool) -> None:
    try:
        deed, verb, names = match_do(rule.do)
    except DoError as error:
        desk.error("unknown-verb", error.message, *path, "do", **error.values)
        return
    if names:
        what, known = _NAMED[names]
        column = rule.do.index(deed.argument, len(deed.verb)) + 1
        where = desk.positions.inside(1, column, *path, "do")
        desk.known(what, deed.argument, getattr(desk.regime, known), where)
    asked = (
        desk.regime.cases[deed.argument].form
        if deed.argument in desk.regime.cases and names == "KIND"
        else {}
    )
    if must := [key for key, question in asked.items() if question.needed]:
        message = N_("a rule cannot answer “%(key)s”, which must be answered when “%(kind)s” is opened")
        desk.error("rule-cannot-answer", message, *path, "do", key=must[0], kind=deed.argument)
    if known_event and verb.scope == "unit" and "unit.key" not in EVENTS[rule.on]:
        message = N_("“%(on)s” is not about one unit, so there is none to “%(do)s”")
        desk.error("no-unit", message, *path, "do", on=rule.on, do=rule.do)
    if known_event and deed.verb == "publish bulletin" and rule.on != "table.published":
        message = N_("a bulletin is drawn up when a table is published; use “on: table.published”")
        desk.error("no-table", message, *path, "on")


# What a name in a verb's pattern is called, and the paragraph it is looked up in.
_NAMED = {"KIND": ("kind", "cases"), "MERIT": ("merit", "merits"), "OCCASION": ("occasion", "cadence")}


def check_literals(desk: Desk, text: str, *path: object) -> None:
    """That a key a condition compares with exists: `case.kind == "qestion"` would never be true."""
    for compared in _COMPARED.finditer(text):
        named = _names_of(desk.regime, compared[1])
        if named is None:
            continue
        what, names = named
        for literal in _LITERAL.finditer(compared[2]):
            value = literal[1] if literal[1] is not None else literal[2]
            before = text[: compared.start(2) + literal.start()]
            where = desk.positions.inside(before.count("\n") + 1, len(before) - before.rfind("\n"), *path)
            desk.known(what, value, names, where)


def _names_of(regime: Regime, variable: str) -> tuple[str, Iterable[str]] | None:
    """What a variable's values name, and which there are; None where they are free."""
    clocks = {name for case in regime.cases.values() for name in case.clocks}
    tones = ("honour", "notice", "accountability")
    return _of_ventures(regime).get(variable) or {
        "case.kind": ("kind", tuple(regime.cases)),
        "clock.key": ("clock", tuple(sorted(clocks))),
        "table.arena": ("arena", tuple(regime.arenas)),
        "table.period.kind": ("period", PERIOD_KINDS),
        "unit.group": ("group", tuple(regime.groups)),
        "occasion.key": ("occasion", tuple(regime.cadence)),
        "merit.kind": ("merit", tuple(regime.merits)),
        "merit.tone": ("tone", tones),
        "reading.measure": ("measure", tuple(regime.measures)),
        "case.state": ("state", _states(regime)),
        "slip.colour": ("colour", COLOURS),
        "recheck.outcome": ("outcome", ("over", "not-over", "cannot-tell")),
        "commitment.verdict": ("verdict", ("kept", "missed", "unknown")),
        "inspection.key": ("inspection", tuple(regime.inspections)),
        "contest.key": ("contest", tuple(regime.contests)),
    }.get(variable)


def _of_ventures(regime: Regime) -> dict[str, tuple[str, Iterable[str]]]:
    """The same for projects, starts, chains and campaigns."""
    projects = regime.projects
    found: dict[str, tuple[str, Iterable[str]]] = {
        "project.light": ("light", LIGHTS),
        "problem.kind": ("kind", tuple(regime.cases)),
        "start.key": ("start", tuple(regime.starts)),
        "permit.key": (
            "permit",
            tuple(dict.fromkeys(p for one in regime.starts.values() for p in one.permits)),
        ),
        "chain.key": ("chain", tuple(regime.chains)),
        "project.chain": ("chain", tuple(regime.chains)),
        "gap.kind": ("gap", ("strengthen", "fill", "extend")),
        "gap.state": ("state", ("done", "dropped")),
        "campaign.key": ("campaign", tuple(regime.campaigns)),
        "campaign.goal": ("goal", tuple(goal for one in regime.campaigns.values() for goal in one.goals)),
    }
    if projects is None:
        return found
    return found | {
        "project.kind": ("kind", tuple(projects.kinds)),
        "project.level": ("level", tuple(projects.levels)),
        "project.stage": ("stage", tuple(projects.stages)),
        "project.was": ("stage", (*projects.stages, *LIGHTS)),
        "delay.cause": ("cause", tuple(projects.causes)),
    }


def _states(regime: Regime) -> tuple[str, ...]:
    """Every state that a case of the rule-book can stand in."""
    house = (state.key for flow in FLOWS.values() for state in flow.states)
    return tuple(dict.fromkeys((*house, *(key for flow in regime.flows.values() for key in flow.states))))
