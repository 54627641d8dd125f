"""Pages of projects: what each reader sees, what the address keeps, who may do what, the enterprise's door."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from leitai.apps.projects import actions
from leitai.apps.projects.drafts import Draft
from leitai.apps.projects.models import Correction, Delay, Lead, Project, Task, Twins

from .place import BY, RULES, Shan

pytestmark = pytest.mark.django_db
PARAGRAPH = """
projects:
  on: always
  stages:
    talks: {name: {zh: 洽谈, en: Talks}}
    building: {name: {zh: 在建, en: Building}, needs: {permit: {zh: 许可证, en: Permit number}}}
  kinds: {investment: {zh: 招商引资, en: Won from outside}}
  libraries: {big: {name: {zh: 大项目, en: Big ones}, expect: 3}}
  causes: {stop: {name: {zh: 批准停工, en: Approved stop}, excused: true}}
merits:
"""
Door = Callable[[str], Client]


@pytest.fixture
def row(shan: Shan) -> Project:
    """A project of the north bureau with a milestone that is five days late."""
    from leitai.apps.regimes import actions as regimes

    regimes.load(place=shan.place, text=RULES.replace("\nmerits:\n", PARAGRAPH), by=BY, now=shan.now)
    values = {"name": "Glass works", "unit": shan.north, "enterprise": shan.firm, "kind": "investment"}
    draft = Draft("G-1", values, {"planned": Decimal(176 * 10**8)}, ("big",))
    row = actions.add(
        place=shan.place, draft=draft, source="contract", by=BY, now=shan.now - timedelta(days=20)
    )
    plan = (shan.now - timedelta(days=5)).date()
    mark = {"key": "start", "name": "Start of works", "plan": plan}
    actions.plan(project=row, milestones=[mark], by=BY, now=shan.now - timedelta(days=19))
    actions.judge(place=shan.place, by=BY, now=shan.now)
    return Project.objects.get(pk=row.pk)


def page(client: Client, path: str) -> str:
    answer = client.get(f"/shan/{path}")
    assert answer.status_code == 200
    return answer.content.decode()


def post(client: Client, path: str, **said: Any) -> Any:
    return client.post(f"/shan/{path}", said)


def test_the_list_says_what_is_behind_and_keeps_its_filter(row: Project, at_door: Door) -> None:
    office = at_door("office")
    text = page(office, "projects")
    assert "Glass works" in text and "days behind" in text and "17.6 bn yuan" in text and "(1/3)" in text
    assert "Glass works" in page(office, "projects?light=yellow&library=big&kind=investment")
    empty = page(office, "projects?light=red&q=glass")
    assert "No project matches" in empty and 'value="glass"' in empty
    assert "export?light=red&amp;q=glass" in empty


def test_what_is_seen_goes_to_excel_with_words_as_words(row: Project, at_door: Door) -> None:
    actions.change(project=row, values={"name": "=1+1"}, by=BY, now=row.added_at)
    sheet = load_workbook(BytesIO(at_door("leader").get("/shan/projects/export?light=yellow").content)).active
    lines = list(sheet.values)
    assert lines[2][:2] == ("G-1", "=1+1") and sheet.cell(3, 2).data_type == "s"
    assert dict(zip(lines[1], lines[2], strict=True))["Sum planned, ten thousand yuan"] == 1_760_000
    empty = load_workbook(BytesIO(at_door("leader").get("/shan/projects/export?light=red").content)).active
    assert empty.max_row == 2


def test_points_are_geojson(row: Project, at_door: Door) -> None:
    answer = at_door("office").get("/shan/projects/map")
    told = json.loads(answer.content)
    assert answer["Content-Type"] == "application/geo+json" and told["type"] == "FeatureCollection"
    (one,) = told["features"]
    assert one["geometry"] is None and one["properties"]["light"] == "yellow"
    assert one["properties"]["planned_yuan"] == 17_600_000_000


def test_nobody_in_particular_sees_nothing(row: Project, at_door: Door) -> None:
    for path in ("projects", "projects/G-1", "projects/map", "projects/export", "sponsor", "promotion"):
        assert at_door("").get(f"/shan/{path}").status_code == 302
    assert at_door("administrator").get("/shan/projects").status_code == 403


def test_a_project_answers_where_why_and_who(row: Project, at_door: Door) -> None:
    text = page(at_door("leader"), "projects/G-1")
    for words in ("5 days behind", "5 days nobody has explained", "North Bureau", "Start of works", "Talks"):
        assert words in text
    assert "%" not in text.split("<main")[1].split("</main>")[0]
    assert "<form" not in text.split("<main")[1]
    assert at_door("office").get("/shan/projects/G-9").status_code == 404


def test_a_unit_works_on_its_own_and_not_on_anothers(row: Project, at_door: Door, shan: Shan) -> None:
    today = shan.now.astimezone(shan.place.zone).date()
    week = f"{today.isocalendar()[0]}-W{today.isocalendar()[1]:02}"
    south = at_door("south")
    assert post(south, "projects/G-1", do="week", week=week, texts="Pour").status_code == 403
    north = at_door("north")
    assert post(north, "projects/G-1", do="week", week=week, texts="Pour\nDig").status_code == 302
    task = Task.objects.get(text="Pour")
    assert (
        post(north, "projects/G-1", do="task", number=task.pk, done="yes", note="Photo 4").status_code == 302
    )
    assert "Photo 4" in page(north, f"projects/review?period={week}")
    refused = post(north, "projects/G-1", do="stage", stage="building", on=today, **{"need-permit": ""})
    assert (
        refused.status_code == 409 and "What shows it is missing: Permit number" in refused.content.decode()
    )
    assert (
        post(
            north, "projects/G-1", do="stage", stage="building", on=today, **{"need-permit": "7"}
        ).status_code
        == 302
    )
    assert Project.objects.get().stage == "building"
    sums = {"do": "sums", "arrived": "1,200.5", "scale": "wan", "on": today}
    assert post(north, "projects/G-1", **sums).status_code == 409  # no source
    assert post(north, "projects/G-1", **sums, source="Bank slip").status_code == 302
    assert Project.objects.get().arrived == 12_005_000


def test_a_delay_is_agreed_by_the_office_not_by_the_unit(row: Project, at_door: Door, shan: Shan) -> None:
    first, last = (shan.now - timedelta(days=4)).date(), (shan.now - timedelta(days=1)).date()
    claim = {"do": "claim", "cause": "stop", "first": first, "last": last, "text": "Order 7 of the bureau"}
    assert post(at_door("north"), "projects/G-1", **claim).status_code == 302
    delay = Delay.objects.get()
    assert post(at_door("north"), "projects/G-1", do="agree", number=delay.pk).status_code == 403
    assert post(at_door("office"), "projects/G-1", do="agree", number=delay.pk).status_code == 302
    text = page(at_door("office"), "projects/G-1")
    assert "Approved stop" in text and "1 day behind" in text


def test_a_milestone_of_another_project_is_not_touched(row: Project, at_door: Door, shan: Shan) -> None:
    other = actions.add(
        place=shan.place, draft=Draft("G-2", {"name": "Other", "unit": shan.south}), by=BY, now=shan.now
    )
    mark = row.milestones.get()
    today = shan.now.date()
    said = {"do": "reach", "number": mark.pk, "fact": today, "evidence": "Photo"}
    assert post(at_door("south"), f"projects/{other.code}", **said).status_code == 409
    mark.refresh_from_db()
    assert mark.fact is None


def test_the_office_enters_a_project_by_the_form(row: Project, at_door: Door) -> None:
    said = {"code": "G-7", "name": "Dam", "unit": "south", "planned": "3", "scale": "yi", "library": ["big"]}
    assert post(at_door("office"), "projects/add", **said).status_code == 302
    found = Project.objects.get(code="G-7")
    assert found.planned == 300_000_000 and found.memberships.get().library == "big"
    again = post(at_door("office"), "projects/add", **said)
    assert again.status_code == 409 and "G-7 is taken" in again.content.decode()
    assert post(at_door("north"), "projects/add", **said).status_code == 403


def test_an_enterprise_corrects_by_its_link(row: Project, at_door: Door, shan: Shan) -> None:
    path = f"projects/of/firm/{Shan.secret}"
    text = page(at_door(""), path)
    assert "Glass works" in text and "North Bureau" in text
    assert at_door("").get("/shan/projects/of/firm/guess").status_code == 404
    assert post(at_door(""), path, code="G-1", field="invested", said="much").status_code == 409
    assert post(at_door(""), path, code="G-1", field="invested", said="5000000").status_code == 302
    one = Correction.objects.get()
    assert post(at_door("north"), "projects/G-1", do="settle", number=one.pk, taken="yes").status_code == 403
    assert post(at_door("office"), "projects/G-1", do="settle", number=one.pk, taken="yes").status_code == 302
    assert Project.objects.get().invested == 5_000_000
    assert post(at_door(""), path, code="G-9", field="land", said="1").status_code == 404


def test_a_leaders_page_is_about_what_they_sponsor(row: Project, at_door: Door) -> None:
    from leitai.apps.people.models import Account

    assert "No enterprise and no project" in page(at_door("leader"), "sponsor")
    leader = Account.objects.get(username="leader")
    actions.change(project=row, values={"sponsor": leader}, by=BY, now=row.added_at)
    text = page(at_door("leader"), "sponsor")
    assert "Glass works" in text and "Start of works" in text


def test_promotion_from_a_lead_to_a_project_and_one_firm_twice(
    row: Project, at_door: Door, shan: Shan
) -> None:
    today = shan.now.astimezone(shan.place.zone).date()
    north, office = at_door("north"), at_door("office")
    said = {
        "code": "L-1",
        "firm": "Bright Solar Ltd",
        "name": "Cells",
        "unit": "north",
        "on": today,
        "planned": "2",
        "scale": "yi",
    }
    assert post(north, "promotion", **said).status_code == 302
    assert post(north, "promotion", **said | {"unit": "south", "code": "L-2"}).status_code == 403
    assert post(office, "promotion", **said | {"unit": "south", "code": "L-2"}).status_code == 302
    assert "Followed twice?" in page(office, "promotion") and "One firm" in page(office, "promotion")
    assert (
        post(office, "promotion/twins", first="L-1", second="L-2", same="yes", note="One licence").status_code
        == 302
    )
    assert Twins.objects.get().same
    assert (
        post(at_door("south"), "promotion/leads/L-1", step="visited", on=today, text="Met").status_code == 403
    )
    assert post(north, "promotion/leads/L-1", step="visited", on=today, text="Met").status_code == 302
    assert post(north, "promotion/leads/L-1", step="landed", on=today, project="G-9").status_code == 409
    assert post(north, "promotion/leads/L-1", step="landed", on=today, project="G-1").status_code == 302
    assert Lead.objects.get(code="L-1").project == row
    assert "Glass works" in page(at_door("leader"), "promotion/leads/L-1")


def test_a_place_without_projects_says_so(shan: Shan, at_door: Door) -> None:
    assert "says nothing of projects" in page(at_door("office"), "projects")
    assert page(at_door("office"), "sponsor") and page(at_door("office"), "projects/review")
