"""What stops if a link fails, both ends, gaps: against hand-worked chains, brute force, and the worked example."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import chain as joined
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leitai.rules.projects.chains import HALF, Firm, Link, Need, cascade, criticality, ends, gaps, weights

PAGE = Path(__file__).parents[3] / "docs" / "methods" / "criticality.md"
D = Decimal


def link(key: str, *needs: Need, firms: int = 1, **more: object) -> Link:
    made = tuple(Firm(f"f{number}") for number in range(firms))
    return Link(key, needs=needs, **{"firms": made} | more)  # type: ignore[arg-type]


def need(outside: bool = False, **here: str) -> Need:
    return Need("m", {key: D(share) for key, share in here.items()})


SILICON = (
    link("silicon", Need("quartz"), firms=2),
    link("rods", need(silicon="0.8"), firms=2, sold_outside=D("0.6")),
    link("wafers", need(rods="1"), firms=2),
    link("cells", need(wafers="0.5"), tier="down", sold_outside=D("0.9")),
    link("glass", firms=0),
    link("modules", need(cells="0.6"), need(glass="0"), tier="down", sold_outside=D("0.4")),
)


def test_a_failure_travels_down_the_chain_and_stops_where_half_still_comes_from_elsewhere() -> None:
    found = criticality(SILICON)["silicon"]
    assert [(stop.link, stop.round, stop.lost) for stop in found.stops] == [
        ("rods", 1, D("0.8")),
        ("wafers", 2, D("1")),
    ]
    assert found.share == D(2) / 5  # cells get half of their wafers from outside and go on


def test_two_suppliers_must_fail_together_where_neither_has_most() -> None:
    links = (link("a"), link("b"), link("c", need(a="0.5", b="0.5")))
    assert all(not one.stops for one in criticality(links).values())
    assert [stop.link for stop in cascade(links, {"a", "b"})] == ["c"]


def test_what_nobody_here_makes_neither_fails_nor_stops() -> None:
    assert "glass" not in criticality(SILICON)
    assert "glass" not in {stop.link for stop in cascade(SILICON, (), outside=True)}


def test_without_the_outside_all_that_lives_on_it_stops() -> None:
    found = {stop.link: stop.round for stop in cascade(SILICON, (), outside=True)}
    assert found["silicon"] == found["modules"] == 1 and found["rods"] == 2


def test_links_count_by_output_only_where_that_of_all_is_known() -> None:
    rich = Link("a", firms=(Firm("x", output=D(90)),))
    poor = Link("b", needs=(need(a="1"),), firms=(Firm("y", output=D(10)),))
    assert criticality((rich, poor))["a"].share == D("0.1")
    silent = Link("b", needs=(need(a="1"),), firms=(Firm("y"),))
    assert criticality((rich, silent))["a"].share == D("0.5") and weights((rich, silent))[1] is False


def test_both_ends_outside_is_half_or_more_at_either_end_and_says_over_how_much_it_knows() -> None:
    links = (
        link("a", Need("ore"), sold_outside=D("0.4")),
        link("b", need(a="0.9"), sold_outside=D("0.8")),
        link("c"),
    )
    found = ends(links)
    assert (found.bought, found.sold) == (D("0.55"), D("0.6")) and found.both
    assert found.bought_known == D(2) / 3
    assert not ends((link("a"),)).both and ends((link("a"),)).bought is None
    assert ends(()).bought is None


def test_gaps_are_shown_with_what_they_rest_on() -> None:
    found = [(one.link, one.kind, one.why, one.value) for one in gaps(SILICON)]
    assert found == [
        ("rods", "extend", "sold-raw", D("0.6")),
        ("wafers", "strengthen", "outside-mostly", D("0.5")),
        ("cells", "strengthen", "one-firm", D(1) / 5),
        ("glass", "fill", "nobody-here", D(1)),
    ]


def test_a_share_is_as_said_else_of_the_whole_and_not_known_where_a_firm_is_not() -> None:
    firms = (Firm("x", capacity=D(3)), Firm("y", capacity=D(1)), Firm("z", capacity=D(9), produces=False))
    assert Link("a", firms=firms, whole=D(16)).of_whole == D("0.25")
    assert Link("a", firms=firms, whole=D(16), share=D("0.2")).of_whole == D("0.2")
    assert Link("a", firms=(*firms, Firm("w")), whole=D(16)).of_whole is None


KEYS = "abcdef"


@st.composite
def chains(draw: st.DrawFn) -> tuple[Link, ...]:
    """Small chains, circles and missing links among them."""
    keys = KEYS[: draw(st.integers(1, 6))]
    links = []
    for key in keys:
        needs = []
        for number in range(draw(st.integers(0, 2))):
            others = draw(st.lists(st.sampled_from(keys), max_size=3, unique=True))
            parts = [draw(st.integers(0, 10 // max(1, len(others)))) for _ in others]
            here = {who: D(part) / 10 for who, part in zip(others, parts, strict=True) if who != key}
            needs.append(Need(f"m{number}", here))
        links.append(link(key, *needs, firms=draw(st.integers(0, 2))))
    return tuple(links)


def brute(links: tuple[Link, ...], failed: str) -> set[str]:
    """The smallest set with the failed link that no link's loss leads out of, found by trying all sets."""
    keys = [one.key for one in links]

    def closed(gone: set[str]) -> bool:
        return not any(
            one.here
            and one.key not in gone
            and any(sum((s for k, s in n.here.items() if k in gone), D(0)) > HALF for n in one.needs)
            for one in links
        )

    tried = joined.from_iterable(combinations(keys, size) for size in range(len(keys) + 1))
    return next(set(some) for some in tried if failed in some and closed(set(some)))


@given(chains())
def test_the_cascade_is_the_smallest_closed_set(links: tuple[Link, ...]) -> None:
    for key, found in criticality(links).items():
        assert {stop.link for stop in found.stops} | {key} == brute(links, key)


@given(chains())
def test_the_order_of_links_does_not_matter(links: tuple[Link, ...]) -> None:
    there, back = criticality(links), criticality(links[::-1])
    assert {k: (v.share, set(v.stops)) for k, v in there.items()} == {
        k: (v.share, set(v.stops)) for k, v in back.items()
    }


@given(chains(), st.sampled_from(KEYS), st.sampled_from(KEYS))
def test_more_failures_never_stop_less(links: tuple[Link, ...], one: str, other: str) -> None:
    few = {stop.link for stop in cascade(links, {one})} | {one}
    many = {stop.link for stop in cascade(links, {one, other})} | {one, other}
    assert few <= many


@pytest.mark.parametrize(
    "row", re.findall(r"^\| (\w+) \| (.*?) \| (\d+) % \|$", PAGE.read_text(), re.MULTILINE)
)
def test_the_worked_table(row: tuple[str, str, str]) -> None:
    key, stops, share = row
    found = criticality(SILICON)[key]
    assert [stop.link for stop in found.stops] == [one for one in stops.split(", ") if one != "–"]
    assert round(found.share * 100) == int(share)


def test_the_worked_table_has_every_link_that_is_here() -> None:
    told = {
        key
        for key, _stops, _share in re.findall(
            r"^\| (\w+) \| (.*?) \| (\d+) % \|$", PAGE.read_text(), re.MULTILINE
        )
    }
    assert told == set(criticality(SILICON))
