"""A verdict that is set aside, or brought back, is taken out of every published table that used it, or put back.

The correction is a new edition that says why; the one before stays, and pages point from it to the new one. A
table that weighs another table follows that one. What was decided in one round of the drive corrects a table once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from leitai.apps.ballots import queries as ballots
from leitai.apps.ledger.models import Event
from leitai.apps.tables import actions as tables
from leitai.apps.tables import queries as table_rows
from leitai.apps.tables.models import Table

ASIDE, BACK = "ballot.set_aside", "ballot.reinstated"
CORRECTING = frozenset({ASIDE, BACK})
Told = tuple[str, date, int]  # kind of event, day of the verdict, number of the event


@dataclass
class _Due:
    """A table to be corrected: which columns, and what was decided about verdicts that it used."""

    table: Table
    columns: set[str] = field(default_factory=set)
    told: set[Told] = field(default_factory=set)


def correct_tables(place: Any, events: Sequence[Event], now: datetime, *, by: str) -> bool:
    """Corrects the tables that used the verdicts some events are about; whether any came out other."""
    due: dict[int, _Due] = {}
    for event in events:
        ballot = ballots.by_subject(place, event.subject)
        if ballot is None:
            continue
        day = ballot.cast_at.astimezone(place.zone).date()
        for table, columns in table_rows.counting(place, day):
            _add(due, table, columns, {(event.kind, day, event.seq)})
    done = False
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
    return found
