"""Between rows and the core's values: what an edition is known by, and what the drive may ask of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from leitai.apps.people import queries as people
from leitai.rules.kernel import Period
from leitai.rules.scoring import TableResult

from .models import Standing, Table


def facts(row: Table) -> dict[str, Any]:
    """What conditions and the drive may ask of a table."""
    return {
        "table.arena": row.arena,
        "table.edition": row.edition,
        "table.period.key": row.period,
        "table.period.kind": Period.parse(row.period).kind,
    }


def standings_of(row: Table, result: TableResult) -> list[Standing]:
    """The lines of an edition as rows, not yet written."""
    ids = people.keys(row.place)
    counts: dict[str, int] = {}
    for line in result.rows:
        counts[line.group] = counts.get(line.group, 0) + (line.rank is not None)
    return [
        Standing(
            table=row,
            unit_id=ids[line.unit],
            group=line.group,
            score=line.score if line.score is None else Decimal(line.score),
            rank=line.rank,
            rank_low=line.rank_low,
            rank_high=line.rank_high,
            of=counts[line.group],
            named_worst=line.named_worst,
            named_best=line.named_best,
        )
        for line in result.rows
    ]
