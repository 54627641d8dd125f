"""The wall's pages: what each tile says and as of when, who may look, what a red item leads to, screens by key."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from leitai.apps.ledger import queries as ledger
from leitai.apps.ledger import sealing
from leitai.apps.projects.models import Project
from leitai.intake import walls
from leitai.web.wall import boundaries, geometry, screens, tiles

from .place import BY, Shan

WALL = "/shan/wall"
SQUARE = '{"type":"Polygon","coordinates":[[[118,36],[119,36],[119,37],[118,37],[118,36]]]}'


def project(shan: Shan, code: str, light: str = "green", **more: Any) -> Project:
    """A row of the library as the wall reads it."""
    today = shan.now.astimezone(shan.place.zone).date()
    values = {
        "name": f"Works {code}",
        "unit": shan.north,
        "stage": "building",
        "stage_since": today,
        "light": light,
        "slip": 40 if light == "red" else 0,
        "judged_on": today,
        "planned": Decimal(10**8),
        "longitude": 118.5,
        "latitude": 36.5,
        "added_at": shan.now,
    }
    return Project.objects.create(place=shan.place, code=code, **(values | more))


def hung(shan: Shan, name: str = "Hall") -> str:
    """The address of a screen that was hung up."""
    from leitai.web.wall.actions import open_screen

    key = open_screen(place=shan.place, key="0123456789", name=name, by=BY, now=shan.now)
    return f"{WALL}/s/{screens.token(shan.place, key)}"


def part(html: str, key: str) -> str:
    """A tile out of the whole wall."""
    found = re.search(
        rf'<section class="tile tile-{key}.*?</section>\s*(?=<section class="tile|</main>)', html, re.DOTALL
    )
    assert found, key
    return found[0]


def test_every_tile_says_as_of_when_and_from_where(shan: Shan, at_door: Callable[[str], Any]) -> None:
    html = at_door("leader").get(WALL).content.decode()
    for key in tiles.KEYS:
        one = part(html, key)
        assert "As of" in one and 'class="tile-from"' in one and "data-fresh=" in one, key


def test_the_wall_carries_no_script_or_style_of_its_own_and_says_so(
    shan: Shan, at_door: Callable[[str], Any]
) -> None:
    project(shan, "P1", "red")
    answer = at_door("leader").get(WALL)
    html = answer.content.decode()
    assert "style=" not in html and not re.search(r"<script(?![^>]* src=)", html)
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["", "/tile/map", "/pulse", "/owed?about=case:1"])
def test_only_those_who_may_see_the_wall_see_it(shan: Shan, at_door: Callable[[str], Any], path: str) -> None:
    assert at_door("").get(WALL + path).status_code == 302
    assert at_door("north").get(WALL + path).status_code == 403


def test_projects_stand_by_light_and_sum(shan: Shan, at_door: Callable[[str], Any]) -> None:
    project(shan, "P1", "red", planned=Decimal(3 * 10**9))
    project(shan, "P2", "green")
    project(shan, "P3", "green", longitude=None, latitude=None)
    html = part(at_door("leader").get(WALL).content.decode(), "map")
    assert '<li class="lamp red">' in html and '<li class="lamp green">' in html
    assert "3bn yuan" in html.replace(" ", "").replace("bnyuan", "bn yuan") or "3 bn yuan" in html
    assert html.count('<g class="mark red">') == 1 and html.count('<g class="mark green">') == 1
    assert "1 project has no point" in html and "no outlines are kept" in html


def test_outlines_are_drawn_where_a_place_keeps_them(shan: Shan, at_door: Callable[[str], Any]) -> None:
    project(shan, "P1")
    project(shan, "P2", longitude=10.0, latitude=10.0)
    path = boundaries.path_of(shan.place)
    try:
        boundaries.keep(shan.place, SQUARE)
        html = part(at_door("leader").get(WALL).content.decode(), "map")
    finally:
        path.unlink()
    assert html.count('<path d="M') == 1 and "1 lies beyond the map" in html
    html = part(at_door("leader").get(WALL).content.decode(), "map")
    assert '<g class="areas"></g>' in html


NO_OUTLINES = (
    "",
    "{}",
    "[1]",
    '{"type":"Polygon","coordinates":[[[500,1]]]}',
    '{"type":"Polygon","coordinates":[[["a",1]]]}',
    '{"type":"Point","coordinates":[1,2]}',
)


@pytest.mark.parametrize("text", NO_OUTLINES)
def test_what_is_no_outline_is_not_kept(shan: Shan, text: str) -> None:
    with pytest.raises(geometry.OutlineError):
        boundaries.keep(shan.place, text)
    assert not boundaries.path_of(shan.place).exists()


def test_ten_times_as_many_projects_are_as_heavy_a_picture(shan: Shan, at_door: Callable[[str], Any]) -> None:
    today = shan.now.date()
    rows = [
        Project(place=shan.place, code=f"Q{n}", name=f"Q{n}", stage="building", stage_since=today,
                light="red" if n % 50 == 0 else "green", longitude=118 + n % 97 / 97, latitude=36 + n % 89 / 89,
                planned=Decimal(n), added_at=shan.now)
        for n in range(1500)
    ]  # fmt: skip
    Project.objects.bulk_create(rows)
    html = part(at_door("leader").get(WALL).content.decode(), "map")
    marks = re.findall(r'<g class="mark (\w+)">.*?</g>', html, re.DOTALL)
    told = sum(int(n) for n in re.findall(r"<title>(\d+) projects", html)) + len(
        re.findall(r"<title>Q\d+", html)
    )
    assert len(marks) < 700 and told == 1500
    assert marks == sorted(marks)  # green, then red: no red one is hidden under a green one


def test_a_red_item_leads_at_once_to_what_its_owner_said(shan: Shan, at_door: Callable[[str], Any]) -> None:
    case = shan.question("Water is cut", minutes_ago=60)
    client = at_door("leader")
    html = part(client.get(WALL).content.decode(), "cases")
    (href,) = re.findall(r'href="([^"]*owed\?about=case[^"]*)"', html)
    page = client.get(href)
    assert page.status_code == 200 and "Water is cut" in page.content.decode()
    assert "North Bureau" in page.content.decode() and f"/c/{case.ref}" in page.content.decode()
    assert "It has promised nothing at a meeting." in page.content.decode()
    assert "<html" not in client.get(href + "&part").content.decode()


def test_only_what_is_overdue_is_red_and_its_holder_is_named(
    shan: Shan, at_door: Callable[[str], Any]
) -> None:
    shan.question("In time")
    shan.question("Too late", minutes_ago=60, unit=shan.south)
    html = part(at_door("leader").get(WALL).content.decode(), "cases")
    assert "Too late" in html and "In time" not in html and "Late: South Bureau" in html


def test_nobody_is_shown_only_because_they_are_last(shan: Shan, at_door: Callable[[str], Any]) -> None:
    html = part(at_door("leader").get(WALL).content.decode(), "arenas")
    assert "No table has been published yet." in html


def test_lights_that_nobody_worked_out_are_shown_grey(shan: Shan, at_door: Callable[[str], Any]) -> None:
    day = shan.now.date() - timedelta(days=9)
    one = project(shan, "P1", judged_on=day, turns_on=day + timedelta(days=1))
    client = at_door("leader")
    assert '<section class="tile tile-map stale"' in client.get(f"{WALL}/tile/map").content.decode()
    Project.objects.filter(pk=one.pk).update(judged_on=shan.now.date(), turns_on=None)
    assert '<section class="tile tile-map"' in client.get(f"{WALL}/tile/map").content.decode()


def test_a_unit_whose_milestone_passed_without_a_word_is_named(
    shan: Shan, at_door: Callable[[str], Any]
) -> None:
    project(shan, "P1", next_on=shan.now.date() - timedelta(days=3), unit=shan.south)
    assert "Late: South Bureau" in part(at_door("leader").get(WALL).content.decode(), "map")


def test_a_pulse_tells_which_tiles_changed_and_no_others(shan: Shan, at_door: Callable[[str], Any]) -> None:
    client = at_door("leader")
    sealing.seal(shan.place)
    before = client.get(f"{WALL}/pulse").json()
    assert set(before["tiles"]) == set(tiles.KEYS)  # who says nothing of what they know is told everything
    assert client.get(f"{WALL}/pulse?after={before['seq']}").json()["tiles"] == []
    shan.verdict()
    sealing.seal(shan.place)
    after = client.get(f"{WALL}/pulse?after={before['seq']}").json()
    assert after["tiles"] == ["verdicts"] and after["seq"] > before["seq"]


def test_every_tile_that_the_stream_names_is_one_and_every_tile_is_named() -> None:
    named = {one for many in walls.TOUCHES.values() for one in many}
    assert named == set(walls.TILES) == set(tiles.KEYS)


def test_a_screen_sees_the_wall_by_its_address_until_it_is_taken_down(
    shan: Shan, at_door: Callable[[str], Any]
) -> None:
    project(shan, "P1", "red")
    shan.question("Water is cut", minutes_ago=60)
    address, nobody, admin = hung(shan), at_door(""), at_door("administrator")
    html = nobody.get(address).content.decode()
    assert "Water is cut" in html and f'data-base="{address}/"' in html
    assert "/shan/c/" not in html and "/shan/t/" not in html  # it leads nowhere that asks for a person
    for path in ("/tile/cases", "/pulse", "/owed?about=project:P1"):
        assert nobody.get(address + path).status_code == 200, path
    listed = admin.get(f"{WALL}/screens").content.decode()
    assert address in listed and "Hall" in listed
    assert admin.post(f"{WALL}/screens", {"end": "0123456789"}).status_code == 302
    for path in ("", "/tile/cases", "/pulse", "/owed?about=project:P1"):
        assert nobody.get(address + path).status_code == 404, path
    kinds = {one.kind for one in ledger.told(shan.place, screens.OPENED, screens.ENDED)}
    assert kinds == {screens.OPENED, screens.ENDED}


@pytest.mark.parametrize("token", ["x", "0123456789-", "0123456789-" + "a" * 32, "-", "0123456789"])
def test_a_guessed_address_is_no_screens(shan: Shan, at_door: Callable[[str], Any], token: str) -> None:
    hung(shan)
    assert at_door("").get(f"{WALL}/s/{token}").status_code == 404


def test_a_screen_of_one_place_sees_nothing_of_another(shan: Shan, at_door: Callable[[str], Any]) -> None:
    from leitai.apps.people import actions as people

    other = people.add_place(
        key="hai", name_zh="海县", name_en="Sea", timezone="Asia/Shanghai", by=BY, now=shan.now
    )
    shan.question("Secret of the mountain", minutes_ago=60)
    address = hung(shan)
    nobody = at_door("")
    assert nobody.get(address.replace("/shan/", "/hai/")).status_code == 404
    assert at_door("leader").get("/hai/wall").status_code == 403
    key = screens.token(other, "0123456789")
    assert nobody.get(f"/hai/wall/s/{key}").status_code == 404  # rightly signed, never hung up
    ticket = walls.ticket(shan.place, shan.now)
    assert walls.read_ticket(ticket, shan.now) == shan.place.pk
    forged = f"{other.pk}{ticket[ticket.index('.') :]}"
    assert walls.read_ticket(forged, shan.now) is None


def test_a_ticket_to_the_stream_ends(shan: Shan) -> None:
    ticket = walls.ticket(shan.place, shan.now)
    assert walls.read_ticket(ticket, shan.now + timedelta(seconds=walls.LIFE - 5)) == shan.place.pk
    assert walls.read_ticket(ticket, shan.now + timedelta(seconds=walls.LIFE + 5)) is None
    for wrong in ("", ".", "1.2.3", "é.é.é", ticket + "0"):
        assert walls.read_ticket(wrong, shan.now) is None


def test_only_who_keeps_keys_hangs_up_screens_and_each_has_a_name(
    shan: Shan, at_door: Callable[[str], Any]
) -> None:
    assert at_door("office").post(f"{WALL}/screens", {"name": "Hall"}).status_code == 403
    admin = at_door("administrator")
    assert (
        "Say where the screen hangs."
        in admin.post(f"{WALL}/screens", {"name": " "}, follow=True).content.decode()
    )
    admin.post(f"{WALL}/screens", {"name": "Hall of the court"})
    (one,) = screens.screens(shan.place)
    assert one.name == "Hall of the court" and screens.hangs(shan.place, screens.token(shan.place, one.key))
