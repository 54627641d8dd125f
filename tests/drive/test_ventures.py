"""Rules on projects, permits of a start, chains and campaigns: each fact is there, each deed follows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from leitai.apps.campaigns import actions as campaigns
from leitai.apps.chains import actions as chains
from leitai.apps.chains.models import Gap
from leitai.apps.ledger import queries as ledger
from leitai.apps.ledger.models import Event
from leitai.apps.merits.models import Proposal
from leitai.apps.occasions.models import Occasion
from leitai.apps.permits import actions as permits
from leitai.apps.projects import actions as projects
from leitai.drive.projects import judge_projects
from leitai.rules.regime.vocabulary import EVENTS
from leitai.rules.rehearsal.stage import BLANK
from tests.apps import campaigns_town, chains_town, projects_town, start_town
from tests.factories import BY, DAY, HOUR, NOW, Town, build

pytestmark = pytest.mark.django_db
TODAY = date(2024, 4, 10)
OURS = ("project.", "delay.", "start.", "permit.", "duty.", "gap.", "campaign.")
RULES = """
  - {on: project.light, if: project.light == "red" && unit.key == "water", do: propose warning for unit, source: a}
  - {on: project.light, if: project.was == "red", do: propose flag for unit, source: b}
  - {on: duty.missed, if: permit.key == "planning", do: propose blame for head, source: c}
  - {on: start.made, if: start.days > 30, do: call statement, source: d}
  - {on: permit.asked, if: permit.round == 0, do: propose warning for unit, source: e}
  - {on: gap.ended, if: gap.state == "dropped" && gap.days_left < 0, do: propose warning for unit, source: f}
  - {on: campaign.answered, if: campaign.goal == "open" && !campaign.accepted, do: propose warning for unit, source: g}
"""


def book(rules: str = RULES) -> str:
    """The town's rule-book with projects, starts, chains and campaigns, and rules on them."""
    found = start_town.rules()
    for more in (projects_town.PARAGRAPH, chains_town.PARAGRAPH, campaigns_town.PARAGRAPH):
        found = found.replace("\nmerits:\n", more, 1)
    return found.rstrip() + rules


@pytest.fixture
def place(db: None) -> Town:
    return build(regime=book())


def proposed() -> list[tuple[str, str]]:
    """What was proposed, each with the source of its rule."""
    return sorted(Proposal.objects.values_list("merit", "rule"))


def started(place: Town) -> Any:
    """A start with every paper but the drawings, its planning permit granted on a commitment."""
    start = start_town.opened(place, "licence", "contract", "energy")
    start_town.grant(place, start, "land")
    permits.commit(permit=start_town.permit(start, "planning"), by="enterprise:firm", now=NOW)
    start_town.grant(place, start, "planning", "energy", "construction", at=NOW + HOUR)
    return start


def test_a_project_that_slips_to_red_is_proposed_about_once_with_its_days(place: Town) -> None:
    row = projects_town.project(place)
    projects_town.planned(row)
    for days in (11, 40, 41):
        judge_projects(place.place, NOW + days * DAY)
        place.drive(NOW + days * DAY)
    one = Proposal.objects.get()
    assert (one.merit, one.unit.key, one.rule) == ("warning", "water", "a")
    assert "Works P-1" in one.reason and "30 days behind" in one.reason


def test_a_turn_that_an_act_brings_about_is_heard_of_as_one_by_the_calendar_is(place: Town) -> None:
    row = projects_town.project(place)
    mark = projects_town.planned(row)
    judge_projects(place.place, NOW + 40 * DAY)
    now = NOW + 41 * DAY
    delay = projects.claim(
        project=row,
        cause="stop",
        first=date(2024, 4, 21),
        last=date(2024, 5, 20),
        text="Flood",
        by=BY,
        now=now,
    )
    projects.agree(delay=delay, by="account:other", now=now)
    place.drive(now)
    assert proposed() == [("flag", "b"), ("warning", "a")], "agreed to, it is red no more"
    projects.reach(milestone=mark, fact=date(2024, 5, 21), evidence="Photo", by=BY, now=now)
    turns = [ledger.data(one) for one in Event.objects.filter(kind="project.light").order_by("id")]
    assert [(one["project.was"], one["project.light"]) for one in turns] == [
        ("green", "red"),
        ("red", "yellow"),
        ("yellow", "none"),
    ]


def test_a_commitment_not_kept_is_proposed_about_at_the_unit_of_its_permit(place: Town) -> None:
    started(place)
    place.drive(NOW + 60 * DAY)
    assert ("blame", "c") in proposed()
    assert Proposal.objects.get(rule="c").unit.key == "roads"


