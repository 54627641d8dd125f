"""Rows of starts that the database must refuse."""

from __future__ import annotations

from typing import Any

from leitai.apps.permits.models import Duty, Hold, Paper, Permit, Start
from tests.apps.bad import again, bad, changed
from tests.factories import BY, DAY, NOW, Town


def start(town: Town, **more: Any) -> Start:
    values = {"place": town.place, "key": "plant", "title": "A plant", "opened_at": NOW, "opened_by": BY}
    return Start.objects.create(**values | more)


def permit(town: Town, **more: Any) -> Permit:
    values = {
        "start": start(town),
        "key": "land",
        "unit": town.units["roads"],
        "state": "granted",
        "since": NOW,
    }
    return Permit.objects.create(**values | more)


def paper(town: Town) -> Paper:
    return Paper.objects.create(start=start(town), key="licence", given_at=NOW, given_by=BY)


def duty(town: Town) -> Duty:
    return Duty.objects.create(permit=permit(town), papers=["licence"], due_at=NOW + DAY)


bad(Start, "start_once")(lambda t: [start(t, once="the-same") for _ in range(2)])
bad(Start, "start_is_named")(lambda t: start(t, title=""))
bad(Start, "start_given_up_says_why")(lambda t: changed(start(t), given_up_at=NOW))
bad(Permit, "permit_once")(lambda t: again(permit(t)))
bad(Permit, "permit_state_known")(lambda t: changed(permit(t), state="lost"))
bad(Permit, "permit_due_while_worked_on")(lambda t: changed(permit(t), due_at=NOW))
bad(Permit, "permit_dropped_says_why")(lambda t: changed(permit(t), state="dropped"))
bad(Permit, "permit_committed_by_somebody")(lambda t: changed(permit(t), committed_at=NOW))
bad(Hold, "hold_by_somebody")(lambda t: Hold.objects.create(permit=permit(t), at=NOW, holder=""))
bad(Paper, "paper_once_for_a_start")(lambda t: again(paper(t)))
bad(Paper, "paper_returned_says_why")(lambda t: changed(paper(t), returned_at=NOW))
bad(Duty, "duty_open_once")(lambda t: again(duty(t)))
bad(Duty, "duty_over_has_instant")(lambda t: changed(duty(t), state="done"))
bad(Duty, "duty_missed_when_due")(lambda t: changed(duty(t), state="missed", at=NOW))
