"""Rows held against the ledger: who has the database can change a row, and this finds it.

The chain proves that events are what they were; it says nothing of the rows that pages and tables read. Each
kind of row that a place is judged by is therefore compared with the events that made it: verdicts, imported
batches of them, editions of tables with their standings, texts of rule-books.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from leitai.apps.ballots import queries as ballots
from leitai.apps.ledger.models import Event
from leitai.apps.regimes import queries as regimes
from leitai.apps.tables import queries as tables
from leitai.rules.kernel import N_, Finding
from leitai.rules.ledger import digest


@dataclass(frozen=True)
class Report:
    """How many rows were compared, and which of them are not what the ledger says."""

    compared: int
    findings: tuple[Finding, ...]


def audit(place: Any) -> Report:
    """Compare a place's verdicts, tables and rule-books with its events. Reads everything once, streamed."""
    compared, found = 0, []
    for check in (_verdicts, _imported, _tables, _rule_books):
        for finding in check(place):
            compared += 1
            if finding is not None:
                found.append(finding)
    return Report(compared, tuple(found))


def _said(place: Any, *kinds: str) -> Iterator[tuple[Event, dict[str, Any]]]:
    rows = Event.objects.filter(place=place, kind__in=kinds).order_by("id")
    for row in rows.iterator(chunk_size=5000):
        yield row, json.loads(row.data)


def _verdicts(place: Any) -> Iterator[Finding | None]:
    """Verdicts against the log, and what became of each against its events."""
    yield from ballots.check(place)
    told = {"ballot.upheld": "upheld", "ballot.set_aside": "set_aside", "ballot.reinstated": "upheld"}
    wanted = {int(row.subject.partition(":")[2]): told[row.kind] for row, _ in _said(place, *told)}
    there = ballots.standings(place)
    for number in sorted(wanted.keys() | there.keys()):
        if there.get(number) == wanted.get(number):
            yield None
        else:
            message = N_("verdict %(number)s counts as %(there)s; by the ledger it is %(wanted)s")
            values = {
                "number": number,
                "there": there.get(number, "counted"),
                "wanted": wanted.get(number, "counted"),
            }
            yield Finding("standing-altered", message, values=values)


def _imported(place: Any) -> Iterator[Finding | None]:
    """Batches of imported verdicts, each by the digest that its event holds."""
    decided = {
        int(row.subject.partition(":")[2]) for row, _ in _said(place, "ballot.upheld", "ballot.set_aside")
    }
    for row, data in _said(place, "ballots.imported"):
        source = row.subject.partition(":")[2]
        if ballots.batch_holds(place, data["digest"], decided):
            yield None
        else:
            message = N_("verdicts imported from %(source)s, from %(first)s on, are not what was imported")
            yield Finding("import-altered", message, values={"source": source, "first": data["first"]})


def _tables(place: Any) -> Iterator[Finding | None]:
    """Editions: the digest that was frozen, the recount, and the standings that pages read."""
    for row, data in _said(place, "table.frozen", "table.corrected"):
        table = tables.table(place, int(row.subject.partition(":")[2]))
        values = {"arena": data["table.arena"], "period": data["table.period.key"]}
        if table is None:
            yield Finding("table-gone", N_("the table %(arena)s of %(period)s is gone"), values=values)
        elif table.digest != data["digest"] or not tables.verify(table).same:
            yield Finding("table-altered", N_("the table %(arena)s of %(period)s was altered"), values=values)
        elif not tables.standings_hold(table):
            message = N_("the standings shown of %(arena)s, %(period)s are not those of the table")
            yield Finding("standings-altered", message, values=values)
        else:
            yield None


def _rule_books(place: Any) -> Iterator[Finding | None]:
    """Rule-books: the text by the digest that was loaded."""
    kept = {row.digest: row.text for row in regimes.versions(place)}
    for _, data in _said(place, "regime.loaded"):
        text = kept.get(data["digest"])
        if text is not None and digest(text.encode()) == data["digest"]:
            yield None
        else:
            message = N_("the rule-book %(digest)s is not the one that was loaded")
            yield Finding("rule-book-altered", message, values={"digest": data["digest"][:12]})
