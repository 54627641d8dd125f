"""A scenario that comes out otherwise says what, where, and what the rule-book makes of it."""

from __future__ import annotations

from functools import cache

import pytest

from leitai.rules.kernel import Finding
from leitai.rules.regime.model import Regime
from leitai.rules.regime.parse import parse
from leitai.rules.regime.scenarios import read_scenarios
from leitai.rules.rehearsal import rehearse
from tests.rules.regime.helpers import RIGHT

HOUR = "{calendar: hall, from: 2022-03-05 11:30, within: 1 hour}"
LATE = "{event: clock.breached, clock.key: reply, case.kind: question}"
TABLE = "{arena: projects, period: 2022-03, readings: "
TWO = (
    TABLE
    + "{water: {funds: {value: 8, target: 10}, delay: 0}, roads: {funds: {value: 1, target: 1}, delay: 9}}}"
)
PART = "{arena: overall, period: 2022-Q1, readings: {water: {funds: {value: 8, target: 10}}, roads: {}}}"
FULL = TABLE + "{water: {delay: 0, funds: {value: 1, target: 1}}}}"
EARLY = "{due: 2022-03-05 12:30}"
CASE = "{case: question, opened: 2022-03-01 16:50"  # a Tuesday; the hall's afternoon is 13:30 to 17:30


@cache
def _regime(old: str = "", new: str = "") -> Regime:
    assert old in RIGHT
    regime = parse(RIGHT.replace(old, new) if old else RIGHT).regime
    assert regime is not None
    return regime


def _play(given: str, then: str, regime: Regime | None = None) -> tuple[Finding, ...]:
    (scenario,), findings = read_scenarios(f"- name: x\n  given: {given}\n  then: {then}\n", file="s.yaml")
    assert findings == ()
    return rehearse(regime or _regime(), scenario)


@pytest.mark.parametrize(
    ("given", "then"),
    [
        (
            CASE + ", replied: 2022-03-01 17:00}",
            "{reply: {due: 2022-03-01 17:00, late: false, warned: 2022-03-01 16:55}}",
        ),
        (CASE + ", replied: 2022-03-01 17:01}", "{reply: {late: true}}"),
        (CASE + ", replied: 2022-03-01 16:52}", "{reply: {warned: never}}"),
        (CASE + ", answered: 2022-03-01 17:01}", "{reply: {late: true}}"),
        (CASE + ", now: 2022-03-01 17:01}", "{reply: {late: true}}"),
        (CASE + ", now: 2022-03-01 16:52}", "{reply: {late: false, warned: never}}"),
        (CASE + "}", "{solve: does not run, reply: {warned: 2022-03-01 16:55}}"),
        (CASE + ", complex: true}", "{solve: {due: 2022-03-04 17:30}}"),
        (HOUR, "{due: 2022-03-07 09:00}"),
        (LATE, "{does: [propose warning for unit]}"),
        ("{event: clock.breached}", "{does: []}"),
        ("{occasion: dispatch, after: 2022-04-29}", "{next: [2022-05-05 09:00, 2022-05-09 09:00]}"),
        (TWO, "{ranks: {water: 1, roads: 2}, scores: {water: 88, roads: 80}, not ranked: []}"),
        (PART, "{scores: {water: 80}, not ranked: [roads]}"),
    ],
)
def test_a_right_scenario_passes(given: str, then: str) -> None:
    assert [str(finding) for finding in _play(given, then)] == []


