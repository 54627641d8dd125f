# ruff: noqa: ARG001  an operation's arguments declare what it takes, used or not
"""Tickets for queue machines and case systems: one visit one verdict (一次一评), one matter one verdict (一事一评)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from ninja import Path, Query, Router, Status
from pydantic import BaseModel, Field

from leitai.apps.ballots import queries
from leitai.apps.ballots.actions import TicketAsk, issue_tickets
from leitai.apps.ballots.models import Ticket
from leitai.apps.ballots.queries import Spot
from leitai.apps.ledger.errors import Refused
from leitai.rules.ballots import Code, Visit
from leitai.rules.kernel import N_, Finding

from .door import Caller, Key, caller
from .faults import KEYED, POSTED, Problem, faults
from .shapes import MOST, PLACE, Channel, In, Instant, PlaceKey, PointRef, Ref, Rejected, read_lines

router = Router(tags=["tickets"])
SCOPE = Key("tickets:issue")
RefPath = Annotated[Ref, Path(..., description="the reference it was issued under; it may have slashes")]
ChannelQuery = Annotated[Channel, Query("visit", description="the channel it was issued for")]
DIGITS = 7  # a text of so few of them is a point's number; a code is longer


class TicketIn(In):
    """A ticket that is asked for."""

    point: PointRef = Field(
        description="where the service is given: the point's number or its code", examples=[7]
    )
    channel: Channel = Field(description="visit: one visit one verdict; matter: one matter one verdict")
    ref: Ref
    expires_at: Instant | None = Field(
        None, description="with its offset; without it, and at the latest, as the rule-book says"
    )


class TicketOut(BaseModel):
    """A ticket: its token, and the address to be printed as a QR code or sent."""

    ref: str
    channel: str
    point: int = Field(description="number of the point")
    token: str = Field(description="to be printed or sent", examples=["0C000E00000002KAF6Y0"])
    url: str = Field(description="where the verdict is given; what its QR code says")
    issued_at: datetime
    expires_at: datetime
    used: bool = Field(description="whether a verdict was given with it; never which")


class TicketLine(TicketOut):
    """A ticket of a batch."""

    index: int = Field(description="number of the line in what was sent, from 0")
    new: bool = Field(description="false: it was issued before")


class TicketsIn(In):
    """Tickets that are asked for together. Each line is judged by itself."""

    tickets: list[TicketIn | Any] = Field(min_length=1, max_length=MOST)


class TicketsOut(BaseModel):
    """What became of each line: one of the two lists has it."""

    issued: int = Field(description="new tickets")
    known: int = Field(description="tickets that were there already")
    tickets: list[TicketLine]
    rejected: list[Rejected]


@router.post(
    f"{PLACE}/tickets",
    auth=SCOPE,
    response={200: TicketOut, 201: TicketOut, **faults(POSTED)},
    summary="Issue one ticket",
)
def issue_ticket(request: HttpRequest, place: PlaceKey, body: TicketIn) -> Status[TicketOut]:
    """The right to one verdict. The same channel and reference again give the same ticket, with 200 instead of 201:
    ask again where no answer came.
    """
    comer = caller(request)
    (found,) = _issue(comer, [body])
    if isinstance(found, Finding):
        raise Problem(422, found.code, found.message, **found.values)
    return Status(201 if found.issued_at == comer.now else 200, TicketOut(**_told(request, found)))


@router.post(
    f"{PLACE}/tickets/bulk",
    auth=SCOPE,
    response={200: TicketsOut, **faults(POSTED)},
    summary="Issue up to 1,000 tickets",
)
def issue_many_tickets(request: HttpRequest, place: PlaceKey, body: TicketsIn) -> TicketsOut:
    """What can be issued is issued; each line that cannot is answered with its number and the reason."""
    comer = caller(request)
    good, rejected = read_lines(body.tickets, TicketIn)
    tickets: list[TicketLine] = []
    seen: set[int] = set()
    for (index, _), found in zip(good, _issue(comer, [line for _, line in good]), strict=True):
        if isinstance(found, Finding):
            rejected.append(Rejected.of(index, found))
        else:
            new = found.issued_at == comer.now and found.pk not in seen
            seen.add(found.pk)
            tickets.append(TicketLine(index=index, new=new, **_told(request, found)))
    issued = sum(one.new for one in tickets)
    rejected.sort(key=lambda one: one.index)
    return TicketsOut(issued=issued, known=len(tickets) - issued, tickets=tickets, rejected=rejected)


@router.get(
    f"{PLACE}/tickets/{{path:ref}}",
    auth=SCOPE,
    response={200: TicketOut, **faults(KEYED)},
    summary="Whether a ticket was used",
)
def ticket(request: HttpRequest, place: PlaceKey, ref: RefPath, channel: ChannelQuery) -> TicketOut:
    """A ticket by the reference it was issued under; it says whether a verdict was given, never what it said."""
    comer = caller(request)
    found = queries.ticket(comer.place, channel, ref)
    if found is None or not comer.may(found.point.unit_id):
        raise Problem(404, "unknown-ticket", N_("No ticket was issued under this reference."))
    return TicketOut(**_told(request, found))


def _issue(comer: Caller, asks: Sequence[TicketIn]) -> list[Ticket | Finding]:
    """A ticket for each ask, in order, or why there is none."""
    points = _points(comer, asks)
    wanted = [
        TicketAsk(point.number, ask.channel, ask.ref, ask.expires_at)
        for ask in asks
        if not isinstance(point := points[ask.point], Finding)
    ]
    try:
        issued = iter(_issued(comer, wanted))
    except Refused as why:
        if why.finding.code != "raced":
            raise
        issued = iter(_issued(comer, wanted))  # whoever was quicker has committed: theirs are found now
    return [
        found if isinstance(found := points[ask.point], Finding) else _own(comer, next(issued))
        for ask in asks
    ]


def _issued(comer: Caller, wanted: Sequence[TicketAsk]) -> list[Ticket | Finding]:
    if not wanted:
        return []
    return list(issue_tickets(place=comer.place, asks=wanted, by=comer.by, now=comer.now))


def _own(comer: Caller, found: Ticket | Finding) -> Ticket | Finding:
    """A ticket that was there already may be another unit's: its token is not for this key to see."""
    if isinstance(found, Finding) or comer.may(found.point.unit_id):
        return found
    return Finding("ref-taken", N_("Another unit issued a ticket under this reference."))


