"""The rule-book and a rank's account in words: what is known is said in names, the rest is left as written."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from leitai.apps.regimes.conditions import in_words
from leitai.apps.tables.why import rounded
from leitai.rules.regime.check import check_text
from tests.factories import text

BOOK = check_text(text()).regime


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (
            'case.kind == "question" && clock.key == "reply"',
            "the case is of the kind “Question”, and the clock is “Reply”",
        ),
        (
            '(table.arena == "works" || table.arena == "service") && unit.gained >= 10',
            "the table is of the arena “Works” or “Service”, and the unit moved up 10 ranks or more",
        ),
        ('case.kind in ["question", "errand"]', "the case is of the kind “Question” or “Errand”"),
        ("!case.complex", "the case is not complex"),
    ],
)
def test_a_condition_of_plain_comparisons_is_said_in_names(condition: str, said: str) -> None:
    assert BOOK is not None
    with override("en"):
        assert in_words(condition, BOOK) == said


@pytest.mark.parametrize(
    "condition",
    [
        "",
        'case.kind == "question" || clock.key == "reply"',
        'case.kind != "question"',
        "!(case.complex && unit.rank == 1)",
        '(case.kind == "question" && case.complex) || unit.rank == 1',
        "unit.rank >= 3",
    ],
)
def test_of_any_other_condition_nothing_is_said(condition: str) -> None:
    assert BOOK is not None
    assert in_words(condition, BOOK) == ""


@given(st.lists(st.integers(-(10**7), 10**7), max_size=12), st.integers(-(10**5), 10**5))
def test_rounded_parts_sum_to_the_gap_and_stay_near(parts: list[int], cents: int) -> None:
    exact = [Decimal(one).scaleb(-4) for one in parts]
    exact.append(Decimal(cents).scaleb(-2) - sum(exact, Decimal(0)))
    amounts = rounded(exact, 2)
    assert sum(amounts, Decimal(0)) == Decimal(cents).scaleb(-2)
    assert all(abs(one - part) <= Decimal("0.01") for one, part in zip(amounts, exact, strict=True))
