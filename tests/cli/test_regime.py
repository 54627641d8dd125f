"""`leitai regime` and the finding of places, through the command itself."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from leitai.cli import places
from leitai.cli.regime import app
from tests.rules.regime.helpers import RIGHT

UNITS = "key,name_zh,name_en,parent,kind,tags\nwater,水务局,,,,\nroads,交通局,,,,\n"
GIVEN = "given: {calendar: office, from: 2022-03-01 16:50, within: 10 minutes}"
SCENARIO = f"- name: x\n  {GIVEN}\n  then: {{due: 2022-03-01 17:00}}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place named fair-town, where places are looked for."""
    monkeypatch.setenv("LEITAI_REGIMES", str(tmp_path))
    place = tmp_path / "fair-town"
    (place / "scenarios").mkdir(parents=True)
    (place / "regime.yaml").write_text(RIGHT, encoding="utf-8")
    (place / "units.csv").write_text(UNITS, encoding="utf-8")
    (place / "scenarios" / "a.yaml").write_text(SCENARIO, encoding="utf-8")
    return place


def run(*words: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_a_right_rule_book_is_summed_up_by_place_folder_or_file(folder: Path) -> None:
    for path in ("fair-town", folder, folder / "regime.yaml"):
        status, said = run("check", path)
        assert status == 0
        assert "2 units, 1 group, 2 measures" in said and "1 scenario as expected" in said


def test_a_fault_is_told_with_file_line_and_column(folder: Path) -> None:
    file = folder / "regime.yaml"
    file.write_text(RIGHT.replace("delay: 40", "delay: 30"), encoding="utf-8")
    status, said = run("check", file)
    assert status == 1
    assert f"{file}:20:63: error: the weights of “projects” sum to 90; they must sum to 100 [weights]" in said
    assert "1 error, 0 warnings" in said
    status, said = run("check", file, "--json")
    assert status == 1
    assert [(one["line"], one["column"], one["code"]) for one in json.loads(said)] == [(20, 63, "weights")]


def test_units_and_scenarios_are_checked_too(folder: Path) -> None:
    (folder / "units.csv").write_text(UNITS.replace("roads", "rods"), encoding="utf-8")
    assert "[unknown-unit]" in run("check", folder)[1]
    (folder / "units.csv").write_text(UNITS, encoding="utf-8")
    scenario = folder / "scenarios" / "a.yaml"
    scenario.write_text(SCENARIO.replace("17:00", "17:30"), encoding="utf-8")
    status, said = run("check", folder)
    assert status == 1 and f"{scenario}:3:15: error:" in said and "[scenario-differs]" in said
    assert run("check", folder, "--no-scenarios")[0] == 0


def test_of_several_editions_the_one_in_force_on_the_day_is_checked(folder: Path) -> None:
    older = RIGHT.replace("in_force: 2022-01-01", "in_force: 2020-01-01").replace("on: hall,", "on: hal,")
    (folder / "regime-2020-01-01.yaml").write_text(older, encoding="utf-8")
    assert run("check", folder)[0] == 1
    assert run("check", folder, "--on", "2022-06-01")[0] == 0
    status, said = run("check", folder, "--on", "2020-06-01")
    assert status == 1 and "regime-2020-01-01.yaml" in said
    assert run("check", folder, "--on", "2019-01-01")[0] == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "there is no file or folder"),
        (b"", "is empty"),
        (b"  \n", "is empty"),
        (b"\xff\xfe\x00", "not UTF-8"),
    ],
)
def test_what_is_no_text_is_one_plain_sentence(tmp_path: Path, content: bytes | None, words: str) -> None:
    file = tmp_path / "regime.yaml"
    if content is not None:
        file.write_bytes(content)
    status, said = run("check", file)
    assert status == 2 and words in said and len(said.splitlines()) == 1


def test_a_folder_without_a_rule_book_and_an_unknown_place(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    assert run("check", tmp_path / "nothing") == (
        2,
        f"the folder {tmp_path / 'nothing'} has no regime.yaml\n",
    )
    assert run("check", "fair-twon") == (2, "there is no place “fair-twon”; did you mean fair-town?\n")


def test_the_schema_goes_to_screen_or_file(tmp_path: Path) -> None:
    status, said = run("schema")
    assert status == 0 and json.loads(said)["title"].startswith("Rule-book")
    assert run("schema", "--out", tmp_path / "s.json")[0] == 0
    assert (tmp_path / "s.json").read_text(encoding="utf-8") == said
    assert run("schema", "--out", tmp_path / "no" / "s.json")[0] == 2


def test_a_difference_is_told_in_sentences(folder: Path) -> None:
    new = folder / "new.yaml"
    new.write_text(RIGHT.replace("10 minutes", "30 minutes"), encoding="utf-8")
    status, said = run("diff", "fair-town", new)
    assert (status, said) == (0, "clock “reply” of kind of case “Question”: within 10 minutes → 30 minutes\n")
    assert run("diff", new, new) == (0, "no difference\n")
    new.write_text("leitai: 3", encoding="utf-8")
    assert run("diff", "fair-town", new)[0] == 2


def test_places_are_found_and_read(folder: Path) -> None:
    assert places.places() == ("fair-town",)
    assert places.load_regime("fair-town").place.key == "fair-town"
    assert places.load_calendar("fair-town", "hall").key == "hall"
    for wrong, words in (
        (lambda: places.load_regime("fair-twon"), "did you mean fair-town"),
        (lambda: places.load_regime(""), "there is no place"),
        (lambda: places.load_calendar("fair-town", "hal"), "did you mean hall"),
        (lambda: places.load_regime("fair-town", date(2021, 1, 1)), "2022-01-01"),
    ):
        with pytest.raises(LookupError, match=words):
            wrong()
    (folder / "regime.yaml").write_text("leitai: 1\n", encoding="utf-8")
    with pytest.raises(places.NoRegime, match="missing-key"):
        places.load_regime("fair-town")


def test_without_a_folder_named_the_checkouts_places_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LEITAI_REGIMES", raising=False)
    assert len(places.places()) >= 2
