"""Files of every make and every fault: one table gives the same records, a broken one a plain sentence."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.apps.bulk import (
    CASES,
    COLUMNS,
    as_excel,
    as_gzip,
    as_parquet,
    bring,
    new_place,
    write_csv,
)


@pytest.fixture
def place(db: None) -> Any:
    return new_place()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the map of cases in it."""
    (tmp_path / "map.yaml").write_text(CASES, encoding="utf-8")
    return tmp_path


MAKES = {
    "utf-8": write_csv,
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
        ("2", "", "Works", "东区", "路灯, “不亮”", half, half + timedelta(days=1), "dispatched"),
        ("3", "", "Works!", "西区", "占道", nine + timedelta(hours=1), None, "dispatched"),
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
