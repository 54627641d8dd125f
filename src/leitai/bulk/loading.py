"""From a file to rows: read, convert, find or make units, store in batches, keep what was rejected.

Each batch is one action, so one transaction with one event; what it stored is there for good, and a second
run over the same file leaves it alone by its source id. So a kill at any instant costs nothing but time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
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
    Context,
    Converter,
    Draft,
    ParsedMap,
    ReadingsMap,
    Rejected,
    ServicesMap,
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
from .units import put_list

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
    """Import a file of units, cases, verdicts, readings or services into a place.

    `map` is a map's file, or one read by `read_map`. `now` (UTC) is the place's present; a record's time
    after `latest` (default `now`) is rejected as yet to come: a demonstration that lives in the past gives
    the clock's present. Rejected rows go to the file `rejects`, None for nowhere. `progress` is told bytes or
    rows done and in all, after each batch. With `dry_run` everything is checked and nothing is kept.

    Raises FileFault before anything is taken where file, map or rule-book do not fit, Stopped where the file
    breaks off later.
    """
    began = perf_counter()
    parsed = map if isinstance(map, ParsedMap) else read_map(map)
    of: Any = parsed.map
    context = _context(place, parsed, now, latest or now)
    table = open_table(Path(path), digest=isinstance(getattr(of.columns, "source_id", None), RowNumber))
    converter, findings = bind(parsed, table.columns, replace(context, digest=table.digest))
    if converter is None:
        raise FileFault(findings)
    with Rejects(Path(rejects) if rejects is not None else None, table.columns) as away:
        parts = _parts(table, converter, away, batch, progress)
        run = _Run(place, of, away, by, now, dry_run)
        try:
            if isinstance(of, UnitsMap):
                run.put_units(parts)
            else:
                run.store(parts)
        except FileFault as why:
            raise Stopped(why, run.summary(perf_counter() - began)) from None
        return run.summary(perf_counter() - began)


class _Run:
    """One import under way, with its counts."""

    def __init__(self, place: Any, of: Any, away: Rejects, by: str, now: datetime, dry_run: bool) -> None:
        self.place, self.of, self.away, self.by, self.now, self.dry_run = place, of, away, by, now, dry_run
        self.taken = self.already = self.made = 0

    def summary(self, seconds: float) -> Summary:
        return Summary(self.taken, self.already, self.away.count, seconds, self.made, self.away.reasons)

    def put_units(self, parts: Iterator[list[Row]]) -> None:
        rows = [row for part in parts for row in part]
        with self._kept():
            self.taken, self.already = put_list(self.place, rows, self.away, by=self.by, now=self.now)
        self.made = self.taken

    def store(self, parts: Iterator[list[Row]]) -> None:
        unit = self.of.columns.unit
        directory = Directory(self.place, unit.make)
        sender = sender_of(self.place, self.of, by=self.by, now=self.now)
        for part in parts:
            with self._kept():
                directory.make((draft.unit for _, _, draft in part), by=self.by, now=self.now)  # type: ignore[union-attr]
                records = []
                for line, cells, draft in part:
                    found = directory.find(draft.unit)  # type: ignore[union-attr]
                    if isinstance(found, Finding):
                        self.away.add(line, Rejected(unit.column, draft.unit.text, found), cells)  # type: ignore[union-attr]
                    else:
                        records.append(sender.record(draft, found))
                # Of a source id that comes twice in a file the first stands.
                distinct = list({one.source_id: one for one in reversed(records)}.values())[::-1]
                fresh = sender.store(distinct) if distinct else 0
            if self.dry_run:
                directory.look()
            self.taken += fresh
            self.already += len(records) - fresh
            self.made = len(directory.made)

    @contextmanager
    def _kept(self) -> Iterator[None]:
        """What a batch does stays done; on a dry run it is taken back."""
        if not self.dry_run:
            yield
            return
        with transaction.atomic():
            yield
            transaction.set_rollback(True)


def _parts(
    table: Table, convert: Converter, away: Rejects, size: int, progress: Progress | None
) -> Iterator[list[Row]]:
    """Rows in batches, with their line and cells; what broke the file off is raised at the end."""
    part: list[Row] = []
    broken: FileFault | None = None
    rows = table.rows()
    number = 0
    while True:
        try:
            found = next(rows, None)
        except FileFault as why:
            found, broken = None, why
        if found is not None:
            line, cells = found
            number += 1
            draft = convert(cells, number)
            if isinstance(draft, Rejected):
                away.add(line, draft, cells)
            else:
                part.append((line, cells, draft))
        if part and (found is None or len(part) == size):
            yield part
            part = []
        if progress is not None and (found is None or number % size == 0):
            progress(table.done, table.total)
        if found is None:
            break
    if broken is not None:
        raise broken


def _context(place: Any, parsed: ParsedMap, now: datetime, latest: datetime) -> Context:
    """What rows are read against. Raises FileFault where the place's rule-book knows no such thing."""
    of: Any = parsed.map
    today = now.astimezone(place.zone).date()
    if isinstance(of, UnitsMap | ServicesMap):
        return Context(place.zone, latest)
    try:
        regime = regimes.regime_on(place, today)
    except regimes.NoRegime:
        raise fault("no-regime", N_("%(place)s has no rule-book yet"), place=place.key) from None
    if isinstance(of, BallotsMap):
        return Context(place.zone, latest, scale=ballots.scale(place, today))
    if isinstance(of, ReadingsMap):
        _known(
            of.measure,
            regime.measures,
            parsed,
            "measure",
            N_("the rule-book has no measure %(key)s; it has %(near)s"),
        )
        return Context(place.zone, latest, measures={key: one.every for key, one in regime.measures.items()})
    _known(
        of.kind,
        regime.cases,
        parsed,
        "kind",
        N_("the rule-book has no kind of case %(key)s; it has %(near)s"),
    )
    source = of.source or place.key
    if len(source) > REF // 2:
        message = N_("the source's name may have %(most)s letters for cases: say a shorter `source`")
        raise fault("long-source", message, most=REF // 2)
    return Context(place.zone, latest, longest=REF - len(source) - 1)


def _known(key: str | None, known: Collection[str], parsed: ParsedMap, where: str, message: str) -> None:
    if key is None or key in known:
        return
    near = nearest(key, known) or ", ".join(known) or "-"
    raise FileFault(
        [Finding(f"unknown-{where}", message, parsed.positions.value(where), {"key": key, "near": near})]
    )