def _points(comer: Caller, asks: Sequence[TicketIn]) -> dict[str, Spot | Finding]:
    """The points that asks name, by number or by the code on the wall; or why one cannot be used."""
    found: dict[str, Spot | Finding] = {}
    codes: dict[str, Code | None] = {}
    numbers: dict[str, int] = {}
    for text in {ask.point for ask in asks}:
        code = None if text.isdigit() and len(text) <= DIGITS else queries.read(text)
        if isinstance(code, Finding):
            found[text] = code
        elif isinstance(code, Visit):
            message = N_("This is the token of a ticket, not the code of a point.")
            found[text] = Finding("code-of-ticket", message)
        else:
            codes[text], numbers[text] = code, int(text) if code is None else code.point
    spots = queries.spots(numbers.values())
    for text, number in numbers.items():
        spot, code = spots.get(number), codes[text]
        if spot is None or spot.place != comer.place.pk:
            message = N_("There is no point %(point)s here.")
            found[text] = Finding("point-unknown", message, values={"point": number})
        elif not comer.may(spot.unit.pk):
            message = N_("Point %(point)s is not among those that this key may speak for.")
            found[text] = Finding("point-not-yours", message, values={"point": number})
        else:
            found[text] = spot if code is None else queries.in_use(code, spot)
    return found


def _told(request: HttpRequest, row: Ticket) -> dict[str, Any]:
    """What is said of a ticket."""
    token = queries.token_of(row)
    path = reverse("citizen:verdict", args=[token])
    return {
        "ref": row.ref,
        "channel": row.channel,
        "point": row.point.number,
        "token": token,
        "url": f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else request.build_absolute_uri(path),
        "issued_at": row.issued_at,
        "expires_at": row.expires_at,
        "used": row.ballot_id is not None and _day_over(request, row),
    }


def _day_over(request: HttpRequest, row: Ticket) -> bool:
    """Whether the day on which a ticket was used is over: sooner it would tell who gave the verdict of this minute."""
    zone, now = row.place.zone, caller(request).now
    return row.ballot.cast_at.astimezone(zone).date() < now.astimezone(zone).date()
