"""The lines of a table as values of projects: what was read, from which cell, and every cell that was not, with why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from leitai.rules.kernel import N_, Finding

from ..cells import Wrong, text
from .amounts import NOTHING, amount, plain
from .days import span
from .grid import Line, Table, address
from .headings import Column, kind_of

Words = Mapping[str, Mapping[str, str]]  # for each field that takes a key: a name without blanks → its key
Value = str | Decimal | float | date

LONGEST = {"code": 60, "name": 300, "where": 200, "firm": 200, "about": 4000}
_ERRORS = {"#ref!", "#n/a", "#value!", "#div/0!", "#name?", "#null!", "#num!", "#spill!", "#calc!"}
_NO_FORMULA = "\x00"


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that was not taken: its sheet and address ("Sheet1!C7"), what stands in it, why."""

    at: str
    value: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Care:
    """A cell that was read by taking something for granted: where, what stands in it, what was read, what was taken."""

    at: str
    value: str
    read: str
    why: str


@dataclass(frozen=True)
class Row:
    """A project as a line says it: values by field (sums in yuan, land in mu), the cell of each, what has no field."""

    row: int
    values: Mapping[str, Value]
    at: Mapping[str, str]
    extras: Mapping[int, str]


@dataclass(frozen=True)
class Read:
    """What was read of a table."""

    sheet: str
    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]
    cares: tuple[Care, ...]


@dataclass
class _Desk:
    """What a table is read with, and what could not be read so far."""

    table: Table
    columns: Sequence[Column]
    words: Words
    year: int | None
    shared: Counter[tuple[int, int]]
    faults: list[Fault] = field(default_factory=list)
    cares: list[Care] = field(default_factory=list)

    def where(self, at: tuple[int, int]) -> str:
        return f"{self.table.sheet}!{address(*at)}"


def uncomputed() -> str:
    """What stands in a cell whose formula was never worked out by the program that wrote the file."""
    return _NO_FORMULA


def read(table: Table, columns: Sequence[Column], words: Words, year: int | None) -> Read:
    """The table's lines by the columns' fields; `year` is what days without one are of."""
    shared = Counter(one for line in table.lines for one in line.at)
    desk = _Desk(table, columns, words, year, shared)
    rows: list[Row] = []
    seen: dict[str, str] = {}
    for line in table.lines:
        row = _row(desk, line)
        if "name" not in row.values:
            desk.faults.append(_nameless(desk, line))
            continue
        known = f"code {row.values['code']}" if "code" in row.values else f"name {plain(row.values['name'])}"
        if known in seen:
            finding = Finding(
                "twice", N_("the same project stands in %(other)s"), values={"other": seen[known]}
            )
            desk.faults.append(Fault(row.at["name"], str(row.values["name"]), finding))
            continue
        seen[known] = row.at["name"]
        rows.append(row)
    return Read(table.sheet, tuple(rows), tuple(desk.faults), tuple(desk.cares))


def _row(desk: _Desk, line: Line) -> Row:
    values: dict[str, Value] = {}
    at: dict[str, str] = {}
    extras: dict[int, str] = {}
    for number, (column, cell, place) in enumerate(zip(desk.columns, line.cells, line.at, strict=False)):
        if not column.field or column.field == "serial":
            if not column.field and text(cell):
                extras[number] = shown(cell)[:1000]
            continue
        at[column.field] = desk.where(place)
        try:
            value = _value(desk, column, cell, place)
        except Wrong as wrong:
            desk.faults.append(Fault(at[column.field], shown(cell)[:300], wrong.finding))
            continue
        if value is not None:
            values[column.field] = value
    return Row(line.row, values, at, extras)


def _nameless(desk: _Desk, line: Line) -> Fault:
    name = next(number for number, column in enumerate(desk.columns) if column.field == "name")
    said = " | ".join(shown(cell) for cell in line.cells if text(cell))[:300]
    return Fault(
        desk.where((line.row, name)), said, Finding("no-name", N_("this line does not say its project"))
    )


def _value(desk: _Desk, column: Column, cell: object, place: tuple[int, int]) -> Value | None:
    """What a cell says of its field, None for an empty one. Raises Wrong."""
    what = kind_of(column.field)
    if cell == _NO_FORMULA:
        raise Wrong("no-value", N_("this formula has no value; open the file, let it be worked out, save it"))
    if plain(cell) in _ERRORS:
        raise Wrong("error-value", N_("this is an error of the spreadsheet"))
    if what in ("money", "land"):
        if desk.shared[place] > 1 and plain(cell) not in NOTHING:
            raise Wrong("merged-sum", N_("one merged cell for several lines: nothing says whose sum it is"))
        found = amount(cell, column.unit, what)
        if found is not None and found.care:
            desk.cares.append(Care(desk.where(place), shown(cell), str(found.value), found.care))
        return found.value if found else None
    if what == "day":
        days = span(cell, desk.year)
        if days is not None and days.care:
            desk.cares.append(Care(desk.where(place), shown(cell), days.last.isoformat(), days.care))
        return days.last if days else None
    said = " ".join(shown(cell).split())
    if plain(said) in NOTHING:
        return None
    if what == "degrees":
        return _degrees(said)
    if what == "key":
        return _key(desk, column.field, said)
    if len(said) > LONGEST[column.field]:
        raise Wrong("too-long", N_("this is longer than %(most)s characters"), most=LONGEST[column.field])
    return said


def _degrees(said: str) -> float:
    try:
        return float(said.rstrip("°EN"))
    except ValueError:
        raise Wrong("bad-number", N_("this is not a number")) from None


def _key(desk: _Desk, name: str, said: str) -> str:
    found = desk.words.get(name, {}).get(plain(said))
    if found is None:
        message = N_("the house knows nothing by this name; say what it means, once for all")
        raise Wrong("unknown-word", message, field=name)
    return found


def shown(cell: object) -> str:
    """A cell as people see it."""
    if cell == _NO_FORMULA:
        return "="
    if isinstance(cell, datetime) and cell.time().isoformat() == "00:00:00":
        return cell.date().isoformat()
    return text(cell)
