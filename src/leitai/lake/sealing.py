"""Seals the days of a place that have ended: from the database to files, and a record of each with its digest.

The file is there before the record. Killed between the two, the next run writes the same bytes again and records
them, so a recorded day always has its file.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from leitai.apps.ballots import actions, queries
from leitai.apps.ledger import log
from leitai.apps.ledger import queries as ledger
from leitai.apps.ledger.errors import refuse
from leitai.rules.kernel import N_
from leitai.rules.ledger.tiles import WIDTH, pieces

from .days import Progress
from .schema import ADDITIONS_SCHEMA, SCHEMA, STANDINGS_SCHEMA, DayHead, Sealed, batches
from .seal import write_day


def seal_due_days(
    place: Any,
    folder: Path,
    now: datetime,
    *,
    by: str = "lake",
    progress: Progress = lambda _done, _total: None,
) -> list[Sealed]:
    """Seal every day of a place that has ended and is not sealed, the oldest first, and record each.

    `folder`: the lake's. Refused as `write_day` is, where rows and log do not agree; days before it stay sealed.
    """
    due = queries.sealable_days(place, now)
    done = []
    for number, day in enumerate(due):
        progress(number, len(due))
        done.append(_seal(place, folder, day, now, by))
    progress(len(due), len(due))
    return done


def recorded(place: Any) -> dict[date, str]:
    """The digest of each day of a place that was sealed, as its database remembers it."""
    return dict(place.sealed_days.values_list("day", "digest"))


def _seal(place: Any, folder: Path, day: date, now: datetime, by: str) -> Sealed:
    said = queries.day_head(place, day)
    head = DayHead(place.key, day, said.zone, said.first, said.rows, said.size, said.root, said.algorithm)
    logged = _Logged(head)
    sealed = write_day(
        folder,
        head,
        logged.seen(batches(SCHEMA, queries.day_rows(place, day))),
        batches(STANDINGS_SCHEMA, queries.day_standings(place, day)),
        batches(ADDITIONS_SCHEMA, logged.others(place, _added(place, day))),
    )
    actions.record_sealed_day(
        place=place,
        day=day,
        rows=sealed.rows,
        first=head.first,
        size=head.size,
        root=head.root,
        digest=sealed.digest,
        file=str(sealed.path.relative_to(folder)),
        by=by,
        now=now,
    )
    return sealed


def _added(place: Any, day: date) -> set[int]:
    """The leaves of a day that stand for what was added to a verdict, as the ledger of events tells."""
    start, end = (datetime.combine(one, time(0), place.zone) for one in (day, day + timedelta(days=1)))
    told = ledger.told(place, "ballot.words_added").filter(noted_at__gte=start, noted_at__lt=end)
    rows = told.values_list("data", flat=True)
    return {json.loads(data)["leaf"] for data in rows.iterator(chunk_size=5000)}


class _Logged:
    """The day's part of the log beside its verdicts: these must be what the log holds, and the rest are additions."""

    def __init__(self, head: DayHead) -> None:
        self.head = head
        self.leaves: dict[int, bytes] = {}

    def seen(self, given: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The batches as they come, their leaves kept in mind."""
        for batch in given:
            self.leaves |= zip(batch["index"].to_pylist(), batch["leaf"].to_pylist(), strict=True)
            yield batch

    def others(self, place: Any, added: Container[int]) -> Iterator[list[tuple[int, bytes]]]:
        """Index and hash of each leaf that is no verdict's.

        Refused: `day-leaf-differs` where a verdict is not what was logged, `day-leaf-gone` where a leaf is neither a
        verdict's nor among those `added`.
        """
        first, size, day = self.head.first, self.head.size, self.head.day
        for number in range(first // WIDTH, -(-size // WIDTH)):
            some = []
            stored = pieces(log.tile(place, 0, number), self.head.algorithm)
            for index, leaf in enumerate(stored, number * WIDTH):
                if not first <= index < size:
                    continue
                ours = self.leaves.pop(index, None)
                if ours is None and index not in added:
                    message = N_("the verdict at leaf %(leaf)s is gone: %(day)s is not sealed")
                    raise refuse("day-leaf-gone", message, leaf=index, day=day)
                if ours is None:
                    some.append((index, leaf))
                elif ours != leaf:
                    message = N_("the verdict at leaf %(leaf)s is not what was logged: %(day)s is not sealed")
                    raise refuse("day-leaf-differs", message, leaf=index, day=day)
            yield some
