"""Maps: every fault is told with line and column, and a column that is not there with the nearest that is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from leitai.rules.ballots import NATIONAL_FIVE
from leitai.rules.records import CasesMap, Context, bind, parse_map

CASES = """leitai: 1
what: cases
kind: request
zone: America/New_York
columns:
  source_id: id
  opened: open_dt
  closed: closed_dt
  unit: {column: queue, make: {kind: queue, parent: {column: department, kind: department}}}
  title: type
"""
COLUMNS = ("id", "open_dt", "closed_dt", "queue", "department", "type")
CONTEXT = Context(UTC, datetime(2030, 1, 1, tzinfo=UTC), scale=NATIONAL_FIVE)


def test_a_right_map() -> None:
    parsed = parse_map(CASES, file="map.yaml")
    assert parsed.findings == ()
    assert isinstance(parsed.map, CasesMap)
    assert bind(parsed, COLUMNS, CONTEXT)[1] == ()


@pytest.mark.parametrize(
    ("old", "new", "code", "line", "says"),
    [
        ("what: cases", "what: casess", "unknown-what", 2, "cases"),
        ("what: cases\n", "", "unknown-what", 1, "one of"),
        ("kind: request", "knd: request", "unknown-key", 3, "kind"),
        ("zone: America/New_York", "zone: Boston", "bad-value", 4, "Asia/Shanghai"),
        ("  opened: open_dt\n", "", "missing-key", 5, "opened"),
        ("  title: type", "  title: type\n  colour: red", "unknown-key", 11, "colour"),
        ("leitai: 1", "leitai: 2", "bad-value", 1, "2"),
        ("  source_id: id", "  source_id: id\n  source_id: x", "duplicate-key", 7, "twice"),
        ("{column: queue, make", "{colum: queue, make", "unknown-key", 9, "column"),
    ],
)
def test_faults_of_a_map(old: str, new: str, code: str, line: int, says: str) -> None:
    assert old in CASES
    parsed = parse_map(CASES.replace(old, new), file="map.yaml")
    assert parsed.map is None
    told = [one for one in parsed.findings if one.code == code]
    assert told, parsed.findings
    assert told[0].where.line == line
    assert says in told[0].text


@pytest.mark.parametrize("text", ["", "- a list", "just words", "a: [", "\tleitai: 1"])
def test_what_is_no_map(text: str) -> None:
    parsed = parse_map(text, file="map.yaml")
    assert parsed.map is None
    assert parsed.findings


def test_a_column_that_is_not_there_is_told_with_the_nearest() -> None:
    parsed = parse_map(
        CASES.replace("open_dt", "opendt").replace("column: department", "column: office"), file="m.yaml"
    )
    converter, findings = bind(parsed, COLUMNS, CONTEXT)
    assert converter is None
    assert [(one.code, one.where.line) for one in findings] == [("no-column", 7), ("no-column", 9)]
    assert "the nearest is “open_dt”" in findings[0].text
    assert "it has id, open_dt" in findings[1].text


def test_two_columns_of_one_name_cannot_be_told_apart() -> None:
    _, findings = bind(parse_map(CASES), (*COLUMNS, "type"), CONTEXT)
    assert [one.code for one in findings] == ["column-twice"]


def test_grades_must_be_the_places() -> None:
    text = """leitai: 1
what: ballots
columns: {source_id: {row: true}, unit: surgery, grade: rating, cast_at: time}
grades: {Likely: satisfied, Unlikely: disatisfied, 5: very-satisfied}
"""
    parsed = parse_map(text, file="map.yaml")
    assert parsed.findings == ()
    _, findings = bind(parsed, ("surgery", "rating", "time"), CONTEXT)
    assert [(one.code, one.where.line) for one in findings] == [("grade-unknown", 4)]
    assert "dissatisfied" in findings[0].text


@pytest.mark.parametrize(
    "columns",
    [
        "{source_id: id, unit: u, period: p}",
        "{source_id: id, unit: u, period: p, numerator: a}",
        "{source_id: id, unit: u, period: p, value: v, numerator: a, denominator: b}",
        "{source_id: id, unit: u, period: p, value: v, measure: m}",
    ],
)
def test_a_reading_is_a_value_or_a_rate_of_one_measure(columns: str) -> None:
    assert parse_map(f"leitai: 1\nwhat: readings\nmeasure: one\ncolumns: {columns}\n").map is None
