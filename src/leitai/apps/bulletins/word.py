"""A bulletin as a Word document in the layout of official documents, of the same figures as the PDF (`layout.py`).

Every line of text has the exact height of a line of the grid, so that a page holds its 22 lines in whatever font stands
in for the one named; the grid of letters makes 28 of them fill the type area.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from math import floor
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor, Twips

from . import layout as gb
from .blocks import numbered
from .lines import broken, half
from .paper import closing, column_widths, mark_size, title_lines
from .sheet import Paper

# A whole number of twentieths of a point that 22 times fits the type area; rounded up it would fit 21 times.
LINE = int(gb.TYPE[1] * gb.TWIPS / gb.LINES)
# Letters of the grid in 4096ths of a point, against the size of the text that it is for.
SPACE = round((gb.CELL * gb.MM - gb.SIZE_3) * 4096)
LETTER = round(gb.CELL * gb.TWIPS)
# 28 letters of size 3 are wider than the type area. The grid says so to Word; other programs put a letter that is wider
# than its place into two, so text is taken off the grid and drawn together by as much and a tenth of a point more, as
# they round letters to dots: 28 fit, 29 do not, and a full line is spread to both edges.
TIGHT = floor((gb.CELL * gb.MM - gb.SIZE_3) * 20) - 2


def drawn(paper: Paper, now: datetime) -> bytes:
    """The .docx of a bulletin; the same bytes each time."""
    document = Document()
    _page(document, paper)
    _styles(document)
    _top(document, paper)
    for label, one in numbered(paper.blocks, paper.chinese):
        if one["kind"] == "heading":
            _text(document, label + one["text"], gb.LEVELS[one["level"]], keep=True)
        elif one["kind"] == "table":
            _table(document, one["columns"], one["rows"])
        elif one["kind"] == "reply":
            _text(document, one["said"], "kai")
        else:
            _text(document, one["text"])
    _annexes(document, paper)
    _close(document, paper)
    _imprint(document, paper)
    core = document.core_properties
    core.created = core.modified = now.replace(tzinfo=None)
    core.author, core.title = paper.signed, paper.title
    core.last_modified_by, core.comments, core.identifier = paper.signed, paper.banner, paper.number
    out = io.BytesIO()
    document.save(out)
    return _dated(out.getvalue(), now)


def _dated(data: bytes, now: datetime) -> bytes:
    """The package with one date for all its parts: python-docx writes those of the moment."""
    out = io.BytesIO()
    at = (now.year, now.month, now.day, now.hour, now.minute, 0)
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, at), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _page(document: Any, paper: Paper) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(gb.PAGE[0]), Mm(gb.PAGE[1])
    section.top_margin, section.bottom_margin = Mm(gb.TOP), Mm(gb.BOTTOM)
    section.left_margin, section.right_margin = Mm(gb.LEFT), Mm(gb.RIGHT)
    section.header_distance = Mm(12)
    letter = gb.SIZE_4 / gb.MM
    section.footer_distance = Mm(gb.BOTTOM - gb.FOLIO_BELOW - letter / 2)
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    grid = f'<w:docGrid {nsdecls("w")} w:type="linesAndChars" w:linePitch="{LINE}" w:charSpace="{SPACE}"/>'
    section._sectPr.append(parse_xml(grid))
    document.settings.odd_and_even_pages_header_footer = True
    inset = round(gb.FOLIO_IN * gb.SIZE_4 * 20)
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        _folio(footer.paragraphs[0], side, inset)
    if paper.banner:
        for header in (section.header, section.even_page_header):
            header.is_linked_to_previous = False
            paragraph = header.paragraphs[0]
            _shape(paragraph, exact=260)
            _run(paragraph, paper.banner, "black", 10, gb.RED)


def _folio(paragraph: Any, side: str, inset: int) -> None:
    """— 1 — in Song of size 4, one letter in from the outer edge."""
    _shape(paragraph, exact=round(gb.SIZE_4 * 20), align=side, **{side: inset})
    _run(paragraph, "— ", "song", gb.SIZE_4)
    run = _run(paragraph, "", "song", gb.SIZE_4)
    for kind in ("begin", None, "end"):
        xml = f'<w:fldChar {nsdecls("w")} w:fldCharType="{kind}"/>'
        if kind is None:
            xml = f'<w:instrText {nsdecls("w")} xml:space="preserve"> PAGE </w:instrText>'
        run._element.append(parse_xml(xml))
    _run(paragraph, " —", "song", gb.SIZE_4)


def _styles(document: Any) -> None:
    """The text's own face and size as the default, and for each face what a machine without it takes."""
    style = document.styles["Normal"]
    style.font.size = Pt(gb.SIZE_3)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for which in ("ascii", "hAnsi", "eastAsia"):
        fonts.set(qn(f"w:{which}"), gb.FACES["body"].name)
    shape = style.element.get_or_add_pPr()
    for name in ("overflowPunct", "autoSpaceDE", "autoSpaceDN"):
        shape.insert_element_before(parse_xml(f'<w:{name} {nsdecls("w")} w:val="0"/>'), "w:spacing", "w:ind")
    language = parse_xml(f'<w:lang {nsdecls("w")} w:val="en-US" w:eastAsia="zh-CN"/>')
    style.element.rPr.append(language)
    for part in document.part.package.iter_parts():
        if str(part.partname) == "/word/fontTable.xml":
            part._blob = _font_table()


