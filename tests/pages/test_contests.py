"""The pages of contests: names are public when they should be, each does what a post allows, a slip is shown once."""

from __future__ import annotations

import re
from typing import Any

import pytest

from leitai.apps.contests.models import Contest
from tests.apps.contest_town import (
    OFFICE,
    answered,
    at_vote,
    called,
    cast,
    contest_town,
    forward,
    jurors,
    objected,
)
from tests.factories import HOUR
from tests.pages.rooms import Rooms


@pytest.fixture
def town(db: None) -> Rooms:
    """The town with a contest, and its doors."""
    return Rooms(contest_town())


def test_names_are_not_public_before_nominations_are_over(town: Rooms, client: Any) -> None:
    row = called(town.town)
    forward(row, town.town.units["water"])
    town.at(row.nominations_until - HOUR)
    office = town.door("office").get(f"/town/contests/{row.pk}").content.decode()
    public = client.get(f"/town/contests/{row.pk}", headers={"accept-language": "en"}).content.decode()
    assert "It did much" in office and "It did much" not in public
    assert "Names become public when nominations are over" in public


def test_the_road_of_a_contest_by_its_pages(town: Rooms, client: Any) -> None:
    row = called(town.town)
    town.at(row.opened_at + HOUR)
    office, clerk = town.door("office"), town.door("clerk")
    given = {
        "unit": "water",
        "why": "Every leak mended",
        "subject": ["case:1", ""],
        "shows": ["mended in a day", ""],
    }
    missing = clerk.post(f"/town/contests/{row.pk}/nominate", given | {"shows": ["", ""]})
    assert missing.status_code == 409 and "Every leak mended" in missing.content.decode()
    assert clerk.post(f"/town/contests/{row.pk}/nominate", given).status_code == 302
    assert clerk.post(f"/town/contests/{row.pk}/nominate", given | {"unit": "roads"}).status_code == 403
    names = "patrol-town, leader-town inspector-town"
    assert clerk.post(f"/town/contests/{row.pk}/jury", {"jurors": names}).status_code == 403
    assert office.post(f"/town/contests/{row.pk}/jury", {"jurors": f"{names} ghost"}).status_code == 409
    assert office.post(f"/town/contests/{row.pk}/jury", {"jurors": names}).status_code == 302

    from leitai.drive.engine import housekeeping

    town.at(row.nominations_until + HOUR / 6)
    housekeeping(town.town.place, now=row.nominations_until + HOUR / 6)
    row = Contest.objects.get(pk=row.pk)
    made = row.nominations.get()
    page = client.get(f"/town/contests/{row.pk}", headers={"accept-language": "en"}).content.decode()
    assert "Every leak mended" in page and "No accountability" in page
    objected = client.post(f"/town/nominations/{made.pk}/object", {"text": "Mine leaks still."})
    assert objected.status_code == 302
    said = made.challenges.get()
    assert "Mine leaks still." not in client.get(f"/town/contests/{row.pk}").content.decode()
    assert (
        office.post(
            f"/town/objections/{said.pk}/answer", {"upheld": "0", "answer": "Mended today."}
        ).status_code
        == 302
    )

    town.at(row.notice_until + HOUR)
    leader = town.door("leader")
    form = leader.get(f"/town/contests/{row.pk}/vote").content.decode()
    assert "Mine leaks still." in form and "Mended today." in form
    voted = leader.post(f"/town/contests/{row.pk}/vote", {"choice": [str(made.pk)]}).content.decode()
    slip = re.search(r'<b class="mono">([0-9a-f]{16})</b>', voted)
    assert slip is not None
    assert slip[1] not in leader.get(f"/town/contests/{row.pk}/vote").content.decode()
    for who in ("patrol", "inspector"):
        assert (
            town.door(who).post(f"/town/contests/{row.pk}/vote", {"choice": [str(made.pk)]}).status_code
            == 200
        )
    assert town.door("office").get(f"/town/contests/{row.pk}/vote").status_code == 404

    town.at(row.vote_until + HOUR)
    housekeeping(town.town.place, now=row.vote_until + HOUR)
    page = client.get(f"/town/contests/{row.pk}", headers={"accept-language": "en"}).content.decode()
    assert "elected" in page and slip[1] in page


def test_a_ballot_with_too_many_names_is_told_and_not_cast(town: Rooms) -> None:
    row, (water, roads) = at_vote(town.town, "water", "roads")
    town.at(row.notice_until + HOUR)
    answer = town.door("leader").post(
        f"/town/contests/{row.pk}/vote", {"choice": [str(water.pk), str(roads.pk)]}
    )
    assert answer.status_code == 409 and "names at most 1" in answer.content.decode()
    assert not row.secret_ballots.exists()
    page = answer.content.decode()
    assert page.count(" checked>") == 2, "what was ticked stays ticked"


