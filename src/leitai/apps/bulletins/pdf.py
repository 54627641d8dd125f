"""A bulletin's sheets as PDF. Every letter is put where `paper.py` says; nothing is laid out here."""

from __future__ import annotations

import io

from reportlab.lib.colors import HexColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from . import layout as gb
from .fonts import written
from .lines import is_wide
from .paper import sheets
from .sheet import Paper, Set, Sheet

ASCENT = 0.86  # of a letter's height, above the line that Chinese letters stand on


def drawn(paper: Paper) -> bytes:
    """The PDF of a bulletin; the same bytes each time on a machine with the same fonts."""
    out = io.BytesIO()
    size = (gb.PAGE[0] * gb.MM, gb.PAGE[1] * gb.MM)
    canvas = Canvas(out, pagesize=size, invariant=1, lang="zh-CN" if paper.chinese else "en")
    canvas.setTitle(" ".join(one for one in (paper.number, paper.title) if one))
    canvas.setAuthor(paper.signed)
    canvas.setSubject(paper.banner)
    for sheet in sheets(paper, _measured if paper.chinese else _measure):
        _draw(canvas, sheet)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _measure(face: str, piece: str) -> float:
    """How wide a piece is in letters, by the fonts that it will be set in."""
    return sum(pdfmetrics.stringWidth(part, font, 100) for font, part in written(face, piece)) / 100


def _measured(face: str, piece: str) -> float:
    """The same in a Chinese text: a Chinese letter takes its whole place, whatever the font says of it."""
    return sum(1.0 if is_wide(letter) else _measure(face, letter) for letter in piece)


def _draw(canvas: Canvas, sheet: Sheet) -> None:
    for rule in sheet.rules:
        canvas.setStrokeColor(HexColor(f"#{rule.colour}"))
        canvas.setLineWidth(rule.thick * gb.MM)
        canvas.line(rule.x * gb.MM, _up(rule.y), rule.x2 * gb.MM, _up(rule.y2))
    for line in sheet.lines:
        _write(canvas, line)


def _write(canvas: Canvas, line: Set) -> None:
    text = canvas.beginText()
    text.setFillColor(HexColor(f"#{line.colour}"))
    base = _up(line.y) - ASCENT * line.size
    for piece, x in line.pieces:
        text.setTextOrigin(x * gb.MM, base)
        for font, part in written(line.face, piece):
            text.setFont(font, line.size)
            text.textOut(part)
    canvas.drawText(text)


def _up(y: float) -> float:
    """Points above the page's lower edge, of mm below its upper one."""
    return (gb.PAGE[1] - y) * gb.MM
