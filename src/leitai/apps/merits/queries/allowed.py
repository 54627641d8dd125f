"""Whether a file may be decided, appealed or objected to now, and by whom; the reasons in the place's own time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from leitai.apps.ledger import queries as ledger
from leitai.apps.people import queries as people
from leitai.apps.regimes import queries as regimes
from leitai.rules import merits as core
from leitai.rules.kernel import Finding
from leitai.ui import words

from ..models import Proposal, ProposalState

ACCOUNT = "account:"


def spec_of(row: Proposal) -> Any:
    """The rule-book's paragraph of the consequence, or None where it is gone."""
    day = row.proposed_at.astimezone(row.place.zone).date()
    return regimes.regime_on(row.place, day).merits.get(row.merit)


def check_decide(row: Proposal, now: datetime) -> Finding | None:
    """Why a file may not be decided now, or None where it may."""
    return _local(row, core.check_decide(_file(row), now, row.reply))


def check_object(row: Proposal, now: datetime) -> Finding | None:
    """Why nobody may object to a file now, or None where anyone may."""
    return _local(row, core.check_object(_file(row), now))


def check_appeal(row: Proposal, now: datetime) -> Finding | None:
    """Why a decision may not be appealed now, or None where it may."""
    return _local(row, core.check_appeal(row.unit.name, row.appeal_by, now))


def check_decider(row: Proposal, who: str) -> Finding | None:
    """Why someone ("account:li") may not decide a file, or settle its appeal where it has one; None where they may."""
    posts = people.posts_of(row.place, who.removeprefix(ACCOUNT)) if who.startswith(ACCOUNT) else []
    below = people.descendants(row.place)
    line = {pk for pk, members in below.items() if row.unit_id in members} | below[row.unit_id]
    account = posts[0].account if posts else None
    appealed = row.state in (ProposalState.APPEALED, ProposalState.SETTLED)
    return core.check_decider(
        frozenset(post.role for post in posts),
        spec_of(row),
        own_file=account is not None and row.official is not None and row.official.account_id == account.pk,
        own_unit=any(post.unit_id in line for post in posts),
        proposer=who == _proposer(row),
        decider=appealed and who == row.decided_by,
    )


def _proposer(row: Proposal) -> str:
    road = ledger.road(row.place, f"merit:{row.pk}")
    return next((one.by for one in road if one.kind == "merit.proposed"), "")


def _file(row: Proposal) -> core.Proposal:
    return core.Proposal(
        row.merit,
        row.tone,
        row.unit.name,
        row.reason,
        row.rule,
        (row.evidence,),
        row.proposed_at,
        row.number,
        tuple(row.links),
        row.reply_by,
    )


def _local(row: Proposal, finding: Finding | None) -> Finding | None:
    """A finding whose instants read as the clock on the place's wall."""
    if finding is None:
        return None
    zone = row.place.zone
    values = {
        key: words.instant(value, zone) if isinstance(value, datetime) else value
        for key, value in finding.values.items()
    }
    return replace(finding, values=values)
