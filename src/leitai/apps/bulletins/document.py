"""A table as a Word document: plain, with every rank's interval beside it, and what stands behind it at the foot."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from leitai.ui import words

FONTS = {"title": "方正小标宋简体", "body": "仿宋_GB2312", "head": "黑体"}
FALLBACK = {"title": "SimSun", "body": "FangSong", "head": "SimHei"}


def draw_up(view: Any, standings: Sequence[Any], place: Any, now: datetime) -> tuple[str, bytes]:
    """(title, bytes of a .docx) of a table; the language is the one that is active."""
    language = get_language() or "zh-hans"
    title = _("%(place)s: %(arena)s, %(period)s") % {
        "place": place.name,
        "arena": view.name.show(language),
        "period": words.period(view.period.key),
    }
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    _paragraph(document, title, "title", 22, WD_ALIGN_PARAGRAPH.CENTER)
    if place.sample:
        _paragraph(document, _("Sample data: no real unit is meant."), "body", 14, WD_ALIGN_PARAGRAPH.CENTER)
    for group, name in view.groups.items():
        rows = [one for one in standings if one.group == group]
        if rows:
            _paragraph(document, name.show(language), "head", 16)
            _table(document, rows)
    _paragraph(
        document,
        _(
            "Rank intervals hold at 95 %% for the whole group; a unit without a rank has too little to be judged by."
        )
        % {},
        "body",
        12,
    )
    _paragraph(
        document,
        _("Edition %(edition)s, digest %(digest)s, drawn up %(at)s.")
        % {
            "edition": view.table.edition,
            "digest": view.table.digest[:16],
            "at": now.astimezone(place.zone).strftime("%Y-%m-%d %H:%M"),
        },
        "body",
        12,
    )
    out = io.BytesIO()
    document.core_properties.created = document.core_properties.modified = now.replace(tzinfo=None)
    document.core_properties.author = place.name
    document.core_properties.title = title
    document.save(out)
    return title[:200], out.getvalue()


def _paragraph(document: Any, text: str, font: str, size: int, align: Any = None) -> None:
    paragraph = document.add_paragraph()
    if align is not None:
        paragraph.alignment = align
    _set_font(paragraph.add_run(text), font, size)


def _set_font(run: Any, font: str, size: int) -> None:
    run.font.size = Pt(size)
    run.font.name = FALLBACK[font]
    run._element.rPr.rFonts.set(qn("w:eastAsia"), FONTS[font])


def _table(document: Any, rows: Sequence[Any]) -> None:
    columns = (_("Rank"), _("Rank may be"), _("Unit"), _("Score"))
    grid = document.add_table(rows=1, cols=len(columns))
    grid.style = "Table Grid"
    for cell, text in zip(grid.rows[0].cells, columns, strict=True):
        _set_font(cell.paragraphs[0].add_run(text), "head", 12)
    for one in rows:
        texts = (
            str(one.rank) if one.rank else "—",
            f"{one.rank_low}–{one.rank_high}" if one.rank else _("too few to judge"),
            "".join(letter if letter.isprintable() else " " for letter in one.unit.name),
            str(one.score.normalize()) if one.score is not None else "—",
        )
        for cell, text in zip(grid.add_row().cells, texts, strict=True):
            _set_font(cell.paragraphs[0].add_run(text), "body", 12)