@pytest.mark.parametrize(
    ("given", "then", "code", "words"),
    [
        (
            CASE + "}",
            "{reply: {due: 2022-03-01 17:05}}",
            "scenario-differs",
            "should be 2022-03-01 17:05; by the rule-book it is 2022-03-01 17:00",
        ),
        (CASE + ", replied: 2022-03-01 17:00}", "{reply: {late: true}}", "scenario-differs", "in time"),
        (CASE + ", replied: 2022-03-01 17:00}", "{reply: {warned: never}}", "scenario-differs", "16:55"),
        (CASE + "}", "{reply: {late: true}}", "scenario-open", "now"),
        (CASE + "}", "{solve: {late: true}}", "scenario-differs", "does not run"),
        (CASE + "}", "{reply: does not run}", "scenario-differs", "due 2022-03-01 17:00"),
        (CASE + "}", "{rply: does not run}", "unknown-clock", "reply"),
        (CASE + ", dispatched: 2022-03-01 17:00}", "{}", "unknown-milestone", "replied"),
        ("{case: qestion, opened: 2022-03-01 16:50}", "{}", "unknown-kind", "question"),
        (
            "{calendar: hal, from: 2022-03-05 11:30, within: 1 hour}",
            "{due: 2022-03-07 09:00}",
            "unknown-calendar",
            "hall",
        ),
        (
            "{calendar: hall, from: 2022-03-05 11:30, within: 1 hoor}",
            "{due: 2022-03-07 09:00}",
            "bad-scenario",
            "hoor",
        ),
        (HOUR, EARLY, "scenario-differs", "2022-03-07 09:00"),
        ("{event: clock.breeched}", "{does: []}", "unknown-event", "clock.breached"),
        ("{event: clock.breached, clock.kee: reply}", "{does: []}", "unknown-name", "clock.key"),
        ("{event: clock.breached, case.complex: no}", "{does: []}", "wrong-type", "bool"),
        (LATE, "{does: []}", "scenario-differs", "propose warning for unit"),
        (
            "{occasion: dispach, after: 2022-04-29}",
            "{next: [2022-05-05 09:00]}",
            "unknown-occasion",
            "dispatch",
        ),
        (
            "{occasion: dispatch, called: 2022-04-29 10:00}",
            "{next: [2022-05-05 09:00]}",
            "bad-scenario",
            "within",
        ),
        ("{occasion: dispatch}", "{next: [2022-05-05 09:00]}", "bad-scenario", "after"),
        (
            "{occasion: dispatch, after: 2022-04-29}",
            "{next: [2022-05-02 09:00]}",
            "scenario-differs",
            "2022-05-05 09:00",
        ),
        ("{arena: project, period: 2022-03, readings: {}}", "{}", "unknown-arena", "projects"),
        ("{arena: projects, period: 2022-13, readings: {}}", "{}", "bad-scenario", "2022-Q1"),
        (TABLE + "{water: {fund: 1}}}", "{}", "unknown-measure", "funds"),
        (TABLE + "{water: {}}, groups: {water: x}}", "{}", "unknown-group", "bureaus"),
        (TABLE + "{water: {}}}", "{ranks: {watr: 1}}", "unknown-unit", "water"),
        (TABLE + "{water: {}}}", "{ranks: {water: 1}}", "scenario-differs", "not ranked"),
        (FULL, "{scores: {water: 99}}", "scenario-differs", "it is 100.00"),
    ],
)
def test_a_wrong_one_says_what_is_wrong(given: str, then: str, code: str, words: str) -> None:
    (found,) = _play(given, then)
    assert found.code == code
    assert words in found.text
    assert found.where.line in (2, 3) and found.where.column > 0


def test_an_occasion_may_be_called() -> None:
    regime = _regime("every: week, day: monday", "within: 5 workdays")
    assert _play("{occasion: dispatch, called: 2022-03-01 10:00}", "{next: [2022-03-08 09:00]}", regime) == ()


def test_a_clock_may_bring_its_own_due_time() -> None:
    regime = _regime("within: 10 minutes, on: hall, warn: 5 minutes", "within: given, on: hall")
    then = "{reply: {due: 2022-03-02 12:00, late: true}}"
    assert _play(CASE + ", due: 2022-03-02 12:00, now: 2022-03-03 09:00}", then, regime) == ()


def test_the_worst_and_best_are_those_the_book_names() -> None:
    regime = _regime(
        "overall: {name: Overall,", "overall: {name: Overall, worst: {take: 1}, best: {take: 1},"
    )
    readings = "{water: {delay: 0}, roads: {delay: 20}}"
    given = f"{{arena: overall, period: 2022-Q1, readings: {readings}}}"
    assert [f.code for f in _play(given, "{worst: [roads], best: [water]}", regime)] == [
        "scenario-differs"
    ] * 2
    full = readings.replace("delay", "funds: {value: 1, target: 1}, delay")
    given = f"{{arena: overall, period: 2022-Q1, readings: {full}}}"
    assert _play(given, "{worst: [roads], best: [water]}", regime) == ()


def test_points_past_the_target_are_not_cut_off_one_level_up() -> None:
    regime = _regime("points: {by: target}", "points: {by: target, cap: 120%}")
    given = "{arena: overall, period: 2022-Q1, readings: {water: {funds: {value: 12, target: 10}, delay: 0}}}"
    assert _play(given, "{scores: {water: 112}}", regime) == ()
