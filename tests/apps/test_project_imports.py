"""A messy list of an office: read, explained once, held beside the library, taken over in one act; nothing lost."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from leitai.apps.ledger.models import Event
from leitai.apps.projects import actions, excel_out
from leitai.apps.projects.models import Amount, ImportMap, ImportRun, Membership, Milestone, Project
from leitai.apps.projects.queries import imports as reading
from leitai.apps.regimes import queries as regimes
from leitai.rules.records.sheets import Column
from tests.factories import BY, NOW, Town, refused

from .office_book import LINES, book
from .projects_town import project, town

pytestmark = pytest.mark.django_db
TODAY = date(2024, 4, 10)


@pytest.fixture
def place(db: None) -> Town:
    return town()


def came(place: Town, data: bytes | None = None, name: str = "重点项目.xlsx") -> ImportRun:
    return actions.take_file(place=place.place, name=name, content=data or book(), by=BY, now=NOW)


def account(run: ImportRun) -> reading.Account:
    return reading.account(ImportRun.objects.select_related("place").get(pk=run.pk), TODAY)


def keep(place: Town, run: ImportRun, **more: Any) -> ImportMap:
    (sheet,) = account(run).sheets
    return actions.keep_map(
        place=place.place,
        fingerprint=sheet.table.fingerprint,
        name="重点项目",
        labels=sheet.table.labels,
        columns=more.pop("columns", sheet.columns),
        words={"unit": {"水务局": "water", "税务所(分局)": "tax"}},
        library=more.pop("library", "big"),
        by=BY,
        now=NOW,
    )


def apply(run: ImportRun, **more: Any) -> Any:
    return actions.apply_file(run=run, seen=account(run).difference.digest, by=BY, now=NOW, **more)


def test_nothing_changes_before_a_person_has_said_what_the_headings_mean(place: Town) -> None:
    run = came(place)
    assert (run.year, run.as_of) == (2024, date(2024, 3, 31))
    found = account(run)
    assert [one.field for one in found.sheets[0].columns] == [
        "serial", "name", "about", "planned", "arrived", "land", "plan:signed", "plan:producing", "unit", "",
    ]  # fmt: skip
    assert found.unread == [
        ("旧表", "hidden sheet"),
        ("说明", "no row reads as the heading of a list of projects"),
    ]
    assert reading.unknown_words(found.sheets[0]) == {"unit": ["税务所（分局）"]}
    with refused("no-map"):
        apply(run)
    assert not Project.objects.exists()


def test_the_list_is_taken_over_and_every_cell_that_was_not_is_named(place: Town) -> None:
    run = came(place)
    keep(place, run)
    told = account(run)
    assert [(one.at, one.value, one.finding.code) for one in told.faults] == [
        ("重点项目!E6", "待定", "bad-number"),
        ("重点项目!H7", "已投产", "bad-day"),
    ]
    apply(run)
    rows = {row.name: row for row in Project.objects.select_related("unit")}
    first = rows["铝型材扩能"]
    assert (first.planned, first.arrived, first.land) == (
        Decimal(350_000_000),
        Decimal(12_000_000),
        Decimal(120),
    )
    assert (first.code, first.unit and first.unit.key, first.stage) == ("2024-0001", "water", "talks")
    assert rows["医疗防护用品"].land == 30 and rows["医疗防护用品"].arrived is None
    assert rows["团餐中央厨房"].planned == Decimal(12_345_000)
    assert Amount.objects.get(project=first, what="planned").on == date(2024, 3, 31)
    plans = dict(Milestone.objects.filter(project=first).values_list("stage", "plan"))
    assert plans == {"signed": date(2024, 3, 31), "producing": date(2025, 3, 31)}
    assert Milestone.objects.get(project=rows["医疗防护用品"], stage="signed").plan == date(2024, 3, 15)
    assert set(Membership.objects.values_list("library", flat=True)) == {"big"}
    run.refresh_from_db()
    assert {name: run.told[name] for name in ("new", "changed", "same", "closed", "faults")} == {
        "new": 3, "changed": 0, "same": 0, "closed": 0, "faults": 2,
    }  # fmt: skip
    event = json.loads(Event.objects.get(kind="projects.file_applied").data)
    assert event["new"] == 3 and event["digest"] == run.digest


def test_doing_it_again_changes_nothing(place: Town) -> None:
    data = book()
    run = came(place, data)
    keep(place, run)
    apply(run)
    before = Event.objects.count()
    assert came(place, data).pk == run.pk
    assert not apply(run) and account(run).difference.empty
    assert Event.objects.count() == before


def test_next_time_the_map_is_known_and_only_what_differs_is_shown(place: Town) -> None:
    first = came(place)
    keep(place, first)
    apply(first)
    lines = (
        (*LINES[0][:3], "4亿元", *LINES[0][4:]),
        (2, "数字经济产业园", "", 5000, None, None, None, None, "水务局", ""),
    )
    run = came(place, book(lines, notes=False), "四月.xlsx")
    told = account(run).difference
    assert [change.name for change in told.new] == ["数字经济产业园"]
    (changed,) = told.changed
    assert changed.fields == {"planned": (Decimal(350_000_000), Decimal(400_000_000), "重点项目!D4")}
    assert sorted(row.name for row in told.gone) == ["医疗防护用品", "团餐中央厨房"]
    apply(run)
    assert Project.objects.filter(closed_on__isnull=True).count() == 4, (
        "those gone stay until somebody says why"
    )
    with refused("other-difference"):
        actions.apply_file(run=run, seen=told.digest, gone_why="left the list", by=BY, now=NOW)
    apply(run, gone_why="left the list")
    assert set(Project.objects.filter(closed_why="left the list").values_list("name", flat=True)) == {
        "医疗防护用品", "团餐中央厨房",
    }  # fmt: skip


def test_what_changed_since_it_was_shown_is_not_taken_over(place: Town) -> None:
    run = came(place)
    keep(place, run)
    seen = account(run).difference.digest
    project(place, "Z-9", values={"name": "铝型材扩能"})
    with refused("other-difference"):
        actions.apply_file(run=run, seen=seen, by=BY, now=NOW)


def test_a_plan_is_not_moved_and_a_stage_not_entered_by_a_file(place: Town) -> None:
    run = came(place)
    keep(place, run)
    apply(run)
    late = ((*LINES[0][:7], "2025年9月", *LINES[0][8:]),)
    again = came(place, book(late))
    told = account(again)
    assert [(one.at, one.finding.code) for one in told.difference.faults] == [("重点项目!H5", "plan-stands")]
    assert not told.difference.changed


def test_two_projects_of_a_name_are_not_guessed_at(place: Town) -> None:
    project(place, "A-1", values={"name": "铝型材扩能"})
    project(place, "A-2", values={"name": "铝型材 扩能"})
    run = came(place)
    keep(place, run)
    assert [(one.at, one.finding.code) for one in account(run).difference.faults] == [
        ("重点项目!B5", "two-of-a-name")
    ]
    apply(run)
    assert Project.objects.count() == 4


def test_the_list_goes_out_in_the_offices_own_headings_and_comes_back_unchanged(place: Town) -> None:
    run = came(place)
    row = keep(place, run)
    apply(run)
    data = excel_out.office(row, regimes.regime_on(place.place, TODAY))
    sheet = load_workbook(BytesIO(data)).active
    assert sheet is not None
    assert [sheet.cell(1, at).value for at in (1, 2, 4, 7)] == [
        "序号",
        "项目名称",
        "投资（万元）",
        "时间节点",
    ]
    assert "D1:E1" in {str(one) for one in sheet.merged_cells.ranges}
    assert [sheet.cell(3, at).value for at in (2, 4, 5, 10)] == ["铝型材扩能", 35000, 1200, "8888001"], (
        "what has no field too"
    )
    back = came(place, data, "out.xlsx")
    assert back.pk != run.pk
    actions.set_file(run=back, year=2024, as_of=date(2024, 3, 31), by=BY, now=NOW)
    told = account(back)
    assert told.sheets[0].kept is not None and told.difference.empty and not told.faults


def test_a_line_that_is_refused_leaves_nothing_of_itself(place: Town) -> None:
    far = (2, "医疗防护用品", "", 8000, 10, 30, "2024年3月", "2095年9月", "水务局", "8888002")
    run = came(place, book((LINES[0], far)))
    keep(place, run)
    apply(run)
    run.refresh_from_db()
    assert [(one[1], one[2]["code"]) for one in run.told["refused"]] == [("医疗防护用品", "too-far")]
    assert run.told["new"] == 1 and list(Project.objects.values_list("name", flat=True)) == ["铝型材扩能"]


def test_the_rejects_name_every_cell(place: Town) -> None:
    run = came(place)
    keep(place, run)
    made = load_workbook(BytesIO(excel_out.rejects(account(run))))
    faults, granted, left = made.worksheets
    assert [row[0].value for row in faults.iter_rows(min_row=2)] == ["重点项目!E6", "重点项目!H7"]
    assert [row[0].value for row in granted.iter_rows(min_row=2)] == [
        "重点项目!D5", "重点项目!F6", "重点项目!G6", "重点项目!H6",
    ]  # fmt: skip
    assert [row[0].value for row in left.iter_rows(min_row=2)] == [
        "重点项目!1", "重点项目!4", "重点项目!8", "重点项目!9", "旧表", "说明", "重点项目",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"PK nonsense", "not-a-workbook"), (b"\xd0\xcf\x11\xe0old", "old-excel"), (b"", "not-a-workbook")],
)
def test_what_is_no_workbook_is_refused(place: Town, data: bytes, code: str) -> None:
    with refused(code):
        actions.take_file(place=place.place, name="x.xlsx", content=data, by=BY, now=NOW)


def test_a_map_that_cannot_be_is_refused(place: Town) -> None:
    run = came(place)
    columns = list(account(run).sheets[0].columns)
    for at, column, code in (
        (2, Column("name"), "field-twice"),
        (2, Column("plan:dream"), "no-field"),
        (3, Column("planned", "亩"), "no-such-unit"),
    ):
        with refused(code):
            keep(place, run, columns=[*columns[:at], column, *columns[at + 1 :]])
    with refused("no-library"):
        keep(place, run, library="small")


def test_a_file_of_another_place_is_not_read_here(place: Town) -> None:
    run = came(place)
    other = town("other")
    assert (
        reading.run(other.place, run.pk) is None and reading.layout(other.place, keep(place, run).pk) is None
    )
