"""The stages of a table, each alone: bands, weights, rounding."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leitai.rules.scoring import (
    METHODS,
    Band,
    Bands,
    Method,
    MinMax,
    RankPoints,
    Target,
    check_weights,
    dec,
    points,
    ranks,
    round_to,
    shares,
)

D = Decimal
VALUES = st.lists(st.integers(-50, 50).map(D), min_size=1, max_size=12)


@pytest.mark.parametrize(("sign", "at"), [("<", "60"), ("<=", "100"), (">", "60"), (">=", "100")])
def test_each_sign_decides_at_its_limit(sign: str, at: str) -> None:
    found = points(Bands((Band(sign, D(5), D(100)),), D(60)), "more", [D(5)])
    assert found == (D(at),)


@settings(max_examples=30)
@given(VALUES, st.sampled_from([Target(), MinMax(), RankPoints()]), st.sampled_from(["more", "less"]))
def test_better_values_never_get_fewer_points(values: list[D], method: Method, better: str) -> None:
    found = points(method, better, values, [D(40)] * len(values))  # type: ignore[arg-type]
    pairs = sorted(zip(values, found, strict=True), reverse=better == "less")
    assert all(one is not None and 0 <= one <= 100 for one in found)
    assert [one for _, one in pairs] == sorted(one for one in found if one is not None)


def test_every_method_survives_being_kept() -> None:
    for method in METHODS.values():
        assert Method.from_json(method().to_json()) == method()
    banded = Bands((Band("<", D("0.005"), D(100)),), D(60))
    assert Method.from_json(banded.to_json()) == banded
    for wrong in ({"by": "magic"}, {"by": "target", "flour": "0"}):
        with pytest.raises((KeyError, TypeError)):
            Method.from_json(wrong)


def test_weights_must_make_a_whole() -> None:
    assert check_weights({"a": D(40), "b": D(60)}) == ()
    found = check_weights({"a": D(40), "b": D(-1)}, of="the arena")
    assert [one.code for one in found] == ["weight-not-positive", "weights-not-100"]
    assert found[1].text == "the weights of the arena add up to 39, not 100"
    assert shares({"a": D(1), "b": D(2)}) == {"a": Fraction(1, 3), "b": Fraction(2, 3)}
    with pytest.raises(ValueError):
        shares({})


def test_rounding_is_as_declared() -> None:
    assert str(round_to(D("0.125"), 2)) == "0.13"
    assert str(round_to(D("0.125"), 2, "half-even")) == "0.12"
    assert str(round_to(D("-0.125"), 2)) == "-0.13"
    assert str(round_to(D("-0.001"), 2)) == "0.00"
    assert ranks([D("1.00"), D("1.0")]) == (1, 1)


def test_a_number_has_one_text() -> None:
    for given_ in (100, 100.0, "100.00", D("1E+2"), D(100)):
        assert str(dec(given_)) == "100"
    assert str(dec(0.1)) == "0.1"
    assert str(dec(D("-0.0"))) == "0"
    for wrong in ("ten", float("nan"), D("Infinity")):
        with pytest.raises(ValueError):
            dec(wrong)
