"""Readers of single columns of a table, by name: each takes a row's cells and raises what it cannot use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from decimal import Decimal

from leitai.rules.kernel import N_, Finding

from .cells import Wrong, instant, number, text
from .drafts import Cells, Context, UnitCell
from .model import Minus, RowNumber, Sum, UnitColumn


class BadCell(Exception):
    """A cell that cannot be used, on its way out of a row."""

    def __init__(self, column: str, value: object, finding: Finding) -> None:
        super().__init__(finding.message)
        self.column, self.value, self.finding = column, text(value)[:300], finding


def wrong_cell(column: str, value: object, code: str, message: str, **values: object) -> BadCell:
    return BadCell(column, value, Finding(code, message, values=values))


class Table:
    """Readers of single columns, by name: each takes a row's cells, raises BadCell for what it can't use."""

    def __init__(self, columns: Sequence[str], context: Context, zone: tzinfo, times: str | None) -> None:
        self.at = {name: place for place, name in enumerate(columns)}
        self.context, self.zone, self.times = context, zone, times

    def text(self, column: str | None) -> Callable[[Cells], str]:
        if column is None:
            return lambda _cells: ""
        place = self.at[column]
        return lambda cells: text(cells[place])

    def needed(self, column: str) -> Callable[[Cells], str]:
        place = self.at[column]

        def read(cells: Cells) -> str:
            said = text(cells[place])
            if not said:
                raise wrong_cell(column, "", "empty", N_("this is empty and must not be"))
            return said

        return read

    def instant(self, column: str | None, *, past: bool = True) -> Callable[[Cells], datetime | None]:
        if column is None:
            return lambda _cells: None
        place, zone, form, latest = self.at[column], self.zone, self.times, self.context.latest

        def read(cells: Cells) -> datetime | None:
            cell = cells[place]
            try:
                found = instant(cell, zone, form)
            except Wrong as wrong:
                raise BadCell(column, cell, wrong.finding) from None
            if past and found is not None and found > latest:
                raise wrong_cell(column, cell, "future", N_("this time is yet to come"))
            return found

        return read

    def when(self, column: str) -> Callable[[Cells], datetime]:
        read, place = self.instant(column), self.at[column]

        def always(cells: Cells) -> datetime:
            found = read(cells)
            if found is None:
                raise wrong_cell(column, cells[place], "empty", N_("this is empty and must not be"))
            return found

        return always

    def source_id(self, named: str | tuple[str, ...] | RowNumber) -> Callable[[Cells, int], str]:
        longest, digest = self.context.longest, self.context.digest[:16]
        if isinstance(named, RowNumber):
            return lambda _cells, row: f"{digest}/{row}"
        parts = (named,) if isinstance(named, str) else named
        readers = tuple(self.needed(part) for part in parts)
        single = readers[0] if len(readers) == 1 else None

        def read(cells: Cells, _row: int) -> str:
            found = single(cells) if single else "/".join(reader(cells) for reader in readers)
            if len(found) > longest:
                message = N_("a source id may have %(longest)s characters here, and this has %(length)s")
                raise wrong_cell(parts[0], found, "long-id", message, longest=longest, length=len(found))
            return found

        return read

    def unit(self, named: UnitColumn) -> Callable[[Cells], UnitCell]:
        read = self.needed(named.column)
        above = named.make.parent if named.make else None
        if above is None:
            return lambda cells: UnitCell(read(cells))
        parent = self.text(above.column)
        return lambda cells: UnitCell(read(cells), parent(cells))

    def number(self, column: str | None) -> Callable[[Cells], Decimal | None]:
        if column is None:
            return lambda _cells: None
        place = self.at[column]

        def read(cells: Cells) -> Decimal | None:
            try:
                return number(cells[place])
            except Wrong as wrong:
                raise BadCell(column, cells[place], wrong.finding) from None

        return read

    def amount(self, named: str | Minus | Sum) -> Callable[[Cells], Decimal]:
        columns = (
            (named,) if isinstance(named, str) else named.minus if isinstance(named, Minus) else named.sum
        )
        readers = tuple((column, self.number(column)) for column in columns)
        sign = -1 if isinstance(named, Minus) else 1

        def read(cells: Cells) -> Decimal:
            total = Decimal(0)
            for place, (column, reader) in enumerate(readers):
                found = reader(cells)
                if found is None:
                    raise wrong_cell(column, "", "empty", N_("this is empty and must not be"))
                total += found * sign if place else found
            return total

        return read
