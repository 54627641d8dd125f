"""The same value gives the same bytes, and what has no one form is refused."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leitai.rules.ledger import Event, canonical, digest

WORD = st.text('aé\uffee𐀀"\n', max_size=3)
PLAIN = st.dictionaries(
    WORD, st.lists(st.none() | st.booleans() | st.integers() | WORD, max_size=3), max_size=4
)


@settings(max_examples=40)
@given(PLAIN)
def test_bytes_read_back_as_the_value_and_are_the_same_in_any_key_order(value: dict[str, object]) -> None:
    data = canonical(value)
    assert json.loads(data) == value
    assert canonical(json.loads(data)) == data
    assert canonical(dict(reversed(value.items()))) == data


def test_known_bytes() -> None:
    cst = timezone(timedelta(hours=8))
    value = {
        "z": datetime(2022, 3, 1, 16, 30, tzinfo=cst),
        "a": datetime(2022, 3, 1, 16, 30, 0, 25, tzinfo=cst),
        "é": date(2022, 3, 1),
        "𐀀": Decimal("1.50"),
        "\uffee": (1, True, None),
    }
    expected = (
        '{"a":"2022-03-01T08:30:00.000025Z","z":"2022-03-01T08:30:00Z","é":"2022-03-01",'
        '"\uffee":[1,true,null],"𐀀":"1.50"}'
    )
    assert canonical(value) == expected.encode()


@pytest.mark.parametrize("value", [1.5, [0.0], {"a": {"b": 2.0}}, {1: "a"}, b"bytes", {1, 2}])
def test_what_has_no_one_form_is_a_type_error(value: object) -> None:
    with pytest.raises(TypeError):
        canonical(value)


@pytest.mark.parametrize("value", [datetime(2022, 3, 1), Decimal("NaN"), Decimal("Infinity")])  # noqa: DTZ001
def test_what_has_no_meaning_is_a_value_error(value: object) -> None:
    with pytest.raises(ValueError):
        canonical(value)


def test_a_float_is_told_to_be_a_decimal_string() -> None:
    with pytest.raises(TypeError, match="decimal string"):
        canonical({"share": 0.1})


def test_digests_are_the_published_ones() -> None:
    assert digest(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    with pytest.raises(ValueError, match="no hash 'sm9'"):
        digest(b"abc", "sm9")


def test_sm3_is_the_standard_s_example_where_the_machine_has_it() -> None:
    try:
        found = digest(b"abc", "sm3")
    except ValueError as reason:
        pytest.skip(str(reason))
    assert found == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_an_event_reads_back_from_its_body() -> None:
    at = datetime(2022, 3, 1, 16, 30, tzinfo=timezone(timedelta(hours=8)))
    event = Event("a-place", "ballot.bad", at, "door", "point:7", {"grade": "dissatisfied", "n": 2}, "rule:9")
    assert event.at == at
    assert event.at.tzinfo is UTC
    assert Event.read(event.body()) == event
    assert event.body() == Event(**{name: getattr(event, name) for name in event.__slots__}).body()
    with pytest.raises(ValueError):
        Event("a-place", "ballot.bad", datetime(2022, 3, 1), "door", "point:7")  # noqa: DTZ001
    with pytest.raises(ValueError):
        Event("", "ballot.bad", at, "door", "point:7")
    with pytest.raises(ValueError):
        Event.read(event.body().replace(b'"version":1', b'"version":99'))
