"""Bulk import through its doors: real records, every make of file, broken files, a kill in the middle."""

from __future__ import annotations

import csv
import gzip
import json
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.data import ROOT, data_file

NOW = datetime(2024, 6, 1, tzinfo=UTC)
BOOK = """leitai: 1
place: {key: fair-town, name: {zh: 公平镇, en: Fair Town}, timezone: Asia/Shanghai}
regime: {title: {en: Rules of the town}, in_force: 2010-01-01, source: notice 1}
calendars:
  always: {holidays: none, windows: ["00:00-24:00"], saturday: ["00:00-24:00"], sunday: ["00:00-24:00"]}
groups:
  bureaus: {name: Bureaus, units: {kind: bureau}}
ballots: {grades: five}
measures:
  funds: {name: Funds, better: more, every: month, points: {by: target}}
cases:
  request:
    name: Request
    flow: problem
    clocks: {resolve: {until: closed, within: given, on: always}}
"""
CASES = """leitai: 1
what: cases
kind: request
source: hotline
columns:
  source_id: 编号
  opened: 受理时间
  due: 时限
  closed: 办结时间
  unit: {column: 承办单位, make: {kind: bureau, parent: {column: 区县, kind: district}}}
  title: 标题
"""
COLUMNS = ("编号", "受理时间", "时限", "办结时间", "承办单位", "区县", "标题", "备注")
ROWS = (
    ("1", "2024-01-03 09:00:00", "2024-01-05 09:00:00", "2024-01-04 08:00:00", "水务局", "东区", "漏水", ""),
    ("2", "2024-01-03 09:30:00", "2024-01-04 09:30:00", "", "Works", "东区", "路灯, “不亮”", "a\nb"),
    ("3", "2024-01-03 10:00:00", "", "", "Works!", "西区", "占道", ""),
)


@pytest.fixture
def place(db: None) -> Any:
    return new_place()


