"""The week's lists name nobody by noise, and the visit list tells a covered code from a holiday."""

from __future__ import annotations

import doctest
from fractions import Fraction
from math import comb
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leitai.rules.ballots import weekly
from leitai.rules.ballots.weekly import (
    NONE,
    Count,
    Traffic,
    apart,
    hypergeometric_tail,
    most,
    poisson_tail,
    silent,
    total,
    way_of,
)

PAGE = Path(__file__).resolve().parents[3] / "docs/methods/weekly-ten.md"


@st.composite
def counts_of_units(draw: st.DrawFn) -> dict[int, Count]:
    found = {}
    for unit in range(draw(st.integers(0, 30))):
        n = draw(st.integers(0, 60))
        bad = draw(st.integers(0, n))
        found[unit] = Count(n, bad, draw(st.integers(0, min(bad, 6))), draw(st.integers(0, 5)))
    return found


def plain(n: int, bad: int, upheld: int = 0) -> Count:
    return Count(n, bad, upheld, 0)


def test_the_examples_in_the_module_are_so() -> None:
    ran = doctest.testmod(weekly)
    assert ran.attempted > 3 and ran.failed == 0


# The page


def table(first: str) -> list[dict[str, str]]:
    """The rows of the page's table whose heading begins with these cells."""
    body = PAGE.read_text(encoding="utf-8").split(f"\n| {first} |", 1)[1].split("\n\n", 1)[0]
    lines = [line.strip("| ").split("|") for line in f"{first} |{body}".splitlines()]
    head = [cell.strip() for cell in lines[0]]
    return [dict(zip(head, (cell.strip() for cell in line), strict=True)) for line in lines[2:]]


def test_the_page_tells_who_can_be_told_apart() -> None:
    rows = table("unit | bad")
    counts = {row["unit"]: plain(int(row["verdicts"]), int(row["bad"])) for row in rows}
    listed = apart(counts, minimum=30)
    assert [line.unit for line in listed.lines] == [row["unit"] for row in rows if row["told apart"] == "yes"]
    assert (listed.judged, listed.few) == (4, 1)
    whole = total(counts.values())
    for step, row in enumerate(rows[:4]):
        one = counts[row["unit"]]
        above = one.bad * whole.n > whole.bad * one.n
        chance = hypergeometric_tail(one.bad, one.n, whole.bad, whole.n) if above else 1.0
        assert f"{one.bad / one.n:.4f}" == row["share"]
        assert (f"{chance:.5f}", f"{0.05 / (4 - step):.5f}") == (row["chance"], row["needed"])


def test_the_page_tells_who_is_left_out_for_a_tie() -> None:
    rows = table("unit | found true")
    counts = {row["unit"]: plain(100, 40, int(row["found true"])) for row in rows}
    listed = most(counts, take=3)
    found = {line.unit: str(line.place) for line in listed.lines}
    assert [found.get(row["unit"], "—") for row in rows] == [row["place"] for row in rows]
    assert (listed.tied, listed.more, listed.tie) == (2, 2, counts["registry"])


def test_the_page_tells_whom_to_visit() -> None:
    rows = table("scans | before")
    columns = ("scans", "before", "services", "services before")
    found = {one.at: one for one in silent([Traffic(*(int(row[name]) for name in columns)) for row in rows])}
    assert [("yes" if at in found else "no") for at in range(len(rows))] == [row["visit"] for row in rows]
    for at, one in found.items():
        shown = "—" if one.expected is None else f"{one.expected:.1f}"
        assert shown == rows[at]["expected"]


# By share


