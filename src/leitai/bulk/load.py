"""From a file to rows: read, convert, find or make units, store in batches, keep what was rejected.

Each batch is one action, so one transaction with one event; what it stored is there for good, and a second run
over the same file leaves it alone by its source id. A kill at any instant therefore costs nothing but the time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from django.db import transaction

from leitai.apps.ballots import queries as ballots
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import N_, Finding, nearest
from leitai.rules.records import (
    BallotsMap,
    CasesMap,
    Context,
    Converter,
    Draft,
    ParsedMap,
    ReadingsMap,
    Rejected,
    UnitsMap,
    bind,
)
from leitai.rules.records.model import RowNumber

from .directory import Directory
from .faults import FileFault, fault
from .maps import read_map
from .rejects import Rejects
from .senders import sender_of
from .tables import Table, open_table
from .units import load_units

BATCH = 2000
REF = 40  # letters of a case's reference, which is made of the source and the source's id

Progress = Callable[[int, int], None]
Row = tuple[int, Any, Draft]


@dataclass(frozen=True)
class Summary:
    """What came of an import: rows taken, here already, rejected (with reasons); units made on the way."""

    taken: int
    already: int
    rejected: int
    seconds: float
    units: int = 0
    reasons: tuple[tuple[str, int], ...] = ()

    @property
    def rows(self) -> int:
        """How many rows were read."""
        return self.taken + self.already + self.rejected


class Stopped(FileFault):
    """The file broke off after rows had been taken; `summary` counts them."""

    def __init__(self, why: FileFault, summary: Summary) -> None:
        super().__init__(why.findings)
        self.summary = summary


def load(
    place: Any,
    path: Path | str,
    map: ParsedMap | Path | str,  # noqa: A002  # it is called a map everywhere else
    *,
    by: str,
    now: datetime,
    rejects: Path | str | None,
    progress: Progress | None = None,
    latest: datetime | None = None,
    batch: int = BATCH,
    dry_run: bool = False,
) -> Summary:
    """Import a file of units, cases, verdicts or readings into a place.

    `map` is a map's file, or one read by `read_map`. `now` (UTC) is the place's present; a record's time after
    `latest` (default `now`) is rejected as yet to come: a demonstration that lives in the past gives the clock's
    present. Rejected rows go to the file `rejects`, None for nowhere. `progress` is told bytes or rows done and
    in all, after each batch. With `dry_run` everything is checked and nothing is kept.

    Raises FileFault before anything is taken where file, map or rule-book do not fit, Stopped where the file
    breaks off later.
    """
    began = perf_counter()
    parsed = map if isinstance(map, ParsedMap) else read_map(map)
    context = _context(place, parsed, now, latest or now)
    of = parsed.map
    table = open_table(Path(path), digest=isinstance(getattr(of.columns, "source_id", None), RowNumber))
    converter, findings = bind(parsed, table.columns, _with_digest(context, table.digest))
    if converter is None:
        raise FileFault(findings)
    with Rejects(Path(rejects) if rejects is not None else None, table.columns) as away:
        if isinstance(of, UnitsMap):
            rows = (row for part in _batches(table, converter, away, batch, progress) for row in part)
            taken, already = load_units(place, rows, away, by=by, now=now, dry_run=dry_run)
            return Summary(taken, already, away.count, perf_counter() - began, taken, away.reasons)
        directory = Directory(place, of.columns.unit.make)
        send = sender_of(place, of, by=by, now=now)
        taken = already = 0

        def summary() -> Summary:
            seconds = perf_counter() - began
            return Summary(taken, already, away.count, seconds, len(directory.made), away.reasons)

        try:
            for part in _batches(table, converter, away, batch, progress):
                with transaction.atomic() if dry_run else _nothing():
                    directory.make((draft.unit for _, _, draft in part), by=by, now=now)
                    records, again = _records(part, directory, away, of.columns.unit.column, send.record)
                    fresh = send.store(records) if records else 0
                    if dry_run:
                        transaction.set_rollback(True)
                if dry_run:
                    directory.look()
                taken += fresh
                already += len(records) - fresh + again
        except FileFault as why:
            raise Stopped(why, summary()) from None
        return summary()
