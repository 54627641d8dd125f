"""What somebody with ill will types, sends and uploads at the doors of cases, and what each meets."""

from __future__ import annotations

import json
import logging
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from struct import pack
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from PIL import Image

from leitai.apps.casework import actions
from leitai.apps.casework.models import Case, Clock, Photo, Slip
from leitai.apps.ledger.models import Event
from leitai.apps.outbox import actions as outbox
from leitai.apps.outbox.models import TELLS, Message
from leitai.drive.engine import run_until_idle
from tests.apps.test_photos import SOUTH_WEST, shot

from .place import BY, Shan
from .test_report import ONE, form, named

Door = Callable[[str], Any]
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"
PHONE, NAME = "13800138000", "Wang Xiaomei"
URL = "/shan/problem"


@pytest.fixture(autouse=True)
def rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rule-book with a kind for the public."""
    monkeypatch.setattr("tests.pages.place.RULES", ONE)


@pytest.fixture
def citizen() -> Iterator[Client]:
    """A telephone on a network that no other test uses."""
    from leitai.apps.casework import brake

    brake._brake._counts.clear()
    yield Client(headers={"accept-language": "en"}, REMOTE_ADDR="10.99.0.7")
    brake._brake._counts.clear()


def everything() -> str:
    """All that any table of the database holds, but what is sealed or a picture."""
    found = []
    for model in apps.get_models():
        for row in model._base_manager.values():
            found += [
                bytes(one).decode("latin-1") if isinstance(one, bytes | memoryview) else str(one)
                for one in row.values()
            ]
    return "\n".join(found)


def test_who_reported_stands_nowhere_in_clear(
    shan: Shan, citizen: Client, at_door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    draft = outbox.ChannelDraft("All of it", tuple(TELLS), address="li@office.example")
    outbox.add_channel(place=shan.place, unit=None, kind="mail", draft=draft, by=BY, now=shan.now)
    answer = citizen.post(URL, form(name=NAME, phone=PHONE))
    assert answer.status_code == 303
    case = Case.objects.get(kind="street")
    now = case.opened_at
    for move, role, more in (
        ("dispatch", "office", {"unit": "north"}),
        ("answer", "unit", {"done": "The lamp was replaced"}),
        ("close", "office", {"evidence": "Seen on the spot"}),
    ):
        case = actions.move_case(case=case, move=move, role=role, form=more, by=f"account:{role}", now=now)
    run_until_idle(shan.place, now=now)
    assert Message.objects.filter(kind="case.closed").exists()
    pages = [
        at_door(who).get(url).content.decode()
        for who in ("", "north", "office", "leader", "inspector", "patrol")
        for url in (
            f"/shan/c/{case.ref}",
            f"/shan/c/{case.ref}/sheet",
            "/shan/u/north",
            "/shan/log",
            "/shan/",
        )
    ]
    for where in (everything(), caplog.text, *pages):
        assert PHONE not in where and NAME not in where
    assert case.reporter.sealed, "and it is kept"


def test_the_ledger_holds_digests_that_nobody_can_guess_the_words_from(shan: Shan) -> None:
    from leitai.rules.ledger import canonical, digest

    cases = [shan.question(f"Q{n}") for n in range(2)]
    for case in cases:
        actions.move_case(
            case=case, move="answer", role="unit", form={"done": "Pump fixed"}, by=BY, now=shan.now
        )
    kept = [json.loads(row.data)["words"] for row in Event.objects.filter(kind="case.answered")]
    assert len(set(kept)) == 2 and all(len(one) == 64 for one in kept), (
        "the same words twice do not show as such"
    )
    assert digest(canonical({"done": "Pump fixed"})) not in kept


def test_words_are_words_on_every_page(shan: Shan, at_door: Door) -> None:
    case = shan.question(SCRIPT, minutes_ago=60)
    Case.objects.filter(pk=case.pk).update(text=SCRIPT, where=SCRIPT)
    Slip.objects.create(
        place=shan.place, case=case, clock=Clock.objects.get(case=case), rung=1, colour="red", to="leader",
        unit=shan.north, at=shan.now,
    )  # fmt: skip
    actions.tick_clocks(place=shan.place, by="drive", now=shan.now)
    asked = actions.ask(
        case=case,
        kind="help",
        text=SCRIPT,
        to_unit=shan.south,
        unit=shan.north,
        by="account:north",
        now=shan.now,
    )
    slip = Slip.objects.get()
    walked = {
        "north": (
            "/shan/desk",
            f"/shan/c/{case.ref}",
            f"/shan/c/{case.ref}/sheet",
            f"/shan/c/{case.ref}/answer",
        ),
        "south": ("/shan/desk", f"/shan/c/{case.ref}"),
        "office": ("/shan/office?queue=overdue", "/shan/office?queue=open", "/shan/office?queue=requests"),
        "leader": ("/shan/slips", f"/shan/slips/{slip.pk}", "/shan/breaches?period=all"),
        "": ("/shan/u/north", "/shan/", f"/shan/ask/firm/{shan.secret}"),
    }
    shown = 0
    for who, urls in walked.items():
        for url in urls:
            page = at_door(who).get(url)
            assert page.status_code == 200, url
            text = page.content.decode()
            assert "<script>alert" not in text and "<img src=x" not in text, url
            shown += "alert(1)" in text
    assert shown >= 8 and asked.state == "open"


@pytest.mark.parametrize("size", [3_000_000, 10_000_000])
def test_a_flood_of_text_is_turned_away_before_it_is_read(
    shan: Shan, at_door: Door, citizen: Client, size: int
) -> None:
    flood = "x" * size
    case = shan.question("Q")
    for client, url, body in (
        (at_door("north"), f"/shan/c/{case.ref}/move", {"move": "answer", "done": flood}),
        (at_door("north"), f"/shan/c/{case.ref}/ask", {"kind": "help", "text": flood}),
        (at_door("office"), "/shan/c/new", {"title": flood, "text": flood}),
        (citizen, f"/shan/ask/firm/{shan.secret}", {"title": flood}),
        (citizen, URL, form(what=flood)),
    ):
        answer = client.post(
            url, "&".join(f"{k}={v}" for k, v in body.items()), "application/x-www-form-urlencoded"
        )
        assert answer.status_code in (400, 413), url
    many = "&".join(f"a{n}=1" for n in range(100_000))
    answer = at_door("north").post(f"/shan/c/{case.ref}/move", many, "application/x-www-form-urlencoded")
    assert answer.status_code == 400
    assert Case.objects.count() == 1 and case.steps.count() == 1


def test_what_is_typed_is_cut_to_what_a_page_can_hold(shan: Shan, at_door: Door) -> None:
    case = shan.question("Q")
    at_door("north").post(
        f"/shan/c/{case.ref}/move", {"move": "answer", "done": "The pump was replaced. " * 40_000}
    )
    assert len(case.steps.get(move="answer").form["done"]) <= 5000


def bomb(width: int, height: int) -> bytes:
    """A PNG of few bytes that unfolds to so many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))

    head = pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (bomb(60_000, 60_000), 413),
        (bomb(20_000, 20_000), 413),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * (11 << 20), 413),
        (b"GIF89a" + b"\0" * 400, 415),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", 415),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", 415),
    ],
)
def test_what_unfolds_or_is_no_photo_is_refused_with_the_whole_form(
    shan: Shan, citizen: Client, data: bytes, status: int
) -> None:
    assert citizen.post(URL, form(photo=named(data))).status_code == status
    assert not Case.objects.exists() and not Photo.objects.exists()


