"""An office's ledger in Excel: taken in as offices write it, each row once or with its reason; given out as shown."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from subprocess import run
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leitai.apps.casework.ledger_in import Reading, Sheet, read
from tests.factories import BY, NOW, Town, build, refused

ZONE = ZoneInfo("Asia/Shanghai")
HEAD = ("序号", "问题描述", "地点", "责任单位", "交办日期", "完成时限", "备注")
HOW = Reading("errand", ZONE, NOW, lambda said: {"水务局": "water", "Roads": "roads"}.get(said, ""))


def sheet(*rows: tuple[Any, ...], head: tuple[Any, ...] = HEAD, above: int = 1) -> Sheet:
    """What a ledger with a title above its head says."""
    return read([*[("2024年督办台账",)] * above, head, *rows], HOW)


def book(*rows: tuple[Any, ...]) -> bytes:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def local(at: datetime | None) -> str:
    return at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M") if at else ""


@pytest.mark.parametrize("above", [0, 1, 5])
def test_columns_are_known_by_name_wherever_the_head_stands(above: int) -> None:
    found = sheet((1, "井盖缺失", "北街", "水务局", "2024-04-01", "2024-04-20", "快"), above=above)
    (row,) = found.rows
    assert not found.rejects and row.line == above + 2
    assert (row.title, row.where, row.unit, row.text) == ("井盖缺失", "北街", "water", "快")
    assert (local(row.opened), local(row.due)) == ("2024-04-01 00:00", "2024-04-20 23:59")


def test_columns_may_be_in_english_and_in_any_order() -> None:
    head = ("Due date", "Responsible unit", "Matter", "Location", "Reported")
    (row,) = sheet(("2024-04-20 17:30", "Roads", "A hole", "North", date(2024, 4, 2)), head=head).rows
    assert (row.title, row.unit, local(row.due), local(row.opened)) == (
        "A hole", "roads", "2024-04-20 17:30", "2024-04-02 00:00",
    )  # fmt: skip


def test_a_name_with_a_line_break_or_a_bracket_is_known() -> None:
    head = ("问题\n描述", "责任单位（牵头）", "完成时限\n（年月日）")
    (row,) = sheet(("井盖缺失", "水务局", "4月20日"), head=head).rows
    assert (row.unit, local(row.due)) == ("water", "2024-04-20 23:59")


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2024年4月5日", "2024-04-05"),
        ("2024.4.5", "2024-04-05"),
        ("2024/04/05", "2024-04-05"),
        ("20240405", "2024-04-05"),
        (20240405, "2024-04-05"),
        (45387, "2024-04-05"),
        (45387.0, "2024-04-05"),
        ("4月5日", "2024-04-05"),
        ("4.5", "2024-04-05"),
        ("12月31日", "2023-12-31"),
        (" 2024 年 4 月 5 日 ", "2024-04-05"),
        (date(2024, 4, 5), "2024-04-05"),
        (datetime(2024, 4, 5), "2024-04-05"),  # noqa: DTZ001  as a workbook gives it
    ],
)
def test_days_are_read_as_they_are_written(cell: object, day: str) -> None:
    (row,) = sheet((1, "井盖", "", "", cell, "", "")).rows
    assert local(row.opened) == f"{day} 00:00"


def test_a_deadline_without_its_year_may_lie_ahead() -> None:
    (row,) = sheet((1, "井盖", "", "", "", "9月30日前", "")).rows
    assert local(row.due) == "2024-09-30 23:59"


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ((1, "", "北街", "", "", "", ""), "问题描述", "no-title"),
        ((1, "井盖", "", "某某局", "", "", ""), "责任单位", "unknown-unit"),
        ((1, "井盖", "", "", "soon", "", ""), "交办日期", "bad-date"),
        ((1, "井盖", "", "", "2024-02-30", "", ""), "交办日期", "bad-date"),
        ((1, "井盖", "", "", "2月30日", "", ""), "交办日期", "bad-date"),
        ((1, "井盖", "", "", 1e300, "", ""), "交办日期", "bad-date"),
        ((1, "井盖", "", "", "1024-04-01", "", ""), "交办日期", "bad-date"),
        ((1, "井盖", "", "", "2024-04-11", "", ""), "交办日期", "ahead"),
        ((1, "井盖", "", "", "2024-04-05", "2024-04-01", ""), "完成时限", "due-before"),
    ],
)
def test_a_row_that_cannot_be_taken_says_where_and_why(row: tuple[Any, ...], column: str, code: str) -> None:
    found = sheet((1, "路灯", "", "", "", "", ""), row)
    (reject,) = found.rejects
    assert (reject.line, reject.column, reject.finding.code) == (4, column, code)
    assert reject.finding.text and len(found.rows) == 1


def test_what_is_over_is_history_and_not_opened() -> None:
    head = ("问题", "状态")
    found = sheet(("井盖", "已办结"), ("路灯", "办理中"), ("树", ""), head=head)
    assert [row.title for row in found.rows] == ["路灯", "树"]
    assert found.rejects[0].finding.code == "is-over"


def test_the_first_of_several_units_leads_and_the_others_are_told() -> None:
    (row,) = sheet((1, "井盖", "", "水务局、公安局", "", "", "")).rows
    assert row.unit == "water" and "公安局" in row.text


def test_a_row_is_known_by_its_reference_or_by_what_it_says_but_not_by_its_number_in_the_sheet() -> None:
    head = ("编号", "问题", "地点")

    def key(*cells: Any) -> str:
        return sheet(cells, head=head).rows[0].key

    assert key("督2024-7", "井盖", "北街") == key("督2024-7", "井盖缺失", "南街")
    assert key("督2024-7", "井盖", "") != key("督2024-8", "井盖", "")
    assert key(1, "井盖", "北街") == key(2, "井盖", "北街") != key(1, "井盖", "南街")
    assert len(key(1, "井盖", "")) <= 64


def test_the_same_twice_in_a_sheet_is_told_with_its_line() -> None:
    found = sheet((1, "井盖", "", "", "", "", ""), (2, "井盖", "", "", "", "", ""))
    assert found.rejects[0].finding.code == "twice" and "3" in found.rejects[0].finding.text


@pytest.mark.parametrize("rows", [[], [("a", "b")], [("地点",), ("北街",)], [()] * 30])
def test_what_is_no_ledger_says_so(rows: list[tuple[Any, ...]]) -> None:
    found = read(rows, HOW)
    assert not found.rows and found.rejects[0].finding.code == "no-head"


CELLS = st.one_of(
    st.none(), st.text(max_size=12), st.integers(), st.floats(), st.booleans(), st.dates(), st.datetimes(),
    st.sampled_from(["2024-04-05", "4月5日", "水务局", "问题", "已办结", "9999年12月31日", "0.0.0"]),
)  # fmt: skip


@given(st.lists(st.lists(CELLS, max_size=7), max_size=6))
def test_no_cells_break_it_and_every_row_is_taken_or_told(rows: list[list[object]]) -> None:
    found = sheet(*map(tuple, rows))
    lines = [row.line for row in found.rows] + [one.line for one in found.rejects]
    assert len(lines) == len(set(lines)) and set(lines) <= set(range(3, 3 + len(rows)))
    assert all(row.title and (row.opened is None or row.opened <= NOW) for row in found.rows)


@pytest.fixture
def town(db: None) -> Town:
    return build()


def test_rows_are_opened_once_and_dispatched_to_the_unit_they_name(town: Town) -> None:
    from leitai.apps.casework.ledger_open import take, unit_finder
    from leitai.apps.casework.models import Case

    how = Reading("errand", ZONE, NOW, unit_finder(town.place))
    water = town.units["water"].name
    rows = [HEAD, (1, "井盖", "北街", water, "2024-04-01", "2024-04-20", ""), (2, "路灯", "", "", "", "", "")]
    found = read(rows, how)
    first = take(town.place, "errand", found.rows, by=BY, now=NOW)
    again = take(town.place, "errand", read(rows, how).rows, by=BY, now=NOW + timedelta(days=1))
    assert (first.opened, first.already) == (2, 0) and (again.opened, again.already) == (0, 2)
    lid, lamp = Case.objects.order_by("id")
    assert (lid.unit, lid.state, lid.channel) == (town.units["water"], "dispatched", "ledger")
    assert (local(lid.opened_at), local(lid.due_at)) == ("2024-04-01 00:00", "2024-04-20 23:59")
    assert (lamp.unit, lamp.state, lamp.opened_at) == (None, "received", NOW)
    assert town.kinds().count("case.dispatched") == 1


@pytest.mark.parametrize("data", [b"", b"no workbook", b"PK\x03\x04" + bytes(40)])
def test_what_is_no_workbook_is_refused(town: Town, data: bytes) -> None:
    from leitai.apps.casework.ledger_in import cells

    with refused("no-workbook"):
        cells(data)


@pytest.fixture
def office(town: Town) -> Any:
    from django.test import Client

    client = Client(headers={"accept-language": "en"})
    assert client.login(username="office-town", password="pass the long way")
    return client


URL = "/town/office/import"


def looked(office: Any, *rows: tuple[Any, ...], kind: str = "errand") -> Any:
    file = BytesIO(book(HEAD, *rows))
    file.name = "台账.xlsx"
    return office.post(URL, {"do": "look", "kind": kind, "file": file})


def carried(page: Any, name: str) -> str:
    return page.context[name]


def test_a_page_shows_first_what_would_be_opened(town: Town, office: Any) -> None:
    from leitai.apps.casework.models import Case

    page = looked(
        office,
        (1, "井盖缺失", "北街", town.units["water"].name, "", "", ""),
        (2, "路灯", "", "某某局", "", "", "=1+1"),
    )
    said = page.content.decode()
    assert page.status_code == 200 and "井盖缺失" in said and "There is no unit 某某局." in said
    assert not Case.objects.exists()
    file = office.post(URL, {"do": "rejects", "rejected": carried(page, "rejected")})
    head, row = csv.reader(StringIO(file.content.decode("utf-8-sig")))
    assert head == ["Line", "Column", "Value", "Reason"]
    assert row == ["3", "责任单位", "某某局", "There is no unit 某某局."]
    sent = {"do": "take", "rows": carried(page, "rows")}
    assert [office.post(URL, sent).status_code for _ in range(2)] == [302, 302]
    assert Case.objects.get().title == "井盖缺失"
    again = looked(office, (1, "井盖缺失", "北街", town.units["water"].name, "", "", ""))
    assert (again.context["count"], again.context["already"]) == (0, 1)


def test_what_the_page_carried_is_its_own_viewers_and_unchanged(town: Town, office: Any) -> None:
    from django.core import signing

    from leitai.apps.casework.ledger_pages import SALT

    others = signing.dumps(["town", "account:clerk-town", {"kind": "errand", "rows": []}], salt=SALT)
    for rows in ("", "x", others):
        answer = office.post(URL, {"do": "take", "rows": rows})
        assert answer.status_code == 409 and "choose the workbook again" in answer.content.decode()


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"kind": "nothing"}, "what kind of matter"),
        ({"kind": "errand"}, "Choose the workbook"),
        ({"kind": "errand", "file": b"not a workbook"}, "cannot be read as Excel"),
    ],
)
def test_what_is_wrong_with_the_form_is_said(
    town: Town, office: Any, form: dict[str, Any], said: str
) -> None:
    if "file" in form:
        form = form | {"file": BytesIO(form["file"])}
    answer = office.post(URL, {"do": "look"} | form)
    assert answer.status_code == 409 and said in answer.content.decode()


def test_a_page_takes_so_many_rows_and_names_the_command_for_more(town: Town, office: Any) -> None:
    page = looked(office, *((n, f"井盖 {n}", "", "", "", "", "") for n in range(501)))
    assert page.status_code == 409 and "leitai import ledger" in page.content.decode()


def test_what_is_past_its_deadline_is_told_before_it_is_opened(town: Town, office: Any) -> None:
    page = looked(office, (1, "井盖", "", "", "2023-01-01", "2023-02-01", ""))
    assert page.context["late"] == 1 and "told as late at once" in page.content.decode()
    assert looked(office, (1, "井盖", "", "", "2023-01-01", "2023-02-01", ""), kind="finding").context[
        "unused_due"
    ]


def test_the_sheet_holds_what_a_queue_or_a_desk_shows_in_its_order(town: Town, english: None) -> None:
    from leitai.apps.casework import queries
    from leitai.apps.casework.sheet import Head, workbook

    late = town.case("errand", "water", title="=1+1", given_due=NOW + timedelta(hours=1), where="North")
    town.move(late, "dispatch", "office", unit="water")
    town.move(late, "reply", "unit", owner="Li", next_step="Ask the works", time="2024-05-01 10:00")
    town.case("errand", None, title="B", given_due=NOW + timedelta(days=2))
    head = Head("Town · Ledger", "Ledger", NOW + timedelta(hours=3), ZONE)
    rows = queries.in_order(queries.open_cases(town.place))
    views = queries.views(rows, head.now)
    books = [openpyxl.load_workbook(BytesIO(workbook(head, one))).active for one in (rows, views)]
    first, second = (list(one.iter_rows(values_only=True)) for one in books)
    assert first == second and len(first) == 5
    shown = dict(zip(first[2], first[3], strict=True))
    assert (shown["Matter"], shown["Where"], shown["Hours late"], shown["Light"]) == (
        "=1+1",
        "North",
        2,
        "red",
    )
    assert shown["Where it stands"] == "Li；Ask the works；2024-05-01 10:00"
    assert shown["Opened"] == datetime(2024, 4, 10, 10)  # noqa: DTZ001  wall time, which is all Excel knows
    assert books[0]["D4"].data_type == "s"
    turned = openpyxl.load_workbook(BytesIO(workbook(head, views[::-1]))).active
    assert [row[3].value for row in turned.iter_rows(min_row=4)] == ["B", "=1+1"]


@pytest.mark.django_db(transaction=True)
def test_the_command_opens_a_ledger_and_says_what_it_could_not(
    leitai_environment: dict[str, str], leitai_command: Path, tmp_path: Path
) -> None:
    from leitai.apps.casework.models import Case

    town = build(now=datetime.now(UTC))
    file, away = tmp_path / "ledger.xlsx", tmp_path / "away.csv"
    file.write_bytes(
        book(HEAD, (1, "井盖", "", town.units["water"].name, "", "", ""), (2, "", "北街", "", "", "", ""))
    )

    def command(*more: str) -> Any:
        words = [
            leitai_command,
            "import",
            "ledger",
            file,
            "--place",
            "town",
            "--rejects",
            away,
            "--lang",
            "en",
        ]
        return run(
            [*words, *more], env=leitai_environment, capture_output=True, text=True, cwd=tmp_path, check=False
        )

    dry = command("--kind", "errand", "--dry-run")
    assert dry.returncode == 0 and "1 rows can be opened, 1 rejected" in dry.stdout, dry.stderr
    assert not Case.objects.exists()
    done = command("--kind", "errand")
    assert done.returncode == 0 and "1 opened, 0 already here, 1 rejected" in done.stdout, done.stderr
    assert "1 × 问题描述: Say in a few words" in done.stdout
    assert away.read_text(encoding="utf-8-sig").splitlines()[1].startswith("3,问题描述,,")
    assert "0 opened, 1 already here" in command("--kind", "errand").stdout
    wrong = command("--kind", "errant")
    assert wrong.returncode == 2 and "errand" in wrong.stderr
