"""The public door: a problem reported without an account, followed by its code, over when the reporter says so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count
from typing import Any

import pytest
from django.test import Client

from tests.apps.test_photos import SOUTH_WEST, shot

from .place import RULES, Shan

KINDS = """
  street:
    name: {zh: 市政问题, en: Street problem}
    about: {zh: 路灯、道路, en: "Lamps, roads"}
    flow: problem
    doors: [office, public]
    public: true
    relapse: 30 days
    form:
      size:
        name: {zh: 多大, en: How large}
        kind: choice
        options: {small: {zh: 小, en: Small}, large: {zh: 大, en: Large}}
        needed: true
    clocks:
      settle: {name: {zh: 整改, en: Settle}, from: dispatched, until: answered, within: 3 days, on: always}
"""
ONE = RULES.replace("cases:\n", "cases:" + KINDS)
TWO = ONE.replace(
    "en: Finding}\n    flow: problem\n", "en: Finding}\n    flow: problem\n    doors: [public]\n"
)
ADDRESSES = count(1)
KEY = "a-key-of-a-form-drawn"
URL = "/shan/problem"


PRIVATE = ONE.replace("    public: true\n", "")


@pytest.fixture(autouse=True)
def rules(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rule-book with one kind for the public, or another one that a test names."""
    monkeypatch.setattr("tests.pages.place.RULES", getattr(request, "param", ONE))


@pytest.fixture
def citizen() -> Client:
    """A telephone on a network of its own, reading English."""
    number = next(ADDRESSES)
    return Client(headers={"accept-language": "en"}, REMOTE_ADDR=f"10.{number >> 8}.{number & 255}.7")


def text(answer: Any) -> str:
    return answer.content.decode()


def form(**values: Any) -> dict[str, Any]:
    return {
        "kind": "street",
        "once": KEY,
        "what": "The lamp is out. It has been dark for a week.",
        "where": "North Street 5",
        "q-street-size": "large",
    } | values


def named(data: bytes, name: str = "a.jpg") -> BytesIO:
    file = BytesIO(data)
    file.name = name
    return file


def only() -> Any:
    from leitai.apps.casework.models import Case

    return Case.objects.get()


def test_one_page_of_little_weight_takes_it_without_a_script_or_a_cookie(shan: Shan, citizen: Client) -> None:
    answer = citizen.get(URL)
    page = text(answer)
    assert len(answer.content) < 30_000, "all of it: style and script are inside"
    assert not re.findall(r'(?:src|href)="[^"]+\.(?:js|css)"', page)
    assert not answer.cookies and 'style="' not in page
    assert "Street problem" in page and "How large" in page
    assert (answer["X-Robots-Tag"], answer["Referrer-Policy"]) == ("noindex", "no-referrer")
    boxes = re.findall(r'<(?:input|textarea)[^>]*name="([^"]+)"[^>]* required', page)
    assert set(boxes) == {"what", "q-street-size"}


def test_a_report_becomes_a_case_with_a_code_and_pressing_twice_is_one(shan: Shan, citizen: Client) -> None:
    from leitai.apps.casework import queries

    sent = form(name="Li Hua", phone="0971 612 3456", latitude="36.5", longitude="101.7", accuracy="12")
    first = citizen.post(URL, sent | {"photo": named(shot(at="2024:04:10 09:30:00", spot=SOUTH_WEST))})
    again = citizen.post(URL, sent)
    case = only()
    assert first.status_code == again.status_code == 303
    assert first["Location"] == again["Location"] == f"/shan/track/{case.tracking}"
    assert re.fullmatch(r"[A-Z2-7]{16}", case.tracking)
    assert (case.title, case.channel, case.state) == ("The lamp is out", "public", "received")
    assert (case.where, case.latitude, case.form) == ("North Street 5", 36.5, {"size": "large"})
    assert queries.reporter(case) == {"name": "Li Hua", "phone": "0971 612 3456"}
    (pair,) = queries.album(case).pairs
    assert pair.before and pair.before.taken_at is None and pair.before.latitude is None
    from leitai.apps.casework.models import Reporter
    from leitai.apps.ledger.models import Event

    assert b"Li Hua" not in bytes(Reporter.objects.get().sealed)
    assert not any("Li Hua" in event.data or "612" in event.data for event in Event.objects.all())


