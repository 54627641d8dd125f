"""Another platform's verdicts: taken once, with what cannot be taken told line by line, and the log intact."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from leitai.apps.ballots import queries, tallies
from leitai.apps.ballots.models import Ballot
from leitai.apps.ledger.models import Event
from tests.factories import Town, refused

from .conftest import Caller, keyed


def line(number: int, **more: Any) -> dict[str, Any]:
    said = {
        "source_id": f"n{number}",
        "unit": "tax",
        "grade": "satisfied",
        "cast_at": "2024-03-01T10:00:00+08:00",
    }
    return said | more


def send(platform: Caller, *lines: Any, source: str = "old") -> Any:
    return platform.post("ballots", {"source": source, "ballots": list(lines)})


def whole(town: Town) -> bool:
    """Whether rows, log and counts agree."""
    return not any(queries.check(town.place)) and tallies.kept(town.place) == tallies.recounted(town.place)


def test_verdicts_are_taken_once(town: Town, platform: Caller) -> None:
    lines = [line(1), line(2, grade="不满意", standing="upheld"), line(2, grade="satisfied")]
    assert send(platform, *lines).json() == {"taken": 2, "known": 1, "rejected": []}
    assert send(platform, *lines).json() == {"taken": 0, "known": 3, "rejected": []}
    assert send(platform, *lines, source="other").json()["taken"] == 2
    row = Ballot.objects.get(source="old", source_id="n2")
    assert (row.grade, row.bad, row.standing, row.channel) == ("dissatisfied", True, "upheld", "imported")
    assert row.cast_at == datetime(2024, 3, 1, 2, tzinfo=UTC)
    event = Event.objects.filter(kind="ballots.imported").order_by("id").first()
    assert event is not None and event.by == "key:platform" and json.loads(event.data)["count"] == 2
    assert whole(town)


# What is wrong with a line, and the code it is answered with.
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"unit": "nobody"}, "unknown-unit"),
    ({"grade": "splendid"}, "grade-unknown"),
    ({"cast_at": (datetime.now(UTC) + timedelta(minutes=5)).isoformat()}, "future"),
    ({"cast_at": "1851-01-01T00:00:00Z"}, "invalid"),
    ({"cast_at": "yesterday"}, "invalid"),
    ({"cast_at": "2024-03-01T10:00:00"}, "invalid"),
    ({"standing": "upheld"}, "upheld-good"),
    ({"standing": "set_aside", "reason": "  "}, "no-reason"),
    ({"standing": "lost"}, "invalid"),
    ({"reason": "x" * 301}, "invalid"),
    ({"reason": "a\x00b"}, "not-printable"),
    ({"channel": "visit\nforged"}, "invalid"),
    ({"channel": ""}, "invalid"),
    ({"source_id": ""}, "invalid"),
    ({"source_id": "x" * 121}, "invalid"),
    ({"words": "my name and telephone number"}, "invalid"),
]


def test_a_line_that_cannot_be_taken_is_told_and_the_others_are_taken(town: Town, platform: Caller) -> None:
    for turn, (more, code) in enumerate(WRONG):
        source = f"old-{turn}"
        answer = send(platform, line(1), line(2, **more), line(3), source=source)
        assert answer.status_code == 200, more
        assert (answer.json()["taken"], answer.json()["known"]) == (2, 0), more
        (rejected,) = answer.json()["rejected"]
        assert (rejected["index"], rejected["code"]) == (1, code), more
        assert rejected["error"]
        assert Ballot.objects.filter(source=source).count() == 2
    assert whole(town)


def test_a_batch_of_nothing_usable_writes_nothing(town: Town, platform: Caller) -> None:
    before = Event.objects.count()
    found = send(platform, 7, None, [], {}, line(1, unit="nobody")).json()
    assert [one["index"] for one in found["rejected"]] == [0, 1, 2, 3, 4]
    assert Event.objects.count() == before


def test_a_thousand_are_the_most(town: Town, platform: Caller) -> None:
    lines = [line(number) for number in range(1001)]
    assert send(platform, *lines).status_code == 422
    assert send(platform, *lines[1:]).json()["taken"] == 1000
    assert whole(town)


def test_a_unit_brings_in_no_verdicts_on_itself(town: Town) -> None:
    with refused("not-for-a-unit"):
        keyed(town, "bureau", "ballots:import", unit="tax")


def test_none_comes_in_as_given_by_a_way_of_this_house(town: Town, platform: Caller) -> None:
    ways = ("standing", "visit", "matter", "invited", "hotline")
    send(platform, *(line(n, channel=way) for n, way in enumerate(ways)))
    found = Ballot.objects.order_by("source_id").values_list("channel", flat=True)
    assert list(found) == ["imported"] * 4 + ["hotline"]


def test_the_grades_are_those_of_the_day(town: Town, platform: Caller) -> None:
    found = send(platform, line(1, grade="Satisfied"), line(2, grade="very-satisfied")).json()
    assert found["taken"] == 1
    assert found["rejected"][0]["code"] == "grade-unknown"
    assert "satisfied, dissatisfied" in found["rejected"][0]["error"]
