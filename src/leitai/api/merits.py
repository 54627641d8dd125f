# ruff: noqa: ARG001  an operation's arguments declare what it takes, used or not
"""Consequences for other systems: a unit's own answers them, the deciding body's own tells who decided what.

What is refused on the page is refused here, by the same action: a file without article, evidence or time to reply, one
that was not heard, and a decider who is of the unit or proposed it. No name of an official is ever answered; reading
the file of one is a look at them all the same, and on record.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Path, Query, Router
from pydantic import BaseModel, Field

from leitai.apps.merits import actions, queries
from leitai.apps.merits.models import Proposal
from leitai.rules.kernel import N_
from leitai.ui.typed import plain

from .door import Caller, Key, caller
from .faults import KEYED, POSTED, Problem, faults
from .shapes import PLACE, In, PlaceKey, line_of_text

router = Router(tags=["merits"])
MOST_PAGE = 500
BIGGEST = (1 << 63) - 1
FileNumber = Annotated[int, Path(..., ge=1, le=BIGGEST, description="the file's number")]
Words = Annotated[str, Field(min_length=1, max_length=5000, description="what is said, as it is said")]
UserName = line_of_text(
    150, "User name of who decided, who holds a post of the deciding body here.", "inspector-li"
)


class FileOut(BaseModel):
    """A file as it stands."""

    number: int
    merit: str = Field(description="key of the consequence in the rule-book")
    tone: Literal["honour", "notice", "accountability"]
    unit: str
    target: str = Field(description="unit, head, or official")
    article: str = Field(description="of the rules; without one nothing is decided")
    rule: str
    reason: str
    evidence: str = Field(description="the event of the ledger that it follows from")
    links: list[str] = Field(description="what that is about: table:3, case:2024-0001 …")
    state: str = Field(description="proposed, replied, decided, appealed, settled, withdrawn")
    proposed_at: datetime
    reply_by: datetime | None = Field(description="of an honour: the end of its public notice")
    reply: str
    replied_at: datetime | None
    upheld: bool | None
    decision: str
    decided_at: datetime | None
    appeal_by: datetime | None
    appeal: str
    appealed_at: datetime | None
    appeal_upheld: bool | None = Field(description="true: the decision is undone")
    appeal_decision: str
    settled_at: datetime | None
    expires_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_why: str


class FilesOut(BaseModel):
    """Files to which something happened, each once, as they stand now; those that changed first come first."""

    files: list[FileOut]
    changed_until: int = Field(description="send it as changed_since the next time")
    more: bool = Field(description="true: ask again at once")


class SaidIn(In):
    """What the one concerned says."""

    text: Words


class DecisionIn(In):
    """What the deciding body decided."""

    upheld: bool
    decision: Words
    decider: UserName  # type: ignore[valid-type]


@router.get(
    f"{PLACE}/merits",
    auth=Key("merits:read"),
    response={200: FilesOut, **faults(KEYED)},
    summary="Consequences that changed",
)
def changed_merits(
    request: HttpRequest,
    place: PlaceKey,
    changed_since: Annotated[
        int, Query(0, ge=0, le=BIGGEST, description="changed_until of the last answer; 0: from the beginning")
    ],
    limit: Annotated[int, Query(100, ge=1, le=MOST_PAGE, description="how many at most")],
) -> FilesOut:
    """What happened to files since the last call. A key of a unit is told of its own and those below it alone."""
    comer = caller(request)
    found = queries.changed(comer.place, changed_since, limit)
    rows = {row.pk: row for row in queries.by_numbers(comer.place, found.numbers)}
    seen = [rows[one] for one in found.numbers if one in rows and comer.may(rows[one].unit_id)]
    looked(comer, seen)
    return FilesOut(files=[told(row) for row in seen], changed_until=found.until, more=found.more)


@router.get(
    f"{PLACE}/merits/{{number}}",
    auth=Key("merits:read"),
    response={200: FileOut, **faults(KEYED)},
    summary="One consequence",
)
def merit(request: HttpRequest, place: PlaceKey, number: FileNumber) -> FileOut:
    """A file by its number, as it stands."""
    comer = caller(request)
    row = own(comer, number)
    looked(comer, [row])
    return told(row)


@router.post(
    f"{PLACE}/merits/{{number}}/reply",
    auth=Key("merits:reply"),
    response={200: FileOut, **faults(POSTED)},
    summary="Reply to a proposed consequence",
)
def reply_to_merit(request: HttpRequest, place: PlaceKey, number: FileNumber, body: SaidIn) -> FileOut:
    """What the one concerned, or their unit for them, says before the decision; more may be said until then."""
    comer = caller(request)
    row = actions.reply(proposal=own(comer, number), text=plain(body.text), by=comer.by, now=comer.now)
    return told(row)


@router.post(
    f"{PLACE}/merits/{{number}}/appeal",
    auth=Key("merits:reply"),
    response={200: FileOut, **faults(POSTED)},
    summary="Appeal against a decision",
)
def appeal_merit(request: HttpRequest, place: PlaceKey, number: FileNumber, body: SaidIn) -> FileOut:
    """Ask that another person than who decided look at it again, within the time of the rule-book."""
    comer = caller(request)
    row = actions.appeal(proposal=own(comer, number), text=plain(body.text), by=comer.by, now=comer.now)
    return told(row)


@router.post(
    f"{PLACE}/merits/{{number}}/decision",
    auth=Key("merits:decide"),
    response={200: FileOut, **faults(POSTED)},
    summary="Tell of a decision",
)
def decide_merit(request: HttpRequest, place: PlaceKey, number: FileNumber, body: DecisionIn) -> FileOut:
    """The decision of a person of the deciding body, told by that body's system. A key of a unit cannot."""
    comer = deciding(request)
    row = actions.decide(
        proposal=own(comer, number),
        upheld=body.upheld,
        decision=plain(body.decision),
        decider=f"account:{body.decider}",
        by=comer.by,
        now=comer.now,
    )
    return told(row)


