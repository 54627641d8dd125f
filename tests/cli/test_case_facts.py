"""`leitai case facts`, as typed: three on-time shares by unit, and what it refuses."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner, Result

from leitai.cli import complete
from tests.factories import BY, DAY, HOUR, NOW, Town, build

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def run(*words: str) -> Result:
    return CliRunner(env={"LANG": "C.UTF-8", "LC_ALL": ""}).invoke(complete(), ["case", "facts", *words])


@pytest.fixture
def town() -> Town:
    """Ten errands of the water bureau in April: five done in time, two late, three still open after their time."""
    from leitai.apps.casework import actions

    town = build("town")
    took = [1, 2, 3, 4, 5, 48, 72, None, None, None]
    records = [
        actions.CaseRecord(
            str(n), town.units["water"].pk, "Lamp", NOW, NOW + DAY, NOW + hours * HOUR if hours else None
        )
        for n, hours in enumerate(took)
    ]
    actions.import_cases(place=town.place, kind="errand", source="old", records=records, by=BY, now=NOW)
    town.case("finding", None, at=NOW)
    return town


def test_it_prints_three_shares_side_by_side_by_unit(town: Town) -> None:
    done = run("--place", "town", "--kind", "errand", "--period", "2024-04", "--by", "unit")
    assert done.exit_code == 0, done.output
    (line, more) = (one for one in done.output.splitlines() if "Water" in one)
    assert [one.strip() for one in line.split("│")[2:7]] == ["10", "0", "71.4%", "50.0%", "50.0%"]
    assert "70.0% of 10" in more and "Tax" not in done.output


def test_it_gives_the_same_as_json_with_n_of_each(town: Town) -> None:
    told = json.loads(run("--place", "town", "--period", "2024-Q2", "--json").output)
    (row,) = told["rows"]
    assert (row["opened"], row["closed"]) == (11, 7)
    assert row["on_time"]["survival"] == 0.5 and row["on_time"]["n"] == 10
    assert row["facts"]["cases.solved_rate"] == {"value": 0.636364, "error": 0.126491, "n": 11}
    assert row["facts"]["cases.satisfied_rate"] == {"value": None, "error": None, "n": 0}


def test_kinds_are_told_apart_and_units_of_a_kind_gather_those_below(town: Town) -> None:
    told = json.loads(run("--place", "town", "--by", "kind", "--json").output)
    assert [(row["name"], row["opened"]) for row in told["rows"]] == [("errand", 10), ("finding", 1)]
    kind = town.units["water"].kind
    told = json.loads(run("--place", "town", "--by", kind, "--json").output)
    assert [row["opened"] for row in told["rows"]] == [10]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--place", "nowhere"), "no such place"),
        (("--place", "town", "--kind", "lamp"), "no such cases"),
        (("--place", "town", "--by", "colour"), "write unit, kind"),
        (("--place", "town", "--period", "soon"), "not a period"),
        (("--place", "town", "--period", "2150"), "has not begun"),
    ],
)
@pytest.mark.usefixtures("town")
def test_what_it_refuses_it_says(words: tuple[str, ...], why: str) -> None:
    done = run(*words)
    assert done.exit_code == 2 and why in done.output
