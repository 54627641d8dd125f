"""Every broken rule-book is told by code, line and column, and nothing else is held against it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from leitai.rules.regime.check import check_text
from leitai.rules.regime.parse import Parsed
from tests.rules.regime.helpers import BROKEN, RIGHT, UNITS


@cache
def _checked(file: Path) -> Parsed:
    return check_text(file.read_text(encoding="utf-8"), file=file.name, units=UNITS)


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.stem)
def test_the_fault_is_told_where_it_stands(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    code, place = text.splitlines()[0].removeprefix("# expect: ").split()
    found = _checked(file)
    assert [(f.code, f"{f.where.line}:{f.where.column}") for f in found.findings] == [(code, place)]
    assert found.regime is None
    assert "%" not in found.findings[0].text.replace("<0.5%", "").replace(">=90%", "")


def test_each_is_the_right_one_but_for_its_fault() -> None:
    assert check_text(RIGHT, units=UNITS).findings == ()
    assert len(BROKEN) >= 40


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("unknown-key", "“better” is"),
        ("duplicate-key", "first in line 24"),
        ("weights-not-100", "sum to 90; they must sum to 100"),
        ("unknown-unit", "nearest is “roads”"),
        ("arena-cycle", "overall → speed → overall"),
        ("impossible-date", "2022-02-30 is not a day"),
        ("cel-name", "“case.kind” is"),
        ("cel-type", "bool and text"),
        ("clock-calendar", "nearest is “hall”"),
        ("not-in-enum", "quarter is"),
        ("tab", "spaces"),
        ("bad-timezone", "Asia/Shanghai"),
        ("unknown-verb", "propose MERIT for unit"),
    ],
)
def test_what_would_be_right_is_said(name: str, words: str) -> None:
    file = next(one for one in BROKEN if one.stem == name)
    assert words in str(_checked(file).findings[0])
