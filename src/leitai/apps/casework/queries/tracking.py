"""Reading a case as whoever reported it may: its road with what the two sides said to each other, and its end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from leitai.apps.regimes import queries as regimes
from leitai.rules import casework as core
from leitai.rules.kernel import N_, Finding
from leitai.rules.worktime import parse_within

from ..models import Case, Step
from ..rows import local_day
from .cases import Line, flow

OVER, NOT_OVER = "reporter-over", "reporter-not-over"  # the reporter's steps; their words are in core.STEPS
OWN = ("open", OVER, NOT_OVER)
SET_ASIDE = "set-aside"
# Moves whose words are meant for whoever reported it; what offices say to each other is not.
TOLD = frozenset({"case.replied", "case.answered", "case.closed", "case.returned"})


def is_public(case: Case) -> bool:
    """Whether the rule-book of its day makes the words and photos of this kind public."""
    return bool(_spec(case).public)


def _spec(case: Case) -> Any:
    return regimes.shelf(case.place).kind(local_day(case.place, case.opened_at), case.kind)[1]


def road_outside(case: Case) -> tuple[Line, ...]:
    """The road of a case, oldest first, for whoever follows it by its code.

    With the words of both sides where its kind is public, and with the reporter's own always; with no account's name.
    """
    return _road(case, is_public(case))


def road_of_enterprise(case: Case) -> tuple[Line, ...]:
    """The road of a case, oldest first, for its enterprise: with its own words and those meant for it, and no name.

    What it was asked to agree to, it has read; what units and the office ask of each other is theirs.
    """
    return _road(case, True, "enterprise")


def _road(case: Case, both: bool, role: str = "") -> tuple[Line, ...]:
    """The road with the reporter's own words, those of steps that `role` took or agreed to, and, where `both`, those
    that are meant for whoever waits."""
    table = flow(case)
    order = {name: at for at, name in enumerate(core.FIELDS)}
    found = []
    for step in Step.objects.filter(case=case).select_related("unit").order_by("at", "id"):
        label, said = core.STEPS.get(step.move), step.move in OWN or step.role == role
        if label is None:
            move = table.move(step.move)
            label, said = move.label, said or (both and move.event in TOLD)
        # Not every database keeps the order of names.
        names = sorted(step.form, key=lambda name: (order.get(name, len(order)), name))
        form = tuple(
            (core.FIELDS.get(name, core.FIELDS["note"]), step.form[name])
            for name in names
            if said and step.form[name]
        )
        unit = step.unit.name if step.unit is not None and step.holder == "unit" else ""
        found.append(Line(step.at, unit, core.ROLES.get(step.role, core.ROLES["none"]), label, form))
    return tuple(found)


def confirmed(case: Case) -> bool:
    """Whether the reporter said last that it is over."""
    last = Step.objects.filter(case=case, move__in=(OVER, NOT_OVER)).order_by("-at", "-id").first()
    return last is not None and last.move == OVER


def came_back(case: Case) -> Case | None:
    """The case as which a closed one goes on, opened again by whoever follows it."""
    return case.relapses.filter(tracking__isnull=False, once=f"again-{case.pk}").first()


def check_say(case: Case) -> Finding | None:
    """Why the reporter cannot say yet whether it is over; None where they can."""
    if case.state == SET_ASIDE:
        return Finding("not-taken-up", N_("It was not taken up; the reason is told below."))
    answered = {move.to_state for move in flow(case).moves if move.milestone == "answered"}
    if case.closed_at is None and case.state not in answered:
        return Finding("not-answered", N_("It is still being worked on: nothing was reported as done yet."))
    return None


def check_again(case: Case, now: datetime) -> Finding | None:
    """Why a closed case cannot be said to have come back; None where it can, and while it is open."""
    relapse = _spec(case).relapse
    if case.closed_at is None or (relapse is not None and now <= case.closed_at + _window(relapse)):
        return None
    return Finding(
        "relapse-late", N_("It was closed too long ago to be opened again; report it anew, please.")
    )


def _window(relapse: str) -> timedelta:
    """A relapse window as plain time; working days count as days, as where cases are opened."""
    found = parse_within(relapse)
    return timedelta(minutes=found.amount) if found.unit == "minutes" else timedelta(days=found.amount)
