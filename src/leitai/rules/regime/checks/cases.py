"""Checks of kinds of case: flow, doors and form, clocks with their ladder of slips, and what may stop them."""

from __future__ import annotations

from leitai.rules.flows import FLOWS, Flow
from leitai.rules.kernel import N_
from leitai.rules.worktime import Within

from ..cases import CaseSpec, ClockSpec, QuestionSpec, SlipSpec
from ..vocabulary import CLOCK_CONTEXT
from .desk import Desk

GIVEN = "given"
COLOURS = ("blue", "yellow", "orange", "red")
# Whom a slip goes to, from below; the office stands beside them and may be told at any rung.
LADDER = ("unit", "head", "leader")
# Doors of people who cannot say which unit is responsible.
OUTSIDE = ("patrol", "public", "open311", "mail")
_DONE = "answered"


def check_cases(desk: Desk) -> None:
    """Every kind of case, and that the unit that dispatches exists."""
    office = desk.regime.place.office
    if office is not None and desk.units is not None:
        desk.known_at("unit", office, desk.units, "place", "office")
    for key, case in desk.regime.cases.items():
        path = ("cases", key)
        names = (*FLOWS, *desk.regime.flows)
        known = desk.known_at("flow", case.flow, names, *path, "flow")
        flow = (case.own_flow or FLOWS[case.flow]) if known else None
        for name, clock in case.clocks.items():
            _clock(desk, clock, flow.milestones if flow else None, (*path, "clocks", name))
        if flow is not None:
            _fits(desk, case, flow, path)
        for name, question in case.form.items():
            _question(desk, question, (*path, "form", name))
        for name, pause in case.pauses.items():
            desk.limit(pause.most, *path, "pauses", name, "most")
        if case.extend is not None:
            desk.limit(case.extend.most, *path, "extend", "most")
        if case.relapse is not None:
            desk.limit(case.relapse, *path, "relapse")


def _fits(desk: Desk, case: CaseSpec, flow: Flow, path: tuple[object, ...]) -> None:
    """That its doors, photos and re-inspections fit the flow it goes through."""
    straight = flow.start in {state.key for state in flow.states if state.owner == "unit"}
    for index, door in enumerate(case.doors or ()):
        if door in (case.doors or ())[:index]:
            desk.error("door-twice", N_("“%(door)s” is named twice"), *path, "doors", index, door=door)
        elif straight and door in OUTSIDE:
            message = N_(
                "who comes by “%(door)s” names no unit, and cases of flow %(flow)s go straight to one;"
                " take a flow that starts with the office"
            )
            desk.error("door-needs-unit", message, *path, "doors", index, door=door, flow=flow.key)
    if case.photos != "none" and _DONE not in flow.milestones:
        message = N_(
            "photos are asked for when a unit reports what was done; flow %(flow)s has no “%(done)s”"
        )
        desk.error("photos-never", message, *path, "photos", flow=flow.key, done=_DONE)


def _question(desk: Desk, question: QuestionSpec, path: tuple[object, ...]) -> None:
    chosen = question.kind in ("choice", "choices")
    if chosen and len(question.options) < 2:
        message = N_("a question with a choice needs two options or more")
        desk.error_at_key("no-options", message, *path)
    elif question.options and not chosen:
        message = N_("options are for “kind: choice” or “kind: choices”, not for “kind: %(kind)s”")
        desk.error_at_key("options-unasked", message, *path, "options", kind=question.kind)


def _clock(
    desk: Desk, clock: ClockSpec, milestones: tuple[str, ...] | None, path: tuple[object, ...]
) -> None:
    if milestones is not None:
        sound = desk.known_at("milestone", clock.from_, milestones, *path, "from")
        sound &= desk.known_at("milestone", clock.until, milestones, *path, "until")
        if sound and milestones.index(clock.from_) >= milestones.index(clock.until):
            message = N_(
                "a clock runs to a later milestone than it starts from; “%(until)s” is not after “%(from_)s”"
            )
            desk.error("clock-backwards", message, *path, "until", until=clock.until, from_=clock.from_)
    desk.known_at("calendar", clock.on, desk.regime.calendars, *path, "on")
    within = None if clock.within == GIVEN else desk.limit(clock.within, *path, "within")
    warn = desk.limit(clock.warn, *path, "warn") if clock.warn is not None else None
    if within and warn and within.unit == warn.unit and warn >= within:
        message = N_("a warning %(warn)s before the due time never comes when the limit is %(within)s")
        desk.error("warn-too-long", message, *path, "warn", warn=clock.warn, within=clock.within)
    if clock.when is not None:
        desk.condition(clock.when, CLOCK_CONTEXT, *path, "when")
    _ladder(desk, clock, (*path, "slips"))


def _ladder(desk: Desk, clock: ClockSpec, path: tuple[object, ...]) -> None:
    """Each rung later than the last, to a higher one, in no lesser colour; told once for each rung."""
    before: SlipSpec | None = None
    after = Within(1, "minutes")  # the last rung that says how long after the due time
    lates = 0
    highest = -1
    for index, rung in enumerate(clock.slips):
        at = (*path, index)
        if rung.at == "warn":
            if clock.warn is None:
                desk.error("no-warning", N_("this clock has no “warn”, so no slip goes with it"), *at, "at")
            elif before is not None:
                _not_later(desk, rung, before, at)
        elif rung.at == "due":
            if before is not None and before.at != "warn":
                _not_later(desk, rung, before, at)
        elif (late := desk.limit(rung.at, *at, "at")) is not None:
            if lates and late.unit != after.unit:
                message = N_(
                    "write the times after the due time in one unit, that all may see which is later"
                )
                desk.error("mixed-units", message, *at, "at")
            elif lates and late <= after and before is not None:
                _not_later(desk, rung, before, at)
            after, lates = late, lates + 1
        if before is not None and COLOURS.index(rung.slip) < COLOURS.index(before.slip):
            message = N_("a slip is no lesser than the one before it; %(slip)s comes before %(before)s")
            desk.error("ladder-colour", message, *at, "slip", slip=rung.slip, before=before.slip)
        if rung.to in LADDER:
            if LADDER.index(rung.to) <= highest:
                message = N_("each slip goes to a higher one than the last: unit, then head, then leader")
                desk.error("ladder-not-higher", message, *at, "to")
            highest = max(highest, LADDER.index(rung.to))
        before = rung


def _not_later(desk: Desk, rung: SlipSpec, before: SlipSpec, at: tuple[object, ...]) -> None:
    message = N_("each slip comes later than the last; “%(at)s” is not after “%(before)s”")
    desk.error("ladder-not-later", message, *at, "at", at=rung.at, before=before.at)
