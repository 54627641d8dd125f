"""The office's codes: found, printed, replaced, taken down, added; and what a citizen reads at one that is refused."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from leitai.apps.ballots import actions, queries
from leitai.apps.ballots.models import Point
from leitai.apps.ledger.models import Event

from .place import BY, Shan

Door = Callable[[str], Any]
BASE = "https://leitai.example.org"


def text(answer: Any, status: int = 200) -> str:
    """The page, which was answered so."""
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


@pytest.fixture
def office(shan: Shan, at_door: Door) -> Any:
    return at_door("office")


@pytest.fixture
def windows(shan: Shan) -> list[Point]:
    """Six windows of the south in a hall of theirs; the hall comes first."""
    draft = actions.PointDraft
    (hall,) = actions.put_points(
        place=shan.place, drafts=[draft(shan.south, "hall", "大厅", "Hall")], by=BY, now=shan.now
    )
    drafts = [draft(shan.south, "window", f"{n}号", f"Window {n}", hall) for n in range(1, 7)]
    return [hall, *actions.put_points(place=shan.place, drafts=drafts, by=BY, now=shan.now)]


def listed(page: str) -> set[int]:
    """The numbers of the points that a list offers."""
    return {int(number) for number in re.findall(r'name="point" value="(\d+)"', page)}


def signs(page: str) -> list[str]:
    """The codes on the signs of a page, as people read them."""
    return re.findall(r">([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})<", page)


def told_of(point: Point) -> str:
    code = queries.code_of(point)
    return "-".join(code[at : at + 4] for at in range(0, 16, 4))


def scan(shan: Shan, text: str) -> None:
    actions.note_stray(scan=queries.scanned(text), by="anyone", now=shan.now)


# The list


def test_the_list_narrows_by_name_unit_hall_kind_and_state(
    shan: Shan, office: Any, windows: list[Point]
) -> None:
    hall, first, *rest = windows
    actions.retire_point(point=first, by=BY, now=shan.now)
    used = {shan.point.number, hall.number, *(row.number for row in rest)}

    def found(query: str) -> set[int]:
        return listed(text(office.get(f"/shan/office/codes?{query}")))

    assert found("") == used
    assert found("q=window+2") == {rest[0].number}
    assert found("unit=South+Bureau") == found(f"hall={hall.number}") == used - {shan.point.number}
    assert found("kind=hall") == {hall.number}
    assert found("hall=x&kind=x&state=x") == used
    page = text(office.get("/shan/office/codes?state=retired"))
    assert listed(page) == set() and "Window 1" in page and "taken down" in page


def test_the_list_tells_verdicts_and_refused_scans(shan: Shan, office: Any) -> None:
    shan.verdict()
    shan.verdict("satisfied", once="another-0123456789")
    old = shan.code
    actions.rotate_points(points=[shan.point], by=BY, now=shan.now)
    for _ in range(3):
        scan(shan, old)
    scan(shan, "hello")
    page = text(office.get("/shan/office/codes?state=refused"))
    assert listed(page) == {shan.point.number}
    assert "2 verdicts" in page and "old print: <b>3</b>" in page
    assert "1 scan was of a code that belongs to no point here" in page
    one = text(office.get(f"/shan/office/codes/{shan.point.number}"))
    assert "3 · old print" in one and "An old print still hangs somewhere" in one
    assert "No code had a scan refused" in text(office.get("/shan/office/codes?state=refused&q=nobody"))


@pytest.mark.parametrize("name", ["", "north", "leader", "patrol", "inspector", "administrator"])
@pytest.mark.parametrize(
    "path", ["", "/add", "/change?do=retire&point=1", "/print?which=all", ".zip?which=all"]
)
def test_codes_are_the_offices_alone(shan: Shan, at_door: Door, name: str, path: str) -> None:
    answer = at_door(name).get(f"/shan/office/codes{path}")
    assert answer.status_code == (403 if name else 302)
    assert shan.code not in answer.content.decode()


# Replacing and taking down


def ask(office: Any, query: str) -> dict[str, str]:
    """The form that asks whether to do it, as a browser would send it."""
    page = text(office.get(f"/shan/office/codes/change?{query}"))
    assert "The printed code stops working at once." in page
    form = page[page.index('<form method="post" class') :]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form)
    sent: dict[str, Any] = {}
    for name, value in found:
        sent.setdefault(name, []).append(value)
    return sent


def test_codes_are_replaced_after_asking_and_not_twice(shan: Shan, office: Any, windows: list[Point]) -> None:
    _hall, first, second, *_rest = windows
    form = ask(office, f"do=rotate&point={first.number}&point={second.number}")
    done = office.post("/shan/office/codes/change", form)
    assert urlsplit(done["Location"]).path == "/shan/office/codes/print"
    page = text(office.get(done["Location"]))
    assert "2 codes were replaced" in page
    fresh = Point.objects.filter(pk__in=[first.pk, second.pk]).order_by("number")
    assert [row.generation for row in fresh] == [2, 2]
    assert signs(page) == [told_of(row) for row in fresh] != [told_of(first), told_of(second)]
    before = Event.objects.count()
    assert "look again" in text(office.post("/shan/office/codes/change", form), 409)
    assert Event.objects.count() == before


def test_all_codes_of_a_hall_are_replaced_together(shan: Shan, office: Any, windows: list[Point]) -> None:
    form = ask(office, f"do=rotate&which=all&hall={windows[0].number}")
    page = text(office.post("/shan/office/codes/change", form, follow=True))
    assert "7 codes were replaced" in page and len(signs(page)) == 7
    shan.point.refresh_from_db()
    assert shan.point.generation == 1


def test_codes_are_taken_down_after_asking(shan: Shan, office: Any, windows: list[Point]) -> None:
    first = windows[1]
    form = ask(office, f"do=retire&point={first.number}")
    page = text(office.post("/shan/office/codes/change", form, follow=True))
    assert "1 code was taken down." in page and first.number not in listed(page)
    again = office.post("/shan/office/codes/change", form, follow=True)
    assert "Tick codes that are in use first." in text(again)
    assert Event.objects.filter(kind="point.retired").count() == 1


def test_a_code_that_was_replaced_too_often_says_what_to_do(shan: Shan, office: Any) -> None:
    Point.objects.filter(pk=shan.point.pk).update(generation=255)
    form = ask(office, f"do=rotate&point={shan.point.number}")
    page = text(office.post("/shan/office/codes/change", form), 409)
    assert "Take the point down and make a new one." in page


def test_a_point_gets_another_name(shan: Shan, office: Any) -> None:
    path = f"/shan/office/codes/{shan.point.number}"
    page = text(office.post(path, {"name_zh": "总台", "name_en": "Front desk"}, follow=True))
    assert "new name" in page and "Front desk" in page
    assert "A point has a name" in text(office.post(path, {"name_zh": " "}), 409)
    assert office.get("/shan/office/codes/999").status_code == 404


# Adding


def test_a_point_is_added_by_form(shan: Shan, office: Any, windows: list[Point]) -> None:
    form = {
        "unit": "North Bureau · north",
        "kind": "window",
        "name_zh": "<九号>",
        "hall": str(windows[0].number),
    }
    done = office.post("/shan/office/codes/add", form, follow=True)
    page = text(done)
    row = Point.objects.get(name_zh="<九号>")
    assert (row.unit, row.hall) == (shan.north, windows[0])
    assert "&lt;九号&gt;" in page and "<九号>" not in page and signs(page) == [told_of(row)]
    for wrong, told in (
        ({"unit": "nobody"}, "No unit is called"),
        ({"name_zh": ""}, "A point has a name"),
        ({"hall": "999"}, "not in use"),
        ({"kind": "door"}, "A point is one of"),
    ):
        page = text(office.post("/shan/office/codes/add", form | wrong), 409)
        assert told in page
    assert Point.objects.filter(name_zh__contains="九").count() == 1


def test_every_unit_without_a_code_gets_one_after_they_were_counted(shan: Shan, office: Any) -> None:
    page = text(office.get("/shan/office/codes/add?every=1"))
    assert "1 unit has no code in use: South Bureau" in page
    done = office.post("/shan/office/codes/add", {"every": "1", "unit": ""}, follow=True)
    assert "1 code is there to be printed." in text(done)
    row = Point.objects.get(unit=shan.south)
    assert (row.kind, row.name_en) == ("unit", "South Bureau")
    assert "Every unit meant has a code in use." in text(office.get("/shan/office/codes/add?every=1"))


# Printing


def test_sheets_hold_four_stickers_or_one_poster(shan: Shan, office: Any, windows: list[Point]) -> None:
    page = text(office.get(f"/shan/office/codes/print?which=all&hall={windows[0].number}"))
    assert signs(page) == [told_of(row) for row in windows]
    assert [part.count("<svg xmlns") for part in page.split('<section class="sheet sticker">')[1:]] == [4, 3]
    posters = text(office.get(f"/shan/office/codes/print?point={windows[1].number}&size=poster"))
    assert signs(posters) == [told_of(windows[1])] and posters.count('<section class="sheet poster">') == 1
    none = office.get("/shan/office/codes/print", follow=True)
    assert "Tick codes that are in use first." in text(none)


def test_more_sheets_than_a_browser_likes_come_on_several_pages(shan: Shan, office: Any) -> None:
    drafts = [actions.PointDraft(shan.south, "window", str(n)) for n in range(60)]
    actions.put_points(place=shan.place, drafts=drafts, by=BY, now=shan.now)
    path = "/shan/office/codes/print?which=all&unit=south&size=poster"
    first, second = text(office.get(path)), text(office.get(f"{path}&page=2"))
    assert (len(signs(first)), len(signs(second))) == (50, 10)
    assert "codes 1 to 50 of 60" in first
    assert not set(signs(first)) & set(signs(second))


def test_codes_lead_to_the_address_that_is_set_whatever_the_page_was_opened_by(
    shan: Shan, office: Any, settings: Any
) -> None:
    path = f"/shan/office/codes/print?point={shan.point.number}"
    settings.PUBLIC_URL = ""
    page = text(office.get(path))
    assert f"http://testserver/b/{shan.code}" in page and "LEITAI_PUBLIC_URL" in page
    settings.PUBLIC_URL = BASE
    page = text(office.get(path))
    assert "testserver" not in page and "LEITAI_PUBLIC_URL" not in page
    assert "leitai.example.org/b/" in page
    one = text(office.get(f"/shan/office/codes/{shan.point.number}"))
    assert f'href="{BASE}/b/{shan.code}"' in one


def test_the_chosen_signs_come_as_a_zip(shan: Shan, office: Any, windows: list[Point], settings: Any) -> None:
    settings.PUBLIC_URL = BASE
    answer = office.get(f"/shan/office/codes.zip?which=all&hall={windows[0].number}")
    assert answer.status_code == 200 and 'filename="codes-shan.zip"' in answer["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == 7 and archive.namelist()[1] == f"south/{windows[1].number}-1号.svg"
    assert office.get("/shan/office/codes.zip").status_code == 302


def test_a_name_cannot_bring_markup_into_a_sheet(shan: Shan, office: Any) -> None:
    form = {"name_zh": '"><script>x</script>', "name_en": ""}
    office.post(f"/shan/office/codes/{shan.point.number}", form)
    page = text(office.get("/shan/office/codes/print?which=all"))
    assert "<script>" not in page and "&lt;script&gt;" in page
    assert " style=" not in page


# What the citizen reads


def test_a_replaced_code_says_so_and_leads_on(shan: Shan, at_door: Door) -> None:
    actions.rotate_points(points=[shan.point], by=BY, now=shan.now)
    page = text(at_door("").get(f"/b/{shan.code}?lang=en"), 410)
    assert "replaced by a newer one" in page and "Scan the newer code at the window" in page
    assert 'href="/shan/u/north"' in page and 'href="/r/?lang=en"' in page and 'href="/shan/"' in page
    assert "fake" not in page


def test_a_code_taken_down_promises_no_newer_one(shan: Shan, at_door: Door) -> None:
    actions.retire_point(point=shan.point, by=BY, now=shan.now)
    page = text(at_door("").get(f"/b/{shan.code}?lang=en"), 410)
    assert "has been taken down" in page and "newer" not in page and 'href="/shan/u/north"' in page


@pytest.mark.parametrize("spoil", ["forged", "nonsense"])
def test_a_code_that_is_none_of_ours_warns_of_a_fake(shan: Shan, at_door: Door, spoil: str) -> None:
    code = shan.code[:-1] + ("0" if shan.code[-1] != "0" else "1") if spoil == "forged" else "hello"
    page = text(at_door("").get(f"/b/{code}?lang=en"), 404)
    assert "it may be a fake" in page and "tell the supervision office" in page
    assert 'href="/r/?lang=en"' in page and 'href="/"' in page
    event = Event.objects.order_by("-id").first()
    assert (event.kind, event.place) == ("code.refused", shan.place)
    assert event.subject == (f"point:{shan.point.number}" if spoil == "forged" else "place:shan")
