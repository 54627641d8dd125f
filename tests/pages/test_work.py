"""The work pages and the citizen's door, used as people use them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from leitai.rules.kernel import Period

from .place import BY, Shan

Door = Callable[[str], Any]
REPLY = {
    "move": "reply",
    "owner": "Li Hua",
    "next_step": "Ask the bus company for a stop",
    "time": "2030-01-02T10:00",
}


def text(answer: Any) -> str:
    return answer.content.decode()


# --- the citizen ----------------------------------------------------------------------------------


def once_of(page: str) -> str:
    found = re.search(r'name="once" value="([^"]+)"', page)
    assert found
    return found[1]


def test_a_verdict_page_is_light_and_asks_nothing(shan: Shan) -> None:
    answer = Client().get(f"/b/{shan.code}?lang=zh")
    page = text(answer)
    assert "北局" in page and "山县" in page
    assert page.count("<button") == 2
    assert not answer.cookies and "style=" not in page
    assert re.findall(r'<input type="(\w+)"', page) == ["hidden", "hidden"]
    sheets = re.findall(r'href="/static/([^"]+)"', page)
    files = [finders.find(name) for name in sheets]
    assert all(files)
    assert len(answer.content) + sum(len(open(one, "rb").read()) for one in files) < 20_000  # noqa: PTH123, SIM115


def test_a_verdict_leads_to_its_receipt_and_pressing_twice_is_one(shan: Shan) -> None:
    from leitai.apps.ballots.models import Ballot

    client = Client()
    form = {"once": once_of(text(client.get(f"/b/{shan.code}"))), "grade": "dissatisfied", "lang": "en"}
    first, second = (client.post(f"/b/{shan.code}", form) for _ in range(2))
    assert first.status_code == 303
    assert first["Location"] == second["Location"]
    assert Ballot.objects.count() == 1
    page = text(client.get(first["Location"]))
    assert "Thank you" in page and "Your verdict counts." in page and "Dragged out" in page


def test_large_type_and_language_stay_through_the_vote(shan: Shan) -> None:
    client = Client(headers={"accept-language": "zh-hans"})
    page = text(client.get(f"/b/{shan.code}?lang=en&big=1"))
    assert '<html lang="en" class="big">' in page and "How was your matter handled?" in page
    form = {"once": once_of(page), "grade": "satisfied", "lang": "en", "big": "1"}
    assert client.post(f"/b/{shan.code}", form)["Location"].endswith("?lang=en&big=1")


def test_what_was_wrong_can_be_added_once_and_is_kept_sealed(shan: Shan, at_door: Door) -> None:
    from leitai.apps.ballots.models import Words

    ballot = shan.verdict()
    url = f"/r/{ballot.receipt}"
    said = {"reason": ["slow", "made-up"], "words": "an hour for a stamp", "phone": "123", "lang": "en"}
    assert Client().post(url, said).status_code == 303
    assert Words.objects.get().reasons == ["slow"]
    assert b"an hour" not in bytes(Words.objects.get().sealed)
    assert Client().post(url, said).status_code == 409
    page = text(Client().get(f"{url}?lang=en"))
    assert "an hour" not in page and "<textarea" not in page
    verify = f"/shan/office/verdicts/{ballot.pk}"
    assert "an hour for a stamp" in text(at_door("office").get(verify))
    assert at_door("north").get(verify).status_code == 403


@pytest.mark.parametrize(("spoil", "status"), [("retire", 410), ("forge", 404), ("other", 404)])
def test_a_code_that_is_not_good_says_so_and_takes_nothing(shan: Shan, spoil: str, status: int) -> None:
    from leitai.apps.ballots import actions
    from leitai.apps.ballots.models import Ballot

    code = shan.code
    if spoil == "retire":
        actions.retire_point(point=shan.point, by=BY, now=shan.now)
    elif spoil == "forge":
        code = code[:-1] + ("0" if code[-1] != "0" else "1")
    else:
        code = "hello"
    for answer in (
        Client().get(f"/b/{code}?lang=en"),
        Client().post(f"/b/{code}", {"grade": "satisfied", "once": "x" * 20, "lang": "en"}),
    ):
        assert answer.status_code == status
        assert "Nothing was sent" in text(answer)
        assert ("/shan/" in text(answer)) is (spoil == "retire")
    assert not Ballot.objects.exists()


def test_a_receipt_is_found_as_people_type_it(shan: Shan) -> None:
    receipt = shan.verdict().receipt
    assert Client().get("/r/", {"receipt": receipt.lower().replace("-", " ")})["Location"] == f"/r/{receipt}"
    assert Client().get("/r/0000-0000-0000-0000-1").status_code == 404


def test_votes_go_to_the_door_of_their_own_where_there_is_one(shan: Shan, settings: Any) -> None:
    settings.INTAKE_URL = "https://door.example"
    assert f'action="https://door.example/b/{shan.code}"' in text(Client().get(f"/b/{shan.code}"))


# --- the clerk ------------------------------------------------------------------------------------


def test_a_desk_shows_what_is_due_first_first_with_its_light(shan: Shan, at_door: Door) -> None:
    for title, minutes in (("fresh", 1), ("late", 30), ("soon", 6)):
        shan.question(title, minutes_ago=minutes)
    page = text(at_door("north").get("/shan/desk"))
    assert page.index("late</a>") < page.index("soon</a>") < page.index("fresh</a>")
    assert [page.count(f'class="light {colour}"') for colour in ("red", "yellow", "green")] == [1, 1, 1]


def test_a_clerk_answers_where_the_case_stands(shan: Shan, at_door: Door) -> None:
    from leitai.apps.casework import queries

    case, client = shan.question("bus line"), at_door("north")
    form = text(client.get(f"/shan/c/{case.ref}/answer"))
    assert 'name="owner"' in form and 'name="next_step"' in form and 'name="time"' in form
    empty = client.post(
        f"/shan/c/{case.ref}/move", REPLY | {"next_step": "收到，正在处理"}, headers={"hx-request": "true"}
    )
    assert "says nothing" in text(empty) and 'value="Li Hua"' in text(empty)
    done = client.post(f"/shan/c/{case.ref}/move", REPLY, headers={"hx-request": "true"})
    assert "being worked on" in text(done)
    row = queries.case(shan.place, case.ref)
    assert row.state == "replied"
    assert row.clocks.get().met_at is not None


def test_a_stale_page_is_told_why_and_loses_nothing(shan: Shan, at_door: Door) -> None:
    case, client = shan.question("bus line"), at_door("north")
    url = f"/shan/c/{case.ref}/move"
    assert client.post(url, REPLY).status_code == 302
    again = client.post(url, REPLY)
    assert again.status_code == 409
    assert "cannot be done while the matter is" in text(again)


def test_a_case_page_tells_holder_clock_and_both_sides_words(shan: Shan, at_door: Door) -> None:
    case, client = shan.question("bus line", minutes_ago=30), at_door("north")
    page = text(client.get(f"/shan/c/{case.ref}"))
    assert "held by <b>North Bureau</b>" in page and "missed, still open" in page and "Firm" in page
    assert '<ol class="sheet"><li>' in page
    client.post(f"/shan/c/{case.ref}/move", REPLY)
    page = text(client.get(f"/shan/c/{case.ref}"))
    assert "Ask the bus company for a stop" in page and "kept late" in page


def test_figures_are_reported_once_and_corrected_with_a_reason(shan: Shan, at_door: Door) -> None:
    from leitai.apps.measures.models import Reading

    client = at_door("north")
    month = Period.containing("month", shan.now.astimezone(shan.place.zone).date()).previous()
    assert "Funds arrived" in text(client.get("/shan/desk/asked"))
    form = {"unit": "north", "measure": "funds", "period": month.key, "value": "1,234.5", "target": "2000"}
    assert client.post("/shan/report", form | {"value": "many"}).status_code == 409
    assert client.post("/shan/report", form).status_code == 302
    assert client.post("/shan/report", form).status_code == 409
    assert client.post("/shan/report", form | {"value": "1235", "why": "a digit was lost"}).status_code == 302
    assert [str(row.value.normalize()) for row in Reading.objects.order_by("id")] == ["1234.5", "1235"]
    assert "Funds arrived" not in text(client.get("/shan/desk/asked"))
    office, last = at_door("office"), Reading.objects.latest("id")
    assert "1,235" in text(office.get(f"/shan/readings?period={month.key}"))
    verified = {"period": month.key, "measure": "funds"}
    assert office.post(f"/shan/readings/{last.pk}/verify", verified).status_code == 302
    assert Reading.objects.get(pk=last.pk).state == "verified"


# --- the office -----------------------------------------------------------------------------------


def test_the_office_dispatches_several_at_once_by_a_units_name(shan: Shan, at_door: Door) -> None:
    cases = [shan.finding(f"lamp {n}") for n in range(3)]
    client = at_door("office")
    page = text(client.get("/shan/office"))
    assert page.count('name="ref"') == 3
    options = text(client.get("/shan/office/units", {"unit": "南"}))
    assert re.findall('value="([^"]+)"', options) == ["South Bureau · south"]
    chosen = {"ref": [cases[0].ref, cases[2].ref], "unit": "South Bureau · south", "queue": "undispatched"}
    assert "2 cases dispatched." in text(client.post("/shan/office/dispatch", chosen, follow=True))
    refused = {"ref": [cases[1].ref], "unit": "nowhere", "queue": "undispatched"}
    assert "nowhere" in text(client.post("/shan/office/dispatch", refused, follow=True))
    assert text(client.get("/shan/office")).count('name="ref"') == 1


def test_the_queue_is_filtered_by_its_address_and_exported_as_seen(shan: Shan, at_door: Door) -> None:
    for title in ("broken lamp", "=1+1 broken road", "closed door"):
        shan.finding(title)
    client = at_door("office")
    query = {"queue": "undispatched", "q": "broken"}
    page = text(client.get("/shan/office", query))
    assert "broken lamp" in page and "closed door" not in page
    book = openpyxl.load_workbook(io.BytesIO(client.get("/shan/office.xlsx", query).content))
    matters = [row[3] for row in book.active.iter_rows(min_row=4)]
    assert [cell.value for cell in matters] == ["broken lamp", "=1+1 broken road"]
    assert {cell.data_type for cell in matters} == {"s"}


def test_late_cases_stand_in_their_queue(shan: Shan, at_door: Door) -> None:
    from leitai.apps.casework import actions

    case = shan.question("bus line", minutes_ago=60 * 24 * 9)
    actions.tick_clocks(place=shan.place, by="drive", now=shan.now)
    page = text(at_door("office").get("/shan/office?queue=overdue"))
    assert case.ref in page and "8 days late" in page


# --- the enterprise -------------------------------------------------------------------------------


def test_an_enterprise_asks_and_settles_by_its_link(shan: Shan, at_door: Door) -> None:
    from leitai.apps.casework.models import Case

    url = f"/shan/ask/firm/{shan.secret}"
    firm = Client(headers={"accept-language": "en"})
    assert firm.get("/shan/ask/firm/guessed").status_code == 404
    assert firm.post(url, {"kind": "question", "title": " "}).status_code == 409
    assert (
        firm.post(url, {"kind": "question", "title": "A bus stop", "text": "At the gate"}).status_code == 302
    )
    case = Case.objects.get()
    assert (case.unit, case.enterprise) == (shan.north, shan.firm)
    sent = {"once": once_of(text(firm.get(url))), "kind": "question", "title": "A second question"}
    assert [firm.post(url, sent).status_code for _ in range(2)] == [302, 302]
    assert Case.objects.count() == 2, "pressing twice asks once"
    Case.objects.exclude(pk=case.pk).delete()
    assert "held by <b>North Bureau</b>" in text(firm.get(url))
    clerk = at_door("north")
    clerk.post(f"/shan/c/{case.ref}/move", {"move": "answer", "done": "The stop opens on Monday"})
    assert "The stop opens on Monday" in text(firm.get(url))
    assert (
        firm.post(f"{url}/{case.ref}", {"move": "return", "reason": "There is no stop yet"}).status_code
        == 302
    )
    clerk.post(f"/shan/c/{case.ref}/move", {"move": "answer", "done": "The stop is there now, line 9"})
    assert firm.post(f"{url}/{case.ref}", {"move": "confirm"}).status_code == 302
    assert Case.objects.get().state == "closed"


def test_an_enterprise_touches_no_other_ones_case(shan: Shan) -> None:
    from leitai.apps.casework import actions

    case = actions.open_case(
        place=shan.place,
        kind="question",
        unit=shan.north,
        title="another's",
        by="enterprise:other",
        now=shan.now,
    )
    url = f"/shan/ask/firm/{shan.secret}"
    assert "another" not in text(Client().get(url))
    assert Client().post(f"{url}/{case.ref}", {"move": "confirm"}).status_code == 404


# --- consequences ---------------------------------------------------------------------------------


def test_a_file_is_heard_before_it_is_decided(shan: Shan, at_door: Door) -> None:
    file, clerk, leader = shan.file(), at_door("north"), at_door("leader")
    url = f"/shan/merits/{file.pk}"
    decision = {"upheld": "0", "decision": "The clock ran on a holiday"}
    assert "rule 7" in text(clerk.get(url)) and "number 1 in the ledger" in text(clerk.get(url))
    assert url in text(clerk.get("/shan/desk/consequences"))
    assert leader.post(f"{url}/decide", decision).status_code == 409
    assert clerk.post(f"{url}/decide", decision).status_code == 403
    assert leader.post(f"{url}/reply", {"text": "not mine to say"}).status_code == 403
    assert clerk.post(f"{url}/reply", {"text": " "}).status_code == 409
    assert clerk.post(f"{url}/reply", {"text": "The office was closed by order"}).status_code == 302
    assert url in text(leader.get("/shan/desk/consequences"))
    assert leader.post(f"{url}/decide", decision).status_code == 302
    page = text(clerk.get(url))
    assert "Not upheld" in page and "The clock ran on a holiday" in page and "<textarea" not in page


# --- speed ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "url"),
    [
        ("north", "/shan/desk"),
        ("office", "/shan/office"),
        ("office", "/shan/office/verdicts"),
        ("north", "/shan/merits"),
    ],
)
def test_a_longer_list_asks_the_database_no_more_often(shan: Shan, at_door: Door, who: str, url: str) -> None:
    client = at_door(who)

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    def more(n: int) -> None:
        for number in range(n):
            shan.question(f"question {number}", minutes_ago=number * 700)
            shan.finding(f"finding {number}")
            shan.verdict(once=f"once-of-many-{n}-{number}")
            shan.file()

    more(2)
    asked()
    few = asked()
    more(8)
    assert asked() <= few + 1


def test_time_is_the_places_own(shan: Shan, at_door: Door) -> None:
    from leitai.apps.people.models import Place

    shan.question("bus line", minutes_ago=60 * 24)
    Place.objects.filter(pk=shan.place.pk).update(lag=timedelta(days=1))
    page = text(at_door("north").get("/shan/desk"))
    assert 'class="light red"' not in page
