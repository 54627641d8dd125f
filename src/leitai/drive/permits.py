"""Permits of a start and the cases their clocks run on: one opens with the other, and each goes where the other stands.

What is decided of a permit is decided in its own room; its case follows. A clerk who reports the case as done has
granted the permit, unless it cannot be granted: then the case comes back with the reason.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext

from leitai.apps.casework import actions as casework
from leitai.apps.casework import queries as cases
from leitai.apps.ledger import queries as ledger
from leitai.apps.ledger.errors import Refused
from leitai.apps.ledger.models import Event
from leitai.apps.permits import actions, queries
from leitai.apps.projects import actions as projects

BY = "drive"


def begun(place: Any, event: Event, now: datetime) -> bool:
    """A permit that is being worked on has a case at its unit, due within the permit's own time."""
    row = queries.by_subject(place, event.subject)
    # Granted or waiting again by now: there is nothing to be timed any more.
    if row is None or row.due_at is None or row.round != ledger.data(event)["permit.round"]:
        return False
    spec = queries.spec_of(row.start)
    casework.open_case(
        place=place,
        kind=spec.case,
        unit=row.unit,
        title=f"{spec.permits[row.key].name.show(place.language)} · {row.start.title}",
        enterprise=row.start.enterprise,
        about=event.subject,
        given_due=row.due_at,
        at=event.at,
        once=_once(event.subject, row.round),
        cause=f"event:{event.seq}",
        by=BY,
        now=now,
    )
    return True


def granted(place: Any, event: Event, now: datetime) -> bool:
    """The case of a permit that was granted is answered by who granted it, and closed."""
    case = _case(place, event)
    if case is None:
        return False
    number = ledger.data(event)["number"]
    with translation.override(place.language):
        done = gettext("Permit granted")
        if number:
            done = gettext("Permit granted, document %(number)s") % {"number": number}
    _move(case, "answer", {"done": done}, event.by, now)
    return _move(case, "close", {"evidence": f"event:{event.seq}"}, BY, now)


def reopened(place: Any, event: Event, now: datetime) -> bool:
    """The case of a permit that waits again is laid down: its clock is neither kept nor missed."""
    case = _case(place, event)
    if case is None:
        return False
    return _move(case, "set-aside", {"reason": ledger.data(event)["why"]}, BY, now)


def answered(place: Any, event: Event, now: datetime) -> bool:
    """A case that a clerk reports as done grants its permit; where that cannot be, the case comes back."""
    case = cases.case(place, event.subject.partition(":")[2])
    row = queries.by_subject(place, case.about) if case is not None else None
    if case is None or row is None or row.due_at is None or case.once != _once(case.about, row.round):
        return False
    try:
        actions.grant(permit=row, by=event.by, now=now)
    except Refused as told:
        return _move(case, "return", {"reason": str(told)}, BY, now)
    return True


def path_moved(place: Any, event: Event, now: datetime) -> bool:
    """The project of a start is told which permit holds it up now, at which unit, since when."""
    data = ledger.data(event)
    what, _, number = event.subject.partition(":")
    start = queries.start(place, int(number) if what == "start" else data["start"])
    if start is None or start.project is None:
        return False
    (line,) = queries.lines([start], now)
    permit, said = line.at, ""
    if permit is not None and line.permit is not None:
        said = line.permit.show(place.language)
        if permit.state == "asking":
            with translation.override(place.language):
                said = gettext("%(permit)s: papers of the enterprise") % {"permit": said}
    since = permit.since.astimezone(place.zone).date() if permit is not None else None
    unit, ref = (permit.unit, f"start:{start.pk}") if permit is not None else (None, "")
    return bool(
        projects.hold_path(project=start.project, unit=unit, what=said, since=since, ref=ref, by=BY, now=now)
    )


def _once(subject: str, round_: int) -> str:
    """The key of the case of one round of a permit: a permit that is begun anew has another."""
    return f"{subject}/{round_}"


def _case(place: Any, event: Event) -> Any | None:
    """The open case of the round that an event tells of, however late it is read."""
    case = cases.open_about(place, event.subject)
    return (
        case
        if case is not None and case.once == _once(event.subject, ledger.data(event)["permit.round"])
        else None
    )


def _move(case: Any, key: str, form: dict[str, str], by: str, now: datetime) -> bool:
    """Take a move of a case in the role it belongs to, where it can be taken from where the case stands."""
    case.refresh_from_db()
    move = next((one for one in cases.flow(case).moves if one.key == key), None)
    if move is None or case.state not in move.from_states:
        return False
    casework.move_case(case=case, move=key, role=move.by[0], form=form, by=by, now=now)
    return True
