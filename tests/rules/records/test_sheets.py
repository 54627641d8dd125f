"""An office's spreadsheet: its heading found among titles and merged cells, its sums and days as they were meant."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leitai.rules.records.cells import Wrong
from leitai.rules.records.sheets import (
    Amount,
    Column,
    Grid,
    Recogniser,
    address,
    amount,
    day_in,
    find,
    read,
    span,
    uncomputed,
    unit_of,
    year_in,
)

KNOWN = Recogniser(
    {"signed": ["签约", "Signed"], "started": ["开工", "Started"], "producing": ["投产", "Producing"]}
)
MESSY = Grid(
    "重点项目",
    (
        ("2022年重点项目推进情况表", None, None, None, None, None, None, None, None),
        ("截至2022年9月30日", None, None, None, None, None, None, "单位：万元", None),
        ("序号", "项目名称", "建设内容及规模", "投资（万元）", None, "占地面积\n（亩）", "时间节点", None, "责任单位"),
        (None, None, None, "计划总投资", "其中：到位资金", None, "开工时间", "投产时间", None),
        ("一、先进制造业（2个）", None, None, None, None, None, None, None, None),
        (1, "铝 型材扩能", "年产 10 万吨", "3.5亿元", "１，２００", 120, "2022年3月", "2023.1", "水务局"),
        (2, "医疗防护用品", None, 8000, "待定", "2公顷", date(2022, 3, 5), "9月底前", "水务局"),
        ("小计", None, None, 43000, 1200, 150, None, None, None),
        (None, None, None, None, None, None, None, None, None),
        ("序号", "项目名称", "建设内容及规模", "投资（万元）", None, "占地面积\n（亩）", "时间节点", None, "责任单位"),
        (None, None, None, "计划总投资", "其中：到位资金", None, "开工时间", "投产时间", None),
        (3, "团餐中央厨房", None, uncomputed(), "#REF!", None, 44625, "已投产", None),
        (4, None, None, 100, None, None, None, None, None),
        ("备注：以上数据由各单位填报。", None, None, None, None, None, None, None, None),
    ),
    ((0, 0, 0, 8), (2, 0, 3, 0), (2, 1, 3, 1), (2, 2, 3, 2), (2, 3, 2, 4), (2, 5, 3, 5), (2, 6, 2, 7), (2, 8, 3, 8),
     (4, 0, 4, 8), (11, 8, 12, 8)),
)  # fmt: skip


def test_a_messy_sheet_is_read_and_every_cell_that_is_not_is_named() -> None:
    table = find(MESSY, KNOWN.field)
    assert table is not None
    columns = KNOWN.columns(table.labels, table.title)
    assert [(one.field, one.unit) for one in columns] == [
        ("serial", ""), ("name", ""), ("about", ""), ("planned", "万元"), ("arrived", "万元"), ("land", "亩"),
        ("plan:started", ""), ("plan:producing", ""), ("unit", ""),
    ]  # fmt: skip
    assert (year_in("2022年重点项目"), day_in(table.title)) == (2022, date(2022, 9, 30))
    told = read(table, columns, {"unit": {"水务局": "water"}}, 2022)
    first, second, third = told.rows
    assert first.values == {
        "name": "铝 型材扩能",
        "about": "年产 10 万吨",
        "planned": Decimal(350_000_000),
        "arrived": Decimal(12_000_000),
        "land": Decimal(120),
        "plan:started": date(2022, 3, 31),
        "plan:producing": date(2023, 1, 31),
        "unit": "water",
    }
    assert second.values["land"] == 30 and second.values["plan:producing"] == date(2022, 9, 30)
    assert third.values == {"name": "团餐中央厨房", "plan:started": date(2022, 3, 5)}
    assert [(one.at, one.value, one.finding.code) for one in told.faults] == [
        ("重点项目!E7", "待定", "bad-number"),
        ("重点项目!D12", "=", "no-value"),
        ("重点项目!E12", "#REF!", "error-value"),
        ("重点项目!H12", "已投产", "bad-day"),
        ("重点项目!B13", "4 | 100", "no-name"),
    ]
    assert [one.at for one in told.cares] == ["重点项目!D6", "重点项目!F7", "重点项目!H7", "重点项目!G12"]
    whys = {one.row: one.why for one in table.left}
    assert whys == {
        0: "above the table", 1: "above the table", 4: "a group's heading", 7: "a total of other lines",
        9: "the heading once more", 10: "the heading once more", 13: "a note",
    }  # fmt: skip


def test_no_row_with_words_is_thrown_away_in_silence() -> None:
    table = find(MESSY, KNOWN.field)
    assert table is not None
    said = {at for at, row in enumerate(MESSY.rows) if any(cell is not None for cell in row)}
    heading = {2, 3}
    assert {line.row for line in table.lines} | {one.row for one in table.left} | heading == said


def test_the_fingerprint_knows_a_layout_whatever_its_blanks_and_lines() -> None:
    other = Grid(
        "Sheet2",
        tuple(tuple(f" {c} " if isinstance(c, str) else c for c in row) for row in MESSY.rows[:6]),
        MESSY.merged,
    )
    changed = Grid("Sheet3", (*MESSY.rows[:2], ("编号", *MESSY.rows[2][1:]), *MESSY.rows[3:6]), MESSY.merged)
    marks = [table.fingerprint for grid in (MESSY, other, changed) if (table := find(grid, KNOWN.field))]
    assert marks[0] == marks[1] != marks[2]


def test_a_sum_merged_over_several_lines_is_nobodys() -> None:
    grid = Grid("S", (("项目名称", "总投资（亿元）"), ("甲", 5), ("乙", None), ("丙", 1)), ((1, 1, 2, 1),))
    table = find(grid, KNOWN.field)
    assert table is not None
    told = read(table, KNOWN.columns(table.labels), {}, None)
    assert [one.finding.code for one in told.faults] == ["merged-sum", "merged-sum"]
    assert [row.values.get("planned") for row in told.rows] == [None, None, Decimal(100_000_000)]


def test_a_project_twice_is_told_with_the_other_cell() -> None:
    grid = Grid("S", (("项目名称", "总投资（亿元）"), ("甲 厂", 5), ("甲厂", 6)))
    table = find(grid, KNOWN.field)
    assert table is not None
    told = read(table, KNOWN.columns(table.labels), {}, None)
    assert [(one.at, dict(one.finding.values)) for one in told.faults] == [("S!A3", {"other": "S!A2"})]


def test_a_sheet_without_a_heading_has_no_table() -> None:
    assert find(Grid("S", (("会议通知", None), ("请于周五报送", None))), KNOWN.field) is None


@pytest.mark.parametrize(
    ("cell", "first", "last"),
    [
        ("2022年3月", date(2022, 3, 1), date(2022, 3, 31)),
        ("3月底前", date(2021, 3, 31), date(2021, 3, 31)),
        ("2022.03.05", date(2022, 3, 5), date(2022, 3, 5)),
        (44625, date(2022, 3, 5), date(2022, 3, 5)),
        (20220305, date(2022, 3, 5), date(2022, 3, 5)),
        ("2022.10", date(2022, 10, 1), date(2022, 10, 31)),
        (2022.11, date(2022, 11, 1), date(2022, 11, 30)),
        ("第三季度", date(2021, 7, 1), date(2021, 9, 30)),
        ("2022年上半年", date(2022, 1, 1), date(2022, 6, 30)),
        ("2022年底", date(2022, 12, 1), date(2022, 12, 31)),
        ("2022", date(2022, 1, 1), date(2022, 12, 31)),
        ("５月上旬", date(2021, 5, 1), date(2021, 5, 10)),
        ("22年5月", date(2022, 5, 1), date(2022, 5, 31)),
    ],
)
def test_days_as_offices_type_them(cell: object, first: date, last: date) -> None:
    found = span(cell, 2021)
    assert found is not None and (found.first, found.last) == (first, last)


@pytest.mark.parametrize("cell", [2022.1, "已开工", "2022年13月", "2022年3月-2023年5月", 3, "年底前", True])
def test_what_is_no_day_is_not_guessed(cell: object) -> None:
    with pytest.raises(Wrong):
        span(cell, 2021)


def test_a_day_without_its_year_is_not_read_where_the_sheet_has_none() -> None:
    with pytest.raises(Wrong) as told:
        span("3月底前", None)
    assert told.value.finding.code == "no-year"


@given(st.dates(date(1960, 1, 1), date(2099, 12, 31)))
def test_a_day_is_the_same_day_however_it_is_written(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    for cell in (
        day,
        serial,
        f"{day:%Y-%m-%d}",
        f"{day:%Y/%m/%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y.%m.%d}",
    ):
        found = span(cell, 1999)
        assert found is not None and found.first == found.last == day


@pytest.mark.parametrize(
    ("cell", "unit", "code"),
    [
        ("1.2亿元（固投0.8亿元）", "亿元", "bad-number"),
        ("3000万美元", "万元", "other-currency"),
        ("5000", "", "no-unit"),
        ("待定", "亿元", "bad-number"),
        ("-3", "元", "below-zero"),
        ("9999999999", "亿元", "too-large"),
        (True, "元", "bad-number"),
    ],
)
def test_what_is_no_sum_is_not_guessed(cell: object, unit: str, code: str) -> None:
    with pytest.raises(Wrong) as told:
        amount(cell, unit)
    assert told.value.finding.code == code


def test_a_sum_without_about_and_an_empty_one() -> None:
    assert amount("约2亿", "亿元") == Amount(Decimal("200000000.00"), "“about” was left out")
    assert amount("—", "亿元") is None and amount("", "亿元") is None


@given(st.decimals(0, 10**6, places=4))
def test_the_same_sum_in_any_unit_is_the_same_yuan(yi: Decimal) -> None:
    wan = format(yi * 10_000, "f")
    said = [
        amount(format(yi, "f"), "亿元"),
        amount(wan, "万元"),
        amount(f"{wan}万元", "亿元"),
        amount(f"{yi:f} 亿", ""),
    ]
    assert len({one.value for one in said if one is not None}) == 1 and None not in said


def test_units_in_headings() -> None:
    assert unit_of("总投资（亿元）", "money") == "亿元" and unit_of("投资额,万元", "money") == "万元"
    assert unit_of("单位：万元、亩", "land") == "亩" and unit_of("占地面积(㎡)", "land") == "平方米"
    assert unit_of("总投资", "money") == ""
    assert unit_of("填报单位：县发改局 单位：亿元", "money") == "亿元"


def test_headings_alike_are_told_apart() -> None:
    said = {
        "累计完成投资(万元)": "invested", "年度计划投资（万元）": "", "资金（万元）\n到位资金": "arrived",
        "总投资\n（亿元）": "planned",
        "计划开工时间": "plan:started", "竣工投产时间": "plan:producing",
        "包靠领导": "sponsor", "建设单位": "firm", "备注": "", "镇街/单位": "unit",
        "总投资\n计划": "planned", "总投资\n其中设备": "", "进度安排\n竣工/投产": "plan:producing",
        "时间节点\n计划": "", "开工率": "",
    }  # fmt: skip
    assert {label: KNOWN.field(label) for label in said} == said
    assert Recogniser({"building": ["开工在建"]}).field("进度安排\n开工时间") == "plan:building"


def test_a_field_is_proposed_once() -> None:
    assert KNOWN.columns(["项目名称", "项目", "总投资"], "单位：亿元") == (
        Column("name"), Column(""), Column("planned", "亿元"),
    )  # fmt: skip


@given(st.integers(0, 18_277))
def test_addresses_are_the_spreadsheets_own(column: int) -> None:
    from openpyxl.utils import get_column_letter

    assert address(6, column) == f"{get_column_letter(column + 1)}7"


@given(
    st.lists(
        st.lists(
            st.one_of(st.none(), st.text(max_size=6), st.integers(), st.floats(), st.dates()), max_size=6
        ),
        max_size=12,
    )
)
def test_no_sheet_makes_it_stumble(rows: Any) -> None:
    heading = ("项目名称", "总投资", "开工时间", "占地面积（亩）")
    table = find(Grid("S", (heading, *(tuple(row) for row in rows))), KNOWN.field)
    if table is not None:
        read(table, KNOWN.columns(table.labels), {}, 2022)


def test_a_serial_number_far_off_is_no_day() -> None:
    with pytest.raises(Wrong):
        span((date(2200, 1, 1) - date(1899, 12, 30)) / timedelta(days=1), 2022)
