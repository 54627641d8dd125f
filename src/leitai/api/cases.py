# ruff: noqa: ARG001  an operation's arguments declare what it takes, used or not
"""Cases for other systems: they open them, follow them, and send photos.

A key of a unit opens cases of that unit and those below it, and sees and changes no others; what a key may not see is
answered as what is not there. Who reported a case is sealed, and never answered.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import File, Path, Query, Router, Status
from ninja.files import UploadedFile
from pydantic import BaseModel, Field

from leitai.apps.casework import actions, queries
from leitai.apps.casework.models import Case
from leitai.rules.kernel import N_
from leitai.ui.photos import MOST_BYTES
from leitai.ui.typed import plain

from .ballots import UnitKey
from .door import Caller, Key, caller
from .faults import KEYED, POSTED, Problem, faults
from .opening import Draft, opened
from .shapes import PLACE, In, Instant, PlaceKey, line_of_text

router = Router(tags=["cases"])
CHANNEL = "api"
MOST_PAGE = 500
BIGGEST = (1 << 63) - 1
CaseRef = Annotated[str, Path(..., max_length=40, description="the case's reference, as it was answered")]
Number = line_of_text(200, "The sender's own number of it: the same again answers the same case.", "crm-4711")
KindKey = line_of_text(40, "key of a kind of case in the rule-book", "finding")
FirmKey = line_of_text(100, "key of the enterprise whose matter it is", "firm")
Words = Annotated[str, Field(max_length=5000, description="what it is about, at length")]
Spot = Annotated[str, Field(max_length=200, description="where, in words")]
Contact = Annotated[str, Field(max_length=120)]


class ReporterIn(In):
    """Who reported it; sealed, and deleted when its purpose ends."""

    name: Contact = ""
    phone: Contact = ""
    mail: Contact = ""


class CaseIn(In):
    """A case that is asked for."""

    once: Number
    kind: KindKey
    title: line_of_text(300, "what it is about, in a few words", "A leak at the crossing")  # type: ignore[valid-type]
    text: Words = ""
    where: Spot = ""
    unit: UnitKey | None = Field(
        None, description="key of the unit; without it that of the key, or the office's choice"
    )
    enterprise: FirmKey | None = None
    due: Instant | None = Field(None, description="of kinds whose time limit is given")
    form: Annotated[dict[str, str | list[str]], Field(max_length=40)] = Field(
        {}, description="answers to the kind's own questions, by key; several choices as a list"
    )
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = Field(None, description="degrees of WGS 84")
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = Field(None, description="degrees of WGS 84")
    reporter: ReporterIn | None = None


class ClockOut(BaseModel):
    """A time limit of a case."""

    key: str
    started_at: datetime
    due_at: datetime
    provisional: bool = Field(description="true: the days off of that year are not announced yet")
    met_at: datetime | None
    breached_at: datetime | None
    void_at: datetime | None = Field(description="from then on it does not count")


class CaseOut(BaseModel):
    """A case as it stands."""

    ref: str
    kind: str
    state: str
    holder: str = Field(description="the role that has it: office, unit, enterprise …; none when it is over")
    unit: str | None
    enterprise: str | None
    title: str
    text: str
    where: str
    form: dict[str, Any]
    latitude: float | None
    longitude: float | None
    channel: str = Field(description="through which door it came")
    opened_at: datetime
    due_at: datetime | None = Field(description="the last that any of its time limits comes to")
    next_due_at: datetime | None = Field(description="the first that a running time limit comes to")
    paused_until: datetime | None
    closed_at: datetime | None
    returns: int = Field(description="how often it was returned as not really over")
    transfers: int
    slip: str = Field(description="the gravest slip given on it: blue, yellow, orange, red; else empty")
    root: str | None = Field(description="reference of the matter that it is an instance of")
    relapse_of: str | None = Field(
        description="reference of the closed case that it shows not to have been over"
    )
    clocks: list[ClockOut]


class CasesOut(BaseModel):
    """Cases to which something happened, each once, as they stand now; those that changed first come first."""

    cases: list[CaseOut]
    changed_until: int = Field(description="send it as changed_since the next time")
    more: bool = Field(description="true: ask again at once")


class PhotoOut(BaseModel):
    """A photo that is kept."""

    digest: str = Field(description="SHA-256 of what is kept, in hex")
    shows: str
    taken_at: datetime | None
    latitude: float | None
    longitude: float | None


@router.post(
    f"{PLACE}/cases",
    auth=Key("cases:open"),
    response={200: CaseOut, 201: CaseOut, **faults(POSTED)},
    summary="Open a case",
)
def open_case(request: HttpRequest, place: PlaceKey, body: CaseIn) -> Status[CaseOut]:
    """The case, as it is after opening. The same `once` by the same key again answers the same case as it stands, with
    200 instead of 201: ask again where no answer came.
    """
    comer = caller(request)
    return answer(comer, opened(comer, draft(body), channel=CHANNEL, number=body.once))


@router.get(
    f"{PLACE}/cases",
    auth=Key("cases:read"),
    response={200: CasesOut, **faults(KEYED)},
    summary="Cases that changed",
)
def changed_cases(
    request: HttpRequest,
    place: PlaceKey,
    changed_since: Annotated[
        int, Query(0, ge=0, le=BIGGEST, description="changed_until of the last answer; 0: from the beginning")
    ],
    limit: Annotated[int, Query(100, ge=1, le=MOST_PAGE, description="how many at most")],
) -> CasesOut:
    """What happened to cases since the last call, in the order of the ledger's numbers, so that nothing is passed over.
    Keep `changed_until`, and send it the next time; while `more` is true there is more to be had at once.
    """
    comer = caller(request)
    found = queries.changed(comer.place, changed_since, limit)
    rows = queries.by_refs(comer.place, found.refs)
    seen = [rows[ref] for ref in found.refs if ref in rows and sees(comer, rows[ref])]
    return CasesOut(cases=told(comer, seen), changed_until=found.until, more=found.more)


@router.get(
    f"{PLACE}/cases/{{ref}}",
    auth=Key("cases:read"),
    response={200: CaseOut, **faults(KEYED)},
    summary="One case",
)
def case(request: HttpRequest, place: PlaceKey, ref: CaseRef) -> CaseOut:
    """A case by its reference, as it stands."""
    comer = caller(request)
    return told(comer, [own(comer, ref)])[0]


@router.post(
    f"{PLACE}/cases/{{ref}}/photos",
    auth=Key("cases:open"),
    response={200: PhotoOut, 201: PhotoOut, **faults(POSTED)},
    summary="Send a photo of a case",
)
def send_photo(
    request: HttpRequest,
    place: PlaceKey,
    ref: CaseRef,
    photo: Annotated[UploadedFile, File(..., description="JPEG, PNG or WebP, at most 10 MB")],
    shows: Annotated[
        Literal["before", "after", "other"], Query("other", description="what was found, or what was done")
    ],
) -> Status[PhotoOut]:
    """A form with one file (`multipart/form-data`). The photo is made anew; when and where the camera says that it was
    taken is kept beside it. The same photo again is answered with 200.
    """
    comer = caller(request)
    found = own(comer, ref)
    if found.closed_at is not None and comer.units is not None:
        raise Problem(409, "case-over", N_("This case is over: its unit adds no photos to it any more."))
    row = actions.add_photo(
        case=found, data=photo.read(MOST_BYTES + 1), when=shows, by=comer.by, now=comer.now
    )
    value = PhotoOut(
        digest=row.digest,
        shows=row.when,
        taken_at=row.taken_at,
        latitude=row.latitude,
        longitude=row.longitude,
    )
    return Status(201 if row.at == comer.now else 200, value)


def draft(body: CaseIn) -> Draft:
    """A body as a draft of a case. Raises Problem where one half of a spot is missing."""
    if (body.latitude is None) != (body.longitude is None):
        raise Problem(422, "half-a-spot", N_("latitude and longitude go together"))
    return Draft(
        kind=body.kind,
        title=body.title,
        text=plain(body.text),
        where=plain(body.where, 200).replace("\n", " "),
        unit=body.unit or "",
        enterprise=body.enterprise or "",
        due=body.due,
        form=body.form,
        latitude=body.latitude,
        longitude=body.longitude,
        reporter={} if body.reporter is None else body.reporter.model_dump(),
    )


def answer(comer: Caller, row: Case) -> Status[CaseOut]:
    """A case that was opened now, or before. Raises Problem (404) for one that has left the caller's units since."""
    if row.opened_at == comer.now:
        return Status(201, told(comer, queries.by_refs(comer.place, [row.ref]).values())[0])
    return Status(200, told(comer, [own(comer, row.ref)])[0])


