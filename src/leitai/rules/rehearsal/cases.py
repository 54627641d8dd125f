"""A case played: its milestones, pauses and extensions in their order, and what its clocks made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from leitai.rules.casework import Clock, extend, flow_of, meet, resume, start_clocks, suspend, tick
from leitai.rules.kernel import N_, Finding
from leitai.rules.regime.calendars import calendar_of
from leitai.rules.regime.conditions import compile_condition
from leitai.rules.regime.scenarios import CaseGiven, CaseScenario, ClockThen
from leitai.rules.regime.vocabulary import CLOCK_CONTEXT
from leitai.rules.worktime import Calendar

from .stage import BLANK, Stage, shown

_MILESTONES = ("opened", "dispatched", "called", "replied", "answered", "closed")
_Clocks = tuple[Clock, ...]
_Act = Callable[[_Clocks, datetime], _Clocks]


def play_case(play: Stage, what: CaseScenario) -> list[Finding]:
    """Where the clocks of a scenario's case come out otherwise."""
    given, cases = what.given, play.regime.cases
    if given.case not in cases:
        return [play.unknown("kind", given.case, cases, "given", "case")]
    spec = cases[given.case]
    known = flow_of(spec).milestones
    stray = next((name for name in _passed(given) if name not in known), None)
    if stray is not None:
        path = ("passed", stray) if stray in given.passed else (stray,)
        return [play.unknown("milestone", stray, known, "given", *path)]
    for index, more in enumerate(given.extensions):
        if more.clock not in spec.clocks:
            return [play.unknown("clock", more.clock, spec.clocks, "given", "extensions", index, "clock")]
    try:
        # Of several runs of a clock the last is the one that counts.
        clocks = {clock.key: clock for clock in _run(play, given)}
    except ValueError as error:
        return [Finding("bad-scenario", "%(why)s", play.scenario.where("given"), {"why": str(error)})]
    found: list[Finding] = []
    for key, then in what.then.items():
        if key not in spec.clocks:
            found.append(play.unknown("clock", key, spec.clocks, "then", key))
        elif not isinstance(then, ClockThen):
            if key in clocks:
                found.append(play.differs(key, then, f"due {play.local(clocks[key].due)}", key))
        elif key not in clocks:
            found.append(play.differs(key, "running", "does not run", key))
        else:
            found += _clock(play, clocks[key], then, settled=given.now is not None)
    return found


def _passed(given: CaseGiven) -> dict[str, datetime]:
    """When each milestone was passed that a scenario names."""
    said = {name: at for name in _MILESTONES if (at := getattr(given, name)) is not None}
    return said | given.passed


def _run(play: Stage, given: CaseGiven) -> _Clocks:
    """The clocks of a case after all that happened to it, and as of `now` where somebody looks."""
    clocks: _Clocks = ()
    spec = play.regime.cases[given.case]
    calendars = {key: calendar_of(play.regime, key) for key in {clock.on for clock in spec.clocks.values()}}
    road = [*_milestones(play, given, calendars), *_agreed(play, given, calendars)]
    for at, _order, act in sorted(road, key=lambda one: one[:2]):
        clocks = act(clocks, at)
    now = play.instant(given.now) if given.now is not None else None
    return tuple(tick(clock, now)[0] for clock in clocks) if now is not None else clocks


def _milestones(
    play: Stage, given: CaseGiven, calendars: Mapping[str, Calendar]
) -> list[tuple[datetime, int, _Act]]:
    """What passing each milestone does, in the flow's order where several are passed at once."""
    spec = play.regime.cases[given.case]
    flow = flow_of(spec)
    facts: dict[str, object] = {name: BLANK[kind] for name, kind in CLOCK_CONTEXT.items()}
    facts |= {"case.kind": given.case, "case.complex": given.complex, "case.channel": given.channel}
    facts |= {"unit.key": given.unit, "unit.kind": given.unit_kind}
    own = play.instant(given.due) if given.due is not None else None

    def passing(milestone: str) -> _Act:
        def act(clocks: _Clocks, at: datetime) -> _Clocks:
            met, _ = meet(clocks, milestone, at, flow)
            return (*met, *start_clocks(spec, facts, milestone, at, calendars, _holds, own))

        return act

    return [
        (play.instant(at), flow.milestones.index(name), passing(name)) for name, at in _passed(given).items()
    ]


def _agreed(
    play: Stage, given: CaseGiven, calendars: Mapping[str, Calendar]
) -> list[tuple[datetime, int, _Act]]:
    """What pauses and extensions do, after the milestones of the same instant."""
    last = len(flow_of(play.regime.cases[given.case]).milestones)

    def pausing(until: datetime) -> _Act:
        return lambda clocks, at: suspend(clocks, at, until, calendars)[0]

    def extending(key: str, until: datetime) -> _Act:
        return lambda clocks, at: extend(clocks, key, at, until, calendars)[0]

    found: list[tuple[datetime, int, _Act]] = []
    for pause in given.pauses:
        found.append((play.instant(pause.from_), last, pausing(play.instant(pause.until))))
        if pause.resumed is not None:
            again = play.instant(pause.resumed)
            found.append((again, last, lambda clocks, at: resume(clocks, at, calendars)[0]))
    for more in given.extensions:
        found.append((play.instant(more.at), last, extending(more.clock, play.instant(more.due))))
    return found


def _holds(text: str, facts: Mapping[str, object]) -> bool:
    return compile_condition(text, CLOCK_CONTEXT).holds(facts)


def _clock(play: Stage, clock: Clock, then: ClockThen, *, settled: bool) -> list[Finding]:
    found = []
    key = clock.key
    # What has been told of it, or will be as long as nothing happens before.
    told = clock.met is not None or settled
    if then.due is not None and play.instant(then.due) != clock.due:
        found.append(play.differs(f"{key} due", shown(then.due), play.local(clock.due), key, "due"))
    if then.warned is not None:
        warned = clock.warned if told else clock.warn
        wanted = None if then.warned == "never" else play.instant(then.warned)
        if wanted != warned:
            found.append(play.differs(f"{key} warned", play.local(wanted), play.local(warned), key, "warned"))
    rungs = clock.rungs[: clock.rung] if told else clock.rungs
    for colour, moment in then.slips.items():
        given = next((rung.at for rung in rungs if rung.colour == colour), None)
        wanted = None if moment == "never" else play.instant(moment)
        if wanted != given:
            what = f"{key}, {colour} slip,"
            found.append(play.differs(what, play.local(wanted), play.local(given), key, "slips", colour))
    if then.late is not None:
        if clock.met is None and not settled:
            message = N_("“%(name)s”: %(key)s is still running; say with “now” when somebody looks at it")
            values = {"name": play.scenario.name, "key": key}
            found.append(Finding("scenario-open", message, play.scenario.where("then", key, "late"), values))
        elif then.late is not (clock.breached is not None):
            wanted_late, is_late = ("late", "in time") if then.late else ("in time", "late")
            found.append(
                play.differs(key, wanted_late, f"{is_late} (due {play.local(clock.due)})", key, "late")
            )
    return found
