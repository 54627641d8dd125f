"""What hangs on a wall: a point's QR code with its names, drawn as SVG; and many of them as one ZIP.

A sign is drawn once, 105 by 148 units: a sticker takes them as millimetres (A6), a poster doubles them (A4). It says
which address has to open, so that whoever is led elsewhere by a code that was hung in front can tell.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from . import queries
from .models import Point
from .qr import BLANK, qr_path

WIDTH, HEIGHT = 105, 148
QR_AT, QR_SIDE = (17.5, 48.5), 70.0
NAMES = (12.0, 48.0)  # from where to where names may stand
MARGIN = 7.0
FONTS = "'Noto Sans CJK SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', 'WenQuanYi Zen Hei', sans-serif"
FIXED = "ui-monospace, Consolas, 'Noto Sans Mono CJK SC', 'DejaVu Sans Mono', monospace"
_WIDE = 0x2E80  # from here on a character is as wide as it is high
_UNSAFE = str.maketrans('/\\:*?"<>|', "-" * 9)


class Signs:
    """Draws the signs of one place. `base` is the address that codes lead to, as https://leitai.example.org."""

    def __init__(self, place: Any, base: str) -> None:
        self.prefix = base.rstrip("/") + reverse("citizen:verdict", args=[BLANK]).removesuffix(BLANK)
        # Both languages stand on a sign, the place's own first.
        self.chinese = place.language.startswith("zh")
        self.place = " · ".join(self._both(place.name_zh, place.name_en))
        self.call = self._both(*_said(lambda: _("Scan, tap once. No account needed.")))
        check = self._both(*_said(lambda: _("The address that opens begins with")))[0]
        self.check = f"{check} {self.prefix.partition('://')[2]}"

    def address(self, point: Point) -> str:
        """The whole address that a point's code leads to."""
        return self.prefix + queries.code_of(point)

    def svg(self, point: Point) -> str:
        """The sign of a point as an SVG document."""
        code = queries.code_of(point)
        unit = self._both(point.unit.name_zh, point.unit.name_en)
        own = self._both(point.name_zh, point.name_en)
        lines = [*_lines(unit, (8.4, 7.2, 6.2, 5.2), (4.2, 3.6, 3.2))]
        if own != unit:
            lines += _lines(own, (6.2, 5.2, 4.6), (3.6, 3.2))
        side, path = qr_path(self.prefix, code)
        place = f"translate({QR_AT[0]} {QR_AT[1]}) scale({QR_SIDE / side:.5f})"
        parts = [
            _text(9.5, 3.4, self.place),
            *_stacked(lines),
            f'<path transform="{place}" shape-rendering="crispEdges" d="{path}"/>',
            *(
                _text(123.5 + 5 * at, 3.8 if at else 5, line, strong=not at)
                for at, line in enumerate(self.call)
            ),
            _text(134.5, 3, self.check),
            _text(139.5, 4.2, "-".join(code[at : at + 4] for at in range(0, len(code), 4)), fixed=True),
            _text(143.5, 2.4, f"{point.number} / {point.generation}"),
        ]
        label = quoteattr(_plain(" ".join(dict.fromkeys((*unit, *own)))))
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}mm"'
            f' height="{HEIGHT}mm" role="img" aria-label={label} font-family="{FONTS}" text-anchor="middle">'
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>{"".join(parts)}</svg>'
        )

    def file_name(self, point: Point) -> str:
        """Where a point's sign lies in a ZIP, safe on any system: ``tax/12-Window 3.svg``."""
        name = _plain(self._both(point.name_zh, point.name_en)[0]).translate(_UNSAFE)
        return f"{point.unit.key}/{point.number}-{name[:60].strip(' .')}.svg"

    def _both(self, chinese: str, english: str) -> tuple[str, ...]:
        """What is said in the two languages, in the order of the sign; once where they say the same."""
        said = (chinese, english) if self.chinese else (english, chinese)
        return tuple(dict.fromkeys(one for one in said if one))


