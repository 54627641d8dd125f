"""A start as one matter: permits begin when they may, papers are asked for once, clocks run on cases, it is made."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from leitai.apps.casework import actions as casework
from leitai.apps.permits import actions, queries
from leitai.apps.permits.models import Paper
from leitai.rules.projects.paths import WhatIf
from tests.factories import BY, DAY, HOUR, NOW, Town, refused

from .start_town import PAPERS, cases, give, grant, opened, permit, states, town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def place(db: None) -> Town:
    return town()


def test_what_needs_nothing_asks_for_its_papers_and_the_rest_waits(place: Town) -> None:
    start = opened(place)
    assert states(start) == {
        "land": "asking",
        "planning": "waiting",
        "energy": "asking",
        "construction": "waiting",
    }
    asked = queries.account(start, NOW).papers
    assert [one.key for one in asked] == list(PAPERS)
    assert asked[1].permits == "Land permit, Planning permit", "one paper, two permits, asked once"


def test_with_its_papers_a_permit_is_with_its_unit_and_its_clock_runs_on_a_case(place: Town) -> None:
    start = opened(place, "licence", "contract")
    assert states(start)["land"] == "working"
    (case,) = cases(start, "land")
    assert (case.unit.key, case.kind, case.enterprise) == ("roads", "start-permit", place.firm)
    # Five workdays after Wednesday the 10th: Wednesday the 17th, at half past five in the afternoon.
    assert case.due_at == permit(start, "land").due_at
    assert case.due_at.isoformat() == "2024-04-17T09:30:00+00:00"
    assert cases(start, "planning") == []


def test_a_paper_that_is_there_is_not_asked_for_again(place: Town) -> None:
    start = opened(place, "licence", "contract")
    grant(place, start, "land")
    assert states(start)["planning"] == "asking"
    assert [row.key for row in queries.account(start, NOW).papers if not row.held] == ["drawings", "energy"]
    with refused("paper-there"):
        give(start, "contract")
    with refused("unknown-paper"):
        give(start, "seal")


def test_papers_of_other_starts_of_the_enterprise_are_offered(place: Town) -> None:
    older = opened(place, "licence", "contract")
    newer = opened(place)
    offer = {one.key: one.offer for one in queries.account(newer, NOW).papers}
    assert offer["licence"] == Paper.objects.get(start=older, key="licence") and offer["drawings"] is None
    taken = actions.give_paper(start=newer, key="licence", taken_from=offer["licence"], by=BY, now=NOW)
    assert taken.taken_from.start == older


def test_granting_lets_the_next_begin_until_the_start_can_be_made(place: Town) -> None:
    start = opened(place, *PAPERS)
    with refused("not-granted"):
        actions.make_start(start=start, on=NOW.date(), by=BY, now=NOW)
    with refused("not-worked-on"):
        actions.grant(permit=permit(start, "construction"), by=BY, now=NOW)
    grant(place, start, "land", at=NOW + DAY)
    grant(place, start, "energy", "planning", "construction", at=NOW + 2 * DAY)
    assert set(states(start).values()) == {"granted"}
    assert [case.state for key in states(start) for case in cases(start, key)] == ["closed"] * 4
    with refused("bad-day"):
        actions.make_start(start=start, on=date(2024, 5, 1), by=BY, now=NOW + 3 * DAY)
    made = actions.make_start(start=start, on=date(2024, 4, 12), by=BY, now=NOW + 3 * DAY)
    assert made.started_on == date(2024, 4, 12)
    with refused("started-already"):
        actions.make_start(start=start, on=date(2024, 4, 12), by=BY, now=NOW + 3 * DAY)


def test_a_clock_met_or_missed_is_the_case_s_as_any(place: Town) -> None:
    start = opened(place, *PAPERS)
    grant(place, start, "land", at=NOW + DAY)
    late = NOW + 40 * DAY
    place.drive(late)
    grant(place, start, "energy", at=late)
    (kept,) = cases(start, "land")[0].clocks.all()
    (missed,) = cases(start, "energy")[0].clocks.all()
    assert kept.met_at == NOW + DAY and kept.breached_at is None
    assert missed.breached_at == missed.due_at and missed.met_at == late


def test_a_clerk_who_reports_the_case_as_done_has_granted_the_permit(place: Town) -> None:
    start = opened(place, *PAPERS)
    (case,) = cases(start, "land")
    casework.move_case(
        case=case, move="answer", role="unit", form={"done": "Issued"}, by="account:roads", now=NOW
    )
    place.drive(NOW)
    assert states(start) | {"planning": "working"} == states(start) | {"land": "granted"}
    case.refresh_from_db()
    assert case.state == "closed"


def test_the_path_names_its_holder_and_the_days_each_has_had(place: Town) -> None:
    start = opened(place, "energy")
    give(start, "licence", NOW + 3 * DAY)
    give(start, "contract", NOW + 3 * DAY)
    place.drive(NOW + 3 * DAY)
    found = queries.account(start, NOW + 5 * DAY)
    assert [one.row.key for one in found.path] == ["land", "planning", "construction"]
    assert found.holder is not None and found.holder.holder == "Roads Bureau"
    assert found.holder.days == (("Firm", 3), ("Roads Bureau", 2))
    assert found.plan.at > NOW + 15 * DAY and not found.holder.late
    later = queries.account(start, NOW + 12 * DAY)
    assert later.holder is not None and later.holder.late and later.holder.light == "red"


def test_what_if_says_by_how_much_the_start_moves(place: Town) -> None:
    start = opened(place, *PAPERS)
    plain = queries.account(start, NOW)
    assert plain.moved is None
    soon = queries.account(start, NOW, WhatIf(by={"land": NOW}))
    assert soon.moved is not None and soon.moved < timedelta(0)
    assert soon.plan.at == plain.plan.at + soon.moved
    assert next(one for one in plain.permits if one.row.key == "land").gain == -soon.moved
    slow = queries.account(start, NOW, WhatIf(takes={"energy": "60 workdays"}))
    assert [one.row.key for one in slow.path] == ["energy", "construction"]


def test_a_pause_of_the_case_moves_the_plan(place: Town) -> None:
    start = opened(place, *PAPERS)
    before = queries.account(start, NOW).plan.at
    (case,) = cases(start, "land")
    until, by = NOW + 30 * DAY, "account:roads"
    asked = casework.ask(
        case=case, kind="pause", ground="appraisal", text="Soil tests", until=until, by=by, now=NOW
    )
    who = {"role": asked.answerer, "by": "enterprise:firm", "now": NOW + 2 * HOUR}
    casework.answer_request(request=asked, granted=True, reply="", **who)
    after = queries.account(start, NOW + 3 * HOUR)
    assert after.plan.at > before + 20 * DAY


def test_a_start_does_without_a_permit_only_where_it_can(place: Town) -> None:
    with refused("no-reason"):
        opened(place, not_needed={"energy": " "})
    with refused("unknown-permit"):
        opened(place, not_needed={"fire": "None here"})
    with refused("start-out-of-reach"):
        opened(place, not_needed={"construction": "We just begin"})
    start = opened(place, "licence", not_needed={"planning": "Within an approved plan"})
    assert states(start)["planning"] == "dropped"
    assert "drawings" not in {one.key for one in queries.account(start, NOW).papers}
    actions.drop(permit=permit(start, "energy"), why="Under the threshold", by=BY, now=NOW)
    give(start, "contract")
    grant(place, start, "land")
    assert states(start)["construction"] == "working", "what needed planning needs what planning had needed"
    with refused("start-out-of-reach"):
        actions.drop(permit=permit(start, "construction"), why="We just begin", by=BY, now=NOW)


def test_a_start_that_is_given_up_lays_its_cases_down_and_takes_nothing_more(place: Town) -> None:
    start = opened(place, *PAPERS)
    with refused("no-reason"):
        actions.give_up(start=start, why="", by=BY, now=NOW)
    actions.give_up(start=start, why="Sold", by=BY, now=NOW)
    place.drive(NOW)
    assert set(states(start).values()) == {"waiting"}
    assert cases(start, "land")[0].state == "set-aside"
    with refused("given-up"):
        actions.grant(permit=permit(start, "land"), by=BY, now=NOW)


def test_opening_refuses_what_is_not_there_and_answers_the_same_key_once(place: Town) -> None:
    with refused("unknown-start"):
        opened(place, key="plants")
    with refused("no-title"):
        opened(place, title="  ")
    with refused("unknown-project"):
        opened(place, project="P-404")
    first = opened(place, once="a-key-of-the-sender")
    assert opened(place, once="a-key-of-the-sender") == first


def test_two_places_do_not_show_in_each_other(place: Town) -> None:
    other = town("vale")
    start = opened(place, *PAPERS)
    assert queries.start(other.place, start.pk) is None
    assert queries.permit(other.place, permit(start, "land").pk) is None
    assert list(queries.listed(other.place, queries.Narrow())) == []
    assert queries.lines(queries.listed(place.place, queries.Narrow()), NOW)[0].holder == "Roads Bureau"
