"""Between rows of a chain and what the core works with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from leitai.apps.ledger.errors import refuse
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import N_
from leitai.rules.projects import chains as core
from leitai.rules.regime.ventures import ChainSpec

from .models import Gap, Link


def local_day(place: Any, now: datetime) -> date:
    """The place's own day."""
    return now.astimezone(place.zone).date()


def specs(place: Any, now: datetime) -> dict[str, ChainSpec]:
    """The chains that the rule-book has, by key."""
    return dict(regimes.regime_on(place, local_day(place, now)).chains)


def spec_of(place: Any, chain: str, now: datetime) -> ChainSpec:
    """What the rule-book says of a chain. Raises Refused."""
    found = specs(place, now).get(chain)
    if found is None:
        raise refuse("no-chain", N_("The rule-book has no chain %(chain)s."), chain=chain)
    return found


def fresh(gap: Gap) -> Gap:
    """The gap as it is now, its row held until the act is over. Raises Refused for one that is over."""
    row = (
        Gap.objects.select_for_update(of=("self",))
        .select_related("link__place", "unit__parent")
        .get(pk=gap.pk)
    )
    if row.state != "open":
        raise refuse("gap-over", N_("This gap is no longer worked on."))
    return row


def facts(gap: Gap) -> dict[str, Any]:
    """What an event tells of a gap, for rules to ask of."""
    return {
        "chain": gap.link.chain,
        "link": gap.link.key,
        "gap.kind": gap.kind,
        "gap.due": gap.due_on,
        "unit": gap.unit.key,
    }


def linked(rows: Iterable[Link]) -> list[core.Link]:
    """Links of a chain as the core sees them; needs, supplies and members are there already."""
    found = list(rows)
    keys = {row.pk: row.key for row in found}  # a supplier is of the same chain
    return [
        core.Link(
            row.key,
            row.tier,
            tuple(
                core.Need(need.key, {keys[one.link_id]: one.share for one in need.supplies.all()})
                for need in row.needs.all()
            ),
            tuple(
                core.Firm(one.key, one.capacity, one.building, one.output, one.produces)
                for one in row.members.all()
            ),
            row.capacity,
            row.whole,
            row.share,
            row.sold_outside,
        )
        for row in found
    ]
