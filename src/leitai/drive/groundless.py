"""A correction that travels to people: a consequence that rests on what was corrected does not stand on it any longer.

While nobody decided it, the file is withdrawn with the reason and the event that took its ground away. One that people
decided is theirs: it is flagged, and the deciding body takes it back or says why it stands. Honours and burdens alike.

What takes a ground away: a table's new edition by which the rule would not have proposed it, a verdict that is set
aside, a case that is, and a commitment that counts as kept once its figures were corrected.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from leitai.apps.casework import queries as cases
from leitai.apps.ledger.models import Event
from leitai.apps.merits import actions as merits
from leitai.apps.merits import queries as files
from leitai.apps.regimes import queries as regimes
from leitai.apps.tables import queries as tables
from leitai.rules.merits import stands
from leitai.rules.regime.conditions import ConditionError
from leitai.rules.regime.matching import matching

TABLE, VERDICT, CASE, COMMITMENT = "table.corrected", "ballot.set_aside", "case.closed", "commitment.tested"
GROUNDS = frozenset({TABLE, VERDICT, CASE, COMMITMENT})

_VERDICT = N_("The verdict that it rests on was set aside (number %(seq)s in the ledger).")
_CASE = N_("The case that it rests on was set aside (number %(seq)s in the ledger).")
_KEPT = N_("By corrected figures the commitment that it rests on was kept (number %(seq)s in the ledger).")


def take_back(place: Any, events: Sequence[Event], now: datetime, *, by: str) -> bool:
    """Withdraw or flag the files whose ground some events took away; whether there were any."""
    done = False
    for event in events:
        for file, why in _groundless(place, event):
            cause = f"event:{event.seq}/correction"
            if file.decided_at is None:
                merits.withdraw(proposal=file, why=why, cause=cause, by=by, now=now)
            elif stands(file.upheld, file.appeal_upheld):
                merits.flag(proposal=file, why=why, cause=cause, by=by, now=now)
            else:
                continue
            done = True
    return done


def _groundless(place: Any, event: Event) -> Iterator[tuple[Any, str]]:
    """The files that rested on what an event corrects and are founded no more, each with the reason."""
    if event.kind == TABLE:
        yield from _of_table(place, event)
    elif event.kind == VERDICT:
        yield from _all(place, event, _VERDICT)
    elif event.kind == CASE and _set_aside(place, event):
        yield from _all(place, event, _CASE)
    elif event.kind == COMMITMENT and json.loads(event.data).get("commitment.verdict") == "kept":
        yield from _all(place, event, _KEPT)


def _all(place: Any, event: Event, why: str) -> Iterator[tuple[Any, str]]:
    with translation.override(place.language):
        said = _(why) % {"seq": event.seq}
    for file in files.resting_on(place, event.subject):
        cause = _cause(place, file)
        if cause is not None and cause.seq < event.seq:
            yield file, said


def _set_aside(place: Any, event: Event) -> bool:
    case = cases.case(place, event.subject.partition(":")[2])
    return case is not None and case.state == "set-aside"


def _of_table(place: Any, event: Event) -> Iterator[tuple[Any, str]]:
    row = tables.table(place, int(event.subject.partition(":")[2]))
    for one in tables.editions(row):
        if one.edition >= row.edition:
            continue
        for file in files.resting_on(place, f"table:{one.pk}"):
            cause = _cause(place, file)
            if cause is not None and not _founded(place, file, cause, row):
                with translation.override(place.language):
                    said = _(
                        "By edition %(edition)s of the table it rests on, its rule does not apply. %(why)s"
                    )
                    yield file, said % {"edition": row.edition, "why": row.why}


def _cause(place: Any, file: Any) -> Event | None:
    """The event that a file follows from; None where it follows from no event of this ledger."""
    number = file.evidence.partition("/")[0].removeprefix("event:")
    return Event.objects.filter(place=place, seq=int(number)).first() if number.isdigit() else None


def _founded(place: Any, file: Any, cause: Event, row: Any) -> bool:
    """Whether the rule would have proposed the file, had the edition that was published been this one."""
    rule = file.evidence.partition("/")[2]
    regime = regimes.regime_on(place, cause.at.astimezone(place.zone).date())
    facts = next((of for line, of in tables.facts_of(row) if line.unit_id == file.unit_id), None)
    if facts is None:
        return False
    try:
        found = matching(regime, cause.kind, json.loads(cause.data) | facts)
    except ConditionError:
        return True  # a condition that cannot be answered takes nothing back
    return any(match.key == rule for match in found)
