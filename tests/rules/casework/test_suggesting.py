"""The suggested unit learns what dispatchers did, is as sure as it is right, and is silent where it knows nothing."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leitai.rules.casework import suggesting
from leitai.rules.casework.suggesting import (
    FEWEST,
    FLOOR,
    LEAST,
    MOST,
    confidences,
    learn,
    measure,
    suggest,
)

PAGE = Path(__file__).resolve().parents[3] / "docs/methods/dispatch-suggestion.md"
SAID = {
    "power": ["路灯不亮", "整条街路灯熄灭", "变压器冒火花", "电线垂落"],
    "water": ["自来水管爆裂", "水压太低", "停水三天", "水质发黄浑浊"],
    "roads": ["路面坑洼", "井盖破损", "人行道砖松动", "路面塌陷有坑"],
}


def dealt(times: int) -> tuple[list[str], list[str]]:
    """Every text of SAID with its unit, over and over."""
    pairs = [(text, unit) for row in range(4) for unit, texts in SAID.items() for text in [texts[row]]]
    return [text for text, _ in pairs * times], [unit for _, unit in pairs * times]


def test_the_example_of_the_module_is_true() -> None:
    assert doctest.testmod(suggesting).failed == 0


def test_the_worked_table_is_what_the_program_does() -> None:
    page = PAGE.read_text(encoding="utf-8")
    given_ = re.findall(r"^\| ([a-z ]+) \| (power|roads) \| (\d+) \|$", page, re.MULTILINE)
    once = [(text, unit) for text, unit, times in given_ for _ in range(int(times))]
    assert len(once) == 25
    model = learn([text for text, _ in once] * 8, [unit for _, unit in once] * 8)
    asked = re.findall(r"^\| ([a-z ]+) \| (0\.\d\d) \| (0\.\d\d) \|$", page, re.MULTILINE)
    assert len(asked) == 5
    assert model.labels == ("power", "roads")
    found = confidences(model, [text for text, _, _ in asked])
    assert [[f"{one:.2f}" for one in row] for row in found] == [[one, two] for _, one, two in asked]
    assert (model.power, f"{model.trust:.3f}") == (0.5, "0.267")


def test_texts_never_seen_go_where_their_words_went() -> None:
    model = learn(*dealt(20))
    found = suggest(model, ["小区门口路灯坏了", "家里停水了水压低", "路面有个大坑"])
    assert [said[0].label for said in found] == ["power", "water", "roads"]
    assert all(said[0].confidence >= FLOOR for said in found)


def test_nothing_is_said_of_a_text_of_which_nothing_is_known() -> None:
    texts, units = dealt(20)
    assert suggest(learn(texts, units), ["♪", ""]) == [(), ()]


def test_a_toss_between_three_is_not_told_as_knowledge() -> None:
    """One text that went to each of three units as often: a third each, so nothing is said."""
    units = ["power", "water", "roads"] * 60
    model = learn(["漏了"] * len(units), units)
    assert confidences(model, ["漏了"])[0] == pytest.approx([1 / 3] * 3, abs=0.02)
    assert suggest(model, ["漏了"]) == [()]


def test_confidence_is_the_share_that_goes_there() -> None:
    """Seven of ten to one unit, the rest to another: 70 %, though a dozen runs of letters all say the same."""
    units = (["roads"] * 7 + ["water"] * 3) * 30
    model = learn(["人行道上一直冒水"] * len(units), units)
    ((first, second),) = suggest(model, ["人行道上一直冒水"])
    assert (first.label, second.label) == ("roads", "water")
    assert first.confidence == pytest.approx(0.7, abs=0.02)


def test_too_few_teach_nothing() -> None:
    with pytest.raises(ValueError, match=str(FEWEST)):
        learn(["a"] * (FEWEST - 1), ["b"] * (FEWEST - 1))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=8))
def test_whatever_is_asked_the_chances_are_chances(texts: list[str]) -> None:
    model = learn(*dealt(10))
    found = confidences(model, texts)
    assert found.shape == (len(texts), 3) and np.isfinite(found).all()
    assert found.sum(axis=1) == pytest.approx(np.ones(len(texts)))
    for said, row in zip(suggest(model, texts), found, strict=True):
        shown = [one.confidence for one in said]
        assert shown == sorted(shown, reverse=True) and len(shown) <= MOST
        assert bool(said) == (row.max() >= FLOOR) and all(one >= LEAST for one in shown)


def test_the_same_learned_twice_is_the_same() -> None:
    one, other = (confidences(learn(*dealt(12)), ["路灯", "水管"]) for _ in range(2))
    assert (one == other).all()


# Measuring


def test_measured_counts_what_was_said_and_what_was_right() -> None:
    model = learn(*dealt(20))
    told = measure(model, ["路灯不亮", "停水三天", "路面坑洼", "♪"], ["power", "water", "water", "nowhere"])
    assert (told.tested, told.first, told.spoken, told.right) == (4, 2, 3, 2)
    assert told.three == 3, "roads was surest and water among the three; a unit never seen is a miss"
    assert sum(one.n for one in told.bins) == 4


def test_measured_over_many_batches_is_measured_once_each() -> None:
    texts, units = dealt(200)
    told = measure(learn(*dealt(20)), texts, units)
    assert told.tested == told.first == told.spoken == told.right == len(texts) > 2 * suggesting._BATCH
    assert told.majority == len(texts) // 3


def test_nothing_to_test_on_is_measured_as_nothing() -> None:
    told = measure(learn(*dealt(10)), [], [])
    assert (told.tested, told.spoken, told.bins) == (0, 0, ())
