"""Histories, names in one language, numbers with a percent sign: what a text becomes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from leitai.rules.kernel import Text
from leitai.rules.regime.book import Book, RegimeError
from leitai.rules.regime.check import check_text
from leitai.rules.regime.model import Regime
from leitai.rules.regime.parse import parse
from tests.rules.regime.helpers import RIGHT

WITH_HISTORY = RIGHT.replace(
    "within: 10 minutes", "within: {values: {2021-02-01: 10 minutes, 2023-01-01: 30 minutes}}"
)


def _regime(text: str, on: date | None = None) -> Regime:
    parsed = parse(text, file="f.yaml", on=on)
    assert parsed.findings == ()
    assert parsed.regime is not None
    return parsed.regime


def _reply(regime: Regime) -> str:
    return regime.cases["question"].clocks["reply"].within


def test_a_bare_name_is_in_the_language_it_is_written_in() -> None:
    assert _regime(RIGHT).groups["bureaus"].name == Text(en="Bureaus")
    assert _regime(RIGHT.replace("name: Bureaus", "name: 各局")).groups["bureaus"].name == Text(zh="各局")


def test_a_cap_may_be_written_with_a_percent_sign() -> None:
    regime = _regime(RIGHT.replace("{by: target}", "{by: target, cap: 120%}"))
    assert regime.measures["funds"].points.cap == Decimal(120)
    assert parse(RIGHT.replace("{by: target}", "{by: target, cap: true}")).findings[0].code == "wrong-type"


@pytest.mark.parametrize(
    ("day", "limit"),
    [
        (date(2021, 2, 1), "10 minutes"),
        (date(2022, 12, 31), "10 minutes"),
        (date(2023, 1, 1), "30 minutes"),
        (None, "30 minutes"),
    ],
)
def test_a_value_is_in_force_until_the_next(day: date | None, limit: str) -> None:
    assert _reply(_regime(WITH_HISTORY, day)) == limit


def test_a_whole_paragraph_and_a_history_in_a_history() -> None:
    text = RIGHT.replace(
        "{funds: 60, delay: 40}",
        "{values: {2022-01-01: {funds: 60, delay: 40}, 2023-01-01: {funds: "
        "{values: {2022-01-01: 10, 2024-01-01: 20}}, delay: 90}}}",
    )
    assert _regime(text, date(2023, 5, 1)).arenas["projects"].weigh == {"funds": 10, "delay": 90}
    assert [f.code for f in check_text(text).findings] == ["weights"]  # from 2024 on they sum to 110


def test_a_fault_in_a_value_that_is_past_is_found_too() -> None:
    text = WITH_HISTORY.replace("2021-02-01: 10 minutes", "2021-02-01: 10 mnutes")
    assert [f.code for f in check_text(text).findings] == ["bad-limit"]
    assert check_text(text, on=date(2023, 1, 1)).findings == ()


def test_all_faults_are_told_at_once_in_order() -> None:
    text = (
        RIGHT.replace("timezone: Asia/Shanghai", "timezone: Mars")
        .replace("delay: 40", "delay: 30")
        .replace("on: hall,", "on: hal,")
    )
    found = check_text(text).findings
    assert [f.code for f in found] == ["unknown-timezone", "weights", "unknown-calendar"]
    assert [f.where.line for f in found] == sorted(f.where.line for f in found)


def test_a_book_judges_a_day_by_its_edition_and_its_value() -> None:
    older = RIGHT.replace("in_force: 2022-01-01", "in_force: 2020-01-01").replace("10 minutes", "1 hour")
    book = Book({"regime.yaml": WITH_HISTORY, "regime-2020-01-01.yaml": older})
    assert book.editions == (date(2020, 1, 1), date(2022, 1, 1))
    assert [_reply(book.on(date(year, 6, 1))) for year in (2020, 2021, 2022, 2023)] == [
        "1 hour",
        "1 hour",
        "10 minutes",
        "30 minutes",
    ]
    assert _reply(book.latest()) == "30 minutes"
    assert book.on(date(2022, 5, 1)) is book.on(date(2022, 6, 1))
    with pytest.raises(LookupError, match="2020-01-01"):
        book.on(date(2019, 12, 31))


def test_a_book_refuses_twins_strangers_and_broken_texts() -> None:
    other = RIGHT.replace("key: fair-town", "key: other").replace("2022-01-01", "2021-01-01")
    for texts, code in (
        ({"a": RIGHT, "b": RIGHT}, "same-day"),
        ({"a": RIGHT, "b": other}, "other-place"),
        ({"a": "x: ["}, "yaml-syntax"),
    ):
        with pytest.raises(RegimeError) as error:
            Book(texts)
        assert [f.code for f in error.value.findings] == [code]
    with pytest.raises(RegimeError):
        Book({})
