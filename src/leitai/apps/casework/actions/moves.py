"""Taking a move of a case's flow: who may, what it needs, and what it does to the clocks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from leitai.apps.ledger.actions import action, record
from leitai.apps.ledger.errors import Refused, refuse
from leitai.apps.people import queries as people
from leitai.apps.regimes import queries as regimes
from leitai.rules import casework as core
from leitai.rules.kernel import N_

from ..models import Case
from ..rows import OVERSIGHT, facts, holds
from ..running import (
    carried,
    catch_up,
    drop_requests,
    keep,
    locked,
    pins,
    resumed,
    rows_of,
    rules_of,
    step,
    values,
)
from ..seals import bound

SET_ASIDE = "set-aside"
MOVE_EVENTS = core.MOVE_EVENTS


@action(*MOVE_EVENTS)
def move_case(*, case: Case, move: str, role: str, form: Mapping[str, str], by: str, now: datetime) -> Case:
    """Take a move of the case's flow in a role, with the form it needs. Raises Refused with the reason.

    Whoever worked on it for the unit takes no move of the office on it, whatever posts they hold: two pairs of eyes.
    A pause ends with the first move. Raises Refused also where the photos are missing that the kind demands.
    """
    case = locked(case)
    regime, spec, flow = rules_of(case)
    finding = core.check_move(flow, case.state, move, role, form)
    if finding is not None:
        raise Refused(finding)
    if role in OVERSIGHT and case.steps.filter(role="unit", by=by).exists():
        raise refuse(
            "own-work", N_("You answered this case for the unit; somebody else must judge what was done.")
        )
    taken = flow.move(move)
    _check_promise(case, form, now)
    if taken.milestone == "answered":
        _check_photos(case, spec)
    catch_up(case, by=by, now=now)
    if "unit" in taken.needs:
        case.unit = people.unit(case.place, form["unit"])
        if case.unit is None or not case.unit.active:
            raise refuse("unknown-unit", N_("There is no unit %(key)s."), key=form["unit"])
        case.first_unit = case.first_unit or case.unit
    if case.paused_until is not None:
        at, subject = resumed(case, role=role, by=by, now=now), f"case:{case.ref}"
        record(
            place=case.place, kind="case.resumed", by=by, now=now, at=at, subject=subject, data=facts(case)
        )
    if taken.undoes is not None and taken.undoes in _giving(flow):
        case.unit = None
        drop_requests(case, now)
    before, case.state = case.state, taken.to_state
    case.holder = flow.state(taken.to_state).owner
    case.returns += taken.undoes is not None
    if flow.state(taken.to_state).terminal:
        case.closed_at = now
        drop_requests(case, now)
    _run(case, taken, flow, spec, regime, by=by, now=now)
    made = step(case, move, role=role, by=by, at=now, form=form, before=before)
    record(
        place=case.place,
        kind=taken.event,
        by=by,
        now=now,
        subject=f"case:{case.ref}",
        data=facts(case) | {"move": move, "words": bound(f"step:{made.pk}", dict(form))},
        cause=case.cause,
    )
    return case


def _run(case: Case, taken: Any, flow: Any, spec: Any, regime: Any, *, by: str, now: datetime) -> None:
    """What a move does to the clocks of a case."""
    calendars = regimes.calendars(regime)
    rows = rows_of(case)
    clocks = values(rows)
    happened: tuple[Any, ...] = ()
    if taken.undoes is not None:
        clocks, happened = core.rewind(clocks, taken.undoes, now, flow, calendars, pins(case, clocks))
    if taken.to_state == SET_ASIDE:
        clocks, more = core.lay_down(clocks, now)
        happened += more
    if taken.milestone is not None:
        clocks, more = core.meet(clocks, taken.milestone, now, flow)
        happened += more
        fresh = core.start_clocks(spec, facts(case), taken.milestone, now, calendars, holds)
        clocks += carried(case, fresh, clocks, calendars, now) if "unit" in taken.needs else fresh
    keep(case, clocks, rows, happened, by=by, now=now)


def _giving(flow: core.Flow) -> set[str | None]:
    """The milestones that give a case to a unit: where one is undone, no unit has it."""
    return {move.milestone for move in flow.moves if "unit" in move.needs}


def _check_photos(case: Case, spec: Any) -> None:
    """The photos without which the rule-book takes no report: made since the case was last sent back."""
    wanted = {"none": (), "after": ("after",), "before-after": ("before", "after")}[spec.photos]
    there = set(case.photos.values_list("when", flat=True))
    last = case.steps.filter(move="return").order_by("-at").values_list("at", flat=True).first()
    if last is not None and not case.photos.filter(when="after", at__gte=last).exists():
        there.discard("after")
    if "after" in wanted and "after" not in there:
        raise refuse("photo-after", N_("Add a photo of how it looks now: this kind of case asks for one."))
    if "before" in wanted and "before" not in there:
        raise refuse(
            "photo-before", N_("A photo of how it looked before is missing: this kind of case asks for one.")
        )


def _check_promise(case: Case, form: Mapping[str, str], now: datetime) -> None:
    """A promise is for a time to come; words that are no time are left to whoever reads them."""
    try:
        promised = datetime.fromisoformat(form.get("time", ""))
    except ValueError:
        return
    if promised.tzinfo is None:
        promised = promised.replace(tzinfo=case.place.zone)
    if promised < now:
        raise refuse("promise-past", N_("The time you promise has passed already: name one to come."))
