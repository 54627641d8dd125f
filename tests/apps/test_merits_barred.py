"""No article, no evidence, no time to reply: no decision, whoever asks for it by whichever door.

Three things a file may lack, three doors: the page, the interface, the database itself.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from leitai.apps.ledger.models import Event
from leitai.apps.merits import actions
from leitai.apps.merits.models import Proposal
from leitai.apps.people import actions as people
from tests.factories import BY, DAY, HOUR, NOW, Town, database_refuses, refused

SECRET = "leitai_the-discipline-bodys-own-secret-01"
LACKS = {
    "article": ({"number": ""}, "no-article", "names no article", "proposal_decided_by_article"),
    "evidence": ({"links": []}, "no-evidence", "rests on no evidence", "proposal_decided_on_evidence"),
    "window": ({"reply_by": None}, "no-window", "no time to reply", "proposal_decided_by_article"),
}
DECISION = {"upheld": "1", "decision": "Upheld on the records"}


def file(town: Town, lack: str = "") -> Proposal:
    """A file that was answered long ago and lacks one thing, as an older rule-book or a slip may leave it."""
    row = actions.propose(
        place=town.place,
        unit=town.units["water"],
        merit="warning",
        target="unit",
        rule="rule 9",
        reason="It was late",
        evidence="event:1/x",
        links=["case:1"],
        at=NOW,
        by="drive",
        now=NOW,
    )
    actions.reply(proposal=row, text="We were never told", by="account:clerk-town", now=NOW + HOUR)
    if lack:
        Proposal.objects.filter(pk=row.pk).update(**LACKS[lack][0])
    row.refresh_from_db()
    return row


def present(town: Town, now: datetime) -> None:
    type(town.place).objects.filter(pk=town.place.pk).update(lag=datetime.now(UTC) - now)


def by_api(town: Town, row: Proposal, decider: str = "leader-town") -> Any:
    people.add_api_key(place=town.place, name="oa", scopes=["merits:decide"], secret=SECRET, by=BY, now=NOW)
    return Client(headers={"accept-language": "en"}).post(
        f"/api/v1/town/merits/{row.pk}/decision",
        {"upheld": True, "decision": "Upheld on the records", "decider": decider},
        content_type="application/json",
        headers={"authorization": f"Bearer {SECRET}"},
    )


def by_page(town: Town, row: Proposal) -> Any:
    client = Client(headers={"accept-language": "en"})
    client.force_login(town.posts["leader"].account)
    return client.post(f"/town/merits/{row.pk}/decide", DECISION)


@pytest.mark.parametrize("lack", LACKS)
def test_the_page_decides_no_file_that_lacks_it(town: Town, lack: str) -> None:
    row, before = file(town, lack), Event.objects.count()
    present(town, NOW + DAY)
    answer = by_page(town, row)
    assert answer.status_code == 409
    assert LACKS[lack][2] in answer.content.decode()
    client = Client(headers={"accept-language": "en"})
    client.force_login(town.posts["leader"].account)
    page = client.get(f"/town/merits/{row.pk}").content.decode()
    assert LACKS[lack][2] in page and 'name="decision"' not in page, (
        "the page offers none either, and says why"
    )
    row.refresh_from_db()
    assert (row.state, Event.objects.count()) == ("replied", before)


@pytest.mark.parametrize("lack", LACKS)
def test_the_interface_decides_no_file_that_lacks_it(town: Town, lack: str) -> None:
    row = file(town, lack)
    present(town, NOW + DAY)
    answer = by_api(town, row)
    assert (answer.status_code, answer.json()["code"]) == (422, LACKS[lack][1])
    assert LACKS[lack][2] in answer.json()["error"]
    row.refresh_from_db()
    assert row.state == "replied"


@pytest.mark.parametrize("lack", LACKS)
def test_the_database_holds_no_decided_file_that_lacks_it(town: Town, lack: str) -> None:
    row = file(town, lack)
    decided = {
        "state": "decided",
        "upheld": True,
        "decision": "So be it",
        "decided_at": NOW + DAY,
        "decided_by": BY,
    }
    with database_refuses(Proposal, LACKS[lack][3]):
        Proposal.objects.filter(pk=row.pk).update(**decided)
    whole = file(town)
    assert Proposal.objects.filter(pk=whole.pk).update(**decided) == 1, "it is what lacks that is refused"


def test_the_page_and_the_interface_decide_one_that_lacks_nothing(town: Town) -> None:
    first, second = file(town), file(town)
    present(town, NOW + DAY)
    assert by_page(town, first).status_code == 302
    assert by_api(town, second).status_code == 200
    for row in (first, second):
        row.refresh_from_db()
        assert (row.state, row.decided_by) == ("decided", "account:leader-town")


@pytest.mark.parametrize(
    ("decider", "code"),
    [("office-town", "wrong-body"), ("nobody", "wrong-body"), ("clerk-town", "wrong-body")],
)
def test_the_interface_asks_who_decided(town: Town, decider: str, code: str) -> None:
    row = file(town)
    present(town, NOW + DAY)
    answer = by_api(town, row, decider)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_nobody_whom_it_concerns_decides(town: Town) -> None:
    row = file(town)

    def decide(by: str) -> Proposal:
        return actions.decide(proposal=row, upheld=True, decision="On the records", by=by, now=NOW + DAY)

    people.appoint(
        place=town.place, username="leader-town", role="clerk", unit=town.units["water"], by=BY, now=NOW
    )
    with refused("own-unit"):
        decide("account:leader-town")
    by_hand = actions.propose(
        place=town.place, unit=town.units["water"], merit="warning", target="unit", rule="rule 9",
        reason="It was late", evidence="event:1/x", links=["case:1"], at=NOW, by="account:inspector-town",
        now=NOW,
    )  # fmt: skip
    with refused("proposer"):
        actions.decide(
            proposal=by_hand,
            upheld=True,
            decision="On the records",
            by="account:inspector-town",
            now=NOW + 4 * DAY,
        )
    with refused("wrong-body"):
        decide("key:oa")
    assert decide("account:inspector-town").decided_at == NOW + timedelta(days=1)