def _font_table() -> bytes:
    faces = "".join(
        f'<w:font w:name="{escape(face.name)}"><w:altName w:val="{face.instead}"/><w:charset w:val="86"/>'
        '<w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
        for face in {one.name: one for one in gb.FACES.values()}.values()
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f"{head}<w:fonts {nsdecls('w')}>{faces}</w:fonts>".encode()


def _shape(
    paragraph: Any, *, exact: int = LINE, align: str = "left", first: float = 0.0, left: int = 0, right: int = 0,
    keep: bool = False, hanging: int = 0,
) -> None:  # fmt: skip
    """A paragraph's lines of exactly so many twentieths of a point, its side, and how far in it is."""
    shape = paragraph._p.get_or_add_pPr()
    if keep:
        shape.append(parse_xml(f"<w:keepNext {nsdecls('w')}/>"))
    parts = [
        '<w:widowControl {ns} w:val="0"/>',
        '<w:overflowPunct {ns} w:val="0"/>',
        '<w:autoSpaceDE {ns} w:val="0"/>',
        '<w:autoSpaceDN {ns} w:val="0"/>',
        '<w:snapToGrid {ns} w:val="0"/>',
        f'<w:spacing {{ns}} w:before="0" w:after="0" w:line="{exact}" w:lineRule="exact"/>',
    ]
    indent = f' w:left="{left}" w:right="{right}"'
    if first:
        indent += f' w:firstLineChars="{round(first * 100)}" w:firstLine="{round(first * LETTER)}"'
    elif hanging:
        indent += f' w:hanging="{hanging}"'
    parts += [f"<w:ind {{ns}}{indent}/>", f'<w:jc {{ns}} w:val="{align}"/>']
    for xml in parts:
        shape.append(parse_xml(xml.format(ns=nsdecls("w"))))


def _run(paragraph: Any, text: str, face: str, size: float, colour: str = "") -> Any:
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()
    for which in ("ascii", "hAnsi", "eastAsia"):
        fonts.set(qn(f"w:{which}"), gb.FACES[face].name)
    # Marks that both scripts have, such as quotation marks, are Chinese here.
    fonts.set(qn("w:hint"), "eastAsia")
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour)
    properties = run._element.rPr
    if size == gb.SIZE_3:
        properties.insert_element_before(
            parse_xml(f'<w:spacing {nsdecls("w")} w:val="{TIGHT}"/>'), "w:sz", "w:szCs", "w:lang"
        )
    properties.insert_element_before(
        parse_xml(f'<w:snapToGrid {nsdecls("w")} w:val="0"/>'),
        "w:color",
        "w:spacing",
        "w:sz",
        "w:szCs",
        "w:lang",
    )
    return run


