"""A file before the deciding body: the decision, the appeal, what another person makes of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from leitai.apps.ledger.actions import action, record
from leitai.apps.ledger.errors import refuse
from leitai.apps.regimes import queries as regimes
from leitai.rules import merits as core
from leitai.rules.casework import says_nothing
from leitai.rules.kernel import N_
from leitai.rules.ledger import digest

from .. import moves
from ..models import Proposal, ProposalState
from ..queries import check_appeal, check_decide, check_decider, flagged, spec_of


@action("merit.decided")
def decide(
    *, proposal: Proposal, upheld: bool, decision: str, by: str, now: datetime, decider: str = ""
) -> Proposal:
    """Decide a file. `decider`: who decided, where a system tells of it by its key; else it is who does it.

    Refused before the reply or the end of the time for it, without article, evidence or words for the decision, and
    to whoever is not of the deciding body, is of the unit, is the one concerned, or proposed it.
    """
    row = moves.held(proposal)
    who = decider or by
    state = moves.moved(row, "decide", "decider", {"reason": decision})
    moves.demand(check_decider(row, who))
    moves.demand(check_decide(row, now))
    spec = spec_of(row)
    row.state = state
    row.upheld = upheld
    row.decision = decision.strip()
    row.decided_at = now
    row.decided_by = who
    row.expires_at = core.expiry(spec, now, row.place.zone) if upheld and spec else None
    row.appeal_by = core.appeal_by(spec, row.merit, upheld, now, _calendar(row, spec)) if spec else None
    row.save()
    more = {"merit.upheld": upheld, "expires": row.expires_at, "decided_by": who}
    record(**moves.event(row, "merit.decided", by, now, **more))
    return row


@action("merit.appealed")
def appeal(*, proposal: Proposal, text: str, by: str, now: datetime) -> Proposal:
    """Ask that another person look at a decision again. Until it is settled the decision stands, marked as appealed."""
    row = moves.held(proposal)
    state = moves.moved(row, "appeal", "subject", {"note": text})
    moves.demand(check_appeal(row, now))
    row.state = state
    row.appeal = text.strip()
    row.appealed_at = now
    row.save()
    record(**moves.event(row, "merit.appealed", by, now, words=digest(row.appeal.encode())))
    return row


@action("merit.settled")
def settle(
    *, proposal: Proposal, upheld: bool, decision: str, by: str, now: datetime, decider: str = ""
) -> Proposal:
    """Settle an appeal; `upheld`: the appeal is, which undoes the decision. By another person than who decided."""
    row = moves.held(proposal)
    who = decider or by
    state = moves.moved(row, "settle", "decider", {"reason": decision})
    moves.demand(check_decider(row, who))
    spec = spec_of(row)
    row.state = state
    row.appeal_upheld = upheld
    row.appeal_decision = decision.strip()
    row.settled_at = now
    row.settled_by = who
    holds = core.stands(bool(row.upheld), upheld)
    if not holds:
        row.expires_at = None
    elif upheld and spec:  # an honour that was denied is given from now on
        row.expires_at = core.expiry(spec, now, row.place.zone)
    row.save()
    more = {"merit.upheld": holds, "appeal": upheld, "decided_by": who}
    record(**moves.event(row, "merit.settled", by, now, **more))
    return row


@action("merit.kept")
def keep(*, proposal: Proposal, reason: str, by: str, now: datetime) -> Proposal:
    """Say why a decision stands although what it rests on was corrected; added to the words of the decision."""
    row = moves.held(proposal)
    if row.state == ProposalState.WITHDRAWN or row.pk not in flagged(row.place, [row]):
        raise refuse("not-flagged", N_("Nothing that this decision rests on was corrected since."))
    said = reason.strip()
    if says_nothing(said):
        raise refuse("says-nothing", N_("Write what another person could check."))
    moves.demand(check_decider(row, by))
    row.decision = f"{row.decision}\n\n{said}"
    row.save()
    record(**moves.event(row, "merit.kept", by, now, words=digest(said.encode())))
    return row


def _calendar(row: Proposal, spec: Any) -> Any:
    """The calendar in which the consequence's times are counted; None where it names none."""
    if spec.on is None:
        return None
    regime = regimes.regime_on(row.place, row.proposed_at.astimezone(row.place.zone).date())
    return regimes.calendars(regime)[spec.on]
