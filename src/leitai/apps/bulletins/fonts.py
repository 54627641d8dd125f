"""The type that a PDF is set in: the faces offices use where the machine has them, else the nearest that it has.

A face is looked for by the names of its files, first in the house's own folder of fonts (`fonts` in LEITAI_VAR), then
where the system keeps them. Where there is none of a face, any Chinese font of the machine stands in and is embedded;
on a machine without one, the reader's own Song is named (`STSong-Light`, which every PDF reader knows).
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from django.conf import settings
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from .layout import FACES

SYSTEM = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts", "/Library/Fonts",
          "/System/Library/Fonts", "C:/Windows/Fonts")  # fmt: skip
# Fonts with Chinese letters that stand in for any face, by file.
ANY = (
    "gbsn00lp.ttf",
    "uming.ttc",
    "simsun.ttc",
    "wqy-zenhei.ttc",
    "wqy-microhei.ttc",
    "droidsansfallbackfull.ttf",
)
LAST = "STSong-Light"
# What stands in for a face that the machine lacks: Song for what is written, black for headings.
NEAREST: Mapping[str, tuple[str, ...]] = {
    "body": (*ANY,),
    "title": (*ANY,),
    "song": (*ANY,),
    "kai": ("ukai.ttc", *ANY),
    "black": ("wqy-zenhei.ttc", "wqy-microhei.ttc", *ANY),
}


def found_files() -> dict[str, Path]:
    """The machine's font files by their names in small letters; the house's own folder first."""
    found: dict[str, Path] = {}
    for folder in (settings.VAR / "fonts", *(Path(one).expanduser() for one in SYSTEM)):
        for top, _folders, names in os.walk(folder):
            for name in sorted(names):
                found.setdefault(name.lower(), Path(top) / name)
    return found


@cache
def faces() -> Mapping[str, str]:
    """The font of each face by the name it is registered under for a PDF."""
    files = found_files()
    return {face: _registered(face, files) for face in FACES}


def written(face: str, text: str) -> list[tuple[str, str]]:
    """A text in parts, each with a font that has its letters: the face's own, else another face's that has them."""
    parts: list[tuple[str, str]] = []
    for letter in text:
        font = _with(face, letter)
        if parts and parts[-1][0] == font:
            parts[-1] = (font, parts[-1][1] + letter)
        else:
            parts.append((font, letter))
    return parts


@cache
def _with(face: str, letter: str) -> str:
    own = faces()[face]
    return next((name for name in (own, *faces().values()) if _has(name, letter)), own)


def _has(name: str, letter: str) -> bool:
    font = pdfmetrics.getFont(name)
    return not isinstance(font, TTFont) or ord(letter) in font.face.charToGlyph


def _registered(face: str, files: Mapping[str, Path]) -> str:
    for name in (*FACES[face].files, *NEAREST[face]):
        if name not in files:
            continue
        try:
            font = TTFont(f"leitai-{name}", files[name], subfontIndex=0)
        except (TTFError, OSError) as fault:  # a font of another make than reportlab embeds
            logging.getLogger(__name__).info("%s is passed over: %s", files[name], fault)
            continue
        pdfmetrics.registerFont(font)
        return font.fontName
    pdfmetrics.registerFont(UnicodeCIDFont(LAST))
    return LAST
