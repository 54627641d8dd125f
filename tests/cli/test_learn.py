"""`leitai case learn`, as typed: what it prints, and what it refuses."""

from __future__ import annotations

from datetime import timedelta

import pytest
import typer
from typer.testing import CliRunner, Result

from leitai.cli.learn import learn
from tests.factories import BY, DAY, Town, build

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
SAID = {"water": "water pipe burst", "roads": "pothole in the road", "tax": "no invoice at the counter"}


def run(*words: str) -> Result:
    app = typer.Typer()
    app.command()(learn)
    return CliRunner(env={"LANG": "C.UTF-8", "LC_ALL": ""}).invoke(app, list(words))


@pytest.fixture
def town() -> Town:
    """A place to which another system's dispatches came: one in six hours, the last today."""
    from django.utils import timezone

    from leitai.apps.casework import actions

    now = timezone.now()
    town = build("town", now)
    records = [
        actions.CaseRecord(str(n), town.units[unit].pk, SAID[unit], now - timedelta(hours=6 * n + 1))
        for n in range(200)
        for unit in [list(SAID)[n % 3]]
    ]
    actions.import_cases(place=town.place, kind="errand", source="old", records=records, by=BY, now=now)
    return town


def test_it_prints_what_was_measured_beside_the_commonest(town: Town) -> None:
    from leitai.apps.casework import queries

    done = run("--place", "town")
    assert done.exit_code == 0, done.output
    assert "town: 40 cases tested" in done.output
    assert "right at once 100.0%" in done.output
    assert "always the commonest unit would be right 3" in done.output
    assert "90% to 100%" in done.output
    assert queries.learned(town.place) is not None


def test_the_test_begins_on_the_day_that_is_named_in_the_place(town: Town) -> None:
    from django.utils import timezone

    first = (timezone.now() - 10 * DAY).astimezone(town.place.zone).date()
    done = run("--place", "town", "--test-from", first.isoformat())
    assert done.exit_code == 0, done.output
    assert any(f"town: {n} cases tested" in done.output for n in range(40, 45)), done.output


def test_what_cannot_be_is_said_in_a_line(town: Town) -> None:
    wrong = run("--place", "town", "--test-from", "yesterday")
    assert (wrong.exit_code, wrong.output.count("\n")) == (2, 1)
    assert "write a day as" in wrong.output
    few = run("--place", "town", "--test-from", "2000-01-01")
    assert few.exit_code == 2 and "0 to learn from and 200 to test on" in few.output
    assert run("--place", "nowhere").exit_code == 2
