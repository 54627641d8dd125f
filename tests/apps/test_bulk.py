"""Bulk import through its doors: real records, what cannot be taken, lists of units, the command, a kill."""

from __future__ import annotations

import csv
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.apps.bulk import (
    CASES,
    NOW,
    ROWS,
    bring,
    counts,
    imported,
    new_place,
    rejects,
    write_csv,
)
from tests.data import ROOT, data_file


@pytest.fixture
def place(db: None) -> Any:
    return new_place()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the map of cases in it."""
    (tmp_path / "map.yaml").write_text(CASES, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("key", "file", "many"),
    [("boston", "boston_311/requests_2011.csv.gz", 58_251), ("nhs", "nhs_ae/ae_attendances.csv", 12_765)],
)
def test_real_records_are_taken_whole_and_once(db: None, key: str, file: str, many: int) -> None:
    records, home = data_file(file), ROOT / "regimes" / key
    place = new_place((home / "regime.yaml").read_text(encoding="utf-8"))
    told: list[tuple[int, int]] = []
    first = bring(
        place, records, map=home / "import.yaml", rejects=None, progress=lambda *at: told.append(at)
    )
    assert (first.taken, first.already, first.rejected) == (many, 0, 0)
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]
    assert sum(counts(place)) == many == imported(place)
    again = bring(place, records, map=home / "import.yaml", rejects=None)
    assert (again.taken, again.already, again.rejected) == (0, many, 0)
    assert sum(counts(place)) == many == imported(place)
    assert place.units.count() == first.units == {"boston": 114, "nhs": 274}[key]
    if key == "boston":
        look_at_requests(place)


def look_at_requests(place: Any) -> None:
    """The city's requests, against what is known of the file."""
    cases = place.cases
    assert cases.filter(due_at__isnull=False).count() == 47_270
    assert cases.filter(closed_at__isnull=False).count() == 54_570
    assert place.units.filter(kind="queue").count() == 103
    one = cases.select_related("unit__parent").get(source_id="101000295613")
    assert (one.unit.key, one.unit.parent.key) == ("pwdx-street-light-outages", "pwdx")
    assert one.opened_at == datetime(2011, 7, 1, 5, 32, 33, tzinfo=UTC)


def test_real_verdicts_with_words_of_their_own(place: Any, folder: Path) -> None:
    (folder / "verdicts.yaml").write_text(
        """leitai: 1
what: ballots
zone: Europe/London
columns: {source_id: {row: true}, unit: {column: surgery, make: {kind: bureau}}, grade: rating, cast_at: time}
grades:
  Extremely likely: very-satisfied
  Likely: satisfied
  Neither likely nor unlikely: fairly-satisfied
  Unlikely: dissatisfied
  Extremely unlikely: very-dissatisfied
""",
        encoding="utf-8",
    )
    file, away = data_file("fft_gp/ballots.csv"), folder / "rejects.csv"
    for expected in ((3863, 0, 19), (0, 3863, 19)):
        found = bring(place, file, map=folder / "verdicts.yaml", rejects=away)
        assert (found.taken, found.already, found.rejected) == expected
        assert [count for _, count in found.reasons] == [19]
        told = rejects(away)
        assert {row["value"] for row in told} == {"Don't know"}
        assert len(told) == 19
    # The published counts leave "Don't know" out of those in favour and keep it in the total.
    with data_file("fft_gp/counts_by_surgery.csv").open(encoding="utf-8") as rows:
        good = {row["surgery"]: int(row["pos"]) for row in csv.DictReader(rows)}
    for unit in place.units.all():
        assert unit.ballots.filter(grade__in=("very-satisfied", "satisfied")).count() == good[unit.name_en]


def test_what_can_be_taken_is_taken_and_the_rest_can_be_mended(place: Any, folder: Path) -> None:
    day = "2024-01-03 09:00:00"
    rows = [
        *ROWS,
        ("4", day, "", "2024-01-02 09:00:00", "Works", "东区", "too early", ""),
        ("5", "3 January", "", "", "Works", "东区", "bad date", ""),
        ("6", "2124-01-03", "", "", "Works", "东区", "to come", ""),
        ("1", day, "", "", "Works", "东区", "again", ""),
        ("7", day, "", "", "", "东区", "no unit", ""),
        ("8", day),
        ("9", day, "", "", "Works", "东区", "fine", ""),
    ]
    found = bring(place, write_csv(folder / "rows.csv", rows), batch=2)
    assert (found.taken, found.already, found.rejected) == (4, 1, 5)
    told = rejects(folder / "rows.csv")
    assert [(row["line"], row["column"], row["value"]) for row in told] == [
        ("6", "办结时间", "2024-01-02 09:00:00"),
        ("7", "受理时间", "3 January"),
        ("8", "受理时间", "2124-01-03"),
        ("10", "承办单位", ""),
        ("11", "", ""),
    ]
    assert all(row["reason"] for row in told)
    assert told[0]["编号"] == "4"
    # Mended in place, the rejected rows are imported with the same map.
    text = (folder / "rejects.csv").read_text(encoding="utf-8-sig").replace("2024-01-02", "2024-01-05")
    (folder / "mended.csv").write_text(text, encoding="utf-8-sig")
    assert bring(place, folder / "mended.csv", rejects=None).taken == 1


