"""Whoever has the files, and a digest or a head kept elsewhere, finds what was done to them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from leitai.lake import days, read_day, verify, verify_day
from leitai.lake.synthetic import make
from leitai.rules.kernel import Finding
from leitai.rules.ledger import root

from .days_of import FIRST, PLACE, Lake, ballot, leaf, three_days

LAST = FIRST + timedelta(2)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return three_days(tmp_path)


def file(lake: Lake, stream: str = "ballots", day: int = 0) -> Path:
    path = lake.sealed[FIRST + timedelta(day)].path
    return lake.folder / PLACE / stream / path.parent.name / path.name


def rewrite(path: Path, change: Callable[[pa.Table], pa.Table], **said: str) -> None:
    """The file with other rows, and all that it said of itself but what is given."""
    metadata = pq.read_metadata(path).metadata | {
        f"leitai.{key}".encode(): value for key, value in said.items()
    }
    table = change(pq.read_table(path, partitioning=None))
    with pq.ParquetWriter(path, table.schema, store_schema=False) as writer:
        writer.add_key_value_metadata(metadata)
        writer.write_table(table)


def put(name: str, row: int, value: object) -> Callable[[pa.Table], pa.Table]:
    """A change of one cell."""

    def change(table: pa.Table) -> pa.Table:
        cells = table[name].to_pylist()
        cells[row] = value
        at = table.schema.get_field_index(name)
        return table.set_column(at, table.schema.field(at), pa.array(cells, table.schema.field(at).type))

    return change


def codes(findings: tuple[Finding, ...] | list[Finding]) -> list[str]:
    assert all(one.text for one in findings)
    return [one.code for one in findings]


def test_whole_days_give_the_root_of_all_their_leaves(lake: Lake) -> None:
    checked = verify(lake.folder, PLACE, digests=lake.digests)
    assert checked.findings == ()
    assert (checked.days, checked.rows, checked.size) == (3, 70, 72)
    assert checked.root == root([leaf(n) for n in range(72)]).hex()


def test_synthetic_days_are_whole_and_say_what_they_are(tmp_path: Path) -> None:
    make(tmp_path, ballots=3000, units=20, months=2)
    checked = verify(tmp_path, "synthetic")
    assert checked.findings == ()
    assert checked.rows == 3000
    listed, _ = days(tmp_path, "synthetic")
    assert len(listed) == 59
    assert all(day.head.synthetic for day in listed)
    sources = pq.read_table(listed[0].path, columns=["source"], partitioning=None)["source"]
    assert sources.unique().to_pylist() == ["synthetic"]


def test_the_same_synthetic_days_are_made_again(tmp_path: Path) -> None:
    for name in ("one", "two"):
        make(tmp_path / name, ballots=500, units=5, months=1)
    one, two = (verify(tmp_path / name, "synthetic").root for name in ("one", "two"))
    assert one == two


def test_a_changed_byte_is_found_by_the_digest(lake: Lake) -> None:
    for stream in ("ballots", "standings", "additions"):
        path = file(lake, stream, 2)
        kept = path.read_bytes()
        path.write_bytes(kept[:40] + bytes([kept[40] ^ 1]) + kept[41:])
        found = verify_day(file(lake, day=2), lake.digests[LAST])
        assert "day-altered" in codes(found)
        assert str(path) in {str(one.where) for one in found}
        path.write_bytes(kept)


def test_a_changed_grade_is_found_by_the_digest_alone(lake: Lake) -> None:
    rewrite(file(lake), put("grade", 3, "very-satisfied"))
    assert codes(verify(lake.folder, PLACE, digests=lake.digests).findings) == ["day-altered"]
    assert codes(verify(lake.folder, PLACE).findings) == []


def test_a_changed_leaf_is_found_without_a_record(lake: Lake) -> None:
    rewrite(file(lake), put("leaf", 3, leaf(99)))
    assert codes(verify(lake.folder, PLACE).findings) == ["root-differs"]


def test_days_written_anew_with_a_root_of_their_own_are_found_by_a_kept_head(lake: Lake) -> None:
    leaves = [*lake.leaves]
    leaves[3] = leaf(99)
    rewrite(file(lake), put("leaf", 3, leaf(99)), root=root(leaves[:42]).hex())
    for day, size in ((1, 42), (2, 72)):
        rewrite(file(lake, day=day), lambda table: table, root=root(leaves[:size]).hex())
    kept = {20: root(lake.leaves[:20]).hex()}
    assert codes(verify(lake.folder, PLACE).findings) == []
    assert codes(verify(lake.folder, PLACE, heads=kept).findings) == ["head-differs"]


@pytest.mark.parametrize("size", [1, 20, 42, 60, 72])
def test_a_kept_head_of_any_size_is_held_against_the_leaves(lake: Lake, size: int) -> None:
    good, bad = root(lake.leaves[:size]).hex(), "0" * 64
    assert verify(lake.folder, PLACE, heads={size: good}).findings == ()
    assert codes(verify(lake.folder, PLACE, heads={size: bad}).findings) == ["head-differs"]


def test_a_head_of_more_leaves_than_there_are_shows_that_the_end_was_cut(lake: Lake) -> None:
    file(lake, day=2).unlink()
    kept = {72: root(lake.leaves).hex()}
    assert codes(verify(lake.folder, PLACE, heads=kept).findings) == ["head-missing"]
    assert codes(verify(lake.folder, PLACE, digests=lake.digests).findings) == ["day-lost"]


def test_a_day_taken_out_is_found_by_its_neighbours(lake: Lake) -> None:
    file(lake).unlink()
    found = verify(lake.folder, PLACE)
    assert "day-missing" in codes(found.findings)


def test_a_day_that_nobody_recorded_is_told(lake: Lake) -> None:
    recorded = {day: digest for day, digest in lake.digests.items() if day != LAST}
    assert codes(verify(lake.folder, PLACE, digests=recorded).findings) == ["day-unrecorded"]


def test_a_file_in_another_days_place_is_told(lake: Lake) -> None:
    shutil.copy(file(lake), file(lake, day=1))
    assert "day-misplaced" in codes(verify(lake.folder, PLACE).findings)


@pytest.mark.parametrize("stream", ["ballots", "standings", "additions"])
@pytest.mark.parametrize("size", [0, 3, 200])
def test_a_file_cut_off_is_told_and_the_others_are_still_checked(lake: Lake, stream: str, size: int) -> None:
    path = file(lake, stream, 2)
    path.write_bytes(path.read_bytes()[:size])
    found = verify(lake.folder, PLACE, digests=lake.digests)
    assert codes(found.findings) == (["day-damaged", "day-lost"] if stream == "ballots" else ["day-altered"])
    assert str(path) in {str(one.where) for one in found.findings}
    assert codes(verify(lake.folder, PLACE).findings) == codes(found.findings)[:1]


@pytest.mark.parametrize("stream", ["standings", "additions"])
def test_a_missing_file_of_a_day_is_told_once(lake: Lake, stream: str) -> None:
    file(lake, stream, 2).unlink()
    assert codes(verify(lake.folder, PLACE, digests=lake.digests).findings) == ["day-file-missing"]


def test_another_parquet_file_is_no_sealed_day(tmp_path: Path) -> None:
    path = tmp_path / "day.parquet"
    pq.write_table(pa.table({"a": [1]}), path)
    assert codes([read_day(path)]) == ["day-not-sealed"]  # type: ignore[list-item]
    path.write_text("not Parquet")
    assert codes([read_day(path)]) == ["day-damaged"]  # type: ignore[list-item]


def test_a_verdict_moved_to_another_day_is_told(lake: Lake) -> None:
    rewrite(file(lake), put("day", 5, FIRST + timedelta(1)))
    assert codes(verify_day(file(lake))) == ["day-dates"]


def test_rows_taken_out_are_told(lake: Lake) -> None:
    rewrite(file(lake), lambda table: table.slice(1))
    assert codes(verify_day(file(lake))) == ["day-rows", "day-leaves"]


@pytest.mark.parametrize(
    "decided", [[(1, "burnt")], [(1, "upheld"), (1, "set_aside")], [(72, "upheld")]], ids=str
)
def test_decisions_that_cannot_be_are_told(tmp_path: Path, decided: list[tuple[int, str]]) -> None:
    lake = Lake(tmp_path)
    rows = [ballot(n, FIRST) for n in range(72)]
    at = rows[0][1]
    sealed = lake.seal(FIRST, rows, [(index, standing, at) for index, standing in decided])
    assert codes(verify_day(sealed.path, sealed.digest)) == ["day-standings"]


def test_days_are_listed_in_order_with_their_heads(lake: Lake) -> None:
    listed, faults = days(lake.folder, PLACE)
    assert faults == ()
    assert [(day.head.day, day.head.first, day.head.size) for day in listed] == [
        (FIRST, 0, 42),
        (FIRST + timedelta(1), 42, 42),
        (LAST, 42, 72),
    ]
