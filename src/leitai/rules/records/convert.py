"""A map and a table's first line make a converter, which makes of each row a draft or says why not.

What can be taken is taken: a row is rejected whole, with column, value and the first reason found, and
the next is looked at. Drafts name units as the table does; whoever stores them finds or makes the units.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from leitai.rules.ballots import Grade
from leitai.rules.kernel import N_, Finding, Period, PeriodError, PeriodKind, nearest

from .cells import Wrong, day, instant, once, text
from .columns import BadCell, Table, wrong_cell
from .drafts import BallotRow, CaseRow, Cells, Context, Draft, ReadingRow, Rejected, ServiceRow, UnitRow
from .model import (
    AnyMap,
    BallotColumns,
    BallotsMap,
    CaseColumns,
    CasesMap,
    Minus,
    ParsedMap,
    PeriodColumn,
    ReadingColumns,
    ReadingsMap,
    ServiceColumns,
    ServicesMap,
    Sum,
    UnitColumns,
    UnitsMap,
    named_columns,
)

Read = Callable[[Cells, int], Draft]


class Converter:
    """Makes drafts of the rows of one table."""

    def __init__(self, read: Read, width: int) -> None:
        self._read = read
        self._width = width

    def __call__(self, cells: Cells, row: int) -> Draft | Rejected:
        """The draft of a row, or why there is none. `row` counts the table's rows from 1."""
        if len(cells) != self._width:
            if len(cells) < self._width or any(text(cell) for cell in cells[self._width :]):
                values = {"found": len(cells), "wanted": self._width}
                message = N_("the row has %(found)s cells where the first line names %(wanted)s columns")
                return Rejected("", "", Finding("row-width", message, values=values))
            cells = cells[: self._width]
        try:
            return self._read(cells, row)
        except BadCell as wrong:
            return Rejected(wrong.column, wrong.value, wrong.finding)


def bind(
    parsed: ParsedMap, columns: Sequence[str], context: Context
) -> tuple[Converter | None, tuple[Finding, ...]]:
    """The converter of a table with these columns, or everything in the map that does not fit the table."""
    of = parsed.map
    if of is None:
        return None, parsed.findings
    findings = [
        found
        for path, name in named_columns(of)
        if (found := _column_fault(name, columns)) is not None and (found := _at(found, parsed, path))
    ]
    if isinstance(of, BallotsMap) and context.scale is not None:
        for said, key in of.grades.items():
            wrong = context.scale.read(key)
            if isinstance(wrong, Finding):
                findings.append(_at(wrong, parsed, ("grades", said)))
    if findings:
        return None, tuple(sorted(findings, key=lambda one: one.where))
    table = Table(columns, context, ZoneInfo(of.zone) if of.zone else context.zone, of.times)
    return Converter(_reader(of, table), len(columns)), ()


def _reader(of: AnyMap, table: Table) -> Read:
    if isinstance(of, UnitsMap):
        return _units(of.columns, table)
    if isinstance(of, CasesMap):
        return _cases(of.columns, table)
    if isinstance(of, BallotsMap):
        return _ballots(of, of.columns, table)
    if isinstance(of, ServicesMap):
        return _services(of.columns, table)
    return _readings(of, of.columns, table)


def _column_fault(name: str, columns: Sequence[str]) -> Finding | None:
    times = sum(one == name for one in columns)
    if times == 1:
        return None
    values = {"name": name, "near": nearest(name, columns), "known": ", ".join(columns)[:300]}
    if times:
        return Finding(
            "column-twice", N_("the table has two columns “%(name)s”; give one another name"), values=values
        )
    if values["near"]:
        message = N_("the table has no column “%(name)s”; the nearest is “%(near)s”")
    else:
        message = N_("the table has no column “%(name)s”; it has %(known)s")
    return Finding("no-column", message, values=values)


def _at(finding: Finding, parsed: ParsedMap, path: tuple[object, ...]) -> Finding:
    return Finding(finding.code, finding.message, parsed.positions.value(*path), finding.values)


