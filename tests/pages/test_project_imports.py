"""The pages of an office's list: brought, explained, shown beside the library, taken over, and out again."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from leitai.apps.projects.models import ImportMap, ImportRun, Project
from tests.apps.office_book import book
from tests.apps.projects_town import town
from tests.factories import Town

pytestmark = pytest.mark.django_db
URL = "/town/projects/import"


@pytest.fixture
def place(db: None) -> Town:
    return town()


def door(role: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    assert client.login(username=f"{role}-town", password="pass the long way")
    return client


def brought(client: Client, data: bytes = b"", name: str = "重点项目.xlsx") -> Any:
    return client.post(URL, {"file": SimpleUploadedFile(name, data or book())})


def form(page: str, do: str) -> dict[str, str]:
    """The boxes of the form that does this, as the page proposes them."""
    (said,) = [
        one for one in re.findall(r"<form.*?</form>", page, re.DOTALL) if f'name="do" value="{do}"' in one
    ]
    boxes = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', said))
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', said, re.DOTALL):
        chosen = re.search(r'<option(?: value="([^"]*)")? selected>([^<]*)', options)
        boxes[name] = (chosen[1] or chosen[2]) if chosen else ""
    return boxes


def test_a_list_goes_in_by_what_the_page_proposes_and_what_a_person_adds(place: Town) -> None:
    office = door("office")
    answer = brought(office)
    assert answer.status_code == 302
    page = office.get(answer.url).content.decode()
    assert "Say first what the headings mean" in page and "proposed, not kept yet" in page
    boxes = form(page, "map")
    assert (boxes["field3"], boxes["unit3"], boxes["field6"]) == ("planned", "万元", "plan:signed")
    office.post(answer.url, boxes | {"word-unit-0": "tax", "library": "big"})
    page = office.get(answer.url).content.decode()
    assert ImportMap.objects.get().words == {"unit": {"税务所(分局)": "tax"}}
    assert "重点项目!E6" in page and "待定" in page and not Project.objects.exists()
    assert office.post(answer.url, form(page, "apply")).status_code == 302
    page = office.get(answer.url).content.decode()
    assert "3 new" in page and "The library says what this file says." in page
    assert Project.objects.count() == 3
    assert office.get("/town/projects/2024-0001").status_code == 200


def test_what_is_not_taken_and_the_offices_layout_come_as_workbooks(place: Town) -> None:
    office = door("office")
    url = brought(office).url
    office.post(url, form(office.get(url).content.decode(), "map"))
    told = office.get(f"{url}/rejects")
    made = load_workbook(BytesIO(told.content))
    assert "重点项目!E6" in {row[0].value for row in made.worksheets[0].iter_rows()}
    office.post(url, form(office.get(url).content.decode(), "apply"))
    out = office.get(f"/town/projects/layouts/{ImportMap.objects.get().pk}")
    sheet = load_workbook(BytesIO(out.content)).active
    assert sheet is not None and sheet["B3"].value == "铝型材扩能"
    assert f"/town/projects/layouts/{ImportMap.objects.get().pk}" in office.get(URL).content.decode()


def test_year_and_day_are_set_by_a_person(place: Town) -> None:
    office = door("office")
    url = brought(office).url
    office.post(url, {"do": "set", "year": "2023", "as_of": "2024-03-01"})
    row = ImportRun.objects.get()
    assert (row.year, row.as_of.isoformat()) == (2023, "2024-03-01")
    assert office.post(url, {"do": "set", "year": "2023", "as_of": "2030-01-01"}).status_code == 409


@pytest.mark.parametrize(
    "posted", [{}, {"do": "apply"}, {"do": "map", "fingerprint": "x"}, {"do": "set", "year": "a"}]
)
def test_a_wrong_step_is_refused_on_the_page(place: Town, posted: dict[str, str]) -> None:
    office = door("office")
    assert office.post(brought(office).url, posted).status_code == 409


def test_what_is_no_list_is_refused(place: Town) -> None:
    office = door("office")
    assert brought(office, b"nonsense").status_code == 409
    assert office.post(URL, {}).status_code == 409


def test_only_the_office_brings_lists_and_no_other_place_sees_them(place: Town) -> None:
    office = door("office")
    url = brought(office).url
    for role in ("clerk", "leader", "patrol", "inspector"):
        assert door(role).get(url).status_code == 403
    town("other")
    assert Client().get(url).status_code in (302, 403)
    assert office.get(url.replace("/town/", "/other/")).status_code in (403, 404)
