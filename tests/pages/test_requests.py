"""What parties of a case ask of each other, by its pages: who sees it then, who may answer, and what a yes does."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from leitai.apps.casework import actions
from leitai.apps.casework.models import Case, Request
from tests.factories import DAY, HOUR, NOW
from tests.factories import text as book

from .rooms import WHY, Rooms, rooms, text

PAUSES = "    pauses: {papers: {name: {en: Papers}, most: 9 days}}\n"
SHOWN = re.compile(r'name="kind" value="(\w+)"')


@pytest.fixture
def here(db: None) -> Rooms:
    return rooms()


def asked(here: Rooms, case: Case, kind: str, **more: Any) -> Request:
    """A request by the clerk of water, put by the page."""
    form = {"kind": kind, "text": WHY} | more
    answer = here.door("clerk").post(f"/town/c/{case.ref}/ask", form)
    assert answer.status_code == 302, text(answer)
    return Request.objects.latest("id")


def test_only_what_the_rule_book_allows_is_offered_and_only_to_the_unit_that_holds_it(here: Rooms) -> None:
    hole, finding = (
        here.hole(),
        here.town.move(here.town.case("finding", None), "dispatch", "office", unit="water"),
    )
    clerk = here.door("clerk")
    assert SHOWN.findall(text(clerk.get(f"/town/c/{hole.ref}"))) == ["transfer", "help", "pause", "extension"]
    assert SHOWN.findall(text(clerk.get(f"/town/c/{finding.ref}"))) == ["help"]
    assert SHOWN.findall(text(here.door("office").get(f"/town/c/{hole.ref}"))) == []
    refused = clerk.post(
        f"/town/c/{finding.ref}/ask", {"kind": "pause", "text": WHY, "until": "2024-04-20T10:00"}
    )
    assert refused.status_code == 409 and "cannot be asked" in text(refused)
    assert (
        here.door("office").post(f"/town/c/{hole.ref}/ask", {"kind": "help", "text": WHY}).status_code == 403
    )
    assert not Request.objects.exists()


def test_a_unit_that_was_asked_sees_the_case_and_can_do_nothing_but_answer(here: Rooms) -> None:
    case, roads = here.hole(), here.door("roads")
    url = f"/town/c/{case.ref}"
    assert roads.get(url).status_code == 403
    row = asked(here, case, "transfer", ground="by-law", unit="Roads Bureau · roads")
    page = text(roads.get(url))
    assert "Take it over" in page and "What you can do now" not in page and SHOWN.findall(page) == []
    assert "Hole in Mill Lane" in text(roads.get("/town/desk")), "and finds it on the desk"
    assert here.door("tax").get(url).status_code == 403
    reply = {"move": "reply", "owner": "Li", "next_step": "Send a crew out tomorrow", "time": "2024-04-12"}
    assert roads.post(f"{url}/move", reply).status_code == 403
    assert roads.post(f"{url}/ask", {"kind": "help", "text": WHY}).status_code == 403
    assert here.door("clerk").post(f"{url}/requests/{row.pk}", {"granted": "yes"}).status_code == 403
    assert roads.post(f"{url}/requests/{row.pk}", {"granted": "yes"}).status_code == 302
    case.refresh_from_db()
    assert case.unit == here.town.units["roads"]
    clerk = here.door("clerk")
    assert clerk.get(url).status_code == 200, (
        "whoever received it first goes on answering for it, and sees it"
    )
    assert clerk.post(f"{url}/move", reply).status_code == 403
    assert "First received by" in text(clerk.get(url))


def test_whoever_said_no_sees_it_no_longer(here: Rooms) -> None:
    case, roads = here.hole(), here.door("roads")
    row = asked(here, case, "transfer", ground="by-law", unit="roads")
    url = f"/town/c/{case.ref}/requests/{row.pk}"
    bare = roads.post(url, {"granted": "no", "reply": " "})
    assert bare.status_code == 409 and "Say why" in text(bare)
    assert roads.post(url, {"granted": "no", "reply": WHY}, follow=False).status_code == 302
    assert roads.get(f"/town/c/{case.ref}").status_code == 403
    assert "Said no" in text(here.door("clerk").get(f"/town/c/{case.ref}"))


def test_what_was_typed_into_a_refused_request_is_not_lost(here: Rooms) -> None:
    case = here.hole()
    form = {"kind": "pause", "ground": "frost", "text": WHY, "until": "2024-12-01T10:00"}
    answer = here.door("clerk").post(f"/town/c/{case.ref}/ask", form)
    page = text(answer)
    assert answer.status_code == 409 and "20 days" in page
    assert WHY in page and 'value="2024-12-01T10:00"' in page


def test_the_office_decides_a_pause_in_its_queue_and_the_case_stands_apart(here: Rooms) -> None:
    case = here.hole()
    row = asked(here, case, "pause", ground="frost", until="2024-04-17T10:00")
    office, clerk = here.door("office"), here.door("clerk")
    page = text(office.get("/town/office?queue=requests"))
    assert "Frozen ground" in page and WHY in page
    back = "/town/office?queue=requests"
    done = office.post(f"/town/c/{case.ref}/requests/{row.pk}", {"granted": "yes", "back": back})
    assert done["Location"] == back
    case.refresh_from_db()
    assert case.paused_until == NOW + 7 * DAY
    desk = text(clerk.get("/town/desk"))
    assert "Paused</h2>" in desk and "No case waits for you" in desk
    page = text(clerk.get(f"/town/c/{case.ref}"))
    assert "the clocks stand still until" in page
    assert clerk.post(f"/town/c/{case.ref}/resume").status_code == 302
    case.refresh_from_db()
    assert case.paused_until is None
    assert "Paused</h2>" not in text(clerk.get("/town/desk"))


def test_back_leads_nowhere_else(here: Rooms) -> None:
    case = here.hole()
    row = asked(here, case, "help", unit="roads")
    form = {
        "granted": "yes",
        "reply": "The plan is in our letter of 10 April",
        "back": "https://elsewhere.example/",
    }
    answer = here.door("roads").post(f"/town/c/{case.ref}/requests/{row.pk}", form)
    assert answer["Location"] == f"/town/c/{case.ref}"


def test_an_asker_takes_back_and_nobody_else_does(here: Rooms) -> None:
    case = here.hole()
    row = asked(here, case, "help", unit="roads")
    url = f"/town/c/{case.ref}/requests/{row.pk}/withdraw"
    assert here.door("roads").post(url).status_code == 403
    assert here.door("clerk").post(url).status_code == 302
    row.refresh_from_db()
    assert row.state == "withdrawn"
    assert here.door("clerk").post(url).status_code == 409, "once"


def test_an_address_of_a_form_opened_by_hand_leads_to_the_case(here: Rooms) -> None:
    case = here.hole()
    row, clerk = asked(here, case, "help", unit="roads"), here.door("clerk")
    for end in (
        "move",
        "ask",
        f"requests/{row.pk}",
        f"requests/{row.pk}/withdraw",
        "resume",
        "root",
        "branches",
    ):
        answer = clerk.get(f"/town/c/{case.ref}/{end}")
        assert (answer.status_code, answer["Location"]) == (302, f"/town/c/{case.ref}"), end


def test_an_enterprise_agrees_to_wait_and_ends_the_wait_by_its_link(here: Rooms) -> None:
    """The town's questions know no pause; a book with one is loaded, and a question asked under it."""
    from leitai.apps.regimes import actions as regimes

    town = here.town
    rules = (
        book()
        .replace("in_force: 2024-01-01", "in_force: 2024-04-01")
        .replace("    flow: question\n", f"    flow: question\n{PAUSES}", 1)
    )
    regimes.load(place=town.place, text=rules, by="account:tester", now=NOW)
    case = actions.open_case(
        place=town.place, kind="question", unit=town.units["water"], title="A bus stop", enterprise=town.firm,
        by="enterprise:firm", now=NOW,
    )  # fmt: skip
    row = asked(here, case, "pause", ground="papers", until="2024-04-12T10:00")
    assert "Requests to decide <b>0</b>" in text(here.door("office").get("/town/office")), (
        "not the office's to answer"
    )
    firm, url = Client(headers={"accept-language": "en"}), f"/town/ask/firm/{town.secret}"
    assert "They ask you to wait" in text(firm.get(url))
    assert firm.post(f"{url}/{case.ref}", {"request": row.pk, "granted": "no"}).status_code == 409
    assert firm.post(f"{url}/{case.ref}", {"request": row.pk, "granted": "yes"}).status_code == 302
    case.refresh_from_db()
    assert case.paused_until == NOW + 2 * DAY
    assert "Let the clocks run on now" in text(firm.get(url))
    assert firm.post(f"{url}/{case.ref}", {"resume": "1"}).status_code == 302
    case.refresh_from_db()
    assert case.paused_until is None
    assert firm.post(f"{url}/{case.ref}", {"resume": "1"}).status_code == 409
    assert firm.get(f"{url}/{case.ref}")["Location"] == url
    other = here.hole()
    assert firm.post(f"{url}/{other.ref}", {"resume": "1"}).status_code == 404


