"""The list of projects in Excel, as it is seen: a line each, sums in ten thousands of yuan, the light in words."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from . import wording
from .queries.library import memberships, named

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WAN = Decimal(10_000)


def title() -> str:
    """What the workbook is called."""
    return _("Projects")


def workbook(visit: Any, rows: Iterable[Any], spec: Any) -> bytes:
    """The bytes of the workbook."""
    language = get_language() or "zh-hans"
    found = list(rows)
    held = memberships(found)
    columns = (
        (_("Code"), 16), (_("Project"), 40), (_("Kind"), 16), (_("Level"), 12), (_("Libraries"), 30),
        (_("Stage"), 12), (_("In this stage since"), 14), (_("Light"), 14), (_("Days behind the plan"), 12),
        (_("Days excused"), 12), (_("Next milestone planned for"), 14), (_("As of"), 12), (_("Unit"), 24),
        (_("Enterprise"), 28), (_("Where"), 28), (_("Land, mu"), 10),
        *((_("%(sum)s, ten thousand yuan") % {"sum": wording.SUMS[what]()}, 16) for what in wording.SUMS),
    )  # fmt: skip
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title()[:31])
    sheet.freeze_panes = "C3"
    for index, (_name, width) in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.append([_bold(sheet, f"{visit.place.name} · {title()}")])
    sheet.append([_bold(sheet, name) for name, _width in columns])
    for row in found:
        values = (
            row.code,
            row.name,
            named(spec, "kinds", row.kind).show(language) if row.kind else "",
            named(spec, "levels", row.level).show(language) if row.level else "",
            "; ".join(named(spec, "libraries", key).show(language) for key in held.get(row.pk, ())),
            named(spec, "stages", row.stage).show(language),
            row.stage_since,
            wording.LIGHTS[row.light](),
            row.slip,
            row.excused,
            row.next_on,
            row.judged_on,
            row.unit.name if row.unit else "",
            row.enterprise.name if row.enterprise else row.firm,
            row.where,
            row.land,
            *(_wan(getattr(row, what)) for what in wording.SUMS),
        )
        sheet.append([_cell(sheet, value) for value in values])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _wan(value: Decimal | None) -> Decimal | None:
    return None if value is None else value / WAN


def _bold(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: Any, value: Any) -> Any:
    """Words that others wrote stand as words: one that begins like a formula is marked as text."""
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub(" ", value)[:32_767])
    cell.data_type = "s"
    return cell
