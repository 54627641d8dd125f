"""What a row becomes: a draft in the house's terms, or a rejection with its reason; and what both rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal

from leitai.rules.ballots import Scale
from leitai.rules.kernel import Finding, PeriodKind

Cells = Sequence[object]


@dataclass(frozen=True, slots=True)
class Context:
    """What a conversion rests on beside the map.

    `zone` holds where the map names none; `latest` is the UTC instant after which nothing can have happened;
    `longest` is how long a source id may be; `digest` names the file where rows have no id of their own;
    `measures` are those of the rule-book with the kind of period each is kept by.
    """

    zone: tzinfo
    latest: datetime
    longest: int = 120
    digest: str = ""
    scale: Scale | None = None
    measures: Mapping[str, PeriodKind] | None = None


@dataclass(frozen=True, slots=True)
class UnitCell:
    """A unit as a row names it, with the unit above where the map makes units."""

    text: str
    parent: str = ""


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit of a list; None where the map names no such column."""

    key: str
    name_zh: str | None
    name_en: str | None
    parent: str | None
    kind: str | None
    tags: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case; instants are UTC."""

    source_id: str
    unit: UnitCell
    title: str
    opened: datetime
    due: datetime | None
    closed: datetime | None
    place: str
    channel: str


@dataclass(frozen=True, slots=True)
class BallotRow:
    """A verdict; `cast_at` is UTC, `grade` a key of the place's scale."""

    source_id: str
    unit: UnitCell
    grade: str
    cast_at: datetime
    channel: str
    standing: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """A reading: `value`, or `numerator` and `denominator`; `period` is a period's key."""

    source_id: str
    unit: UnitCell
    measure: str
    period: str
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    target: Decimal | None


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """A service that was given; `served_at` is UTC, `contact` empty where the table has none."""

    source_id: str
    unit: UnitCell
    served_at: datetime
    contact: str
    number: int | None
    point: int | None


Draft = UnitRow | CaseRow | BallotRow | ReadingRow | ServiceRow


@dataclass(frozen=True, slots=True)
class Rejected:
    """Why a row is not taken: the column and its value as the table has them, and the reason."""

    column: str
    value: str
    finding: Finding
