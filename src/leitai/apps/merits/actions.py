"""Writing consequences: proposed by a rule, answered by the one concerned, decided by people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from leitai.apps.ledger.actions import action, record
from leitai.apps.ledger.errors import Refused
from leitai.apps.regimes import queries as regimes
from leitai.rules import merits as core
from leitai.rules.casework import check_move
from leitai.rules.ledger import digest

from .models import Proposal
from .queries import check_decide, spec_of


@action("merit.proposed")
def propose(
    *,
    place: Any,
    unit: Any,
    merit: str,
    target: str,
    rule: str,
    reason: str,
    evidence: str,
    at: datetime,
    by: str,
    now: datetime,
) -> Proposal:
    """Open the file of a consequence of the rule-book for a unit or its head. `rule` is the rule's own source.

    The time to reply runs from `now`, when the file can be known of, not from the event at `at` that it follows.
    """
    regime = regimes.regime_on(place, at.astimezone(place.zone).date())
    spec = regime.merits[merit]
    calendar = regimes.calendars(regime)[spec.on] if spec.on else None
    file = core.propose(spec, merit, unit.key, rule, reason, (evidence,), now, calendar)
    row = Proposal.objects.create(
        place=place,
        merit=merit,
        tone=file.tone,
        unit=unit,
        target=target,
        rule=rule[:500],
        reason=reason[:500],
        evidence=evidence,
        proposed_at=at,
        reply_by=file.reply_by,
    )
    record(
        place=place,
        kind="merit.proposed",
        by=by,
        now=now,
        at=at,
        subject=f"merit:{row.pk}",
        data=_facts(row),
        cause=evidence,
    )
    return row


def _facts(row: Proposal) -> dict[str, Any]:
    """What conditions and the drive may ask of a file."""
    return {
        "merit.kind": row.merit,
        "merit.tone": row.tone,
        "unit.key": row.unit.key,
        "unit.kind": row.unit.kind,
    }


def _move(row: Proposal, move: str, role: str, form: dict[str, str]) -> str:
    """The state that a move of the flow leads to. Raises Refused where it may not be taken with this form."""
    finding = check_move(core.FLOW, row.state, move, role, form)
    if finding is not None:
        raise Refused(finding)
    return core.FLOW.move(move).to_state


@action("merit.replied")
def reply(*, proposal: Proposal, text: str, by: str, now: datetime) -> Proposal:
    """What the one concerned says to it; kept as said, and again if they say more before the decision."""
    proposal = (
        Proposal.objects.select_for_update(of=("self",)).select_related("place", "unit").get(pk=proposal.pk)
    )
    state = _move(proposal, "reply", "subject", {"note": text})
    said = text.strip()
    proposal.reply = f"{proposal.reply}\n\n{said}".strip()
    proposal.replied_at = now
    proposal.state = state
    proposal.save()
    record(
        place=proposal.place,
        kind="merit.replied",
        by=by,
        now=now,
        subject=f"merit:{proposal.pk}",
        data=_facts(proposal) | {"words": digest(said.encode())},
    )
    return proposal


@action("merit.decided")
def decide(*, proposal: Proposal, upheld: bool, decision: str, by: str, now: datetime) -> Proposal:
    """Decide a file; refused before the reply or the end of the time for it, and without words for the decision."""
    proposal = (
        Proposal.objects.select_for_update(of=("self",)).select_related("place", "unit").get(pk=proposal.pk)
    )
    state = _move(proposal, "decide", "decider", {"reason": decision})
    finding = check_decide(proposal, now)
    if finding is not None:
        raise Refused(finding)
    spec = spec_of(proposal)
    proposal.state = state
    proposal.upheld = upheld
    proposal.decision = decision.strip()
    proposal.decided_at = now
    proposal.decided_by = by
    proposal.expires_at = core.expiry(spec, now, proposal.place.zone) if upheld and spec else None
    proposal.save()
    record(
        place=proposal.place,
        kind="merit.decided",
        by=by,
        now=now,
        subject=f"merit:{proposal.pk}",
        data=_facts(proposal) | {"upheld": upheld, "expires": proposal.expires_at},
    )
    return proposal