def _units(columns: UnitColumns, table: Table) -> Read:
    key = table.needed(columns.key)

    def optional(column: str | None) -> Callable[[Cells], str | None]:
        return table.text(column) if column else lambda _cells: None

    name_zh, name_en, parent, kind, tags = (
        optional(column)
        for column in (columns.name_zh, columns.name_en, columns.parent, columns.kind, columns.tags)
    )

    def read(cells: Cells, _row: int) -> UnitRow:
        said = key(cells)
        if len(said) > 100 or not all(one.isalnum() or one in "-_" for one in said):
            message = N_("a key has letters, digits, hyphens and at most 100 of them")
            raise wrong_cell(columns.key, said, "bad-key", message)
        listed = tags(cells)
        parted = listed and listed.replace("；", ";").split(";")
        return UnitRow(
            said,
            name_zh(cells),
            name_en(cells),
            parent(cells),
            kind(cells),
            None if listed is None else tuple(tag.strip() for tag in parted or () if tag.strip()),
        )

    return read


def _cases(columns: CaseColumns, table: Table) -> Read:
    source_id, unit, title = (
        table.source_id(columns.source_id),
        table.unit(columns.unit),
        table.needed(columns.title),
    )
    opened, closed = table.when(columns.opened), table.instant(columns.closed)
    due = table.instant(columns.due, past=False)
    place, channel = table.text(columns.place), table.text(columns.channel)

    def read(cells: Cells, row: int) -> CaseRow:
        began, over = opened(cells), closed(cells)
        if over is not None and over < began:
            # Of two moments that the clocks called by this name, the one after the opening is meant.
            over = instant(cells[table.at[str(columns.closed)]], table.zone, table.times, fold=1)
            if over is None or over < began:
                at = text(cells[table.at[columns.opened]])
                raise wrong_cell(
                    str(columns.closed), cells[table.at[str(columns.closed)]], "closed-before-opened",
                    N_("it was closed before it was opened, %(opened)s"), opened=at,
                )  # fmt: skip
        return CaseRow(
            source_id(cells, row),
            unit(cells),
            title(cells),
            began,
            due(cells),
            over,
            place(cells),
            channel(cells),
        )

    return read


def _ballots(of: BallotsMap, columns: BallotColumns, table: Table) -> Read:
    source_id, unit, cast_at = (
        table.source_id(columns.source_id),
        table.unit(columns.unit),
        table.when(columns.cast_at),
    )
    graded, channel, reason = (
        table.needed(columns.grade),
        table.text(columns.channel),
        table.text(columns.reason),
    )
    standing = table.text(columns.standing)
    scale = table.context.scale
    if scale is None:
        raise ValueError("verdicts are read against a scale")

    @once
    def grade(said: str) -> str:
        found: Grade | Finding = scale.read(of.grades.get(said, said))
        if isinstance(found, Finding):
            raise BadCell(columns.grade, said, found)
        return found.key

    @once
    def stands(said: str) -> str:
        found = of.standings.get(said, said) if said else "counted"
        if found not in ("counted", "upheld", "set_aside"):
            message = N_("this is not a standing; the standings are counted, upheld, set_aside")
            raise wrong_cell(str(columns.standing), said, "bad-standing", message)
        return found

    bad = {one.key for one in scale.grades if one.bad}

    def read(cells: Cells, row: int) -> BallotRow:
        found, became, why = grade(graded(cells)), stands(standing(cells)), reason(cells)
        if became == "upheld" and found not in bad:
            message = N_("only a bad verdict is upheld, and this is %(grade)s")
            raise wrong_cell(str(columns.standing), standing(cells), "upheld-good", message, grade=found)
        if became == "set_aside" and not why:
            raise wrong_cell(
                columns.reason or "", "", "no-reason", N_("a verdict set aside needs its reason")
            )
        return BallotRow(
            source_id(cells, row),
            unit(cells),
            found,
            cast_at(cells),
            channel(cells) or "imported",
            became,
            why,
        )

    return read


