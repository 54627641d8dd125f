"""The pages of contests: names are public when they should be, each does what a post allows, a slip is shown once."""

from __future__ import annotations

import re
from typing import Any

import pytest

from leitai.apps.contests.models import Contest
from tests.apps.contest_town import at_vote, called, contest_town, forward
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
    names = "office-town, leader-town inspector-town"
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
    for who in ("office", "inspector"):
        assert (
            town.door(who).post(f"/town/contests/{row.pk}/vote", {"choice": [str(made.pk)]}).status_code
            == 200
        )
    assert town.door("patrol").get(f"/town/contests/{row.pk}/vote").status_code == 404

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


def test_the_list_tells_a_juror_that_their_vote_is_awaited(town: Rooms) -> None:
    row, _ = at_vote(town.town, "water")
    town.at(row.notice_until + HOUR)
    assert "You are on the jury of" in town.door("leader").get("/town/contests").content.decode()
    assert "You are on the jury of" not in town.door("clerk").get("/town/contests").content.decode()
