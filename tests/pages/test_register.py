"""A case entered by hand: by the office and the patrols, once however often it is pressed, and with reasons why not."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from leitai.apps.casework.models import Case

from .place import Shan

Door = Callable[[str], Any]
URL = "/shan/c/new"


def text(answer: Any) -> str:
    return answer.content.decode()


def form(client: Any, **values: str) -> dict[str, str]:
    """What the page sends, with its own key."""
    once = re.search(r'name="once" value="([^"]+)"', text(client.get(URL)))
    assert once
    return {"once": once[1], "kind": "finding", "title": "A lamp is out"} | values


def test_the_office_enters_a_case_once_however_often_it_presses(shan: Shan, at_door: Door) -> None:
    client = at_door("office")
    sent = form(client, where="North Street", text="For three nights", complex="1")
    first, again = client.post(URL, sent), client.post(URL, sent)
    case = Case.objects.get()
    assert first["Location"] == again["Location"] == f"/shan/c/{case.ref}"
    assert (case.unit, case.state, case.where, case.complex) == (None, "received", "North Street", True)
    assert case.steps.get().by == "account:office"
    assert f"Entered as {case.ref}." in text(client.get(first["Location"]))


def test_a_patrol_enters_what_it_finds_and_is_told_the_reference(shan: Shan, at_door: Door) -> None:
    client = at_door("patrol")
    assert URL in text(client.get("/shan/desk"))
    answer = client.post(URL, form(client), follow=True)
    case = Case.objects.get()
    assert answer.redirect_chain == [(f"/shan/c/{case.ref}", 302)]
    assert f"Entered as {case.ref}." in text(answer)
    assert case.channel == "patrol"


def test_a_question_goes_to_the_unit_that_was_chosen_or_to_the_enterprises_liaison(
    shan: Shan, at_door: Door
) -> None:
    client = at_door("office")
    client.post(URL, form(client, kind="question", unit="South Bureau · south"))
    assert Case.objects.get().unit == shan.south
    client.post(URL, form(client, kind="question", enterprise="firm"))
    case = Case.objects.latest("id")
    assert (case.unit, case.enterprise) == (shan.north, shan.firm)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"kind": ""}, "Say what kind of matter it is."),
        ({"kind": "verdict"}, "Say what kind of matter it is."),
        ({"title": " \x00 "}, "Say in a few words"),
        ({"kind": "question"}, "say which"),
        ({"unit": "nowhere\x00"}, "There is no unit nowhere."),
        ({"enterprise": "nobody"}, "There is no enterprise nobody."),
        ({"due": "tomorrow"}, "tomorrow is no time"),
        ({"due": "0001-01-01T00:00"}, "has passed already"),
        ({"due": "9999-12-31T23:59+00:00", "kind": "question"}, "say which"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_typed_is_lost(
    shan: Shan, at_door: Door, values: dict[str, str], said: str
) -> None:
    client = at_door("office")
    sent = form(client, where="North Street") | values
    answer = client.post(URL, sent)
    page = text(answer)
    assert answer.status_code == 409
    assert said in page and 'role="alert"' in page
    assert 'value="North Street"' in page and f'value="{sent["once"]}"' in page
    assert not Case.objects.exists()


def test_every_box_has_its_label(shan: Shan, at_door: Door) -> None:
    page = text(at_door("office").get(URL))
    boxes = set(re.findall(r'<(?:input|select|textarea)[^>]* id="([^"]+)"', page.partition("<main")[2]))
    assert {"kind", "title", "where", "text", "unit", "enterprise"} <= boxes
    assert boxes <= set(re.findall(r'<label[^>]* for="([^"]+)"', page))


@pytest.mark.parametrize("role", ["north", "leader", "inspector", "administrator"])
def test_nobody_else_enters_cases(shan: Shan, at_door: Door, role: str) -> None:
    client = at_door(role)
    assert client.get(URL).status_code == 403
    assert client.post(URL, {"kind": "finding", "title": "x", "once": "x"}).status_code == 403


def test_someone_of_the_unit_does_not_dispatch_its_case_elsewhere(shan: Shan, at_door: Door) -> None:
    from leitai.apps.casework import actions
    from leitai.apps.people import actions as people

    people.appoint(place=shan.place, username="north", role="office", by="account:setup", now=shan.now)
    case = shan.finding("handed back", shan.north)
    actions.move_case(
        case=case,
        move="hand-back",
        role="unit",
        form={"reason": "The road is the southern bureau's"},
        by="account:somebody",
        now=shan.now,
    )
    sent = {"ref": case.ref, "unit": "south", "queue": "undispatched"}
    assert "somebody else must decide" in text(
        at_door("north").post("/shan/office/dispatch", sent, follow=True)
    )
    assert Case.objects.get().state == "received"


def test_a_queue_goes_on_over_pages_and_the_sheet_holds_all_of_it(shan: Shan, at_door: Door) -> None:
    import io

    import openpyxl

    for n in range(53):
        shan.finding(f"lamp {n}")
    shan.finding("gate")
    client = at_door("office")
    first = client.get("/shan/office", {"q": "lamp"})
    assert first.context["page"].paginator.count == 53
    assert text(first).count('name="ref"') == 50
    assert "<b>54</b>" in text(first), "the tab counts what stands in the queue"
    assert text(client.get("/shan/office", {"q": "lamp", "page": 2})).count('name="ref"') == 3
    book = openpyxl.load_workbook(io.BytesIO(client.get("/shan/office.xlsx", {"q": "lamp"}).content))
    assert len(list(book.active.iter_rows(min_row=4))) == 53
