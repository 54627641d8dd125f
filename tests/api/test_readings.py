"""Figures over the interface: taken once, by a key for them, for its own units; each bad line told by its number."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from leitai.apps.measures.models import Reading
from tests.factories import Town

from .conftest import keyed


def line(**more: Any) -> dict[str, Any]:
    return {"unit": "tax", "measure": "funds", "period": "2024-03", "value": "8.5"} | more


def test_figures_are_taken_once_and_bad_lines_told(town: Town) -> None:
    system = keyed(town, "machine", "readings:report")
    lines = [
        line(),
        line(unit="nowhere"),
        line(unit="water", value=7),
        line(measure="finished"),
        {"unit": "tax"},
    ]
    answer = system.post("readings", {"readings": lines}).json()
    assert (answer["taken"], answer["known"]) == (2, 0)
    assert [(one["index"], one["code"]) for one in answer["rejected"][:2]] == [
        (1, "unknown-unit"),
        (3, "computed"),
    ]
    assert [one["index"] for one in answer["rejected"]] == [1, 3, 4]
    again = system.post("readings", {"readings": lines[:3]}).json()
    assert (again["taken"], again["known"]) == (0, 2)
    assert {row.unit.key: row.value for row in Reading.objects.all()} == {"tax": Decimal("8.5"), "water": 7}
    assert {row.reported_by for row in Reading.objects.all()} == {"key:machine"}


def test_another_value_is_no_correction(town: Town) -> None:
    system = keyed(town, "machine", "readings:report")
    system.post("readings", {"readings": [line()]})
    answer = system.post("readings", {"readings": [line(value="9")]}).json()
    assert [one["code"] for one in answer["rejected"]] == ["held-other"]
    assert Reading.objects.get().value == Decimal("8.5")


@pytest.mark.parametrize(
    "more",
    [
        {"value": "NaN"},
        {"value": 1e30},
        {"value": None},
        {"period": "march"},
        {"numerator": 3},
        {"value": "0.0000001"},
    ],
)
def test_what_is_no_figure(town: Town, more: dict[str, Any]) -> None:
    system = keyed(town, "machine", "readings:report")
    answer = system.post("readings", {"readings": [line(**more)]})
    assert answer.status_code == 200 and len(answer.json()["rejected"]) == 1
    assert not Reading.objects.exists()


def test_a_key_speaks_for_its_own_units_and_for_figures_alone(town: Town) -> None:
    own = keyed(town, "machine", "readings:report", unit="tax")
    answer = own.post("readings", {"readings": [line(unit="water"), line()]}).json()
    assert [one["index"] for one in answer["rejected"]] == [0] and answer["taken"] == 1
    wrong = keyed(town, "platform", "tickets:issue")
    assert wrong.post("readings", {"readings": [line()]}).status_code == 403
