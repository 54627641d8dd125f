"""The second channel: service records come in, some are drawn and invited, and what became of each message."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from leitai.apps.ledger.actions import UNCHANGED, action, nothing_new, record
from leitai.apps.regimes import queries as regimes
from leitai.rules.ballots.sampling import sample_size, sampled
from leitai.rules.kernel import Finding
from leitai.rules.ledger import canonical, digest

from ..keys import contact_digest, seal
from ..models import Channel, Invitation, Point, ServiceRecord
from .tickets import TicketAsk, issue_tickets

KEEP_CONTACT, KEEP_DIGEST = timedelta(days=30), timedelta(days=366)
AGAIN = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))


@dataclass(frozen=True, slots=True)
class ServiceDraft:
    """A service that was given, as another system has it. `contact`: a telephone or mail address, or empty.

    `number`: as the ticket machine counts, where it does; `point`: the point's number; `served_at`: UTC.
    """

    source_id: str
    unit_id: int
    served_at: datetime
    contact: str = ""
    point: int | None = None
    number: int | None = None


@action("services.uploaded")
def upload_services(
    *, place: Any, source: str, records: Sequence[ServiceDraft], by: str, now: datetime
) -> int:
    """Take service records in; those already here by source id are left alone. Returns how many were new."""
    known = set(
        ServiceRecord.objects.filter(
            place=place, source=source, source_id__in=[one.source_id for one in records]
        ).values_list("source_id", flat=True)
    )
    fresh = list({one.source_id: one for one in records if one.source_id not in known}.values())
    if not fresh:
        nothing_new()
        return 0
    points = dict(Point.objects.filter(place=place).values_list("number", "pk"))
    ServiceRecord.objects.bulk_create(
        [
            ServiceRecord(
                place=place,
                unit_id=one.unit_id,
                point_id=points.get(one.point) if one.point is not None else None,
                source=source,
                source_id=one.source_id,
                number=one.number,
                served_at=one.served_at,
                contact=seal(one.contact) if one.contact else None,
                contact_digest=contact_digest(one.contact) if one.contact else "",
                keep_until=(now + KEEP_CONTACT).date() if one.contact else None,
            )
            for one in fresh
        ],
        batch_size=500,
    )
    told = canonical([[one.source_id, one.unit_id, one.served_at, one.number] for one in fresh])
    record(
        place=place,
        kind="services.uploaded",
        by=by,
        now=now,
        subject=f"source:{source}",
        data={
            "count": len(fresh),
            "first": fresh[0].source_id,
            "last": fresh[-1].source_id,
            "digest": digest(told),
        },
    )
    return len(fresh)


@action("invitations.drawn")
def draw_invitations(
    *, place: Any, first: datetime, end: datetime, seed: bytes, by: str, now: datetime
) -> list[Invitation]:
    """Draw, unit by unit, from the services of [first, end) that bring a contact, and give each a ticket.

    How many is the rule-book's word; without one nobody is drawn. Who was invited within its days of rest is left out
    before the draw. `seed` is made after the records were in; it and all who could be drawn are in the event's digest.
    """
    spec = regimes.regime_on(place, now.astimezone(place.zone).date()).ballots.invite
    if spec is None:
        return UNCHANGED
    drawn = [
        row
        for rows in _by_unit(place, first, end, now - timedelta(days=spec.rest)).values()
        for row in _drawn(rows, sample_size(len(rows), spec.share, spec.least), seed)
    ]
    tickets = issue_tickets(
        place=place,
        asks=[TicketAsk(number, Channel.INVITED, f"{row.source}/{row.source_id}") for row, number in drawn],
        by=by,
        now=now,
    )
    rows = [
        Invitation(
            place=place,
            record=row,
            ticket=ticket,
            draw=seed.hex(),
            key=digest(f"{place.key}/{row.source}/{row.source_id}".encode()),
            drawn_at=now,
            next_try_at=now,
        )
        for (row, _), ticket in zip(drawn, tickets, strict=True)
        if not isinstance(ticket, Finding)
    ]
    if not rows:
        return UNCHANGED
    Invitation.objects.bulk_create(rows, batch_size=500)
    record(
        place=place,
        kind="invitations.drawn",
        by=by,
        now=now,
        subject=f"place:{place.key}",
        data={"count": len(rows), "seed": seed.hex(), "first": first, "end": end},
    )
    return rows


def _by_unit(
    place: Any, first: datetime, end: datetime, rested: datetime
) -> dict[int, dict[str, tuple[ServiceRecord, int]]]:
    """Who could be drawn, by unit and then by an own key: records with a contact and a point, once for each person."""
    tired = set(
        Invitation.objects.filter(place=place, drawn_at__gte=rested).values_list(
            "record__contact_digest", flat=True
        )
    )
    points = Point.objects.filter(place=place, retired_at__isnull=True).order_by("-number")
    of_unit = dict(points.values_list("unit", "number"))  # the first of each unit's
    rows = ServiceRecord.objects.filter(
        place=place,
        served_at__gte=first,
        served_at__lt=end,
        contact__isnull=False,
        invitation__isnull=True,
    ).select_related("point")
    found: dict[int, dict[str, tuple[ServiceRecord, int]]] = defaultdict(dict)
    asked: set[str] = set()
    for row in rows.order_by("served_at", "pk"):
        in_use = row.point is not None and row.point.retired_at is None
        number = row.point.number if in_use else of_unit.get(row.unit_id)
        if number is None or row.contact_digest in tired or row.contact_digest in asked:
            continue
        asked.add(row.contact_digest)
        found[row.unit_id][f"{row.source}/{row.source_id}"] = (row, number)
    return found


def _drawn(
    rows: dict[str, tuple[ServiceRecord, int]], size: int, seed: bytes
) -> list[tuple[ServiceRecord, int]]:
    return [rows[key] for key in sampled(rows, size, seed)]


@action("invitation.sent", "invitation.failed")
def note_sent(*, invitation: Invitation, fault: str = "", by: str, now: datetime) -> Invitation:
    """A message went out, or did not: then it is tried again a while later, four times, and after that given up."""
    row = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if row.sent_at is not None:
        return UNCHANGED
    row.tries += 1
    row.fault = fault[:200]
    if not fault:
        row.sent_at, row.next_try_at = now, None
    else:
        row.next_try_at = now + AGAIN[row.tries - 1] if row.tries <= len(AGAIN) else None
    row.save()
    record(
        place=invitation.place,
        kind="invitation.failed" if fault else "invitation.sent",
        by=by,
        now=now,
        subject=f"invitation:{row.pk}",
        data={"tries": row.tries} | ({"fault": row.fault} if fault else {}),
    )
    return row


@action("contacts.purged")
def purge_contacts(*, place: Any, by: str, now: datetime) -> int:
    """Delete the contacts whose purpose has ended; the records stay, for what they say of how many were served.

    Their digests stay for a year, so that nobody is asked again too soon.
    """
    old = ServiceRecord.objects.filter(place=place, served_at__lt=now - KEEP_DIGEST).exclude(
        contact_digest=""
    )
    old.update(contact_digest="")
    rows = ServiceRecord.objects.filter(place=place, keep_until__lt=now.date(), contact__isnull=False)
    count = rows.update(contact=None)
    if not count:
        return UNCHANGED
    record(
        place=place,
        kind="contacts.purged",
        by=by,
        now=now,
        subject=f"place:{place.key}",
        data={"count": count},
    )
    return count
