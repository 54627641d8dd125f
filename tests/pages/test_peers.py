"""Scoring on the spot in pages: the office's road, a sheet by its link, what telephones send, who sees what."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from leitai.apps.peers import actions, queries
from leitai.apps.peers.models import Mark, Scorer
from tests.apps.peers_town import SCORERS, SITES, filled, opened, peers_town, secret, tour
from tests.factories import BY, NOW, Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db: None) -> Town:
    """The town at its own present: ten in the morning of the tour's day."""
    from django.utils import timezone

    found = peers_town()
    found.place.lag = timezone.now() - NOW
    found.place.save(update_fields=["lag"])
    return found


def door(town: Town, role: str = "") -> Any:
    """Somebody of a role, reading English; nobody in particular without one."""
    from django.test import Client

    client = Client(headers={"accept-language": "en"})
    if role:
        client.force_login(town.posts[role].account)
    return client


def at(town: Town, row: Any, more: str = "") -> str:
    return f"/{town.place.key}/o/{row.pk}/scoring{more}"


def sends(town: Town, number: int, *marks: Any, hand_in: bool = False, key: str = "") -> Any:
    """What a telephone gets back for marks (site, criterion, points, once)."""
    body = {
        "marks": [
            {"site": s, "criterion": c, "points": p, "once": o, "at": "2024-04-10T01:00:00Z"}
            for s, c, p, o in marks
        ],
        "hand_in": hand_in,
    }
    address = f"/{town.place.key}/score/{key or secret(town, number)}"
    return door(town).post(address, json.dumps(body), content_type="application/json")


def test_the_office_lays_a_route_opens_and_sees_each_link_once(town: Town) -> None:
    row, office = tour(town), door(town, "office")
    page = office.get(at(town, row)).content.decode()
    assert "Name the scorers" in page and "Water Bureau" in page
    lines = "\n".join(f"{name}\t{unit}" for unit, name in SITES)
    assert office.post(at(town, row, "/route"), {"sites": lines}).status_code == 302
    assert [(one.unit.key, one.name) for one in queries.sites(row)] == list(SITES)
    shown = office.post(at(town, row, "/open"), {"scorers": "\n".join(SCORERS), "groups": "2"})
    found = re.findall(r"http://testserver/town/score/([\w-]{20,})<", shown.content.decode())
    assert len(found) == 6 and shown.content.decode().count("<svg") >= 6
    assert "no-store" in shown["Cache-Control"]
    assert [queries.scorer_by_link(town.place, one).number for one in found] == [1, 2, 3, 4, 5, 6]
    later = office.get(at(town, row)).content.decode()
    assert not any(one in later for one in found)
    new = office.post(at(town, row, "/link"), {"scorer": "2"}).content.decode()
    assert found[1] not in new
    assert door(town).get(f"/town/score/{found[1]}").status_code == 404


@pytest.mark.parametrize(
    ("line", "told"),
    [("Works", "with | between them"), ("Works | nobody", "no unit"), ("Works | north", "from 2 to")],
)
def test_a_route_that_cannot_be_read_is_refused_and_kept_in_the_box(town: Town, line: str, told: str) -> None:
    answer = door(town, "office").post(at(town, tour(town), "/route"), {"sites": line})
    assert answer.status_code == 409
    assert told in answer.content.decode() and line in answer.content.decode()


def test_nobody_but_the_office_lays_opens_renews_or_works_out(town: Town) -> None:
    row = opened(town)
    for role in ("clerk", "leader", "inspector", "patrol"):
        client = door(town, role)
        for more in ("/route", "/open", "/link", "/result"):
            assert client.post(at(town, row, more)).status_code == 403
    assert door(town).post(at(town, row, "/result")).status_code == 302, "to sign in"


def test_an_occasion_that_is_not_scored_has_no_such_page(town: Town) -> None:
    from leitai.apps.occasions.models import Occasion

    row = Occasion.objects.filter(place=town.place, key="review").first()
    assert door(town, "office").get(at(town, row)).status_code == 404
    assert "/scoring" not in door(town, "office").get(f"/town/o/{row.pk}").content.decode()
    assert at(town, tour(town)) in door(town, "office").get(f"/town/o/{tour(town).pk}").content.decode()


