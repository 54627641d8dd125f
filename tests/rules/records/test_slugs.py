"""Keys made from names: readable, stable, never two alike."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leitai.rules.records import free_key, slug

KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("PWDx_Street Light Outages", "pwdx-street-light-outages"),
        ("R1H", "r1h"),
        ("  Health Partners @ Violet Melchett ", "health-partners-violet-melchett"),
        ("Emperor's Gate", "emperor-s-gate"),
        ("São João", "sao-joao"),
        ("a" * 90, "a" * 60),
    ],
)
def test_names_in_latin_letters(name: str, key: str) -> None:
    assert slug(name) == key


def test_names_in_other_scripts_stay_apart() -> None:
    assert slug("水务局") != slug("住建局")
    assert slug("水务局") == slug(" 水务局 ")
    assert slug("A座水务局").startswith("a-")


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=80), max_size=12))
def test_every_name_gets_a_key_of_its_own(names: list[str]) -> None:
    taken: set[str] = set()
    for name in names:
        key = free_key(name, taken)
        assert KEY.fullmatch(key)
        assert key not in taken
        taken.add(key)


def test_the_second_of_two_alike_is_numbered() -> None:
    assert free_key("A & B", {"a-b"}) == "a-b-2"
    assert free_key("A & B", {"a-b", "a-b-2"}) == "a-b-3"
