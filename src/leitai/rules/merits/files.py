"""A merit file: who is to get what consequence, by which rule, on what evidence, and when it may be decided.

A consequence touches a person, so the file is made to be contested: it names the article and the records it
rests on, nobody decides before the one concerned has spoken or let the time for it pass, and where the
rule-book gives no time to reply it is never decided. An honour waits until the end of its public notice, whatever is
said. Who proposed it does not decide it, nor does anybody of the unit; who decided it does not settle the appeal.
All instants are aware datetimes; those made here are UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

from leitai.rules.kernel import N_, Finding, Text
from leitai.rules.regime.model import MeritSpec
from leitai.rules.worktime import Calendar, due, parse_within

from .lasting import parse_lasts

Tone = Literal["honour", "notice", "accountability"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed consequence.

    `merit`: its key in the rule-book; `target`: the unit, person or post it is for; `rule`: the rule's own
    source in the rule-book; `number`: the article it carries out; `evidence`: the events in the ledger that it
    follows from; `links`: what they are about (subjects by key), where anyone entitled can look.
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
    number: str = ""
    links: tuple[str, ...] = ()
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
    *,
    number: str = "",
    links: tuple[str, ...] = (),
) -> Proposal:
    """The file of a consequence proposed at an instant.

    `calendar` is that of `spec.on`; `number` is the rule's article, or else the consequence's own.
    Raises ValueError for a time to reply without a calendar to count it in.
    """
    return Proposal(
        key,
        spec.tone,
        subject,
        reason,
        rule_source,
        evidence,
        at,
        (number or spec.number or "").strip(),
        links,
        _until(spec.reply, at, key, calendar),
    )


def _until(within: str | None, start: datetime, key: str, calendar: Calendar | None) -> datetime | None:
    """When a time that runs from an instant is over; None where there is none."""
    if within is None:
        return None
    if calendar is None:
        raise ValueError(f"merit {key!r} has a time to reply and no calendar to count it in")
    return due(start, parse_within(within), calendar).instant


def check_decide(proposal: Proposal, now: datetime, reply: str | None) -> Finding | None:
    """Why a file may not be decided at `now`; None where it may. `reply`: what the one concerned said."""
    values: dict[str, object] = {"target": proposal.target, "reply_by": proposal.reply_by}
    if not proposal.rule.strip():
        return Finding("no-rule", N_("the file of %(target)s names no rule it rests on"), values=values)
    if not proposal.number.strip():
        message = N_("the file of %(target)s names no article of the rules: nothing is decided without one")
        return Finding("no-article", message, values=values)
    if not _any(proposal.evidence) or not _any(proposal.links):
        return Finding("no-evidence", N_("the file of %(target)s rests on no evidence"), values=values)
    if proposal.reply_by is None:
        message = N_("the rule-book gives %(target)s no time to reply: nothing is decided without one")
        return Finding("no-window", message, values=values)
    if proposal.tone == "honour":
        if now > proposal.reply_by:
            return None
        message = N_("the public notice for %(target)s runs until %(reply_by)s; anyone may object until then")
        return Finding("notice-first", message, values=values)
    if now > proposal.reply_by or (reply is not None and reply.strip()):
        return None
    message = N_("%(target)s has not replied and may do so until %(reply_by)s")
    return Finding("reply-first", message, values=values)


def _any(texts: tuple[str, ...]) -> bool:
    return any(one.strip() for one in texts)


def check_object(proposal: Proposal, now: datetime) -> Finding | None:
    """Why nobody may object to a file at `now`; None where anyone may: an honour whose public notice runs."""
    values: dict[str, object] = {"target": proposal.target, "reply_by": proposal.reply_by}
    if proposal.tone != "honour":
        message = N_("only an honour is open to objections; to all else the one concerned replies")
        return Finding("no-honour", message, values=values)
    if proposal.reply_by is None or now > proposal.reply_by:
        return Finding("notice-over", N_("the public notice for %(target)s is over"), values=values)
    return None


def is_against(tone: Tone, upheld: bool) -> bool:
    """Whether a decision goes against the one concerned: a burden upheld, or an honour denied."""
    return upheld != (tone == "honour")


def appeal_by(
    spec: MeritSpec, key: str, upheld: bool, decided_at: datetime, calendar: Calendar | None
) -> datetime | None:
    """Until when a decision may be appealed; None where the rule-book gives no time, or nobody is burdened by it."""
    if not is_against(spec.tone, upheld):
        return None
    return _until(spec.appeal, decided_at, key, calendar)


def check_appeal(target: str, by: datetime | None, now: datetime) -> Finding | None:
    """Why a decision may not be appealed at `now`; None where it may."""
    if by is None:
        return Finding("no-appeal", N_("the rule-book gives no appeal against this decision"))
    if now > by:
        message = N_("the time in which %(target)s could appeal ended on %(by)s")
        return Finding("too-late", message, values={"target": target, "by": by})
    return None


def stands(upheld: bool, appeal_upheld: bool | None) -> bool:
    """Whether a consequence holds after all: an appeal that is upheld undoes the decision, whichever it was."""
    return upheld != bool(appeal_upheld)


def check_decider(roles: frozenset[str], spec: MeritSpec | None, **concern: bool) -> Finding | None:
    """Why someone of these roles in the place may not decide; None where they may.

    `concern`: whether they are of the unit (`own_unit`), the one concerned (`own_file`), who proposed it
    (`proposer`), or who decided what is appealed (`decider`).
    """
    body = frozenset({spec.body}) if spec is not None and spec.body else BODIES
    if not roles & body:
        return Finding("wrong-body", N_("this is for %(body)s to decide"), values={"body": body_of(spec)})
    for name, message in _CONCERNED.items():
        if concern.get(name):
            return Finding(name.replace("_", "-"), message)
    return None


def body_of(spec: MeritSpec | None) -> Text:
    """Who may decide, in words."""
    return _ROLES[spec.body] if spec is not None and spec.body else _EITHER


BODIES: frozenset[str] = frozenset({"leader", "inspector"})
_ROLES = {
    "leader": Text(zh="领导", en="a leader"),
    "inspector": Text(zh="纪检监察", en="a discipline inspector"),
}
_EITHER = Text(zh="领导或纪检监察", en="a leader or a discipline inspector")
_CONCERNED = {
    "own_file": N_("nobody decides on their own file"),
    "own_unit": N_("nobody of the unit concerned decides its file"),
    "proposer": N_("who proposed a file does not decide it"),
    "decider": N_("an appeal is settled by another than who decided"),
}


def expiry(spec: MeritSpec, decided_at: datetime, zone: ZoneInfo) -> datetime | None:
    """When an upheld consequence is over: the midnight that ends its last day; None where it has no term.

    The day of the decision is its first. Raises LastsError for a term that is none (the check finds it).
    """
    if spec.lasts is None:
        return None
    day = parse_lasts(spec.lasts).after(decided_at.astimezone(zone).date())
    return datetime.combine(day, time(), zone).astimezone(UTC)
