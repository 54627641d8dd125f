"""Cases by the JSON interface: opened once, followed without a gap, and of a unit's own cases alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from leitai.api.app import schema
from leitai.api.describe import operations
from leitai.apps.casework.models import Case, Photo
from leitai.apps.ledger.models import Event
from leitai.apps.ledger.sealing import seal
from leitai.apps.people.actions import SCOPES as SCOPES_OF_KEYS
from leitai.apps.people.models import ApiKey
from tests.factories import Town

from .conftest import Caller, keyed
from .pictures import PHOTO
from .test_webhook import call as signed

ASK = {
    "once": "crm-1",
    "kind": "finding",
    "title": "A leak",
    "text": "At the crossing",
    "where": "Long Street",
}
SCOPES = ("cases:open", "cases:read")


@pytest.fixture
def crm(town: Town) -> Caller:
    """A system of the whole place."""
    return keyed(town, "platform", *SCOPES)


@pytest.fixture
def bureau(town: Town) -> Caller:
    """The tax bureau's own system."""
    return keyed(town, "bureau", *SCOPES, unit="tax")


def told(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def send(caller: Caller, ref: str, data: bytes = PHOTO, **query: str) -> Any:
    given = "&".join(f"{name}={value}" for name, value in query.items())
    return caller.client.post(
        f"/api/v1/{caller.place}/cases/{ref}/photos?{given}",
        {"photo": SimpleUploadedFile("a.jpg", data, "image/jpeg")},
        headers={"authorization": f"Bearer {caller.secret}"},
    )


def feed(caller: Caller, since: int = 0, **query: Any) -> tuple[list[str], int, bool]:
    answer = caller.get("cases", changed_since=since, **query).json()
    return [one["ref"] for one in answer["cases"]], answer["changed_until"], answer["more"]


def test_a_case_is_opened_once_and_read(town: Town, crm: Caller) -> None:
    reporter = {"name": "Wang Wei", "phone": "13800000001"}
    first = crm.post("cases", ASK | {"latitude": 36.5, "longitude": 118.5, "reporter": reporter})
    assert first.status_code == 201, first.content
    case = first.json()
    assert (case["kind"], case["state"], case["holder"], case["unit"]) == (
        "finding",
        "received",
        "office",
        None,
    )
    assert (case["channel"], case["latitude"], case["text"]) == ("api", 36.5, "At the crossing")
    again = crm.post("cases", ASK)
    assert again.status_code == 200 and again.json() == case
    assert crm.get(f"cases/{case['ref']}").json() == case
    row = Case.objects.get()
    assert row.reporter.sealed and "Wang" not in str(case) and "13800000001" not in str(case)
    assert Event.objects.get(kind="case.opened").by == "key:platform"


def test_a_kind_with_clocks_questions_a_unit_and_a_firm(town: Town, crm: Caller) -> None:
    asked = {"once": "q", "kind": "question", "title": "When?", "unit": "water", "enterprise": "firm"}
    case = crm.post("cases", asked).json()
    assert (case["unit"], case["enterprise"], case["holder"]) == ("water", "firm", "unit")
    assert [(one["key"], one["met_at"]) for one in case["clocks"]] == [("reply", None)]
    hole = crm.post("cases", {"once": "h", "kind": "hole", "title": "Hole", "form": {"depth": "deep"}}).json()
    assert hole["form"] == {"depth": "deep"}
    errand = {"once": "e", "kind": "errand", "title": "Do it", "due": "2124-01-01T12:00:00+08:00"}
    assert crm.post("cases", errand).json()["due_at"] == "2124-01-01T04:00:00Z"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"kind": "nothing"}, "unknown-kind"),
        ({"kind": "bad-verdict"}, "not-brought-in"),
        ({"kind": "question"}, "no-unit"),
        ({"unit": "nowhere"}, "unknown-unit"),
        ({"enterprise": "nobody"}, "unknown-enterprise"),
        ({"latitude": 1.0}, "half-a-spot"),
        ({"kind": "errand", "due": "2024-04-10T12:00:00+08:00"}, "past-deadline"),
        ({"kind": "hole", "form": {"depth": "bottomless"}}, "answer-wrong"),
        ({"title": ""}, "invalid"),
        ({"once": ""}, "invalid"),
        ({"colour": "red"}, "invalid"),
        ({"latitude": 91, "longitude": 0}, "invalid"),
    ],
)
def test_a_case_that_cannot_be_opened_is_told_why(
    town: Town, crm: Caller, more: dict[str, Any], code: str
) -> None:
    assert told(crm.post("cases", ASK | more)) == (422, code)
    assert not Case.objects.exists()