def test_the_list_tells_a_juror_that_their_vote_is_awaited(town: Rooms) -> None:
    row, _ = at_vote(town.town, "water")
    town.at(row.notice_until + HOUR)
    assert "You are on the jury of" in town.door("leader").get("/town/contests").content.decode()
    assert "You are on the jury of" not in town.door("clerk").get("/town/contests").content.decode()


def test_every_page_says_which_objection_the_vote_waits_for(town: Rooms, client: Any) -> None:
    row, (water, _roads) = at_vote(town.town, "water", "roads")
    said = objected(water)
    town.at(row.notice_until - HOUR / 2)
    public = client.get(f"/town/contests/{row.pk}", headers={"accept-language": "en"}).content.decode()
    assert f"objection {said.pk} is not answered" in public and "the office answers it until" in public
    assert said.text not in public, "what it says is for the office and the jury"
    town.at(row.notice_until + HOUR)
    told = f"Objection {said.pk}, to Water Bureau"
    public = client.get(f"/town/contests/{row.pk}", headers={"accept-language": "en"}).content.decode()
    leader = town.door("leader")
    form = leader.get(f"/town/contests/{row.pk}/vote").content.decode()
    assert told in public and told in form and 'name="choice"' not in form
    assert "You are on the jury of" not in leader.get("/town/contests").content.decode()
    refused = leader.post(f"/town/contests/{row.pk}/vote", {"choice": [str(water.pk)]})
    assert refused.status_code == 409 and told in refused.content.decode()
    answered(said, row.notice_until + HOUR)
    assert 'name="choice"' in leader.get(f"/town/contests/{row.pk}/vote").content.decode()
    assert told not in client.get(f"/town/contests/{row.pk}").content.decode()


def test_a_juror_whose_unit_is_put_forward_later_reads_why_and_so_does_the_office(town: Rooms) -> None:
    from leitai.apps.contests import actions

    row = called(town.town)
    accounts = [*jurors(town.town), town.town.posts["clerk"].account]
    actions.name_jury(contest=row, accounts=accounts, by=OFFICE, now=row.opened_at + HOUR)
    forward(row, town.town.units["water"])
    actions.check_records(contest=row, by="drive", now=row.nominations_until)
    row.refresh_from_db()
    town.at(row.notice_until + HOUR)
    why = "serves at a unit that is put forward"
    form = town.door("clerk").get(f"/town/contests/{row.pk}/vote").content.decode()
    assert why in form and 'name="choice"' not in form
    assert why in town.door("office").get(f"/town/contests/{row.pk}").content.decode()
    assert why not in town.door("leader").get(f"/town/contests/{row.pk}").content.decode()


def test_who_cannot_judge_is_offered_no_ballot(town: Rooms) -> None:
    from leitai.apps.contests import actions

    row = called(town.town)
    accounts = [*jurors(town.town), town.town.posts["clerk"].account]
    actions.name_jury(contest=row, accounts=accounts, by=OFFICE, now=row.opened_at + HOUR)
    forward(row, town.town.units["water"])
    actions.check_records(contest=row, by="drive", now=row.nominations_until)
    row.refresh_from_db()
    town.at(row.notice_until + HOUR)
    ballot = f'href="/town/contests/{row.pk}/vote"'
    for path in ("/town/contests", f"/town/contests/{row.pk}"):
        assert ballot in town.door("leader").get(path).content.decode()
        assert ballot not in town.door("clerk").get(path).content.decode()


def test_nobody_is_asked_to_fill_in_a_nomination_that_would_be_refused(town: Rooms) -> None:
    row = called(town.town)
    town.at(row.nominations_until - HOUR)
    path, clerk = f"/town/contests/{row.pk}/nominate", town.door("clerk")
    assert 'name="why"' in clerk.get(path).content.decode()
    town.at(row.nominations_until)
    page = clerk.get(path).content.decode()
    assert 'name="why"' not in page and "Nominations are over" in page


def test_the_record_is_told_in_words_and_the_ballots_by_name(town: Rooms, client: Any) -> None:
    from leitai.apps.contests import actions

    row, (water, _roads) = at_vote(town.town, "water", "roads")
    slips = [cast(row, account, water) for account in jurors(town.town)]
    town.at(row.vote_until + HOUR)
    actions.close(contest=row, by="drive", now=row.vote_until)
    page = client.get(f"/town/contests/{row.pk}", headers={"accept-language": "en"}).content.decode()
    assert "record." not in page and "accountability decided: 0" in page and "table:1" not in page
    for slip in slips:
        assert re.search(rf"<code>{slip}</code>: Water Bureau\s*<", page)
