# ruff: noqa: ARG001  an operation's arguments declare what it takes, used or not
"""Services that were given, as a queue system counts them: whom the second channel draws from, and what scans are held
against. A contact is sealed at once, never answered, and deleted after thirty days.
"""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from leitai.apps.ballots.actions import ServiceDraft, upload_services
from leitai.apps.people import queries as people
from leitai.rules.kernel import N_, Finding

from .ballots import Source, SourceId, UnitKey
from .door import Key, caller
from .faults import POSTED, faults
from .shapes import MOST, MOST_POINT, PLACE, In, Instant, PlaceKey, Rejected, read_lines

router = Router(tags=["services"])


class ServiceIn(In):
    """A service that was given."""

    source_id: SourceId
    unit: UnitKey
    served_at: Instant = Field(description="when it was given, with the offset; not in the future")
    contact: Annotated[str, Field(max_length=200)] = Field("", description="a telephone or mail address")
    number: Annotated[int | None, Field(ge=0, le=1 << 31)] = Field(
        None, description="as the ticket machine counts"
    )
    point: Annotated[int | None, Field(ge=1, le=MOST_POINT)] = Field(None, description="number of the point")


class ServicesIn(In):
    """Services that are sent together. Each line is judged by itself."""

    source: Source
    services: list[ServiceIn | Any] = Field(min_length=1, max_length=MOST)


class ServicesOut(BaseModel):
    """What became of the lines."""

    taken: int = Field(description="new services")
    known: int = Field(description="services that were there already, or came twice in this call")
    rejected: list[Rejected]


@router.post(
    f"{PLACE}/services",
    auth=Key("services:upload"),
    response={200: ServicesOut, **faults(POSTED)},
    summary="Bring in up to 1,000 services that were given",
)
def take_services(request: HttpRequest, place: PlaceKey, body: ServicesIn) -> ServicesOut:
    """What can be taken is taken, once, however often it is sent; of a number that comes twice the first stands."""
    comer = caller(request)
    units = people.keys(comer.place)
    good, rejected = read_lines(body.services, ServiceIn)
    drafts: dict[str, ServiceDraft] = {}
    for index, line in good:
        unit = units.get(line.unit)
        if unit is None or not comer.may(unit):
            rejected.append(Rejected.of(index, Finding("unknown-unit", N_("there is no such unit"))))
        elif line.served_at > comer.now:
            message = N_("a service cannot be of a time to come")
            rejected.append(Rejected.of(index, Finding("future", message)))
        else:
            draft = ServiceDraft(
                line.source_id, unit, line.served_at, line.contact.strip(), line.point, line.number
            )
            drafts.setdefault(line.source_id, draft)
    records = list(drafts.values())
    taken = 0
    if records:
        taken = upload_services(
            place=comer.place, source=body.source, records=records, by=comer.by, now=comer.now
        )
    rejected.sort(key=lambda one: one.index)
    known = len(body.services) - len(rejected) - taken
    return ServicesOut(taken=taken, known=known, rejected=rejected)
