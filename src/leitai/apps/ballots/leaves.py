"""The leaf of a row: what the log must hold of it, made anew from the row alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from leitai.rules import ballots as core

from .models import Ballot


class Row(NamedTuple):
    """What a verdict's leaf is made of, as the database has it."""

    index: int | None
    unit: str
    point: int | None
    grade: str
    channel: str
    at: datetime
    receipt: str | None
    source: str
    source_id: str


FIELDS = (
    "index",
    "unit__key",
    "point__number",
    "grade",
    "channel",
    "cast_at",
    "receipt",
    "source",
    "source_id",
)


def leaf_of(place_key: str, row: Row) -> bytes:
    """The bytes of a verdict's leaf."""
    mark = row.receipt or core.source_mark(row.source, row.source_id)
    return core.ballot_leaf(place_key, row.unit, row.point or 0, row.grade, row.channel, row.at, mark)


def leaf_of_ballot(ballot: Ballot) -> bytes:
    """As `leaf_of`, of a row with its place, unit and point."""
    point = ballot.point.number if ballot.point is not None else 0
    row = Row(
        ballot.index,
        ballot.unit.key,
        point,
        ballot.grade,
        ballot.channel,
        ballot.cast_at,
        ballot.receipt,
        ballot.source,
        ballot.source_id,
    )
    return leaf_of(ballot.place.key, row)


def in_order(place: Any, first: int = 0, end: int | None = None) -> Iterator[Row]:
    """The rows of a place in the order of the log, from leaf `first` up to `end`; streamed."""
    rows = Ballot.objects.filter(place=place, index__gte=first).order_by("index")
    if end is not None:
        rows = rows.filter(index__lt=end)
    for row in rows.values_list(*FIELDS).iterator(chunk_size=10_000):
        yield Row(*row)
