"""What the kinds of events are called on pages. A kind without words is shown by its key."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

WORDS = {
    "account.password_set": N_("password changed"),
    "ballot.bad": N_("bad verdict given"),
    "ballot.upheld": N_("verdict found true"),
    "ballot.set_aside": N_("verdict set aside"),
    "ballot.answered": N_("verdict answered"),
    "ballot.words_added": N_("words added to a verdict"),
    "ballot.words_purged": N_("words of verdicts deleted"),
    "ballot.reinstated": N_("verdict brought back"),
    "ballots.cast": N_("verdicts given"),
    "ballots.imported": N_("verdicts imported"),
    "ballots.logged": N_("verdicts added to the log"),
    "bulletin.drawn": N_("bulletin drawn up"),
    "case.opened": N_("case opened"),
    "case.dispatched": N_("case dispatched"),
    "case.handed_back": N_("case handed back"),
    "case.replied": N_("case replied to"),
    "case.answered": N_("case reported as done"),
    "case.called": N_("citizen called back"),
    "case.overruled": N_("finding overruled"),
    "case.returned": N_("case returned"),
    "case.closed": N_("case closed"),
    "cases.imported": N_("cases imported"),
    "clock.warned": N_("clock near its end"),
    "clock.breached": N_("clock ran out"),
    "enterprise.added": N_("enterprise added"),
    "enterprise.link_renewed": N_("enterprise given a new link"),
    "merit.proposed": N_("consequence proposed"),
    "merit.replied": N_("consequence replied to"),
    "merit.decided": N_("consequence decided"),
    "occasion.called": N_("occasion called"),
    "occasion.due": N_("occasion due"),
    "occasion.held": N_("occasion held"),
    "occasions.planned": N_("occasions planned"),
    "place.added": N_("place added"),
    "point.retired": N_("verdict point taken down"),
    "points.added": N_("verdict points added"),
    "post.given": N_("post given"),
    "post.taken": N_("post taken"),
    "reading.corrected": N_("reading corrected"),
    "reading.reported": N_("reading reported"),
    "reading.verified": N_("reading verified"),
    "readings.imported": N_("readings imported"),
    "regime.loaded": N_("rule-book loaded"),
    "rule.failed": N_("rule could not be carried out"),
    "table.frozen": N_("table frozen"),
    "table.published": N_("table published"),
    "unit.closed": N_("unit closed"),
    "unit.reopened": N_("unit reopened"),
    "units.changed": N_("units changed"),
}


def word(kind: str) -> str:
    """What a kind of event is called."""
    return _(WORDS[kind]) if kind in WORDS else kind
