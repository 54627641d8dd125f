# ruff: noqa: ARG001  an operation's arguments declare what it takes, used or not
"""Figures of units from their own systems: the same rules as on the page, each line judged by itself and taken once."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from leitai.apps.measures import incoming

from .door import Key, caller
from .faults import POSTED, faults
from .shapes import MOST, PLACE, In, PlaceKey, Rejected, line_of_text, read_lines

router = Router(tags=["readings"])
UnitKey = line_of_text(100, "key of the unit whose figure it is", "tax")
MeasureKey = line_of_text(60, "key of the measure in the rule-book", "arrived-funds")
PeriodKey = line_of_text(10, "2024-W05, 2024-03, 2024-Q1, 2024-H1 or 2024", "2024-03")
Figure = Annotated[Decimal, Field(max_digits=23, decimal_places=6, allow_inf_nan=False)]


class ReadingIn(In):
    """A figure: a value, or a numerator with a denominator."""

    unit: UnitKey
    measure: MeasureKey
    period: PeriodKey
    value: Figure | None = None
    numerator: Figure | None = None
    denominator: Figure | None = None


class ReadingsIn(In):
    """Figures that are sent together. Each line is judged by itself."""

    readings: list[ReadingIn | Any] = Field(min_length=1, max_length=MOST)


class ReadingsOut(BaseModel):
    """What became of the lines."""

    taken: int = Field(description="new figures")
    known: int = Field(description="figures that were held already, with the same value")
    rejected: list[Rejected]


@router.post(
    f"{PLACE}/readings",
    auth=Key("readings:report"),
    response={200: ReadingsOut, **faults(POSTED)},
    summary="Report up to 1,000 figures",
)
def report_readings(request: HttpRequest, place: PlaceKey, body: ReadingsIn) -> ReadingsOut:
    """What can be taken is taken, once, however often it is sent; each line that cannot is answered with its number
    and the reason. A figure that is held with another value is corrected on the page, where a reason is given.
    """
    comer = caller(request)
    good, rejected = read_lines(body.readings, ReadingIn)
    lines = [
        incoming.Line(
            str(index), one.unit, one.measure, one.period, one.value, one.numerator, one.denominator
        )
        for index, one in good
    ]
    told = incoming.take(comer.place, lines, lambda unit: comer.may(unit.pk), by=comer.by, now=comer.now)
    rejected += [Rejected.of(int(where), finding) for where, finding in told.rejected]
    rejected.sort(key=lambda one: one.index)
    return ReadingsOut(taken=told.taken, known=told.known, rejected=rejected)
