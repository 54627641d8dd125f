"""The pages of channels: who manages which, what is shown of an address, and what a failing one looks like."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from leitai.apps.ledger.models import Event
from leitai.apps.outbox import actions
from leitai.apps.outbox.actions import LIMIT, ChannelDraft
from leitai.apps.outbox.models import Channel
from leitai.apps.outbox.rows import Matter, put
from leitai.notify import NotSent
from tests.pages.place import BY, Shan, found

ROBOT = "https://robot.example/send?key=the-secret-key"
FORM = {"name": "our group", "kind": "wecom", "address": ROBOT, "tells": ["clock.warned"], "digest": ""}


@pytest.fixture
def shan(db: None) -> Shan:
    return found()


@pytest.fixture
def at_door(shan: Shan) -> Callable[[str], Client]:
    def client(name: str) -> Client:
        one = Client(headers={"accept-language": "en"})
        assert one.login(username=name, password="pass the long way")
        return one

    return client


Door = Callable[[str], Client]


def channel(shan: Shan, unit: Any = None, name: str = "group of all") -> Channel:
    draft = ChannelDraft(name, ["case.opened"], ROBOT)
    row: Channel = actions.add_channel(
        place=shan.place, unit=unit, kind="wecom", draft=draft, by=BY, now=shan.now
    )
    return row


@pytest.mark.parametrize("role", ["office", "administrator"])
def test_the_office_adds_a_channel_of_the_whole_place(shan: Shan, at_door: Door, role: str) -> None:
    client = at_door(role)
    assert client.get("/shan/channels/add").status_code == 200
    answer = client.post("/shan/channels/add", FORM, follow=True)
    row = Channel.objects.get()
    assert answer.redirect_chain == [(f"/shan/channels/{row.pk}", 302)]
    assert (row.unit, row.name, row.urgent) == (None, "our group", False)
    said = answer.content.decode() + client.get("/shan/channels").content.decode()
    assert "the-secret-key" not in said and "robot.example …-key" in said
    assert Event.objects.filter(kind="channel.added", by=f"account:{role}").count() == 1


@pytest.mark.parametrize("role", ["patrol", "leader", "inspector"])
def test_nobody_else_manages_channels(shan: Shan, at_door: Door, role: str) -> None:
    row = channel(shan)
    for url in ("/shan/channels", "/shan/channels/add", f"/shan/channels/{row.pk}"):
        assert at_door(role).get(url).status_code == 403


def test_a_clerk_manages_those_of_the_own_unit_and_sees_no_other(shan: Shan, at_door: Door) -> None:
    client = at_door("north")
    assert client.post("/shan/channels/add", FORM | {"unit": "north"}).status_code == 302
    for unit in ("south", ""):
        assert client.post("/shan/channels/add", FORM | {"unit": unit, "name": "x"}).status_code == 409
    others = [channel(shan), channel(shan, shan.south, "group of the south")]
    page = client.get("/shan/channels").content.decode()
    assert "our group" in page and "group of" not in page
    before = Event.objects.count()
    for row in others:
        for path in ("", "/change"):
            assert client.get(f"/shan/channels/{row.pk}{path}").status_code == 404
        assert client.post(f"/shan/channels/{row.pk}/change", FORM).status_code == 404
        for deed in ("try", "retry", "stop", "go-on", "remove"):
            assert client.post(f"/shan/channels/{row.pk}/do", {"do": deed}).status_code == 404
    assert Event.objects.count() == before


def test_the_secret_of_a_webhook_is_shown_once(shan: Shan, at_door: Door) -> None:
    from leitai.apps.outbox import queries

    client = at_door("office")
    form = FORM | {
        "kind": "webhook",
        "address": "https://system.example/in",
        "quiet_from": "20:00",
        "quiet_to": "07:30",
    }
    page = client.post("/shan/channels/add", form)
    secret = queries.access(Channel.objects.get()).secret
    assert len(secret) > 40 and secret in page.content.decode()
    assert page["Cache-Control"].startswith("max-age=0")
    row = Channel.objects.get()
    for path in ("", "/change"):
        assert secret not in client.get(f"/shan/channels/{row.pk}{path}").content.decode()


def test_what_is_wrong_with_a_form_is_said_and_what_was_typed_stays(shan: Shan, at_door: Door) -> None:
    page = at_door("office").post(
        "/shan/channels/add", FORM | {"address": "http://10.0.0.1/", "name": "typed"}
    )
    assert page.status_code == 409
    assert "must begin with https://" in page.content.decode() and 'value="typed"' in page.content.decode()
    page = at_door("office").post("/shan/channels/add", FORM | {"quiet_from": "25:00"})
    assert page.status_code == 409


def test_a_channel_is_changed_without_typing_its_address_again(shan: Shan, at_door: Door) -> None:
    from leitai.apps.outbox import queries

    row, client = channel(shan), at_door("office")
    page = client.get(f"/shan/channels/{row.pk}/change").content.decode()
    assert "the-secret-key" not in page and 'value="group of all"' in page
    form = {
        "name": "renamed",
        "tells": ["case.closed"],
        "digest": "daily",
        "daily_at": "18:00",
        "urgent": "1",
    }
    assert client.post(f"/shan/channels/{row.pk}/change", form).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.digest, queries.access(row).address) == ("renamed", "daily", ROBOT)


def test_a_failing_channel_is_shown_first_with_its_fault_and_what_waits(shan: Shan, at_door: Door) -> None:
    from datetime import timedelta

    channel(shan, name="a good one")
    row = channel(shan, name="the dead one")
    put([row], Matter(7, "case.opened", shan.now, "t", "matter seven"), shan.place.zone, shan.now)
    fault = NotSent("the robot refused the message", "93000 invalid webhook url")
    for n in range(LIMIT):
        at = shan.now - timedelta(hours=LIMIT - n)
        actions.note_delivery(channel=row, messages=list(row.messages.all()), fault=fault, by="drive", now=at)
    client = at_door("office")
    page = client.get("/shan/channels").content.decode()
    assert page.index("the dead one") < page.index("a good one")
    assert "1 channel does not get through" in page and "93000 invalid webhook url" in page
    page = client.get(f"/shan/channels/{row.pk}").content.decode()
    assert "matter seven" in page and "Try everything anew" in page
    assert (
        "1 message is tried anew"
        in client.post(f"/shan/channels/{row.pk}/do", {"do": "retry"}, follow=True).content.decode()
    )


def test_each_button_does_what_it_says(shan: Shan, at_door: Door) -> None:
    row, client = channel(shan), at_door("office")

    def do(deed: str) -> str:
        return client.post(f"/shan/channels/{row.pk}/do", {"do": deed}, follow=True).content.decode()

    assert "trial goes out" in do("try")
    assert "waits to go out already" in do("try")
    assert "is stopped" in do("stop")
    assert "let it go on first" in do("try")
    assert "goes on" in do("go-on")
    assert "was removed" in do("remove")
    assert client.get(f"/shan/channels/{row.pk}").status_code == 404
    assert client.post(f"/shan/channels/{row.pk}/do", {"do": "fly"}).status_code == 404


def test_a_channel_of_another_place_is_not_there(shan: Shan, at_door: Door) -> None:
    from leitai.apps.people import actions as people

    other = people.add_place(
        key="hai", name_zh="海", name_en="Sea", timezone="Asia/Shanghai", by=BY, now=shan.now
    )
    draft = ChannelDraft("theirs", ["case.opened"], ROBOT)
    row = actions.add_channel(place=other, unit=None, kind="wecom", draft=draft, by=BY, now=shan.now)
    assert at_door("office").get(f"/shan/channels/{row.pk}").status_code == 404
    assert at_door("office").get(f"/hai/channels/{row.pk}").status_code == 403
