"""A file from its proposal to the words of those concerned; how it is taken back; that its time is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from leitai.apps.ledger.actions import UNCHANGED, action, nothing_new, record
from leitai.apps.ledger.errors import refuse
from leitai.apps.regimes import queries as regimes
from leitai.rules import merits as core
from leitai.rules.casework import says_nothing
from leitai.rules.kernel import N_
from leitai.rules.ledger import digest

from .. import moves
from ..models import Proposal, ProposalState
from ..queries import check_decider, check_object, expired

MOST_OBJECTED = 20_000  # letters that a file holds of what was said against an honour
ONE_OBJECTION = 2_000


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
    number: str = "",
    links: Sequence[str] = (),
    official: Any = None,
    by: str,
    now: datetime,
) -> Proposal:
    """Open the file of a consequence of the rule-book for a unit, its head, or an official.

    `rule` is the rule's own source, `number` its article (else the consequence's own); `evidence` the event it
    follows from, `links` what that is about ("table:3"); `official` who headed the unit then, where the list says.
    The time to reply runs from `now`, when the file can be known of, not from the event at `at` that it follows.
    An honour that one event brings by two roads (the house's own and a rule) is one file with one public notice.
    """
    regime = regimes.regime_on(place, at.astimezone(place.zone).date())
    spec = regime.merits[merit]
    known = _honoured(unit, official, merit, evidence) if spec.tone == "honour" else None
    if known is not None:
        nothing_new()
        return known
    calendar = regimes.calendars(regime)[spec.on] if spec.on else None
    found = tuple(dict.fromkeys(one for one in links if one))
    file = core.propose(
        spec, merit, unit.key, rule, reason, (evidence,), now, calendar, number=number, links=found
    )
    row = Proposal.objects.create(
        place=place,
        merit=merit,
        tone=file.tone,
        unit=unit,
        target=target,
        official=official,
        number=file.number[:60],
        rule=rule[:500],
        reason=reason[:500],
        evidence=evidence,
        links=list(found),
        proposed_at=at,
        reply_by=file.reply_by,
    )
    record(**moves.event(row, "merit.proposed", by, now, at=at, cause=evidence))
    return row


def _honoured(unit: Any, official: Any, merit: str, evidence: str) -> Proposal | None:
    """The file of the same honour for the same unit or official that another road led to from the same event.

    That one road leads there once is for whoever goes it to see to (the drive does).
    """
    event, slash, _rule = evidence.partition("/")
    if not slash:
        return None
    rows = Proposal.objects.filter(place=unit.place_id, unit=unit, official=official, merit=merit)
    return rows.filter(evidence__startswith=f"{event}/").exclude(evidence=evidence).order_by("id").first()


@action("merit.replied")
def reply(*, proposal: Proposal, text: str, by: str, now: datetime) -> Proposal:
    """What the one concerned says to it; kept as said, and again if they say more before the decision."""
    row = moves.held(proposal)
    if row.tone == "honour":
        raise refuse("honour-no-reply", N_("An honour is not answered: its public notice is for objections."))
    state = moves.moved(row, "reply", "subject", {"note": text})
    said = text.strip()
    row.reply = f"{row.reply}\n\n{said}".strip()
    row.replied_at = now
    row.state = state
    row.save()
    record(**moves.event(row, "merit.replied", by, now, words=digest(said.encode())))
    return row


@action("merit.objected")
def object_to(*, proposal: Proposal, text: str, by: str, now: datetime) -> Proposal:
    """What anyone says against an honour during its public notice; read by whoever decides, shown to no public."""
    row = moves.held(proposal)
    if row.state != ProposalState.PROPOSED:
        raise refuse("notice-over", N_("This honour is no longer open to objections."))
    moves.demand(check_object(row, now))
    said = text.strip()
    if says_nothing(said):
        raise refuse("says-nothing", N_("Write what another person could check."))
    if len(said) > ONE_OBJECTION:
        raise refuse("too-long", N_("At most %(most)s letters."), most=ONE_OBJECTION)
    if f"\n\n{said}\n\n" in f"\n\n{row.reply}\n\n":  # pressed twice
        nothing_new()
        return row
    if len(row.reply) + len(said) > MOST_OBJECTED:
        message = N_(
            "So much was said against this honour that the page takes no more: write to whoever decides."
        )
        raise refuse("too-much", message)
    row.reply = f"{row.reply}\n\n{said}".strip()
    row.save()
    record(**moves.event(row, "merit.objected", by, now, words=digest(said.encode())))
    return row


@action("merit.withdrawn")
def withdraw(*, proposal: Proposal, why: str, cause: str = "", by: str, now: datetime) -> Proposal:
    """Take a file back with the reason. The house takes back only what nobody decided; the deciding body, anything."""
    row = moves.held(proposal)
    state = moves.moved(row, "withdraw", "decider", {"reason": why})
    if by.startswith("account:"):
        moves.demand(check_decider(row, by))
    elif row.decided_at is not None:
        raise refuse("decided-by-people", N_("People decided this file; people take it back."))
    row.state = state
    row.withdrawn_at = now
    row.withdrawn_why = why.strip()[:300]
    row.save()
    record(**moves.event(row, "merit.withdrawn", by, now, cause=cause, why=row.withdrawn_why))
    return row


@action("merit.unfounded")
def flag(*, proposal: Proposal, why: str, cause: str, by: str, now: datetime) -> Proposal:
    """Tell that what a decided file rests on was corrected: the deciding body takes it back, or says why it stands."""
    row = moves.held(proposal)
    if row.decided_at is None or row.state == ProposalState.WITHDRAWN:
        raise refuse("not-decided", N_("Only a decided file is flagged; one that is not is withdrawn."))
    record(**moves.event(row, "merit.unfounded", by, now, cause=cause, why=why[:300]))
    return row


@action("merit.expired")
def tell_over(*, place: Any, by: str, now: datetime, limit: int = 200) -> int:
    """Tell of the consequences whose time is over, once each, as of when it was over. Returns how many."""
    rows = list(expired(place, now).select_for_update(of=("self",))[:limit])
    for row in rows:
        row.told_over_at = now
        row.save(update_fields=["told_over_at"])
        record(**moves.event(row, "merit.expired", by, now, at=row.expires_at))
    return len(rows) or UNCHANGED
