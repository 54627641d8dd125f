"""Bad rows of verdicts: tickets, tallies, call-backs, reviews, leads, and the log they are bound to."""

from __future__ import annotations

from typing import Any

from leitai.apps.ballots.models import (
    Ballot,
    CallBack,
    Invitation,
    Lead,
    Point,
    Review,
    SealedDay,
    ServiceRecord,
    Stray,
    Tally,
    Ticket,
)
from leitai.apps.ledger import log
from leitai.apps.ledger.models import Checkpoint, Tile
from tests.apps.bad import again, bad, changed
from tests.factories import BY, DAY, NOW, Town


def ballot(town: Town, **more: Any) -> Ballot:
    values = {
        "place": town.place,
        "unit": town.units["tax"],
        "grade": "satisfied",
        "bad": False,
        "cast_at": NOW,
    }
    return Ballot.objects.create(**values | more)


bad(Ballot, "ballot_once")(lambda t: [ballot(t, once="the-same") for _ in range(2)])
bad(Ballot, "ballot_source_once")(lambda t: [ballot(t, source="old", source_id="1") for _ in range(2)])
bad(Ballot, "ballot_standing_known")(lambda t: ballot(t, standing="lost"))
bad(Ballot, "ballot_set_aside_has_reason")(lambda t: ballot(t, standing="set_aside"))
bad(Ballot, "ballot_only_upheld_is_answered")(lambda t: ballot(t, answer="Mended"))
bad(Ballot, "ballot_only_bad_is_upheld")(lambda t: ballot(t, standing="upheld"))

bad(Ballot, "ballot_leaf_once")(lambda t: [ballot(t, index=7) for _ in range(2)])
bad(Ballot, "ballot_leaf_from_0")(lambda t: ballot(t, index=-1))
bad(Point, "point_kind_known")(lambda t: changed(t.points["tax-window"], kind="tent"))
bad(Point, "point_generation_fits_a_code")(lambda t: changed(t.points["tax-window"], generation=256))
bad(Point, "point_number_fits_a_code")(lambda t: changed(t.points["tax-window"], number=1 << 23))
bad(Point, "hall_in_no_hall")(
    lambda t: changed(t.points["tax-window"], kind="hall", hall=t.points["tax-window"])
)


def ticket(town: Town, **more: Any) -> Ticket:
    values = {
        "place": town.place,
        "point": town.points["tax-window"],
        "serial": 1,
        "channel": "visit",
        "ref": "A-1",
        "issued_at": NOW,
        "expires_at": NOW + DAY,
    }
    return Ticket.objects.create(**values | more)


bad(Ticket, "ticket_serial_once")(lambda t: [ticket(t, ref=ref) for ref in "12"])
bad(Ticket, "ticket_once_per_service")(lambda t: [ticket(t, serial=n) for n in (1, 2)])
bad(Ticket, "ticket_channel_known")(lambda t: ticket(t, channel="rumour"))
bad(Ticket, "ticket_serial_fits_a_token")(lambda t: ticket(t, serial=1 << 32))
bad(Ticket, "ticket_lasts")(lambda t: ticket(t, expires_at=NOW))


def stray(town: Town, **more: Any) -> Stray:
    values = {"place": town.place, "kind": "retired", "day": NOW.date(), "first_at": NOW, "last_at": NOW}
    return Stray.objects.create(**values | more)


bad(Stray, "stray_once_a_day")(lambda t: [stray(t) for _ in range(2)])
bad(Stray, "stray_of_no_place_once_a_day")(lambda t: [stray(t, place=None) for _ in range(2)])
bad(Stray, "stray_kind_known")(lambda t: stray(t, kind="lost"))
bad(Stray, "stray_was_scanned")(lambda t: stray(t, count=0))


def tally(town: Town, **more: Any) -> Tally:
    values = {
        "place": town.place,
        "unit": town.units["tax"],
        "day": NOW.date(),
        "channel": "standing",
        "grade": "satisfied",
        "bad": False,
        "standing": "counted",
        "n": 1,
    }
    return Tally.objects.create(**values | more)


