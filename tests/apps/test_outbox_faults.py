"""Ends that are dead, slow or picky, and workers that share or die: nothing is lost, doubled or held up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time, timedelta

import pytest

from leitai.apps.outbox import actions, queries, rows
from leitai.apps.outbox.actions import AGAIN, LIMIT
from leitai.apps.outbox.models import Message
from leitai.drive.courier import Courier
from leitai.notify import Message as Letter
from leitai.notify import NotSent
from tests.apps.outbox_rig import HERE, SECOND, Rig
from tests.factories import BY, DAY, HOUR, MINUTE, NOW, Town, at_once, build, refused
from tests.fakes.receivers import Receivers, receivers
from tests.fakes.sender import FakeSender

NIGHT = NOW.replace(hour=13)  # nine in the evening of the place
QUIET = {"quiet_from": time(20), "quiet_to": time(7, 30)}


@pytest.fixture
def side(settings: object) -> Iterator[Receivers]:
    settings.MESSAGE_HOSTS = ["127.0.0.1"]  # type: ignore[attr-defined]
    with receivers(NOW.timestamp()) as one:
        yield one


@pytest.fixture
def rig(town: Town, side: Receivers) -> Rig:
    return Rig(town, side, FakeSender())


@pytest.mark.parametrize("mode", ["down", "refuse", "redirect", "silly"])
def test_a_dead_end_loses_nothing(rig: Rig, mode: str) -> None:
    row = rig.channel()
    rig.side.mode = mode
    at = NOW
    for n in range(20):
        rig.matter(row, first=n + 1, at=at)
        assert rig.deliver(at) == 0
        at += 2 * HOUR
    assert rig.waits(row) == 20
    rig.side.mode, rig.side.got[:] = "", []
    for _ in range(40):
        at += MINUTE
        rig.deliver(at)
    assert (rig.waits(row), row.messages.filter(sent_at__isnull=False).count()) == (0, 20)
    said = "".join(got.json["markdown"]["content"] for got in rig.side.got)
    assert all(said.count(f"matter {n}\n") + said.endswith(f"matter {n}") <= 2 for n in range(1, 21))
    assert all(f"matter {n}" in said for n in range(1, 21))


def test_a_channel_that_fails_rests_longer_and_longer_and_then_people_are_told(rig: Rig) -> None:
    row = rig.channel()
    rig.matter(row)
    rig.side.mode = "refuse"
    rig.deliver()
    at = NOW
    for n, pause in enumerate([*AGAIN, AGAIN[-1], AGAIN[-1]], start=1):
        rig.deliver(at + pause - SECOND)
        assert len(rig.side.got) == n
        at += pause
        rig.deliver(at)
        assert len(rig.side.got) == n + 1
    row.refresh_from_db()
    assert row.failing_since == NOW + sum(AGAIN[: LIMIT - 1], timedelta())
    assert (row.fault, row.detail.split()[0]) == ("the robot refused the message", "93000")
    assert queries.failing(rig.town.place) == [row]
    assert rig.events("channel.failing", "channel.recovered") == ["channel.failing"]
    rig.side.mode = ""
    rig.deliver(at + HOUR)
    row.refresh_from_db()
    assert (row.failing_since, row.fault, row.fails) == (None, "", 0)
    assert rig.events("channel.failing", "channel.recovered") == ["channel.failing", "channel.recovered"]


class Picky(FakeSender):
    """A gateway that refuses one message, whatever else it takes."""

    def send(self, message: Letter) -> None:
        """Raises NotSent for the one."""
        if "poison" in message.body:
            raise NotSent("the gateway did not take it")
        super().send(message)


def test_a_message_that_alone_is_refused_is_laid_aside_and_holds_up_no_other(rig: Rig) -> None:
    row = rig.channel("mail")
    rig.sender = Picky()
    rig.matter(row, text="poison")
    poison, at = row.messages.get(), NOW
    for hour in range(LIMIT + 1):
        at = NOW + hour * HOUR
        rig.matter(row, first=10 + hour, at=at)
        rig.deliver(at)
        rig.deliver(at + MINUTE)
        assert len(rig.sender.sent) == hour + 1, "others get through"
    poison.refresh_from_db()
    assert (poison.tries, poison.laid_at is not None, rig.waits(row)) == (LIMIT, True, 0)
    assert queries.laid_aside(row, 5) == [poison]
    assert rig.events("message.laid_aside", "channel.failing") == ["message.laid_aside"]
    rig.sender = FakeSender()
    assert actions.retry_channel(channel=row, by=BY, now=at + HOUR) == 1
    assert rig.deliver(at + HOUR) == 1


def test_where_nothing_gets_through_nothing_is_laid_aside(rig: Rig) -> None:
    row = rig.channel("mail")
    rig.matter(row)
    rig.deliver()
    rig.sender.down = True
    rig.matter(row, first=2, at=NOW + MINUTE)
    for hour in range(30):
        rig.deliver(NOW + MINUTE + 2 * hour * HOUR)
    assert row.messages.get(seq=2).tries == 30
    assert rig.waits(row) == 1


def test_a_channel_without_a_gateway_says_so(rig: Rig) -> None:
    row = rig.channel("mail")
    rig.matter(row)
    rig.sender = None  # type: ignore[assignment]
    assert rig.deliver() == 0
    row.refresh_from_db()
    assert "LEITAI_NOTIFY" in row.fault


def test_an_address_sealed_with_another_key_rests_like_any_failure(rig: Rig, settings: object) -> None:
    row = rig.channel()
    rig.matter(row)
    settings.DATA_KEY = "another"  # type: ignore[attr-defined]
    assert rig.deliver() == 0
    row.refresh_from_db()
    assert (row.fails, row.detail, queries.shown(row)) == (1, "InvalidToken", "?")


def test_one_who_looks_inside_by_a_channel_finds_nothing(rig: Rig, settings: object) -> None:
    row = rig.channel("webhook")
    rig.matter(row)
    from leitai.drive import courier
    from leitai.notify.http import Reach

    assert courier.deliver(rig.town.place, rig.sender, reach=Reach(), now=NOW) == 0
    row.refresh_from_db()
    assert rig.side.got == [] and ("https" in row.fault or "private network" in row.fault)


def test_a_trial_goes_out_in_the_quiet_hours_too_and_only_one_at_a_time(rig: Rig) -> None:
    row = rig.channel(**QUIET)
    actions.try_channel(channel=row, title="trial", text="try", by=BY, now=NIGHT)
    with refused("trial-waits"):
        actions.try_channel(channel=row, title="trial", text="try", by=BY, now=NIGHT)
    assert rig.deliver(NIGHT) == 1
    assert "try" in rig.side.got[0].body.decode()


def test_what_was_sent_long_ago_is_deleted_and_what_waits_is_not(rig: Rig) -> None:
    gone, waits = rig.channel("mail"), rig.channel("sms")
    rig.matter(gone)
    rig.deliver()
    rig.sender.down = True
    rig.matter(waits)
    assert not actions.purge_messages(place=rig.town.place, by=BY, now=NOW + 29 * DAY)
    assert actions.purge_messages(place=rig.town.place, by=BY, now=NOW + 31 * DAY) == 1
    assert list(Message.objects.values_list("channel__name", flat=True)) == ["sms"]


# Several workers, several channels


def test_a_worker_that_died_with_a_channel_in_hand_holds_it_for_two_minutes(rig: Rig) -> None:
    row = rig.channel("webhook")
    rig.matter(row)
    assert rows.claim(row.pk, "the dead one", NOW) is not None
    assert rig.deliver(NOW + rows.LEASE - SECOND) == 0
    assert rig.deliver(NOW + rows.LEASE) == 1
    rows.release(row.pk, "the dead one")


def test_a_worker_whose_lease_ended_does_not_let_go_of_anothers(rig: Rig) -> None:
    row = rig.channel()
    later = NOW + rows.LEASE
    assert rows.claim(row.pk, "slow", NOW) and rows.claim(row.pk, "next", later)
    rows.release(row.pk, "slow")
    assert rows.claim(row.pk, "third", later) is None


def test_a_channel_that_is_removed_while_it_is_written_to_ends_quietly(rig: Rig) -> None:
    class Removing(FakeSender):
        """A gateway that takes so long that somebody removes the channel in the meantime."""

        def send(self, message: Letter) -> None:
            """Take it."""
            actions.remove_channel(channel=row, by=BY, now=NOW)
            super().send(message)

    row = rig.channel("mail")
    rig.matter(row)
    rig.sender = Removing()
    assert rig.deliver() == 1
    assert rig.events("channel.removed", "messages.sent") == ["channel.removed", "messages.sent"]
    assert rig.deliver(NOW + HOUR) == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_no_message_twice(side: Receivers) -> None:
    rig = Rig(build("town"), side, FakeSender())
    channels = [rig.channel("webhook", name=f"w{n}") for n in range(4)]
    rig.matter(*channels, n=10)
    sent = at_once(*[rig.deliver] * 4)
    keys = [got.headers["X-Leitai-Key"] for got in side.got]
    assert sum(sent) == len(keys) == len(set(keys)) == 40


@pytest.mark.django_db(transaction=True)
def test_a_dead_end_keeps_no_other_waiting(side: Receivers) -> None:
    rig = Rig(build("town"), side, FakeSender())
    dead, good = [rig.channel("webhook", name=f"dead{n}") for n in range(3)], rig.channel("wecom")
    rig.matter(*dead, good)
    side.mode = "hang-system"
    courier = Courier(rig.sender, HERE)
    begun = courier.send(rig.town.place, now=NOW)
    assert len(begun) == 4
    assert begun[-1].result(10) == 1, "the robot was told"
    assert not any(one.done() for one in begun[:-1])
    assert courier.send(rig.town.place, now=NOW) == [], "what is under way is not begun again"
    side.let_go.set()
    assert [one.result(20) for one in begun[:-1]] == [1, 1, 1]
    courier.close()