def _said(say: Callable[[], str]) -> tuple[str, str]:
    """A sentence of the house in Chinese and in English."""
    with translation.override("zh-hans"):
        chinese = say()
    with translation.override("en"):
        return chinese, say()


Line = tuple[float, str, bool]


def _lines(names: Sequence[str], *sizes: Sequence[float]) -> Iterator[Line]:
    """Names as lines of (size, text, strong), each name as large as lets it stand on two lines."""
    for at, (name, choice) in enumerate(zip(names, sizes, strict=False)):
        size, lines = _fitted(_plain(name), choice)
        yield from ((size, line, not at) for line in lines)


def _stacked(lines: Sequence[Line]) -> Iterator[str]:
    """Lines below each other in the middle of where names may stand, smaller where they would not fit."""
    first, last = NAMES
    leading = 1.25
    height = sum(size for size, _line, _strong in lines) * leading
    shrunk = min(1.0, (last - first) / height)
    top = (first + last - height * shrunk) / 2
    for size, line, strong in lines:
        top += size * shrunk * leading
        yield _text(top - size * shrunk * 0.3, size * shrunk, line, strong=strong)


def _fitted(text: str, sizes: Sequence[float]) -> tuple[float, list[str]]:
    """The first size at which a text takes one line or two, and the lines; at the last, what is left is cut."""
    for size in sizes:
        lines = _wrapped(text, (WIDTH - 2 * MARGIN) / size)
        if len(lines) <= 2:
            return size, lines
    return sizes[-1], [lines[0], lines[1][:-1] + "…"]


def _wrapped(text: str, ems: float) -> list[str]:
    """A text broken where words or Chinese characters end, no line wider than so many ems (by estimate)."""
    lines, line, width = [], "", 0.0
    for word in _words(text):
        wide = sum(map(_em, word))
        if line and width + wide > ems:
            lines.append(line.rstrip())
            line, width, word = "", 0.0, word.lstrip()
        line, width = line + word, width + wide
    return [*lines, line.rstrip()]


def _words(text: str) -> Iterator[str]:
    """What must stand together: Latin words with the space after them, single Chinese characters."""
    word = ""
    for letter in text:
        if ord(letter) >= _WIDE:
            if word:
                yield word
            yield letter
            word = ""
        else:
            word += letter
            if letter == " ":
                yield word
                word = ""
    if word:
        yield word


def _em(letter: str) -> float:
    """About how wide a letter is, in ems."""
    return 1.0 if ord(letter) >= _WIDE else 0.7 if letter.isupper() else 0.56


def _text(y: float, size: float, text: str, *, strong: bool = False, fixed: bool = False) -> str:
    """A line of text, smaller where it would reach into the margin."""
    text = _plain(text)
    size = min(size, (WIDTH - 2 * MARGIN) / max(1.0, sum(map(_em, text))))
    weight = ' font-weight="600"' if strong else ""
    family = f' font-family="{FIXED}"' if fixed else ""
    return f'<text x="{WIDTH / 2}" y="{y:.2f}" font-size="{size:.2f}"{weight}{family}>{escape(text)}</text>'


def _plain(text: str) -> str:
    """A text without what XML does not allow."""
    return "".join(letter for letter in text if letter.isprintable())


def zipped(signs: Signs, points: Iterable[Point], now: datetime) -> Iterator[bytes]:
    """A ZIP of the signs of points, piece by piece as they are drawn: `<unit>/<number>-<name>.svg`."""
    pipe = _Pipe()
    stamp = now.timetuple()[:6]
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for point in points:
            entry = zipfile.ZipInfo(signs.file_name(point), stamp)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, signs.svg(point))
            yield pipe.taken()
    yield pipe.taken()


class _Pipe(io.RawIOBase):
    """Takes what is written and hands it on; it cannot go back, which a ZIP allows for."""

    def __init__(self) -> None:
        self.kept: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.kept.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """What was written since the last time."""
        found, self.kept = b"".join(self.kept), []
        return found
