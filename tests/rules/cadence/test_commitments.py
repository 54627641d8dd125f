"""What came of a promise: kept, missed, or cannot tell."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leitai.rules.cadence.commitments import Seen, judge_evidence, judge_figure, said

NINE = Decimal(9)
NUMBERS = st.decimals(-(10**6), 10**6, places=3)


@pytest.mark.parametrize(
    ("sense", "value", "verdict"),
    [("ge", "9", "kept"), ("ge", "8.9", "missed"), ("le", "9", "kept"), ("le", "9.1", "missed")],
)
def test_the_figure_decides(sense: str, value: str, verdict: str) -> None:
    found = judge_figure(sense, NINE, Seen("ok", Decimal(value)))  # type: ignore[arg-type]
    assert (found.verdict, found.found) == (verdict, Decimal(value))


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("missing", "figure-missing"),
        ("late", "figure-incomplete"),
        ("disputed", "figure-disputed"),
        ("few", "figure-few"),
    ],
)
def test_what_the_records_do_not_say_cannot_be_told(state: str, code: str) -> None:
    found = judge_figure("ge", NINE, Seen(state, Decimal(10)))  # type: ignore[arg-type]
    assert (found.verdict, found.why.code) == ("unknown", code)


def test_a_sample_near_its_target_cannot_be_told() -> None:
    target = Decimal("0.9")

    def seen(value: str) -> str:
        return judge_figure("ge", target, Seen("ok", Decimal(value), Decimal("0.015"), rate=True)).verdict

    assert [seen(one) for one in ("0.95", "0.91", "0.88", "0.85")] == ["kept", "unknown", "unknown", "missed"]
    near = judge_figure("ge", target, Seen("ok", Decimal("0.91"), Decimal("0.015"), rate=True))
    assert near.why.text == "Found 91%, give or take 2.94%: chance alone may decide on 90%."


def test_evidence_that_nobody_looked_at_is_not_the_units_fault() -> None:
    assert judge_evidence(False, None).verdict == "missed"
    assert judge_evidence(True, None).verdict == "unknown"
    assert judge_evidence(True, True).verdict == "kept"
    refused = judge_evidence(True, False, "No date")
    assert (refused.verdict, refused.why.text) == ("missed", "The evidence was not accepted: No date")


@pytest.mark.parametrize(
    ("value", "rate", "text"),
    [
        ("9", False, "9"),
        ("900", False, "900"),
        ("9.500000", False, "9.5"),
        ("0.9", True, "90%"),
        ("0.91234", True, "91.23%"),
    ],
)
def test_a_figure_in_a_sentence(value: str, rate: bool, text: str) -> None:
    assert said(Decimal(value), rate=rate) == text
    assert said(None) == "–"


@given(NUMBERS, NUMBERS)
def test_at_least_and_at_most_agree_only_on_the_target_itself(value: Decimal, target: Decimal) -> None:
    seen = Seen("ok", value)
    both = {judge_figure("ge", target, seen).verdict, judge_figure("le", target, seen).verdict}
    assert both == ({"kept"} if value == target else {"kept", "missed"})


@given(NUMBERS, NUMBERS, st.decimals(0, 1000, places=3))
def test_more_doubt_never_turns_kept_into_missed(value: Decimal, target: Decimal, se: Decimal) -> None:
    sure = judge_figure("ge", target, Seen("ok", value)).verdict
    assert judge_figure("ge", target, Seen("ok", value, se)).verdict in (sure, "unknown")