def test_a_sheet_goes_in_its_own_order_and_leaves_the_own_unit_out(town: Town) -> None:
    opened(town)
    answer = door(town).get(f"/town/score/{secret(town, 2)}")
    page = answer.content.decode()
    names = [name for _unit, name in SITES]
    assert sorted(names, key=page.index) == names[::-1]
    assert "you do not score it" not in page
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert answer["Referrer-Policy"] == "no-referrer"
    assert not re.search(r"<script(?![^>]*src=)|style=\"|onclick", page), "nothing inline"
    own = door(town).get(f"/town/score/{secret(town, 1)}").content.decode()
    assert "Your own unit" in own and own.count('data-criterion="scale"') == 4
    assert door(town).get("/town/score/nobodys-link-at-all").status_code == 404


def test_marks_come_in_once_and_each_is_taken_or_refused_by_itself(town: Town) -> None:
    row = opened(town)
    batch = [
        (1, "scale", "50", "once-0001"),
        (4, "scale", "50", "once-0002"),
        (2, "speed", "41", "once-0003"),
    ]
    told = sends(town, 1, *batch).json()
    assert told["taken"] == ["once-0001"]
    assert "own unit" in told["refused"]["once-0002"] and "from 0 to 40" in told["refused"]["once-0003"]
    again = sends(town, 1, batch[0], (1, "scale", "44.5", "once-0004")).json()
    assert again["taken"] == ["once-0001", "once-0004"] and again["marks"] == {"1-scale": "44.5"}
    assert Mark.objects.count() == 2 and queries.scorer_by_number(row, 1).handed_in_at is None


def test_a_sheet_is_handed_in_with_its_last_marks_and_not_where_one_is_refused(town: Town) -> None:
    row = opened(town)
    wrong = sends(town, 2, (1, "scale", "99", "once-0001"), hand_in=True).json()
    assert wrong["handed_in"] is None and wrong["refused"]
    right = sends(town, 2, (1, "scale", "50", "once-0002"), hand_in=True).json()
    assert right["handed_in"] and queries.scorer_by_number(row, 2).handed_in_at is not None
    late = sends(town, 2, (1, "scale", "51", "once-0003")).json()
    assert "handed in" in late["refused"]["once-0003"]
    assert sends(town, 2, hand_in=True).json()["handed_in"] == right["handed_in"]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{",
        '{"marks": 3}',
        '{"marks": [7]}',
        '{"marks": [{"once": "once-0001", "site": true, "criterion": 5, "points": "1"}]}',
        '{"marks": [{"once": "once-0001", "site": 1, "criterion": "scale", "points": NaN}]}',
        '{"marks": [{"once": "once-0001", "site": 1, "criterion": "scale", "points": "many"}]}',
        '{"marks": [{"once": "once-0001", "site": 10e30, "criterion": "scale", "points": "1"}]}',
        "[" * 100_000,
    ],
)
def test_what_cannot_be_read_is_answered_and_keeps_nothing(town: Town, body: str) -> None:
    opened(town)
    address = f"/town/score/{secret(town, 2)}"
    answer = door(town).post(address, body, content_type="application/json")
    assert answer.status_code == 400 and answer.json()["error"]
    assert not Mark.objects.exists()


def test_too_much_and_an_old_link_are_answered_in_words(town: Town) -> None:
    opened(town)
    long = door(town).post(f"/town/score/{secret(town, 2)}", "x" * 300_000, content_type="application/json")
    assert long.status_code == 413 and long.json()["error"]
    lost = sends(town, 2, (1, "scale", "50", "once-0001"), key="an-old-link-of-somebody")
    assert lost.status_code == 404 and "office" in lost.json()["error"]