def test_one_root_is_answered_and_so_is_each_of_its_branches(here: Rooms) -> None:
    root, one, two = (
        here.town.move(here.town.case("finding", None), "dispatch", "office", unit="water") for _ in range(3)
    )
    office, clerk = here.door("office"), here.door("clerk")
    assert office.post(f"/town/c/{one.ref}/root", {"root": "none"}).status_code == 409
    assert office.post(f"/town/c/{one.ref}/root", {"root": root.ref}).status_code == 302
    joined = office.post(
        "/town/office/join", {"ref": [two.ref], "root": root.ref, "queue": "open"}, follow=True
    )
    assert "1 case joined" in text(joined)
    page = text(clerk.get(f"/town/c/{root.ref}"))
    assert "2 problems have their root here" in page and one.ref in page and two.ref in page
    assert clerk.post(f"/town/c/{one.ref}/root", {"root": root.ref}).status_code == 403
    done = {"unit": "water", "done": "The main under the lane was renewed on 9 April"}
    assert here.door("roads").post(f"/town/c/{root.ref}/branches", done).status_code == 403
    assert "2 cases answered" in text(clerk.post(f"/town/c/{root.ref}/branches", done, follow=True))
    assert {Case.objects.get(pk=case.pk).state for case in (one, two)} == {"answered"}
    assert Case.objects.get(pk=root.pk).state == "dispatched", "the root is answered by itself"
    assert office.post(f"/town/c/{one.ref}/root/leave").status_code == 302
    assert Case.objects.get(pk=one.pk).root is None


