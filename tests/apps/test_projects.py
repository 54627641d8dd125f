"""The library: entering, changing, stages with evidence, plans that stand, sums with their history, lights by days."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from leitai.apps.ledger.models import Event
from leitai.apps.projects import actions, queries
from leitai.apps.projects.drafts import Draft
from leitai.apps.projects.models import Entry, Membership, Project
from leitai.apps.projects.queries import Filter
from leitai.apps.projects.rows import spec_on
from leitai.drive.projects import judge_projects
from tests.factories import BY, DAY, NOW, Town, refused

from .projects_town import planned, project, rules, town

pytestmark = pytest.mark.django_db
OFFICE = "account:office-town"
TODAY = date(2024, 4, 10)


@pytest.fixture
def place(db: None) -> Town:
    return town()


def told(kind: str) -> dict[str, Any]:
    return json.loads(Event.objects.filter(kind=kind).order_by("-id")[0].data)


def again(row: Project) -> Project:
    return Project.objects.select_related("place").get(pk=row.pk)


def test_a_project_is_entered_with_its_library_sums_and_first_stage(place: Town) -> None:
    row = project(place, helpers=(place.units["tax"],))
    assert (row.stage, row.light, row.planned) == ("talks", "none", Decimal(150_000_000))
    assert Membership.objects.get().library == "big" and Entry.objects.get().stage == "talks"
    assert queries.by_subject(place.place, "project:P-1") == row
    assert queries.by_subject(place.place, "case:P-1") is None
    assert told("project.added")["project.code"] == "P-1" and told("project.added")["unit.key"] == "water"


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        ({"code": "add"}, "bad-code"),
        ({"code": "a/b"}, "bad-code"),
        ({"values": {"name": " "}}, "no-name"),
        ({"values": {"name": "X", "kind": "dream"}}, "no-key"),
        ({"values": {"name": "X", "colour": "red"}}, "no-field"),
        ({"values": {"name": "X", "longitude": 5.0}}, "half-a-point"),
        ({"values": {"name": "X", "longitude": 500.0, "latitude": 1.0}}, "no-such-point"),
        ({"sums": {"planned": Decimal(-1)}}, "bad-amount"),
        ({"sums": {"dreamt": Decimal(1)}}, "no-sum"),
        ({"libraries": ("small",)}, "no-library"),
        ({"stage": "building"}, "no-evidence"),
        ({"since": date(2024, 4, 11)}, "not-yet"),
    ],
)
def test_what_cannot_be_entered(place: Town, draft: Any, code: str) -> None:
    with refused(code):
        said = Draft(**({"code": "P-9", "values": {"name": "X"}} | draft))
        actions.add(place=place.place, draft=said, by=BY, now=NOW)


def test_a_code_is_there_once_in_a_place_and_may_be_in_another(place: Town) -> None:
    project(place)
    with refused("code-taken"):
        project(place)
    other = town("vale")
    project(other)
    assert Project.objects.filter(code="P-1").count() == 2
    with refused("other-place"):
        project(other, "P-2", values={"unit": place.units["water"]})


def test_a_place_without_the_paragraph_has_no_projects(place: Town) -> None:
    from tests.factories import build

    bare = build("bare")
    with refused("no-projects"):
        project(bare)


def test_a_change_keeps_what_stood_there(place: Town) -> None:
    row = project(place)
    actions.change(project=row, values={"where": "North park", "land": Decimal("12.5")}, by=BY, now=NOW)
    assert told("project.changed")["changed"] == {"where": ["", "North park"], "land": [None, "12.50"]}
    assert not actions.change(project=row, values={"where": "North park"}, by=BY, now=NOW)


def test_a_stage_needs_its_evidence_and_a_way_back_its_reason(place: Town) -> None:
    row = project(place)
    with refused("no-evidence"):
        actions.enter(project=row, stage="building", on=TODAY, evidence={"permit": "7"}, by=BY, now=NOW)
    evidence = {"permit": "No. 7", "contract": "No. 6"}
    actions.enter(project=row, stage="building", on=TODAY, evidence=evidence, by=BY, now=NOW)
    later = NOW + DAY
    with refused("no-reason"):
        actions.enter(project=row, stage="signed", on=TODAY, evidence={}, by=BY, now=later)
    with refused("no-such-day"):
        actions.enter(
            project=row, stage="signed", on=TODAY - timedelta(days=1), evidence={}, why="x", by=BY, now=later
        )
    actions.enter(
        project=row, stage="signed", on=TODAY, evidence={}, why="Permit withdrawn", by=BY, now=later
    )
    row = again(row)
    assert row.stage == "signed" and told("project.staged")["project.back"] is True
    shown = {one["key"]: one for one in queries.stages(row, spec_on(place.place, TODAY), TODAY)}
    assert shown["signed"]["here"] and not shown["building"]["passed"]
    assert list(shown["producing"]["needs"]) == ["permit", "accepted"]


def test_a_plan_stands_and_the_light_turns_by_itself(place: Town) -> None:
    row = project(place)
    mark = planned(row)
    assert again(row).light == "green" and again(row).turns_on == date(2024, 4, 21)
    with refused("plan-stands"):
        planned(row, on=date(2024, 6, 1))
    for days, light, slip in ((10, "green", 0), (11, "yellow", 1), (40, "red", 30)):
        judge_projects(place.place, NOW + days * DAY)
        row = again(row)
        assert (row.light, row.slip) == (light, slip)
    assert place.kinds().count("project.light") == 2 and told("project.light")["project.was"] == "yellow"
    actions.reach(milestone=mark, fact=date(2024, 5, 19), evidence="Photo 12", by=BY, now=NOW + 40 * DAY)
    row = again(row)
    assert (row.light, row.turns_on) == ("none", None) and told("project.reached")["milestone.late"] == 29


def test_a_wrong_plan_is_corrected_with_the_reason_on_record(place: Town) -> None:
    row = project(place)
    planned(row)
    said = [{"key": "start", "name": "Start", "plan": date(2024, 6, 1)}]
    actions.plan(project=row, milestones=said, why="Typed a 4 for a 6", by=BY, now=NOW)
    assert told("project.planned")["plan"] == {"start": ["2024-04-20", "2024-06-01"]}


def test_telling_early_costs_yellow_at_most(place: Town) -> None:
    row = project(place)
    mark = planned(row)
    with refused("day-over"):
        actions.foresee(milestone=mark, forecast=date(2024, 4, 9), why="x", by=BY, now=NOW)
    with refused("no-reason"):
        actions.foresee(milestone=mark, forecast=date(2024, 12, 1), why=" ", by=BY, now=NOW)
    actions.foresee(milestone=mark, forecast=date(2024, 12, 1), why="Steel", by=BY, now=NOW)
    assert again(row).light == "yellow" and again(row).slip == 0


def test_a_milestone_is_reached_once_and_with_what_shows_it(place: Town) -> None:
    mark = planned(project(place))
    with refused("no-evidence-words"):
        actions.reach(milestone=mark, fact=TODAY, evidence=" ", by=BY, now=NOW)
    with refused("not-yet"):
        actions.reach(milestone=mark, fact=date(2024, 4, 11), evidence="Photo", by=BY, now=NOW)
    actions.reach(milestone=mark, fact=TODAY, evidence="Photo", by=BY, now=NOW)
    with refused("reached"):
        actions.reach(milestone=mark, fact=TODAY, evidence="Photo", by=BY, now=NOW)


def test_a_delay_counts_once_another_has_agreed_to_it(place: Town) -> None:
    row = project(place)
    planned(row)
    late = NOW + 40 * DAY
    judge_projects(place.place, late)
    said = {"first": date(2024, 5, 1), "last": date(2024, 5, 10), "text": "Stopped by order 7"}
    one = actions.claim(project=row, cause="stop", **said, by=BY, now=late)
    assert again(row).slip == 30
    with refused("own-claim"):
        actions.agree(delay=one, by=BY, now=late)
    with refused("no-cause"):
        actions.claim(project=row, cause="moods", **said, by=BY, now=late)
    actions.agree(delay=one, by=OFFICE, now=late)
    row = again(row)
    assert (row.light, row.slip, row.excused) == ("yellow", 20, 10)
    with refused("answered"):
        actions.refuse_delay(delay=one, reply="No", by=OFFICE, now=late)
    account = queries.account(row, spec_on(place.place, TODAY), late)
    assert account.worst is not None and account.worst.slip.unexplained == 20
    assert [(name.en, days, excused) for name, days, excused in account.worst.causes] == [
        ("Approved stop", 10, True)
    ]


def test_sums_keep_their_days(place: Town) -> None:
    row = project(place)
    for day, yuan in ((date(2024, 4, 5), 30), (date(2024, 4, 9), 50), (date(2024, 4, 1), 10)):
        actions.note_sums(project=row, sums={"arrived": Decimal(yuan)}, on=day, source="bank", by=BY, now=NOW)
    row = again(row)
    assert row.arrived == 50  # an older word that comes late does not stand for the newer one
    history = {what: [int(one.yuan) for one in rows] for what, _last, rows in queries.sums(row)}
    assert history["arrived"] == [50, 30, 10]
    assert not actions.note_sums(
        project=row, sums={"arrived": Decimal(50)}, on=date(2024, 4, 9), source="bank", by=BY, now=NOW
    )


def test_one_that_is_given_up_leaves_the_list_and_takes_nothing_more(place: Town) -> None:
    row = project(place)
    planned(row)
    actions.close(project=row, on=TODAY, why="The firm is bankrupt", by=BY, now=NOW)
    assert not queries.listed(place.place).exists()
    assert queries.project(place.place, "P-1") == row
    judge_projects(place.place, NOW + 90 * DAY)
    assert again(row).light == "green"
    with refused("project-closed"):
        actions.join(project=row, library="big", by=BY, now=NOW)


def test_a_library_is_joined_and_left(place: Town) -> None:
    row = project(place, libraries=())
    actions.join(project=row, library="big", by=BY, now=NOW)
    assert not actions.join(project=row, library="big", by=BY, now=NOW)
    actions.leave(project=row, library="big", why="Too small", by=BY, now=NOW)
    assert not Membership.objects.exists()


def test_filters_narrow_and_another_place_never_shows(place: Town) -> None:
    other = town("vale")
    project(other, "V-1")
    project(place, "P-1")
    project(
        place,
        "P-2",
        libraries=(),
        values={"unit": place.units["roads"], "kind": ""},
        helpers=(place.units["tax"],),
    )
    planned(queries.project(place.place, "P-2"))

    def codes(**said: str) -> list[str]:
        return [row.code for row in queries.listed(place.place, Filter.of(said))]

    assert codes() == ["P-2", "P-1"]
    assert codes(light="green") == codes(unit="roads") == codes(unit="tax") == ["P-2"]
    assert codes(library="big") == codes(kind="investment") == codes(q="works p-1") == ["P-1"]
    assert codes(unit="nobody") == codes(stage="signed") == []
    assert [(one.light, one.n) for one in queries.tallies(place.place, Filter()) if one.n] == [
        ("green", 1), ("none", 1),
    ]  # fmt: skip
    told = json.loads(queries.geojson(place.place, Filter(), spec_on(place.place, TODAY), NOW))
    assert [one["id"] for one in told["features"]] == ["P-1", "P-2"] and told["stages"]["talks"] == "洽谈"
    assert told["features"][0]["geometry"] == {"type": "Point", "coordinates": [118.5, 36.5]}


def test_whoever_holds_the_way_to_the_start_is_told_and_forgotten(place: Town) -> None:
    row = project(place)
    spec = spec_on(place.place, TODAY)
    planned(row)
    account = queries.account(again(row), spec, NOW)
    assert (account.holder, account.holds) == (place.units["water"].name, "Start")
    held = {"unit": place.units["roads"], "what": "Land permit", "since": TODAY, "ref": "permit:7"}
    actions.hold_path(project=row, **held, by=BY, now=NOW)
    assert not actions.hold_path(project=row, **held, by=BY, now=NOW)
    account = queries.account(again(row), spec, NOW)
    assert (account.holder, account.holds, account.since) == (place.units["roads"].name, "Land permit", TODAY)
    actions.hold_path(project=row, unit=None, what="", since=None, by=BY, now=NOW)
    assert again(row).path_unit_id is None


def test_the_rule_book_of_the_test_is_right() -> None:
    from leitai.rules.regime.check import check_text

    assert [one for one in check_text(rules()).findings if one.severity == "error"] == []