def test_the_result_is_the_houses_first_and_everybodys_once_it_was_held(town: Town) -> None:
    from leitai.apps.occasions import actions as occasions

    row, office = opened(town), door(town, "office")
    filled(row)
    assert "6 of 6 handed in" in office.get(at(town, row)).content.decode()
    assert office.post(at(town, row, "/result")).status_code == 302
    mine = office.get(at(town, row)).content.decode()
    assert "the same, bit for bit" in mine and "Takes off" in mine
    page = door(town, "clerk").get(at(town, row)).content.decode()
    assert "Aluminium works" in page and "Takes off" not in page, "who is how severe is the office's to see"
    before = door(town).get(at(town, row)).content.decode()
    assert "once the occasion was held" in before and "Aluminium works" not in before
    occasions.hold(occasion=row, note="Done", nothing=True, by=BY, now=row.at)
    after = door(town).get(at(town, row)).content.decode()
    assert "Aluminium works" in after and "Takes off" not in after
    assert "points, between" in after, "intervals are drawn, with their words"


def test_a_result_where_nothing_can_be_told_apart_says_so(town: Town) -> None:
    row = opened(town)
    for scorer in Scorer.objects.all():
        for turn, criterion in ((t, c) for t in range(1, 6) for c in ("scale", "speed")):
            if (scorer.number, turn) not in queries.barred(row):
                points = str(20 + (scorer.number * 5 + turn * 7 + len(criterion)) % 11)
                sends(town, scorer.number, (turn, criterion, points, f"once-{turn}-{criterion}"))
        sends(town, scorer.number, hand_in=True)
    actions.work_out(occasion=row, by=BY, now=NOW)
    page = door(town, "leader").get(at(town, row)).content.decode()
    assert "no two sites can be told apart" in page and "fewer than 8 scorers" in page


def test_a_sheet_with_the_same_points_for_every_site_is_the_offices_to_look_at(town: Town) -> None:
    row = opened(town)
    for turn in range(1, 6):
        sends(town, 2, (turn, "scale", "40", f"once-{turn}-a"), (turn, "speed", "30", f"once-{turn}-b"))
    sends(town, 2, hand_in=True)
    filled(row, but=2)
    actions.work_out(occasion=row, by=BY, now=NOW)
    told = "gave every site the same points"
    assert told in door(town, "office").get(at(town, row)).content.decode()
    assert told not in door(town, "leader").get(at(town, row)).content.decode()


def test_a_result_that_would_come_of_too_few_sheets_is_not_offered_and_says_how_many_it_needs(
    town: Town,
) -> None:
    row, office = opened(town), door(town, "office")
    filled(row)
    Scorer.objects.filter(number__gt=2).update(handed_in_at=None)
    page = office.get(at(town, row)).content.decode()
    assert "2 of 6 sheets are handed in; a result needs 3." in page and "disabled" in page
    refused = office.post(at(town, row, "/result"))
    assert refused.status_code == 409 and "a result needs 3." in refused.content.decode()
    assert sends(town, 3, hand_in=True).json()["handed_in"]
    assert "a result needs" not in office.get(at(town, row)).content.decode()
    assert office.post(at(town, row, "/result")).status_code == 302


@pytest.mark.parametrize(
    ("clock", "told"),
    [
        ("1970-01-01T00:00:07Z", "made before the scoring was open"),
        ("2199-12-31T23:59:59Z", "made after it arrived"),
    ],
)
def test_a_phones_clock_that_cannot_be_right_is_told_to_the_office_alone(
    town: Town, clock: str, told: str
) -> None:
    row, office = opened(town), door(town, "office")
    mark = {"site": 1, "criterion": "scale", "points": "50", "once": "once-0001", "at": clock}
    address = f"/town/score/{secret(town, 2)}"
    sent = door(town).post(address, json.dumps({"marks": [mark]}), content_type="application/json").json()
    assert sent["taken"] == ["once-0001"]
    kept = Mark.objects.get()
    assert kept.at != kept.received_at
    page = office.get(at(town, row)).content.decode()
    assert told in page and "by the phone" in page and "arrived" in page
    assert told not in door(town, "leader").get(at(town, row)).content.decode()


@pytest.mark.parametrize("clock", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00", "noon", None, 7])
def test_what_is_no_time_is_taken_for_that_of_arrival(town: Town, clock: Any) -> None:
    opened(town)
    mark = {"site": 1, "criterion": "scale", "points": "50", "once": "once-0001", "at": clock}
    address = f"/town/score/{secret(town, 2)}"
    door(town).post(address, json.dumps({"marks": [mark]}), content_type="application/json")
    kept = Mark.objects.get()
    assert kept.at == kept.received_at
