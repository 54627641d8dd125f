"""Consequences over the interface: followed, answered and appealed by a unit's system, decided by the body's alone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from leitai.apps.ledger.sealing import seal
from leitai.apps.merits import actions
from leitai.apps.merits.models import Proposal
from leitai.apps.merits.queries import looks
from leitai.apps.people import actions as people
from leitai.apps.people.queries import official
from tests.factories import BY, DAY, HOUR, NOW, Town

from .conftest import Caller, keyed

SCOPES = ("merits:decide", "merits:read", "merits:reply")
DECISION = {"upheld": True, "decision": "Upheld on the records", "decider": "leader-town"}


@pytest.fixture
def body(town: Town) -> Caller:
    """The deciding body's own system."""
    return keyed(town, "platform", *SCOPES)


@pytest.fixture
def bureau(town: Town) -> Caller:
    """The tax bureau's own system."""
    return keyed(town, "bureau", *SCOPES, unit="tax")


def propose(town: Town, unit: str = "tax", merit: str = "blame", **more: Any) -> Proposal:
    return actions.propose(
        place=town.place, unit=town.units[unit], merit=merit, target="head", rule="rule 8", reason="It was late",
        evidence="event:1/x", links=["case:1"], at=NOW, by="drive", now=NOW, **more,
    )  # fmt: skip


def present(town: Town, now: datetime) -> None:
    type(town.place).objects.filter(pk=town.place.pk).update(lag=datetime.now(UTC) - now)


def told(answer: Any) -> tuple[int, str]:
    said = answer.json()
    return answer.status_code, said.get("code") or said["state"]


def test_a_file_goes_its_way_from_reply_to_settlement(town: Town, body: Caller, bureau: Caller) -> None:
    row = propose(town)
    present(town, NOW + HOUR)
    at = f"merits/{row.pk}"
    assert told(body.post(f"{at}/decision", DECISION)) == (422, "reply-first")
    assert told(bureau.post(f"{at}/reply", {"text": "收到"})) == (422, "says-nothing")
    assert told(bureau.post(f"{at}/reply", {"text": "The line was down"})) == (200, "replied")
    assert told(body.post(f"{at}/decision", DECISION)) == (200, "decided")
    assert told(bureau.post(f"{at}/appeal", {"text": "The clock ran on a holiday"})) == (200, "appealed")
    again = {"upheld": False, "decision": "It did not", "decider": "leader-town"}
    assert told(body.post(f"{at}/settlement", again)) == (422, "decider")
    assert told(body.post(f"{at}/settlement", again | {"decider": "inspector-town"})) == (200, "settled")
    found = bureau.get(at).json()
    assert (found["article"], found["links"], found["appeal_upheld"]) == ("article 8", ["case:1"], False)


def test_a_unit_decides_nothing_and_sees_its_own_alone(town: Town, bureau: Caller) -> None:
    mine, other = propose(town), propose(town, "water")
    present(town, NOW + 20 * DAY)
    assert told(bureau.post(f"merits/{mine.pk}/decision", DECISION)) == (403, "key-of-a-unit")
    assert told(bureau.post(f"merits/{mine.pk}/settlement", DECISION)) == (403, "key-of-a-unit")
    for answer in (
        bureau.get(f"merits/{other.pk}"),
        bureau.post(f"merits/{other.pk}/reply", {"text": "Not ours"}),
    ):
        assert told(answer) == (404, "unknown-file")
    assert told(bureau.get("merits/9223372036854775807")) == (404, "unknown-file")


def test_what_changed_is_told_in_order_and_once(town: Town, body: Caller, bureau: Caller) -> None:
    first, second = propose(town), propose(town, "water")
    actions.reply(proposal=first, text="The line was down", by="account:tax", now=NOW + HOUR)
    seal(town.place)
    page = body.get("merits", limit=1).json()
    assert ([one["number"] for one in page["files"]], page["more"]) == ([first.pk], True)
    rest = body.get("merits", changed_since=page["changed_until"]).json()
    assert [one["number"] for one in rest["files"]] == [second.pk, first.pk]
    assert body.get("merits", changed_since=rest["changed_until"]).json()["files"] == []
    assert [one["number"] for one in bureau.get("merits").json()["files"]] == [first.pk]


def test_no_name_and_no_objection_leaves_by_it(town: Town, bureau: Caller) -> None:
    draft = people.OfficialDraft("zhang", "tax", "head", date(2023, 1, 1), name="Zhang Weiguo")
    people.put_officials(place=town.place, drafts=[draft], by=BY, now=NOW)
    row = propose(town, merit="flag", official=official(town.place, "zhang"))
    actions.object_to(proposal=row, text="The figures were bought", by="anyone", now=NOW)
    said = bureau.get(f"merits/{row.pk}").content.decode()
    assert "Zhang" not in said and "bought" not in said


def test_reading_the_file_of_an_official_is_a_look_on_record(
    town: Town, body: Caller, bureau: Caller, machine: Caller
) -> None:
    draft = people.OfficialDraft("zhang", "tax", "head", date(2023, 1, 1), name="Zhang Weiguo")
    people.put_officials(place=town.place, drafts=[draft], by=BY, now=NOW)
    zhang = official(town.place, "zhang")
    row, other = propose(town, official=zhang), propose(town, "water")
    seal(town.place)
    machine.get(f"merits/{row.pk}")
    assert looks(zhang) == [] and told(body.get(f"merits/{other.pk}"))[0] == 200 and looks(zhang) == []
    assert told(body.get(f"merits/{row.pk}"))[0] == 200
    body.get(f"merits/{row.pk}")
    assert body.get("merits").json()["files"]
    assert len(looks(zhang)) == 1, "once a day"
    assert [one["number"] for one in bureau.get("merits").json()["files"]] == [row.pk]
    assert len({one.by for one in looks(zhang)}) == 2, "by whose key it was"


def test_a_key_for_other_things_is_refused(town: Town, machine: Caller) -> None:
    row = propose(town)
    assert told(machine.get(f"merits/{row.pk}")) == (403, "not-in-scope")
    assert told(machine.post(f"merits/{row.pk}/decision", DECISION)) == (403, "not-in-scope")
