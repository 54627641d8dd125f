"""Stages: their evidence, also that of the skipped ones; how long a project was in each; a period's counts."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leitai.rules.kernel import Period
from leitai.rules.projects import Done, Mark, Review, amount_on, due, is_back, needs, refusal, review, stays
from leitai.rules.regime.ventures import ProjectsSpec

SPEC = ProjectsSpec.model_validate(
    {
        "stages": {
            "talks": {"name": "Talks", "usual": "90 days"},
            "signed": {"name": "Signed", "needs": {"contract": "Contract"}, "usual": "3 workdays"},
            "building": {"name": "Building", "needs": {"permit": "Permit"}},
        },
        "on": "office",
    }
)
D = date(2022, 3, 1)


def code(found: Any) -> str:
    return found.code if found else ""


@pytest.mark.parametrize(
    ("now", "to", "evidence", "why", "told"),
    [
        (None, "talks", {}, "", ""),
        (None, "building", {"permit": "x"}, "", "no-evidence"),
        ("talks", "signed", {}, "", "no-evidence"),
        ("talks", "signed", {"contract": "  "}, "", "no-evidence"),
        ("talks", "signed", {"contract": "No. 7"}, "", ""),
        ("talks", "building", {"permit": "No. 8"}, "", "no-evidence"),
        ("talks", "building", {"permit": "No. 8", "contract": "No. 7"}, "", ""),
        ("signed", "signed", {}, "", "same-stage"),
        ("building", "talks", {}, "", "no-reason"),
        ("building", "talks", {}, "permit withdrawn", ""),
        ("talks", "flying", {}, "", "no-stage"),
    ],
)
def test_what_a_stage_asks_for(now: Any, to: str, evidence: Any, why: str, told: str) -> None:
    assert code(refusal(SPEC, now, to, evidence, why)) == told


def test_evidence_of_skipped_stages_is_asked_for_too() -> None:
    assert list(needs(SPEC, "talks", "building")) == ["contract", "permit"]
    assert list(needs(SPEC, "signed", "building")) == ["permit"]
    assert is_back(SPEC, "building", "talks") and not is_back(SPEC, "talks", "building")


def test_stays_are_from_entry_to_entry() -> None:
    found = stays([("talks", D), ("signed", D + timedelta(days=30))])
    assert [(one.stage, one.days(D + timedelta(days=45))) for one in found] == [("talks", 30), ("signed", 15)]
    assert found[1].until is None and stays([]) == ()


class Weekdays:
    """A calendar whose weekends are off."""

    def day(self, day: date) -> Any:
        return type("OneDay", (), {"working": day.weekday() < 5})()


def test_how_long_projects_usually_stay() -> None:
    calendar: Any = Weekdays()
    assert due(SPEC, "talks", D, calendar) == D + timedelta(days=90)
    assert due(SPEC, "signed", date(2022, 3, 3), calendar) == date(2022, 3, 8)  # Friday, Monday, Tuesday
    assert due(SPEC, "building", D, calendar) is None and due(SPEC, "gone", D, calendar) is None


def test_a_month_is_counted_from_what_is_there() -> None:
    month = Period.parse("2022-09")
    marks = [
        Mark("on-time", date(2022, 9, 10), D, fact=date(2022, 9, 9)),
        Mark("late", date(2022, 9, 10), D, fact=date(2022, 10, 2)),
        Mark("open", date(2022, 9, 30), D),
        Mark("of-august", date(2022, 8, 30), D, fact=date(2022, 9, 1)),
    ]
    history = {"arrived": [(date(2022, 8, 1), Decimal(5)), (date(2022, 9, 5), Decimal(9))], "planned": []}
    found = review(month, marks, ["done", "", "not-done", "done"], history)
    assert (found.due, found.on_time, found.late, found.open, found.reached) == (3, 1, 1, 1, 2)
    assert found.tasks == Done(4, 2, 1) and found.tasks.unsaid == 1
    assert found.added == {"arrived": Decimal(4)}
    both = found + Review(due=1, open=1, added={"invested": Decimal(2)})
    assert both.due == 4 and both.added == {"arrived": Decimal(4), "invested": Decimal(2)}


@given(
    st.lists(
        st.tuples(
            st.dates(date(2021, 12, 1), date(2023, 2, 1)),
            st.none() | st.dates(date(2021, 12, 1), date(2023, 2, 1)),
        )
    )
)
def test_quarters_add_up_to_the_year(said: list[Any]) -> None:
    marks = [Mark(str(n), plan, D, fact=fact) for n, (plan, fact) in enumerate(said)]
    year = Period.parse("2022")
    parts = sum((review(one, marks, [], {}) for one in year.within("quarter")), Review())
    assert parts == review(year, marks, [], {})


def test_the_last_word_up_to_a_day_is_what_a_sum_was() -> None:
    history = [(D, Decimal(1)), (D + timedelta(days=9), Decimal(3))]
    assert amount_on(history, D - timedelta(days=1)) is None
    assert [amount_on(history, D + timedelta(days=n)) for n in (0, 8, 9)] == [1, 1, 3]