@given(st.data())
def test_the_tail_is_that_of_the_fractions(data: st.DataObject) -> None:
    whole = data.draw(st.integers(1, 40))
    drawn, marked = data.draw(st.integers(0, whole)), data.draw(st.integers(0, whole))
    hits = data.draw(st.integers(0, drawn))
    ways = sum(comb(marked, k) * comb(whole - marked, drawn - k) for k in range(hits, drawn + 1))
    exact = Fraction(ways, comb(whole, drawn))
    assert hypergeometric_tail(hits, drawn, marked, whole) == pytest.approx(float(exact), rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("wrong", [(3, 2, 5, 9), (1, 2, 10, 9), (0, 10, 1, 9), (-1, 2, 1, 9)])
def test_a_draw_that_cannot_be_is_an_error(wrong: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="cannot be"):
        hypergeometric_tail(*wrong)


def test_a_week_in_which_all_serve_alike_names_nobody_19_times_of_20() -> None:
    rng = np.random.default_rng(7)
    weeks, named = 600, 0
    for _ in range(weeks):
        sizes = np.maximum(rng.lognormal(3.5, 0.8, 80).astype(int), 1)
        bad = rng.binomial(sizes, 0.06)
        counts = {at: plain(int(n), int(k)) for at, (n, k) in enumerate(zip(sizes, bad, strict=True))}
        named += bool(apart(counts, minimum=30).lines)
    assert named / weeks <= 0.05


def test_one_that_is_far_worse_is_named_among_many() -> None:
    counts = {at: plain(60, 3) for at in range(300)}
    counts[7] = plain(60, 18)
    (line,) = apart(counts, minimum=30).lines
    assert (line.unit, line.place, line.count) == (7, 1, plain(60, 18))
    assert line.rest == plain(299 * 60, 299 * 3)


def test_too_few_are_not_judged_however_bad() -> None:
    counts = {"small": plain(29, 29), "large": plain(500, 10), "none": plain(0, 0)}
    listed = apart(counts, minimum=30)
    assert listed.lines == () and (listed.judged, listed.few) == (1, 1)


def test_of_twelve_told_apart_ten_are_listed_and_two_are_told() -> None:
    counts = {at: plain(1000, 20) for at in range(12, 200)} | {at: plain(200, 60 + at) for at in range(12)}
    listed = apart(counts, minimum=30)
    assert [line.unit for line in listed.lines] == list(range(11, 1, -1))
    assert (listed.more, listed.tied) == (2, 0)


def test_a_lone_unit_has_no_others_to_be_told_apart_from() -> None:
    assert apart({"only": plain(50, 50)}, minimum=30).lines == ()


@given(counts_of_units(), st.integers(1, 40), st.randoms(use_true_random=False))
def test_who_is_told_apart_does_not_hang_on_the_order(
    counts: dict[int, Count], minimum: int, rng: object
) -> None:
    items = list(counts.items())
    rng.shuffle(items)  # type: ignore[attr-defined]
    one, other = apart(counts, minimum), apart(dict(items), minimum)
    assert {line.unit: line.place for line in one.lines} == {line.unit: line.place for line in other.lines}
    whole = total(counts.values())
    for line in one.lines:
        assert line.count.n >= minimum
        assert line.count.bad * whole.n > whole.bad * line.count.n
        assert total((line.count, line.rest)) == whole


# By number


@given(counts_of_units(), st.integers(1, 12))
def test_nobody_left_out_has_as_many_as_one_that_is_listed(counts: dict[int, Count], take: int) -> None:
    listed = most(counts, take)
    named = {line.unit for line in listed.lines}
    assert len(named) <= take
    least = min((line.count.upheld for line in listed.lines), default=10**9)
    rest = [one.upheld for unit, one in counts.items() if unit not in named]
    assert all(number < least for number in rest)
    assert listed.more == sum(number > 0 for number in rest)
    if listed.tied:
        assert len(named) < take < len(named) + listed.tied
    for line in listed.lines:
        assert line.place == 1 + sum(one.upheld > line.count.upheld for one in counts.values())


def test_a_week_without_findings_has_no_list() -> None:
    assert most({"a": plain(90, 20), "b": NONE}).lines == ()


def test_ways_are_told_by_their_channels() -> None:
    channels = ("visit", "matter", "standing", "invited", "imported", "hotline")
    assert [way_of(one) for one in channels] == ["ticket", "ticket", "wall", "drawn", "other", "other"]
    assert set(weekly.WAY_NAMES) == {*weekly.WAYS, weekly.OTHER}


# Whom to visit


def test_a_holiday_makes_nobody_silent() -> None:
    assert silent([Traffic(n // 10, n) for n in (100, 200, 300, 1000)]) == ()


def test_a_covered_code_is_told_though_others_scan_as_before() -> None:
    points = [Traffic(100, 280) for _ in range(50)] + [Traffic(6, 280)]
    (found,) = silent(points)
    assert found.at == 50
    assert found.expected == pytest.approx(280 * 5006 / (51 * 280))


def test_what_was_closed_by_the_records_is_not_silent_for_too_few() -> None:
    records = [Traffic(60, 200, services=300, services_before=1000)] * 9
    assert silent([*records, Traffic(2, 200, services=12, services_before=1000)]) == ()
    (found,) = silent([*records, Traffic(2, 200, services=300, services_before=1000)])
    assert found.expected == pytest.approx(60.0)


def test_a_new_hall_is_measured_by_the_share_that_scans_elsewhere() -> None:
    records = [Traffic(60, 200, services=300, services_before=1000)] * 9
    (found,) = silent([*records, Traffic(0, 0, services=200)])
    assert found.expected == pytest.approx(200 * 540 / 2900)


def test_those_with_most_to_expect_come_first_and_the_unknown_last() -> None:
    points = [Traffic(0, 0), Traffic(0, 10), Traffic(0, 90), Traffic(500, 1500)]
    assert [one.at for one in silent(points)] == [2, 1, 0]


@given(st.integers(0, 30), st.floats(0.1, 60))
def test_the_poisson_tail_is_a_chance_that_grows(count: int, mean: float) -> None:
    chance = poisson_tail(count, mean)
    assert 0 < chance <= 1 + 1e-12
    assert poisson_tail(count + 1, mean) >= chance
