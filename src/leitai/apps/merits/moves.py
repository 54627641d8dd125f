"""What every write to a file shares: the row held fast, the move asked of the flow, what the ledger is told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from leitai.apps.ledger.errors import Refused
from leitai.rules import merits as core
from leitai.rules.casework import check_move
from leitai.rules.kernel import Finding

from .models import Proposal


def held(proposal: Proposal) -> Proposal:
    """The row as it stands, for this transaction alone."""
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("place", "unit")
    return rows.get(pk=proposal.pk)


def moved(row: Proposal, move: str, role: str, form: dict[str, str]) -> str:
    """The state that a move of the flow leads to. Raises Refused where it may not be taken with this form."""
    demand(check_move(core.FLOW, row.state, move, role, form))
    return core.FLOW.move(move).to_state


def demand(finding: Finding | None) -> None:
    """Raises Refused where something speaks against it."""
    if finding is not None:
        raise Refused(finding)


def facts(row: Proposal) -> dict[str, Any]:
    """What conditions and the drive may ask of a file."""
    return {
        "merit.kind": row.merit,
        "merit.tone": row.tone,
        "unit.key": row.unit.key,
        "unit.kind": row.unit.kind,
    }


def event(
    row: Proposal,
    kind: str,
    by: str,
    now: datetime,
    *,
    at: datetime | None = None,
    cause: str = "",
    **more: Any,
) -> dict[str, Any]:
    """The event of a file, for `record`. Words of people go in as digests: a ledger keeps nobody's words for ever."""
    return {
        "place": row.place,
        "kind": kind,
        "by": by,
        "now": now,
        "at": at,
        "subject": f"merit:{row.pk}",
        "data": facts(row) | more,
        "cause": cause,
    }
