"""A file of chains is read whole or refused with every fault at its place; what a chief should push."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from leitai.rules.projects.chain_book import read_book
from leitai.rules.projects.chain_push import Work, push
from leitai.rules.regime.model import Regime
from leitai.rules.regime.parse import parse
from leitai.rules.regime.units import read_units

PLACE = Path(__file__).parents[3] / "regimes" / "linqu"
TODAY = date(2024, 4, 10)


@pytest.fixture(scope="module")
def linqu() -> tuple[Regime, set[str]]:
    units, _faults = read_units((PLACE / "units.csv").read_text(encoding="utf-8"))
    regime = parse((PLACE / "regime.yaml").read_text(encoding="utf-8")).regime
    assert regime is not None
    return regime, set(units)


FAULTY = """leitai: 1
chains:
  aluminium:
    links:
      ore: {name: Ore, tier: up}
      metal:
        name: Metal
        tier: mid
        share: {figure: aluminium-shar}
        capacity: {value: 3, figure: aluminium}
        needs:
          ore: {name: Ore, from: {ore: 40, metal: 10, tin: 80}}
        firms:
          one: {name: One, park: nowhere}
    gaps:
      - {link: glas, kind: fill, text: Glass, unit: industry, due: 2022-01-01, since: 2022-02-01}
  tin:
    links:
      ore: {name: Ore, tier: up}
"""


def test_every_fault_is_told_where_it_stands(linqu: tuple[Regime, set[str]]) -> None:
    found = read_book(FAULTY, *linqu, file="chains.yaml")
    assert found.book is None
    told = {(one.code, one.where.line) for one in found.findings}
    assert told == {
        ("unknown-figure", 9),
        ("one-of-two", 10),
        ("supply-from-nobody", 12),
        ("own-supply", 12),
        ("unknown-link", 12),
        ("more-than-all", 12),
        ("unknown-unit", 14),
        ("unknown-link", 16),
        ("due-before", 16),
        ("unknown-chain", 17),
    }


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", None),
        ("- a\n", "wrong-type"),
        ("leitai: 1\nchains: {aluminium: {links: {}}}\n", None),
        ("a: [", None),
    ],
)
def test_what_is_no_file_of_chains_is_refused(
    linqu: tuple[Regime, set[str]], text: str, code: str | None
) -> None:
    found = read_book(text, *linqu)
    assert found.book is None and found.findings
    assert code is None or found.findings[0].code == code


def work(key: int, due: str = "2024-12-31", said: str = "2024-04-01", **more: object) -> Work:
    values = {"leads": 1} | more
    return Work(key, date.fromisoformat(due), date.fromisoformat(said), **values)  # type: ignore[arg-type]


def test_the_most_pressing_comes_first_and_what_needs_no_word_is_left_out() -> None:
    works = [
        work(1),
        work(2, due="2024-04-30"),
        work(3, said="2024-03-01"),
        work(4, leads=0),
        work(5, due="2024-04-09", blocked=2),
        work(6, due="2024-04-10"),
        work(7, behind=1),
        work(8, blocked=1),
        work(9, due="2025-04-30"),
    ]
    found = push(works, TODAY)
    assert [one.key for one in found] == [5, 8, 6, 2, 7, 3, 4]
    assert found[0].reasons == ("late", "blocked")


def test_among_equals_the_more_critical_link_comes_first_and_a_month_of_silence_is_thirty_days() -> None:
    said = "2024-03-11"  # thirty days before
    assert push([work(1, said=said)], TODAY) == ()
    works = [work(1, said="2024-03-10"), work(2, said="2024-03-10", critical=Decimal("0.4"))]
    assert [one.key for one in push(works, TODAY)] == [2, 1]
