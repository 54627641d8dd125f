"""Rows of consequences, officials and tenures that the database must refuse."""

from __future__ import annotations

from datetime import date
from typing import Any

from leitai.apps.merits.models import Proposal
from leitai.apps.people import actions as people
from leitai.apps.people.models import Official, Tenure
from tests.apps.bad import again, bad, changed
from tests.factories import BY, DAY, HOUR, NOW, Town


def proposal(town: Town, **more: Any) -> Proposal:
    """A file awaiting its reply, written past the actions."""
    values = {
        "place": town.place,
        "merit": "blame",
        "tone": "accountability",
        "unit": town.units["water"],
        "number": "article 8",
        "rule": "rule 8",
        "reason": "late",
        "evidence": "event:7/x",
        "links": ["case:1"],
        "proposed_at": NOW,
        "reply_by": NOW + DAY,
    }
    return Proposal.objects.create(**values | more)


def decided(town: Town, **more: Any) -> Proposal:
    """One that was decided after the reply."""
    values = {
        "state": "decided",
        "upheld": True,
        "decision": "So be it",
        "decided_at": NOW,
        "decided_by": BY,
        "replied_at": NOW - HOUR,
    }
    return proposal(town, **values | more)


def settled(town: Town, **more: Any) -> Proposal:
    """One whose appeal was settled."""
    values = {
        "state": "settled",
        "appeal": "It was not us",
        "appealed_at": NOW,
        "appeal_upheld": False,
        "appeal_decision": "It was",
        "settled_at": NOW,
        "settled_by": "account:another",
    }
    return decided(town, **values | more)


def tenure(town: Town, key: str = "o1", **more: Any) -> Tenure:
    """A head of the water bureau since 2023."""
    values = {"key": key, "unit": "water", "duty": "head", "since": date(2023, 1, 1), "name": "Li Hua"} | more
    people.put_officials(place=town.place, drafts=[people.OfficialDraft(**values)], by=BY, now=NOW)
    return Tenure.objects.filter(official__key=key).latest("id")


def two_heads(town: Town) -> Any:
    tenure(town)
    other = tenure(town, "o2", duty="deputy")
    return changed(other, duty="head")


bad(Proposal, "proposal_has_rule_and_evidence")(lambda t: proposal(t, evidence=""))
bad(Proposal, "proposal_hears_before_deciding")(lambda t: decided(t, replied_at=None))
bad(Proposal, "proposal_accountability_waits_for_reply")(lambda t: decided(t, replied_at=None, reply_by=None))
bad(Proposal, "proposal_decision_whole_or_not")(lambda t: decided(t, decision=""))
bad(Proposal, "proposal_decided_by_article")(lambda t: decided(t, number=""))
bad(Proposal, "proposal_decided_on_evidence")(lambda t: decided(t, links=[]))
bad(Proposal, "proposal_appeal_whole")(lambda t: decided(t, state="appealed", appealed_at=NOW))
bad(Proposal, "proposal_settled_by_another")(lambda t: settled(t, settled_by=BY))
bad(Proposal, "proposal_withdrawn_with_reason")(lambda t: proposal(t, state="withdrawn", withdrawn_at=NOW))
bad(Official, "official_once_in_place")(lambda t: again(tenure(t).official))
bad(Tenure, "tenure_once")(lambda t: again(tenure(t, duty="deputy")))
bad(Tenure, "tenure_one_head")(two_heads)
bad(Tenure, "tenure_duty_known")(lambda t: changed(tenure(t), duty="king"))
bad(Tenure, "tenure_ends_after_it_began")(lambda t: changed(tenure(t), until=date(2023, 1, 1)))
