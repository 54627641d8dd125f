"""The rooms in which a bad verdict is verified: caller, reviewer and unit, each with its own side only."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from leitai.apps.ballots import actions, queries
from leitai.apps.ballots.models import Ballot, CallBack, Review
from leitai.apps.casework.models import Case
from leitai.apps.people.actions import appoint
from tests.factories import BY, DAY, HOUR, NOW, Town, build

PHONE = "13900001234"
WORDS = "An hour before a shut window"
TRUE = "The window was shut at noon, as the rota shows"
WRONG = "The citizen meant the office next door"
VERSION = "Our records show nobody at the window"
AT = NOW - timedelta(hours=5, minutes=22, seconds=19)  # 04:37:41 in the place


@pytest.fixture
def town(db: None) -> Town:
    """The small place, whose present is ten in the morning of its day."""
    town = build("town")
    town.place.lag = timezone.now() - NOW
    town.place.save()
    return town


def at_door(town: Town, role: str) -> Client:
    one = Client(headers={"accept-language": "en"})
    assert one.login(username=town.posts[role].account.username, password="pass the long way")
    return one


def text(answer: Any) -> str:
    return answer.content.decode()


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, "JPEG")
    return out.getvalue()


def drawn(town: Town, at: Any = AT, role: str = "") -> tuple[Ballot, str, str]:
    """A verdict with what the citizen added, the role that calls (`role`, if one is named), and the other one."""
    ballot = town.verdict(at=at)
    actions.add_words(
        ballot=ballot, reasons=["slow"], words=WORDS, phone=PHONE, photo=jpeg(), by="anyone", now=at
    )
    town.drive(NOW)
    if role and queries.call_of(ballot).caller.username != f"{role}-town":
        actions.pass_on(ballot=ballot, reason="It is their turn", by="account:boss", now=NOW)
        town.drive(NOW)
    mine = queries.call_of(ballot).caller.username.removesuffix("-town")
    return ballot, mine, "patrol" if mine == "office" else "office"


def call_url(ballot: Ballot) -> str:
    return f"/town/office/verdicts/{ballot.pk}"


def review_url(ballot: Ballot) -> str:
    return f"/town/office/reviews/{Review.objects.get(ballot=ballot, granted=None).pk}"


# The caller


def test_the_caller_sees_the_citizens_side_and_nothing_that_the_unit_wrote(town: Town) -> None:
    earlier, *_ = drawn(town, AT - DAY)
    town.called(earlier, "upheld", TRUE)
    town.drive(NOW)
    case = Case.objects.get()
    town.move(case, "answer", "unit", NOW, done="Our window is never shut, we answered")
    actions.appeal(ballot=earlier, text=VERSION, by="account:clerk", now=NOW)
    ballot, mine, _ = drawn(town)
    page = text(at_door(town, mine).get(call_url(ballot)))
    assert PHONE in page and WORDS in page and "Dragged out" in page and "0 of 3 tries" in page
    for word in (VERSION, "never shut", case.ref, "account:clerk"):
        assert word not in page
    assert text(at_door(town, mine).get("/town/office/verdicts")).count("Tax Window") == 1


@pytest.mark.parametrize("role", ["clerk", "leader", "inspector", "administrator"])
def test_a_call_is_not_for_those_who_do_not_call(town: Town, role: str) -> None:
    ballot, *_ = drawn(town)
    for url in (call_url(ballot), f"{call_url(ballot)}/photo", "/town/office/verdicts"):
        assert at_door(town, role).get(url).status_code == 403


def test_who_was_not_drawn_says_nothing_of_it(town: Town) -> None:
    form = {"act": "finish", "outcome": "mistaken", "reason": WRONG}
    ballot, *_ = drawn(town, role="office")
    for answer in (
        at_door(town, "patrol").get(call_url(ballot)),
        at_door(town, "patrol").post(call_url(ballot), form),
    ):
        assert answer.status_code == 403 and PHONE not in text(answer)
    ballot, *_ = drawn(town, role="patrol")
    page = text(at_door(town, "office").get(call_url(ballot)))
    assert PHONE in page and 'name="outcome"' not in page
    refused = at_door(town, "office").post(call_url(ballot), form)
    assert refused.status_code == 409 and WRONG in text(refused)
    assert not CallBack.objects.exclude(outcome="").exists()


def test_someone_posted_at_the_unit_reads_nothing_even_from_the_office(town: Town) -> None:
    from leitai.apps.people import actions as people

    ballot, mine, _ = drawn(town)
    people.appoint(
        place=town.place,
        username=f"{mine}-town",
        role="clerk",
        unit=town.units["tax"],
        password="pass the long way",
        by="o",
        now=NOW,
    )
    client = at_door(town, mine)
    for url in (call_url(ballot), f"{call_url(ballot)}/photo"):
        answer = client.get(url)
        assert answer.status_code == 403 and PHONE not in text(answer)


def test_tries_are_put_on_record_and_a_form_sent_twice_is_one(town: Town) -> None:
    ballot, mine, _ = drawn(town)
    client, url = at_door(town, mine), call_url(ballot)
    form = {"act": "try", "nth": "1", "note": "Rang ten times"}
    assert client.post(url, form).status_code == 302
    again = client.post(url, form)
    assert again.status_code == 409 and "on record already" in text(again)
    page = text(client.get(url))
    assert "1 of 3 tries" in page and "Rang ten times" in page
    early = client.post(url, {"act": "finish", "outcome": "unreachable"})
    assert early.status_code == 409 and "after 3 tries" in text(early)


def test_a_refused_finding_keeps_what_was_typed_and_can_be_sent_again(town: Town) -> None:
    ballot, mine, _ = drawn(town, role="patrol")
    client, url = at_door(town, mine), call_url(ballot)
    form = {"act": "finish", "outcome": "upheld", "reason": "ok", "note": "She was on the third bench"}
    answer = client.post(url, form)
    assert answer.status_code == 409
    assert "says nothing" in text(answer) and "She was on the third bench" in text(answer)
    assert 'value="upheld" required checked' in text(answer)
    assert client.get(url).status_code == 200
    assert client.post(url, form | {"reason": TRUE})["Location"] == "/town/office/verdicts"
    assert Ballot.objects.get().standing == "upheld"
    assert client.post(url, form | {"reason": TRUE}).status_code == 403, "the call is over"


def test_a_photo_is_shown_to_the_caller(town: Town) -> None:
    ballot, mine, _ = drawn(town)
    answer = at_door(town, mine).get(f"{call_url(ballot)}/photo")
    assert answer["Content-Type"] == "image/jpeg" and "no-store" in answer["Cache-Control"]
    assert Image.open(io.BytesIO(answer.content)).size == (8, 8)


def test_the_office_sees_who_has_what_and_passes_a_call_on(town: Town) -> None:
    ballot, *_ = drawn(town, role="patrol")
    town.posts["second"] = appoint(
        place=town.place,
        username="second-town",
        role="patrol",
        unit=None,
        password="pass the long way",
        by=BY,
        now=NOW,
    )
    office = at_door(town, "office")
    page = text(office.get("/town/office/verdicts?q=tax"))
    assert page.count("Tax Window") == 1
    url = call_url(ballot)
    assert office.post(url, {"act": "pass", "why": ""}).status_code == 409
    assert office.post(url, {"act": "pass", "why": "On leave until May"}).status_code == 302
    assert "being drawn" in text(office.get(url))
    town.drive()
    assert queries.call_of(ballot).caller.username == "second-town", "neither who had it nor who passed it on"
    assert at_door(town, "patrol").post(url, {"act": "pass", "why": "Not me please"}).status_code == 403
    assert office.post(url, {"act": "sing"}).status_code == 404


def test_what_nobody_is_drawn_for_is_shown_to_the_office_alone(town: Town) -> None:
    town.verdict()
    assert "Nobody is drawn to call" in text(at_door(town, "office").get("/town/office/verdicts"))
    assert "Nobody is drawn to call" not in text(at_door(town, "patrol").get("/town/office/verdicts"))


# The unit


def times(at: Any) -> tuple[str, ...]:
    """A time of the day as a page might tell it: in the place, in UTC, in either writing."""
    local = at.astimezone(town_zone())
    return (f"{local:%H:%M}", f"{at:%H:%M}", f"{local:%I:%M}")


def town_zone() -> Any:
    from zoneinfo import ZoneInfo

    return ZoneInfo("Asia/Shanghai")


def test_the_unit_sees_the_day_and_the_grade_but_nobody_and_no_time(town: Town) -> None:
    from leitai.apps.people import actions as people

    people.appoint(
        place=town.place,
        username="tao",
        role="clerk",
        unit=town.units["tax-window"],
        password="pass the long way",
        by="o",
        now=NOW,
    )
    ballot, mine, _ = drawn(town)
    clerk = Client(headers={"accept-language": "en"})
    assert clerk.login(username="tao", password="pass the long way")
    case = Case.objects.get()
    urls = (
        "/town/desk",
        f"/town/c/{case.ref}",
        f"/town/verdicts/{ballot.pk}",
        f"/town/verdicts/{ballot.pk}/part",
    )
    for stage in ("calling", "upheld"):
        for url in urls:
            answer = clerk.get(url)
            page = text(answer)
            assert answer.status_code == 200, url
            for word in (*times(AT), PHONE, WORDS, "Rang ten times", f"{mine}-town", 'name="outcome"'):
                assert word not in page, (stage, url, word)
        page = text(clerk.get(urls[2]))
        assert "10 Apr 2024" in page and "Dissatisfied" in page and "Dragged out" in page
        if stage == "calling":
            by = f"account:{mine}-town"
            actions.try_call(ballot=ballot, nth=1, note="Rang ten times", by=by, now=NOW)
            town.called(ballot, "upheld", TRUE)
            town.drive(NOW)
    assert TRUE in text(clerk.get(urls[2]))


def test_the_case_shows_where_the_call_stands_and_no_button_to_decide_it(town: Town) -> None:
    _ballot, mine, other = drawn(town)
    case = Case.objects.get()
    for role in (mine, other):
        page = text(at_door(town, role).get(f"/town/c/{case.ref}"))
        assert f"/town/verdicts/{_ballot.pk}/part" in page
        assert 'value="uphold"' not in page and 'value="set-aside"' not in page
    link = f"/town/office/verdicts/{_ballot.pk}"
    assert link in text(at_door(town, mine).get(f"/town/verdicts/{_ballot.pk}/part"))
    assert link not in text(at_door(town, "leader").get(f"/town/verdicts/{_ballot.pk}/part"))


def test_a_unit_appeals_once_and_is_told_until_when(town: Town) -> None:
    ballot = town.verdict("water")
    url = f"/town/verdicts/{ballot.pk}"
    clerk = at_door(town, "clerk")
    assert clerk.post(url, {"text": VERSION}).status_code == 409
    town.called(ballot, "upheld", TRUE)
    page = text(clerk.get(url))
    assert "<textarea" in page and "2024-04-20" in page
    short = clerk.post(url, {"text": "ok"})
    assert short.status_code == 409 and "says nothing" in text(short) and ">ok</textarea>" in text(short)
    assert clerk.get(url).status_code == 200
    assert clerk.post(url, {"text": VERSION}).status_code == 302
    again = clerk.post(url, {"text": "And another thing, they were rude"})
    assert again.status_code == 409
    assert "no second appeal" in text(again) and "And another thing" in text(again)
    assert at_door(town, "office").post(url, {"text": VERSION}).status_code == 403


def test_another_units_verdict_is_not_a_clerks_to_see(town: Town) -> None:
    ballot, *_ = drawn(town)
    clerk = at_door(town, "clerk")
    for url in (f"/town/verdicts/{ballot.pk}", f"/town/verdicts/{ballot.pk}/part"):
        assert clerk.get(url).status_code == 403
    assert clerk.post(f"/town/verdicts/{ballot.pk}", {"text": VERSION}).status_code == 403


def test_a_verdict_that_is_none_of_these_is_not_found(town: Town) -> None:
    good = town.verdict("water", grade="satisfied")
    for number in (good.pk, 999_999):
        assert at_door(town, "office").get(f"/town/office/verdicts/{number}").status_code == 404
        assert at_door(town, "clerk").get(f"/town/verdicts/{number}").status_code == 404
    assert at_door(town, "leader").get("/town/office/reviews/999999").status_code == 404


# The reviewer


def test_a_reviewer_sees_both_versions_side_by_side_and_decides(town: Town) -> None:
    ballot, *_ = drawn(town)
    town.called(ballot, "upheld", TRUE)
    actions.appeal(ballot=ballot, text=VERSION, by="account:tao", now=NOW)
    client, url = at_door(town, "inspector"), review_url(ballot)
    assert "Tax Window" in text(client.get("/town/office/reviews"))
    page = text(client.get(url))
    assert WORDS in page and VERSION in page and TRUE in page and PHONE not in page
    form = {"granted": "1", "reason": WRONG, "rule": "rule 7"}
    for lacking, told in (("granted", "which way"), ("reason", "Give the reason"), ("rule", "Name the rule")):
        answer = client.post(url, form | {lacking: ""})
        assert answer.status_code == 409 and told in text(answer)
        assert lacking == "reason" or WRONG in text(answer)
    assert client.post(url, form)["Location"] == "/town/office/reviews"
    assert Ballot.objects.get().standing == "set_aside"
    late = at_door(town, "leader").post(url, form | {"granted": "0", "reason": "Let it stand, I say"})
    assert late.status_code == 409 and "Let it stand, I say" in text(late)
    assert "Nothing waits" in text(client.get("/town/office/reviews"))


def test_a_leader_decides_without_reading_what_is_sealed(town: Town) -> None:
    ballot, *_ = drawn(town)
    town.called(ballot, "mistaken", WRONG)
    page = text(at_door(town, "leader").get(review_url(ballot)))
    assert WORDS not in page and WRONG in page and "does not allow reading them" in page
    assert 'name="granted"' in page


def test_who_called_is_told_that_somebody_else_decides(town: Town) -> None:
    ballot, *_ = drawn(town, role="office")
    town.called(ballot, "mistaken", WRONG)
    office = at_door(town, "office")
    page = text(office.get(review_url(ballot)))
    assert "You made the call-back" in page and 'name="granted"' not in page
    assert "You made the call-back" in text(office.get("/town/office/reviews"))
    form = {"granted": "1", "reason": WRONG, "rule": "rule 7"}
    assert office.post(review_url(ballot), form).status_code == 409
    assert Ballot.objects.get().standing == "counted"


@pytest.mark.parametrize("role", ["clerk", "patrol", "administrator"])
def test_reviews_are_not_for_those_who_do_not_review(town: Town, role: str) -> None:
    ballot, *_ = drawn(town)
    town.called(ballot, "mistaken", WRONG)
    for url in ("/town/office/reviews", review_url(ballot)):
        assert at_door(town, role).get(url).status_code == 403


def test_the_citizen_reads_what_became_of_it(town: Town) -> None:
    ballot, *_ = drawn(town)
    town.found(ballot, False, WRONG, NOW + HOUR)
    page = text(Client().get(f"/r/{ballot.receipt}?lang=en"))
    assert "was set aside: it does not count" in page and WRONG in page
