"""The citizen's pages: light, without a script, each verdict once, and no form that breaks anything."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import warnings
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from .place import BY, RULES, Shan, found

KEY = "a-key-of-a-form-drawn"
EN = {"accept-language": "en"}
FORM = "application/x-www-form-urlencoded"
LETTERS = "[\u3400-\u9fff]"


def text(answer: Any) -> str:
    return answer.content.decode()


def press(code: str, grade: str = "dissatisfied", once: str = KEY, **more: Any) -> Any:
    """The form of the page behind a code, sent."""
    return Client(headers=EN | more).post(f"/b/{code}", {"grade": grade, "once": once})


def whole(shan: Shan) -> bool:
    """Whether every verdict of the place is in its log as it was given."""
    from leitai.apps.ballots import queries

    return set(queries.check(shan.place)) <= {None}


# --- the page -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("grades", "buttons"), [("two", 2), ("five", 5)])
@pytest.mark.parametrize("manner", ["?lang=zh", "?lang=en&big=1"])
@pytest.mark.django_db
def test_the_grades_are_those_of_the_rule_book_and_the_page_is_light(
    grades: str, buttons: int, manner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.pages.place.RULES", RULES.replace("grades: two", f"grades: {grades}"))
    shan = found()
    answer = Client(headers={"accept-encoding": "gzip"}).get(f"/b/{shan.code}{manner}")
    page = gzip.decompress(answer.content).decode()
    assert len(re.findall(r'<button name="grade"', page)) == buttons
    assert set(re.findall(r'<input type="(\w+)" name="(\w+)"', page)) <= {
        ("hidden", "once"),
        ("hidden", "lang"),
        ("hidden", "big"),
    }
    assert not answer.cookies and " style=" not in page
    files = [finders.find(name) for name in re.findall(r'(?:href|src)="/static/([^"]+)"', page)]
    assert len(answer.content) + sum(len(open(one, "rb").read()) for one in files) < 20_000  # noqa: PTH123, SIM115
    assert bool(re.search(LETTERS, page.partition("<main>")[2])) is ("zh" in manner)


def test_only_what_the_page_brings_along_is_run_or_styled(shan: Shan) -> None:
    for path in (f"/b/{shan.code}", "/r/check", f"/r/{shan.verdict().receipt}"):
        answer = Client().get(path)
        carried = re.findall(r"<(style|script)>(.*?)</\1>", text(answer), re.DOTALL)
        assert carried[0][0] == "style" and text(answer).count("<script") == len(carried) - 1
        for _, inside in carried:
            digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in answer["Content-Security-Policy"]
        assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_a_script_is_answered_in_json_and_the_same_key_is_the_same_verdict(shan: Shan) -> None:
    from leitai.apps.ballots.models import Ballot

    first, second = (press(shan.code, accept="application/json") for _ in range(2))
    assert first.status_code == second.status_code == 201
    told = first.json()
    assert told == second.json() == {"receipt": Ballot.objects.get().receipt, "url": f"/r/{told['receipt']}"}
    refused = press(shan.code, "splendid", "another-key-of-a-form", accept="application/json")
    assert refused.status_code == 422
    assert refused.json()["code"] == "unknown-grade" and "splendid" in refused.json()["error"]


def test_a_ticket_is_good_for_one_verdict_and_then_leads_to_receipts(shan: Shan) -> None:
    from leitai.apps.ballots import actions, queries
    from leitai.apps.ballots.actions import TicketAsk

    asks = [TicketAsk(shan.point.number, "visit", ref) for ref in ("A-1", "A-2")]
    long_ago = shan.now - timedelta(days=90)
    used, fresh = actions.issue_tickets(place=shan.place, asks=asks, by=BY, now=shan.now)
    (old,) = actions.issue_tickets(
        place=shan.place, asks=[TicketAsk(shan.point.number, "visit", "A-0")], by=BY, now=long_ago
    )
    tokens = [queries.token_of(one) for one in (used, old)]
    assert "One visit, one verdict" in text(Client(headers=EN).get(f"/b/{tokens[0]}"))
    first = press(tokens[0])
    assert first.status_code == 303
    assert press(tokens[0])["Location"] == first["Location"], "the same form again is the same verdict"
    for token, word, status in ((tokens[0], "already", 409), (tokens[1], "expired", 410)):
        for answer in (Client(headers=EN).get(f"/b/{token}"), press(token, once="x" * 20)):
            assert answer.status_code == status
            assert word in text(answer) and 'href="/r/"' in text(answer)
    shan.point.tickets.filter(pk=fresh.pk).delete()
    assert Client().get(f"/b/{queries.token_of(fresh)}").status_code == 404
    assert press(queries.token_of(fresh), once="y" * 20).status_code == 404


def test_where_a_verdict_came_from_is_kept_as_digests_alone(shan: Shan) -> None:
    from leitai.apps.ballots.models import Ballot

    places = (("10.1.2.3", "A"), ("10.1.2.77", "A"), ("10.1.9.3", "A"), ("10.1.2.3", "B"))
    for n, (address, agent) in enumerate(places):
        form = {"grade": "satisfied", "once": f"once-{n:015d}"}
        Client(REMOTE_ADDR=address, headers={"user-agent": agent}).post(f"/b/{shan.code}", form)
    rows = list(Ballot.objects.order_by("pk").values_list("network", "device"))
    networks, devices = ([row[at] for row in rows] for at in (0, 1))
    assert networks[0] == networks[1] == networks[3] != networks[2]
    assert len(set(devices)) == 4 and "" not in devices + networks
    assert not any("10.1" in one for one in devices + networks)


def test_a_code_that_was_refused_leaves_a_trace(shan: Shan) -> None:
    from leitai.apps.ballots.models import Stray

    forged = shan.code[:-1] + ("0" if shan.code[-1] != "0" else "1")
    Client().head(f"/b/{forged}")
    assert not Stray.objects.exists()
    Client().get(f"/b/{forged}")
    press(forged)
    assert Stray.objects.get().count == 2
    press(forged, accept="application/json")
    assert Stray.objects.get().count == 3


# --- what is no form ------------------------------------------------------------------------------

BAD_FORMS = {
    "unknown grade": (FORM, b"grade=splendid&once=" + KEY.encode(), 422),
    "no grade": (FORM, b"once=" + KEY.encode(), 400),
    "short key": (FORM, b"grade=satisfied&once=short", 400),
    "null bytes": (FORM, b"grade=satisfied&once=" + b"%00" * 20, 400),
    "broken UTF-8 in the grade": (FORM, b"grade=satisfied%FF%FE&once=" + KEY.encode(), 400),
    "broken UTF-8 beside it": (FORM, b"grade=satisfied&lang=%C3%28&once=" + KEY.encode(), 400),
    "another encoding": (f"{FORM}; charset=gbk", b"grade=satisfied&once=" + KEY.encode(), 400),
    "ten megabytes of text": (FORM, b"grade=satisfied&once=" + b"x" * (10 << 20), 413),
    "a form of many fields": (FORM, b"a=1&" * 3000 + b"grade=satisfied", 400),
    "no form": ("application/json", b'{"grade": "satisfied"}', 400),
    "half a form": ("multipart/form-data", b"--", 400),
}


@pytest.mark.parametrize("name", BAD_FORMS)
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_form_that_cannot_be_read_is_refused_in_words(shan: Shan, name: str, accept: str) -> None:
    from leitai.apps.ballots.models import Ballot

    kind, body, status = BAD_FORMS[name]
    answer = Client(headers=EN | {"accept": accept}).generic("POST", f"/b/{shan.code}", body, kind)
    assert answer.status_code == status
    if accept == "application/json":
        assert answer.json()["error"]
    else:
        assert "<h1>" in text(answer) and not re.search(LETTERS, text(answer).partition("<main>")[2])
    assert not Ballot.objects.exists()
    assert press(shan.code).status_code == 303
    assert whole(shan)


def test_what_is_added_is_refused_in_words_where_it_cannot_be_kept(shan: Shan) -> None:
    from leitai.apps.ballots.models import Words

    url = f"/r/{shan.verdict().receipt}?lang=en"
    too_big = b"\xff\xd8" + b"x" * (10 << 20)
    photos = {"notes.txt": (b"no picture", 415), "a.heic": (b"\0\0\0\x18ftypheic" + bytes(99), 415)}
    photos |= {"big.jpg": (too_big, 413), "huge.jpg": (too_big * 2, 413), "wide.png": (_png(8000, 7000), 413)}
    refused = [
        ({"photo": _file(name, data), "words": "an hour"}, status) for name, (data, status) in photos.items()
    ]
    refused += [({"words": "x" * 2001}, 422), ({"words": "x" * (10 << 20)}, 413), ({"words": "a\0b"}, 400)]
    refused += [({"phone": "ask my neighbour", "reason": "slow"}, 422)]
    for form, status in refused:
        answer = Client().post(url, form)
        assert answer.status_code == status, form.keys()
        if status in (415, 422) and "words" in form:
            assert f">{form['words']}</textarea>" in text(answer), "what was typed is not lost"
    assert 'value="slow" checked' in text(answer)
    assert not Words.objects.exists()
    good = shan.verdict("satisfied", "another-key-of-a-form")
    assert Client().post(f"/r/{good.receipt}", {"words": "fine"}).status_code == 409
    assert Client().post(url, {"words": "line\r\n" * 300}).status_code == 303
    assert whole(shan)


# --- the photo ------------------------------------------------------------------------------------


def _file(name: str, data: bytes) -> BytesIO:
    file = BytesIO(data)
    file.name = name
    return file


def _png(width: int, height: int) -> bytes:
    out = BytesIO()
    Image.new("1", (width, height)).save(out, "PNG")
    return out.getvalue()


def _photo(kind: str = "JPEG", size: tuple[int, int] = (2400, 1200)) -> bytes:
    """A photo that lies on its side, red at its upper end, full of what a telephone writes into it."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 4, size[1]))
    exif = image.getexif()
    exif[0x0112], exif[0x010F], exif[0x0132] = 6, "SECRET phone", "2024:04:10 10:00:00"
    exif.get_ifd(0x8825)[1], exif.get_ifd(0x8825)[2] = "N", (36.0, 30.0, 12.0)
    more = {"comment": b"SECRET note", "icc_profile": b"SECRET" * 30} if kind == "JPEG" else {}
    out = BytesIO()
    image.save(out, kind, exif=exif, xmp=b"<x>SECRET place</x>", **more)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_a_photo_is_kept_upright_small_and_without_where_it_was_taken(shan: Shan, kind: str) -> None:
    from leitai.apps.ballots import queries
    from leitai.apps.ballots.models import Words

    data, ballot = _photo(kind), shan.verdict()
    assert b"SECRET" in data and queries.photo(ballot) is None
    assert Client().post(f"/r/{ballot.receipt}", {"photo": _file("me-at-home.jpg", data)}).status_code == 303
    kept = queries.photo(ballot)
    assert kept is not None
    image = Image.open(BytesIO(kept))
    assert (image.format, image.size) == ("JPEG", (800, 1600))
    assert not image.getexif() and b"SECRET" not in kept and b"Exif" not in kept
    red, _, blue = image.getpixel((400, 100))
    assert red > 200 and blue < 80, "turned upright: its left side is now at the top"
    sealed = bytes(Words.objects.get().photo)
    assert kept not in sealed and b"JFIF" not in sealed
    assert whole(shan)


