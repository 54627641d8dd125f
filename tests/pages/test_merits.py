"""The pages of consequences: who reads what, who is named, the appeal, the record and who looked at it, the notice."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from leitai.apps.ledger.models import Event
from leitai.apps.merits.models import Proposal
from leitai.apps.people import actions as people
from leitai.apps.people import queries as people_queries
from tests.factories import BY, DAY, HOUR, NOW

from .rooms import Rooms, rooms, text

NAME = "Zhang Weiguo"


@pytest.fixture
def place(db: None) -> Rooms:
    """The town with the head of its water bureau, who signs in as "roads"'s clerk: they moved there since."""
    found = rooms()
    draft = people.OfficialDraft(
        "zhang", "water", "head", date(2023, 1, 1), name=NAME, title="Director", account="roads"
    )
    people.put_officials(place=found.town.place, drafts=[draft], by=BY, now=NOW)
    return found


def propose(place: Rooms, merit: str = "blame", **more: Any) -> Proposal:
    from leitai.apps.merits import actions

    town = place.town
    official = people_queries.official(town.place, "zhang")
    values = {"target": "head", "official": official, "evidence": "event:1/x"} | more
    return actions.propose(
        place=town.place, unit=town.units["water"], merit=merit, rule="rule 8", reason="The reply was late",
        links=["event:1"], at=NOW, by="drive", now=NOW, **values,
    )  # fmt: skip


def test_a_file_goes_from_proposal_to_appeal(place: Rooms) -> None:
    row = propose(place)
    url = f"/town/merits/{row.pk}"
    clerk, leader, inspector = (place.door(name) for name in ("clerk", "leader", "inspector"))
    assert "article 8" in text(clerk.get(url)) and 'href="/town/log?before=2"' in text(clerk.get(url))
    assert 'name="decision"' not in text(leader.get(url)), "no decision before the reply"
    assert leader.post(f"{url}/decide", {"upheld": "1", "decision": "It was late"}).status_code == 409
    assert clerk.post(f"{url}/reply", {"text": "The line was down\0"}).status_code == 302
    page = text(leader.get(url))
    assert "The line was down" in page and 'name="decision"' in page
    assert leader.post(f"{url}/decide", {"upheld": "1", "decision": "It was late"}).status_code == 302
    assert clerk.post(f"{url}/appeal", {"text": "The clock ran on a holiday"}).status_code == 302
    assert url in text(inspector.get("/town/desk/consequences"))
    assert url not in text(leader.get("/town/desk/consequences")), "not before who decided"
    page = text(leader.get(url))
    assert "settled by another than who decided" in page and 'id="settling"' not in page
    assert leader.post(f"{url}/decide", {"upheld": "1", "decision": "It did"}).status_code == 409
    assert inspector.post(f"{url}/decide", {"upheld": "1", "decision": "It did"}).status_code == 302
    assert "Appeal upheld: the decision is undone." in text(clerk.get(url))


def test_a_file_decided_long_ago_is_on_a_later_page(place: Rooms) -> None:
    from leitai.apps.merits import actions

    leader = place.door("leader")
    for n in range(31):
        row = propose(place, official=None, target="unit", evidence=f"event:{n}/x")
        actions.withdraw(proposal=row, why="sample", by="account:leader-town", now=NOW + HOUR)
    first, rest = (text(leader.get(f"/town/merits?page={n}")) for n in (1, 2))
    shown = [set(re.findall(r'href="/town/merits/(\d+)"', one)) for one in (first, rest)]
    assert [len(one) for one in shown] == [30, 1] and not shown[0] & shown[1]
    assert 'rel="next"' in first and '<span class="quiet">31</span>' in first


def test_the_name_stands_on_the_file_for_those_entitled_alone(place: Rooms) -> None:
    url = f"/town/merits/{propose(place).pk}"
    for who, named in (
        ("leader", True),
        ("inspector", True),
        ("roads", True),
        ("clerk", False),
        ("office", False),
    ):
        answer = place.door(who).get(url)
        assert answer.status_code == 200, who
        assert (NAME in text(answer)) == named, who
        assert "its head" in text(answer)
    assert place.door("tax").get(url).status_code == 403


