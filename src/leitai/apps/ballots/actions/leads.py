"""Leads of the screens: kept for a person to look at, and decided with a reason. A lead punishes nobody by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from leitai.apps.ledger import log
from leitai.apps.ledger.actions import UNCHANGED, action, record
from leitai.apps.ledger.errors import refuse
from leitai.apps.people import queries as people
from leitai.rules.kernel import N_

from .. import tallies
from ..facts import facts_of
from ..models import Ballot, Lead, LeadState, Standing
from ..queries import verification as look
from ..queries.screening import Found

ASIDE = frozenset({"bursts"})  # the screens whose verdicts a confirmed lead sets aside


@action("leads.found")
def keep_leads(*, place: Any, found: Sequence[Found], by: str, now: datetime) -> list[Lead]:
    """Keep what the screens found; what was found of the same day before stays as it is. Returns the new ones."""
    units = people.keys(place)
    rows = [
        Lead(
            place=place,
            unit_id=units.get(one.lead.unit),
            screen=one.lead.screen,
            mark=_mark(one),
            point=one.lead.point or 0,
            day=one.lead.day,
            p=one.lead.p,
            score=one.lead.score,
            message=one.lead.message,
            values=dict(one.lead.values),
            evidence={kind.kind: list(kind.numbers) for kind in one.lead.evidence}
            | {"leaves": list(one.leaves)},
            found_at=now,
        )
        for one in found
    ]
    known = set(
        Lead.objects.filter(place=place, day__in={row.day for row in rows}).values_list("mark", "day")
    )
    fresh = list({(row.mark, row.day): row for row in rows if (row.mark, row.day) not in known}.values())
    if not fresh:
        return UNCHANGED
    Lead.objects.bulk_create(fresh, batch_size=200)
    record(
        place=place,
        kind="leads.found",
        by=by,
        now=now,
        subject=f"place:{place.key}",
        data={"count": len(fresh), "screens": sorted({row.screen for row in fresh})},
    )
    return fresh


def _mark(one: Found) -> str:
    lead = one.lead
    about = lead.values.get("decider", "")
    first = one.leaves[0] if one.leaves and lead.screen in ASIDE else ""
    return f"{lead.code}/{lead.unit}/{lead.point or ''}/{about}/{first}"[:250]


@action("lead.confirmed", "lead.dismissed")
def decide_lead(*, lead: Lead, confirmed: bool, reason: str, by: str, now: datetime) -> Lead:
    """Say what a lead was. A confirmed burst sets its verdicts aside, each with the reason, which is public.

    Two see to it: the screen that found it, which nobody can bend, and who decides. Raises Refused where it was decided
    already or no reason is given.
    """
    row = Lead.objects.select_for_update(of=("self",)).select_related("place", "unit").get(pk=lead.pk)
    if row.state != LeadState.OPEN:
        raise refuse("lead-decided", N_("This lead was decided already."))
    who = by.removeprefix(look.WHO)
    if row.values.get("decider") in (by, who):
        raise refuse("about-you", N_("This lead is about your own decisions; somebody else must decide."))
    if row.unit is not None and look.near(row.place, row.unit, who):
        raise refuse(
            "own-unit", N_("You are posted at this unit, above it or below it; somebody else must decide.")
        )
    if not reason.strip():
        raise refuse("no-reason", N_("Say what you found: the reason is kept with the lead."))
    row.state = LeadState.CONFIRMED if confirmed else LeadState.DISMISSED
    row.reason, row.decided_by, row.decided_at = reason.strip()[:300], by, now
    row.save()
    many = _set_aside(row, by, now) if confirmed and row.screen in ASIDE else 0
    unit = row.unit
    facts = {"lead.screen": row.screen, "set_aside": many}
    facts |= {"unit.key": unit.key if unit else "", "unit.kind": unit.kind if unit else ""}
    record(
        place=row.place,
        kind="lead.confirmed" if confirmed else "lead.dismissed",
        by=by,
        now=now,
        subject=f"lead:{row.pk}",
        data=facts,
    )
    return row


def _set_aside(lead: Lead, by: str, now: datetime) -> int:
    """Set a burst's verdicts aside: counted as such, in the log as they were. How many.

    One that a reviewer has before them is left to the reviewer.
    """
    log.lock(lead.place)
    rows = (
        Ballot.objects.select_for_update(of=("self",))
        .filter(place=lead.place, index__in=lead.evidence.get("leaves", ()), standing=Standing.COUNTED)
        .exclude(reviews__granted__isnull=True, reviews__isnull=False)
    )
    found = list(rows.select_related("place", "unit", "point").order_by("index"))
    for row in found:
        row.standing, row.reason = Standing.SET_ASIDE, lead.reason
        row.save()
        tallies.moved(row, Standing.COUNTED)
        record(
            place=lead.place,
            kind="ballot.set_aside",
            by=by,
            now=now,
            subject=f"ballot:{row.pk}",
            data=facts_of(row) | {"reason": row.reason, "lead": lead.pk},
        )
    return len(found)