def test_the_same_number_of_two_systems_is_two_cases(town: Town, crm: Caller, bureau: Caller) -> None:
    assert crm.post("cases", ASK).status_code == bureau.post("cases", ASK).status_code == 201
    assert Case.objects.count() == 2


def test_a_unit_sees_and_changes_nothing_of_anothers(town: Town, crm: Caller, bureau: Caller) -> None:
    theirs = crm.post("cases", ASK | {"once": "w", "unit": "water"}).json()["ref"]
    nobodys = crm.post("cases", ASK | {"once": "n"}).json()["ref"]
    own = bureau.post("cases", ASK).json()
    below = bureau.post("cases", ASK | {"once": "2", "unit": "tax-window"}).json()
    assert (own["unit"], below["unit"]) == ("tax", "tax-window")
    for ref in (theirs, nobodys, "2404-0"):
        assert told(bureau.get(f"cases/{ref}")) == told(send(bureau, ref)) == (404, "unknown-case")
    assert told(bureau.post("cases", ASK | {"once": "3", "unit": "water"})) == (422, "unknown-unit")
    seal(town.place)
    assert feed(bureau)[0] == [own["ref"], below["ref"]]
    assert feed(crm)[0] == [theirs, nobodys, own["ref"], below["ref"]]
    assert not Photo.objects.exists()
    # A matter of another unit that theirs is an instance of is not named to them, either.
    Case.objects.filter(ref=below["ref"]).update(root=Case.objects.get(ref=theirs))
    assert bureau.get(f"cases/{below['ref']}").json()["root"] is None
    assert crm.get(f"cases/{below['ref']}").json()["root"] == theirs
    # What went to another unit since is theirs, also for whoever opened it.
    Case.objects.filter(ref=own["ref"]).update(unit=town.units["water"])
    assert told(bureau.post("cases", ASK)) == told(bureau.get(f"cases/{own['ref']}")) == (404, "unknown-case")


def test_another_places_key_and_another_scope_open_nothing(town: Town, vale: Town, crm: Caller) -> None:
    ref = crm.post("cases", ASK).json()["ref"]
    stranger = Caller("vale", crm.secret)
    assert told(stranger.post("cases", ASK)) == told(stranger.get(f"cases/{ref}")) == (403, "other-place")
    machine = keyed(town, "machine", "tickets:issue")
    assert told(machine.post("cases", ASK)) == told(machine.get("cases")) == (403, "not-in-scope")
    assert told(send(machine, ref)) == (403, "not-in-scope")
    reader = keyed(town, "bureau", "cases:read")
    assert told(reader.post("cases", ASK)) == (403, "not-in-scope")
    assert told(send(Caller("town"), ref)) == (401, "no-key")