@given(data=st.data())
def test_no_file_breaks_what_makes_photos_anew(data: st.DataObject) -> None:
    from leitai.rules.kernel import Finding
    from leitai.ui.photos import made_anew

    whole_one = bytearray(
        data.draw(st.sampled_from([_photo("JPEG", (64, 48)), _photo("WEBP", (64, 48)), _png(64, 48)]))
    )
    for at, byte in data.draw(
        st.lists(st.tuples(st.integers(0, len(whole_one) - 1), st.integers(0, 255)), max_size=9)
    ):
        whole_one[at] = byte
    with warnings.catch_warnings(action="ignore"):
        found = made_anew(bytes(whole_one[: data.draw(st.integers(0, len(whole_one)))]))
    assert isinstance(found, Finding) or Image.open(BytesIO(found)).format == "JPEG"


# --- the receipt ----------------------------------------------------------------------------------


def test_a_receipt_tells_the_day_and_never_the_hour(shan: Shan) -> None:
    ballot = shan.verdict()
    page = text(Client().get(f"/r/{ballot.receipt}?lang=en"))
    main = page.partition("<main>")[2]
    assert (
        f'You gave your verdict: Dissatisfied<time datetime="{shan.now.astimezone(shan.place.zone):%Y-%m-%d}">'
        in main
    )
    assert ballot.receipt in main and 'aria-label="QR code of this receipt"><svg' in main
    assert not re.search(r"\d\d:\d\d", main)
    assert len(gzip.compress(page.encode())) < 20_000


