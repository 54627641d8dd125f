"""A verdict's road in plain words: where it stands now, and what each event on the way was."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import NamedTuple

from django.utils.translation import gettext as _

from leitai.apps.ledger import queries as ledger
from leitai.rules.ballots.calling import Stage
from leitai.ui.words import instant

from .. import queries
from ..models import Ballot, Standing


class Day(NamedTuple):
    """A day of a place, for machines and for people. Hours are not told: whoever served one knows who came when."""

    iso: str
    shown: str


def day_of(at: datetime, zone: tzinfo) -> Day:
    """The day of an instant."""
    return Day(at.astimezone(zone).date().isoformat(), instant(at, zone, "day"))


class Step(NamedTuple):
    """One thing that happened: on which day, what it is called, the public reason, the rule's number."""

    day: Day
    label: str
    reason: str
    rule: str


def road(row: Ballot) -> list[Step]:
    """What happened to a verdict since it was given; what only the house needs is left out."""
    steps = []
    for event in queries.road(row):
        label = _label(event.kind)
        if label:
            said = ledger.data(event)
            day = day_of(event.at, row.place.zone)
            steps.append(Step(day, label, str(said.get("reason", "")), str(said.get("rule", ""))))
    return steps


def sentence(row: Ballot, stage: Stage | None) -> str:
    """Where a verdict stands, in one sentence."""
    if stage is None:
        return _("Your verdict counts.")
    aside = row.standing == Standing.SET_ASIDE
    if stage == Stage.OBJECTED and aside:
        return _("You objected: a second person decides. Until then your verdict does not count.")
    return _sentence(stage)


def _sentence(stage: Stage) -> str:
    return {
        Stage.UNDRAWN: _(
            "Your verdict counts. People outside the unit will look into it, and never tell who gave it."
        ),
        Stage.CALLING: _(
            "Your verdict counts. People outside the unit will look into it, and never tell who gave it."
        ),
        Stage.UNREACHED: _("Your verdict counts. Nobody could be reached to ask about it."),
        Stage.DOUBTED: _(
            "The call-back speaks against your verdict: a second person decides. Until then it counts."
        ),
        Stage.UPHELD: _("Your verdict was found true. It counts, and the unit must put things right."),
        Stage.APPEALED: _("The unit has appealed: a second person decides. Until then your verdict counts."),
        Stage.ANSWERED: _(
            "Your verdict was found true. It counts; the unit has put things right, and that was verified."
        ),
        Stage.SET_ASIDE: _(
            "Your verdict was set aside: it does not count. It stays in the public ledger, with the reason."
        ),
        Stage.OBJECTED: _(
            "You objected: a second person decides. Until then your verdict counts as found true."
        ),
    }[stage]


def _label(kind: str) -> str:
    """What an event of the road is called; empty for one that only the house needs."""
    return {
        "ballot.bad": _("Handed to people outside the unit to be looked into"),
        "ballot.words_added": _("You added something; it is kept sealed"),
        "ballot.call_tried": _("You were called and not reached"),
        "ballot.unreached": _("Nobody was reached; it counts as it is"),
        "ballot.upheld": _("Found true"),
        "ballot.doubted": _("The call-back speaks against it; a second person decides"),
        "ballot.appealed": _("The unit appealed"),
        "ballot.appeal_refused": _("The unit's appeal was refused"),
        "ballot.set_aside": _("Set aside"),
        "ballot.objected": _("You objected"),
        "ballot.objection_refused": _("Your objection was refused"),
        "ballot.reinstated": _("Your objection was granted: it counts again"),
        "ballot.answered": _("Put right by the unit, and verified"),
    }.get(kind, "")
