"""Scenarios of cases with slips, pauses, more time and milestones of a flow of the rule-book's own."""

from __future__ import annotations

import pytest

from leitai.rules.kernel import Finding
from leitai.rules.regime.parse import parse
from leitai.rules.regime.scenarios import read_scenarios
from leitai.rules.rehearsal import rehearse
from tests.rules.regime.test_kinds import BOOK

# Ten workdays from a Tuesday: due on Tuesday the 15th, warned two workdays before; slips a workday and three later.
CASE = "{case: noise, opened: 2022-03-01 09:00"
LADDER = "{blue: 2022-03-11 17:30, yellow: 2022-03-15 17:30, orange: 2022-03-16 17:30, red: 2022-03-18 17:30}"
PAUSE = "pauses: [{from: 2022-03-14 08:30, until: 2022-03-21 08:30"
MORE = "extensions: [{clock: settle, at: 2022-03-10 09:00, due: 2022-03-25 17:30}]"


def _play(given: str, then: str, book: str = BOOK) -> tuple[Finding, ...]:
    regime = parse(book).regime
    assert regime is not None
    (scenario,), findings = read_scenarios(f"- name: x\n  given: {given}\n  then: {then}\n", file="s.yaml")
    assert findings == ()
    return rehearse(regime, scenario)


@pytest.mark.parametrize(
    ("given", "then"),
    [
        (CASE + "}", f"{{settle: {{due: 2022-03-15 17:30, slips: {LADDER}}}}}"),
        (
            CASE + ", answered: 2022-03-11 17:30}",
            "{settle: {slips: {blue: never, yellow: never, red: never}}}",
        ),
        (
            CASE + ", answered: 2022-03-16 09:00}",
            "{settle: {late: true, slips: {yellow: 2022-03-15 17:30, orange: never}}}",
        ),
        (
            CASE + ", now: 2022-03-17 09:00}",
            "{settle: {slips: {orange: 2022-03-16 17:30, red: never}}}",
        ),
        (CASE + f", {PAUSE}}}]}}", "{settle: {due: 2022-03-22 17:30}}"),
        (CASE + f", {PAUSE}, resumed: 2022-03-16 08:30}}]}}", "{settle: {due: 2022-03-17 17:30}}"),
        (CASE + f", {MORE}}}", "{settle: {due: 2022-03-25 17:30, warned: 2022-03-23 17:30}}"),
        (
            CASE + ", passed: {dispatched: 2022-03-01 09:30}, answered: 2022-03-15 17:30}",
            "{settle: {late: false}}",
        ),
    ],
)
def test_what_happens_to_a_case_moves_its_clocks(given: str, then: str) -> None:
    assert [str(finding) for finding in _play(given, then)] == []


@pytest.mark.parametrize(
    ("given", "then", "code", "words"),
    [
        (
            CASE + "}",
            "{settle: {slips: {red: 2022-03-17 17:30}}}",
            "scenario-differs",
            "settle, red slip, should be 2022-03-17 17:30; by the rule-book it is 2022-03-18 17:30",
        ),
        (CASE + ", answered: 2022-03-02 09:00}", "{settle: {slips: {blue: 2022-03-11 17:30}}}",
         "scenario-differs", "it is never"),
        (CASE + ", replied: 2022-03-02 09:00}", "{}", "unknown-milestone", "there are opened, dispatched"),
        (CASE + ", passed: {answerd: 2022-03-02 09:00}}", "{}", "unknown-milestone", "answered"),
        (CASE + f", {MORE.replace('settle', 'setle')}}}", "{}", "unknown-clock", "settle"),
        (CASE + f", {MORE.replace('2022-03-25', '2022-03-02')}}}", "{}", "bad-scenario", "2022-03-02"),
        (CASE + f", {PAUSE.replace('2022-03-21', '2022-03-11')}}}]}}", "{}", "bad-scenario", "pause"),
    ],
)  # fmt: skip
def test_what_comes_out_otherwise_or_cannot_be_is_told(given: str, then: str, code: str, words: str) -> None:
    (found,) = _play(given, then)
    assert (found.code, words in found.text) == (code, True), found.text
    assert found.where.line in (2, 3)


def test_milestones_of_one_instant_are_passed_in_the_order_of_the_flow() -> None:
    at_once = BOOK.replace(
        "        until: answered\n        within: 10",
        "        from: dispatched\n        until: answered\n        within: 10",
    )
    given = CASE + ", answered: 2022-03-01 09:00, passed: {dispatched: 2022-03-01 09:00}}"
    assert _play(given, "{settle: {due: 2022-03-15 17:30, late: false}}", at_once) == ()