def test_who_moved_on_answers_for_what_was_theirs(place: Rooms) -> None:
    row = propose(place)
    door = place.door("roads")
    assert f"/town/merits/{row.pk}" in text(door.get("/town/desk/consequences"))
    assert door.post(f"/town/merits/{row.pk}/reply", {"text": "It was in my time"}).status_code == 302
    other = propose(place, official=None)
    assert door.post(f"/town/merits/{other.pk}/reply", {"text": "It was in my time"}).status_code == 403


def test_each_look_at_a_record_is_an_event_and_shown_to_the_one_looked_at(place: Rooms) -> None:
    row = propose(place)
    url = "/town/officials/zhang"
    for who in ("clerk", "office", "tax"):
        assert place.door(who).get(url).status_code == 403
    assert not Event.objects.filter(kind="official.looked").exists()
    page = text(place.door("inspector").get(url))
    assert NAME in page and f"/town/merits/{row.pk}" in page and "shown to the one it is about" in page
    place.door("leader").get(url)
    own = text(place.door("roads").get(url))
    assert "Who looked at my record" in own and "inspector-town" in own and "leader-town" in own
    looks = Event.objects.filter(kind="official.looked")
    assert [(one.by, one.subject) for one in looks.order_by("id")] == [
        ("account:inspector-town", "official:zhang"),
        ("account:leader-town", "official:zhang"),
    ]
    assert NAME not in "".join(Event.objects.values_list("data", flat=True))
    assert url in text(place.door("roads").get("/town/merits"))
    assert place.door("leader").get("/town/officials/nobody").status_code == 404
    assert place.door("tax").get("/town/officials/nobody").status_code == 403


def looks() -> list[tuple[str, str]]:
    rows = Event.objects.filter(kind="official.looked").order_by("id")
    return [(one.by, one.subject) for one in rows]


def test_a_file_with_a_name_on_it_is_a_look_at_the_official_once_a_day(place: Rooms) -> None:
    url = f"/town/merits/{propose(place).pk}"
    # No name stands there for the first two; the third is the one concerned.
    for who in ("clerk", "office", "roads"):
        assert "is on record" not in text(place.door(who).get(url))
    assert looks() == []
    inspector = place.door("inspector")
    for _ in range(3):
        assert "shown to the one it is about" in text(inspector.get(url))
    inspector.get("/town/officials/zhang")
    assert looks() == [("account:inspector-town", "official:zhang")]
    assert "inspector-town" in text(place.door("roads").get("/town/officials/zhang"))
    refused = place.door("leader").post(f"{url}/decide", {"upheld": "1", "decision": "It was late"})
    assert refused.status_code == 409 and NAME in text(refused) and len(looks()) == 2
    place.at(NOW + DAY)
    place.door("inspector").get(url)
    assert looks().count(("account:inspector-town", "official:zhang")) == 2, "another day, another look"
    nobody = propose(place, official=None)
    inspector.get(f"/town/merits/{nobody.pk}")
    assert len(looks()) == 3


def test_the_list_for_promotion_is_a_look_at_each_official_on_it(place: Rooms) -> None:
    wu = people.OfficialDraft("wu", "roads", "head", date(2023, 1, 1), name="Wu Min", account="leader-town")
    people.put_officials(place=place.town.place, drafts=[wu], by=BY, now=NOW)
    own = people_queries.official(place.town.place, "wu")
    rows = [propose(place, "flag"), propose(place, "flag", official=own)]
    place.at(rows[0].reply_by + HOUR)
    decision = {"upheld": "1", "decision": "The figures are in order"}
    for row in rows:
        assert place.door("inspector").post(f"/town/merits/{row.pk}/decide", decision).status_code == 302
    Event.objects.filter(kind="official.looked").delete()
    for _ in range(2):
        page = text(place.door("leader").get("/town/officials/priority"))
        assert "/town/officials/zhang" in page and "/town/officials/wu" in page
    assert looks() == [("account:leader-town", "official:zhang")], (
        "each once, and nobody for looking at their own"
    )
    place.door("office").get("/town/officials/priority")
    assert len(looks()) == 1, "who is refused saw nothing"
    assert "leader-town" in text(place.door("roads").get("/town/officials/zhang"))


