"""Weeks, months and quarters read from the same rows; problems as cases; enterprises' corrections; promotion."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from leitai.apps.casework.models import Case
from leitai.apps.projects import actions, queries
from leitai.apps.projects.models import Project, Task
from leitai.apps.projects.queries import Filter
from leitai.apps.projects.rows import spec_on
from leitai.rules.kernel import Period
from leitai.rules.projects import Review
from tests.factories import BY, DAY, NOW, Town, refused

from .projects_town import planned, project, town

pytestmark = pytest.mark.django_db
TODAY = date(2024, 4, 10)
FIRM = "enterprise:firm"


@pytest.fixture
def place(db: None) -> Town:
    return town()


def test_a_week_is_planned_once_and_told_with_words(place: Town) -> None:
    row = project(place)
    actions.plan_week(
        project=row, week="2024-W15", texts=["Pour the floor", " ", "Pour the floor"], by=BY, now=NOW
    )
    assert not actions.plan_week(project=row, week="2024-W15", texts=["Pour the floor"], by=BY, now=NOW)
    with refused("week-over"):
        actions.plan_week(project=row, week="2024-W14", texts=["Too late"], by=BY, now=NOW)
    with refused("no-week"):
        actions.plan_week(project=row, week="2024-04", texts=["A month"], by=BY, now=NOW)
    task = Task.objects.get()
    with refused("no-words"):
        actions.tell_task(task=task, done=True, note=" ", by=BY, now=NOW)
    actions.tell_task(task=task, done=True, note="Photo 3", by=BY, now=NOW)
    with refused("told"):
        actions.tell_task(task=task, done=False, note="Rain", by=BY, now=NOW)


def test_month_and_quarter_read_what_the_weeks_wrote(place: Town) -> None:
    row, idle = project(place), project(place, "P-2")
    mark = planned(row)
    actions.plan_week(project=row, week="2024-W15", texts=["Pour", "Dig"], by=BY, now=NOW)
    task = Task.objects.get(text="Pour")
    actions.tell_task(task=task, done=False, note="Rain", by=BY, now=NOW)
    actions.note_sums(project=row, sums={"arrived": Decimal(90)}, on=TODAY, source="bank", by=BY, now=NOW)
    actions.reach(milestone=mark, fact=TODAY, evidence="Photo", by=BY, now=NOW)
    for key in ("2024-04", "2024-Q2"):
        found, total = queries.reviewed(place.place, Period.parse(key), Filter())
        rows = queries.rows(found, Period.parse(key))
        assert sum((one.review for one in rows), Review()) == total
        assert (total.due, total.on_time, total.reached) == (1, 1, 1)
        assert (total.tasks.planned, total.tasks.missed, total.tasks.unsaid) == (2, 1, 1)
        assert total.added["arrived"] == 90
        assert {one.project for one in rows} == {row, idle}  # the other's planned sum was noted in it
    total = queries.reviewed(place.place, Period.parse("2024-W15"), Filter())[1]
    assert total.tasks.planned == 2 and total.due == 0 and total.reached == 1
    assert queries.reviewed(place.place, Period.parse("2024-W18"), Filter())[1].due == 0
    assert queries.reviewed(place.place, Period.parse("2024-05"), Filter())[0].count() == 0


def test_what_a_project_is_stuck_at_becomes_one_case_about_it(place: Town) -> None:
    row = project(place)
    with refused("no-kind"):
        actions.raise_problem(project=row, kind="dream", title="No power", by=BY, now=NOW)
    from leitai.apps.projects.rows import problem_kinds

    kind = next(iter(problem_kinds(place.place, NOW)))
    actions.raise_problem(project=row, kind=kind, title="No power at the site", by=BY, now=NOW)
    place.drive(NOW)
    place.drive(NOW)
    case = Case.objects.get(about="project:P-1")
    assert (case.title, case.enterprise, case.opened_at) == ("No power at the site", place.firm, NOW)
    shown = queries.project(place.place, "P-1")
    assert shown is not None
    assert [one.case for one in queries.problems(shown, NOW)] == [case]
    account = queries.account(shown, spec_on(place.place, TODAY), NOW)
    assert account.holds == "No power at the site" and account.ref == f"case:{case.ref}"


def test_an_enterprise_corrects_and_another_takes_or_refuses(place: Town) -> None:
    row = project(place)
    with refused("bad-amount"):
        actions.correct(project=row, field="arrived", said="a lot", by=FIRM, now=NOW)
    with refused("no-field"):
        actions.correct(project=row, field="light", said="green", by=FIRM, now=NOW)
    one = actions.correct(project=row, field="arrived", said="90,000,000", by=FIRM, now=NOW)
    with refused("waiting"):
        actions.correct(project=row, field="arrived", said="91000000", by=FIRM, now=NOW)
    actions.settle_correction(correction=one, taken=True, reply="", by=BY, now=NOW)
    row = Project.objects.get(pk=row.pk)
    assert row.arrived == 90_000_000 and row.amounts.get(what="arrived").source == FIRM
    two = actions.correct(project=row, field="where", said="South park", by=FIRM, now=NOW)
    with refused("no-reason"):
        actions.settle_correction(correction=two, taken=False, reply="", by=BY, now=NOW)
    actions.settle_correction(correction=two, taken=False, reply="The map says north", by=BY, now=NOW)
    assert Project.objects.get(pk=row.pk).where == ""
    with refused("answered"):
        actions.settle_correction(correction=two, taken=True, reply="", by=BY, now=NOW)


def test_a_leaders_page_has_what_they_sponsor_and_nothing_else(place: Town) -> None:
    row = project(place)
    project(place, "P-2", values={"enterprise": None, "firm": "Another"})
    planned(row)
    found = queries.sponsor(place.viewer("leader"), place.place, NOW)
    assert [one.code for one in found.calm] == ["P-1"] and found.projects == ()
    assert [one.key for one in found.promised] == ["start"] and found.open == 0
    assert [one.key for one in found.quiet] == ["firm"]
    assert queries.sponsor(place.viewer("office"), place.place, NOW).calm == ()


def lead(place: Town, code: str, firm: str, unit: str = "north", **more: Any) -> Any:
    said = {"name": "A plant", "on": TODAY, "yuan": Decimal(10**8), "by": BY, "now": NOW}
    return actions.add_lead(place=place.place, code=code, firm=firm, unit=place.units[unit], **said | more)


def test_a_lead_goes_its_road_to_a_project(place: Town) -> None:
    row = lead(place, "L-1", "Bright Solar Co., Ltd.")
    step = {"by": BY, "now": NOW + DAY}
    with refused("not-yet"):
        actions.step_lead(lead=row, step="visited", on=date(2024, 4, 30), text="Met", **step)
    actions.step_lead(lead=row, step="visited", on=TODAY, text="Met at the fair", **step)
    actions.step_lead(lead=row, step="visited", on=TODAY, text="Met again", **step)
    actions.step_lead(lead=row, step="signed", on=TODAY, text="Signed 0.1 bn", **step)
    with refused("past-step"):
        actions.step_lead(lead=row, step="talks", on=TODAY, text="Back", **step)
    with refused("no-step"):
        actions.step_lead(lead=row, step="landed", on=TODAY, text="By itself", **step)
    built = project(place)
    actions.land(lead=row, project=built, on=date(2024, 4, 11), text="", **step)
    with refused("lead-over"):
        actions.step_lead(lead=row, step="lost", on=date(2024, 4, 11), text="Gone", **step)
    board = queries.board(place.place)
    assert [rung.came for rung in board.rungs] == [1, 1, 1, 1, 1] and board.landed == 10**8


def test_one_firm_followed_by_two_units_is_found_until_a_person_decides(place: Town) -> None:
    one, two = lead(place, "L-1", "Bright Solar Co., Ltd."), lead(place, "L-2", "BRIGHT SOLAR", "south")
    lead(place, "L-3", "Bright Solar Group")  # by the same unit
    found = queries.twins(place.place)
    assert {(pair.first.code, pair.second.code) for pair in found} == {("L-1", "L-2"), ("L-2", "L-3")}
    actions.decide_twins(leads=(two, one), same=True, note="Same licence", by=BY, now=NOW)
    with refused("answered"):
        actions.decide_twins(leads=(one, two), same=False, note="No", by=BY, now=NOW)
    assert [pair.decided is not None for pair in queries.twins(place.place)] == [False, True]


def test_a_joint_start_grows_and_knows_its_occasion(place: Town) -> None:
    rows = [project(place), project(place, "P-2")]
    said = {"place": place.place, "kind": "start", "on": TODAY, "name": "Joint start", "by": BY, "now": NOW}
    actions.gather(**said, projects=rows[:1])
    actions.gather(**said, projects=rows, occasion=7)
    assert not actions.gather(**said, projects=rows)
    (joint,) = queries.gatherings(place.place)
    assert (joint.n, joint.yuan, joint.row.occasion) == (2, Decimal(300_000_000), 7)
    foreign = project(town("vale"))
    with refused("other-place"):
        actions.gather(**said, projects=[foreign])