def _text(
    document: Any, text: str, face: str = "body", *, first: float = gb.INDENT, keep: bool = False
) -> None:
    for part in text.split("\n"):
        if part.strip():
            paragraph = document.add_paragraph()
            _shape(paragraph, first=first, keep=keep, align="both")
            _run(paragraph, part.strip(), face, gb.SIZE_3)


def _blank(document: Any, lines: int = 1, keep: bool = False, exact: int = LINE) -> None:
    for _ in range(lines):
        _shape(document.add_paragraph(), exact=exact, keep=keep)


def _top(document: Any, paper: Paper) -> None:
    """Mark, number, red rule, title, whom it is sent to."""
    size = mark_size(paper.head, half)
    # Space over the first paragraph of a page is dropped by some programs; an empty line of that height never is.
    _blank(document, keep=True, exact=round(gb.MARK_BELOW * gb.TWIPS))
    mark = document.add_paragraph()
    _shape(mark, exact=size * 20, align="center", keep=True)
    _run(mark, paper.head, "title", size, gb.RED)
    _blank(document, gb.ABOVE_NUMBER, keep=True)
    number = document.add_paragraph()
    _shape(number, exact=round(gb.SIZE_3 * 20), align="center", keep=True)
    _run(number, paper.number or " ", "body", gb.SIZE_3)
    size, space = round(gb.RED_RULE * gb.MM * 8), round(gb.RULE_BELOW * gb.MM)
    _bordered(number, f'<w:bottom w:val="single" w:sz="{size}" w:space="{space}" w:color="{gb.RED}"/>')
    _blank(document, gb.ABOVE_TITLE, keep=True)
    for line in title_lines(paper.title, half, paper.chinese):
        title = document.add_paragraph()
        _shape(title, align="center", keep=True)
        _run(title, line, "title", gb.SIZE_2)
    _blank(document, keep=True)
    if paper.note:
        note = document.add_paragraph()
        _shape(note, align="center", keep=True)
        _run(note, paper.note, "kai", gb.SIZE_4)
    if paper.to:
        _text(document, paper.to, first=0.0, keep=True)


def _annexes(document: Any, paper: Paper) -> None:
    if not paper.annexes:
        return
    _blank(document)
    word = half(paper.annex_word)
    for n, name in enumerate(paper.annexes, 1):
        label = f"{n}." if len(paper.annexes) > 1 else ""
        lead = paper.annex_word if n == 1 else ""
        inset, hang = (gb.INDENT + word + half(label)), half(lead + label)
        paragraph = document.add_paragraph()
        _shape(paragraph, left=round(inset * LETTER), hanging=round(hang * LETTER), align="left")
        _run(paragraph, lead + label + name, "body", gb.SIZE_3)


def _close(document: Any, paper: Paper) -> None:
    """The name and the date, with room for the seal."""
    signed, day = closing(half(paper.signed), half(paper.day))
    if document.paragraphs:
        last = document.paragraphs[-1]._p.get_or_add_pPr()
        if last.find(qn("w:keepNext")) is None:
            last.insert(0, parse_xml(f"<w:keepNext {nsdecls('w')}/>"))
    _blank(document, gb.SEAL_ABOVE, keep=True)
    for text, right, keep in ((paper.signed, signed, True), (paper.day, day, False)):
        paragraph = document.add_paragraph()
        _shape(paragraph, align="right", right=round(right * LETTER), keep=keep)
        _run(paragraph, text, "body", gb.SIZE_3)
    paragraph.paragraph_format.space_after = Twips(gb.SEAL_BELOW * LINE)


_EDGE = '<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="000000"/>'


