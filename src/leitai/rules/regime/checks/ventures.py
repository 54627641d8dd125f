"""Checks of ventures: projects with their stages and causes, permits of a start, chains, campaigns."""

from __future__ import annotations

from datetime import date

from leitai.rules.flows import FLOWS
from leitai.rules.flows.permits import faults
from leitai.rules.kernel import N_, nearest

from ..ventures import PermitSpec, StartSpec
from .desk import Desk


def check_projects(desk: Desk) -> None:
    """The calendar, how long stages last, levels of libraries, the light's bounds, and a winter that can be."""
    spec = desk.regime.projects
    if spec is None:
        return
    desk.known_at("calendar", spec.on, desk.regime.calendars, "projects", "on")
    for key, stage in spec.stages.items():
        if stage.usual is not None:
            desk.limit(stage.usual, "projects", "stages", key, "usual")
    for key, library in spec.libraries.items():
        if library.level is not None:
            desk.known_at("level", library.level, spec.levels, "projects", "libraries", key, "level")
    if spec.red <= spec.yellow:
        message = N_("the light turns red at %(red)s days, which must be after yellow at %(yellow)s")
        desk.error_at_key("light-order", message, "projects", "red", red=spec.red, yellow=spec.yellow)
    for index, day in enumerate(spec.winter or ()):
        if not _is_day(day):
            message = N_("“%(day)s” is no day of a year; write month and day, such as 11-01")
            desk.error("bad-day", message, "projects", "winter", index, day=day)
    first, *later = spec.stages
    if spec.stages[first].needs:
        message = N_("the first stage “%(stage)s” needs evidence: a project cannot be added without it")
        desk.warn("first-stage-needs", message, "projects", "stages", first, "needs", stage=first)
    bare = [key for key in later if not spec.stages[key].needs]
    for key in bare:
        message = N_("nothing says what shows that “%(stage)s” was reached: a stage without evidence")
        desk.warn("stage-without-evidence", message, "projects", "stages", key, stage=key)


def _is_day(text: str) -> bool:
    """Whether a text is month and day; 02-29 is, since some years have it."""
    try:
        return date.fromisoformat(f"2024-{text}") is not None and len(text) == 5
    except ValueError:
        return False


def check_starts(desk: Desk) -> None:
    """Units, times, papers, the kind of case; that every way to the start passes every permit, and none gets stuck."""
    for key, spec in desk.regime.starts.items():
        path = ("starts", key)
        desk.known_at("calendar", spec.on, desk.regime.calendars, *path, "on")
        if desk.known_at("kind", spec.case, desk.regime.cases, *path, "case"):
            _check_permit_case(desk, spec.case, *path, "case")
        for name, permit in spec.permits.items():
            _check_permit(desk, spec, name, permit, *path, "permits", name)
        asked = {paper for permit in spec.permits.values() for paper in permit.asks}
        for paper in spec.papers:
            if paper not in asked:
                message = N_("no permit of “%(start)s” asks for “%(paper)s”")
                desk.warn("unused-paper", message, *path, "papers", paper, start=key, paper=paper)
        _check_graph(desk, spec, *path)


def _check_permit(desk: Desk, spec: StartSpec, name: str, permit: PermitSpec, *path: object) -> None:
    if desk.units is not None:
        desk.known_at("unit", permit.unit, desk.units, *path, "unit")
    desk.limit(permit.within, *path, "within")
    for index, paper in enumerate(permit.asks):
        desk.known_at("paper", paper, spec.papers, *path, "asks", index)
    if permit.promise is not None:
        desk.limit(permit.promise, *path, "promise")
        if not permit.asks:
            message = N_("“%(permit)s” asks for no paper, so there is none that could follow on a commitment")
            desk.error_at_key("nothing-to-promise", message, *path, "promise", permit=name)


