"""An office's ledger of problems (台账) as a workbook, read as offices write them: what of it can be opened as cases.

Such a sheet has a title above, its head in some row below, columns called this or that, dates in any shape. So the
head is the row with most columns that are known, and each row says by line, column and reason why it cannot be
taken. What can be taken is opened one by one, each once: by its reference, or by what it says where it has none.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from hashlib import sha256
from io import BytesIO

from leitai.apps.ledger.errors import refuse
from leitai.rules.kernel import N_, Finding
from leitai.rules.ledger import canonical
from leitai.rules.records.cells import Wrong, instant, text

HEAD_WITHIN = 20  # rows in which the head is looked for
UNPACKED = 64 << 20  # bytes of a workbook's parts
TITLE, TEXT, WHERE, UNIT, OPENED, DUE, REF, STATE = (
    "title", "text", "where", "unit", "opened", "due", "ref", "state",
)  # fmt: skip
# What columns are called, in the order in which they are tried: whole names first, then what a name contains.
NAMES: Mapping[str, tuple[str, ...]] = {
    REF: ("编号", "案号", "受理编号", "问题编号", "工单号", "工单编号", "reference", "ref", "case number", "id"),
    TITLE: (
        "事项", "问题", "问题描述", "存在问题", "问题内容", "主要内容", "诉求内容", "反映问题", "内容",
        "matter", "problem", "title", "subject", "issue", "description",
    ),
    TEXT: ("备注", "说明", "详情", "详细情况", "整改要求", "notes", "note", "remarks", "details", "more"),
    WHERE: ("地点", "位置", "地址", "所在地", "点位", "where", "place", "location", "address"),
    UNIT: (
        "责任单位", "主办单位", "承办单位", "牵头单位", "整改单位", "办理单位", "单位", "责任部门",
        "unit", "responsible unit", "department", "responsible",
    ),
    OPENED: (
        "登记时间", "登记日期", "交办时间", "交办日期", "发现时间", "发现日期", "受理时间", "受理日期",
        "反映时间", "日期", "时间", "opened", "date", "reported", "found on",
    ),
    DUE: (
        "办结时限", "完成时限", "整改时限", "办理时限", "办结期限", "截止时间", "截止日期", "限期", "期限", "时限",
        "due", "deadline", "due date",
    ),
    STATE: ("状态", "办理状态", "办理情况", "整改情况", "是否办结", "是否销号", "state", "status"),
}  # fmt: skip
_OVER = re.compile(
    r"^(已(办结|完成|销号|整改(到位|完成)?)|办结|销号|是|closed|done|solved|yes)$", re.IGNORECASE
)
_DAY = re.compile(r"(?:(\d{4})[年./-])?(\d{1,2})[月./-](\d{1,2})[日号]?(?:前|之前|以前)?")
_AND = re.compile(r"[、,，;；/\n\s]+")
_SERIAL = re.compile(r"\d{1,5}")  # a row's number in its sheet, which the next sheet has again
_SOLID = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DAYS_OFF = date(1899, 12, 30)  # day 0 of a spreadsheet


@dataclass(frozen=True)
class Row:
    """A row that can be opened: instants are UTC, `key` is what it is known by however often it is read."""

    line: int
    key: str
    title: str
    text: str = ""
    where: str = ""
    unit: str = ""
    opened: datetime | None = None
    due: datetime | None = None


@dataclass(frozen=True)
class Reject:
    """A row, or the whole sheet (line 0), that cannot be taken: in which column, what stands there, and why."""

    line: int
    column: str
    value: str
    finding: Finding


@dataclass(frozen=True)
class Sheet:
    """What a ledger says: rows to open, those that cannot be, and what its columns were taken for."""

    rows: tuple[Row, ...]
    rejects: tuple[Reject, ...]
    columns: Mapping[str, str] = field(default_factory=dict)


class _Bad(Exception):
    def __init__(self, column: str, value: object, finding: Finding) -> None:
        super().__init__(finding.code)
        self.column, self.value, self.finding = column, text(value)[:100], finding


def cells(data: bytes) -> list[list[object]]:
    """The cells of a workbook's first sheet. Raises Refused for what is no workbook, or too large."""
    import python_calamine

    source = BytesIO(data)
    try:
        if zipfile.is_zipfile(source):
            with zipfile.ZipFile(source) as parts:
                if sum(one.file_size for one in parts.infolist()) > UNPACKED:
                    raise refuse("too-big", N_("This workbook is too large: take it in parts."))
        source.seek(0)
        book = python_calamine.CalamineWorkbook.from_filelike(source)
        return [list(row) for row in book.get_sheet_by_index(0).iter_rows()]
    except (python_calamine.CalamineError, zipfile.BadZipFile, OSError, IndexError, ValueError) as fault:
        message = N_("This cannot be read as Excel: save it as a workbook (.xlsx) without a password.")
        raise refuse("no-workbook", message) from fault


