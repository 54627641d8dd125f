"""`leitai worktime`, as typed."""

import json
from datetime import date

import chinese_calendar
import pytest
from typer.testing import CliRunner, Result

from leitai.cli.worktime import app


def run(*words: str) -> Result:
    return CliRunner(env={"LANG": "C.UTF-8", "LC_ALL": ""}).invoke(app, words)


@pytest.mark.parametrize(("year", "length"), [(2007, 365), (2024, 366), (2026, 365)])
def test_days_as_json(year: int, length: int) -> None:
    result = run("days", "--country", "CN", "--year", str(year), "--json")
    rows = json.loads(result.stdout)
    assert result.exit_code == 0
    assert len(rows) == length
    assert all(set(row) == {"date", "working", "reason"} for row in rows)
    assert all(row["working"] is chinese_calendar.is_workday(date.fromisoformat(row["date"])) for row in rows)


def test_days_as_text() -> None:
    shown = run("days", "--year", "2026", "--lang", "zh").stdout.splitlines()
    assert shown[273].split() == ["2026-10-01", "休息", "国庆节"]
    assert run("days", "--year", "2026").stdout.splitlines()[282].endswith("make-up workday for National Day")


@pytest.mark.parametrize("year", ["2006", "2027"])
def test_a_year_without_a_notice(year: str) -> None:
    result = run("days", "--year", year, "--json")
    answer = json.loads(result.stdout)
    assert result.exit_code == 2
    assert answer["announced"] == [2007, 2026]
    assert f"for {year} are not announced" in answer["error"]
    assert f"--year {year}: " in result.stderr
    plain = run("days", "--year", year)
    assert (plain.exit_code, plain.stdout) == (2, "")


def test_due_as_json() -> None:
    result = run(
        "due", "--from", "2026-09-30T08:50+00:00", "--within", "3 workdays", "--country", "cn", "--json"
    )
    answer = json.loads(result.stdout)
    assert answer["due"] == "2026-10-10T17:30:00+08:00"
    assert answer["provisional"] is False
    assert answer["calendar"].startswith("CN-2026.1+")
    assert sum(line["charged"] for line in answer["lines"]) == 3
    assert answer["lines"][1]["text"] == "2026-10-01 Thu · National Day · not counted · 0 of 3 workdays"


def test_due_in_place_time_with_its_time_sheet_in_chinese() -> None:
    words = ("due", "--from", "2026-12-31 17:00", "--within", "1小时", "--country", "CN", "--lang", "zh")
    shown = run(*words, "--explain").stdout.splitlines()
    assert shown[-1] == "2027-01-01T09:00:00+08:00"
    assert (
        shown[1]
        == "2026-12-31 星期四 · 工作日 · 17:00–17:30 · 计30分钟 · 累计30分钟/1小时 · 暂定：放假安排尚未公布"
    )
    assert "暂定" in run(*words).stderr


@pytest.mark.parametrize(
    ("event", "within", "hours", "expected"),
    [
        # As trackers were seen to get wrong: an evening, a long holiday, a noon break, a Saturday morning, midnight.
        ("2026-03-11 17:00", "4 hours", ["08:00-18:00"], "2026-03-12T11:00:00+08:00"),
        ("2026-09-30 16:50", "48 hours", ["08:00-18:00"], "2026-10-13T14:50:00+08:00"),
        ("2026-03-13 11:50", "30 minutes", ["08:30 - 12:00, 13:30 - 17:30"], "2026-03-13T13:50:00+08:00"),
        ("2026-03-13 17:25", "10 minutes", ["08:30-17:30", "09:00-12:00"], "2026-03-14T09:05:00+08:00"),
        ("2026-03-14 23:59", "1 workday", ["08:30-17:30", "09:00-12:00"], "2026-03-16T17:30:00+08:00"),
        ("2024-02-28 23:59", "24 小时", ["00:00-24:00"], "2024-02-29T23:59:00+08:00"),
        ("2026-02-14 11:30", "1 hour", ["08:30-12:00；13:30-17:30"], "2026-02-14T14:00:00+08:00"),
    ],
)
def test_anybody_can_check_any_office_hours(event: str, within: str, hours: list[str], expected: str) -> None:
    windows = [word for pair in zip(("--windows", "--saturday"), hours, strict=False) for word in pair]
    asked = ("due", "--from", event, "--within", within, *windows)
    assert run(*asked).stdout.strip() == expected
    assert run(*asked, "--country", "CN").stdout.strip() == expected


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--windows", "08:30-1730"], "--windows 08:30-1730: '08:30-1730' is not a window"),
        (["--windows", "12:00-08:30"], "each must end after it starts"),
        (["--windows", "08:00-18:00", "--saturday", "noon"], "--saturday noon: 'noon' is not a window"),
        (["--saturday", "09:00-12:00"], "--saturday goes with --windows"),
        (["--windows", "08:00-18:00", "--place", "x"], "leave --place and --calendar out"),
        (["--windows", "08:00-18:00", "--calendar", "hall"], "leave --place and --calendar out"),
        (["--windows", "08:00-18:00", "--country", "CM"], "--country CM: no official notices"),
    ],
)
def test_office_hours_that_cannot_be(words: list[str], said: str) -> None:
    result = run("due", "--from", "2026-03-13 17:25", "--within", "1 hour", *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"--from": "yesterday"}, "--from yesterday: not a date and time; write 2026-09-30T16:50"),
        ({"--within": "3 workdayz"}, "--within: '3 workdayz' has no unit that is known: write workday"),
        ({"--country": "CM"}, "--country CM: no official notices are known for it; write CN"),
        ({"--calendar": "hall"}, "--calendar hall: a country has only the calendar office"),
        ({"--place": "somewhere"}, "Give either --place"),
        ({"--country": ""}, "Give either --place"),
        ({"--lang": "fr"}, "--lang fr: write zh or en"),
        (
            {"--from": "9999-12-30T10:00+08:00"},
            "--calendar office: on calendar office this runs past the year 9999",
        ),
    ],
)
def test_bad_input_names_the_option_and_what_would_be_right(changed: dict[str, str], said: str) -> None:
    options = {"--from": "2026-09-30T16:50", "--within": "3 workdays", "--country": "CN"} | changed
    result = run("due", *(word for pair in options.items() for word in pair))
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""