@pytest.mark.parametrize(
    ("values", "status", "said"),
    [
        ({"what": " "}, 422, "Say in a few words"),
        ({"what": "x" * 2001}, 422, "2000 characters"),
        ({"where": ""}, 422, "Say where it is"),
        ({"where": "", "latitude": "nan", "longitude": "1"}, 422, "Say where it is"),
        ({"once": "short"}, 400, "lacks its key"),
        ({"phone": "call me"}, 422, "made of digits"),
        ({"q-street-size": ""}, 422, "must be answered"),
        ({"q-street-size": "huge"}, 422, "is no answer"),
        ({"photo": b"no picture"}, 415, "no photo that can be read"),
        ({"photo": 4}, 422, "at most 3 photos"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_typed_is_lost(
    shan: Shan, citizen: Client, values: dict[str, Any], status: int, said: str
) -> None:
    from leitai.apps.casework.models import Case

    photos = values.get("photo")
    if isinstance(photos, bytes):
        values = {"photo": named(photos)}
    elif photos:
        values = {"photo": [named(shot()) for _ in range(photos)]}
    answer = citizen.post(URL, form(name="Li Hua") | values)
    page = text(answer)
    assert answer.status_code == status
    assert said in page and 'value="Li Hua"' in page
    assert not Case.objects.exists()


@pytest.mark.parametrize("rules", [RULES], indirect=True)
def test_a_place_without_such_a_kind_says_so(shan: Shan, citizen: Client) -> None:
    answer = citizen.get(URL)
    assert answer.status_code == 404 and "Nothing can be reported" in text(answer)
    assert citizen.post(URL, form()).status_code == 404


@pytest.mark.parametrize("rules", [TWO], indirect=True)
def test_a_place_with_several_kinds_asks_which(shan: Shan, citizen: Client) -> None:
    page = text(citizen.get(URL))
    assert re.findall(r'name="kind" value="(\w+)"', page) == ["street", "finding"]
    assert "Lamps, roads" in page
    assert "How large" in text(citizen.get(URL, {"kind": "street"}))


def test_a_flood_from_one_network_is_braked_and_others_are_not(shan: Shan, citizen: Client) -> None:
    from leitai.apps.casework.models import Case

    codes = [citizen.post(URL, form(once=f"{KEY}-{n}")).status_code for n in range(14)]
    assert codes == [303] * 12 + [429] * 2
    assert Case.objects.count() == 12
    other = Client(REMOTE_ADDR="192.0.2.1")
    assert other.post(URL, form(once=f"{KEY}-other")).status_code == 303
    told = citizen.post(URL, form(once=f"{KEY}-x"))
    assert told["Retry-After"] and "try again later" in text(told)


def test_a_code_is_found_as_people_type_it_and_no_other(shan: Shan, citizen: Client) -> None:
    citizen.post(URL, form())
    code = only().tracking
    typed = "-".join(code[at : at + 4] for at in range(0, 16, 4)).lower()
    answer = citizen.get("/shan/track", {"code": typed})
    assert (answer.status_code, answer["Location"]) == (303, f"/shan/track/{code}")
    for wrong in ("", "A" * 16, code[:-1], "x' or 1=1"):
        assert citizen.get("/shan/track", {"code": wrong}).status_code == (404 if wrong else 200)
    assert citizen.get(f"/shan/track/{'A' * 16}").status_code == 404
    page = citizen.get(f"/shan/track/{code}")
    assert (page["X-Robots-Tag"], page["Referrer-Policy"]) == ("noindex", "no-referrer")
    assert "no-store" in page["Cache-Control"]


@pytest.fixture
def reported(shan: Shan, citizen: Client) -> Iterator[tuple[str, Any]]:
    """The address of a report that was dispatched, and its case."""
    from leitai.apps.casework import actions

    citizen.post(URL, form())
    case = only()
    move(case, "dispatch", "office", unit="north")
    actions.add_photo(case=case, data=shot("green"), when="after", by="account:north", now=shan.now)
    return f"/shan/track/{case.tracking}", case


def move(case: Any, key: str, role: str, **values: str) -> None:
    from leitai.apps.casework import actions

    now = datetime.now(UTC)
    actions.move_case(case=case, move=key, role=role, form=values, by=f"account:{role}", now=now)


def test_the_reporter_sees_who_holds_it_by_when_and_what_was_said(
    shan: Shan, citizen: Client, reported: tuple[str, Any]
) -> None:
    url, case = reported
    page = text(citizen.get(url))
    assert "Now held by: North Bureau" in page and "Settle" in page
    assert "It has been dark for a week" in page
    (number,) = re.findall(rf'src="({url}/photo/\d+)"', page)
    photo = citizen.get(number)
    assert photo["Content-Type"] == "image/jpeg" and photo.content[:2] == b"\xff\xd8"
    assert citizen.get(number.replace(case.tracking, "A" * 16)).status_code == 404
    move(case, "hand-back", "unit", reason="Between us: the south is at fault")
    assert "Between us" not in text(citizen.get(url)), "what offices say to each other stays inside"
    move(case, "dispatch", "office", unit="south")
    move(case, "answer", "unit", done="A new lamp since Monday")
    page = text(citizen.get(url))
    assert "A new lamp since Monday" in page and "account:" not in page


@pytest.mark.parametrize("rules", [PRIVATE], indirect=True)
def test_of_a_kind_that_is_not_public_only_state_and_time_are_told(
    shan: Shan, citizen: Client, reported: tuple[str, Any]
) -> None:
    from leitai.apps.casework.models import Photo

    url, case = reported
    move(case, "answer", "unit", done="Words of the unit")
    page = text(citizen.get(url))
    assert "to be verified" in page.lower() and "Words of the unit" not in page and "/photo/" not in page
    assert citizen.get(f"{url}/photo/{Photo.objects.get().pk}").status_code == 404
    assert "It has been dark for a week" in page, "the reporter's own words are the reporter's"


def test_it_is_over_when_the_reporter_says_so_and_not_before_it_was_answered(
    shan: Shan, citizen: Client, reported: tuple[str, Any]
) -> None:
    url, case = reported
    assert 'name="do"' not in text(citizen.get(url))
    assert citizen.post(url, {"do": "over"}).status_code == 409
    move(case, "answer", "unit", done="A new lamp")
    assert [citizen.post(url, {"do": "over"}).status_code for _ in range(2)] == [303, 303]
    assert "You said that it is solved" in text(citizen.get(url))
    case.refresh_from_db()
    assert case.state == "answered", "the office still verifies"
    assert [step.move for step in case.steps.order_by("id")][-1:] == ["reporter-over"]
    assert case.steps.filter(move="reporter-over").count() == 1


def test_not_over_before_it_is_closed_goes_to_the_office(
    shan: Shan, citizen: Client, reported: tuple[str, Any], at_door: Any
) -> None:
    url, case = reported
    move(case, "answer", "unit", done="A new lamp")
    empty = citizen.post(url, {"do": "not-over", "text": " "})
    assert empty.status_code == 422 and "what is not over" in text(empty)
    assert citizen.post(url, {"do": "not-over", "text": "It is still dark"})["Location"] == url
    assert "It is still dark" in text(at_door("office").get(f"/shan/c/{case.ref}"))


def test_not_over_after_it_was_closed_opens_it_again_once_as_a_relapse(
    shan: Shan, citizen: Client, reported: tuple[str, Any]
) -> None:
    from leitai.apps.casework.models import Case
    from leitai.apps.ledger.models import Event

    url, case = reported
    move(case, "answer", "unit", done="A new lamp")
    move(case, "close", "office", evidence="Seen on site")
    sent = {"do": "not-over", "text": "Dark again"}
    first, again = citizen.post(url, sent), citizen.post(url, sent)
    new = Case.objects.exclude(pk=case.pk).get()
    assert first["Location"] == again["Location"] == f"/shan/track/{new.tracking}"
    assert (new.relapse_of_id, new.state, new.where, new.text) == (
        case.pk,
        "received",
        case.where,
        "Dark again",
    )
    assert Event.objects.filter(kind="case.relapsed", subject=f"case:{case.ref}").count() == 1
    assert f'href="/shan/track/{new.tracking}' in text(citizen.get(url))


def test_what_was_not_taken_up_is_neither_solved_nor_opened_again(shan: Shan, citizen: Client) -> None:
    citizen.post(URL, form())
    case = only()
    move(case, "set-aside", "office", reason="It is the neighbour's lamp")
    url = f"/shan/track/{case.tracking}"
    page = text(citizen.get(url))
    assert "It is the neighbour&#x27;s lamp" in page and 'name="do"' not in page
    assert citizen.post(url, {"do": "not-over", "text": "But it is dark"}).status_code == 409
    assert only() == case


def test_after_the_relapse_window_it_is_to_be_reported_anew(shan: Shan, reported: tuple[str, Any]) -> None:
    from leitai.apps.casework import actions
    from tests.factories import refused

    _url, case = reported
    move(case, "answer", "unit", done="A new lamp")
    move(case, "close", "office", evidence="Seen on site")
    case.refresh_from_db()
    late = case.closed_at + timedelta(days=30, seconds=1)
    with refused("relapse-late"):
        actions.say_not_over(case=case, text="Dark again", by="anyone", now=late)


def test_who_reported_is_deleted_180_days_after_it_was_closed(shan: Shan, citizen: Client) -> None:
    from leitai.apps.casework import actions, queries

    citizen.post(URL, form(name="Li Hua"))
    case = only()
    far = shan.now + timedelta(days=700)
    assert not actions.purge_reporters(place=shan.place, by="worker", now=far), "not while it is open"
    move(case, "set-aside", "office", reason="Not ours")
    case.refresh_from_db()
    end = case.closed_at + timedelta(days=180)
    assert not actions.purge_reporters(place=shan.place, by="worker", now=end)
    assert actions.purge_reporters(place=shan.place, by="worker", now=end + timedelta(seconds=1)) == 1
    assert queries.reporter(case) == {}


def test_a_poster_has_a_code_and_says_which_address_must_open(shan: Shan, citizen: Client) -> None:
    page = text(citizen.get("/shan/problem/poster?kind=street"))
    assert "testserver/shan/problem?kind=street" in page and "<svg" in page
    assert "The address that opens is" in page and 'lang="zh-hans"' in page
