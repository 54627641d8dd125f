"""Playing a scenario: the same functions that judge real records, with what the scenario gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from leitai.rules import cadence
from leitai.rules.casework import Clock, flow_of, meet, start_clocks, tick
from leitai.rules.kernel import N_, Finding, PeriodError, nearest
from leitai.rules.regime.calendars import calendar_of
from leitai.rules.regime.conditions import ConditionError, compile_condition
from leitai.rules.regime.matching import matching
from leitai.rules.regime.model import Regime
from leitai.rules.regime.scenarios import (
    CaseGiven,
    CaseScenario,
    ClockThen,
    DueScenario,
    OccasionScenario,
    RuleScenario,
    Scenario,
    TableScenario,
)
from leitai.rules.regime.vocabulary import CLOCK_CONTEXT, EVENTS, CelType
from leitai.rules.worktime import WorktimeError, due, parse_within

from .tables import play_table

BLANK: Mapping[CelType, object] = {"string": "", "int": 0, "double": 0.0, "bool": False}
LONGEST_SEARCH = 400  # called or periodic occasions asked for in one scenario


@dataclass(frozen=True, slots=True)
class _Play:
    """One scenario on one regime."""

    regime: Regime
    scenario: Scenario

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.regime.place.timezone)

    def instant(self, moment: datetime) -> datetime:
        """Wall time of the place as an instant."""
        return moment.replace(tzinfo=self.zone).astimezone(UTC)

    def local(self, instant: datetime | None) -> str:
        """An instant as a scenario writes it; "never" for none."""
        if instant is None:
            return "never"
        moment = instant.astimezone(self.zone).replace(tzinfo=None)
        return moment.isoformat(" ", "minutes" if not (moment.second or moment.microsecond) else "seconds")

    def differs(self, what: str, wanted: object, found: object, *path: object) -> Finding:
        """The finding that something came out otherwise."""
        return Finding(
            "scenario-differs",
            N_("“%(name)s”: %(what)s should be %(wanted)s; by the rule-book it is %(found)s"),
            self.scenario.where("then", *path),
            {"name": self.scenario.name, "what": what, "wanted": wanted, "found": found},
        )

    def unknown(self, what: str, name: str, names: Iterable[str], *path: object) -> Finding:
        """The finding that a scenario names something that is not there."""
        known = tuple(names)
        near = nearest(name, known)
        values = {"what": what, "name": name, "near": near, "known": ", ".join(known)}
        message = (
            N_("there is no %(what)s “%(name)s”; nearest is “%(near)s”")
            if near
            else N_("there is no %(what)s “%(name)s”; there are %(known)s")
        )
        return Finding(f"unknown-{what}", message, self.scenario.where(*path), values)


def rehearse(regime: Regime, scenario: Scenario) -> tuple[Finding, ...]:
    """Where a scenario comes out otherwise than it says; () when it passes.

    The regime must have passed `check`, and be the one in force on the scenario's `day` where it names one.
    """
    play, what = _Play(regime, scenario), scenario.what
    try:
        match what:
            case CaseScenario():
                found = _case(play, what)
            case DueScenario():
                found = _due(play, what)
            case RuleScenario():
                found = _rule(play, what)
            case OccasionScenario():
                found = _occasion(play, what)
            case TableScenario():
                found = play_table(regime, scenario, what)
    except (WorktimeError, PeriodError, ConditionError) as error:
        found = [Finding("bad-scenario", "%(why)s", scenario.where("given"), {"why": str(error)})]
    return tuple(found)


def _case(play: _Play, what: CaseScenario) -> list[Finding]:
    given, cases = what.given, play.regime.cases
    if given.case not in cases:
        return [play.unknown("kind", given.case, cases, "given", "case")]
    spec = cases[given.case]
    stray = [
        name for name in type(given).model_fields if name in _MILESTONES and getattr(given, name) is not None
    ]
    stray = [name for name in stray if name not in flow_of(spec).milestones]
    if stray:
        return [play.unknown("milestone", stray[0], flow_of(spec).milestones, "given", stray[0])]
    clocks = {clock.key: clock for clock in _run(play, given)}
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


_MILESTONES = ("opened", "dispatched", "called", "replied", "answered", "closed")


def _run(play: _Play, given: CaseGiven) -> tuple[Clock, ...]:
    """The clocks of a case after all its milestones, and as of `now` where somebody looks."""
    regime, spec = play.regime, play.regime.cases[given.case]
    facts: dict[str, object] = {name: BLANK[kind] for name, kind in CLOCK_CONTEXT.items()}
    facts |= {"case.kind": given.case, "case.complex": given.complex, "case.channel": given.channel}
    facts |= {"unit.key": given.unit, "unit.kind": given.unit_kind}
    calendars = {key: calendar_of(regime, key) for key in {clock.on for clock in spec.clocks.values()}}
    flow = flow_of(spec)
    passed = [
        (play.instant(at), name) for name in flow.milestones if (at := getattr(given, name)) is not None
    ]
    clocks: tuple[Clock, ...] = ()
    for at, milestone in sorted(passed, key=lambda one: (one[0], flow.milestones.index(one[1]))):
        clocks, _ = meet(clocks, milestone, at, flow)
        own = play.instant(given.due) if given.due is not None else None
        clocks += start_clocks(spec, facts, milestone, at, calendars, _holds, own)
    now = play.instant(given.now) if given.now is not None else None
    return tuple(tick(clock, now)[0] for clock in clocks) if now is not None else clocks


def _holds(text: str, facts: Mapping[str, object]) -> bool:
    return compile_condition(text, CLOCK_CONTEXT).holds(facts)


def _clock(play: _Play, clock: Clock, then: ClockThen, *, settled: bool) -> list[Finding]:
    found = []
    key = clock.key
    if then.due is not None and play.instant(then.due) != clock.due:
        found.append(play.differs(f"{key} due", _shown(then.due), play.local(clock.due), key, "due"))
    if then.warned is not None:
        # A warning that was sent, or that will be as long as nothing happens before.
        warned = clock.warned if clock.met is not None or settled else clock.warn
        wanted = None if then.warned == "never" else play.instant(then.warned)
        if wanted != warned:
            found.append(play.differs(f"{key} warned", play.local(wanted), play.local(warned), key, "warned"))
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


def _due(play: _Play, what: DueScenario) -> list[Finding]:
    given, calendars = what.given, play.regime.calendars
    if given.calendar not in calendars:
        return [play.unknown("calendar", given.calendar, calendars, "given", "calendar")]
    calendar = calendar_of(play.regime, given.calendar)
    found = due(play.instant(given.from_), parse_within(given.within), calendar).instant
    if found == play.instant(what.then.due):
        return []
    return [play.differs("due", _shown(what.then.due), play.local(found), "due")]


def _rule(play: _Play, what: RuleScenario) -> list[Finding]:
    event = str(what.given["event"])
    if event not in EVENTS:
        return [play.unknown("event", event, EVENTS, "given", "event")]
    context = EVENTS[event]
    given = {name: value for name, value in what.given.items() if name != "event"}
    stray = [play.unknown("name", name, context, "given", name) for name in given if name not in context]
    if stray:
        return stray
    values = {name: BLANK[kind] for name, kind in context.items()} | given
    wrong = [name for name, value in values.items() if type(value) is not type(BLANK[context[name]])]
    if wrong:
        message = N_("“%(name)s” should be a value of type %(type)s")
        where = play.scenario.where("given", wrong[0])
        return [Finding("wrong-type", message, where, {"name": wrong[0], "type": context[wrong[0]]})]
    does = tuple(" ".join(match.rule.do.split()) for match in matching(play.regime, event, values))
    wanted = tuple(" ".join(text.split()) for text in what.then.does)
    return [] if does == wanted else [play.differs("done", _listed(wanted), _listed(does), "does")]


def _occasion(play: _Play, what: OccasionScenario) -> list[Finding]:
    given, known = what.given, play.regime.cadence
    if given.occasion not in known:
        return [play.unknown("occasion", given.occasion, known, "given", "occasion")]
    spec = known[given.occasion]
    calendar = calendar_of(play.regime, spec.on)
    wanted = [play.instant(moment) for moment in what.then.next]
    fits = spec.within if given.called is not None else spec.every
    if (given.called is None) == (given.after is None) or fits is None:
        message = N_("say either “called”, for an occasion with “within”, or “after”, for one with “every”")
        return [Finding("bad-scenario", message, play.scenario.where("given"))]
    if given.called is not None:
        coming = [cadence.called(spec, play.instant(given.called), calendar, play.zone).at]
    else:
        assert given.after is not None
        at = play.instant(datetime.combine(given.after + timedelta(days=1), time())) - timedelta(seconds=1)
        coming = []
        for _ in wanted[:LONGEST_SEARCH]:
            at = cadence.next_after(spec, at, calendar, play.zone).at
            coming.append(at)
    if coming == wanted:
        return []
    shown = [_listed([play.local(one) for one in found]) for found in (wanted, coming)]
    return [play.differs("next", *shown, "next")]


def _listed(items: Iterable[str]) -> str:
    return ", ".join(items) or "nothing"


def _shown(moment: datetime) -> str:
    return moment.isoformat(" ", "minutes" if not moment.second else "seconds")
