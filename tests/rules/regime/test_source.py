"""YAML as it is written: values, positions, and faults of the text itself."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leitai.rules.kernel import Where
from leitai.rules.regime.source import Positions, plain, read


def _plain(text: str) -> object:
    tree, findings = read(text)
    assert findings == () and tree is not None
    return plain(tree)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("2022-01-31", date(2022, 1, 31)),
        ("08:30", "08:30"),
        ("09:00", "09:00"),
        ("2021-09-30 16:50", "2021-09-30 16:50"),
        ("2021-09-30 16:50:30", "2021-09-30 16:50:30"),
        ("yes", "yes"),
        ("true", True),
        ("40", 40),
        ("-1", -1),
        ("40.50", Decimal("40.50")),
        ("120%", "120%"),
        ('"40"', "40"),
        ("", None),
        ("null", None),
        ("[a, 1]", ["a", 1]),
        ("十分钟", "十分钟"),
    ],
)
def test_a_value_is_what_it_looks_like(written: str, value: object) -> None:
    found = _plain(f"a: {written}")
    assert found == {"a": value}
    assert isinstance(found, dict) and type(found["a"]) is type(value)


def test_keys_may_be_dates() -> None:
    assert _plain("{2022-01-01: x}") == {date(2022, 1, 1): "x"}


def test_every_double_key_is_told() -> None:
    _, findings = read("a: 1\na: 2\nb: {c: 1, c: 2}\n")
    assert [(f.code, f.where.line, f.values["line"]) for f in findings] == [
        ("duplicate-key", 2, 1),
        ("duplicate-key", 3, 3),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "a: *none",
        "a: [1, 2",
        "a: {b: 1",
        'a: "x',
        "a: b: c",
        "a: 1\n---\nb: 2",
        "\x00",
        "? [a]\n: b",
        "a: @x",
        "- a\nb: 1",
    ],
)
def test_what_is_not_yaml_is_one_finding(text: str) -> None:
    _, findings = read(text, "f.yaml")
    assert [f.code for f in findings] == ["yaml-syntax"]
    assert findings[0].where.line >= 1


def test_an_alias_in_itself_and_a_bomb_end() -> None:
    assert read("a: &a [*a]")[1][0].code == "yaml-syntax"
    bomb = "a: &a [x, x]\n" + "".join(
        f"{name}: &{name} [{', '.join([f'*{before}'] * 8)}]\n"
        for before, name in zip("abcdefg", "bcdefgh", strict=True)
    )
    assert "too-large" in {f.code for f in read(bomb)[1]}
    assert read("[" * 500)[1][0].code == "yaml-syntax"


@pytest.mark.parametrize(
    ("text", "line", "column", "where"),
    [
        ("a: xyz", 1, 3, Where("", 1, 6)),
        ("a: 'x''yz'", 1, 3, Where("", 1, 8)),
        ('a: "x\\"yz"', 1, 3, Where("", 1, 8)),
        ("a: >\n  one two\n  three\n", 1, 9, Where("", 3, 3)),
        ("a: |\n  one two\n  three\n", 2, 2, Where("", 3, 4)),
        ("a: one\n  two", 1, 5, Where("", 2, 3)),
    ],
)
def test_a_column_inside_a_text_is_found_in_the_file(text: str, line: int, column: int, where: Where) -> None:
    tree, _ = read(text)
    assert Positions(tree).inside(line, column, "a") == where


def test_a_path_that_is_not_there_is_what_stands_above_it() -> None:
    positions = Positions(read("a:\n  b: 1\n", "f")[0], "f")
    assert positions.value("a", "b") == Where("f", 2, 6)
    assert positions.key("a", "b") == Where("f", 2, 3)
    assert positions.key("a", "zzz", "y") == Where("f", 1, 1)


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab:-[]{}\"' \n\t#&*!|>%@1,?é中"), max_size=40))
def test_no_text_raises(text: str) -> None:
    tree, findings = read(text, "f")
    assert tree is not None or findings