def test_a_unit_that_is_not_known_is_rejected_with_the_nearest(place: Any, folder: Path) -> None:
    from leitai.apps.people.actions import UnitDraft, put_units

    drafts = [UnitDraft("water", name_zh="水务局"), UnitDraft("roads", name_en="Road Works")]
    put_units(place=place, drafts=drafts, by="test", now=NOW)
    text = CASES.replace(
        "{column: 承办单位, make: {kind: bureau, parent: {column: 区县, kind: district}}}", "承办单位"
    )
    (folder / "map.yaml").write_text(text, encoding="utf-8")
    rows = [
        (str(n), "2024-01-03", "", "", unit, "", "x", "")
        for n, unit in enumerate(("水务局", "roads", "waters"))
    ]
    found = bring(place, write_csv(folder / "rows.csv", rows))
    assert (found.taken, found.rejected, found.units) == (2, 1, 0)
    told = rejects(folder / "rows.csv")[0]
    assert (told["column"], told["value"]) == ("承办单位", "waters")
    assert "water" in told["reason"].replace("waters", "")


def test_a_dry_run_says_the_same_and_keeps_nothing(place: Any, folder: Path) -> None:
    file = write_csv(folder / "rows.csv", [*ROWS, ("4", "x", "", "", "Works", "", "bad", "")])
    events = place.events.count()
    dry = bring(place, file, dry_run=True, batch=2)
    assert (place.cases.count(), place.units.count(), place.events.count()) == (0, 0, events)
    real = bring(place, file, batch=2)
    assert (dry.taken, dry.already, dry.rejected) == (real.taken, real.already, real.rejected) == (3, 0, 1)


def test_units_are_added_and_brought_up_to_date(place: Any, folder: Path) -> None:
    head = "leitai: 1\nwhat: units\ncolumns: "
    (folder / "map.yaml").write_text(
        head + "{key: key, name_zh: name, parent: above, kind: kind, tags: tags}\n"
    )
    (folder / "units.csv").write_text(
        "key,name,above,kind,tags\nlamps,路灯所,works,bureau,a; b\nworks,市政局,,bureau,\n"
        "lost,丢,nowhere,bureau,\nring,环,ring,bureau,\nworks,又,,bureau,\n",
        encoding="utf-8",
    )
    found = bring(place, folder / "units.csv")
    assert (found.taken, found.already, found.rejected) == (2, 1, 2)
    assert place.units.get(key="lamps").parent.key == "works"
    assert place.units.get(key="lamps").tags == ["a", "b"]
    assert [row["key"] for row in rejects(folder / "units.csv")] == ["lost", "ring"]
    (folder / "map.yaml").write_text(head + "{key: key, name_en: en}\n")
    (folder / "units.csv").write_text("key,en\nlamps,Lamps\nworks,\n")
    found = bring(place, folder / "units.csv")
    assert (found.taken, found.already, found.rejected) == (1, 1, 0)
    lamps = place.units.get(key="lamps")
    assert (lamps.name_zh, lamps.name_en, lamps.parent.key, lamps.tags) == (
        "路灯所",
        "Lamps",
        "works",
        ["a", "b"],
    )


def command(environment: Mapping[str, str], *words: object, cwd: Path) -> subprocess.Popen[str]:
    run = [sys.executable, "-c", "from leitai.cli.imports import app; app()", *map(str, words)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(run, text=True, env={**environment, "LANG": "C.UTF-8"}, cwd=cwd, **pipes)


@pytest.fixture
def running(leitai_environment: dict[str, str], folder: Path) -> Iterator[Any]:
    """Starts the command in the folder; what still runs in the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def start(*words: object) -> subprocess.Popen[str]:
        started.append(command(leitai_environment, *words, cwd=folder))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_the_command_tells_what_it_did_and_where_the_rest_is(running: Any, folder: Path) -> None:
    place = new_place()
    write_csv(folder / "rows.v1.csv", [*ROWS, ("4", "x", "", "", "Works", "", "bad", "")])
    process = running("cases", "rows.v1.csv", "--map", "map.yaml")
    out, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (0, ""), err
    assert "3 taken, 0 already here, 1 rejected" in out
    assert (folder / "rejects-rows.csv").exists()
    assert place.cases.count() == 3
    for words, code, says in (
        (("cases", "none.csv", "--map", "map.yaml"), 2, "no such file"),
        (("units", "rows.v1.csv", "--map", "map.yaml"), 2, "leitai import cases"),
        (("cases", "rows.v1.csv", "--map", "map.yaml", "--place", "nowhere"), 2, "fair-town"),
    ):
        process = running(*words)
        _, err = process.communicate(timeout=120)
        assert (process.returncode, "Traceback" in err) == (code, False), err
        assert says in err


def test_a_kill_in_the_middle_costs_nothing_but_time(running: Any, folder: Path) -> None:
    place = new_place()
    many, start = 12_000, datetime(2024, 1, 1)  # noqa: DTZ001
    rows = [
        (
            f"R{n}",
            f"{start + timedelta(minutes=n)}",
            f"{start + timedelta(minutes=n + 90)}",
            "",
            f"Unit {n % 50}",
            "东区",
            "x",
            "",
        )
        for n in range(many)
    ]
    write_csv(folder / "rows.csv", rows)
    words = ("cases", "rows.csv", "--map", "map.yaml", "--batch", 100)
    process = running(*words)
    while place.cases.count() < 1000:
        try:
            process.wait(0.02)
        except subprocess.TimeoutExpired:
            continue
        pytest.fail(f"it ended by itself: {process.communicate()}")
    process.send_signal(signal.SIGKILL)
    process.wait()
    before = place.cases.count()
    assert 1000 <= before < many
    again = running(*words)
    out, err = again.communicate(timeout=300)
    assert again.returncode == 0, err
    assert f"{many - before:,} taken, {before:,} already here, 0 rejected" in out
    assert set(place.cases.values_list("source_id", flat=True)) == {row[0] for row in rows}
    assert place.cases.count() == many == imported(place)
    assert place.cases.filter(clocks__isnull=True).count() == 0
    assert place.units.count() == 51
