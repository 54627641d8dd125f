"""Civic apps by Open311 GeoReport v2: they learn what can be reported, report it once, and follow what is public."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from leitai.apps.casework.models import Case
from leitai.apps.ledger.models import Event
from leitai.apps.people.actions import revoke_api_key
from leitai.apps.people.models import ApiKey
from tests.factories import BY, DAY, HOUR, NOW, Town, build

from .civic import App
from .conftest import SECRETS, keyed
from .pictures import PHOTO


def case_of(made: dict[str, Any]) -> Case:
    return Case.objects.get(ref=made["service_request_id"])


# What can be reported


def test_services_are_the_kinds_with_the_door(app: App) -> None:
    hole, tip = app.get("services", "services")
    assert (hole["service_code"], hole["service_name"], hole["type"]) == (
        "hole",
        "Hole in the road",
        "realtime",
    )
    assert hole["metadata"] and hole["keywords"] == "路面坑洞, Hole in the road"
    assert (tip["service_code"], tip["type"]) == ("whisper", "batch")
    assert tip["description"] == "A tip-off that stays private"
    assert App(language="zh-hans").get("services", "services")[0]["service_name"] == "路面坑洞"


def test_a_definition_has_the_questions_of_its_kind(app: App) -> None:
    hole = app.get("definition", "services/hole")
    depth, width = hole["attributes"]
    assert (depth["code"], depth["datatype"], depth["order"], depth["required"]) == (
        "depth",
        "singlevaluelist",
        1,
        False,
    )
    assert depth["values"] == [{"key": "shallow", "name": "Shallow"}, {"key": "deep", "name": "Deep"}]
    assert (width["datatype"], width["values"]) == ("number", [])
    day, signs = app.get("definition", "services/whisper")["attributes"]
    assert (day["datatype"], day["required"], signs["datatype"]) == ("datetime", True, "multivaluelist")
    for code in ("question", "finding", "nothing"):
        assert code in app.get("errors", f"services/{code}", code=404)[0]["description"]


def test_the_interface_is_discovered(app: App) -> None:
    (endpoint,) = app.get("discovery", "discovery")["endpoints"]
    assert endpoint["url"] == "http://testserver/api/open311/v2"
    assert endpoint["formats"] == ["application/json", "text/xml"]
    assert app.client.get("/api/open311/discovery.xml").status_code == 200


# Reporting


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_report_becomes_a_case_and_is_followed(city: Town, app: App, form: str) -> None:
    made = app.post(
        form=form,
        address_string="Long Street 5",
        address_id="A-77",
        email="wang@example.org",
        phone="13800000001",
        first_name="Wei",
        last_name="Wang",
        device_id="tt222111",
        account_id="123456",
        media_url="https://photos.example.org/1.jpg",
        **{"attribute[depth]": "deep", "attribute[width]": "40"},
    )
    row = case_of(made)
    assert (row.kind, row.channel, row.title) == ("hole", "open311", "A hole")
    assert row.text == "A hole\nas deep as a knee\n\nhttps://photos.example.org/1.jpg"
    assert (row.where, row.latitude, row.longitude) == ("Long Street 5 (A-77)", 36.5, 118.5)
    assert row.form == {"depth": "deep", "width": "40"} and row.tracking is None
    sealed = bytes(row.reporter.sealed)
    (shown,) = app.get("requests", f"requests/{row.ref}")
    assert shown["service_request_id"] == row.ref and shown["status"] == "open"
    assert (shown["lat"], shown["long"], shown["address"]) == (36.5, 118.5, "Long Street 5 (A-77)")
    assert (
        shown["requested_datetime"] == made["requested_datetime"] and "+08:00" in shown["requested_datetime"]
    )
    for secret in ("Wang", "13800000001", "wang@example.org", "tt222111", "123456"):
        assert secret not in str(shown) and secret.encode() not in sealed
        assert not Event.objects.filter(data__contains=secret).exists()
    assert Event.objects.get(kind="case.opened").by == "key:machine"


def test_a_report_is_taken_once_for_its_number(city: Town, vale: Town, app: App) -> None:
    first = app.post(once="phone-1/7")
    assert app.post(once="phone-1/7", form="xml") == first
    assert app.post(once="phone-1/8") != first
    keyed(city, "bureau", "open311:post")
    assert App(secret=SECRETS["bureau"]).post(once="phone-1/7") != first
    assert app.post() != app.post()
    assert Case.objects.count() == 5


def test_what_is_not_public_gives_a_token_and_is_never_listed(app: App) -> None:
    made = app.post(
        service_code="whisper", **{"attribute[day]": "2024-04-09", "attribute[signs][]": ["noise", "smell"]}
    )
    assert "service_request_id" not in made
    row = Case.objects.get(tracking=made["token"])
    assert row.form == {"day": "2024-04-09", "signs": ["noise", "smell"]}
    assert app.get("token", f"tokens/{made['token']}") == [
        {"service_request_id": row.ref, "token": made["token"]}
    ]
    assert app.get("errors", f"requests/{row.ref}", code=404)
    assert app.get("requests", "requests", service_request_id=row.ref) == []
    assert app.get("requests", "requests", service_code="whisper") == []
    assert app.get("errors", "tokens/NOTHERE", code=404)
    assert (
        App("vale")
        .client.get(f"/api/open311/v2/tokens/{made['token']}.json?jurisdiction_id=vale")
        .status_code
        == 404
    )


def test_photos_come_along_or_nothing_does(app: App) -> None:
    row = case_of(app.post(media=SimpleUploadedFile("a.jpg", PHOTO, "image/jpeg")))
    assert [(one.when, one.by) for one in row.photos.all()] == [("before", "key:machine")]
    app.post(media=SimpleUploadedFile("a.jpg", b"no picture", "image/jpeg"), code=400)
    app.post(media=[SimpleUploadedFile(f"{n}.jpg", PHOTO) for n in range(6)], code=400)
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"api_key": None}, 403, "api_key"),
        ({"api_key": "leitai_" + "x" * 40}, 403, "api_key"),
        ({"jurisdiction_id": "nowhere"}, 404, "nowhere"),
        ({"service_code": None}, 400, "service_code"),
        ({"service_code": "question"}, 404, "question"),
        ({"lat": None, "long": None}, 400, "address_string"),
        ({"lat": None}, 400, "lat and long"),
        ({"lat": "91"}, 400, "lat and long"),
        ({"lat": "nan"}, 400, "lat and long"),
        ({"long": "far"}, 400, "lat and long"),
        ({"description": "x" * 4001}, 400, "4000"),
        ({"media_url": "javascript:alert(1)"}, 400, "media_url"),
        ({"media_url": "http://[::1"}, 400, "media_url"),
        ({"attribute[depth]": "bottomless"}, 400, "bottomless"),
        ({"service_code": "whisper"}, 400, "Day"),
    ],
)
def test_a_report_that_cannot_be_taken_is_told_why(
    app: App, fields: dict[str, Any], status: int, said: str
) -> None:
    for form in ("json", "xml"):
        assert said in app.post(form=form, code=status, **fields)["description"]
    assert not Case.objects.exists()


def test_only_a_key_for_it_reports(city: Town, vale: Town, app: App) -> None:
    keyed(city, "platform", "cases:open")
    assert "open311:post" in App(secret=SECRETS["platform"]).post(code=403)["description"]
    keyed(vale, "bureau", "open311:post")
    App(secret=SECRETS["bureau"]).post(code=403)
    revoke_api_key(key=ApiKey.objects.get(name="machine"), by=BY, now=NOW)
    app.post(code=403)
    assert not Case.objects.exists()


def test_an_address_in_words_is_enough(app: App) -> None:
    row = case_of(app.post(lat=None, long=None, address_id="A-77", description=None))
    assert (row.where, row.latitude, row.title) == ("A-77", None, "Hole in the road")
    (shown,) = app.get("requests", f"requests/{row.ref}")
    assert "lat" not in shown and shown["description"] == "Hole in the road"


# Following


def test_the_jurisdiction_is_asked_for_where_there_are_several(app: App) -> None:
    assert App(place="").get("services", "services")
    build("vale")
    assert "jurisdiction_id" in App(place="").get("errors", "services", code=400)[0]["description"]
    assert app.get("errors", "requests", code=404, jurisdiction_id="nowhere")


@pytest.fixture
def shelf(city: Town) -> Iterator[dict[str, Case]]:
    """Holes of several days, one of them struck off, and a case that is nobody's to see."""
    rows = {}
    present = city.place.now(timezone.now())
    for days in (1, 40, 89, 91, 200):
        rows[str(days)] = city.case(
            "hole", None, at=present - days * DAY, title=f"Hole {days}", text="Call Wang"
        )
    rows["errand"] = city.case("errand", None, at=present - DAY, title="Secret errand")
    return rows


