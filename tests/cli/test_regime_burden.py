"""`leitai regime burden`: what a rule-book causes by itself, as the command prints it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.rules.regime.helpers import RIGHT

from .test_regime import UNITS, run

BURDEN = "burden: {ceiling: 120, ask: 30, form: 15}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place named fair-town whose rule-book sets a ceiling of two hours."""
    monkeypatch.setenv("LEITAI_REGIMES", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    place = tmp_path / "fair-town"
    place.mkdir()
    comes = "every: week, day: monday, minutes: 60, comes: {keys: [water]}, on: office"
    book = RIGHT.replace("every: week, day: monday, on: office", comes) + BURDEN
    (place / "regime.yaml").write_text(book, encoding="utf-8")
    (place / "units.csv").write_text(UNITS, encoding="utf-8")
    return place


def test_minutes_of_every_unit_month_and_line_as_data(folder: Path) -> None:
    status, said = run("burden", "fair-town", "--json")
    assert status == 0
    told = json.loads(said)
    assert (told["place"], told["year"], told["ceiling"]) == ("fair-town", 2022, 120)
    # Two figures of half an hour each month; water has a weekly meeting of an hour as well.
    assert told["units"]["roads"] == [60] * 12
    assert sum(told["units"]["water"]) == 12 * 60 + 52 * 60
    assert {(one["cause"], one["key"]): (one["units"], one["times"]) for one in told["lines"]} == {
        ("figure", "funds"): (2, 12), ("figure", "delay"): (2, 12), ("meeting", "dispatch"): (1, 52),
    }  # fmt: skip


def test_it_is_printed_by_group_cause_and_unit_against_the_ceiling(folder: Path) -> None:
    for path in ("fair-town", folder):
        status, said = run("burden", path, "--year", "2023")
        assert status == 0
        assert "Fair Town, 2023" in said and "Bureaus" in said and "Weekly dispatch" in said
        assert "120 minutes (2 hours)" in said and "above it, units by months above: water 12." in said
        assert said.index("水务局 (water)") < said.index("交通局 (roads)")
    assert "公平镇" in run("burden", "fair-town", "--lang", "zh")[1]


def test_on_a_narrow_screen_a_year_is_shown_by_quarter(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    said = run("burden", "fair-town", "--year", "2023")[1]
    assert "by quarter" in said and "Q4" in said and max(map(len, said.splitlines())) <= 80
    assert "水务局 (water)" in said and "Weekly dispatch" in said, "no name is torn"


def test_what_cannot_be_counted_is_told_in_a_sentence(folder: Path) -> None:
    assert run("burden", "fair-twon") == (2, "there is no place “fair-twon”; did you mean fair-town?\n")
    status, said = run("burden", "fair-town", "--year", "20")
    assert status == 2 and "write a year such as 2022" in said
    (folder / "units.csv").write_text("name\nwater\n", encoding="utf-8")
    status, said = run("burden", "fair-town")
    assert status == 2 and "“key” among them" in said
    (folder / "units.csv").unlink()
    status, said = run("burden", "fair-town")
    assert status == 2 and "there is no file" in said