def _table(document: Any, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table as XML: python-docx takes minutes for one of thousands of rows. Its first row is on every page."""
    if not rows:
        return
    widths = [round(width * gb.TWIPS) for width in column_widths(columns, rows)]
    thin = round(gb.THIN * gb.MM * 8)
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(_EDGE.format(side=side, size=thin) for side in sides)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    begin = (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="68" w:type="dxa"/><w:right w:w="68" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>"
    )
    found = [begin]
    for n, row in enumerate([columns, *rows]):
        repeated, face = ("<w:tblHeader/>", "black") if n == 0 else ("", "body")
        found.append(
            f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{LINE}" w:hRule="atLeast"/>{repeated}</w:trPr>'
        )
        found += [_cell(text, width, face) for text, width in zip(row, widths, strict=True)]
        found.append("</w:tr>")
    document.element.body.insert_element_before(parse_xml("".join([*found, "</w:tbl>"])), "w:sectPr")


def _cell(text: str, width: int, face: str) -> str:
    name, size = escape(gb.FACES[face].name), round(gb.SIZE_TABLE * 2)
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr>'
        f'<w:snapToGrid w:val="0"/><w:spacing w:before="0" w:after="0" w:line="{gb.SIZE_TABLE * 25:.0f}" '
        f'w:lineRule="exact"/></w:pPr><w:r><w:rPr><w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" '
        f'w:hint="eastAsia"/><w:snapToGrid w:val="0"/><w:sz w:val="{size}"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p></w:tc>'
    )


def _imprint(document: Any, paper: Paper) -> None:
    """The imprint as a box that stands on the lower edge of the type area, on the page of the date."""
    letter, line = gb.SIZE_4 / gb.MM, round(gb.IMPRINT_LINE * gb.TWIPS)
    thick, thin = round(gb.THICK * gb.MM * 8), round(gb.THIN * gb.MM * 8)
    most = gb.TYPE[0] / letter - 2
    copied = broken(paper.copy, most, fill=False, chinese=paper.chinese) if paper.copy else []
    rows = [(one.text, "") for one in copied] + [(paper.printed, paper.printed_on)]
    date, inset = document.paragraphs[-1], round(gb.SIZE_4 * 20)
    box = []
    for n, (text, end) in enumerate(rows):
        paragraph = document.add_paragraph()
        _shape(paragraph, exact=line)
        if n == 0 or end:
            top = _EDGE.format(side="top", size=thick if n == 0 else thin)
            _bordered(paragraph, top + (_EDGE.format(side="bottom", size=thick) if end else ""))
        # A letter's blank and no indent: rules over and under a paragraph begin where it does.
        run = _run(paragraph, f"\u3000{text}", "body", gb.SIZE_4)
        if end:
            at = round(gb.TYPE[0] * gb.TWIPS) - inset
            tab = f'<w:tabs {nsdecls("w")}><w:tab w:val="right" w:pos="{at}"/></w:tabs>'
            paragraph._p.pPr.insert_element_before(parse_xml(tab), "w:overflowPunct")
            run.add_tab()
            _run(paragraph, end, "body", gb.SIZE_4)
        box.append(paragraph._p)
    high = gb.IMPRINT_LINE * len(rows)
    frame = parse_xml(_BOX.format(y=Mm(gb.TOP + gb.TYPE[1] - high), wide=Mm(gb.TYPE[0]), high=Mm(high)))
    content = frame.find(f".//{qn('w:txbxContent')}")
    for one in box:
        content.append(one)
    date.add_run()._element.append(frame)


_BOX = (
    '<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
    '<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="2" behindDoc="0" locked="0" '
    'layoutInCell="1" allowOverlap="0"><wp:simplePos x="0" y="0"/>'
    '<wp:positionH relativeFrom="margin"><wp:posOffset>0</wp:posOffset></wp:positionH>'
    '<wp:positionV relativeFrom="page"><wp:posOffset>{y:d}</wp:posOffset></wp:positionV>'
    '<wp:extent cx="{wide:d}" cy="{high:d}"/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapTopAndBottom/>'
    '<wp:docPr id="1" name="imprint"/><wp:cNvGraphicFramePr/>'
    '<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>'
    '<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{wide:d}" cy="{high:d}"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr>'
    "<wps:txbx><w:txbxContent/></wps:txbx>"
    '<wps:bodyPr wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="t"><a:noAutofit/></wps:bodyPr>'
    "</wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing>"
)


def _bordered(paragraph: Any, edges: str) -> None:
    """Rules over and under a paragraph, from edge to edge of the type area."""
    xml = f"<w:pBdr {nsdecls('w')}>{edges}</w:pBdr>"
    paragraph._p.pPr.insert_element_before(parse_xml(xml), "w:tabs", "w:overflowPunct")
