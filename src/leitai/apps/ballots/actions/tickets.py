"""Issuing tickets: the right to one verdict, of one visit (一次一评), one matter (一事一评) or one drawn record.

A queue machine asks again where the network swallowed the answer, so the reference of the service is what a ticket
is known by: the same one again is the same ticket. Serials of a point have no gaps: a ticket that is missing shows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from leitai.apps.ledger.actions import Draft, action, nothing_new, record_many
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import N_, Finding

from ..models import Channel, Point, Ticket

LONGEST_REF = 120


@dataclass(frozen=True, slots=True)
class TicketAsk:
    """A ticket that is asked for: at the point of this number, of a `Channel`, under the service's own reference.

    `expires_at` None: as late as the rule-book allows.
    """

    point: int
    channel: str
    ref: str
    expires_at: datetime | None = None


@action("tickets.issued")
def issue_tickets(*, place: Any, asks: Sequence[TicketAsk], by: str, now: datetime) -> list[Ticket | Finding]:
    """Issue tickets of one place together; for each ask, in order, its ticket with its point, or why there is none.

    One whose channel and reference have a ticket already gets that one, whatever else it says; a ticket was issued by
    this call where its `issued_at` is `now`. Leaves an event for each point.
    Findings: `channel-unknown`, `ref-malformed`, `point-unknown`, `point-retired`, `ticket-past`, `ticket-too-long`.
    Raises Refused `raced` where somebody issued one of them in the same moment, and NoRegime.
    """
    last = now + timedelta(days=regimes.regime_on(place, now.astimezone(place.zone).date()).ballots.ticket)
    numbers = {ask.point for ask in asks}
    # Locked in one order, so that two batches never wait for each other; verdicts at the points do not wait.
    rows = Point.objects.select_for_update(no_key=True).filter(place=place, number__in=numbers).order_by("pk")
    points = {row.number: row for row in rows}
    known = _known(place, asks)
    fresh: list[Ticket] = []
    answers: list[Ticket | Finding] = []
    for ask in asks:
        found = known.get((ask.channel, ask.ref)) or _wrong(ask, points, now, last)
        if found is None:
            point = points[ask.point]
            point.serials += 1
            found = Ticket(
                place=place,
                point=point,
                serial=point.serials,
                channel=ask.channel,
                ref=ask.ref,
                issued_at=now,
                expires_at=ask.expires_at or last,
            )
            known[ask.channel, ask.ref] = found
            fresh.append(found)
        answers.append(found)
    if not fresh:
        nothing_new()
        return answers
    # In one order too: two batches with the same references wait for each other once, and never both ways.
    Ticket.objects.bulk_create(sorted(fresh, key=lambda one: (one.channel, one.ref)), batch_size=500)
    Point.objects.bulk_update({one.point for one in fresh}, ["serials"], batch_size=500)
    record_many(_told(place, fresh, by, now))
    return answers


def _known(place: Any, asks: Sequence[TicketAsk]) -> dict[tuple[str, str], Ticket]:
    """The tickets there are already, by channel and reference."""
    rows = Ticket.objects.filter(
        place=place, channel__in={ask.channel for ask in asks}, ref__in={ask.ref for ask in asks}
    )
    return {(row.channel, row.ref): row for row in rows.select_related("point")}


def _wrong(ask: TicketAsk, points: dict[int, Point], now: datetime, last: datetime) -> Finding | None:
    """Why a ticket cannot be issued, if it cannot."""
    point = points.get(ask.point)
    if ask.channel not in Channel.values:
        message = N_("There is no channel %(channel)s; there are %(known)s.")
        return Finding(
            "channel-unknown", message, values={"channel": ask.channel, "known": ", ".join(Channel.values)}
        )
    if not 1 <= len(ask.ref) <= LONGEST_REF or ask.ref != ask.ref.strip() or not ask.ref.isprintable():
        message = N_("A service reference has 1 to %(most)s letters, and no space around them.")
        return Finding("ref-malformed", message, values={"most": str(LONGEST_REF)})
    if point is None:
        return Finding("point-unknown", N_("There is no point %(point)s here."), values={"point": ask.point})
    if point.retired_at is not None:
        message = N_("Point %(point)s was taken down: no verdict is given there any more.")
        return Finding("point-retired", message, values={"point": ask.point})
    if ask.expires_at is not None and ask.expires_at <= now:
        return Finding("ticket-past", N_("A ticket expires after it is issued, not before."))
    if ask.expires_at is not None and ask.expires_at > last:
        message = N_("The rule-book lets a ticket be used for %(days)s days and no longer.")
        return Finding("ticket-too-long", message, values={"days": str((last - now).days)})
    return None


def _told(place: Any, fresh: Sequence[Ticket], by: str, now: datetime) -> Iterator[Draft]:
    """An event for each point, with how many tickets of which channel, and the first and last serial."""
    mine: dict[int, list[Ticket]] = defaultdict(list)
    for one in fresh:
        mine[one.point.number].append(one)
    for number, tickets in mine.items():
        data: dict[str, Any] = {"first": tickets[0].serial, "last": tickets[-1].serial, "count": len(tickets)}
        data |= Counter(one.channel for one in tickets)
        yield Draft(place.pk, "tickets.issued", now, now, by, f"point:{number}", data)
