"""The plan of a round: each unit once, spread evenly, nobody visited again within thirty days but where it must be."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leitai.rules.cadence.inspections import REST, plan

FIRST = date(2022, 6, 6)
DAYS = [FIRST + timedelta(days=n) for n in range(10)]
units = st.lists(st.integers(0, 30).map(lambda n: f"u{n}"), max_size=25)


@given(
    areas=st.dictionaries(st.sampled_from("abcde"), units, max_size=5),
    ago=st.dictionaries(st.integers(0, 30).map(lambda n: f"u{n}"), st.integers(0, 100), max_size=20),
    many=st.integers(1, 10),
)
def test_every_unit_of_every_area_is_planned_or_left_out_once(
    areas: dict[str, list[str]], ago: dict[str, int], many: int
) -> None:
    days = DAYS[:many]
    last = {unit: FIRST - timedelta(days=n) for unit, n in ago.items()}
    stops = plan(areas, days, last)
    assert sorted(one.unit for one in stops) == sorted({unit for own in areas.values() for unit in own})
    assert [one.day for one in stops] == sorted(one.day for one in stops)
    assert plan(areas, days, last) == stops
    for one in stops:
        assert one.unit in areas[one.group] and one.day in days
        alone = sum(other.group == one.group for other in stops) == 1
        before = last.get(one.unit)
        if before is None or alone:
            assert one.since is None
        elif one.since is None:
            assert one.day >= before + REST
        else:
            assert one.since == before and days[-1] < before + REST
    for group in areas:
        per_day = [
            sum(one.group == group and one.unit not in last and one.day == day for one in stops)
            for day in days
        ]
        own = sum(one.group == group for one in stops)
        assert max(per_day) <= -(-own // many)


def test_who_was_never_visited_comes_first_then_who_was_longest_ago() -> None:
    last = {"a": FIRST - timedelta(days=40), "b": FIRST - timedelta(days=90)}
    assert [one.unit for one in plan({"g": ("a", "b", "c")}, DAYS[:3], last)] == ["c", "b", "a"]


def test_a_round_without_a_day_cannot_be_planned() -> None:
    with pytest.raises(ValueError, match="at least one day"):
        plan({"g": ("a",)}, [], {})
