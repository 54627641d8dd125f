"""A day is sealed whole or not at all, with the same bytes each time, and only if it is what the log holds."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from leitai.apps.ledger.errors import Refused
from leitai.lake import SCHEMA, DayHead, read_day, verify_day, write_day
from leitai.lake.schema import batches
from leitai.lake.seal import ROWS

from .days_of import FIRST, PLACE, Lake, ballot, parts, three_days

ROOT = Path(__file__).resolve().parents[2]


def files(folder: Path) -> dict[str, bytes]:
    """Every file in a lake, but the locks, by its path below it."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def test_a_sealed_day_holds_the_rows_that_were_given(tmp_path: Path) -> None:
    rows = [ballot(n, FIRST, unit=f"u{n % 5}", hour=n % 24) for n in range(100)]
    sealed = Lake(tmp_path).seal(FIRST, rows)
    table = pq.read_table(sealed.path, partitioning=None)
    assert [tuple(row.values()) for row in table.to_pylist()] == rows
    assert sealed.rows == 100
    assert sealed.path == tmp_path / "town/ballots/month=2024-04/day-2024-04-29.parquet"


def test_a_sealed_day_says_whose_it_is_and_under_which_head(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    head = lake.head(FIRST, [ballot(0, FIRST)], added=1)
    sealed = lake.seal(FIRST, [ballot(0, FIRST)], added=1)
    day = read_day(sealed.path)
    assert day.head == head
    assert (day.head.first, day.head.rows, day.head.size) == (0, 1, 2)


def test_no_column_could_hold_who_gave_a_verdict() -> None:
    assert SCHEMA.names == [
        "index", "at", "day", "unit", "point", "grade", "bad", "channel", "leaf", "source",
    ]  # fmt: skip


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_the_same_day_is_the_same_bytes_whatever_batches_it_came_in(tmp_path: Path, size: int) -> None:
    rows = [ballot(n, FIRST, unit=f"u{n % 5}") for n in range(500)]
    decided = [(n, "upheld", datetime(2024, 4, 29, 9, tzinfo=UTC)) for n in range(40)]
    Lake(tmp_path / "one").seal(FIRST, rows, decided, added=9)
    Lake(tmp_path / "two").seal(FIRST, rows, decided, added=9, batch=size)
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_a_day_longer_than_a_row_group_is_the_same_bytes_too(tmp_path: Path) -> None:
    count = ROWS + 1000
    (one,) = batches(SCHEMA, [[ballot(0, FIRST)]])
    columns = {name: one.column(name).take(pa.array(np.zeros(count, np.int32))) for name in SCHEMA.names}
    columns["index"] = pa.array(np.arange(count))
    whole = pa.record_batch(columns, schema=SCHEMA)
    head = DayHead(PLACE, FIRST, "UTC", 0, count, count, "0" * 64)
    digests = [
        write_day(tmp_path / str(cut), head, [whole.slice(0, cut), whole.slice(cut)]).digest
        for cut in (10, ROWS, count)
    ]
    assert len(set(digests)) == 1
    path = tmp_path / "10/town/ballots/month=2024-04/day-2024-04-29.parquet"
    assert pq.read_metadata(path).num_row_groups == 2


def test_sealing_again_changes_nothing(tmp_path: Path) -> None:
    three_days(tmp_path)
    before = files(tmp_path)
    three_days(tmp_path)
    assert files(tmp_path) == before


def test_a_day_without_a_verdict_is_sealed_too(tmp_path: Path) -> None:
    sealed = Lake(tmp_path).seal(FIRST, [])
    assert sealed.rows == 0
    assert verify_day(sealed.path, sealed.digest) == []


@pytest.mark.parametrize("stream", ["ballots", "standings", "additions"])
def test_what_breaks_off_leaves_no_file(tmp_path: Path, stream: str) -> None:
    rows = [ballot(n, FIRST) for n in range(50)]

    def broken() -> Iterator[pa.RecordBatch]:
        yield from batches(SCHEMA, [rows])
        raise OSError("the database went away")

    def gone() -> Iterator[pa.RecordBatch]:
        raise OSError("the database went away")
        yield

    given = {"ballots": batches(SCHEMA, [rows]), "standings": (), "additions": ()}
    given[stream] = broken() if stream == "ballots" else gone()
    with pytest.raises(OSError, match="went away"):
        write_day(tmp_path, Lake(tmp_path).head(FIRST, rows, 0), **given)
    assert not [name for name in files(tmp_path) if "ballots" in name or stream in name or "partial" in name]


FAULTS = {
    "too few": ([0, 1, 2], 4, 4, "day-rows"),
    "too many": ([0, 1, 2, 3], 3, 4, "day-rows"),
    "a leaf is missing": ([0, 1, 3], 3, 4, "day-leaves"),
    "a leaf of another day": ([0, 1, 4], 3, 3, "day-leaves"),
    "a leaf twice": ([0, 1, 1], 3, 3, "day-leaves"),
    "out of order": ([0, 2, 1], 3, 3, "day-leaves"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_day_that_is_not_what_its_head_says_is_refused(tmp_path: Path, fault: str) -> None:
    indices, said, size, code = FAULTS[fault]
    head = DayHead(PLACE, FIRST, "UTC", 0, said, size, "0" * 64)
    with pytest.raises(Refused) as told:
        write_day(tmp_path, head, batches(SCHEMA, [[ballot(n, FIRST) for n in indices]]))
    assert told.value.finding.code == code
    assert files(tmp_path) == {}


# Seals three days in one process after the other, each killed a few steps later than the one before it: before or after
# a file or a folder is flushed or renamed, or rows are written. Prints how many were killed.
VICTIM = """
import os, signal, sys
from itertools import count
from pathlib import Path
from tests.lake.days_of import three_days

STEPS = {"fsync", "rename", "replace", "unlink", "write_table"}

def seal_until(folder, last):
    left = last

    def watch(_frame, event, what):
        nonlocal left
        if event in ("c_call", "c_return") and getattr(what, "__name__", "") in STEPS:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(watch)
    three_days(folder)

for last in count(1, 11):
    child = os.fork()
    if child == 0:
        seal_until(Path(sys.argv[1]) / str(last), last)
        os._exit(0)
    if os.waitpid(child, 0)[1] == 0:
        print(last)
        break
"""


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)


def test_killed_at_any_instant_a_day_is_whole_or_not_there(tmp_path: Path) -> None:
    three_days(tmp_path / "whole")
    whole = files(tmp_path / "whole")
    done = run(VICTIM, tmp_path)
    steps = range(1, int(done.stdout), 11)
    assert len(steps) > 20, done.stderr
    unfinished = 0
    for step in steps:
        folder = tmp_path / str(step)
        left = {name: data for name, data in files(folder).items() if not Path(name).name.startswith(".")}
        assert left.items() <= whole.items()
        unfinished += files(folder) != left
        three_days(folder)
        assert files(folder) == whole
    assert unfinished > 10, "the kills came while files were being written"


FULL = """
import resource, sys
from datetime import timedelta
from pathlib import Path
from tests.lake.days_of import FIRST, Lake, ballot

lake = Lake(Path(sys.argv[1]))
lake.seal(FIRST, [ballot(n, FIRST) for n in range(100)])
rows = [ballot(n, FIRST + timedelta(1)) for n in range(100, 20_100)]
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    lake.seal(FIRST + timedelta(1), rows)
except OSError as fault:
    print(fault.errno)
"""


def test_a_full_disk_leaves_the_days_before_and_no_piece_of_this_one(tmp_path: Path) -> None:
    done = run(FULL, tmp_path)
    assert done.stdout.strip() == "27", done.stderr
    assert {Path(name).name for name in files(tmp_path)} == {"day-2024-04-29.parquet"}


def test_two_that_seal_the_same_day_at_once_write_it_once(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from tests.lake.days_of import three_days;"
        "[three_days(Path(sys.argv[1])) for _ in range(5)]"
    )
    both = [
        subprocess.Popen([sys.executable, "-c", script, tmp_path / "both"], cwd=ROOT, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    assert [one.communicate(timeout=60)[1] for one in both] == [b"", b""]
    three_days(tmp_path / "alone")
    assert files(tmp_path / "both") == files(tmp_path / "alone")


def test_days_lie_under_their_month(tmp_path: Path) -> None:
    three_days(tmp_path)
    assert {Path(name).parent.name for name in files(tmp_path)} == {"month=2024-04", "month=2024-05"}
    assert date.fromisoformat(Path(max(files(tmp_path))).stem[4:]) == FIRST + timedelta(2)


def test_rows_in_lists_of_any_size_are_batches() -> None:
    rows = [ballot(n, FIRST) for n in range(10)]
    assert [len(batch) for batch in batches(SCHEMA, parts(rows, 4))] == [4, 4, 2]
