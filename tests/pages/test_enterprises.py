"""Enterprises on the work pages: added with a link that is shown once, a new one made, and a sponsor's own list."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from leitai.apps.ledger.models import Event
from leitai.apps.people import queries
from leitai.apps.people.models import Enterprise

from .place import Shan

Door = Callable[[str], Any]
NEW = {
    "key": "mill",
    "name_zh": "面粉厂",
    "name_en": "The Mill",
    "unit": "South Bureau · south",
    "sponsor": "leader",
}


def text(answer: Any) -> str:
    return answer.content.decode()


def link_of(answer: Any) -> str:
    found = re.search(r'readonly value="([^"]+)"', text(answer))
    assert found
    return urlsplit(found[1]).path


@pytest.mark.parametrize("role", ["office", "administrator"])
def test_an_enterprise_is_added_and_comes_in_by_the_link_it_is_given(
    shan: Shan, at_door: Door, role: str
) -> None:
    client = at_door(role)
    answer = client.post("/shan/enterprises/new", NEW)
    assert "no-store" in answer["Cache-Control"] and answer["Referrer-Policy"] == "same-origin"
    assert "The Mill" in text(Client(headers={"accept-language": "en"}).get(link_of(answer)))
    row = queries.enterprise(shan.place, "mill")
    assert row.liaison == shan.south
    assert [one.leader.username for one in row.sponsorships.all()] == ["leader"]
    assert link_of(answer) not in text(client.get("/shan/enterprises"))
    assert "The Mill" in text(client.get("/shan/enterprises"))


def test_pressing_twice_adds_one(shan: Shan, at_door: Door) -> None:
    client = at_door("office")
    client.post("/shan/enterprises/new", NEW)
    again = client.post("/shan/enterprises/new", NEW)
    assert again.status_code == 409 and "There is already an enterprise mill." in text(again)
    assert Enterprise.objects.filter(key="mill").count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "a/b"},
        {"key": ""},
        {"name_zh": "", "name_en": ""},
        {"unit": "nowhere"},
        {"sponsor": "office"},
        {"key": "x\x00"},
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_added(shan: Shan, at_door: Door, wrong: dict[str, str]) -> None:
    answer = at_door("office").post("/shan/enterprises/new", NEW | wrong)
    assert answer.status_code == 409 and 'role="alert"' in text(answer)
    assert Enterprise.objects.count() == 1


def test_a_new_link_ends_the_old_one(shan: Shan, at_door: Door) -> None:
    old = f"/shan/ask/firm/{shan.secret}"
    assert Client().get(old).status_code == 200
    new = link_of(at_door("office").post("/shan/enterprises/firm/link"))
    assert Client().get(old).status_code == 404
    assert Client().get(new).status_code == 200
    event = Event.objects.latest("id")
    assert (event.kind, event.by, event.subject) == (
        "enterprise.link_renewed",
        "account:office",
        "enterprise:firm",
    )
    assert new.rpartition("/")[2] not in event.data


@pytest.mark.parametrize("role", ["north", "leader", "patrol", "inspector"])
def test_nobody_else_makes_links(shan: Shan, at_door: Door, role: str) -> None:
    client = at_door(role)
    for answer in (
        client.get("/shan/enterprises"),
        client.post("/shan/enterprises/new", NEW),
        client.post("/shan/enterprises/firm/link"),
    ):
        assert answer.status_code == 403
    assert Client().get(f"/shan/ask/firm/{shan.secret}").status_code == 200


def test_a_sponsor_finds_the_open_problems_of_the_own_enterprises_on_the_desk(
    shan: Shan, at_door: Door
) -> None:
    shan.question("the firm's bus line", minutes_ago=30)
    office, leader = at_door("office"), at_door("leader")
    assert "Enterprises I answer for" not in text(leader.get("/shan/desk"))
    office.post("/shan/enterprises/new", NEW)
    page = text(leader.get("/shan/desk"))
    assert "Enterprises I answer for" in page and "The Mill" in page
    case = shan.question("the mill's loan")
    type(case).objects.filter(pk=case.pk).update(enterprise=queries.enterprise(shan.place, "mill"))
    mine = (
        text(leader.get("/shan/desk")).partition("Enterprises I answer for")[2].partition("Held by others")[0]
    )
    assert "the mill&#x27;s loan" in mine and "bus line" not in mine
    row = re.search(r"Firm.*?</tr>", text(office.get("/shan/enterprises")), re.DOTALL)
    assert row and "1 late" in row[0]


def test_an_enterprise_reads_what_it_is_told_and_not_what_offices_ask_each_other(shan: Shan) -> None:
    from leitai.apps.casework import actions

    case = shan.question("A bus line")
    asked = actions.ask(
        case=case, kind="help", text="They are under inspection, go slow", to_unit=shan.south, unit=shan.north,
        by="account:north", now=shan.now,
    )  # fmt: skip
    actions.answer_request(
        request=asked, granted=True, reply="Our files say otherwise", role="unit", by="account:south", now=shan.now
    )  # fmt: skip
    for move, role, form in (
        ("answer", "unit", {"done": "The stop opens on Monday"}),
        ("return", "enterprise", {"reason": "There is no stop yet"}),
        ("answer", "unit", {"done": "The stop is there now"}),
        ("close", "office", {"evidence": "Seen at the gate"}),
    ):
        actions.move_case(case=case, move=move, role=role, form=form, by=f"account:{role}", now=shan.now)
    page = text(Client(headers={"accept-language": "en"}).get(f"/shan/ask/firm/{shan.secret}"))
    assert "Help" in page, "that help was asked for is a step of its road"
    for told in (
        "The stop opens on Monday",
        "There is no stop yet",
        "The stop is there now",
        "Seen at the gate",
    ):
        assert told in page
    assert "inspection" not in page and "Our files" not in page and "account:" not in page