@dataclass(frozen=True)
class Reading:
    """What rows are read for: a kind (whose key is part of theirs), at an instant, in a zone.

    unit_of: the key of a unit as it is written, "" for none there is. needs_unit: whether each row must name one.
    """

    kind: str
    zone: tzinfo
    now: datetime
    unit_of: Callable[[str], str]
    needs_unit: bool = False


def read(rows: Sequence[Sequence[object]], how: Reading) -> Sheet:
    """What the cells of a ledger say."""
    at, columns = _head(rows)
    if TITLE not in columns:
        message = N_(
            "No row of the first %(rows)s names a column for the matter (such as %(such)s): is this a ledger?"
        )
        values = {"rows": HEAD_WITHIN, "such": "问题, 事项, Matter"}
        return Sheet((), (Reject(0, "", "", Finding("no-head", message, values=values)),))
    names = {what: text(rows[at][column]) for what, column in columns.items()}
    found: list[Row] = []
    rejects: list[Reject] = []
    lines: dict[str, int] = {}
    for line, row in enumerate(rows[at + 1 :], at + 2):
        said = {what: row[column] if column < len(row) else None for what, column in columns.items()}
        if not any(text(cell) for what, cell in said.items() if what != REF):
            continue
        try:
            one = _row(line, said, names, how)
            if one.key in lines:
                message = N_("The same stands in line %(line)s already.")
                raise _Bad("", one.title, Finding("twice", message, values={"line": lines[one.key]}))
        except _Bad as bad:
            rejects.append(Reject(line, bad.column, bad.value, bad.finding))
        else:
            lines[one.key] = line
            found.append(one)
    return Sheet(tuple(found), tuple(rejects), names)


def _head(rows: Sequence[Sequence[object]]) -> tuple[int, dict[str, int]]:
    """The row that names most columns, and which column is what."""
    found = [_columns(row) for row in rows[:HEAD_WITHIN]]
    if not found:
        return 0, {}
    best = max(range(len(found)), key=lambda at: (TITLE in found[at], len(found[at]), -at))
    return best, found[best]


def _columns(row: Sequence[object]) -> dict[str, int]:
    said = [re.sub(r"[\s（(][^)）]*[)）]|\s+", " ", text(cell)).strip().casefold() for cell in row]
    said = [re.sub(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])", "", one) for one in said]
    found: dict[str, int] = {}
    for what, names in NAMES.items():
        for name in names:
            if name in said and said.index(name) not in found.values():
                found[what] = said.index(name)
                break
    for what, names in NAMES.items():
        if what in found:
            continue
        for at, one in enumerate(said):
            inside = any(name in one for name in names if len(name) > 1 and name[0] >= "\u4e00")
            if at not in found.values() and len(one) <= 12 and inside:
                found[what] = at
                break
    return found