@router.post(
    f"{PLACE}/merits/{{number}}/settlement",
    auth=Key("merits:decide"),
    response={200: FileOut, **faults(POSTED)},
    summary="Tell how an appeal was settled",
)
def settle_merit(request: HttpRequest, place: PlaceKey, number: FileNumber, body: DecisionIn) -> FileOut:
    """What another person than who decided made of an appeal; `upheld` true undoes the decision."""
    comer = deciding(request)
    row = actions.settle(
        proposal=own(comer, number),
        upheld=body.upheld,
        decision=plain(body.decision),
        decider=f"account:{body.decider}",
        by=comer.by,
        now=comer.now,
    )
    return told(row)


def looked(comer: Caller, rows: Iterable[Proposal]) -> None:
    """Reading the file of an official is a look at them, whatever of it is answered; they see whose key it was."""
    officials = [row.official for row in rows if row.official is not None]
    actions.look(place=comer.place, officials=officials, by=comer.by, now=comer.now)


def deciding(request: HttpRequest) -> Caller:
    """The caller, where its key is the whole place's. Raises Problem (403): a unit does not decide its own file."""
    comer = caller(request)
    if comer.units is not None:
        raise Problem(
            403, "key-of-a-unit", N_("A unit's own system does not decide: this takes a key of the place.")
        )
    return comer


def own(comer: Caller, number: int) -> Proposal:
    """A file that a caller may see and answer. Raises Problem (404), also for another unit's."""
    row = queries.proposal(comer.place, number)
    if row is None or not comer.may(row.unit_id):
        raise Problem(404, "unknown-file", N_("There is no such file."))
    return row


def told(row: Proposal) -> FileOut:
    """A file as it is answered. What was said against an honour is for those who decide, not for its unit's system."""
    plain = {name: getattr(row, name) for name in FileOut.model_fields if hasattr(row, name)}
    reply = "" if row.tone == "honour" else row.reply
    return FileOut(**plain | {"number": row.pk, "unit": row.unit.key, "article": row.number, "reply": reply})
