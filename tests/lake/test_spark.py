"""A million verdicts counted on DuckDB and on Spark, by the same expressions: every number is the same.

Spark needs a Java 17. Where there is none these tests say so; with CI set, that fails.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow.compute as pc
import pytest

from leitai.lake import BY, NUMBERS, Day, Engine, connect, differences, java, recount, whole_days
from leitai.lake.synthetic import make

from .days_of import PLACE, three_days

BALLOTS = 1_000_000


@pytest.fixture(scope="module")
def spark() -> Iterator[Engine]:
    if java() is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no Java 17: see tools/java.py")
    with connect("spark", memory="2GB") as engine:
        yield engine


@pytest.fixture(scope="module")
def duckdb() -> Iterator[Engine]:
    with connect("duckdb") as engine:
        yield engine


@pytest.fixture(scope="module")
def million(tmp_path_factory: pytest.TempPathFactory) -> tuple[Day, ...]:
    folder = tmp_path_factory.mktemp("lake")
    make(folder, ballots=BALLOTS, units=800, months=2)
    return whole_days(folder, "synthetic")


@pytest.mark.parametrize("by", BY)
def test_both_engines_count_a_million_verdicts_alike(
    spark: Engine, duckdb: Engine, million: tuple[Day, ...], by: str
) -> None:
    one, other = recount(duckdb, million, by), recount(spark, million, by)
    assert differences(one, other, by) == []
    assert one.equals(other)
    totals = {name: pc.sum(one[name]).as_py() for name in NUMBERS}
    assert totals["cast"] == BALLOTS
    assert totals["aside"] == BALLOTS - totals["counted"]
    assert min(totals.values()) > 1000


def test_spark_counts_what_was_sealed_in_a_folder_with_an_odd_name(spark: Engine, tmp_path: Path) -> None:
    lake = three_days(tmp_path / "a lake [1]*{2}?")
    found = recount(spark, whole_days(lake.folder, PLACE))
    rows = {tuple(row.values())[:2]: tuple(row.values())[2:] for row in found.to_pylist()}
    assert rows == lake.counted("unit", "month")


@pytest.mark.parametrize(("ci", "said"), [("true", "1 error"), ("", "1 skipped")])
def test_without_java_this_says_so_and_in_ci_it_fails(tmp_path: Path, ci: str, said: str) -> None:
    name = "test_spark_counts_what_was_sealed_in_a_folder_with_an_odd_name"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", f"{__file__}::{name}"]
    environment = {**os.environ, "JAVA_HOME": str(tmp_path), "CI": ci}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert said in done.stdout
    assert "no Java 17" in done.stdout
    assert (done.returncode == 0) == (ci == "")
