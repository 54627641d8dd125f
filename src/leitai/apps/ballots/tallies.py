"""Keeping the count: each verdict is added to its day's tally in the transaction that writes it.

A page that counted a million verdicts anew would make its reader wait. So the counts are rows, and
`recount` compares them with the verdicts themselves.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from .models import Ballot, Tally


class Cell(NamedTuple):
    """What verdicts are counted by: day in the place's zone, unit id, point's number (0: none), and what was said."""

    day: date
    unit: int
    point: int
    channel: str
    grade: str
    bad: bool
    standing: str


# PostgreSQL takes all cells in one value, because each statement costs it a way there and back.
_VALUES = {
    "postgresql": "SELECT %s, r.* FROM json_to_recordset(%s) AS r (day date, unit bigint, point bigint,"
    " channel text, grade text, bad boolean, standing text, n integer)",
    "sqlite": "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
}
_ADD = (
    "INSERT INTO {table} AS t (place_id, day, unit_id, point, channel, grade, bad, standing, n) {values} "
    "ON CONFLICT (place_id, day, unit_id, point, channel, grade, standing) DO UPDATE SET n = t.n + excluded.n"
)


def add(place: Any, counts: Mapping[Cell, int]) -> None:
    """Add to the tallies inside the running transaction; the place's log must be locked by it.

    The lock keeps two writers from adding to the same rows in different orders.
    """
    cells = [(cell, n) for cell, n in counts.items() if n]
    table = connection.ops.quote_name(Tally._meta.db_table)
    sql = _ADD.format(table=table, values=_VALUES[connection.vendor])
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(sql, [(place.pk, *cell, n) for cell, n in cells])
        elif cells:
            rows = [{**cell._asdict(), "day": cell.day.isoformat(), "n": n} for cell, n in cells]
            cursor.execute(sql, [place.pk, json.dumps(rows)])


def moved(ballot: Ballot, before: str) -> None:
    """A verdict counts as something else from now on: one less there, one more here."""
    cell = cell_of(ballot)
    _less(ballot.place_id, cell._replace(standing=before))
    add(ballot.place, {cell: 1})


def cell_of(ballot: Ballot) -> Cell:
    """The cell that a verdict is counted in."""
    return Cell(
        ballot.cast_at.astimezone(ballot.place.zone).date(),
        ballot.unit_id,
        ballot.point.number if ballot.point is not None else 0,
        ballot.channel,
        ballot.grade,
        ballot.bad,
        ballot.standing,
    )


def _less(place: int, cell: Cell) -> None:
    rows = Tally.objects.filter(
        place_id=place,
        day=cell.day,
        unit_id=cell.unit,
        point=cell.point,
        channel=cell.channel,
        grade=cell.grade,
        standing=cell.standing,
    )
    row = rows.select_for_update().get()
    row.n -= 1
    row.save()


def recounted(place: Any) -> Counter[Cell]:
    """The tallies as the verdicts themselves give them, read anew."""
    found: Counter[Cell] = Counter()
    zone = place.zone
    rows = Ballot.objects.filter(place=place, index__isnull=False).values_list(
        "cast_at", "unit_id", "point__number", "channel", "grade", "bad", "standing"
    )
    for at, unit, point, *said in rows.iterator(chunk_size=10_000):
        found[Cell(at.astimezone(zone).date(), unit, point or 0, *said)] += 1
    return found


def kept(place: Any) -> dict[Cell, int]:
    """The tallies as they were kept, without empty ones."""
    rows = Tally.objects.filter(place=place, n__gt=0).values_list(
        "day", "unit_id", "point", "channel", "grade", "bad", "standing", "n"
    )
    return {Cell(*row[:-1]): row[-1] for row in rows.iterator(chunk_size=10_000)}