def _check_permit_case(desk: Desk, kind: str, *path: object) -> None:
    """A permit opens its case by itself, and its being granted or withdrawn moves it: that must be possible."""
    spec = desk.regime.cases[kind]
    if any(question.needed for question in spec.form.values()):
        message = N_("a permit cannot answer what must be answered when “%(kind)s” is opened")
        desk.error("permit-cannot-answer", message, *path, kind=kind)
    flow = spec.own_flow or FLOWS.get(spec.flow)
    if flow is None:
        return  # told by the check of cases
    try:
        owner = flow.state(flow.start).owner
    except KeyError:
        return  # told by the check of flows
    first = {move.key for move in flow.moves if flow.start in move.from_states}
    if owner != "unit" or not {"answer", "set-aside"} <= first or "close" not in {m.key for m in flow.moves}:
        message = N_(
            "“%(kind)s” does not fit a permit: its flow must begin with the unit, "
            "and have the moves “answer”, “close” and “set-aside”"
        )
        desk.error("permit-flow", message, *path, kind=kind)


def _check_graph(desk: Desk, spec: StartSpec, *path: object) -> None:
    """The permits as a graph; each fault with the path that shows it, in the order in which grants would follow."""
    for fault in faults({key: permit.needs for key, permit in spec.permits.items()}, spec.start):
        way = " → ".join(fault.path)
        if fault.code == "missing":
            name = fault.path[0]
            at = ("start",) if not fault.at else ("permits", fault.at, "needs")
            names = spec.start if not fault.at else spec.permits[fault.at].needs
            near = nearest(name, spec.permits)
            values = {"name": name, "path": f"{way} → start", "near": near}
            if near is not None:
                message = N_(
                    "the start waits for an approval that nobody grants: %(path)s; nearest is “%(near)s”"
                )
            else:
                message = N_("the start waits for an approval that nobody grants: %(path)s")
            desk.error("missing-approval", message, *path, *at, names.index(name), **values)
        elif fault.code == "circle":
            message = N_("these permits wait for each other, so none is ever granted: %(path)s")
            desk.error_at_key("permit-circle", message, *path, "permits", fault.at, path=way)
        else:
            past = " → ".join([*fault.past, "start"]) if fault.past else ""
            message = (
                N_("“%(permit)s” leads nowhere: %(path)s; the start goes past it by %(past)s")
                if past
                else N_("“%(permit)s” leads nowhere: %(path)s")
            )
            desk.error_at_key(
                "dead-end", message, *path, "permits", fault.at, permit=fault.at, path=way, past=past
            )


CHAIN_WORDS = ("export", "gaps", "push")  # words of addresses where the key of a chain stands


def check_chains(desk: Desk) -> None:
    """The unit and the parks of each chain are there, it has a chief, and its key is no word of an address."""
    for key, chain in desk.regime.chains.items():
        path = ("chains", key)
        if key in CHAIN_WORDS:
            message = N_("a chain cannot be called “%(chain)s”: a page has that address")
            desk.error_at_key("reserved-key", message, *path, chain=key)
        if chain.chief is None:
            desk.warn("no-chief", N_("“%(chain)s” has no chief"), *path, chain=key)
        if desk.units is None:
            continue
        if chain.unit is not None:
            desk.known_at("unit", chain.unit, desk.units, *path, "unit")
        for index, park in enumerate((chain.parks.keys or ()) if chain.parks else ()):
            desk.known_at("unit", park, desk.units, *path, "parks", "keys", index)


def check_campaigns(desk: Desk) -> None:
    """A goal is judged by a figure with a target or by evidence, never by both; its measure and owner exist."""
    for key, spec in desk.regime.campaigns.items():
        for name, goal in spec.goals.items():
            path = ("campaigns", key, "goals", name)
            if goal.owner is not None and desk.units is not None:
                desk.known_at("unit", goal.owner, desk.units, *path, "owner")
            if (goal.measure is None) == (goal.evidence is None):
                message = N_("“%(goal)s” is judged by a measure or by evidence: name one of the two")
                desk.error_at_key("goal-by-what", message, *path, goal=name)
            if goal.measure is None:
                if goal.target is not None:
                    message = N_("“%(goal)s” has a target and no measure that is held against it")
                    desk.error_at_key("target-of-nothing", message, *path, "target", goal=name)
                continue
            desk.known_at("measure", goal.measure, desk.regime.measures, *path, "measure")
            if goal.target is None:
                message = N_("“%(goal)s” names a measure and no target")
                desk.error_at_key("goal-without-target", message, *path, "measure", goal=name)
            if goal.owner is None:
                message = N_("“%(goal)s” names a measure, and no unit whose figure it is")
                desk.error_at_key("goal-without-owner", message, *path, "measure", goal=name)