def test_what_came_back_is_linked_both_ways(here: Rooms) -> None:
    case = here.hole()
    for when in ("before", "after"):
        actions.add_photo(case=case, data=photo(when), when=when, by="account:patrol", now=NOW)
    case = here.town.move(case, "answer", "unit", NOW + HOUR, done="Filled and rolled on the same day")
    here.town.move(case, "close", "office", NOW + 2 * HOUR, evidence="Seen on site by two of us")
    again = here.hole(at=NOW + DAY)
    here.at(NOW + DAY)
    office = here.door("office")
    assert f"/town/c/{again.ref}" in text(office.get(f"/town/c/{case.ref}"))
    assert f"/town/c/{case.ref}" in text(office.get(f"/town/c/{again.ref}"))


def photo(colour: str) -> bytes:
    """A small picture, each colour another one."""
    from io import BytesIO

    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (64, 48), {"before": "brown", "after": "grey"}[colour]).save(out, "JPEG")
    return out.getvalue()


def test_an_answer_brings_the_photos_that_its_kind_asks_for(here: Rooms) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    case, clerk = here.hole(), here.door("clerk")
    page = text(clerk.get(f"/town/c/{case.ref}"))
    assert 'name="photo-before"' in page and 'name="photo-after"' in page
    form: dict[str, Any] = {"move": "answer", "done": "Filled and rolled on the same day"}
    bare = clerk.post(f"/town/c/{case.ref}/move", form)
    assert bare.status_code == 409 and "photo" in text(bare)
    files = {
        f"photo-{when}": SimpleUploadedFile(f"{when}.jpg", photo(when), "image/jpeg")
        for when in ("before", "after")
    }
    assert clerk.post(f"/town/c/{case.ref}/move", form | files).status_code == 302
    page = text(clerk.get(f"/town/c/{case.ref}"))
    assert page.count('alt="Before"') == page.count('alt="After"') == 1
    no_photo = SimpleUploadedFile("x.jpg", b"not a photo", "image/jpeg")
    other = here.hole()
    refused = clerk.post(f"/town/c/{other.ref}/move", form | {"photo-after": no_photo})
    assert refused.status_code == 409 and not other.photos.exists()


def test_more_time_is_asked_of_one_clock_and_given_by_the_office(here: Rooms) -> None:
    case = here.hole()
    row = asked(here, case, "extension", ground="mend", until="2024-04-15T10:00")
    office = here.door("office")
    assert office.post(f"/town/c/{case.ref}/requests/{row.pk}", {"granted": "yes"}).status_code == 302
    case.refresh_from_db()
    assert case.next_due_at == NOW + 5 * DAY
    here.at(NOW + 2 * HOUR + timedelta(minutes=1))
    assert SHOWN.findall(text(here.door("clerk").get(f"/town/c/{case.ref}"))) == [
        "transfer",
        "help",
        "pause",
    ], "once"
