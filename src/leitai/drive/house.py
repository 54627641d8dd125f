"""What follows in every place, whatever its rule-book: callers drawn, cases that follow verdicts, closings compared.

Verdicts and cases are rows of rooms side by side that do not know each other. What a verdict counts as is decided
about the verdict alone, by a caller and a reviewer; the case about it is moved here to where the verdict stands. In the
other direction goes one thing: a case that the office strikes off tells the citizen what was put right.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from leitai.apps.ballots import actions as ballots
from leitai.apps.ballots import queries as verdicts
from leitai.apps.casework import actions as casework
from leitai.apps.casework import queries as cases
from leitai.apps.ledger.models import Event
from leitai.rules.ballots.calling import seed_of

from . import bulletins, contests, inspections, meetings, permits, projects

BY = "drive"

# The moves that bring a case to where its verdict stands, by the case's state. What is not here is there already, or
# is the unit's and the office's to move.
MOVES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "unreached": {"opened": ("unreached",)},
    "doubted": {"opened": ("doubt",)},
    "upheld": {"opened": ("uphold",), "not-upheld": ("overrule",)},
    "set_aside": {
        "opened": ("doubt", "set-aside"),
        "not-upheld": ("set-aside",),
        "upheld": ("set-aside",),
        "answered": ("set-aside",),
    },
}


def _draw(place: Any, event: Event, now: datetime) -> bool:
    """A caller for a verdict, by the link that sealed the event which asks for one."""
    ballot = verdicts.by_subject(place, event.subject)
    if ballot is None:
        return False
    seed = seed_of(place.key, ballot.index, event.link)
    ballots.draw_caller(ballot=ballot, candidates=verdicts.candidates(ballot), seed=seed, by=BY, now=now)
    return True


def _follow(place: Any, event: Event, now: datetime) -> bool:
    """The open case about a verdict goes to where the verdict stands."""
    return _moved(place, event.subject, now)


def _caught_up(place: Any, event: Event, now: datetime) -> bool:
    """A case that was opened about a verdict which is decided already goes there too."""
    case = cases.case(place, event.subject.partition(":")[2])
    return case is not None and _moved(place, case.about, now)


def _moved(place: Any, about: str, now: datetime) -> bool:
    ballot = verdicts.by_subject(place, about)
    case = cases.open_about(place, about) if ballot is not None else None
    if ballot is None or case is None:
        return False
    flow, moves = cases.flow(case), MOVES.get(_found(ballot), {}).get(case.state, ())
    with translation.override(place.language):
        form = _form(ballot)
    for move in moves:
        step = flow.move(move)
        said = {name: form[name] for name in step.needs}
        casework.move_case(case=case, move=move, role=step.by[0], form=said, by=BY, now=now)
    return bool(moves)


def _found(ballot: Any) -> str:
    """What is found of a verdict so far. An appeal or an objection that is not decided yet changes nothing of it."""
    if ballot.standing != "counted":
        return str(ballot.standing)
    call = verdicts.call_of(ballot)
    if call is None or not call.outcome:
        return "open"
    return "unreached" if call.outcome == "unreachable" else "doubted"


def _form(ballot: Any) -> dict[str, str]:
    """What the case is told of the verdict: the public reason and the rule, nothing of what a caller noted."""
    note = {
        "unreached": _("The citizen was not reached; the verdict goes on counting."),
        "doubted": _("The caller doubts it; a reviewer decides."),
    }.get(_found(ballot), ballot.reason)
    decided = [one.rule for one in verdicts.reviews_of(ballot) if one.rule]
    return {"note": note, "reason": ballot.reason, "evidence": (decided or [ballot.reason])[-1]}


def _answered(place: Any, event: Event, now: datetime) -> bool:
    """A case that ends answers the verdict it is about with what the unit put right."""
    case = cases.case(place, event.subject.partition(":")[2])
    ballot = verdicts.by_subject(place, case.about) if case is not None else None
    if (
        case is None
        or ballot is None
        or case.state != "closed"
        or ballot.standing != "upheld"
        or ballot.answer
    ):
        return False
    done = cases.said(case, "answer").get("done", "")
    if not done:
        return False
    ballots.answer(ballot=ballot, text=done, by=BY, now=now)
    return True


def _compared(place: Any, event: Event, now: datetime) -> bool:
    """What a unit closed a case with is compared with what other cases were closed with."""
    case = cases.case(place, event.subject.partition(":")[2])
    if case is None or case.source:
        return False
    return bool(casework.sketch_closing(case=case, by=BY, now=now))


Deed = Callable[[Any, Event, datetime], bool]


def _house(**deeds: Deed) -> Mapping[str, Deed]:
    """Things of several rooms that follow from one event, by what the drive keeps each as done under.

    They are done in this order, each once and by itself: where one cannot be done, the others are done all the same.
    """
    return {f"house:{name}": deed for name, deed in deeds.items()}


def _alone(deed: Deed) -> Mapping[str, Deed]:
    """The one thing that follows from an event."""
    return {"house": deed}


FOLLOWS: Mapping[str, Mapping[str, Deed]] = {
    "ballot.bad": _alone(_draw),
    "ballot.call_passed": _alone(_draw),
    "ballot.unreached": _alone(_follow),
    "ballot.doubted": _alone(_follow),
    "ballot.upheld": _alone(_follow),
    "ballot.reinstated": _alone(bulletins.verdict_back),
    "ballot.set_aside": _house(case=_follow, bulletins=bulletins.verdict_aside),
    "case.opened": _alone(_caught_up),
    "case.answered": _house(likeness=_compared, permit=permits.answered),
    "case.closed": _house(likeness=_compared, verdict=_answered, bulletins=bulletins.case_changed),
    "case.relapsed": _alone(bulletins.case_changed),
    "contest.elected": _alone(contests.honour),
    "occasion.due": _house(
        meeting=meetings.due, contests=contests.call_contests, rounds=inspections.open_rounds
    ),
    "occasion.held": _house(contests=contests.call_contests, rounds=inspections.open_rounds),
    "occasion.opened": _house(meeting=meetings.opened, rounds=inspections.open_rounds),
    "permit.asked": _alone(permits.path_moved),
    "permit.begun": _house(case=permits.begun, path=permits.path_moved),
    "permit.dropped": _alone(permits.path_moved),
    "permit.granted": _house(case=permits.granted, path=permits.path_moved),
    "permit.reopened": _house(case=permits.reopened, path=permits.path_moved),
    "project.problem": _alone(projects.problem),
    "reading.answered": _alone(meetings.figure_changed),
    "reading.corrected": _alone(meetings.figure_changed),
    "reading.disputed": _alone(meetings.figure_changed),
    "reading.reported": _alone(meetings.figure_changed),
    "start.given_up": _alone(permits.path_moved),
    "start.made": _alone(permits.path_moved),
    "table.corrected": _alone(bulletins.table_corrected),
}
