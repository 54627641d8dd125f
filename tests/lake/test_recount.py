"""A recount on DuckDB equals the plainest count of the same rows, in every number and by every key."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leitai.apps.ledger.errors import Refused
from leitai.lake import BY, NUMBERS, Engine, connect, differences, java, recount, whole_days

from .days_of import FIRST, PLACE, Lake, ballot, three_days


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with connect("duckdb", threads=1) as engine:
        yield engine


def counted(
    engine: Engine, folder: Path, by: str = "unit-month"
) -> dict[tuple[object, ...], tuple[int, ...]]:
    table = recount(engine, whole_days(folder, PLACE), by)
    rows = [tuple(row.values()) for row in table.to_pylist()]
    keys = len(BY[by])
    found = {row[:keys]: row[keys:] for row in rows}
    assert len(found) == len(rows)
    assert list(found) == sorted(found)
    return found


@pytest.mark.parametrize("by", BY)
def test_a_recount_is_the_plain_count(engine: Engine, tmp_path: Path, by: str) -> None:
    lake = three_days(tmp_path)
    assert counted(engine, tmp_path, by) == lake.counted(*BY[by])


GRADES = st.sampled_from(["satisfied", "dissatisfied"])
CASTS = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from("ab擂"), GRADES, st.sampled_from(["standing", "ticket"])),
    max_size=12,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(CASTS, min_size=1, max_size=4), st.data())
def test_any_days_and_decisions_are_counted_as_they_stand(
    engine: Engine, casts: list[list[tuple]], data: st.DataObject
) -> None:
    folder = Path(tempfile.mkdtemp())
    lake = Lake(folder)
    for number, some in enumerate(casts):
        day, first = FIRST + timedelta(number), len(lake.leaves)
        rows = [
            ballot(index, day - timedelta(back), unit, grade, channel)
            for index, (back, unit, grade, channel) in enumerate(some, first)
        ]
        about = st.sets(st.integers(0, max(first + len(rows) - 1, 0)), max_size=first + len(rows))
        standing = st.sampled_from(["upheld", "set_aside", "counted"])
        at = datetime(2024, 4, 29, 2, tzinfo=UTC) + timedelta(number)
        decided = (
            [(index, data.draw(standing), at) for index in sorted(data.draw(about))]
            if lake.leaves or rows
            else []
        )
        lake.seal(day, rows, decided)
    for by, keys in BY.items():
        assert counted(engine, folder, by) == lake.counted(*keys)
    shutil.rmtree(folder)


def test_the_last_decision_stands(engine: Engine, tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    at = datetime(2024, 4, 29, 9, tzinfo=UTC)
    lake.seal(FIRST, [ballot(0, FIRST, grade="dissatisfied")], [(0, "upheld", at)])
    assert counted(engine, tmp_path) == {("tax", "2024-04"): (1, 1, 1, 1, 0)}
    lake.seal(FIRST + timedelta(1), [], [(0, "set_aside", at + timedelta(1))])
    assert counted(engine, tmp_path) == {("tax", "2024-04"): (1, 0, 0, 0, 1)}
    lake.seal(FIRST + timedelta(2), [], [(0, "counted", at + timedelta(2))])
    assert counted(engine, tmp_path) == {("tax", "2024-04"): (1, 1, 1, 0, 0)}


def test_a_month_is_the_places_and_not_that_of_utc(engine: Engine, tmp_path: Path) -> None:
    first_of_may = date(2024, 5, 1)
    row = ballot(0, first_of_may, hour=1)
    assert row[1].month == 4
    Lake(tmp_path).seal(first_of_may, [row])
    assert list(counted(engine, tmp_path)) == [("tax", "2024-05")]


def test_a_verdict_sealed_late_counts_on_the_day_it_was_cast(engine: Engine, tmp_path: Path) -> None:
    Lake(tmp_path).seal(FIRST, [ballot(0, date(2023, 12, 31))])
    assert list(counted(engine, tmp_path, "unit-day")) == [("tax", date(2023, 12, 31))]


def test_nothing_is_counted_while_a_day_is_missing(tmp_path: Path) -> None:
    lake = three_days(tmp_path)
    lake.sealed[FIRST].path.unlink()
    with pytest.raises(Refused) as told:
        whole_days(tmp_path, PLACE)
    assert told.value.finding.code == "days-not-whole"
    with pytest.raises(Refused) as told:
        whole_days(tmp_path, "nowhere")
    assert told.value.finding.code == "days-none"


def test_a_file_that_cannot_be_read_to_its_end_is_told(engine: Engine, tmp_path: Path) -> None:
    lake = three_days(tmp_path)
    path = lake.sealed[FIRST].path
    data = bytearray(path.read_bytes())
    data[4:1500] = bytes(1496)
    path.write_bytes(data)
    with pytest.raises(Refused) as told:
        counted(engine, tmp_path)
    assert told.value.finding.code == "engine-failed"


def test_two_recounts_are_compared_line_by_line() -> None:
    names = ("unit", "month", *NUMBERS)
    one = pa.table(
        dict(zip(names, [["a", "b"], ["2024-04"] * 2, [5, 6], [4, 6], [1, 0], [1, 0], [1, 0]], strict=True))
    )
    other = pa.table(
        dict(zip(names, [["a", "c"], ["2024-04"] * 2, [5, 6], [4, 6], [2, 0], [1, 0], [1, 0]], strict=True))
    )
    assert differences(one, one, "unit-month") == []
    found = {line.keys: (line.one, line.other) for line in differences(one, other, "unit-month")}
    assert found == {
        ("a", "2024-04"): ((5, 4, 1, 1, 1), (5, 4, 2, 1, 1)),
        ("b", "2024-04"): ((6, 6, 0, 0, 0), None),
        ("c", "2024-04"): (None, (6, 6, 0, 0, 0)),
    }


@pytest.mark.parametrize(
    ("engine", "memory", "code"),
    [
        ("flink", "", "engine-unknown"),
        ("duckdb", "lots", "memory-malformed"),
        ("duckdb", "4", "memory-malformed"),
    ],
)
def test_what_cannot_be_asked_of_an_engine_is_told(engine: str, memory: str, code: str) -> None:
    with pytest.raises(Refused) as told, connect(engine, memory=memory):
        pass
    assert told.value.finding.code == code


def test_a_recount_keeps_to_its_memory(tmp_path: Path) -> None:
    lake = three_days(tmp_path)
    with connect("duckdb", memory="100MB", threads=1) as engine:
        assert len(recount(engine, whole_days(tmp_path, PLACE))) == len(lake.counted("unit", "month"))
        said = engine.connection.raw_sql("SELECT current_setting('memory_limit')").fetchone()  # type: ignore[attr-defined]
    assert said == ("95.3 MiB",)


def java_at(folder: Path, version: str) -> Path:
    """A home with a program that says it is that Java."""
    program = folder / "bin/java"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
    program.chmod(0o755)
    return folder


@pytest.mark.parametrize(
    ("version", "fits"),
    [("17.0.15", True), ("21", True), ("1.8.0_402", False), ("11.0.2", False), ("25", False)],
)
def test_only_a_java_that_spark_can_use_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, fits: bool
) -> None:
    home = java_at(tmp_path / "java", version)
    monkeypatch.setenv("JAVA_HOME", str(home))
    assert java() == (home if fits else None)


def test_without_java_spark_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, english: None
) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(Refused) as told, connect("spark"):
        pass
    assert told.value.finding.code == "java-missing"
    assert "apt-get install openjdk-17-jre-headless" in str(told.value)


def test_without_pyspark_it_says_so_too(monkeypatch: pytest.MonkeyPatch, english: None) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyspark", None)
    with pytest.raises(Refused) as told, connect("spark"):
        pass
    assert told.value.finding.code == "spark-missing"
    assert "leitai[spark]" in str(told.value)