def test_a_start_that_took_long_calls_an_occasion_and_one_that_did_not_calls_none(place: Town) -> None:
    start = started(place)
    late = NOW + 5 * DAY
    permits.give_paper(start=start, key="drawings", by="enterprise:firm", now=late)
    permits.make_start(start=start, on=TODAY + timedelta(days=5), by=BY, now=late)
    place.drive(late)
    assert not Occasion.objects.filter(key="statement", called=True).exists()
    permits.withdraw(permit=start_town.permit(start, "construction"), why="Wrong map", by=BY, now=late)
    much = NOW + 40 * DAY
    start_town.grant(place, start, "construction", at=much)
    permits.make_start(start=start, on=TODAY + timedelta(days=40), by=BY, now=much)
    place.drive(much)
    assert Occasion.objects.filter(key="statement", called=True).count() == 1


def test_a_gap_dropped_late_and_evidence_refused_are_acted_on(place: Town) -> None:
    gap = _gap(place)
    proof = campaigns.offer(
        place=place.place, campaign="roads", goal="open", text="Photo", ref="File 1", by=BY, now=NOW
    )
    campaigns.answer(proof=proof, accepted=False, reply="No seal", by="account:other", now=NOW)
    chains.end_gap(gap=gap, done=False, how="Nobody came", by=BY, now=NOW + 9 * DAY)
    place.drive(NOW + 9 * DAY)
    assert proposed() == [("warning", "f"), ("warning", "g")]
    assert set(Proposal.objects.values_list("unit__key", flat=True)) == {"water"}


def test_every_fact_a_condition_may_ask_is_in_every_event_of_these_rooms(place: Town) -> None:
    _everything(place)
    seen = set()
    for row in Event.objects.filter(place=place.place, kind__in=[k for k in EVENTS if k.startswith(OURS)]):
        told = ledger.data(row)
        for name, kind in EVENTS[row.kind].items():
            assert type(told.get(name)) is type(BLANK[kind]), f"{row.kind} says {name}: {told.get(name)!r}"
        seen.add(row.kind)
    assert seen == {kind for kind in EVENTS if kind.startswith(OURS)}


def test_a_rule_may_ask_for_the_unit_of_a_project_that_none_has(db: None) -> None:
    asked = 'unit.kind == "" && problem.kind == "question"'
    rule = f"\n  - {{on: project.problem, if: {asked}, do: call statement, source: h}}\n"
    place = build(regime=book(rule))
    row = projects_town.project(place, values={"unit": None})
    projects.raise_problem(project=row, kind="question", title="No power yet", by=BY, now=NOW)
    place.drive()
    assert not Event.objects.filter(kind="rule.failed").exists()
    assert Occasion.objects.filter(key="statement", called=True).count() == 1


def _gap(place: Town) -> Gap:
    chains.put_chain(place=place.place, chain="metal", data=chains_town.data(), by=BY, now=NOW)
    return chains_town.gap(place, due=str(TODAY + timedelta(days=2)))


def _everything(place: Town) -> None:
    """Acts after which every kind of event of these rooms is on record."""
    row = projects_town.project(place)
    mark = projects_town.planned(row)
    who: dict[str, Any] = {"by": BY, "now": NOW}
    projects.enter(project=row, stage="signed", on=TODAY, evidence={"contract": "No. 1"}, **who)
    projects.raise_problem(project=row, kind="question", title="No power yet", **who)
    correction = projects.correct(project=row, field="where", said="Here", by="enterprise:firm", now=NOW)
    projects.settle_correction(correction=correction, taken=True, reply="", **who)
    judge_projects(place.place, NOW + 11 * DAY)
    later = {"by": BY, "now": NOW + 11 * DAY}
    for settle in (projects.agree, projects.refuse_delay):
        delay = projects.claim(
            project=row, cause="unit", first=TODAY, last=TODAY, text="Late papers", **later
        )
        settle(delay=delay, reply="seen", by="account:other", now=later["now"])
    projects.reach(milestone=mark, fact=TODAY, evidence="Photo", **later)
    nobody = projects_town.project(place, "P-2", values={"unit": None})
    projects.close(project=nobody, on=TODAY, why="Given up", **who)
    start = started(place)
    permits.make_start(start=start, on=TODAY, by=BY, now=NOW + HOUR)
    place.drive(NOW + 60 * DAY)
    after: dict[str, Any] = {"by": BY, "now": NOW + 61 * DAY}
    permits.withdraw(permit=start_town.permit(start, "energy"), why="Wrong map", **after)
    again = started(place)
    permits.give_paper(start=again, key="drawings", by="enterprise:firm", now=NOW + DAY)
    third = start_town.opened(place)
    permits.drop(permit=start_town.permit(third, "energy"), why="No such need", **who)
    permits.give_up(start=third, why="Went elsewhere", **who)
    gap = _gap(place)
    chains.change_gap(gap=gap, unit=place.units["roads"], due=TODAY + timedelta(days=9), why="Theirs", **who)
    chains.end_gap(gap=gap, done=True, how="Contract", **who)
    proof = campaigns.offer(
        place=place.place, campaign="roads", goal="open", text="Photo", ref="File 1", **who
    )
    campaigns.answer(proof=proof, accepted=True, by="account:other", now=NOW)