def test_what_changed_is_told_once_and_in_order(town: Town, crm: Caller) -> None:
    refs = [crm.post("cases", ASK | {"once": f"n{n}"}).json()["ref"] for n in range(3)]
    assert feed(crm)[0] == [], "what is not numbered yet will be told later"
    seal(town.place)
    town.verdict()
    seal(town.place)
    found, until, more = feed(crm, limit=2)
    assert (found, more) == (refs[:2], True)
    found, until, more = feed(crm, until, limit=2)
    assert (found, more) == (refs[2:], False)
    assert feed(crm, until) == ([], until, False)
    row = Case.objects.get(ref=refs[0])
    town.move(row, "dispatch", "office", at=row.opened_at, unit="water")
    seal(town.place)
    answer = crm.get("cases", changed_since=until).json()
    assert [(one["ref"], one["unit"], one["state"]) for one in answer["cases"]] == [
        (refs[0], "water", "dispatched")
    ]
    # From the beginning, each stands where it changed last.
    assert feed(crm)[0] == [refs[1], refs[2], refs[0]]


def test_photos_are_kept_once_and_only_photos_are(town: Town, crm: Caller) -> None:
    ref = crm.post("cases", ASK).json()["ref"]
    first = send(crm, ref, shows="before")
    assert (first.status_code, first.json()["shows"]) == (201, "before")
    again = send(crm, ref)
    assert (again.status_code, again.json()["digest"]) == (200, first.json()["digest"])
    assert told(send(crm, ref, b"no picture")) == (422, "photo-unreadable")
    assert told(send(crm, ref, shows="nothing")) == (422, "invalid")
    assert Photo.objects.count() == 1


def test_a_unit_adds_no_evidence_to_what_is_over(town: Town, crm: Caller) -> None:
    bureau = keyed(town, "bureau", "cases:open", unit="water")
    case = town.move(town.case("finding", None), "dispatch", "office", unit="water")
    town.move(case, "answer", "unit", done="The pipe was replaced")
    town.move(case, "close", "office", evidence="Seen on the spot")
    assert told(send(bureau, str(case.ref), shows="before")) == (409, "case-over")
    assert not Photo.objects.exists()
    assert send(crm, str(case.ref), shows="other").status_code == 201, (
        "whoever looks again for the place does"
    )


def content(answer: Any) -> bytes:
    return b"".join(answer) if answer.streaming else answer.content


def test_no_door_shows_or_changes_another_units_case(town: Town) -> None:
    bureau = keyed(town, "bureau", *(set(SCOPES_OF_KEYS) - {"ballots:import"}), unit="tax")
    theirs = town.case("errand", "water", title="secret of the water", text="secret of the water")
    seal(town.place)
    rows = {"place": "town", "ref": theirs.ref, "level": 0, "number": 0, "code": "none", "key": "none"}
    headers = {"authorization": f"Bearer {bureau.secret}"}
    body = ASK | {"unit": "water", "kind": "errand", "ref": theirs.ref, "channel": "visit", "point": 1}
    asked = 0
    for path, method, operation in operations(schema()):
        url = path.format(**rows)
        if method == "get":
            answer = bureau.client.get(url, headers=headers)
        elif "multipart/form-data" in operation["requestBody"]["content"]:
            answer = send(bureau, str(theirs.ref))
        elif "/hooks/" in path:
            answer = signed(ApiKey.objects.get(), body)
        else:
            answer = bureau.client.post(url, body, content_type="application/json", headers=headers)
        assert b"secret of the water" not in content(answer), url
        assert answer.status_code < 500 and (method == "get" or answer.status_code >= 400), url
        asked += 1
    assert asked > 15
    for path in ("requests", f"requests/{theirs.ref}", f"tokens/{theirs.ref}", "services/errand"):
        for form in ("json", "xml"):
            answer = bureau.client.get(f"/api/open311/v2/{path}.{form}", {"service_request_id": theirs.ref})
            assert b"secret of the water" not in answer.content and answer.status_code in (200, 404)
    assert not Photo.objects.exists()
    after = Case.objects.get()
    assert {f.name: getattr(after, f.attname) for f in Case._meta.concrete_fields} == {
        f.name: getattr(theirs, f.attname) for f in Case._meta.concrete_fields
    }
