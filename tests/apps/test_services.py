"""Service records from a queue's table: taken once, contacts sealed, what cannot be taken told with its cell."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from leitai.apps.ballots.models import ServiceRecord
from leitai.apps.ballots.queries import contact
from tests.apps.bulk import bring, new_place, rejects

MAP = """leitai: 1
what: services
source: queue
columns: {source_id: 票号, unit: {column: 窗口, make: {kind: window}}, served_at: 时间, contact: 手机, number: 序号}
"""
COLUMNS = ("票号", "窗口", "时间", "手机", "序号")
ROWS = (
    ("A1", "户籍窗口", "2024-05-20 09:10:00", "13800000001", "1"),
    ("A2", "户籍窗口", "2024-05-20 09:20:00", "", "2"),
    ("A3", "户籍窗口", "2024-05-20 09:30:00", "13800000003", "三"),
    ("A4", "户籍窗口", "2030-05-20 09:30:00", "13800000004", "4"),
)


def test_services_are_taken_once_and_their_contacts_sealed(db: None, tmp_path: Path) -> None:
    place = new_place()
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")
    table = tmp_path / "queue.csv"
    table.write_text("\n".join(",".join(row) for row in (COLUMNS, *ROWS)), encoding="utf-8")
    first = bring(place, table, map=tmp_path / "map.yaml", rejects=tmp_path / "rejects.csv")
    assert (first.taken, first.rejected) == (2, 2)
    told = rejects(tmp_path / "rejects.csv")
    assert [(row["column"], row["value"]) for row in told] == [("序号", "三"), ("时间", ROWS[3][2])]
    again = bring(place, table, map=tmp_path / "map.yaml", rejects=None)
    assert (again.taken, again.already) == (0, 2)
    row = ServiceRecord.objects.get(source_id="A1")
    assert (row.number, row.served_at) == (1, datetime(2024, 5, 20, 1, 10, tzinfo=UTC))
    assert contact(row) == "13800000001"
    assert b"13800000001" not in bytes(row.contact or b"")
    assert ServiceRecord.objects.get(source_id="A2").contact is None
