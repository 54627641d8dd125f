"""The measures of the layout of official documents, GB/T 9704-2012, by clause. Millimetres and points.

Nothing is computed here from a document: the Word file and the PDF file are both drawn from these figures, so that
they cannot come to differ, and a test holds each against the clause that it is from.
"""

from __future__ import annotations

from dataclasses import dataclass

MM = 72 / 25.4  # points in a millimetre
TWIPS = 1440 / 25.4  # twentieths of a point in a millimetre

# 5.1, 5.2.1: A4; the margins above and at the binding, and the type area they leave with what is right and below.
PAGE = (210.0, 297.0)
TOP, LEFT = 37.0, 28.0
TYPE = (156.0, 225.0)
BOTTOM, RIGHT = PAGE[1] - TOP - TYPE[1], PAGE[0] - LEFT - TYPE[0]
# 5.2.3: lines on a page, letters in a line, filling the type area.
LINES, LETTERS = 22, 28
PITCH, CELL = TYPE[1] / LINES, TYPE[0] / LETTERS
# Sizes of type by their number (二号, 三号, 四号) and that of tables, in points.
SIZE_2, SIZE_3, SIZE_4, SIZE_TABLE = 22.0, 16.0, 14.0, 12.0
# 7.2.4: the mark of the issuing body, its upper edge below that of the type area; as large as its line holds.
MARK_BELOW, MARK_LARGEST, MARK_LEAST = 35.0, 45, 22
RED, BLACK = "FF0000", "000000"
# 7.2.5, 7.2.7, 7.3.1: blank lines over the number and over the title; the red rule below the number.
ABOVE_NUMBER, RULE_BELOW, ABOVE_TITLE = 2, 4.0, 2
RED_RULE = 0.5  # the standard gives the rule no thickness
# 7.3.3: each paragraph begins two letters in.
INDENT = 2.0
# 7.3.5.1: the date ends four letters from the right, the name is centred over it; lines above them that leave the seal
# its place: it covers both, a little below its middle, and comes within a line of the text.
DATE_RIGHT, SEAL_ABOVE, SEAL_BELOW, SEAL_MM = 4.0, 2, 1, 42.0
# 7.4.1: rules of the imprint, the first and the last thick; the last on the lower edge of the type area.
THICK, THIN = 0.35, 0.25
IMPRINT_LINE = 8.0  # height of a line of the imprint, in size 4
# 7.5: the number of the page, its dashes below the type area; one letter in, right on odd pages, left on even ones.
FOLIO_BELOW, FOLIO_IN = 7.0, 1.0


@dataclass(frozen=True, slots=True)
class Face:
    """A type face by the name that offices use, what stands in for it in Word, and files it is found under."""

    name: str
    instead: str
    files: tuple[str, ...]


# 5.2.2, 7.2.4, 7.3.1, 7.3.3: body, title and mark, headings of the first and of the second level, page numbers.
FACES = {
    "body": Face(
        "仿宋_GB2312", "FangSong", ("simfang.ttf", "fangsong.ttf", "fangsong_gb2312.ttf", "stfangso.ttf")
    ),
    "title": Face(
        "方正小标宋简体", "SimSun", ("fzxbsjw.ttf", "fzxiaobiaosong-b05s.ttf", "simsun.ttc", "gbsn00lp.ttf")
    ),
    "black": Face("黑体", "SimHei", ("simhei.ttf", "stheiti light.ttc", "wqy-zenhei.ttc")),
    "kai": Face("楷体_GB2312", "KaiTi", ("simkai.ttf", "kaiti.ttf", "kaiti_gb2312.ttf", "gkai00mp.ttf")),
    "song": Face("宋体", "SimSun", ("simsun.ttc", "simsun.ttf", "gbsn00lp.ttf")),
}
# By level of heading: the face, and how it is numbered (7.3.3).
LEVELS = {1: "black", 2: "kai", 3: "body", 4: "body"}
