"""Reading the list of officials, a workbook or a text that an administrator has: each line, or what is wrong with it.

One line is one duty: key, name, unit, duty, title, since, until, account. Column names may be Chinese, as may duties.
"""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO, StringIO
from types import MappingProxyType
from typing import Any

from leitai.apps.ledger.errors import refuse
from leitai.rules.kernel import N_, Finding
from leitai.rules.records import cells

from .actions import OfficialDraft
from .models import Tenure

UNPACKED = 50 << 20
MOST_LINES = 20_000
COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "key": ("key", "编号", "标识"),
        "name": ("name", "姓名"),
        "unit": ("unit", "单位", "单位标识"),
        "duty": ("duty", "职责", "岗位"),
        "title": ("title", "职务"),
        "since": ("since", "任职时间", "起"),
        "until": ("until", "离任时间", "止"),
        "account": ("account", "账号", "用户名"),
    }
)
NEEDED = ("key", "unit", "duty", "since")
DUTIES: Mapping[str, str] = MappingProxyType(
    {one: one for one in Tenure.DUTIES}
    | {"主要负责人": "head", "正职": "head", "副职": "deputy", "分管负责人": "deputy", "工作人员": "staff"}
)
_KEY = re.compile(r"[-a-zA-Z0-9_]+")
WIDEST = {"key": 60, "name": 100, "title": 100, "account": 150}


@dataclass(frozen=True)
class Fault:
    """A line that cannot be taken: its number in the file from 1, the column, what stands there, and why."""

    line: int
    column: str
    value: str
    finding: Finding


@dataclass(frozen=True)
class Roll:
    """What a file says."""

    drafts: tuple[OfficialDraft, ...]
    faults: tuple[Fault, ...]


def read(name: str, data: bytes, units: Mapping[str, str]) -> Roll:
    """The lines of a file by its name and bytes. Raises Refused for one that cannot be read at all.

    `units`: the key of each unit by its key and by its names, where a name is one unit's alone.
    """
    rows = _rows(name, data)
    head = [cells.text(cell).casefold() for cell in rows[0]] if rows else []
    at = {what: head.index(one) for what, names in COLUMNS.items() for one in names if one in head}
    missing = [what for what in NEEDED if what not in at]
    if missing:
        message = N_("The first line names no column for %(missing)s; columns are %(known)s.")
        raise refuse("no-columns", message, missing=", ".join(missing), known=", ".join(COLUMNS))
    if len(rows) - 1 > MOST_LINES:
        raise refuse("too-many-lines", N_("Take in at most %(most)s lines at once."), most=MOST_LINES)
    drafts: list[OfficialDraft] = []
    faults: list[Fault] = []
    for line, row in enumerate(rows[1:], 2):
        said = {what: row[place] if place < len(row) else "" for what, place in at.items()}
        if not any(cells.text(cell) for cell in said.values()):
            continue
        try:
            drafts.append(_draft(said, units))
        except _Bad as bad:
            faults.append(Fault(line, bad.column, cells.text(said.get(bad.column, ""))[:100], bad.finding))
    return Roll(tuple(drafts), tuple(faults))


class _Bad(Exception):
    """A cell that cannot be taken."""

    def __init__(self, column: str, code: str, message: str, **values: object) -> None:
        super().__init__(code)
        self.column, self.finding = column, Finding(code, message, values=values)


def _draft(said: Mapping[str, Any], units: Mapping[str, str]) -> OfficialDraft:
    texts = {what: cells.text(cell) for what, cell in said.items() if what not in ("since", "until")}
    for what, most in WIDEST.items():
        if len(texts.get(what, "")) > most:
            raise _Bad(what, "too-long", N_("at most %(most)s letters"), most=most)
    if not _KEY.fullmatch(texts["key"]):
        raise _Bad("key", "bad-key", N_("a key is made of letters, digits and hyphens"))
    if texts["unit"] not in units:
        raise _Bad("unit", "unknown-unit", N_("there is no unit of this key or name"))
    duty = DUTIES.get(texts["duty"].casefold())
    if duty is None:
        raise _Bad("duty", "unknown-duty", N_("a duty is one of %(known)s"), known=", ".join(DUTIES))
    since = _day(said, "since")
    if since is None:
        raise _Bad("since", "no-date", N_("write the day from which the duty is held, such as 2024-03-01"))
    return OfficialDraft(
        key=texts["key"],
        unit=units[texts["unit"]],
        duty=duty,
        since=since,
        until=_day(said, "until"),
        name=texts.get("name", ""),
        title=texts.get("title", ""),
        account=texts.get("account", ""),
    )


def _day(said: Mapping[str, Any], column: str) -> date | None:
    try:
        return cells.day(said.get(column, ""))
    except cells.Wrong:
        raise _Bad(column, "no-date", N_("this is no date, such as 2024-03-01")) from None


def _rows(name: str, data: bytes) -> list[Sequence[object]]:
    """The cells of a workbook's first sheet, or of a text in UTF-8 or GB 18030."""
    if name.lower().endswith((".xlsx", ".xls", ".ods")):
        return _sheet(data)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return list(csv.reader(StringIO(data.decode(encoding), newline=""), strict=True))
        except (UnicodeDecodeError, csv.Error):
            continue
    raise refuse("no-text", N_("This cannot be read: save it as CSV in UTF-8, or as a workbook (.xlsx)."))


def _sheet(data: bytes) -> list[Sequence[object]]:
    import python_calamine

    source = BytesIO(data)
    try:
        if zipfile.is_zipfile(source):
            with zipfile.ZipFile(source) as parts:
                if sum(one.file_size for one in parts.infolist()) > UNPACKED:
                    raise refuse("too-big", N_("This workbook is too large: take it in parts."))
        source.seek(0)
        book = python_calamine.CalamineWorkbook.from_filelike(source)
        return [tuple(row) for row in book.get_sheet_by_index(0).iter_rows()]
    except (python_calamine.CalamineError, zipfile.BadZipFile, OSError, IndexError, ValueError) as fault:
        message = N_("This cannot be read as Excel: save it as a workbook (.xlsx) without a password.")
        raise refuse("no-workbook", message) from fault
