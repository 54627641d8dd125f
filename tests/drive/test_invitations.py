"""The second channel: of those who were served some are drawn and invited, each once; no contact is kept for long."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from leitai.apps.ballots import actions, queries
from leitai.apps.ballots.models import Ballot, Invitation, ServiceRecord
from leitai.apps.ledger.models import Event
from leitai.drive.invitations import invite, send_due
from leitai.rules.ballots import Visit
from leitai.rules.ballots.sampling import sampled
from tests.factories import BY, DAY, HOUR, NOW, Town, build, text
from tests.fakes.sender import FakeSender

BOOK = text().replace("  minimum: 2\n", "  minimum: 2\n  invite: {share: 0.2, least: 2, rest: 30}\n")
YESTERDAY = NOW - DAY


@pytest.fixture
def asking(db: None) -> Town:
    """A place that invites a fifth, two at least, with fifty services of yesterday at one window."""
    town = build(regime=BOOK)
    upload(town, 50)
    town.drive()
    return town


@pytest.fixture(autouse=True)
def _public(settings: object) -> None:
    settings.PUBLIC_URL = "https://leitai.example"  # type: ignore[attr-defined]


def upload(town: Town, n: int, first: int = 0, at: object = YESTERDAY, same: str = "") -> int:
    unit = town.units["tax-window"].pk
    drafts = [
        actions.ServiceDraft(f"A{number}", unit, at, same or f"1380000{number:04}", number=number)  # type: ignore[arg-type]
        for number in range(first, first + n)
    ]
    return int(actions.upload_services(place=town.place, source="queue", records=drafts, by=BY, now=NOW))


def test_a_fifth_is_drawn_once_a_day_by_a_seed_anyone_can_draw_again_with(asking: Town) -> None:
    assert invite(asking.place, now=NOW) == 10
    assert invite(asking.place, now=NOW + HOUR) == 0
    event = Event.objects.get(kind="invitations.drawn")
    seed = bytes.fromhex(json.loads(event.data)["seed"])
    again = sampled([f"queue/A{n}" for n in range(50)], 10, seed)
    drawn = {f"queue/{row.record.source_id}" for row in Invitation.objects.select_related("record")}
    assert drawn == set(again)


def test_an_invitation_leads_to_one_verdict_through_its_own_channel(asking: Town) -> None:
    invite(asking.place, now=NOW)
    sender = FakeSender()
    assert send_due(asking.place, sender, now=NOW) == 10
    assert send_due(asking.place, sender, now=NOW + HOUR) == 0
    assert len({one.key for one in sender.sent}) == 10
    token = sender.sent[0].body.rpartition("/")[2]
    scan = queries.scanned(token)
    assert scan.finding is None and isinstance(queries.read(token), Visit)
    point = scan.point
    row = actions.cast(
        unit=point.unit, grade="satisfied", once="a-key-of-22-characters", point=point, serial=scan.serial,
        by="anyone", now=NOW + HOUR,
    )  # fmt: skip
    assert row.channel == "invited"
    assert "1380" not in Ballot.objects.values_list("network", "device", "source_id").get()[0]


def test_a_gateway_that_is_down_is_tried_again_and_loses_nobody(asking: Town) -> None:
    invite(asking.place, now=NOW)
    sender = FakeSender(down=True)
    assert send_due(asking.place, sender, now=NOW) == 0
    assert "1380" not in Event.objects.filter(kind="invitation.failed").values_list("data", flat=True)[0]
    sender.down = False
    assert send_due(asking.place, sender, now=NOW + timedelta(seconds=59)) == 0
    assert send_due(asking.place, sender, now=NOW + timedelta(minutes=1)) == 10


def test_after_five_tries_it_is_given_up_and_said(asking: Town) -> None:
    invite(asking.place, now=NOW)
    sender = FakeSender(down=True)
    for tries in range(9):
        send_due(asking.place, sender, now=NOW + tries * DAY)
    assert set(Invitation.objects.values_list("tries", "next_try_at")) == {(5, None)}
    assert Invitation.objects.exclude(fault="").count() == 10


def test_nobody_is_written_to_at_night_nor_drawn_before_nine(asking: Town) -> None:
    night = NOW.replace(hour=20)  # four in the morning
    assert invite(asking.place, now=night) == 0
    invite(asking.place, now=NOW)
    assert send_due(asking.place, FakeSender(), now=NOW.replace(hour=13)) == 0


def test_one_person_is_asked_once_in_the_days_of_rest(asking: Town) -> None:
    invite(asking.place, now=NOW)
    asked = set(Invitation.objects.values_list("record__contact_digest", flat=True))
    upload(asking, 50, first=100, at=NOW, same="13800000000")
    asking.drive()
    assert invite(asking.place, now=NOW + DAY) <= 1
    everyone = list(Invitation.objects.values_list("record__contact_digest", flat=True))
    assert len(everyone) == len(set(everyone))
    assert asked <= set(everyone)


def test_contacts_are_sealed_and_deleted_and_the_count_stays(asking: Town) -> None:
    kept = b"".join(bytes(row) for row in ServiceRecord.objects.values_list("contact", flat=True))
    assert b"1380000" not in kept
    assert upload(asking, 50) == 0, "the same records again"
    actions.purge_contacts(place=asking.place, by=BY, now=NOW + 31 * DAY)
    assert ServiceRecord.objects.filter(contact__isnull=True).count() == 50


def test_a_rule_book_that_invites_nobody_draws_nobody(town: Town) -> None:
    upload(town, 50)
    town.drive()
    assert invite(town.place, now=NOW) == 0
    assert not Invitation.objects.exists()
