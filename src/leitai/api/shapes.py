"""What requests are made of: texts that a database can hold, instants that know their offset, points, months.

A line of a batch is read by itself: what can be taken is taken, and each line that cannot is answered with its
number, so that nothing is lost and nothing is sent twice for the sake of one slip.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeVar

from ninja import Path
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from leitai.apps.ledger.errors import tell
from leitai.rules.kernel import Finding, Period, PeriodError

from .faults import Where, where

MOST = 1000  # lines of a batch
MOST_POINT = (1 << 23) - 1
PLACE = "/{slug:place}"
# No control letters, and no space at either end.
_PLAIN = r"^[^\x00-\x20\x7f-\xa0]([^\x00-\x1f\x7f-\x9f]*[^\x00-\x20\x7f-\xa0])?$"


class In(BaseModel):
    """A body or a part of one; a field that is not known is told, not passed over."""

    model_config = ConfigDict(extra="forbid")


def _printable(text: str) -> str:
    if not text.isprintable() or text != text.strip():
        raise PydanticCustomError("not-printable", "letters that do not print, or space around it")
    return text


def _text_only(value: Any) -> Any:
    """Pydantic takes numbers for instants; JSON has none."""
    if not isinstance(value, str) or not value[:4].isdigit() or value[4:5] != "-":
        raise PydanticCustomError("bad-instant", "not an instant")
    return value


def _utc(value: datetime) -> datetime:
    """In UTC; not so early that another zone's clocks would run out of years."""
    if value.year <= 1900 or value.year >= 9000:
        raise PydanticCustomError("bad-instant", "not an instant")
    return value.astimezone(UTC)


def _point(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_POINT:
        return str(value)
    if isinstance(value, str) and 1 <= len(value) <= 40 and value.isascii():
        return value
    raise PydanticCustomError("bad-point", "neither a number nor a code")


def _month(value: str) -> str:
    try:
        found = Period.parse(value)
    except PeriodError:
        found = None
    if found is None or found.key != value or found.kind != "month":
        raise PydanticCustomError("bad-month", "not a month")
    return value


def line_of_text(most: int, description: str, *examples: str) -> Any:
    """The type of a text of one line with 1 to `most` letters."""
    return Annotated[
        str,
        StringConstraints(min_length=1, max_length=most, pattern=_PLAIN),
        AfterValidator(_printable),
        Field(description=description, examples=list(examples)),
    ]


# Of arguments, Ninja keeps only what its own kinds of field say.
PlaceKey = Annotated[
    str, StringConstraints(pattern=r"^[-a-zA-Z0-9_]{1,50}$"), Path(..., description="key of the place")
]
Ref = line_of_text(
    120, "The service's own reference, such as a queue number with its day.", "2024-04-10/A017"
)
Instant = Annotated[
    AwareDatetime,
    BeforeValidator(_text_only),
    AfterValidator(_utc),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
PointRef = Annotated[
    str,
    BeforeValidator(_point),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 0, "maximum": MOST_POINT},
                {"type": "string", "minLength": 1, "maxLength": 40, "pattern": "^[ -~]+$"},
            ]
        }
    ),
]
Month = Annotated[
    str,
    AfterValidator(_month),
    WithJsonSchema({"type": "string", "pattern": "^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$"}),
]
Channel = Literal["visit", "matter"]


class Rejected(BaseModel):
    """A line that was not taken; the others were."""

    index: int = Field(description="its number in what was sent, from 0")
    code: str
    error: str
    where: list[Where] = []

    @classmethod
    def of(cls, index: int, finding: Finding) -> Rejected:
        """A line that a finding speaks against."""
        return cls(index=index, code=finding.code, error=tell(finding))


Line = TypeVar("Line", bound=In)


def read_lines(lines: Sequence[Any], of: type[Line]) -> tuple[list[tuple[int, Line]], list[Rejected]]:
    """The lines of a batch that have the right shape, with their numbers; and those that have not."""
    reader = TypeAdapter(of)
    good: list[tuple[int, Line]] = []
    bad: list[Rejected] = []
    for index, line in enumerate(lines):
        try:
            good.append((index, line if isinstance(line, of) else reader.validate_python(line)))
        except ValidationError as fault:
            places = where(fault.errors(include_url=False, include_input=False))
            said = "; ".join(
                f"{'.'.join(map(str, one['loc']))}: {one['error']}".lstrip(": ") for one in places
            )
            bad.append(Rejected(index=index, code="invalid", error=said, where=places))
    return good, bad
