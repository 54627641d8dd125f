"""Rows: taken whole, or rejected with the column, the value and the reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from leitai.rules.ballots import NATIONAL_FIVE
from leitai.rules.records import (
    BallotRow,
    CaseRow,
    Context,
    Draft,
    ReadingRow,
    Rejected,
    UnitCell,
    UnitRow,
    bind,
    parse_map,
)

NOW = datetime(2022, 6, 1, tzinfo=UTC)
CONTEXT = Context(
    UTC, NOW, digest="d" * 64, scale=NATIONAL_FIVE, measures={"waits": "month", "starts": "quarter"}
)

CASES = """leitai: 1
what: cases
kind: request
zone: America/New_York
columns:
  source_id: id
  opened: from
  due: due
  closed: to
  title: type
  unit: {column: queue, make: {parent: {column: dept}}}
"""
CASE = {
    "id": "7",
    "from": "2022-01-03 09:00",
    "due": "",
    "to": "",
    "queue": "Lamps",
    "dept": "Works",
    "type": "Dark",
}
BALLOTS = """leitai: 1
what: ballots
columns: {source_id: {row: true}, unit: hall, grade: said, cast_at: at, standing: then, reason: why}
grades: {Great: very-satisfied, Awful: very-dissatisfied}
standings: {属实: upheld, 不属实: set_aside}
"""
BALLOT = {"hall": "north", "said": "Great", "at": "2022-01-03 09:00", "then": "", "why": ""}
RATES = """leitai: 1
what: readings
measure: waits
columns:
  source_id: [month, org]
  unit: org
  period: month
  numerator: {minus: [seen, late]}
  denominator: {sum: [seen, other]}
