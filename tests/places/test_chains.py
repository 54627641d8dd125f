"""The places' files of chains fit their rule-books, and carry the figures that the reports have."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from leitai.rules.projects.chain_book import ChainBook, read_book
from leitai.rules.regime.model import Regime
from leitai.rules.regime.parse import parse
from leitai.rules.regime.units import read_units

PLACES = Path(__file__).parents[2] / "regimes"


def read(key: str) -> tuple[Regime, ChainBook]:
    units, _faults = read_units((PLACES / key / "units.csv").read_text(encoding="utf-8"))
    regime = parse((PLACES / key / "regime.yaml").read_text(encoding="utf-8")).regime
    assert regime is not None
    found = read_book((PLACES / key / "chains.yaml").read_text(encoding="utf-8"), regime, set(units))
    assert found.findings == () and found.book is not None
    return regime, found.book


@pytest.mark.parametrize(("key", "count"), [("linqu", 4), ("xining", 10)])
def test_a_chain_of_the_rule_book_has_its_links_and_its_chief(key: str, count: int) -> None:
    regime, book = read(key)
    assert list(book.chains) == list(regime.chains) and len(book.chains) == count
    assert all(chain.chief and chain.unit for chain in regime.chains.values())


def test_the_shares_are_the_reports_own() -> None:
    regime, book = read("xining")
    told = {
        link.share.figure: regime.figures[link.share.figure].value
        for chain in book.chains.values()
        for link in chain.links.values()
        if link.share is not None and link.share.figure is not None
    }
    assert told == {"share-polysilicon": 20, "share-lithium": 33, "share-carbon-fibre": 36}
    fibre = book.chains["carbon-fibre"].links["fibre"].firms["zhongfu"]
    assert fibre.capacity == Decimal("1.1") and fibre.building == Decimal("1.4")
    regime, book = read("linqu")
    profiles = book.chains["aluminium"].links["profiles"]
    assert profiles.capacity is not None and profiles.capacity.figure is not None
    assert regime.figures[profiles.capacity.figure].value == 180
