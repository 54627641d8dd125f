"""The town with a chain of industry: ore from outside, metal, wheels; a part that nobody here makes."""

from __future__ import annotations

from typing import Any

from leitai.rules.projects.chain_book import ChainBook, ChainData
from tests.factories import BY, NOW, Town, build, text

PARAGRAPH = """
chains:
  metal: {name: {zh: 金属, en: Metal}, chief: leader, unit: roads, source: test}
  food: {name: {zh: 食品, en: Food}, source: test}

merits:
"""
FILE: dict[str, Any] = {
    "ore": {"name": "Ore", "tier": "up"},
    "metal": {
        "name": {"zh": "金属", "en": "Sheet metal"},
        "tier": "mid",
        "unit": {"en": "kt"},
        "whole": {"value": 200, "of": {"en": "the nation"}, "source": "yearbook"},
        "sold_outside": 60,
        "needs": {"ore": {"name": "Ore", "from": {"ore": 0}}},
        "firms": {
            "smelter": {"name": "<Smelter> & Sons", "park": "water", "capacity": 30, "as_of": "2024-01-31"},
            "forge": {"name": "Forge", "capacity": 20, "building": 5},
        },
    },
    "wheels": {
        "name": "Wheels",
        "tier": "down",
        "sold_outside": 90,
        "needs": {"metal": {"name": "Sheet", "from": {"metal": 80}}},
        "firms": {"wheelwright": {"name": "Wheelwright", "enterprise": "firm"}},
    },
    "tyres": {
        "name": "Tyres",
        "tier": "down",
        "needs": {"wheels": {"name": "Wheels", "from": {"wheels": 0}}},
    },
}


def data(**changes: Any) -> ChainData:
    """The file's words on the chain, with links changed; None leaves one out."""
    links = {key: one for key, one in (FILE | changes).items() if one is not None}
    return ChainBook.model_validate({"leitai": 1, "chains": {"metal": {"links": links}}}).chains["metal"]


def town(key: str = "town") -> Town:
    """The town, its rule-book naming two chains, one of them put."""
    from leitai.apps.chains import actions

    book = text(key)
    assert book.count("\nmerits:\n") == 1
    found = build(key, regime=book.replace("\nmerits:\n", PARAGRAPH))
    actions.put_chain(place=found.place, chain="metal", data=data(), by=BY, now=NOW)
    return found


def link(town: Town, key: str = "metal") -> Any:
    """A link of the chain."""
    from leitai.apps.chains import queries

    return queries.link(town.place, "metal", key)


def gap(
    town: Town, key: str = "tyres", kind: str = "fill", unit: str = "water", due: str = "2024-06-30"
) -> Any:
    """A gap at work."""
    from datetime import date

    from leitai.apps.chains import actions

    return actions.open_gap(
        link=link(town, key),
        kind=kind,
        text="One maker of tyres",
        unit=town.units[unit],
        due=date.fromisoformat(due),
        by=BY,
        now=NOW,
    )