def set_aside(shan: Shan, once: str = KEY) -> Any:
    """A bad verdict of the place that a caller doubted and a reviewer set aside."""
    from leitai.apps.ballots import actions
    from leitai.apps.ballots.queries import verification

    ballot = shan.verdict(once=once)
    actions.draw_caller(ballot=ballot, candidates=["patrol"], seed=b"1", by="drive", now=shan.now)
    caller, office = "account:patrol", "account:office"
    said = "The caller says it was pressed by mistake"
    actions.finish_call(ballot=ballot, outcome="mistaken", reason=said, by=caller, now=shan.now)
    (review,) = verification.reviews_of(ballot)
    why = "Pressed by mistake, as the citizen told the caller"
    return actions.decide(review=review, granted=True, reason=why, rule="rule 12", by=office, now=shan.now)


def test_a_citizen_objects_once_and_reads_what_was_decided(shan: Shan) -> None:
    from leitai.apps.ballots import actions
    from leitai.apps.ballots.queries import verification

    heard = set_aside(shan)
    url = f"/r/{heard.receipt}?lang=en"
    page = text(Client().get(url))
    assert (
        "was set aside: it does not count" in page and "(rule 12)" in page and "You may object once" in page
    )
    assert "<textarea" in page and 'type="file"' not in page
    form = {"do": "object", "words": "I did mean it: nobody was there for an hour"}
    for words in ("", "收到", "x" * 2001):
        assert Client().post(url, form | {"words": words}).status_code == 422
    assert Client().post(url, form).status_code == 303
    assert Client().post(url, form).status_code == 409
    page = text(Client().get(url))
    assert "You objected: a second person decides. Until then your verdict does not count." in page
    assert "<textarea" not in page and "nobody was there" not in page
    review = verification.reviews_of(heard)[-1]
    why = "The visit is on record and the window was empty"
    actions.decide(review=review, granted=True, reason=why, rule="rule 14", by="account:leader", now=shan.now)
    page = text(Client().get(url))
    assert "Your verdict was found true." in page and why in page and "it counts again" in page