def _row(line: int, said: Mapping[str, object], names: Mapping[str, str], how: Reading) -> Row:
    title, ref = text(said.get(TITLE)), text(said.get(REF))
    if not title:
        raise _Bad(names[TITLE], "", Finding("no-title", N_("Say in a few words what it is about.")))
    state = text(said.get(STATE))
    if _OVER.fullmatch(state):
        message = N_("It is over already; history is taken by `leitai import cases`.")
        raise _Bad(names[STATE], state, Finding("is-over", message))
    opened = _when(said.get(OPENED), names.get(OPENED, ""), how, ends=False)
    if opened is not None and opened > how.now:
        message = N_("This lies ahead: a case cannot be opened before it is known.")
        raise _Bad(names[OPENED], said.get(OPENED), Finding("ahead", message))
    due = _when(said.get(DUE), names.get(DUE, ""), how, ends=True)
    if due is not None and opened is not None and due < opened:
        message = N_("This is before the case was opened.")
        raise _Bad(names[DUE], said.get(DUE), Finding("due-before", message))
    written = text(said.get(UNIT))
    unit, others = _lead(written, how.unit_of)
    if how.needs_unit and not written:
        message = N_("This kind of case goes straight to a unit: say which.")
        raise _Bad(names.get(UNIT, ""), "", Finding("no-unit", message))
    if written and not unit:
        raise _Bad(
            names[UNIT],
            written,
            Finding("unknown-unit", N_("There is no unit %(key)s."), values={"key": written}),
        )
    where = text(said.get(WHERE))
    numbered = not ref or _SERIAL.fullmatch(ref)
    known = [how.kind, title, where, unit, text(said.get(OPENED))] if numbered else [how.kind, ref]
    key = "ledger-" + sha256(canonical(known)).hexdigest()[:40]
    more = (
        title if len(title) > 300 else "",
        text(said.get(TEXT)),
        f"{names[UNIT]}: {written}" if others else "",
    )
    whole = "\n".join(one for one in more if one)
    return Row(line, key, title[:300], whole[:5000], where[:200], unit, opened, due)


def _lead(written: str, unit_of: Callable[[str], str]) -> tuple[str, bool]:
    """The key of the unit that is written, or of the first of several, which leads; and whether there are others."""
    whole = unit_of(written) if written else ""
    parts = [one for one in _AND.split(written) if one]
    return (whole, False) if whole or len(parts) < 2 else (unit_of(parts[0]), True)


def _when(cell: object, column: str, how: Reading, *, ends: bool) -> datetime | None:
    """The instant of a messy cell. A bare day is its first moment, or with `ends` its last minute. Raises _Bad."""
    said = text(cell)
    if not said:
        return None
    zone, today = how.zone, how.now.astimezone(how.zone).date()
    try:
        day = (
            cell
            if isinstance(cell, date) and not isinstance(cell, datetime)
            else _day(cell, today, ends=ends)
        )
        if day is not None:
            at = datetime.combine(day, time(23, 59) if ends else time(), zone)
        else:
            found = instant(cell, zone)
            assert found is not None  # the cell says something
            at = found.astimezone(zone)
            bare = isinstance(cell, datetime) or not re.search(r"\d[:：时点]", said)
            if ends and bare and at.timetz().replace(tzinfo=None) == time():
                at = datetime.combine(at.date(), time(23, 59), zone)
        if abs(at.year - today.year) > 30:
            raise ValueError
        return at.astimezone(UTC)
    except (Wrong, ValueError, OverflowError):
        message = N_("This is no date that can be read; write it as 2030-01-31.")
        raise _Bad(column, cell, Finding("bad-date", message)) from None


def _day(cell: object, today: date, *, ends: bool) -> date | None:
    """The day of a cell in one of the shapes that ledgers have beside the usual; None where it is none of these."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        whole = int(cell)
        solid = _SOLID.fullmatch(str(whole))
        return date(*map(int, solid.groups())) if solid else _DAYS_OFF + timedelta(days=whole)
    said = "".join(text(cell).split())
    solid = _SOLID.fullmatch(said)
    if solid:
        return date(*map(int, solid.groups()))
    found = _DAY.fullmatch(said)
    if found is None:
        return None
    year, month, day = found.groups()
    if year:
        return date(int(year), int(month), int(day))
    # Without its year a day is the one nearest to today on the side where it must lie: a deadline may lie ahead.
    ahead = timedelta(days=183 if ends else 0)
    years = (today.year + 1, today.year, today.year - 1)
    return next(one for one in (date(y, int(month), int(day)) for y in years) if one <= today + ahead)