def own(comer: Caller, ref: str) -> Case:
    """A case that a caller may see and change. Raises Problem (404), also for another unit's."""
    row = queries.by_refs(comer.place, [ref]).get(ref)
    if row is None or not sees(comer, row):
        raise Problem(404, "unknown-case", N_("There is no such case."))
    return row


def sees(comer: Caller, row: Case) -> bool:
    """Whether a case is within a caller's units; what no unit has yet is the whole place's."""
    return comer.units is None or (row.unit_id is not None and comer.may(row.unit_id))


def told(comer: Caller, rows: Iterable[Case]) -> list[CaseOut]:
    """Cases as they are answered; those that they hang together with are named where the caller may see them, too."""

    def named(row: Case | None) -> str | None:
        return row.ref if row is not None and sees(comer, row) else None

    return [
        CaseOut(
            ref=row.ref or "",
            kind=row.kind,
            state=row.state,
            holder=row.holder,
            unit=row.unit.key if row.unit else None,
            enterprise=row.enterprise.key if row.enterprise else None,
            title=row.title,
            text=row.text,
            where=row.where,
            form=row.form,
            latitude=row.latitude,
            longitude=row.longitude,
            channel=row.channel,
            opened_at=row.opened_at,
            due_at=row.due_at,
            next_due_at=row.next_due_at,
            paused_until=row.paused_until,
            closed_at=row.closed_at,
            returns=row.returns,
            transfers=row.transfers,
            slip=row.slip,
            root=named(row.root),
            relapse_of=named(row.relapse_of),
            clocks=[
                ClockOut(**{name: getattr(clock, name) for name in ClockOut.model_fields})
                for clock in sorted(row.clocks.all(), key=lambda one: (one.started_at, one.pk))
            ],
        )
        for row in rows
    ]