# --- the proof ------------------------------------------------------------------------------------


def test_a_receipts_proof_is_read_saved_and_holds(shan: Shan) -> None:
    from leitai.apps.ledger import log
    from leitai.rules.ballots import check_receipt, read_proof
    from leitai.rules.ledger import read_note

    rows = [shan.verdict(once=f"once-{n:015d}") for n in range(6)]
    page, proof = f"/r/{rows[4].receipt}?lang=en", f"/r/{rows[4].receipt}/proof?lang=en"
    assert "signed within ten minutes" in text(Client().get(page))
    assert "not signed yet" in text(Client().get(proof))
    kept = log.publish(shan.place, now=shan.now)
    assert kept is not None
    assert "leaf 4 of the public log, under its signed head of size 6" in text(Client().get(page))
    answer = Client().get(f"/r/{rows[4].receipt}/proof.json")
    assert "attachment" in answer["Content-Disposition"]
    document = json.loads(answer.content)
    read, (note, _) = read_proof(document), read_note(kept.note)
    assert check_receipt(read, receipt=rows[4].receipt, head=note) == ()
    shown = text(Client().get(proof))
    assert all(one in shown for one in (*document["path"], document["root"], document["leaf"].split("\n")[6]))
    assert (
        shown.count("left: leaves") == 1
        and "left: leaves 0 to 3" in shown
        and "right: leaves 5 to 5" in shown
    )
    smaller = json.loads(Client().get(f"/r/{rows[4].receipt}/proof.json?size=5").content)
    assert smaller["size"] == 5 and check_receipt(read_proof(smaller)) == ()
    for path in (
        f"/r/{rows[4].receipt}/proof.json?size=4",
        f"/r/{rows[4].receipt}/proof.json?size=seven",
        "/r/0000-0000-0000-0000-0/proof.json",
        "/r/0000-0000-0000-0000-0/proof",
    ):
        assert Client().get(path).status_code == 404
