"""A merit file: who is to get what consequence, by which rule, on what evidence, and when it may be decided.

A consequence touches a person, so the file is made to be contested: it names the rule and the records it
rests on, nobody decides before the one concerned has spoken or let the time for it pass, and where the
rule-book gives no time to reply a consequence of accountability waits for their words.
All instants are aware datetimes; those made here are UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

from leitai.rules.kernel import N_, Finding
from leitai.rules.regime.model import MeritSpec
from leitai.rules.worktime import Calendar, due, parse_within

from .lasting import parse_lasts

Tone = Literal["honour", "notice", "accountability"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed consequence.

    `merit`: its key in the rule-book; `target`: the unit, person or post it is for; `rule`: the rule's own
    source in the rule-book; `evidence`: what in the ledger it rests on (events by number, subjects by key).
    `reply_by` is None where no time to reply is set; `expires_at` is None until it is upheld, and where it
    has no term.
    """

    merit: str
    tone: Tone
    target: str
    reason: str
    rule: str
    evidence: tuple[str, ...]
    proposed_at: datetime
    reply_by: datetime | None = None
    expires_at: datetime | None = None


def propose(
    spec: MeritSpec,
    key: str,
    subject: str,
    rule_source: str,
    reason: str,
    evidence: tuple[str, ...],
    at: datetime,
    calendar: Calendar | None,
) -> Proposal:
    """The file of a consequence proposed at an instant.

    `calendar` is that of `spec.on`. Raises ValueError for a time to reply without a calendar to count it in.
    """
    reply_by = None
    if spec.reply is not None:
        if calendar is None:
            raise ValueError(f"merit {key!r} has a time to reply and no calendar to count it in")
        reply_by = due(at, parse_within(spec.reply), calendar).instant
    return Proposal(key, spec.tone, subject, reason, rule_source, evidence, at, reply_by)


def check_decide(proposal: Proposal, now: datetime, reply: str | None) -> Finding | None:
    """Why a file may not be decided at `now`; None where it may. `reply`: what the one concerned said."""
    values: dict[str, object] = {"target": proposal.target, "reply_by": proposal.reply_by}
    if not proposal.rule.strip():
        return Finding("no-rule", N_("the file of %(target)s names no rule it rests on"), values=values)
    if not any(one.strip() for one in proposal.evidence):
        return Finding("no-evidence", N_("the file of %(target)s rests on no evidence"), values=values)
    if reply is not None and reply.strip():
        return None
    if proposal.reply_by is None and proposal.tone == "accountability":
        message = N_("%(target)s has not replied, and the rule-book sets no time after which silence counts")
        return Finding("reply-first", message, values=values)
    if proposal.reply_by is not None and now <= proposal.reply_by:
        message = N_("%(target)s has not replied and may do so until %(reply_by)s")
        return Finding("reply-first", message, values=values)
    return None


def expiry(spec: MeritSpec, decided_at: datetime, zone: ZoneInfo) -> datetime | None:
    """When an upheld consequence is over: the midnight that ends its last day; None where it has no term.

    The day of the decision is its first. Raises LastsError for a term that is none (the check finds it).
    """
    if spec.lasts is None:
        return None
    day = parse_lasts(spec.lasts).after(decided_at.astimezone(zone).date())
    return datetime.combine(day, time(), zone).astimezone(UTC)