bad(Tally, "tally_once")(lambda t: [tally(t) for _ in range(2)])
bad(Tally, "tally_standing_known")(lambda t: tally(t, standing="lost"))


def callback(town: Town, **more: Any) -> CallBack:
    values = {
        "ballot": town.verdict(),
        "caller": town.posts["patrol"].account,
        "seed": "00",
        "drawn_at": NOW,
    }
    return CallBack.objects.create(**values | more)


bad(CallBack, "callback_once")(lambda t: again(callback(t)))
bad(CallBack, "callback_outcome_known")(lambda t: callback(t, outcome="lost", done_at=NOW))
bad(CallBack, "callback_done_with_an_outcome")(lambda t: callback(t, outcome="upheld"))


def review(town: Town, **more: Any) -> Review:
    values = {"ballot": town.verdict(), "ask": "appeal", "opened_at": NOW, "opened_by": "account:clerk"}
    return Review.objects.create(**values | more)


GRANTED = {"granted": True, "reason": "So it was", "rule": "9", "decided_at": NOW, "decided_by": BY}
bad(Review, "review_once_a_kind")(lambda t: again(review(t)))
bad(Review, "review_kind_known")(lambda t: review(t, ask="wish"))
bad(Review, "review_decided_whole_or_not")(lambda t: review(t, decided_at=NOW))
bad(Review, "review_decided_with_reason_and_rule")(lambda t: review(t, **GRANTED | {"rule": ""}))
bad(Review, "review_by_a_second_person")(lambda t: review(t, **GRANTED, opened_by=BY))


def lead(town: Town, **more: Any) -> Lead:
    values = {
        "place": town.place,
        "unit": town.units["tax"],
        "screen": "bursts",
        "mark": "bursts/tax",
        "day": NOW.date(),
        "p": 0.01,
        "found_at": NOW,
    }
    return Lead.objects.create(**values | more)


CONFIRMED = {"state": "confirmed", "decided_at": NOW, "decided_by": BY, "reason": "So it was"}
bad(Lead, "lead_once_a_day")(lambda t: [lead(t) for _ in range(2)])
bad(Lead, "lead_state_known")(lambda t: lead(t, **CONFIRMED | {"state": "lost"}))
bad(Lead, "lead_decided_whole_or_not")(lambda t: lead(t, decided_at=NOW))
bad(Lead, "lead_decided_with_a_reason")(lambda t: lead(t, **CONFIRMED | {"reason": ""}))
bad(Lead, "lead_p_is_a_chance")(lambda t: lead(t, p=1.5))


def service(town: Town, **more: Any) -> ServiceRecord:
    values = {
        "place": town.place,
        "unit": town.units["tax"],
        "source": "queue",
        "source_id": "1",
        "served_at": NOW,
    }
    return ServiceRecord.objects.create(**values | more)


bad(ServiceRecord, "service_once")(lambda t: [service(t) for _ in range(2)])
bad(ServiceRecord, "service_contact_has_an_end")(lambda t: service(t, contact=b"sealed"))
bad(Invitation, "invitation_sent_is_not_due")(
    lambda t: Invitation.objects.create(
        place=t.place,
        record=service(t),
        ticket=ticket(t),
        key="k",
        drawn_at=NOW,
        sent_at=NOW,
        next_try_at=NOW,
    )
)
bad(SealedDay, "day_sealed_once")(
    lambda t: [
        SealedDay.objects.create(place=t.place, day=NOW.date(), first=0, rows=0, size=0, sealed_at=NOW)
        for _ in range(2)
    ]
)


def checkpoint(town: Town) -> Checkpoint | None:
    town.verdict()
    return log.publish(town.place, now=NOW)


bad(Tile, "tile_once")(lambda t: [t.verdict(), again(Tile.objects.get())])
bad(Checkpoint, "checkpoint_once")(lambda t: again(checkpoint(t)))