def test_an_honour_is_announced_and_anyone_may_object(place: Rooms) -> None:
    from django.test import Client

    row = propose(place, "flag")
    anyone, url = Client(headers={"accept-language": "en"}), f"/town/notices/{row.pk}"
    assert url in text(anyone.get("/town/u/water"))
    page = text(anyone.get(url))
    assert "article 10" in page and NAME not in page
    assert anyone.post(url, {"text": " "}).status_code == 409
    assert anyone.post(url, {"text": "The figures were bought"}).status_code == 302
    assert "The figures were bought" not in text(anyone.get(url)) + text(anyone.get("/town/u/water"))
    assert "The figures were bought" in text(place.door("leader").get(f"/town/merits/{row.pk}"))
    blame = propose(place)
    assert anyone.get(f"/town/notices/{blame.pk}").status_code == 404
    place.at(row.reply_by + HOUR)
    assert anyone.get(url).status_code == anyone.post(url, {"text": "Too late"}).status_code == 404
    assert url not in text(anyone.get("/town/u/water"))
    decision = {"upheld": "1", "decision": "The figures are in order"}
    assert place.door("leader").post(f"/town/merits/{row.pk}/decide", decision).status_code == 302
    page = text(place.door("leader").get("/town/officials/priority"))
    assert "Red flag" in page and "/town/officials/zhang" in page and NAME not in page
    assert place.door("office").get("/town/officials/priority").status_code == 403


def test_a_correction_is_shown_and_the_body_takes_the_file_back(place: Rooms) -> None:
    from leitai.apps.merits import actions

    row = propose(place)
    place.at(row.reply_by + DAY)
    leader = place.door("leader")
    leader.post(f"/town/merits/{row.pk}/decide", {"upheld": "1", "decision": "It was late"})
    actions.flag(
        proposal=row, why="The verdict was set aside", cause="event:1/x", by="drive", now=row.reply_by + DAY
    )
    assert "corrected since" in text(leader.get("/town/merits"))
    url = f"/town/merits/{row.pk}/correct"
    page = text(leader.get(f"/town/merits/{row.pk}"))
    assert "The verdict was set aside" in page and 'value="keep"' in page
    assert place.door("clerk").post(url, {"do": "withdraw", "reason": "Away with it"}).status_code == 403
    assert leader.post(url, {"do": "keep", "reason": " "}).status_code == 409
    assert leader.post(url, {"do": "keep", "reason": "It was late all the same"}).status_code == 302
    assert leader.post(url, {"do": "withdraw", "reason": "It rests on nothing now"}).status_code == 302
    assert "It rests on nothing now" in text(place.door("clerk").get(f"/town/merits/{row.pk}"))


def test_the_administrator_takes_a_list_of_officials_in(place: Rooms) -> None:
    door, url = place.door("administrator"), "/town/officials"
    assert place.door("leader").get(url).status_code == 403
    page = text(door.get(url))
    assert "zhang" in page and NAME not in page

    def send(lines: str) -> Any:
        data = f"key,name,unit,duty,title,since,until\n{lines}".encode()
        return door.post(url, {"file": SimpleUploadedFile("list.csv", data)})

    assert door.post(url, {}).status_code == 409
    bad = send("li,Li,roads,head,,2023-01-01,\nwu,Wu,nowhere,head,,2023-01-01,\n")
    assert bad.status_code == 409 and "nowhere" in text(bad)
    assert people_queries.official(place.town.place, "li") is None
    two = send("li,Li,water,head,,2023-05-01,\n")
    assert two.status_code == 409 and "two heads" in text(two)
    assert send("li,Li,roads,head,,2023-01-01,\n").status_code == 302
    assert people_queries.head_on(place.town.units["roads"], NOW.date()).key == "li"
    assert send("li,Li,roads,head,,2023-01-01,\n").status_code == 302
