"""Measures that are worked out from projects: stages entered, money that arrived, milestones reached by their day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leitai.apps.measures import project_facts
from leitai.apps.measures.queries import Sources, cells
from leitai.apps.people import queries as people
from leitai.apps.projects import actions
from leitai.apps.regimes.queries import regime_on
from leitai.rules.kernel import Period
from leitai.rules.regime import vocabulary
from leitai.rules.regime.check import check_text
from tests.apps import projects_town
from tests.apps.projects_town import planned, project
from tests.factories import BY, DAY, NOW, Town, build

pytestmark = pytest.mark.django_db
APRIL = Period.parse("2024-04")
MEASURES = """
  signed: {name: Signed, better: more, from: projects.entered, of: {stage: signed}, points: {by: rank}, source: a}
  signed-big:
    {name: Big, better: more, from: projects.entered, of: {stage: signed, library: big}, points: {by: rank}, source: b}
  money: {name: Money, better: more, from: projects.arrived, points: {by: target, target: 100}, source: c}
  on-plan: {name: Plan, better: more, from: projects.on_time_rate, points: {by: target, target: 1}, source: d}
"""


def book(more: str = MEASURES) -> str:
    return projects_town.rules().replace("\nmeasures:\n", f"\nmeasures:{more}", 1)


@pytest.fixture
def place(db: None) -> Town:
    return build(regime=book())


def found(
    place: Town, measure: str, period: Period = APRIL, units: tuple[str, ...] = ("water", "roads")
) -> Any:
    """The cells of some units."""
    rows = [people.unit(place.place, key) for key in units]
    return cells(Sources(place.place), regime_on(place.place, period.last), measure, period, rows)


def sign(row: Any, on: date, back: bool = False) -> None:
    """Into the stage, or back to the one before it."""
    now = NOW.replace(year=on.year, month=on.month, day=on.day, hour=4)
    stage, more = ("talks", {"why": "Fell through"}) if back else ("signed", {})
    actions.enter(project=row, stage=stage, on=on, evidence={"contract": "No. 1"}, by=BY, now=now, **more)


def test_every_fact_of_projects_in_the_vocabulary_is_worked_out() -> None:
    assert set(project_facts.FACTS) == {one for one in vocabulary.FACTS if one.startswith("projects.")}


def test_a_project_counts_once_in_the_period_in_which_it_first_entered(place: Town) -> None:
    row = project(place)
    sign(row, date(2024, 4, 11))
    sign(row, date(2024, 4, 20), back=True)
    sign(row, date(2024, 5, 2))
    sign(project(place, "P-2", libraries=()), date(2024, 4, 30))
    assert found(place, "signed")["water"].value == 2 and found(place, "signed")["roads"].value == 0
    assert found(place, "signed-big")["water"].value == 1
    assert found(place, "signed", APRIL.next())["water"].value == 0, "entered again is no more"
    assert found(place, "signed", Period.parse("2024"))["water"].value == 2


def test_what_arrived_in_a_period_is_what_the_sum_grew_by_in_it(place: Town) -> None:
    row = project(place, sums={})
    for day, yuan in ((date(2024, 4, 10), 40), (date(2024, 4, 30), 70), (date(2024, 5, 1), 65)):
        now = NOW.replace(month=day.month, day=day.day, hour=4)
        actions.note_sums(project=row, sums={"arrived": Decimal(yuan)}, on=day, source="x", by=BY, now=now)
    cell = found(place, "money")["water"]
    assert (cell.value, cell.target) == (70, 100)
    assert found(place, "money", APRIL.next())["water"].value == -5, (
        "put right in the month that puts it right"
    )
    assert found(place, "money", Period.parse("2024"))["water"].value == 65


def test_a_unit_answers_for_the_projects_of_the_units_below_it(place: Town) -> None:
    sign(project(place, values={"unit": place.units["tax-window"]}), date(2024, 4, 12))
    assert found(place, "signed", units=("tax",))["tax"].value == 1
    both = found(place, "signed", units=("tax", "tax-window"))
    assert (both["tax"].value, both["tax-window"].value) == (0, 1), "once in a table"


def test_milestones_are_on_time_by_their_day_and_excused_days_move_none(place: Town) -> None:
    row = project(place)
    marks = {key: planned(row, key, on=date(2024, 4, day)) for key, day in (("a", 20), ("b", 20), ("c", 30))}
    planned(row, "next", on=date(2024, 5, 1))
    reached = {"a": date(2024, 4, 20), "b": date(2024, 4, 21)}
    for key, day in reached.items():
        actions.reach(milestone=marks[key], fact=day, evidence="Photo", by=BY, now=NOW + 20 * DAY)
    cell = found(place, "on-plan")["water"]
    assert cell.n == 3 and float(cell.value) == pytest.approx(1 / 3)
    assert found(place, "on-plan")["roads"].state == "few"
    delay = actions.claim(
        project=row, cause="stop", first=date(2024, 4, 21), last=date(2024, 4, 21), text="Flood", by=BY,
        now=NOW + 20 * DAY,
    )  # fmt: skip
    assert found(place, "on-plan")["water"].value == cell.value, "claimed is not agreed to"
    actions.agree(delay=delay, by="account:other", now=NOW + 20 * DAY)
    after = found(place, "on-plan")["water"]
    assert (after.value, after.n) == (1, 2), (
        "the third has not fallen due: it is one day late, by an excused day"
    )


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("of: {stage: signed}", "of: {stage: singed}", "unknown-stage", "signed:"),
        (", of: {stage: signed}, points", ", points", "missing-stage", "signed:"),
        ("library: big", "library: bg", "unknown-library", "library"),
        ("from: projects.arrived", "from: projects.arrived, of: {stage: signed}", "stray-of", "money"),
        ("from: projects.arrived", "from: cases.opened, of: {library: big}", "stray-of", "money"),
        ("by: target, target: 100", "by: target", "missing-target", "money"),
    ],
)
def test_what_is_wrong_with_a_measure_of_projects_is_said_with_its_line(
    old: str, new: str, code: str, line: str
) -> None:
    text = book()
    assert text.count(old) == 1
    changed = text.replace(old, new)
    (told,) = (one for one in check_text(changed).findings if one.code == code)
    assert line in changed.splitlines()[told.where.line - 1]


def test_a_measure_of_projects_needs_the_paragraph_of_projects() -> None:
    from tests.factories import text

    bare = text().replace("\nmeasures:\n", f"\nmeasures:{MEASURES}", 1)
    codes = [one.code for one in check_text(bare).findings]
    assert codes.count("no-projects") == 4


@given(st.lists(st.tuples(st.sampled_from("ab"), st.booleans()), max_size=12))
def test_a_rate_over_units_together_is_that_of_all_their_milestones(pairs: list[tuple[str, bool]]) -> None:
    """The cells of parts add up to the cell of the whole: hits and milestones, not rates."""

    class Named:
        def __init__(self, key: str) -> None:
            self.key = key

    spec = regime_spec()
    known = {
        number: (sum(hit for who, hit in pairs if who == name), sum(who == name for who, _hit in pairs))
        for number, name in enumerate("ab")
    }
    whole = project_facts.cells(spec, known, {0: 0, 1: 0}, [Named("all")])["all"]
    parts = project_facts.cells(spec, known, {0: 0, 1: 1}, [Named("a"), Named("b")])
    assert whole.n == sum(one.n or 0 for one in parts.values()) == len(pairs)
    hits = sum(float(one.value or 0) * (one.n or 0) for one in parts.values())
    assert hits == pytest.approx(float(whole.value or 0) * len(pairs))


def regime_spec() -> Any:
    regime = check_text(book()).regime
    assert regime is not None
    return regime.measures["on-plan"]
