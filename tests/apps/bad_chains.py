"""Rows of chains that the database must refuse."""

from __future__ import annotations

from typing import Any

from leitai.apps.chains.models import Gap, Link, Member, Need, Supply, Tie, Word
from tests.apps.bad import again, bad, changed
from tests.factories import BY, NOW, Town


def link(town: Town, key: str = "metal") -> Link:
    return Link.objects.create(place=town.place, chain="metal", key=key, tier="mid", name_en=key)


def need(town: Town) -> Need:
    return Need.objects.create(link=link(town), key="ore", name_en="Ore")


def supply(town: Town) -> Supply:
    return Supply.objects.create(need=need(town), link=link(town, "ore"), share=1)


def member(town: Town) -> Member:
    return Member.objects.create(link=link(town), key="smelter", name_en="Smelter")


def gap(town: Town) -> Gap:
    return Gap.objects.create(
        link=link(town),
        kind="fill",
        text="One maker",
        unit=town.units["water"],
        due_on=NOW.date(),
        opened_at=NOW,
        opened_by=BY,
        said_on=NOW.date(),
    )


@bad(Tie, "chain_tie_once")
def _(town: Town) -> Any:
    return again(Tie.objects.create(gap=gap(town), what="lead", code="l1", at=NOW, by=BY))


bad(Link, "chain_link_once")(lambda t: again(link(t)))
bad(Link, "chain_link_tier_known")(lambda t: changed(link(t), tier="side"))
bad(Link, "chain_link_shares")(lambda t: changed(link(t), share="1.2"))
bad(Link, "chain_link_amounts")(lambda t: changed(link(t), whole=-1))
bad(Need, "chain_need_once")(lambda t: again(need(t)))
bad(Supply, "chain_supply_once")(lambda t: again(supply(t)))
bad(Supply, "chain_supply_share")(lambda t: changed(supply(t), share="-0.1"))
bad(Member, "chain_firm_once")(lambda t: again(member(t)))
bad(Member, "chain_firm_amounts")(lambda t: changed(member(t), building=-1))
bad(Gap, "chain_gap_open_once")(lambda t: again(gap(t)))
bad(Gap, "chain_gap_says_what")(lambda t: changed(gap(t), text=""))
bad(Gap, "chain_gap_over_says_how")(lambda t: changed(gap(t), state="done", over_at=NOW))
bad(Word, "chain_word_says")(lambda t: Word.objects.create(gap=gap(t), at=NOW, by=BY, text=""))
bad(Tie, "chain_tie_known")(lambda t: Tie.objects.create(gap=gap(t), what="wish", code="w", at=NOW, by=BY))
