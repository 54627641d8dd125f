"""Durations as people write them."""

import pytest

from leitai.rules.kernel import Text
from leitai.rules.worktime import Within, WithinError, parse_within, spoken


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("10 minutes", 10, "minutes"),
        ("1 minute", 1, "minutes"),
        ("90 min", 90, "minutes"),
        ("10分钟", 10, "minutes"),
        ("30 working minutes", 30, "minutes"),
        ("2 hours", 120, "minutes"),
        ("95 seconds", 95, "seconds"),
        ("30 秒", 30, "seconds"),
        ("1.5 hours", 90, "minutes"),
        ("48 working hours", 2880, "minutes"),
        ("48 office hours", 2880, "minutes"),
        ("24 小时", 1440, "minutes"),
        ("8个工作小时", 480, "minutes"),
        ("两个小时", 120, "minutes"),
        ("3 workdays", 3, "workdays"),
        ("  3  Working   Days ", 3, "workdays"),
        ("1 business day", 1, "workdays"),
        ("3 个工作日", 3, "workdays"),
        ("３个工作日", 3, "workdays"),
        ("十五个工作日", 15, "workdays"),
        ("二十个工作日", 20, "workdays"),
        ("三十二个工作日", 32, "workdays"),
        ("5 days", 5, "days"),
        ("7 天", 7, "days"),
        ("30日", 30, "days"),
        ("10个自然日", 10, "days"),
        ("2 weeks", 14, "days"),
        ("一周", 7, "days"),
    ],
)
def test_read(text: str, amount: int, unit: str) -> None:
    assert parse_within(text) == Within(amount, unit)


@pytest.mark.parametrize(
    ("text", "code", "right"),
    [
        ("", "not-a-duration", "10 minutes"),
        ("soon", "not-a-duration", "10 minutes"),
        ("3", "not-a-duration", "a number and a unit"),
        ("-3 days", "not-a-duration", "10 minutes"),
        ("3 workdayz", "unknown-unit", "write workday"),
        ("3 months", "unknown-unit", "days: a month"),
        ("3 kilograms", "unknown-unit", "minutes, hours, workdays, days or weeks"),
        ("0.5 workdays", "broken-unit", "write hours"),
        ("0.01 hours", "broken-unit", "whole minutes"),
        ("0 days", "duration-out-of-range", "write 1 to"),
        ("2026 weeks 3 days", "unknown-unit", "write"),
        ("99999999 minutes", "duration-out-of-range", "write 1 to 600000"),
        ("99999999 seconds", "duration-out-of-range", "write 1 to 36000000"),
        ("十十天", "not-a-number", "write 12"),
    ],
)
def test_refused_with_what_would_be_right(text: str, code: str, right: str) -> None:
    with pytest.raises(WithinError, match=right) as fault:
        parse_within(text)
    assert fault.value.code == code


@pytest.mark.parametrize("text", ["10 minutes", "1 minute", "2 hours", "1 hour", "1 workday", "5 days"])
def test_said_as_it_was_written(text: str) -> None:
    within = parse_within(text)
    assert str(within) == text
    assert parse_within(within.text.zh) == within


def test_seconds_are_said_as_people_say_them() -> None:
    assert Within(4500, "seconds").text == spoken(4500) == Text(zh="1小时15分钟", en="1 h 15 min")
    assert str(Within(59, "seconds")) == "59 s"
    assert spoken(90_061).en == "25 h 1 min 1 s"
    assert spoken(0).show("zh") == "0"
