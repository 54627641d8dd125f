"""Writing campaigns: evidence offered for a goal by one account, accepted or refused by another."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from leitai.apps.ledger.actions import UNCHANGED, action, record
from leitai.apps.ledger.errors import refuse
from leitai.apps.people import queries as people
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import N_

from .models import Proof


@action("campaign.shown")
def offer(*, place: Any, campaign: str, goal: str, text: str, ref: str, by: str, now: datetime) -> Proof:
    """Offer evidence for a goal that asks for it. Raises Refused while another waits or was accepted."""
    spec = regimes.regime_on(place, now.astimezone(place.zone).date()).campaigns.get(campaign)
    found = spec.goals.get(goal) if spec is not None else None
    if found is None:
        raise refuse("no-goal", N_("The rule-book has no such goal."))
    if found.measure is not None:
        raise refuse("by-figure", N_("This goal is judged by its figure, not by evidence."))
    if not text.strip() or not ref.strip():
        raise refuse("no-evidence", N_("Say what shows it, and where it can be looked at."))
    held = Proof.objects.filter(place=place, campaign=campaign, goal=goal).exclude(state="refused").first()
    if held is not None and (held.text, held.ref, held.by) == (text.strip()[:500], ref.strip()[:300], by):
        return UNCHANGED
    if held is not None:
        raise refuse("shown-already", N_("Evidence for this goal is there already."))
    row = Proof.objects.create(
        place=place,
        campaign=campaign,
        goal=goal,
        text=text.strip()[:500],
        ref=ref.strip()[:300],
        by=by,
        at=now,
    )
    _told(row, "campaign.shown", {"text": row.text, "ref": row.ref}, by, now)
    return row


@action("campaign.answered")
def answer(*, proof: Proof, accepted: bool, reply: str = "", by: str, now: datetime) -> Proof:
    """Accept evidence, or refuse it with the reason; what was accepted can still be refused when it proves wrong.

    Raises Refused for whoever offered it, and for a refusal without a reason.
    """
    row = Proof.objects.select_for_update(of=("self",)).select_related("place").get(pk=proof.pk)
    state = "accepted" if accepted else "refused"
    if row.state == state:
        return UNCHANGED
    if row.by == by:
        raise refuse("same-account", N_("Whoever offered the evidence cannot accept it."))
    if row.state == "refused":
        raise refuse("answered", N_("This was refused; new evidence has to be offered."))
    if not accepted and not reply.strip():
        raise refuse("no-reason", N_("Say why."))
    row.state, row.reply, row.answered_by, row.answered_at = state, reply.strip()[:500], by, now
    row.save(update_fields=["state", "reply", "answered_by", "answered_at"])
    _told(row, "campaign.answered", {"campaign.accepted": accepted, "reply": row.reply}, by, now)
    return row


def _told(row: Proof, kind: str, data: dict[str, Any], by: str, now: datetime) -> None:
    subject = f"goal:{row.campaign}/{row.goal}"
    facts = {"campaign.key": row.campaign, "campaign.goal": row.goal} | _owner(row, now)
    record(place=row.place, kind=kind, by=by, now=now, subject=subject, data=facts | data)


def _owner(row: Proof, now: datetime) -> dict[str, str]:
    """The unit that answers for a goal, as rules ask of it; "" where the rule-book names none, or none any more."""
    spec = regimes.regime_on(row.place, now.astimezone(row.place.zone).date()).campaigns.get(row.campaign)
    goal = spec.goals.get(row.goal) if spec is not None else None
    unit = people.unit(row.place, goal.owner) if goal is not None and goal.owner else None
    return {"unit.key": unit.key if unit else "", "unit.kind": unit.kind if unit else ""}
