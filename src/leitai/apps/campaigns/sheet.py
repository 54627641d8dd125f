"""Campaigns in Excel: a line for each goal, with what it is judged by and as of when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from leitai.ui import words

from .queries import Campaign, Goal
from .wording import kind, light

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(place: Any, found: Iterable[Campaign], now: datetime) -> bytes:
    """The bytes of the workbook."""
    language = get_language() or "zh-hans"
    book = Workbook()
    sheet: Any = book.active
    sheet.title = _("Campaigns")[:31]
    _row(sheet, 1, (f"{place.name} · {words.instant(now, place.zone, 'full')}",))
    head = (
        _("Kind"), _("Campaign"), _("Goal"), _("Owner"), _("Due on"), _("Target"), _("Value"), _("As of"),
        _("Evidence"), _("Where it can be looked at"), _("Light"), _("Why"), _("Source"),
    )  # fmt: skip
    _row(sheet, 2, head)
    for at in (1, 2):
        for cell in sheet[at]:
            cell.font = Font(bold=True)
    at = 3
    for campaign in found:
        for goal in campaign.goals:
            _row(sheet, at, _line(campaign, goal, language))
            at += 1
    for number, width in enumerate((12, 28, 34, 24, 12, 12, 12, 12, 34, 30, 12, 30, 40), 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "D3"
    out = BytesIO()
    write = book.save  # a workbook's, not a row's
    write(out)
    return out.getvalue()


def _line(campaign: Campaign, goal: Goal, language: str) -> tuple[Any, ...]:
    shown = goal.proof
    return (
        kind(campaign.spec.of),
        campaign.spec.name.show(language),
        goal.spec.name.show(language),
        goal.owner.name if goal.owner else "",
        goal.spec.by,
        float(goal.spec.target) if goal.spec.target is not None else None,
        float(goal.value) if goal.value is not None else None,
        goal.as_of,
        shown.text if shown else "",
        shown.ref if shown else "",
        light(goal.light.colour),
        _(goal.light.why),
        goal.spec.source or campaign.spec.source,
    )


def _row(sheet: Any, row: int, values: Iterable[Any]) -> None:
    """Words that others wrote stand as words: one that begins like a formula is marked as text."""
    for at, value in enumerate(values, 1):
        if value is None or value == "":
            continue
        cell = sheet.cell(row, at)
        if isinstance(value, str):
            cell.value = ILLEGAL_CHARACTERS_RE.sub(" ", value)[:32_767]
            cell.data_type = "s"
        else:
            cell.value = value
