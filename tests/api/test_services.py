"""A queue system's services: taken once, contacts sealed, what cannot be taken told line by line."""

from __future__ import annotations

from typing import Any

from leitai.apps.ballots.models import ServiceRecord
from leitai.apps.ballots.queries import contact
from tests.factories import Town

from .conftest import keyed


def line(nth: int, **more: Any) -> dict[str, Any]:
    return {"source_id": f"A{nth}", "unit": "tax", "served_at": "2024-04-09T10:00:00+08:00"} | more


def test_services_are_taken_once_and_contacts_sealed(town: Town) -> None:
    queue = keyed(town, "machine", "services:upload")
    lines = [line(1, contact="13800000001", number=7), line(2), line(3, unit="nowhere"), line(4, number="x")]
    answer = queue.post("services", {"source": "queue", "services": lines}).json()
    assert (answer["taken"], answer["known"]) == (2, 0)
    assert [one["index"] for one in answer["rejected"]] == [2, 3]
    again = queue.post("services", {"source": "queue", "services": lines}).json()
    assert (again["taken"], again["known"]) == (0, 2)
    row = ServiceRecord.objects.get(source_id="A1")
    assert (row.number, contact(row)) == (7, "13800000001")
    assert b"13800000001" not in bytes(row.contact or b"")


def test_another_scope_and_a_time_to_come_are_refused(town: Town) -> None:
    wrong = keyed(town, "platform", "tickets:issue")
    assert wrong.post("services", {"source": "queue", "services": [line(1)]}).status_code == 403
    queue = keyed(town, "machine", "services:upload")
    late = queue.post("services", {"source": "q", "services": [line(1, served_at="2030-01-01T00:00:00Z")]})
    assert [one["code"] for one in late.json()["rejected"]] == ["future"]
