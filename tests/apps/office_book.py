"""A list of projects as an office keeps it: merged headings in two rows, units in them, sums and days as typed."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from openpyxl import Workbook

HEAD = (
    "序号",
    "项目名称",
    "建设内容及规模",
    "投资（万元）",
    "",
    "占地面积（亩）",
    "时间节点",
    "",
    "责任单位",
    "联系电话",
)
BELOW = ("", "", "", "计划总投资", "其中：到位资金", "", "签约时间", "投产时间", "", "")
LINES: tuple[tuple[Any, ...], ...] = (
    (1, "铝型材扩能", "年产10万吨", "3.5亿元", "１，２００", 120, "2024年3月", "2025.3", "水务局", "8888001"),
    (2, "医疗防护用品", "", 8000, "待定", "2公顷", 45366, "9月底前", "税务所（分局）", "8888002"),
    (3, "团餐中央厨房", "日产2万份", "1,234.5", None, None, "2024年3月5日", "已投产", "水务局", "8888003"),
)


def book(lines: tuple[tuple[Any, ...], ...] = LINES, *, notes: bool = True) -> bytes:
    """The workbook's bytes: the list on one sheet, a notice on another, a third one hidden."""
    made = Workbook()
    sheet: Any = made.active
    sheet.title = "重点项目"
    sheet.append(["2024年重点项目推进情况表（截至2024年3月31日）"])
    sheet.merge_cells("A1:J1")
    sheet.append(list(HEAD))
    sheet.append(list(BELOW))
    for where in ("A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:F3", "G2:H2", "I2:I3", "J2:J3"):
        sheet.merge_cells(where)
    if notes:
        sheet.append(["一、先进制造业（3个）"])
        sheet.merge_cells("A4:J4")
    for line in lines:
        sheet.append(list(line))
    if notes:
        sheet.append(["合计", None, None, "=SUM(D5:D7)"])
        sheet.append(["备注：数据由各单位填报"])
        notice = made.create_sheet("说明")
        notice.append(["请于每月25日前报送"])
        made.create_sheet("旧表").sheet_state = "hidden"
    out = BytesIO()
    made.save(out)
    return out.getvalue()
