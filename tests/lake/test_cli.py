"""`leitai lake` as its user meets it: what it prints, where it stops, and what it leaves behind."""

from __future__ import annotations

import csv
import re
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from leitai.cli.lake import app
from tests.factories import DAY, NOW, build

from .days_of import FIRST, PLACE, Lake, ballot, three_days

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


def lake(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_synthetic_days_are_made_checked_and_counted(tmp_path: Path) -> None:
    made = lake("make", "--folder", tmp_path, "--ballots", 5000, "--units", 20, "--months", 2)
    assert made.exit_code == 0
    assert "5,000 SYNTHETIC verdicts in 59 days" in made.stdout
    checked = lake("verify", "synthetic", "--folder", tmp_path)
    assert checked.exit_code == 0
    assert "59 days, 5,000 verdicts, whole" in checked.stdout
    assert "nothing is recorded here" in checked.stdout
    counted = lake("recount", "synthetic", "--folder", tmp_path, "--compare", "duckdb")
    assert counted.exit_code == 0
    assert "2025-01-01 to 2025-02-28 SYNTHETIC" in counted.stdout
    assert re.search(r"^all +5,000 ", counted.stdout, re.MULTILINE)
    assert "all 200 numbers equal" in counted.stdout


def test_making_them_where_something_is_already_is_refused(tmp_path: Path) -> None:
    three_days(tmp_path)
    done = lake("make", "--folder", tmp_path, "--place", PLACE)
    assert done.exit_code == 2
    assert "is there already" in done.stderr


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_every_line_of_a_recount_can_be_written_to_a_file(tmp_path: Path, suffix: str) -> None:
    expected = three_days(tmp_path).counted("unit", "day")
    path = tmp_path / f"counts.{suffix}"
    done = lake("recount", PLACE, "--folder", tmp_path, "--by", "unit-day", "--output", path)
    assert done.exit_code == 0
    if suffix == "csv":
        lines = list(csv.reader(path.open()))[1:]
    else:
        lines = [[str(cell) for cell in row.values()] for row in pq.read_table(path).to_pylist()]
    assert lines == [
        [unit, str(day), *map(str, numbers)] for (unit, day), numbers in sorted(expected.items())
    ]


FAULTS = {
    "a place without days": (["recount", "nowhere"], 1, "there are no sealed days of nowhere"),
    "an engine": (
        ["recount", PLACE, "--engine", "flink"],
        1,
        "there is no engine flink: there are duckdb, spark",
    ),
    "a way to count": (["recount", PLACE, "--by", "unit-mnth"], 2, "nearest is unit-month"),
    "a kind of file": (["recount", PLACE, "--output", "x.xlsx"], 2, "write to a .csv or a .parquet"),
    "memory": (["recount", PLACE, "--memory", "lots"], 1, "write it like 4GB"),
    "a head": (["verify", PLACE, "--head", "12"], 2, "the number of leaves, a colon"),
    "a place to seal": (["seal", "nowhere"], 2, "no such place here"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_cannot_be_done_is_told_in_a_sentence(tmp_path: Path, fault: str) -> None:
    words, code, said = FAULTS[fault]
    three_days(tmp_path)
    done = lake(*words, "--folder", tmp_path)
    assert (done.exit_code, done.stdout) == (code, "")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_day_that_was_taken_out_stops_a_recount(tmp_path: Path) -> None:
    made = three_days(tmp_path)
    made.sealed[FIRST].path.unlink()
    done = lake("recount", PLACE, "--folder", tmp_path)
    assert done.exit_code == 1
    assert "are not whole" in done.stderr


def test_what_was_done_to_a_file_is_told_with_its_path(tmp_path: Path) -> None:
    made = three_days(tmp_path)
    kept = f"42:{made.head(FIRST, [], 0).root}"
    done = lake("verify", PLACE, "--folder", tmp_path, "--head", kept)
    assert done.exit_code == 1
    assert "day-2024-04-29.parquet: the first 42 leaves do not give the root that was kept" in done.stdout
    assert "NOT WHOLE" in done.stdout


def test_a_kept_head_that_is_right_passes(tmp_path: Path) -> None:
    made = three_days(tmp_path)
    kept = f"72:{made.head(FIRST, [], 0).root.upper()}"
    assert lake("verify", PLACE, "--folder", tmp_path, "--head", kept).exit_code == 0


def test_days_are_sealed_from_the_database_and_held_against_its_record(tmp_path: Path) -> None:
    town = build()
    town.verdict(at=NOW)
    town.verdict(at=NOW + DAY)
    done = lake("seal", "town", "--folder", tmp_path)
    assert done.exit_code == 0, done.stderr
    assert "town: 2 days sealed" in done.stdout
    assert "town: 0 days sealed" in lake("seal", "town", "--folder", tmp_path).stdout
    checked = lake("verify", "town", "--folder", tmp_path)
    assert (checked.exit_code, "2 days, 2 verdicts, whole" in checked.stdout) == (0, True)
    assert "nothing is recorded here" not in checked.stdout
    more = Lake(tmp_path, leaves=[b""] * 2)
    more.seal(FIRST + timedelta(3), [ballot(2, FIRST)])
    assert "nothing is recorded of" in lake("verify", "town", "--folder", tmp_path).stdout
