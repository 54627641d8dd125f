"""Channels and messages: what is kept of them, and that each goes out once and when it should."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import pytest

from leitai.apps.ledger.models import Event
from leitai.apps.outbox import actions, queries
from leitai.apps.outbox.actions import AGAIN, ChannelDraft
from leitai.apps.outbox.models import Channel, Message
from leitai.notify import webhooks
from tests.apps.outbox_rig import SECOND, Rig
from tests.factories import BY, HOUR, NOW, Town, build, refused
from tests.fakes.receivers import SECRET, Receivers, receivers
from tests.fakes.sender import FakeSender

NIGHT = NOW.replace(hour=13)  # nine in the evening of the place
MORNING = NOW.replace(hour=23, minute=30)  # half past seven of the next day there
QUIET = {"quiet_from": time(20), "quiet_to": time(7, 30)}


@pytest.fixture
def side(settings: object) -> Iterator[Receivers]:
    settings.MESSAGE_HOSTS = ["127.0.0.1"]  # type: ignore[attr-defined]
    with receivers(NOW.timestamp()) as one:
        yield one


@pytest.fixture
def rig(town: Town, side: Receivers) -> Rig:
    return Rig(town, side, FakeSender())


# What is kept


def test_address_and_secret_are_sealed_and_in_no_event(rig: Rig) -> None:
    row = rig.channel("dingtalk")
    kept = bytes(row.address) + bytes(row.secret)
    assert b"the-token" not in kept and SECRET.encode() not in kept
    assert queries.access(row) == queries.Access(rig.side.url("dingtalk"), SECRET)
    assert queries.shown(row) == "127.0.0.1 …oken"
    said = " ".join(Event.objects.values_list("data", flat=True))
    assert "the-token" not in said and "127.0.0.1" not in said and SECRET not in said


@pytest.mark.parametrize(
    "address", ["https://10.0.0.1:notaport/", "http://robot.example/x", "li@office.example", ""]
)
def test_an_address_that_is_none_is_refused(rig: Rig, address: str) -> None:
    draft = ChannelDraft("robot", ["case.opened"], address)
    with refused("bad-address"):
        actions.add_channel(place=rig.town.place, unit=None, kind="wecom", draft=draft, by=BY, now=NOW)


@pytest.mark.parametrize(
    ("code", "kind", "change"),
    [
        ("no-name", "mail", {"name": " "}),
        ("tells-nothing", "mail", {"tells": ["case.unknown"]}),
        ("bad-address", "mail", {"address": "13800000000"}),
        ("bad-address", "sms", {"address": "a@b.example"}),
        ("short-secret", "webhook", {"secret": "short"}),
        ("short-secret", "webhook", {"secret": ""}),
        ("no-time", "mail", {"digest": "daily"}),
        ("unknown-digest", "mail", {"digest": "yearly"}),
        ("bad-quiet", "mail", {"quiet_from": time(20)}),
        ("bad-quiet", "mail", {"quiet_from": time(20), "quiet_to": time(20)}),
        ("digest-in-quiet", "mail", {"digest": "daily", "daily_at": time(6), **QUIET}),
        ("unknown-kind", "pigeon", {}),
    ],
)
def test_a_channel_that_cannot_be_is_refused(
    rig: Rig, code: str, kind: str, change: dict[str, object]
) -> None:
    addresses = {"mail": "a@b.example", "sms": "13800000000"}
    values = {"name": "n", "tells": ["case.opened"], "address": addresses.get(kind, "https://s.example/")}
    draft = ChannelDraft(**values | change)  # type: ignore[arg-type]
    with refused(code):
        actions.add_channel(place=rig.town.place, unit=None, kind=kind, draft=draft, by=BY, now=NOW)


def test_two_channels_of_one_name_are_refused_until_one_is_removed(rig: Rig) -> None:
    first = rig.channel("mail", name="us")
    with refused("name-taken"):
        rig.channel("sms", name="us")
    actions.remove_channel(channel=first, by=BY, now=NOW)
    rig.channel("sms", name="us")


def test_a_changed_channel_keeps_the_address_that_was_not_typed_again(rig: Rig) -> None:
    row = rig.channel("dingtalk")
    draft = ChannelDraft("other", ["case.closed"])
    row = actions.change_channel(channel=row, draft=draft, by=BY, now=NOW)
    assert queries.access(row) == queries.Access(rig.side.url("dingtalk"), SECRET)
    assert (row.name, row.tells) == ("other", ["case.closed"])


def test_a_removed_channel_has_no_address_and_nothing_waits_for_it(rig: Rig) -> None:
    row = rig.channel()
    rig.matter(row, n=3)
    row = actions.remove_channel(channel=row, by=BY, now=NOW)
    assert (bytes(row.address), row.messages.count(), rig.deliver(NOW)) == (b"", 0, 0)
    with refused("channel-removed"):
        actions.switch_channel(channel=row, active=True, by=BY, now=NOW)


def test_a_stopped_channel_is_not_written_to_and_goes_on_where_it_was(rig: Rig) -> None:
    row = rig.channel()
    rig.matter(row)
    actions.switch_channel(channel=row, active=False, by=BY, now=NOW)
    assert rig.deliver() == 0 and not queries.is_told(rig.town.place, "case.opened")
    actions.switch_channel(channel=row, active=True, by=BY, now=NOW)
    assert rig.deliver() == 1


# What goes out, and when


@pytest.mark.parametrize("kind", ["wecom", "dingtalk", "feishu", "webhook", "mail", "sms"])
def test_a_message_goes_out_once(rig: Rig, kind: str) -> None:
    row = rig.channel(kind)
    rig.matter(row)
    assert (rig.deliver(), rig.deliver(NOW + HOUR)) == (1, 0)
    assert len(rig.side.got) + len(rig.sender.sent) == 1
    assert rig.events("messages.sent") == ["messages.sent"]
    assert json.loads(Event.objects.get(kind="messages.sent").data)["events"] == [1]


def test_the_same_event_is_told_once_by_a_channel_however_often_it_is_put(rig: Rig) -> None:
    row = rig.channel()
    rig.matter(row)
    rig.matter(row)
    assert rig.waits(row) == 1


def test_a_robot_is_told_all_that_is_due_in_one_message(rig: Rig) -> None:
    row = rig.channel()
    rig.matter(row, n=7)
    assert rig.deliver() == 7
    (got,) = rig.side.got
    said = got.json["markdown"]["content"]
    assert "7 messages" in said and all(f"matter {n}" in said for n in range(1, 8))


def test_another_system_gets_each_event_signed_and_under_its_own_key(rig: Rig) -> None:
    row = rig.channel("webhook")
    rig.matter(row, n=3, data={"subject": "case:1", "case.kind": "question"})
    rig.deliver()
    keys = [got.headers["X-Leitai-Key"] for got in rig.side.got]
    assert keys == [f"town-{row.pk}-e{n}" for n in (1, 2, 3)]
    for got in rig.side.got:
        stamp = got.headers["X-Leitai-Timestamp"]
        assert got.headers["X-Leitai-Signature"] == webhooks.signature(SECRET, stamp, got.body)
    value = rig.side.got[0].json
    assert (value["format"], value["event"], value["kind"]) == ("leitai.message/1", 1, "case.opened")
    assert value["facts"] == {"subject": "case:1", "case.kind": "question"}


def test_a_key_is_the_same_at_every_try(rig: Rig) -> None:
    row = rig.channel("webhook")
    rig.matter(row)
    rig.side.mode = "down"
    rig.deliver()
    rig.side.mode = ""
    rig.deliver(NOW + AGAIN[0])
    assert len({got.headers["X-Leitai-Key"] for got in rig.side.got}) == 1
    assert len(rig.side.got) == 2


def test_quiet_hours_hold_back_and_end_with_one_mail_of_all(rig: Rig) -> None:
    row = rig.channel("mail", **QUIET)
    rig.matter(row, n=2, at=NIGHT)
    rig.matter(row, first=3, at=NIGHT + 6 * HOUR)
    assert rig.deliver(MORNING - SECOND) == 0
    assert rig.deliver(MORNING) == 3
    (mail,) = rig.sender.sent
    assert mail.body.splitlines() == ["matter 1", "matter 2", "matter 3"]


def test_a_red_slip_breaks_the_quiet_where_the_channel_says_so(rig: Rig) -> None:
    wakes, sleeps = rig.channel("mail", **QUIET), rig.channel("sms", urgent=False, **QUIET)
    rig.matter(wakes, sleeps, at=NIGHT, urgent=True)
    rig.matter(wakes, sleeps, first=2, at=NIGHT)
    assert rig.deliver(NIGHT) == 1
    assert rig.sender.sent[0].to == "li@office.example"
    assert (rig.waits(wakes), rig.waits(sleeps)) == (1, 2)


def test_a_digest_that_failed_goes_out_again_whole_and_under_the_same_key(rig: Rig) -> None:
    row = rig.channel("mail", digest="daily", daily_at=time(18))
    rig.matter(row, n=3)
    evening = NOW.replace(hour=10)
    rig.sender.down = True
    assert rig.deliver(evening) == 0
    rig.sender.down = False
    rig.matter(row, first=4, at=evening)
    assert rig.deliver(evening + AGAIN[0]) == 3
    assert rig.sender.sent[0].key == f"town-{row.pk}-s{evening:%Y%m%dT%H%M%S}"
    assert rig.waits(row) == 1


def test_a_long_sms_is_cut_and_says_how_many_more(rig: Rig) -> None:
    row = rig.channel("sms", digest="hourly")
    rig.matter(row, n=9)
    rig.deliver(NOW + HOUR)
    assert rig.sender.sent[0].body.splitlines()[-1] == "and 6 more"


def test_no_channel_is_written_to_faster_than_its_maker_allows(rig: Rig) -> None:
    row = rig.channel()
    went = []
    for second in range(100):
        rig.matter(row, first=second + 1, at=NOW + second * SECOND)
        if rig.deliver(NOW + second * SECOND):
            went.append(second)
    assert len(went) == len(rig.side.got) > 20
    assert all(sum(first <= one < first + 60 for one in went) <= 20 for first in went)
    assert rig.waits(row) < 10, "what had to wait went out together"


def test_a_signature_holds_in_a_place_that_lives_in_the_past(side: Receivers, db: None) -> None:
    town = build("past")
    type(town.place).objects.filter(pk=town.place.pk).update(lag=timedelta(days=400))
    town.place.refresh_from_db()
    rig = Rig(town, side, FakeSender())
    side.clock = (NOW + timedelta(days=400)).timestamp()
    rig.matter(rig.channel("feishu"))
    assert rig.deliver() == 1


def test_one_place_tells_nothing_of_another(rig: Rig, vale: Town) -> None:
    rig.channel()
    assert queries.telling(vale.place, "case.opened", [""]) == []
    assert queries.due(vale.place, NOW) == []


def test_instants_are_kept_in_utc(rig: Rig) -> None:
    row = rig.channel(digest="hourly")
    rig.matter(row)
    assert Message.objects.get().due_at == datetime(2024, 4, 10, 3, 0, tzinfo=UTC)
    assert Channel.objects.get().added_at == NOW
