"""A table as an Excel sheet: what is seen on the page, with the make-up of each score."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from leitai.apps.regimes import queries as regimes
from leitai.rules.kernel import Text
from leitai.ui import words


def workbook(row: Any, view: Any, standings: Iterable[Any], known: Any) -> bytes:
    """The workbook's bytes: one sheet with a line per unit, and one that says where it comes from."""
    language = get_language() or "zh-hans"
    regime = regimes.regime_on(row.place, view.period.last)
    names = {**regime.measures, **regime.arenas}
    measures = [measure.key for measure in known.spec.measures]
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Table"))
    sheet.freeze_panes = "C2"
    for column, width in (("A", 18), ("B", 32), ("C", 8), ("D", 10), ("E", 10), ("F", 10)):
        sheet.column_dimensions[column].width = width
    head = [
        _("Group"),
        _("Unit"),
        _("Rank"),
        _("Best rank it may have"),
        _("Worst rank it may have"),
        _("Score"),
    ]
    for key in measures:
        name = names[key].name.show(language) if key in names else key
        head += [name, _("%(name)s: points") % {"name": name}]
    sheet.append([_bold(sheet, text) for text in head])
    for one in standings:
        parts = {part["measure"]: part for part in known.rows[one.group, one.unit.key]["contributions"]}
        values = [
            _named(view, one.group, language),
            one.unit.name,
            one.rank,
            one.rank_low,
            one.rank_high,
            _float(one.score),
        ]
        for key in measures:
            part = parts.get(key)
            values += [_float(part["raw"]), _float(part["points"])] if part else [None, None]
        sheet.append([_safe(value) for value in values])
    about = book.create_sheet(_("Where it comes from"))
    about.column_dimensions["A"].width = 24
    about.column_dimensions["B"].width = 80
    for label, value in (
        (_("Place"), row.place.name),
        (_("Arena"), view.name.show(language)),
        (_("Period"), words.period(row.period)),
        (_("Edition"), row.edition),
        (_("Digest"), row.digest),
        (_("Rule-book"), row.regime_digest),
        (
            _("Published"),
            words.instant(row.published_at, row.place.zone) if row.published_at else _("not published"),
        ),
    ):
        about.append([_bold(about, label), _safe(value)])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _bold(sheet: Any, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=_safe(text))
    cell.font = Font(bold=True)
    return cell


def _named(view: Any, group: str, language: str) -> str:
    text: Text | None = view.groups.get(group)
    return text.show(language) if text else group


def _float(value: Any) -> float | None:
    return None if value is None else float(value)


def _safe(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula is kept a text."""
    if not isinstance(value, str):
        return value
    value = ILLEGAL_CHARACTERS_RE.sub(" ", value)  # what Excel has no place for would stop the whole sheet
    return "'" + value if value[:1] in ("=", "+", "-", "@") else value