def numbers(found: list[dict[str, Any]], shelf: dict[str, Case]) -> list[str]:
    names = {row.ref: name for name, row in shelf.items()}
    return [names[one["service_request_id"]] for one in found]


def test_requests_are_of_ninety_days_the_newest_first(app: App, shelf: dict[str, Case]) -> None:
    def ask(**query: str) -> list[str]:
        return numbers(app.get("requests", "requests", **query), shelf)

    def day(days: int) -> str:
        return (shelf["1"].opened_at - (days - 1) * DAY).isoformat(timespec="seconds")

    assert ask() == ["1", "40", "89"]
    assert ask(start_date=day(100), end_date=day(80)) == ["89", "91"]
    assert ask(end_date=day(100)) == []
    assert ask(end_date=day(150)) == ["200"]
    assert ask(start_date=day(95)) == ["40", "89", "91"]
    assert ask(start_date=day(41)) == ["1", "40"]
    assert ask(start_date=day(2)[:10]) == ["1"]
    assert ask(start_date=day(95).replace("+", " ")) == ["40", "89", "91"]
    assert ask(service_code="hole,errand") == ["1", "40", "89"]
    assert ask(service_code="nothing") == []
    assert ask(page_size="2") == ["1", "40"] and ask(page_size="2", page="2") == ["89"]
    # Numbers override everything else; those that are not public are passed over.
    several = ",".join(shelf[name].ref or "" for name in ("200", "91", "errand"))
    assert ask(service_request_id=several, status="closed", start_date="no time") == ["91", "200"]


