"""The map: what the columns of another system's table mean. Read from YAML, faults told with line and column.

The kinds of map share their head (`source`, `zone`, `times`) and differ in `columns`. What one may say,
with an example of each kind, is in docs/how-to/import-records.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from leitai.rules.kernel import N_, Finding, PeriodKind, Where, nearest
from leitai.rules.regime.faults import in_plain_words
from leitai.rules.regime.source import Branch, Positions, plain, read

ColumnName = Annotated[
    str, BeforeValidator(lambda value: str(value) if isinstance(value, int) else value), Field(min_length=1)
]
Standing = Literal["counted", "upheld", "set_aside"]


class Model(BaseModel):
    """Frozen, and closed: an unknown key is an error, with the nearest right one offered."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("no time zone has this name; right is one such as Asia/Shanghai") from None
    return name


def _column(value: object) -> object:
    """A bare name is the column of that name."""
    return {"column": value} if isinstance(value, str) else value


def _words(value: object) -> object:
    """What stands in the cells is compared as text, also where the map's author wrote a bare number."""
    return {str(key): inner for key, inner in value.items()} if isinstance(value, dict) else value


class Above(Model):
    """Where the name of the unit above stands, and of which kind it is."""

    column: ColumnName
    kind: str = Field("", max_length=40)


class Make(Model):
    """How a unit that is not known yet is made: its kind, and the unit above it."""

    kind: str = Field("", max_length=40)
    parent: Above | None = None


class UnitColumn(Model):
    """The column that names the unit, by key or name. Without `make`, an unknown unit rejects the row."""

    column: ColumnName
    make: Make | None = None


class RowNumber(Model):
    """The records have no id of their own: the file's digest and the row's number stand for one."""

    row: Literal[True]


class PeriodColumn(Model):
    """The column that tells the period: by its key (2022-Q1), or by any date in a period of this kind."""

    column: ColumnName
    kind: PeriodKind | None = None


class Minus(Model):
    """The first column less the others."""

    minus: tuple[ColumnName, ...] = Field(min_length=2)


class Sum(Model):
    """These columns together."""

    sum: tuple[ColumnName, ...] = Field(min_length=1)


Unit = Annotated[UnitColumn, BeforeValidator(_column)]
SourceId = ColumnName | tuple[ColumnName, ...]
Amount = ColumnName | Minus | Sum


class UnitColumns(Model):
    """Columns of a list of units; what is not named stays as it is in units that are here already."""

    key: ColumnName
    name_zh: ColumnName | None = None
    name_en: ColumnName | None = None
    parent: ColumnName | None = None
    kind: ColumnName | None = None
    tags: ColumnName | None = Field(None, description='tags parted by ";"')


class CaseColumns(Model):
    """Columns of cases. A list of columns for `source_id` is joined with "/"."""

    source_id: SourceId
    unit: Unit
    title: ColumnName
    opened: ColumnName
    due: ColumnName | None = None
    closed: ColumnName | None = None
    place: ColumnName | None = None
    channel: ColumnName | None = None


class BallotColumns(Model):
    """Columns of verdicts."""

    source_id: SourceId | RowNumber
    unit: Unit
    grade: ColumnName
    cast_at: ColumnName
    channel: ColumnName | None = None
    standing: ColumnName | None = None
    reason: ColumnName | None = None


class ReadingColumns(Model):
    """Columns of readings: a value, or a numerator and a denominator."""

    source_id: SourceId
    unit: Unit
    period: Annotated[PeriodColumn, BeforeValidator(_column)]
    measure: ColumnName | None = None
    value: ColumnName | None = None
    numerator: Amount | None = None
    denominator: Amount | None = None
    target: ColumnName | None = None

    @model_validator(mode="after")
    def _one_way(self) -> ReadingColumns:
        rate = self.numerator is not None and self.denominator is not None
        half = (self.numerator is None) != (self.denominator is None)
        if half or rate == (self.value is not None):
            raise ValueError("name a column for value, or for numerator and denominator")
        return self


