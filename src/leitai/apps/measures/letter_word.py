"""A responsibility letter as a Word document on A4: who with whom, for what, each side's confirmation, the digest."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from leitai.ui import words

from .models import Letter
from .queries import plain

_FONTS = {
    "title": ("方正小标宋简体", "SimSun"),
    "body": ("仿宋_GB2312", "FangSong"),
    "head": ("黑体", "SimHei"),
}


def write(row: Letter, terms: Sequence[tuple[str, Any, str, Decimal]], *, altered: bool) -> bytes:
    """The bytes of a .docx of a letter; one that is no longer as signed says so in its first line."""
    language = get_language() or "zh-hans"
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    if altered:
        _line(document, _("This is no longer what was signed."), "head", 16)
    _line(document, row.title, "title", 22, WD_ALIGN_PARAGRAPH.CENTER)
    _line(document, row.document, "body", 14, WD_ALIGN_PARAGRAPH.CENTER)
    if row.place.sample:
        _line(document, _("Sample data: no real unit is meant."), "body", 14, WD_ALIGN_PARAGRAPH.CENTER)
    for name, said in parties(row):
        _line(document, f"{name}{_(': ')}{said}", "body", 16)
    table = document.add_table(rows=1, cols=3)
    table.style = "Table Grid"
    for cell, said in zip(table.rows[0].cells, (_("Measure"), _("Period"), _("Target")), strict=True):
        _in(cell, said, "head")
    for measure, spec, period, target in terms:
        unit = spec.unit.show(language) if spec is not None and spec.unit else ""
        cells = table.add_row().cells
        _in(cells[0], spec.name.show(language) if spec is not None else measure, "body")
        _in(cells[1], words.period(period), "body")
        _in(cells[2], f"{plain(target)} {unit}".strip(), "body")
    for name, who, at in sides(row):
        _line(document, f"{name}{_(': ')}{who or _('not yet')}{f' · {at}' if at else ''}", "body", 14)
    _line(document, f"{_('Digest of the text')}{_(': ')}{row.digest}", "body", 9)
    out = io.BytesIO()
    document.core_properties.created = document.core_properties.modified = row.drafted_at.replace(tzinfo=None)
    document.core_properties.author, document.core_properties.title = row.place.name, row.title
    document.save(out)
    return out.getvalue()


def parties(row: Letter) -> tuple[tuple[str, str], ...]:
    """What the letter's head says: what is said, and of whom or for when."""
    return (
        (_("Who sets the targets"), row.place.name),
        (_("Who signs for them"), row.unit.name),
        (_("Period"), words.period(row.period)),
    )


def sides(row: Letter) -> tuple[tuple[str, str, str], ...]:
    """Each side's confirmation: side, account, instant; both empty where it has not confirmed."""
    return tuple(
        (name, words.who(by) if by else "", words.instant(at, row.place.zone, "full") if at else "")
        for name, by, at in (
            (_("the unit"), row.unit_by, row.unit_at),
            (_("the office"), row.office_by, row.office_at),
        )
    )


def _in(cell: Any, text: str, font: str) -> None:
    _set(cell.paragraphs[0].add_run(text), font, 12)


def _line(document: Any, text: str, font: str, size: float, align: Any = None) -> None:
    paragraph = document.add_paragraph()
    if align is not None:
        paragraph.alignment = align
    _set(paragraph.add_run(text), font, size)


def _set(run: Any, font: str, size: float) -> None:
    first, fallback = _FONTS[font]
    run.font.name, run.font.size = fallback, Pt(size)
    run._element.rPr.rFonts.set(qn("w:eastAsia"), first)
