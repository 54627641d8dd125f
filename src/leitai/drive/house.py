"""What follows in every place, whatever its rule-book: a bad verdict and the case about it say the same.

The two are rows of rooms side by side that do not know each other. Whichever is decided first, the call-back
in the case or the verdict in the verify queue, the other follows by the corridor, once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from leitai.apps.ballots import actions as ballots
from leitai.apps.ballots import queries as ballot_rows
from leitai.apps.casework import actions as casework
from leitai.apps.casework import queries as cases
from leitai.apps.ledger.models import Event

BY = "drive"


def _case_decided(place: Any, event: Event, now: datetime) -> bool:
    """A call-back or review in a case decides the verdict it is about."""
    case = cases.case(place, event.subject.partition(":")[2])
    ballot = ballot_rows.by_subject(place, case.about) if case else None
    if case is None or ballot is None or ballot.standing != "counted":
        return False
    if case.state not in ("upheld", "answered", "closed", "set-aside"):
        return False
    aside = case.state == "set-aside"
    with translation.override(place.language):
        # The reason of a verdict is public: of a call-back's notes nothing goes there but the reason for setting aside.
        reason = cases.last_form(case).get("reason", "") if aside else _("Found true by call-back")
        ballots.verify(ballot=ballot, upheld=not aside, reason=reason, by=BY, now=now)
    return True


def _case_over(place: Any, event: Event, now: datetime) -> bool:
    """A case that ends answers the verdict it is about with what the unit put right, or sets it aside."""
    case = cases.case(place, event.subject.partition(":")[2])
    ballot = ballot_rows.by_subject(place, case.about) if case else None
    if case is None or ballot is None or case.state != "closed":
        return _case_decided(place, event, now)
    done = cases.said(case, "answer").get("done", "")
    if ballot.standing != "upheld" or ballot.answer or not done:
        return False
    ballots.answer(ballot=ballot, text=done, by=BY, now=now)
    return True


def _ballot_decided(place: Any, event: Event, now: datetime) -> bool:
    """A verdict decided in the verify queue moves the case about it on."""
    ballot = ballot_rows.by_subject(place, event.subject)
    case = cases.open_about(place, event.subject)
    if ballot is None or case is None:
        return False
    if ballot.standing == "upheld":
        moves = {"opened": ("uphold",), "not-upheld": ("overrule",)}.get(case.state, ())
    else:
        moves = {"opened": ("doubt", "set-aside"), "not-upheld": ("set-aside",)}.get(case.state, ())
    form = dict.fromkeys(("note", "reason", "evidence"), ballot.reason)
    for move in moves:
        casework.move_case(case=case, move=move, role="office", form=form, by=BY, now=now)
    return bool(moves)


FOLLOWS: Mapping[str, Callable[[Any, Event, datetime], bool]] = {
    "case.called": _case_decided,
    "case.overruled": _case_decided,
    "case.closed": _case_over,
    "ballot.upheld": _ballot_decided,
    "ballot.set_aside": _ballot_decided,
}
