"""The navigation offers each what their post opens, by areas, and marks where they are."""

from __future__ import annotations

import re
from typing import Any

import pytest

from .place import Shan


def nav(page: str) -> tuple[list[str], list[str], str, str]:
    """The areas and the entries that a page offers, and which of each is the present one."""
    found = re.search(r'<nav class="main".*?</nav>', page, re.DOTALL)
    assert found is not None
    lists = re.findall(r"<ul.*?</ul>", found[0], re.DOTALL)
    areas = lists[0] if "areas" in lists[0] else ""
    labels = [re.findall(r"<a [^>]*>(.*?)</a>", one) for one in (areas, lists[-1])]
    area = re.search(r'class="here"><a [^>]*>(.*?)</a>', areas)
    here = re.search(r'aria-current="page">(.*?)</a>', lists[-1])
    return labels[0], labels[1], area[1] if area else "", here[1] if here else ""


def test_a_citizen_is_offered_what_is_public_and_no_areas(shan: Shan, at_door: Any) -> None:
    areas, entries, _area, here = nav(at_door("").get("/shan/").content.decode())
    assert areas == [] and here == "Board"
    assert {"Tables", "Units", "Calendar", "Bulletins", "Contests", "Ledger"} <= set(entries)
    assert not {"My desk", "Supervision office"} & set(entries)


@pytest.mark.parametrize(
    ("path", "area", "here"),
    [
        ("desk", "My work", "My desk"),
        ("office", "Cases", "Supervision office"),
        ("office/verdicts", "Cases", "Call-backs"),
        ("calendar", "Public", "Calendar"),
        ("merits", "People", "Consequences"),
    ],
)
def test_the_office_sees_the_entries_of_the_area_it_is_in(
    shan: Shan, at_door: Any, path: str, area: str, here: str
) -> None:
    areas, entries, present, found = nav(at_door("office").get(f"/shan/{path}").content.decode())
    assert areas[:3] == ["Public", "My work", "Cases"]
    assert (present, found) == (area, here)
    assert here in entries


def test_a_page_that_no_entry_leads_to_still_stands_in_an_area(shan: Shan, at_door: Any) -> None:
    case = shan.question("Where is the form?")
    areas, _entries, present, here = nav(at_door("office").get(f"/shan/c/{case.ref}").content.decode())
    assert (present, here) == ("Cases", "Supervision office") and areas


@pytest.mark.parametrize(
    ("who", "path", "offered"),
    [
        ("leader", "merits", "/shan/officials/priority"),
        ("inspector", "merits", "/shan/officials/priority"),
        ("administrator", "officials", "/shan/officials"),
    ],
)
def test_of_officials_each_is_offered_only_what_opens(
    shan: Shan, at_door: Any, who: str, path: str, offered: str
) -> None:
    door = at_door(who)
    found = re.search(r'<nav class="main".*?</nav>', door.get(f"/shan/{path}").content.decode(), re.DOTALL)
    assert found is not None
    led = re.findall(r'href="(/shan/officials[a-z/]*)"', found[0])
    assert set(led) == {offered} and door.get(offered).status_code == 200
