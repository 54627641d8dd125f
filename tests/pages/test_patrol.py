"""The patrol's form: by a browser's form or by its script, each finding once, at the time when it was made."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leitai.apps.casework.models import Case, Photo
from tests.apps.test_photos import SOUTH_WEST, shot

from .place import RULES, Shan
from .test_report import named, text

Door = Callable[[str], Any]
URL = "/shan/patrol"
OFFICE = "\n  indoors: {name: {zh: 内部, en: Indoors}, flow: problem, doors: [office]}"
KEY = "a-key-that-a-phone-drew"


@pytest.fixture(autouse=True)
def rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.pages.place.RULES", RULES.replace("\ncases:", "\ncases:" + OFFICE))


def form(**values: Any) -> dict[str, Any]:
    return {"once": KEY, "kind": "finding", "title": "A lid is missing", "where": "North Street"} | values


def as_script(client: Any, sent: dict[str, Any]) -> Any:
    return client.post(URL, sent, headers={"accept": "application/json"})


def test_a_form_as_forms_are_opens_it_once_with_all_its_photos(shan: Shan, at_door: Door) -> None:
    client = at_door("patrol")
    sent = form(latitude="36.5", longitude="101.7", accuracy="7.4", unit="South Bureau · south", where="")
    photos = [named(shot(at="2024:04:10 09:30:00", spot=SOUTH_WEST)), named(shot("red"))]
    first = client.post(URL, sent | {"photo": photos})
    again = client.post(URL, sent | {"photo": [named(shot("red"))]})
    case = Case.objects.get()
    assert first["Location"] == again["Location"] == f"/shan/c/{case.ref}"
    assert (case.channel, case.unit, case.latitude) == ("patrol", shan.south, 36.5)
    assert "within 7 m" in case.text
    assert Photo.objects.count() == 2 and set(case.photos.values_list("when", flat=True)) == {"before"}
    taken = case.photos.get(taken_at__isnull=False)
    assert taken.latitude == pytest.approx(-36.51), "of evidence, when and where it was made is kept"


def test_a_script_is_told_what_became_of_it(shan: Shan, at_door: Door) -> None:
    client = at_door("patrol")
    fresh = client.get(f"{URL}/fresh").json()
    assert fresh["account"] == "account:patrol" and fresh["token"]
    answers = [as_script(client, form(photo=named(shot()))) for _ in range(2)]
    case = Case.objects.get()
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].json()["ref"] == answers[1].json()["ref"] == case.ref
    wrong = as_script(client, form(once=f"{KEY}-2", title=" "))
    assert wrong.status_code == 409 and wrong.json()["code"] == "no-title"
    photo = as_script(client, form(once=f"{KEY}-3", photo=named(b"no photo")))
    assert photo.json()["code"] == "photo-unreadable" and Case.objects.count() == 1


@pytest.mark.parametrize(
    ("ago", "believed"),
    [
        (timedelta(days=2), True),
        (timedelta(days=6, hours=23), True),
        (timedelta(days=7, minutes=1), False),
        (-timedelta(minutes=2), False),
        (-timedelta(days=2), False),
    ],
)
def test_its_time_is_when_it_was_made_if_the_phone_can_be_believed(
    shan: Shan, at_door: Door, ago: timedelta, believed: bool
) -> None:
    from leitai.apps.casework import queries

    made = datetime.now(UTC) - ago
    assert as_script(at_door("patrol"), form(made=made.isoformat())).status_code == 201
    case = Case.objects.get()
    assert (case.opened_at == made) == believed
    arrived = queries.arrived(case)
    if believed:
        assert arrived is not None and abs(arrived - datetime.now(UTC)) < timedelta(minutes=1)
    else:
        assert arrived is None and case.opened_at >= shan.now


@pytest.mark.parametrize(
    "said", ["", "yesterday", "2024-04-10T09:00:00", "9999-12-31T23:59:59Z", "0001-01-01T00:00Z"]
)
def test_a_time_that_is_none_is_when_it_arrived(shan: Shan, at_door: Door, said: str) -> None:
    assert as_script(at_door("patrol"), form(made=said)).status_code == 201
    assert Case.objects.get().opened_at >= shan.now


def test_no_clock_of_a_unit_runs_before_it_could_know(shan: Shan, at_door: Door) -> None:
    made = datetime.now(UTC) - timedelta(days=2)
    sent = form(kind="question", unit="north", made=made.isoformat())
    assert as_script(at_door("patrol"), sent).status_code == 201
    case = Case.objects.get()
    assert case.opened_at >= shan.now and case.clocks.get().started_at == case.opened_at


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"kind": "indoors"}, "Say what kind of matter it is."),
        ({"title": ""}, "Say in a few words"),
        ({"where": ""}, "Say where it is"),
        ({"unit": "nowhere"}, "There is no unit nowhere."),
        ({"kind": "question"}, "say which"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_typed_is_lost(
    shan: Shan, at_door: Door, values: dict[str, str], said: str
) -> None:
    answer = at_door("patrol").post(URL, form() | values)
    page = text(answer)
    assert answer.status_code == 409 and said in page
    assert f'value="{KEY}"' in page
    assert not Case.objects.exists()


def test_its_kinds_are_those_of_its_door(shan: Shan, at_door: Door) -> None:
    page = text(at_door("patrol").get(URL))
    assert set(re.findall(r'<option value="(\w+)"', page)) == {"question", "finding"}
    office = text(at_door("office").get("/shan/c/new"))
    assert {"question", "finding", "indoors"} <= set(re.findall(r'<option value="([\w-]+)"', office))


@pytest.mark.parametrize("role", ["north", "leader", "inspector", "administrator"])
def test_nobody_else_enters_findings(shan: Shan, at_door: Door, role: str) -> None:
    client = at_door(role)
    assert {client.get(URL).status_code, client.post(URL, form()).status_code} == {403}
    assert client.get(f"{URL}/fresh").status_code == 403


def test_the_worker_reaches_the_form_alone(shan: Shan, at_door: Door) -> None:
    answer = at_door("").get(f"{URL}/worker.js")
    assert answer["Service-Worker-Allowed"] == URL
    assert answer["Content-Type"].startswith("text/javascript")
    assert "patrol-queue.js" in text(answer)


def test_a_photo_is_seen_by_whoever_sees_the_case_and_added_by_whoever_works_on_it(
    shan: Shan, at_door: Door
) -> None:
    case, north, south = shan.finding("A lid is missing", shan.north), at_door("north"), at_door("south")
    url = f"/shan/c/{case.ref}/photos"
    sent = {"when": "after", "photo": named(shot("green"))}
    assert north.post(url, sent).status_code == 302
    photo = case.photos.get()
    assert (photo.when, photo.by) == ("after", "account:north")
    seen = f"/shan/c/{case.ref}/photo/{photo.pk}"
    answer = north.get(seen)
    assert answer.content == bytes(photo.picture) and "private" in answer["Cache-Control"]
    assert {south.get(seen).status_code, south.post(url, sent).status_code} == {403}
    assert at_door("leader").post(url, {"photo": named(shot("red"))}).status_code == 403
    assert at_door("").get(seen).status_code == 302
    assert north.get(f"/shan/c/{case.ref}/photo/{photo.pk + 1}").status_code == 404
    assert north.post(url, {"when": "never", "photo": named(shot("red"))}).status_code == 404
    assert case.photos.count() == 1


def test_a_unit_adds_no_evidence_after_the_end_and_who_goes_and_looks_does(shan: Shan, at_door: Door) -> None:
    from leitai.apps.casework import actions

    case = shan.finding("A lid is missing", shan.north)
    for move, role, said in (
        ("answer", "unit", {"done": "A new lid"}),
        ("close", "office", {"evidence": "Seen"}),
    ):
        by, now = f"account:{role}", datetime.now(UTC)
        actions.move_case(case=case, move=move, role=role, form=said, by=by, now=now)
    url = f"/shan/c/{case.ref}/photos"
    assert at_door("north").post(url, {"photo": named(shot("green"))}).status_code == 403
    assert at_door("patrol").post(url, {"photo": named(shot("red"))}).status_code == 302
    assert case.photos.get().by == "account:patrol"
