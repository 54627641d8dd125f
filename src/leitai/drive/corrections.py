"""A verdict that is set aside or brought back, a figure that is corrected: every published table that used it follows.

The correction is a new edition that says why; the one before stays, and pages point from it to the new one. A
table that weighs another table follows that one. What was decided in one round of the drive corrects a table once.

A consequence that a rule proposed from an edition which was corrected is withdrawn where the rule would not have
proposed it from the corrected one: the file is closed, not upheld, with the reason. A file that waits for the words of
the one concerned is told of in the ledger at once and closed when it may be; one that people decided stays theirs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leitai.apps.ballots import queries as ballots
from leitai.apps.ledger.actions import record
from leitai.apps.ledger.models import Event
from leitai.apps.merits import actions as merits
from leitai.apps.merits import queries as files
from leitai.apps.merits.models import Proposal, ProposalState
from leitai.apps.regimes import queries as regimes
from leitai.apps.tables import actions as tables
from leitai.apps.tables import queries as table_rows
from leitai.apps.tables.models import Table
from leitai.rules.kernel import Period
from leitai.rules.regime.conditions import ConditionError
from leitai.rules.regime.matching import matching

ASIDE, BACK = "ballot.set_aside", "ballot.reinstated"
CORRECTED, REPLIED = "table.corrected", "merit.replied"
FIGURE = "reading.corrected"
CORRECTING = frozenset({ASIDE, BACK, CORRECTED, FIGURE, REPLIED})
Told = tuple[str, date, int]  # kind of event, day of the verdict, number of the event


@dataclass
class _Due:
    """A table to be corrected: which columns, and what was decided about verdicts that it used."""

    table: Table
    columns: set[str] = field(default_factory=set)
    told: set[Told] = field(default_factory=set)


def correct_tables(place: Any, events: Sequence[Event], now: datetime, *, by: str) -> bool:
    """Corrects the tables that used the verdicts, or weigh the tables, that some events are about; whether it did.

    Consequences that rest on what was corrected are withdrawn.
    """
    due: dict[int, _Due] = {}
    done = bool(
        [_withdraw(file, why, event, now, by) for event in events for file, why in _unfounded(place, event)]
    )
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


def _unfounded(place: Any, event: Event) -> Iterator[tuple[Proposal, str]]:
    """The open files that rest on an edition which an event corrects, or that it moves, and are founded no more."""
    if event.kind == CORRECTED:
        row = table_rows.table(place, _number(event))
        subjects = [f"table:{one.pk}" for one in table_rows.editions(row) if one.edition < row.edition]
        rested = Event.objects.filter(place=place, subject__in=subjects, seq__isnull=False)
        for cause in rested.filter(kind__in=("table.published", CORRECTED)):
            open_ones = Proposal.objects.filter(place=place, evidence__startswith=f"event:{cause.seq}/")
            for file in open_ones.exclude(state=ProposalState.DECIDED).order_by("id"):
                if not _founded(place, file, cause, row):
                    yield file, _why(place, row)
    elif event.kind == REPLIED:
        file = files.proposal(place, _number(event))
        cause = _cause(place, file) if file is not None and file.state != ProposalState.DECIDED else None
        if cause is not None:
            row = table_rows.table(place, _number(cause))
            now = table_rows.published(place, row.arena, Period.parse(row.period))
            if now is not None and now.edition > row.edition and not _founded(place, file, cause, now):
                yield file, _why(place, now)


def _cause(place: Any, file: Proposal) -> Event | None:
    """The publication of a table that a file rests on; None where it rests on something else."""
    number = file.evidence.partition("/")[0].removeprefix("event:")
    if not number.isdigit():
        return None
    return Event.objects.filter(place=place, seq=int(number), subject__startswith="table:").first()


def _founded(place: Any, file: Proposal, cause: Event, row: Table) -> bool:
    """Whether the rule would have proposed the file, had the edition that was published been this one."""
    rule = file.evidence.partition("/")[2]
    regime = regimes.regime_on(place, cause.at.astimezone(place.zone).date())
    facts = next((of for line, of in table_rows.facts_of(row) if line.unit_id == file.unit_id), None)
    if facts is None:
        return False
    try:
        found = matching(regime, cause.kind, json.loads(cause.data) | facts)
    except ConditionError:
        return True  # a condition that cannot be answered takes nothing back
    return any(match.key == rule for match in found)


def _why(place: Any, row: Table) -> str:
    with translation.override(place.language):
        said = _(
            "Withdrawn: by edition %(edition)s of the table it rests on, its rule does not apply. %(why)s"
        )
        return said % {"edition": row.edition, "why": row.why}


def _withdraw(file: Proposal, why: str, event: Event, now: datetime, by: str) -> None:
    """Close a file, not upheld; one that may not be decided before a reply is told of as unfounded until then."""
    if files.check_decide(file, now) is None:
        merits.decide(proposal=file, upheld=False, decision=why, by=by, now=now)
        return
    record(
        place=file.place,
        kind="merit.unfounded",
        by=by,
        now=now,
        subject=f"merit:{file.pk}",
        data={"unit.key": file.unit.key, "merit.kind": file.merit, "merit.tone": file.tone, "why": why},
        cause=f"event:{event.seq}/correction",
    )
