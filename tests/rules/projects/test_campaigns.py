"""Lights of goals: each rule in its order, and never a light that says more than is known."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leitai.rules.kernel import Text
from leitai.rules.projects.campaigns import Figure, goal_light
from leitai.rules.regime.ventures import GoalSpec

TODAY = date(2024, 4, 10)
FAR, SOON, PAST = date(2024, 12, 31), date(2024, 5, 1), date(2024, 4, 9)


def goal(**more: Any) -> GoalSpec:
    return GoalSpec(name=Text(en="Goal"), **more)


@pytest.mark.parametrize(
    ("by", "shown", "colour"),
    [
        (FAR, "", "none"), (FAR, "offered", "yellow"), (FAR, "refused", "yellow"), (FAR, "accepted", "done"),
        (SOON, "", "yellow"), (PAST, "", "red"), (PAST, "offered", "red"), (PAST, "accepted", "done"),
        (TODAY, "", "yellow"), (None, "", "none"),
    ],
)  # fmt: skip
def test_a_goal_with_evidence(by: date | None, shown: Any, colour: str) -> None:
    assert goal_light(goal(evidence=Text(en="Report"), by=by), TODAY, None, shown).colour == colour


@pytest.mark.parametrize(
    ("by", "value", "disputed", "sense", "colour"),
    [
        (FAR, 60, False, "at least", "done"), (FAR, 60, True, "at least", "yellow"),
        (FAR, 59, False, "at least", "none"),
        (SOON, 59, False, "at least", "yellow"), (PAST, 59, False, "at least", "red"),
        (PAST, None, False, "at least", "red"),
        (FAR, None, False, "at least", "none"), (FAR, 60, False, "at most", "green"),
        (FAR, 61, False, "at most", "red"),
        (PAST, 60, False, "at most", "done"), (PAST, 61, False, "at most", "red"), (None, 61, False, "at most", "red"),
    ],
)  # fmt: skip
def test_a_goal_with_a_figure(by: Any, value: Any, disputed: bool, sense: Any, colour: str) -> None:
    figure = None if value is None else Figure(Decimal(value), disputed)
    asked = goal(measure="funds", target=60, sense=sense, by=by)
    assert goal_light(asked, TODAY, figure, "").colour == colour


@given(
    st.dates(TODAY - timedelta(days=400), TODAY + timedelta(days=400)),
    st.one_of(st.none(), st.decimals(0, 200, places=2)),
    st.sampled_from(("at least", "at most")),
)
def test_done_is_only_what_meets_its_target_and_red_never_does(by: date, value: Any, sense: Any) -> None:
    asked = goal(measure="funds", target=100, sense=sense, by=by)
    told = goal_light(asked, TODAY, None if value is None else Figure(value), "").colour
    met = value is not None and (value >= 100 if sense == "at least" else value <= 100)
    assert not (told == "done" and not met) and not (told == "red" and met)
    assert told != "red" or by < TODAY or sense == "at most"