@pytest.mark.parametrize(
    "query",
    [
        {"start_date": "2024-01-01T00:00:00Z", "end_date": "2024-04-01T00:00:00Z"},
        {"start_date": "yesterday"},
        {"start_date": "2024-01-01T00:00:00"},
        {"end_date": "0001-01-01T00:00:00+14:00"},
        {"status": "open,lost"},
        {"page": "0"},
        {"page_size": "1001"},
    ],
)
def test_a_question_that_cannot_be_answered_is_told_why(app: App, query: dict[str, str]) -> None:
    app.get("errors", "requests", code=400, **query)


def test_what_is_over_says_so(city: Town, app: App, shelf: dict[str, Case]) -> None:
    row = shelf["40"]
    over = row.opened_at + HOUR
    Case.objects.filter(pk=row.pk).update(closed_at=over, holder="none", state="closed", next_due_at=None)
    (shown,) = app.get("requests", "requests", status="closed")
    assert numbers(app.get("requests", "requests", status="open"), shelf) == ["1", "89"]
    assert len(app.get("requests", "requests", status="open,closed")) == 3
    assert (shown["status"], shown["status_notes"]) == ("closed", "struck off")
    assert shown["updated_datetime"] == over.astimezone(city.place.zone).isoformat(timespec="seconds")


def test_nobody_is_shown(city: Town, app: App, shelf: dict[str, Case]) -> None:
    (shown,) = app.get("requests", f"requests/{shelf['1'].ref}")
    assert shown["description"] == "Hole 1", "what was written at another door is not for all to read"
    told = (
        "Call 138 0000 0001 or 138-0000-0001, wang.wei@example.org, 37072419800101123X; 12 m deep, room 4711"
    )
    row = case_of(app.post(description=told, address_string="Behind 0536-3158888"))
    (shown,) = app.get("requests", f"requests/{row.ref}")
    assert shown["description"] == "Call … or …, …, …; 12 m deep, room 4711"
    assert shown["address"] == "Behind …"


def test_no_more_than_a_thousand_at_once(city: Town, app: App) -> None:
    first = city.case("hole", None, at=NOW)
    present = ApiKey.objects.get().created_at
    Case.objects.bulk_create(
        Case(place=city.place, ref=f"x-{n}", kind="hole", state="received", holder="office", title="x",
             opened_at=present - timedelta(seconds=n))
        for n in range(1001)
    )  # fmt: skip
    assert len(app.get("requests", "requests")) == 1000
    assert first.ref not in str(app.get("requests", "requests", page="2"))


def test_letters_that_xml_cannot_hold_are_left_out(app: App, shelf: dict[str, Case]) -> None:
    row = shelf["1"]
    for title, shown in (("<b>&amp;</b>", "<b>&amp;</b>"), ("a\x0bb￾c", "abc"), ("坑 🕳", "坑 🕳")):
        Case.objects.filter(pk=row.pk).update(title=title)
        answer = app.client.get(f"/api/open311/v2/requests/{row.ref}.xml?jurisdiction_id=town")
        assert app.read("requests", "xml", answer, 200)[0]["description"] == shown


def test_other_addresses_methods_and_bodies_are_answered_in_shape(app: App) -> None:
    for path, form in (
        ("v2/nothing.json", "json"),
        ("v2/nothing.xml", "xml"),
        ("v2/services.yaml", "xml"),
        ("", "xml"),
    ):
        app.read("errors", form, app.client.get(f"/api/open311/{path}"), 404)
    answer = app.client.put("/api/open311/v2/requests.json")
    app.read("errors", "json", answer, 405)
    assert answer["Allow"] == "OPTIONS, GET, POST, HEAD"
    broken = app.client.post(
        "/api/open311/v2/requests.json", b"--x", content_type="multipart/form-data; boundary="
    )
    app.read("errors", "json", broken, 400)
    asked = app.client.options("/api/open311/v2/requests.json")
    assert asked.status_code == 204 and asked["Access-Control-Allow-Origin"] == "*"
    assert app.client.head("/api/open311/v2/services.json?jurisdiction_id=town").status_code == 200