def new_place(book: str = BOOK) -> Any:
    """A place with a rule-book and no units."""
    from leitai.apps.people.actions import add_place
    from leitai.apps.regimes import actions as regimes
    from leitai.rules.regime.parse import parse

    regime = parse(book).regime
    assert regime is not None
    spec = regime.place
    row = add_place(
        key=spec.key, name_zh=spec.name.zh, name_en=spec.name.en, timezone=spec.timezone, by="test", now=NOW
    )
    regimes.load(place=row, text=book, by="test", now=NOW)
    return row


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the map of cases in it."""
    (tmp_path / "map.yaml").write_text(CASES, encoding="utf-8")
    return tmp_path


def bring(place: Any, file: Path, **more: Any) -> Any:
    """Import with the map beside the file; rejected rows go beside it too."""
    from leitai.bulk import load

    options = {"by": "test", "now": NOW, "rejects": file.parent / "rejects.csv"} | more
    return load(place, file, options.pop("map", file.parent / "map.yaml"), **options)


def write_csv(path: Path, rows: Sequence[Sequence[str]] = ROWS, encoding: str = "utf-8", **how: Any) -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, **how).writerows([COLUMNS, *rows])
    return path


def rejects(file: Path) -> list[dict[str, str]]:
    with (file.parent / "rejects.csv").open(encoding="utf-8-sig", newline="") as rows:
        return list(csv.DictReader(rows))


def counts(place: Any) -> tuple[int, ...]:
    return place.cases.count(), place.ballots.count(), place.readings.count()


def imported(place: Any) -> int:
    """How many records the ledger says were imported."""
    events = place.events.filter(kind__endswith=".imported")
    return sum(json.loads(event.data)["count"] for event in events)


# Real records


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


def test_a_citys_requests_come_with_their_own_targets(db: None) -> None:
    home = ROOT / "regimes/boston"
    place = new_place((home / "regime.yaml").read_text(encoding="utf-8"))
    bring(place, data_file("boston_311/requests_2011.csv.gz"), map=home / "import.yaml", rejects=None)
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


# Every make of file


def as_excel(path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([])
    sheet.append(COLUMNS)
    for cells in ROWS:
        times = [datetime.fromisoformat(cell) if cell else None for cell in cells[1:4]]
        sheet.append([int(cells[0]), *times, *cells[4:]])
        sheet.append([])
    book.save(path)
    return path


def as_parquet(path: Path) -> Path:
    columns: dict[str, Any] = {name: [row[at] or None for row in ROWS] for at, name in enumerate(COLUMNS)}
    columns["编号"] = [int(cell) for cell in columns["编号"]]
    for at, name in enumerate(COLUMNS[1:4]):
        times = [datetime.fromisoformat(cell) if cell else None for cell in columns[name]]
        columns[name] = pa.array(times, pa.timestamp("ns" if at else "ms"))
    pq.write_table(pa.table(columns), path, row_group_size=2)
    return path


def as_gzip(path: Path) -> Path:
    path.write_bytes(gzip.compress(write_csv(path.with_suffix(".plain")).read_bytes()))
    return path


MAKES = {
    "utf-8": lambda path: write_csv(path),
    "with mark": lambda path: write_csv(path, encoding="utf-8-sig"),
    "chinese excel": lambda path: write_csv(path, encoding="gb18030"),
    "unicode text": lambda path: write_csv(path, encoding="utf-16", delimiter="\t"),
    "semicolons": lambda path: write_csv(path, delimiter=";", lineterminator="\n"),
    "gzip": as_gzip,
    "excel": as_excel,
    "parquet": as_parquet,
}


@pytest.mark.parametrize("make", MAKES)
def test_the_same_table_in_any_make_is_the_same_records(place: Any, folder: Path, make: str) -> None:
    found = bring(place, MAKES[make](folder / "no-telling-name"))
    assert (found.taken, found.already, found.rejected) == (3, 0, 0), found.reasons
    assert not (folder / "rejects.csv").exists()
    rows = place.cases.order_by("source_id").values_list(
        "source_id",
        "unit__name_zh",
        "unit__name_en",
        "unit__parent__name_zh",
        "title",
        "opened_at",
        "due_at",
        "state",
    )
    nine = datetime(2024, 1, 3, 1, tzinfo=UTC)
    half = nine + timedelta(minutes=30)
    assert list(rows) == [
        ("1", "水务局", "", "东区", "漏水", nine, nine + timedelta(days=2), "closed"),
        ("2", "", "Works", "东区", "路灯, “不亮”", half, half + timedelta(days=1), "doing"),
        ("3", "", "Works!", "西区", "占道", nine + timedelta(hours=1), None, "doing"),
    ]
    assert set(place.units.filter(kind="bureau", name_en__gt="").values_list("key", flat=True)) == {
        "works",
        "works-2",
    }
    again = bring(place, folder / "no-telling-name")
    assert (again.taken, again.already) == (0, 3)


def test_a_large_workbook_is_streamed_and_reads_the_same(tmp_path: Path) -> None:
    from leitai.bulk.excel import ExcelTable

    path = as_excel(tmp_path / "book.xlsx")
    held, streamed = ExcelTable(path, digest=False), ExcelTable(path, digest=False, held=0)
    assert held.columns == streamed.columns == COLUMNS
    plain = [
        [(line, [cell or "" for cell in cells]) for line, cells in one.rows()] for one in (held, streamed)
    ]
    assert plain[0] == plain[1]
    assert [line for line, _ in plain[0]] == [3, 5, 7]


# What cannot be taken


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


# Lists of units


def test_units_are_added_and_brought_up_to_date(place: Any, folder: Path) -> None:
    head = "leitai: 1\nwhat: units\ncolumns: "
    (folder / "map.yaml").write_text(
        head + "{key: key, name_zh: name, parent: above, kind: kind, tags: tags}\n"
    )
    (folder / "units.csv").write_text(
        "key,name,above,kind,tags\nlamps,路灯所,works,bureau,a; b\nworks,市政局,,bureau,\nlost,丢,nowhere,bureau,\n"
        "ring,环,ring,bureau,\nworks,又,,bureau,\n",
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


# Files and maps that do not fit


def cut_zip(path: Path) -> bytes:
    return as_excel(path.with_suffix(".xlsx")).read_bytes()[:-400]


def cut_gzip(path: Path) -> bytes:
    many = [(str(n), "2024-01-03", "", "", f"u{n}", "", f"{n * 7919}", "") for n in range(5000)]
    return gzip.compress(write_csv(path.with_suffix(".plain"), many).read_bytes())[:-2000]


def other_zip(path: Path) -> bytes:
    with zipfile.ZipFile(path.with_suffix(".zip"), "w") as file:
        file.writestr("a.txt", "no workbook")
    return path.with_suffix(".zip").read_bytes()


BROKEN: Mapping[str, tuple[Any, str]] = {
    "empty": (lambda _: b"", "empty-file"),
    "blank": (lambda _: b"\n \n", "empty-file"),
    "no columns": (lambda _: b",,,\n1,2,3,4\n", "no-columns"),
    "picture": (lambda _: b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary"),
    "latin": (
        lambda _: "编号,café,naïve\n".encode("gb18030", "replace") + b"caf\xe9, \xff\xfe\n",
        "encoding",
    ),
    "cut gzip": (cut_gzip, "cut"),
    "cut excel": (cut_zip, "damaged"),
    "zip of something": (other_zip, "damaged"),
    "cut parquet": (lambda path: as_parquet(path.with_suffix(".parquet")).read_bytes()[:-30], "damaged"),
    "other columns": (lambda _: b"id,name\n1,2\n", "no-column"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_file_that_cannot_be_read_is_told_before_anything_is_taken(
    place: Any, folder: Path, kind: str
) -> None:
    from leitai.bulk import FileFault, Stopped

    write, code = BROKEN[kind]
    file = folder / "file"
    file.write_bytes(write(file))
    with pytest.raises(FileFault) as caught:
        bring(place, file)
    assert not isinstance(caught.value, Stopped)
    assert caught.value.findings[0].code == code
    assert "Traceback" not in str(caught.value)
    assert place.cases.count() == 0


@pytest.mark.parametrize(
    "ending", ['4,2024-01-03,"2024', "4,2024-01-03,,", '4,2024-01-03,,,Works,,lamp,"far']
)
def test_a_table_cut_in_the_middle_keeps_its_whole_rows(place: Any, folder: Path, ending: str) -> None:
    from leitai.bulk import Stopped

    file = write_csv(folder / "rows.csv")
    whole = file.read_bytes()
    file.write_bytes(whole + ending.encode())
    with pytest.raises(Stopped) as caught:
        bring(place, file)
    assert caught.value.findings[0].code == "cut"
    assert caught.value.findings[0].where.line == 6
    assert caught.value.summary.taken == 3 == place.cases.count()
    file.write_bytes(whole)
    assert bring(place, file).already == 3


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("kind: request\n", "kind: requests\n", "request"),
        ("source: hotline", f"source: {'x' * 30}", "20"),
        ("what: cases", "what: case", "cases"),
    ],
)
def test_a_map_that_does_not_fit_the_place(place: Any, folder: Path, old: str, new: str, says: str) -> None:
    from leitai.bulk import FileFault

    (folder / "map.yaml").write_text(CASES.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(FileFault) as caught:
        bring(place, write_csv(folder / "rows.csv"))
    assert says in str(caught.value)


# The command


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
