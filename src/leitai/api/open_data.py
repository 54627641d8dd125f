# ruff: noqa: ARG001  an operation's arguments declare what it takes, used or not
"""Open data: how many verdicts of which grade each unit got in a month, for anyone to count again.

There is nothing of a single verdict in it: no receipt, no time finer than a month, no words, and no month before it
is over. Both files stream, month by month, so that years of three thousand units need no memory.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any

import pyarrow as pa
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router
from pyarrow import parquet
from pydantic import BaseModel, ConfigDict, Field

from leitai.apps.ballots import queries
from leitai.apps.people.models import Place
from leitai.rules.kernel import N_, Period

from .door import public_place
from .faults import PUBLIC, Problem, faults
from .shapes import PLACE, Month, PlaceKey

router = Router(tags=["open data"])
From = Annotated[
    Month | None, Query(None, alias="from", description="the first month; without it the earliest")
]
To = Annotated[Month | None, Query(None, description="the last month; without it the last that is over")]
CACHED = {"Cache-Control": "public, max-age=300"}
CSV, PARQUET = "text/csv", "application/vnd.apache.parquet"
FORMULA = ("=", "+", "-", "@", "\t", "\r")

# Column, its type in a Table Schema and in Arrow, and what it holds.
_COLUMNS: tuple[tuple[str, str, Any, str], ...] = (
    ("month", "yearmonth", pa.string(), N_("YYYY-MM, by the calendar of the place's zone")),
    ("unit", "string", pa.string(), N_("key of the unit")),
    ("unit_name_zh", "string", pa.string(), N_("the unit's name in Chinese")),
    ("unit_name_en", "string", pa.string(), N_("the unit's name in English")),
    (
        "channel",
        "string",
        pa.string(),
        N_("standing: the code on the wall; visit, matter, invited: a ticket; else as imported"),
    ),
    ("grade", "string", pa.string(), N_("key of the grade")),
    ("bad", "boolean", pa.bool_(), N_("whether the grade is a bad verdict")),
    ("standing", "string", pa.string(), N_("counted; upheld: found true; set_aside: does not count")),
    ("n", "integer", pa.int64(), N_("how many verdicts")),
)
_ARROW = pa.schema([(name, kind) for name, _, kind, _ in _COLUMNS])


class TableField(BaseModel):
    """A column."""

    name: str
    type: str
    description: str


class TableSchema(BaseModel):
    """The columns of a file (Frictionless Table Schema)."""

    fields: list[TableField]
    primaryKey: list[str]  # noqa: N815  the specification's spelling


class Resource(BaseModel):
    """A file."""

    model_config = ConfigDict(populate_by_name=True)

    name: str
    path: str
    format: str
    mediatype: str
    encoding: str = "utf-8"
    table: TableSchema = Field(alias="schema")


class DataPackage(BaseModel):
    """What there is to fetch (Frictionless Data Package)."""

    profile: str = "data-package"
    name: str
    title: str
    description: str
    resources: list[Resource]


@router.get(
    f"{PLACE}/open/datapackage.json",
    response={200: DataPackage, **faults(PUBLIC)},
    by_alias=True,
    summary="What the open data are",
)
def open_data(request: HttpRequest, place: PlaceKey) -> DataPackage:
    """The files, their columns, and what each column means."""
    row = public_place(place)
    fields = [TableField(name=name, type=kind, description=_(said)) for name, kind, _type, said in _COLUMNS]
    table = TableSchema(fields=fields, primaryKey=["month", "unit", "channel", "grade", "standing"])
    files = (("csv", "text/csv"), ("parquet", PARQUET))
    return DataPackage(
        name=f"verdicts-{row.key.lower()}",
        title=_("%(place)s: verdicts by month") % {"place": row.name},
        description=_(
            "How many verdicts of each grade every unit got in a month, by channel and by what they count as now. "
            "A month is there once it is over; its counts change where a verdict is verified later."
        ),
        resources=[
            Resource(
                name=f"verdicts-{kind}", path=f"verdicts.{kind}", format=kind, mediatype=media, table=table
            )
            for kind, media in files
        ],
    )


def _declared(kind: str) -> dict[str, Any]:
    schema = {"type": "string"} | ({} if kind == CSV else {"contentMediaType": kind})
    content = {"content": {kind: {"schema": schema}}, "description": "The file."}
    return {"responses": {200: content}}


@router.get(
    f"{PLACE}/open/verdicts.csv",
    response={200: None, **faults(PUBLIC)},
    openapi_extra=_declared(CSV),
    summary="Verdicts by month, as CSV",
)
def open_verdicts_csv(
    request: HttpRequest,
    place: PlaceKey,
    from_: From,
    to: To,
) -> StreamingHttpResponse:
    """UTF-8 with its mark, so that a spreadsheet opens it; a text that it would take for a formula begins with '."""
    return _answer(place, from_, to, "csv", f"{CSV}; charset=utf-8", _csv)


