"""Verdicts are counted by their scale, and what was set aside stays in sight."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leitai.rules.ballots import NATIONAL_FIVE, TWO, Grade, Scale, Tally, count, rate, too_few
from leitai.rules.kernel import Finding, Text

BALLOT = st.tuples(
    st.sampled_from([grade.key for grade in NATIONAL_FIVE.grades]), st.sampled_from([None, "burst"])
)


def whole(bad: int, counted: int) -> tuple[float, float]:
    return (bad / counted, bad / counted) if counted else (0.0, 1.0)


@settings(max_examples=35)
@given(st.lists(BALLOT, max_size=20))
def test_every_ballot_is_counted_or_set_aside(ballots: list[tuple[str, str | None]]) -> None:
    tally = count("code", ballots)
    assert tally.counted + tally.aside == len(ballots)
    found = rate(tally, NATIONAL_FIVE, whole)
    assert found.bad == sum(reason is None and grade.endswith("dissatisfied") for grade, reason in ballots)
    assert (found.share is None) == (found.counted == 0)


def test_the_last_two_of_the_national_grades_are_bad_verdicts() -> None:
    assert [(grade.name.zh, grade.bad) for grade in NATIONAL_FIVE.grades] == [
        ("非常满意", False), ("满意", False), ("基本满意", False), ("不满意", True), ("非常不满意", True),
    ]  # fmt: skip
    assert [grade.name.zh for grade in TWO.grades if grade.bad] == ["不满意"]


def test_a_grade_is_read_by_key_or_name_and_a_near_miss_is_offered() -> None:
    for text in ("very-dissatisfied", "非常不满意", " Very Dissatisfied "):
        assert NATIONAL_FIVE.read(text) == NATIONAL_FIVE.grade("very-dissatisfied")
    found = NATIONAL_FIVE.read("disatisfied")
    assert isinstance(found, Finding)
    assert found.values["guess"] == "dissatisfied"
    strange = TWO.read("5")
    assert isinstance(strange, Finding)
    assert "satisfied, dissatisfied" in strange.text


def test_a_rate_needs_the_scale_its_ballots_were_cast_on() -> None:
    with pytest.raises(KeyError):
        rate(Tally("code", {"fairly-satisfied": 3}), TWO, whole)


def test_a_handful_is_too_few() -> None:
    assert too_few(29, 30)
    assert not too_few(30, 30)


def test_scales_and_tallies_refuse_nonsense() -> None:
    good = Grade("a", Text(en="A"), 1, False)
    for grades in ((good,), (good, good)):
        with pytest.raises(ValueError):
            Scale("s", Text(en="S"), grades)
    with pytest.raises(ValueError):
        Tally("code", {"satisfied": -1})