def test_a_photo_that_is_two_files_at_once_is_kept_as_one_without_where_it_was_taken(
    shan: Shan, citizen: Client
) -> None:
    page = b"<html><script>alert(1)</script></html>PK\x03\x04"
    sent = shot(at="2024:04:10 10:00:00", spot=SOUTH_WEST) + page
    assert citizen.post(URL, form(photo=named(sent))).status_code == 303
    (kept,) = Photo.objects.all()
    picture = bytes(kept.picture)
    assert b"script" not in picture and b"PK\x03\x04" not in picture and b"Exif" not in picture
    assert (kept.latitude, kept.longitude, kept.taken_at) == (None, None, None)
    with Image.open(BytesIO(picture)) as opened:
        assert opened.format == "JPEG" and not opened.getexif()
    code = Case.objects.get().tracking
    answer = citizen.get(f"/shan/track/{code}/photo/{kept.pk}")
    assert answer["Content-Type"] == "image/jpeg" and answer["X-Content-Type-Options"] == "nosniff"


def test_a_code_cannot_be_guessed_nor_taken_to_another_place_or_case(shan: Shan, citizen: Client) -> None:
    citizen.post(URL, form())
    case = Case.objects.get()
    assert case.tracking and len(case.tracking) == 16, "eighty bits of chance"
    for code in (
        case.tracking[:-1],
        case.tracking[:-1] + ("A" if case.tracking[-1] != "A" else "B"),
        case.ref,
        "%25",
    ):
        assert citizen.get(f"/shan/track/{code}").status_code == 404
    other = shan.question("secret of the south", unit=shan.south)
    photo = actions.add_photo(case=other, data=shot(), by=BY, now=shan.now)
    assert citizen.get(f"/shan/track/{case.tracking}/photo/{photo.pk}").status_code == 404
    assert case.tracking not in "".join(Event.objects.values_list("data", flat=True))