@router.get(
    f"{PLACE}/open/verdicts.parquet",
    response={200: None, **faults(PUBLIC)},
    openapi_extra=_declared(PARQUET),
    summary="Verdicts by month, as Parquet",
)
def open_verdicts_parquet(
    request: HttpRequest,
    place: PlaceKey,
    from_: From,
    to: To,
) -> StreamingHttpResponse:
    """The same rows; a month is a row group."""
    return _answer(place, from_, to, "parquet", PARQUET, _parquet)


Write = Callable[[Iterator[Sequence[tuple[Any, ...]]]], Iterator[bytes]]


def _answer(
    place: str, first: str | None, last: str | None, suffix: str, kind: str, write: Write
) -> StreamingHttpResponse:
    row = public_place(place)
    begin, end = (Period.parse(one) if one is not None else None for one in (first, last))
    if begin is not None and end is not None and begin > end:
        raise Problem(422, "bad-span", N_("The span ends before it begins."))
    months = queries.open_months(row, row.now(timezone.now()).astimezone(row.zone).date(), begin, end)
    name = f"verdicts-{row.key}.{suffix}"
    return StreamingHttpResponse(
        write(_parts(row, months)),
        content_type=kind,
        headers=CACHED | {"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _parts(place: Place, months: Sequence[Period]) -> Iterator[Sequence[tuple[Any, ...]]]:
    """The rows, month by month."""
    for month in months:
        rows = list(queries.open_counts(place, month))
        if rows:
            yield rows


def _csv(parts: Iterator[Sequence[tuple[Any, ...]]]) -> Iterator[bytes]:
    out = io.StringIO()
    writer = csv.writer(out)
    out.write("\ufeff")
    writer.writerow([name for name, *_ in _COLUMNS])
    yield out.getvalue().encode()
    for rows in parts:
        out = io.StringIO()
        csv.writer(out).writerows([_safe(cell) for cell in row] for row in rows)
        yield out.getvalue().encode()


def _safe(cell: Any) -> Any:
    """As a spreadsheet may read it: true and false in lower case, and no text that it would take for a formula."""
    if isinstance(cell, bool):
        return str(cell).lower()
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def _parquet(parts: Iterator[Sequence[tuple[Any, ...]]]) -> Iterator[bytes]:
    sink = _Sink()
    with parquet.ParquetWriter(pa.PythonFile(sink, "w"), _ARROW, compression="zstd") as writer:
        for rows in parts:
            columns = [
                pa.array(column, kind)
                for column, kind in zip(zip(*rows, strict=True), _ARROW.types, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(columns, schema=_ARROW))
            yield sink.taken()
    yield sink.taken()


class _Sink(io.RawIOBase):
    """A file that forgets what was taken from it."""

    def __init__(self) -> None:
        super().__init__()
        self._written = bytearray()
        self._at = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def write(self, data: Any) -> int:
        self._written += data
        self._at += len(data)
        return len(data)

    def taken(self) -> bytes:
        """What was written since it was asked last."""
        found = bytes(self._written)
        self._written.clear()
        return found
