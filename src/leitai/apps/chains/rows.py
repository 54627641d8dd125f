"""Between rows of a chain and what the core works with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from leitai.apps.ledger.errors import refuse
from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import N_
from leitai.rules.projects import chains as core
from leitai.rules.regime.ventures import ChainSpec

from .models import Gap, Link, Member, Need, Supply


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
        "chain.key": gap.link.chain,
        "link": gap.link.key,
        "gap.kind": gap.kind,
        "due": gap.due_on,
        "unit.key": gap.unit.key,
        "unit.kind": gap.unit.kind,
    }


@dataclass(frozen=True)
class Parts:
    """What belongs to links, as plain values: each link's needs and firms, each need's supplies, in order.

    A board shows thousands of them; as rows of the database they cost several times what the page does.
    """

    needs: Mapping[int, list[tuple[int, str]]]
    supplies: Mapping[int, list[tuple[int, Decimal]]]
    firms: Mapping[int, list[core.Firm]]
    names: Mapping[int, list[tuple[str, str]]]


def parts(place: Any, chain: str = "") -> Parts:
    """What belongs to the links of a place, or of one of its chains; three questions in all."""
    narrow = {"link__place": place} | ({"link__chain": chain} if chain else {})
    needs, supplies = defaultdict(list), defaultdict(list)
    firms, names = defaultdict(list), defaultdict(list)
    for pk, link, key in Need.objects.filter(**narrow).order_by("order").values_list("pk", "link_id", "key"):
        needs[link].append((pk, key))
    of_need = Supply.objects.filter(**{f"need__{name}": value for name, value in narrow.items()})
    for need, link, share in of_need.order_by("pk").values_list("need_id", "link_id", "share"):
        supplies[need].append((link, share))
    columns = ("link_id", "key", "capacity", "building", "output", "produces", "name_zh", "name_en")
    for link, *firm, zh, en in Member.objects.filter(**narrow).order_by("pk").values_list(*columns):
        firms[link].append(core.Firm(*firm))
        names[link].append((zh, en))
    return Parts(needs, supplies, firms, names)


def linked(rows: Iterable[Link], known: Parts) -> list[core.Link]:
    """Links of a chain as the core sees them."""
    found = list(rows)
    keys = {row.pk: row.key for row in found}  # a supplier is of the same chain
    return [
        core.Link(
            row.key,
            row.tier,
            tuple(
                core.Need(key, {keys[link]: share for link, share in known.supplies.get(need, ())})
                for need, key in known.needs.get(row.pk, ())
            ),
            tuple(known.firms.get(row.pk, ())),
            row.capacity,
            row.whole,
            row.share,
            row.sold_outside,
        )
        for row in found
    ]
