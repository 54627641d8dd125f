"""What a rule-book says of projects is checked: names that exist, days that can be, lights in their order."""

from __future__ import annotations

import pytest

from leitai.rules.regime.check import check_text

BOOK = """
leitai: 1
place: {key: town, name: Town, timezone: Asia/Shanghai}
regime: {title: Rules, in_force: 2022-01-01, source: test}
calendars:
  office: {holidays: none, windows: ["09:00-17:00"]}
groups: {everybody: {name: All, units: {all: true}}}
projects:
  on: office
  yellow: 1
  red: 30
  winter: ["11-01", "03-31"]
  stages:
    talks: {name: Talks, usual: 90 days}
    building: {name: Building, needs: {permit: Permit}}
  levels: {county: County}
  libraries: {big: {name: Big, level: county}}
"""


def codes(text: str) -> list[str]:
    return [one.code for one in check_text(text).findings]


def test_a_right_paragraph_is_right() -> None:
    assert codes(BOOK) == []


@pytest.mark.parametrize(
    ("wrong", "right", "code"),
    [
        ("on: offce", "on: office", "unknown-calendar"),
        ("level: country", "level: county}", "unknown-level"),
        ("usual: a while", "usual: 90 days", "bad-limit"),
        ("red: 0", "red: 30", ""),
        ("yellow: 30", "yellow: 1", "light-order"),
        ('winter: ["13-01", "03-31"]', 'winter: ["11-01", "03-31"]', "bad-day"),
        (
            "building: {name: Building}",
            "building: {name: Building, needs: {permit: Permit}}",
            "stage-without-evidence",
        ),
        (
            "talks: {name: Talks, needs: {x: X}}",
            "talks: {name: Talks, usual: 90 days}",
            "first-stage-needs",
        ),
    ],
)
def test_each_fault_is_told_where_it_stands(wrong: str, right: str, code: str) -> None:
    found = check_text(BOOK.replace(right, wrong + ("}" if right.endswith("county}") else ""))).findings
    assert found and found[0].where.line > 6
    if code:
        assert [one.code for one in found] == [code]
