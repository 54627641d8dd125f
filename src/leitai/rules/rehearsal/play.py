"""Playing a scenario: the same functions that judge real records, with what the scenario gives."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from leitai.rules import cadence
from leitai.rules.kernel import N_, Finding, PeriodError
from leitai.rules.regime.calendars import calendar_of
from leitai.rules.regime.conditions import ConditionError
from leitai.rules.regime.matching import matching
from leitai.rules.regime.model import Regime
from leitai.rules.regime.scenarios import (
    CaseScenario,
    DueScenario,
    OccasionScenario,
    RuleScenario,
    Scenario,
    TableScenario,
)
from leitai.rules.regime.vocabulary import EVENTS
from leitai.rules.worktime import WorktimeError, due, parse_within

from .cases import play_case
from .stage import BLANK, Stage, shown
from .tables import play_table

LONGEST_SEARCH = 400  # called or periodic occasions asked for in one scenario


def rehearse(regime: Regime, scenario: Scenario) -> tuple[Finding, ...]:
    """Where a scenario comes out otherwise than it says; () when it passes.

    The regime must have passed `check`, and be the one in force on the scenario's `day` where it names one.
    """
    play, what = Stage(regime, scenario), scenario.what
    try:
        match what:
            case CaseScenario():
                found = play_case(play, what)
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


def _due(play: Stage, what: DueScenario) -> list[Finding]:
    given, calendars = what.given, play.regime.calendars
    if given.calendar not in calendars:
        return [play.unknown("calendar", given.calendar, calendars, "given", "calendar")]
    calendar = calendar_of(play.regime, given.calendar)
    found = due(play.instant(given.from_), parse_within(given.within), calendar).instant
    if found == play.instant(what.then.due):
        return []
    return [play.differs("due", shown(what.then.due), play.local(found), "due")]


def _rule(play: Stage, what: RuleScenario) -> list[Finding]:
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


def _occasion(play: Stage, what: OccasionScenario) -> list[Finding]:
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