def _services(columns: ServiceColumns, table: Table) -> Read:
    source_id, unit, served_at = (
        table.source_id(columns.source_id),
        table.unit(columns.unit),
        table.when(columns.served_at),
    )
    contact = table.text(columns.contact)
    number, point = _whole(columns.number, table), _whole(columns.point, table)

    def read(cells: Cells, row: int) -> ServiceRow:
        to = contact(cells)
        if len(to) > 200:
            raise wrong_cell(
                str(columns.contact),
                to,
                "long-contact",
                N_("a telephone or mail address is shorter than this"),
            )
        return ServiceRow(
            source_id(cells, row), unit(cells), served_at(cells), to, number(cells), point(cells)
        )

    return read


def _whole(column: str | None, table: Table) -> Callable[[Cells], int | None]:
    """A whole number of a column, None where the cell is empty."""
    number = table.number(column)

    def read(cells: Cells) -> int | None:
        found = number(cells)
        if found is None:
            return None
        if found != int(found) or not 0 <= found < 1 << 53:
            raise wrong_cell(str(column), found, "not-whole", N_("a whole number is needed here"))
        return int(found)

    return read


def _readings(of: ReadingsMap, columns: ReadingColumns, table: Table) -> Read:
    source_id, unit, period = (
        table.source_id(columns.source_id),
        table.unit(columns.unit),
        _period(columns.period, table),
    )
    value, target = table.number(columns.value), table.number(columns.target)
    above = table.amount(columns.numerator) if columns.numerator is not None else None
    below = table.amount(columns.denominator) if columns.denominator is not None else None
    measured = table.needed(columns.measure) if columns.measure is not None else None
    known = table.context.measures

    def measure(said: str) -> str:
        if known is not None and said not in known:
            near = nearest(said, known) or "-"
            message = N_("the rule-book has no measure %(key)s; the nearest is %(near)s")
            raise wrong_cell(str(columns.measure), said, "unknown-measure", message, key=said, near=near)
        return said

    def read(cells: Cells, row: int) -> ReadingRow:
        number, over, under = value(cells), above and above(cells), below and below(cells)
        if columns.value is not None and number is None:
            raise wrong_cell(columns.value, "", "empty", N_("this is empty and must not be"))
        if over is not None and over < 0:
            raise wrong_cell(
                _part(columns.numerator),
                over,
                "bad-rate",
                N_("the numerator of a rate must not be below zero"),
            )
        if under is not None and under <= 0:
            raise wrong_cell(
                _part(columns.denominator),
                under,
                "bad-rate",
                N_("the denominator of a rate must be above zero"),
            )
        of_what = measure(measured(cells)) if measured else str(of.measure)
        return ReadingRow(
            source_id(cells, row),
            unit(cells),
            of_what,
            period(cells, of_what),
            number,
            over,
            under,
            target(cells),
        )

    return read


def _period(named: PeriodColumn, table: Table) -> Callable[[Cells, str], str]:
    """The period of a row: by its key, or by a date and the kind that the map, else the rule-book, says."""
    said = table.needed(named.column)
    place, form, measures = table.at[named.column], table.times, table.context.measures or {}
    today = table.context.latest.astimezone(table.zone).date()

    def read(cells: Cells, measure: str) -> str:
        words, kind = said(cells), named.kind or measures.get(measure)
        try:
            found = Period.parse(words)
            if named.kind is not None and found.kind != named.kind:
                raise PeriodError
        except PeriodError:
            found = from_date(cells, words, kind)
        if found.first > today:
            raise wrong_cell(named.column, words, "future", N_("this period has not begun"))
        return found.key

    def from_date(cells: Cells, words: str, kind: PeriodKind | None) -> Period:
        try:
            first = day(cells[place], form) if kind is not None else None
        except Wrong:
            first = None
        if first is None or kind is None:
            message = N_(
                "this is not a period; right is 2022-W05, 2022-03, 2022-Q1, 2022-H1, 2022, or a date"
            )
            raise wrong_cell(named.column, words, "bad-period", message)
        return Period.containing(kind, first)

    return read


def _part(named: object) -> str:
    """The column to point at for a part of a rate: its own, or the first of those it is reckoned from."""
    if isinstance(named, Minus):
        return named.minus[0]
    return named.sum[0] if isinstance(named, Sum) else str(named)
