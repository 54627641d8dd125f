"""The layout of official documents, GB/T 9704-2012, clause by clause: in the Word file, and on the sheets."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm
from hypothesis import given
from hypothesis import strategies as st

from leitai.apps.bulletins import layout as gb
from leitai.apps.bulletins import pdf, word
from leitai.apps.bulletins.blocks import chinese_number, numbered
from leitai.apps.bulletins.lines import CLOSING, OPENING, balanced, broken, half
from leitai.apps.bulletins.paper import sheets
from leitai.apps.bulletins.sheet import Paper, Set, Sheet

AT = datetime(2022, 4, 12, 2, 0, tzinfo=UTC)
# No mark of punctuation: every line of it is full.
LONG = "现将各单位名次通报如下请对照差距逐项整改" * 60
NEAR = 0.05  # mm


def paper(**more: Any) -> Paper:
    blocks = (
        {"kind": "heading", "level": 1, "text": "总体情况"},
        {"kind": "paragraph", "text": LONG},
        {"kind": "heading", "level": 2, "text": "主要问题"},
        {"kind": "heading", "level": 3, "text": "材料流转慢"},
        {"kind": "reply", "said": "水务局回复：已整改。"},
    )
    values: dict[str, Any] = {
        "head": "山县擂台比武办公室文件", "number": "山通〔2022〕3号", "title": "关于项目建设擂台名次的通报",
        "to": "各有关单位：", "blocks": blocks, "signed": "山县擂台比武办公室", "day": "2022年4月12日",
        "copy": "抄送：县委办公室。", "printed": "山县擂台比武办公室", "printed_on": "2022年4月12日印发",
    }  # fmt: skip
    return Paper(**values | more)


def lines(sheet: Sheet, what: str = "text") -> list[Set]:
    return [one for one in sheet.lines if one.what == what]


def found(pages: list[Sheet], text: str) -> Set:
    return next(one for page in pages for one in page.lines if text in one.text)


def left(line: Set) -> float:
    return line.pieces[0][1] - gb.LEFT


def test_the_type_area_is_156_by_225_mm_37_mm_from_the_top_and_28_from_the_left() -> None:
    assert (gb.PAGE, gb.TOP, gb.LEFT, gb.TYPE) == ((210, 297), 37, 28, (156, 225))
    assert (gb.BOTTOM, gb.RIGHT) == (35, 26)


def test_a_full_page_has_22_lines_of_28_letters_that_fill_the_type_area() -> None:
    page = sheets(paper())[1]
    full = lines(page)[:22]
    assert len(lines(page)) == 22
    for n, line in enumerate(full):
        middle = line.y + line.size / gb.MM / 2
        assert middle == pytest.approx(37 + (n + 0.5) * 225 / 22, abs=NEAR)
        assert (len(line.text), line.size) == (28, 16)
        assert left(line) == pytest.approx(0, abs=NEAR)
        assert line.pieces[-1][1] + 156 / 28 == pytest.approx(28 + 156, abs=NEAR)


def test_paragraphs_begin_two_letters_in_and_the_addressee_at_the_edge() -> None:
    page = sheets(paper())[0]
    to, heading, first, second = lines(page)[:4]
    assert (to.text, left(to)) == ("各有关单位：", 0)
    assert left(heading) == left(first) == pytest.approx(2 * gb.CELL)
    assert left(second) == pytest.approx(0, abs=NEAR) and len(first.text) == 26


def test_headings_have_their_faces_and_numbers() -> None:
    pages = sheets(paper())
    faces = [(found(pages, text).text[:3], found(pages, text).face) for text in ("总体", "主要", "材料")]
    assert faces == [("一、总", "black"), ("（一）", "kai"), ("1.材", "body")]
    levels = [{"kind": "heading", "level": level, "text": ""} for level in (1, 2, 3, 4, 4, 2, 1, 2)]
    assert [label for label, _ in numbered(levels, True)] == [
        "一、", "（一）", "1.", "（1）", "（2）", "（二）", "二、", "（一）",
    ]  # fmt: skip
    assert [chinese_number(n) for n in (1, 10, 11, 20, 21, 99)] == [
        "一",
        "十",
        "十一",
        "二十",
        "二十一",
        "九十九",
    ]


def test_the_head_is_red_with_its_number_and_rule_in_their_places() -> None:
    page = sheets(paper())[0]
    (mark,), (number,) = lines(page, "mark"), lines(page, "number")
    assert (mark.colour, mark.face, mark.y) == ("FF0000", "title", pytest.approx(37 + 35))
    assert mark.size * 11 <= 156 * gb.MM, "it goes on one line"
    below = mark.y + mark.size / gb.MM * 1.2
    assert number.y == pytest.approx(below + 2 * gb.PITCH), "two lines below the mark"
    (red,) = [one for one in page.rules if one.what == "red rule"]
    assert (red.colour, red.x, red.x2) == ("FF0000", 28, 28 + 156)
    assert red.y - (number.y + number.size / gb.MM) == pytest.approx(4)
    (title,) = lines(page, "title")
    assert (title.size, title.face) == (22, "title")
    assert title.y - red.y == pytest.approx(2 * gb.PITCH + (gb.PITCH - 22 / gb.MM) / 2)
    for line in (mark, number, title):
        end = line.pieces[-1][1] + (0.5 if line is number else 1) * line.size / gb.MM
        assert line.pieces[0][1] + end == pytest.approx(2 * 28 + 156, abs=3)
    assert lines(page), "the first page shows text"


def test_the_name_is_centred_over_the_date_four_letters_from_the_right_with_room_for_the_seal() -> None:
    page = sheets(paper())[-1]
    name, day = lines(page, "close")
    cell = gb.CELL
    end = day.pieces[-1][1] + cell  # 日 takes a whole place
    assert 28 + 156 - end == pytest.approx(4 * cell, abs=NEAR)
    middle = [(one.pieces[0][1] + one.pieces[-1][1] + cell) / 2 for one in (name, day)]
    assert middle[0] == pytest.approx(middle[1], abs=NEAR)
    last = max(one.y for one in lines(page))
    assert name.y - last == pytest.approx(3 * gb.PITCH), "two blank lines"
    # A seal of 42 mm that comes within a line of the text has its middle over name and date.
    seal = (last + gb.PITCH, last + gb.PITCH + gb.SEAL_MM)
    assert seal[0] < name.y and day.y + day.size / gb.MM < seal[1]


def test_name_and_date_never_stand_on_a_page_without_text() -> None:
    for length in range(20, 60):
        blocks = ({"kind": "paragraph", "text": LONG[: length * 28]},)
        for page in sheets(paper(blocks=blocks)):
            if lines(page, "close"):
                assert lines(page) and len(lines(page, "close")) == 2 and lines(page, "imprint")


def test_the_imprint_stands_on_the_lower_edge_between_its_rules() -> None:
    page = sheets(paper())[-1]
    edges = [one for one in page.rules if one.what == "imprint edge"]
    (thin,) = [one for one in page.rules if one.what == "imprint"]
    assert edges[-1].y == pytest.approx(37 + 225)
    assert {(one.x, one.x2, one.thick) for one in edges} == {(28, 28 + 156, 0.35)} and thin.thick == 0.25
    copy, printed, day = lines(page, "imprint")
    letter = 14 / gb.MM
    assert {one.size for one in (copy, printed, day)} == {14}
    assert left(copy) == left(printed) == pytest.approx(letter)
    assert 28 + 156 - (day.pieces[-1][1] + letter) == pytest.approx(letter, abs=NEAR)


def test_page_numbers_are_7_mm_below_right_on_odd_pages_and_left_on_even_ones() -> None:
    odd, even = (lines(one, "folio")[0] for one in sheets(paper())[:2])
    letter = 14 / gb.MM
    for line, number in ((odd, "1"), (even, "2")):
        assert (line.text, line.size, line.face) == (f"—{number}—", 14, "song")
        assert line.y + letter / 2 - (37 + 225) == pytest.approx(7)
    assert 28 + 156 - (odd.pieces[-1][1] + letter) == pytest.approx(letter)
    assert left(even) == pytest.approx(letter)


def test_what_is_attached_is_numbered_and_hangs_under_its_first_letter() -> None:
    long = "未达到可评判样本量的单位名单及其原因说明以及一项很长的需要回行的附件名称"
    pages = sheets(paper(annexes=("得分明细表", long)))
    first, second = found(pages, "得分明细表"), found(pages, "未达到")
    assert first.text == "附件：1.得分明细表" and left(first) == pytest.approx(2 * gb.CELL)
    assert second.text.startswith("2.") and left(second) == pytest.approx(5 * gb.CELL)
    wrapped = found(pages, long[-4:])
    assert left(wrapped) == pytest.approx(6 * gb.CELL)


def test_a_table_repeats_its_head_and_keeps_to_the_type_area() -> None:
    rows = [[str(n), "自然资源和规划局" * (3 if n % 7 == 0 else 1)] for n in range(60)]
    pages = sheets(paper(blocks=({"kind": "table", "columns": ["名次", "单位"], "rows": rows},)))
    with_cells = [page for page in pages if lines(page, "cell")]
    assert len(with_cells) > 2 and all(
        "名次" in {one.text for one in lines(page, "cell")} for page in with_cells
    )
    for page in pages:
        for rule in page.rules:
            assert 28 - NEAR <= rule.x <= rule.x2 <= 184 + NEAR and 37 <= rule.y <= rule.y2 <= 262 + NEAR


@given(st.text(alphabet="甲乙丙，。；（）“”、《》ab1 2", min_size=1, max_size=300), st.integers(10, 28))
def test_lines_lose_nothing_and_keep_marks_where_they_may_stand(text: str, most: int) -> None:
    got = broken(text, most, first=2.0)
    assert "".join(one.text for one in got).replace(" ", "") == text.replace(" ", "")
    for n, line in enumerate(got):
        assert line.width <= most + 1e-6
        if n and line.text and any(one not in CLOSING for one in got[n - 1].text[1:]):
            assert (
                line.text[0] not in CLOSING
                or got[n - 1].text[-1] in CLOSING | OPENING | {" "}
                or len(got[n - 1].pieces) < 3
            )
    assert half("甲a") == 1.5


def test_a_title_is_broken_where_it_reads_well_into_lines_of_like_length() -> None:
    title = "关于2022年3月“项目建设”擂台各单位得分和名次情况的通报"
    assert [one.text for one in balanced(title, 20)] == [
        "关于2022年3月“项目建设”",
        "擂台各单位得分和名次情况的通报",
    ]


def test_the_word_file_has_the_page_the_grid_and_the_faces() -> None:
    document = Document(io.BytesIO(word.drawn(paper(), AT)))
    section = document.sections[0]
    for mine, wanted in (
        (section.page_width, 210), (section.page_height, 297), (section.top_margin, 37), (section.left_margin, 28),
        (section.right_margin, 26), (section.bottom_margin, 35),
    ):  # fmt: skip
        assert abs(mine - Mm(wanted)) < Mm(0.05)
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:type")) == "linesAndChars"
    pitch = int(grid.get(qn("w:linePitch"))) / 20
    assert 22 * pitch <= 225 * gb.MM < 23 * pitch
    letter = 16 + int(grid.get(qn("w:charSpace"))) / 4096
    assert 28 * letter == pytest.approx(156 * gb.MM, abs=0.1)
    assert document.settings.odd_and_even_pages_header_footer is True

    def face(text: str) -> tuple[str, float, str, str]:
        paragraph = next(one for one in document.paragraphs if text in one.text)
        run, shape = paragraph.runs[0], paragraph._p.pPr
        colour = str(run.font.color.rgb) if run.font.color.rgb else ""
        return (
            run._element.rPr.rFonts.get(qn("w:eastAsia")),
            run.font.size.pt,
            colour,
            shape.jc.get(qn("w:val")),
        )

    assert face("办公室文件")[0] == "方正小标宋简体" and face("办公室文件")[2:] == ("FF0000", "center")
    assert face("〔2022〕") == ("仿宋_GB2312", 16, "", "center")
    assert face("项目建设擂台名次") == ("方正小标宋简体", 22, "", "center")
    assert [face(text)[:2] for text in ("一、", "（一）", "1.材料")] == [
        ("黑体", 16), ("楷体_GB2312", 16), ("仿宋_GB2312", 16),
    ]  # fmt: skip
    body = next(one for one in document.paragraphs if one.text == LONG)
    spacing, indent = body._p.pPr.find(qn("w:spacing")), body._p.pPr.find(qn("w:ind"))
    assert (spacing.get(qn("w:lineRule")), int(spacing.get(qn("w:line"))) / 20) == ("exact", pitch)
    assert indent.get(qn("w:firstLineChars")) == "200"
    tight = 16 + int(body.runs[0]._element.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
    assert 28 * tight <= 156 * gb.MM < 29 * tight
    rule = (
        next(one for one in document.paragraphs if "〔2022〕" in one.text)
        ._p.pPr.find(qn("w:pBdr"))
        .find(qn("w:bottom"))
    )
    assert (rule.get(qn("w:color")), rule.get(qn("w:space"))) == ("FF0000", "11"), "4 mm are 11.3 points"
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        (one,) = footer.paragraphs
        assert one._p.pPr.jc.get(qn("w:val")) == side and one.runs[0].font.size.pt == 14


def test_each_face_of_the_word_file_names_what_stands_in_for_it() -> None:
    with zipfile.ZipFile(io.BytesIO(word.drawn(paper(), AT))) as parts:
        fonts = parts.read("word/fontTable.xml").decode()
        text = parts.read("word/document.xml").decode()
    for face in gb.FACES.values():
        assert f'<w:font w:name="{face.name}"><w:altName w:val="{face.instead}"/>' in fonts
    box = text[text.index("<wp:anchor") :]
    assert 'relativeFrom="page"' in box and "抄送：县委办公室。" in box and "2022年4月12日印发" in box
    # The box ends where the type area does: 37 + 225 mm, in English metric units.
    top = int(box.split("<wp:posOffset>")[2].split("<")[0])
    high = int(box.split('cy="')[1].split('"')[0])
    assert abs(top + high - Mm(262)) < Mm(0.1)


def test_the_pdf_has_as_many_pages_as_there_are_sheets_and_embeds_no_text_as_picture() -> None:
    content = pdf.drawn(paper())
    assert content == pdf.drawn(paper())
    assert content.count(b"/Type /Page\n") + content.count(b"/Type /Page ") == len(
        sheets(paper(), pdf._measured)
    )
    marked = sheets(replace(paper(), banner="发文后更正：第2版已发布。"))
    assert all(lines(page, "banner") and lines(page, "banner")[0].y < 37 for page in marked)
