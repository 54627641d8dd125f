"""What the tests of bulk import share: a place with a rule-book, a map, one table in every make of file."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

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