"""
RATE = {"month": "2022-03-01", "org": "RF4", "seen": "1,000", "late": "20", "other": "0"}
UNITS = "leitai: 1\nwhat: units\ncolumns: {key: code, name_zh: 名称, parent: above, tags: tags}\n"


def convert(text: str, row: Mapping[str, Any], **changes: Any) -> Draft | Rejected:
    values = {**row, **changes}
    converter, findings = bind(parse_map(text), tuple(values), CONTEXT)
    assert converter is not None, findings
    return converter(list(values.values()), 3)


def test_a_case() -> None:
    assert convert(CASES, CASE, to="2022-01-03 10:30") == CaseRow(
        "7",
        UnitCell("Lamps", "Works"),
        "Dark",
        datetime(2022, 1, 3, 14, tzinfo=UTC),
        None,
        datetime(2022, 1, 3, 15, 30, tzinfo=UTC),
        "",
        "",
    )


@pytest.mark.parametrize(
    ("changes", "column", "code"),
    [
        ({"id": ""}, "id", "empty"),
        ({"id": "x" * 121}, "id", "long-id"),
        ({"from": ""}, "from", "empty"),
        ({"from": "soon"}, "from", "bad-time"),
        ({"from": "2022-06-02"}, "from", "future"),
        ({"to": "2022-06-02"}, "to", "future"),
        ({"to": "2022-01-03 08:59:59"}, "to", "closed-before-opened"),
        ({"due": "2022-13-01"}, "due", "bad-time"),
        ({"queue": " "}, "queue", "empty"),
        ({"type": ""}, "type", "empty"),
    ],
)
def test_cases_that_cannot_be_taken(changes: dict[str, str], column: str, code: str) -> None:
    found = convert(CASES, CASE, **changes)
    assert isinstance(found, Rejected)
    assert (found.column, found.value, found.finding.code) == (
        column,
        str(changes[column]).strip()[:300],
        code,
    )


def test_a_due_time_may_lie_ahead_and_behind() -> None:
    for due in ("2059-01-01", "2021-12-31 23:00"):
        assert isinstance(convert(CASES, CASE, due=due), CaseRow)


def test_a_case_closed_in_the_hour_that_came_twice_was_closed_after_it_was_opened() -> None:
    found = convert(CASES, CASE, **{"from": "2021-11-07 01:50", "to": "2021-11-07 01:10"})
    assert isinstance(found, CaseRow)
    assert found.closed is not None
    assert (found.closed - found.opened).total_seconds() == 20 * 60


def test_a_row_of_the_wrong_width() -> None:
    converter, _ = bind(parse_map(CASES), tuple(CASE), CONTEXT)
    assert converter is not None
    short, long = converter(["7"], 1), converter([*CASE.values(), "x"], 1)
    assert isinstance(short, Rejected)
    assert isinstance(long, Rejected)
    assert short.finding.text == "the row has 1 cells where the first line names 7 columns"
    assert isinstance(converter([*CASE.values(), ""], 1), CaseRow)


def test_a_verdict_without_an_id_goes_by_file_and_row() -> None:
    found = convert(BALLOTS, BALLOT)
    assert isinstance(found, BallotRow)
    assert (found.source_id, found.grade, found.standing, found.channel) == (
        f"{'d' * 16}/3",
        "very-satisfied",
        "counted",
        "imported",
    )


@pytest.mark.parametrize(
    ("said", "grade"),
    [("不满意", "dissatisfied"), ("Very satisfied", "very-satisfied"), ("satisfied", "satisfied")],
)
def test_a_grade_may_be_said_as_the_scale_says_it(said: str, grade: str) -> None:
    found = convert(BALLOTS, BALLOT, said=said)
    assert isinstance(found, BallotRow)
    assert found.grade == grade


@pytest.mark.parametrize(
    ("changes", "column", "code"),
    [
        ({"said": "Don't know"}, "said", "grade-unknown"),
        ({"at": "2023-01-01"}, "at", "future"),
        ({"then": "perhaps"}, "then", "bad-standing"),
        ({"then": "属实"}, "then", "upheld-good"),
        ({"said": "Awful", "then": "不属实"}, "why", "no-reason"),
    ],
)
def test_verdicts_that_cannot_be_taken(changes: dict[str, str], column: str, code: str) -> None:
    found = convert(BALLOTS, BALLOT, **changes)
    assert isinstance(found, Rejected)
    assert (found.column, found.finding.code) == (column, code)


def test_what_became_of_a_verdict() -> None:
    upheld = convert(BALLOTS, BALLOT, said="Awful", then="属实")
    aside = convert(BALLOTS, BALLOT, said="Awful", then="不属实", why="wrong window")
    assert isinstance(upheld, BallotRow)
    assert isinstance(aside, BallotRow)
    assert (upheld.standing, aside.standing, aside.reason) == ("upheld", "set_aside", "wrong window")


def test_a_rate_is_reckoned_from_its_columns() -> None:
    found = convert(RATES, RATE)
    assert found == ReadingRow(
        "2022-03-01/RF4", UnitCell("RF4"), "waits", "2022-03", None, Decimal(980), Decimal(1000), None
    )


@pytest.mark.parametrize(
    ("changes", "column", "code"),
    [
        ({"seen": "0", "late": "0"}, "seen", "bad-rate"),
        ({"late": "2000"}, "seen", "bad-rate"),
        ({"late": ""}, "late", "empty"),
        ({"late": "few"}, "late", "bad-number"),
        ({"month": "2022-07"}, "month", "future"),
        ({"month": "spring"}, "month", "bad-period"),
    ],
)
def test_readings_that_cannot_be_taken(changes: dict[str, str], column: str, code: str) -> None:
    found = convert(RATES, RATE, **changes)
    assert isinstance(found, Rejected)
    assert (found.column, found.finding.code) == (column, code)


def test_a_column_may_name_the_measure_and_its_period_follows_the_rule_book() -> None:
    text = "leitai: 1\nwhat: readings\ncolumns: {source_id: id, unit: u, period: p, measure: m, value: v}\n"
    row = {"id": "1", "u": "a", "p": "2022-02-15", "m": "starts", "v": "5"}
    found = convert(text, row)
    assert isinstance(found, ReadingRow)
    assert (found.period, found.measure, found.value) == ("2022-Q1", "starts", Decimal(5))
    wrong = convert(text, row, m="start")
    assert isinstance(wrong, Rejected)
    assert "starts" in wrong.finding.text
    fixed = convert(text.replace("period: p", "period: {column: p, kind: year}"), row)
    assert isinstance(fixed, ReadingRow)
    assert fixed.period == "2022"


def test_units_know_what_the_list_does_not_say() -> None:
    row = {"code": "water", "名称": "水务局", "above": "", "tags": "a; b；c"}
    assert convert(UNITS, row) == UnitRow("water", "水务局", None, "", None, ("a", "b", "c"))
    wrong = convert(UNITS, row, code="no blanks")
    assert isinstance(wrong, Rejected)
    assert wrong.finding.code == "bad-key"
