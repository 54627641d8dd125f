"""A verdict that is set aside or brought back, a figure that is corrected: every published table that used it follows.

The correction is a new edition that says why; the one before stays, and pages point from it to the new one. A
table that weighs another table follows that one. What was decided in one round of the drive corrects a table once.

Consequences that rest on what was corrected follow, too: `groundless.py`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leitai.apps.ballots import queries as ballots
from leitai.apps.ledger.models import Event
from leitai.apps.tables import actions as tables
from leitai.apps.tables import queries as table_rows
from leitai.apps.tables.models import Table
from leitai.rules.kernel import Period

from .groundless import GROUNDS, take_back

ASIDE, BACK = "ballot.set_aside", "ballot.reinstated"
CORRECTED = "table.corrected"
FIGURE = "reading.corrected"
CORRECTING = frozenset({ASIDE, BACK, CORRECTED, FIGURE}) | GROUNDS
Told = tuple[str, date, int]  # kind of event, day of the verdict, number of the event


@dataclass
class _Due:
    """A table to be corrected: which columns, and what was decided about verdicts that it used."""

    table: Table
    columns: set[str] = field(default_factory=set)
    told: set[Told] = field(default_factory=set)


def correct_tables(place: Any, events: Sequence[Event], now: datetime, *, by: str) -> bool:
    """Corrects the tables that used the verdicts, or weigh the tables, that some events are about; whether it did.

    Consequences that rest on what was corrected are withdrawn, or flagged for whoever decided them.
    """
    due: dict[int, _Due] = {}
    done = take_back(place, events, now, by=by)
    for event in events:
        if event.kind == CORRECTED and event.by != by:  # what the drive corrects, it follows at once
            row = table_rows.table(place, _number(event))
            day = event.at.astimezone(place.zone).date()
            for table in table_rows.weighing(row):
                _add(due, table, [row.arena], {(event.kind, day, event.seq)})
        if event.kind == FIGURE:
            said = json.loads(event.data)
            day = Period.parse(said["reading.period"]).first
            for table in table_rows.using(place, said["reading.measure"], day):
                _add(due, table, [said["reading.measure"]], {(event.kind, day, event.seq)})
        ballot = ballots.by_subject(place, event.subject)
        if ballot is None:
            continue
        day = ballot.cast_at.astimezone(place.zone).date()
        for table, columns in table_rows.counting(place, day):
            _add(due, table, columns, {(event.kind, day, event.seq)})
    while due:
        corrected = [(row, one.told) for one in due.values() if (row := _correct(place, one, now, by))]
        due = {}
        for row, told in corrected:
            done = True
            for table in table_rows.weighing(row):
                _add(due, table, [row.arena], told)
    return done


def _add(due: dict[int, _Due], table: Table, columns: Sequence[str], told: set[Told]) -> None:
    one = due.setdefault(table.pk, _Due(table))
    one.columns.update(columns)
    one.told |= told


def _correct(place: Any, due: _Due, now: datetime, by: str) -> Table | None:
    with translation.override(place.language):
        why = " ".join(_reasons(due.told))
    cause = f"event:{min(seq for _kind, _day, seq in due.told)}/correction"
    found = tables.correct(table=due.table, columns=due.columns, why=why, cause=cause, by=by, now=now)
    return found or None


def _reasons(told: set[Told]) -> list[str]:
    """Why a table is corrected, in a sentence for each kind of decision."""
    one = {
        ASIDE: _("A verdict of %(day)s was set aside; it counts no longer."),
        BACK: _("A verdict of %(day)s counts again: the citizen's objection was granted."),
    }
    many = {
        ASIDE: _("%(n)s verdicts of %(first)s to %(last)s were set aside; they count no longer."),
        BACK: _(
            "%(n)s verdicts of %(first)s to %(last)s count again: the citizens' objections were granted."
        ),
    }
    found = []
    for kind in (ASIDE, BACK):
        days = sorted(day for what, day, _seq in told if what == kind)
        if days:
            text = one[kind] if len(days) == 1 else many[kind]
            first, last = days[0].isoformat(), days[-1].isoformat()
            found.append(text % {"n": len(days), "day": first, "first": first, "last": last})
    figures = sum(what == FIGURE for what, _day, _seq in told)
    if figures:
        text = ngettext("%(n)s figure was corrected.", "%(n)s figures were corrected.", figures)
        found.append(text % {"n": figures})
    if any(what == CORRECTED for what, _day, _seq in told):
        found.append(_("A table that this one weighs was corrected."))
    return found


def _number(event: Event) -> int:
    return int(event.subject.partition(":")[2])
