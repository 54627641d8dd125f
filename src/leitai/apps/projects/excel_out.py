"""Workbooks for the office: its own list in its own layout, and what of a file could not be taken over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from leitai.apps.ledger.errors import tell
from leitai.rules.records.sheets import BREAK, PLAN, UNITS, Column, kind_of

from .models import ImportMap
from .queries import imports as reading
from .queries.library import named


def office(layout: ImportMap, regime: Any) -> bytes:
    """The list of a layout as it stands now: the same headings, sums in the units of its columns."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "".join(letter for letter in layout.name if letter not in "[]:*?/\\")[:31] or "1"
    deep = _headings(sheet, layout.labels)
    columns = [Column(*one) for one in layout.columns]
    for number, one in enumerate(reading.standing(layout), 1):
        for at, column in enumerate(columns, 1):
            value = one.extras.get(str(at - 1)) if not column.field else _value(one, column, number, regime)
            _put(sheet, deep + number, at, value)
    sheet.freeze_panes = sheet.cell(deep + 1, 1)
    return _bytes(book)


def _headings(sheet: Any, labels: list[str]) -> int:
    """Write the headings as they stood, cells that say the same merged; how many rows they take."""
    parts = [label.split(BREAK) for label in labels]
    deep = max((len(one) for one in parts), default=1)
    for at, one in enumerate(parts, 1):
        for row, said in enumerate(one, 1):
            _put(sheet, row, at, said)
            sheet.cell(row, at).font = Font(bold=True)
            sheet.cell(row, at).alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")
        sheet.column_dimensions[get_column_letter(at)].width = min(40, 8 + 2 * max(len(said) for said in one))
        if len(one) < deep:
            sheet.merge_cells(start_row=len(one), end_row=deep, start_column=at, end_column=at)
    for row in range(deep - 1):
        first = 0
        for at in range(1, len(parts) + 1):
            same = at < len(parts) and all(
                len(one) > row + 1 and one[: row + 1] == parts[first][: row + 1]
                for one in (parts[first], parts[at])
            )
            if not same:
                if at - first > 1:
                    sheet.merge_cells(
                        start_row=row + 1, end_row=row + 1, start_column=first + 1, end_column=at
                    )
                first = at
    return deep


def _value(one: reading.Standing, column: Column, number: int, regime: Any) -> Any:
    """What a project has in a column of the layout, as the office writes it."""
    row, name = one.project, column.field
    language = get_language() or "zh-hans"
    if name == "serial":
        return number
    if name.startswith(PLAN):
        return one.plans.get(name.removeprefix(PLAN))
    if kind_of(name) in ("money", "land"):
        value = getattr(row, name)
        return None if value is None else value / UNITS[kind_of(name)].get(column.unit, Decimal(1))
    if name == "unit":
        return row.unit.name if row.unit else None
    if name == "sponsor":
        return (row.sponsor.full_name or row.sponsor.username) if row.sponsor else None
    if name == "firm":
        return row.enterprise.name if row.enterprise else row.firm
    if name in ("kind", "level", "stage"):
        key = getattr(row, name)
        return named(regime.projects, f"{name}s", key).show(language) if key else None
    if name == "chain":
        spec = regime.chains.get(row.chain)
        return spec.name.show(language) if spec else row.chain
    return getattr(row, name)


def rejects(found: reading.Account) -> bytes:
    """Every cell that was not taken with its address, what stands in it and why; then what was read with care, and rows
    that are no lines of a table."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = _("Not taken")[:31]
    faults = [*found.faults, *reading.refused(found.run)]
    _table(
        sheet,
        (_("Cell"), _("What stands there"), _("Why it was not taken")),
        [(one.at, one.value, tell(one.finding)) for one in faults],
    )
    _table(
        book.create_sheet(_("Taken for granted")[:31]),
        (_("Cell"), _("What stands there"), _("Read as"), _("What was taken for granted")),
        [(one.at, one.value, one.read, _(one.why)) for one in found.cares],
    )
    left = [(f"{sheet}!{one.row + 1}", one.text, _(one.why)) for sheet, one in found.left]
    left += [(sheet, "", _(why)) for sheet, why in found.unread]
    left += [
        (sheet.table.sheet, label, _("this column has no field here; what stands in it is kept as it is"))
        for sheet in found.sheets
        for label, column in sheet.headings
        if label and not column.field
    ]
    _table(
        book.create_sheet(_("No lines of the list")[:31]),
        (_("Row, sheet or column"), _("What stands there"), _("Why")),
        left,
    )
    return _bytes(book)


def _table(sheet: Any, head: tuple[str, ...], lines: Iterable[tuple[Any, ...]]) -> None:
    for at, said in enumerate(head, 1):
        _put(sheet, 1, at, said)
        sheet.cell(1, at).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(at)].width = 18 if at == 1 else 48
    for number, line in enumerate(lines, 2):
        for at, value in enumerate(line, 1):
            _put(sheet, number, at, value)
    sheet.freeze_panes = "A2"


def _put(sheet: Any, row: int, column: int, value: Any) -> None:
    """Words that others wrote stand as words: one that begins like a formula is marked as text."""
    if value is None or value == "":
        return
    if not isinstance(value, str):
        sheet.cell(row, column, value)
        if isinstance(value, date):
            sheet.cell(row, column).number_format = "yyyy-mm-dd"
        return
    cell = sheet.cell(row, column)
    cell.value = ILLEGAL_CHARACTERS_RE.sub(" ", value)[:32_767]
    cell.data_type = "s"


def _bytes(book: Workbook) -> bytes:
    out = BytesIO()
    write = book.save  # a workbook's, not a row's
    write(out)
    return out.getvalue()
