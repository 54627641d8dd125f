# ruff: noqa: ARG001  an operation's arguments declare what it takes, used or not
"""Verdicts that another platform took come in as history: they count, and set nothing going.

The same rules as for files (`leitai import ballots`): known by source and id there, taken once, a verdict of a time
to come refused. A million come faster as a file.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from leitai.apps.ballots import queries
from leitai.apps.ballots.actions import BallotRecord, import_ballots
from leitai.apps.people import queries as people
from leitai.rules.ballots import Grade, Scale
from leitai.rules.kernel import N_, Finding

from .door import Caller, Key, caller
from .faults import POSTED, faults
from .shapes import MOST, PLACE, In, Instant, PlaceKey, Rejected, line_of_text, read_lines

router = Router(tags=["verdicts"])
Source = line_of_text(60, "the platform that the numbers are of", "old-platform")
SourceId = line_of_text(120, "its number there", "2024-000017")
UnitKey = line_of_text(100, "key of the unit that was judged", "tax")
GradeName = line_of_text(40, "key or name of a grade of the place's scale of that day", "satisfied")
ChannelName = line_of_text(20, "how it was given", "imported")


class BallotIn(In):
    """A verdict as the other platform kept it."""

    source_id: SourceId
    unit: UnitKey
    grade: GradeName
    cast_at: Instant = Field(description="when it was given, with the offset; not in the future")
    channel: ChannelName = "imported"
    standing: Literal["counted", "upheld", "set_aside"] = Field(
        "counted", description="what became of it; upheld: a bad one that was found true"
    )
    reason: Annotated[str, Field(max_length=300)] = Field(
        "", description="why it was set aside; needed then, and public"
    )


class BallotsIn(In):
    """Verdicts that are sent together. Each line is judged by itself."""

    source: Source
    ballots: list[BallotIn | Any] = Field(min_length=1, max_length=MOST)


class BallotsOut(BaseModel):
    """What became of the lines."""

    taken: int = Field(description="new verdicts")
    known: int = Field(description="verdicts that were there already, or came twice in this call")
    rejected: list[Rejected]


@router.post(
    f"{PLACE}/ballots",
    auth=Key("ballots:import"),
    response={200: BallotsOut, **faults(POSTED)},
    summary="Bring in up to 1,000 verdicts of another platform",
)
def take_ballots(request: HttpRequest, place: PlaceKey, body: BallotsIn) -> BallotsOut:
    """What can be taken is taken, once, however often it is sent; each line that cannot is answered with its number and
    the reason. Of a number that comes twice the first stands.
    """
    comer = caller(request)
    good, rejected = read_lines(body.ballots, BallotIn)
    judge = _judge(comer)
    records: dict[str, BallotRecord] = {}
    for index, line in good:
        found = judge(line)
        if isinstance(found, Finding):
            rejected.append(Rejected.of(index, found))
        else:
            records.setdefault(found.source_id, found)
    taken = 0
    if records:
        wanted = list(records.values())
        taken = import_ballots(
            place=comer.place, source=body.source, records=wanted, by=comer.by, now=comer.now
        )
    sound = len(body.ballots) - len(rejected)
    rejected.sort(key=lambda one: one.index)
    return BallotsOut(taken=int(taken or 0), known=sound - int(taken or 0), rejected=rejected)


def _judge(comer: Caller) -> Callable[[BallotIn], BallotRecord | Finding]:
    """What makes a record of a line, or says why not; units and scales are asked for once a call."""
    units = people.keys(comer.place)
    scales: dict[date, Scale] = {}

    def judge(line: BallotIn) -> BallotRecord | Finding:
        unit = units.get(line.unit)
        if unit is None or not comer.may(unit):
            return Finding("unknown-unit", N_("there is no such unit"))
        if line.cast_at > comer.now:
            return Finding("future", N_("a verdict cannot be of a time to come"))
        day = line.cast_at.astimezone(comer.place.zone).date()
        if day not in scales:
            scales[day] = queries.scale(comer.place, day)
        grade = scales[day].read(line.grade)
        if isinstance(grade, Finding):
            return grade
        return _stands(line, grade) or BallotRecord(
            line.source_id, unit, grade.key, line.cast_at, line.channel, line.standing, line.reason.strip()
        )

    return judge


def _stands(line: BallotIn, grade: Grade) -> Finding | None:
    """What is wrong with what became of a verdict."""
    if line.standing == "upheld" and not grade.bad:
        message = N_("only a bad verdict is upheld, and this is %(grade)s")
        return Finding("upheld-good", message, values={"grade": grade.key})
    if line.standing == "set_aside" and not line.reason.strip():
        return Finding("no-reason", N_("a verdict set aside needs its reason"))
    if not line.reason.isprintable():
        return Finding("not-printable", N_("this has letters that it may not have"))
    return None