class ServiceColumns(Model):
    """Columns of services that were given: who could be asked how it was, and how many there were."""

    source_id: SourceId
    unit: Unit
    served_at: ColumnName
    contact: ColumnName | None = Field(
        None, description="a telephone or mail address; sealed, kept for 30 days"
    )
    number: ColumnName | None = Field(None, description="as the ticket machine counts")
    point: ColumnName | None = Field(None, description="number of the point of the code there")


class Head(Model):
    """What every map says first. `times` is how times are written where not year first (strptime)."""

    leitai: Literal[1]
    source: str | None = Field(None, min_length=1, max_length=60)
    zone: Annotated[str, AfterValidator(_zone)] | None = None
    times: str | None = Field(None, min_length=2)


class UnitsMap(Head):
    """A list of units."""

    what: Literal["units"]
    columns: UnitColumns


class CasesMap(Head):
    """Cases of one kind of the rule-book."""

    what: Literal["cases"]
    kind: str
    columns: CaseColumns


class BallotsMap(Head):
    """Verdicts; `grades` and `standings` say which words of the table are which of ours."""

    what: Literal["ballots"]
    columns: BallotColumns
    grades: Annotated[dict[str, str], BeforeValidator(_words)] = {}
    standings: Annotated[dict[str, Standing], BeforeValidator(_words)] = {}


class ReadingsMap(Head):
    """Readings of one measure, or of the one that a column names."""

    what: Literal["readings"]
    measure: str | None = None
    columns: ReadingColumns


class ServicesMap(Head):
    """Services that were given."""

    what: Literal["services"]
    columns: ServiceColumns


AnyMap = UnitsMap | CasesMap | BallotsMap | ReadingsMap | ServicesMap
KINDS: dict[str, type[Head]] = {
    "units": UnitsMap,
    "cases": CasesMap,
    "ballots": BallotsMap,
    "readings": ReadingsMap,
    "services": ServicesMap,
}


@dataclass(frozen=True, slots=True)
class ParsedMap:
    """What came of a map's text: the map (None where an error stands in the way), findings, positions."""

    map: AnyMap | None
    findings: tuple[Finding, ...]
    positions: Positions


def parse_map(text: str, *, file: str = "") -> ParsedMap:
    """Read a map. Never raises for a fault of the text: each is a finding with line and column."""
    tree, findings = read(text, file)
    positions = Positions(tree, file)
    if not isinstance(tree, Branch):
        wrong = Finding(
            "wrong-type", N_("a map is a mapping that starts with “leitai: 1”"), Where(file, 1, 1)
        )
        return ParsedMap(None, findings or (wrong,), positions)
    values: Any = plain(tree)
    what = str(values.get("what", ""))
    if what not in KINDS:
        near = {"value": what or "-", "known": ", ".join(KINDS), "near": nearest(what, KINDS)}
        message = (
            N_("“%(value)s” is not something that can be imported; %(near)s is")
            if near["near"]
            else N_("“what” should say what the table holds: one of %(known)s")
        )
        return ParsedMap(
            None, (*findings, Finding("unknown-what", message, positions.value("what"), near)), positions
        )
    found, wrong_keys = None, list[Finding]()
    try:
        found = KINDS[what].model_validate(values)
    except ValidationError as error:
        wrong_keys = in_plain_words(error, KINDS[what], tree, positions)
    if isinstance(found, ReadingsMap) and (found.measure is None) == (found.columns.measure is None):
        message = N_("say the measure, or the column that names it, and not both")
        wrong_keys = [Finding("bad-value", message, positions.value("measure"))]
    told = tuple(sorted((*findings, *wrong_keys), key=lambda finding: finding.where))
    return ParsedMap(None if told else found, told, positions)  # type: ignore[arg-type]  # one of KINDS


def named_columns(of: AnyMap) -> tuple[tuple[tuple[object, ...], str], ...]:
    """Every column that a map names, with its path in the file."""
    return tuple(_named(of.columns.model_dump(exclude_none=True), ("columns",)))


def _named(value: object, path: tuple[object, ...]) -> list[tuple[tuple[object, ...], str]]:
    if isinstance(value, str):
        return [(path, value)]
    if isinstance(value, dict):
        return [one for key, inner in value.items() if key != "kind" for one in _named(inner, (*path, key))]
    if isinstance(value, tuple):
        return [one for index, inner in enumerate(value) for one in _named(inner, (*path, index))]
    return []
