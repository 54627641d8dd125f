"""Where a place's outlines are kept for the wall: a file of the house's own folder, read again when it changes.

They are a picture's background and no record: nothing is computed from them. No place's outlines come with the
program, because whoever draws a border in public has to have the right to, and to have the right one.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from .drawing import Area, areas, frame_of
from .geometry import Frame, Outline, read

Drawn = tuple[tuple[Area, ...], Frame | None]


def path_of(place: Any) -> Path:
    """The file of a place's outlines, which need not be there."""
    return Path(settings.VAR) / "boundaries" / f"{place.key}.geojson"


def keep(place: Any, text: str) -> tuple[Outline, ...]:
    """Keep a GeoJSON text as a place's outlines, in the stead of what there was. Raises OutlineError."""
    found = read(text)
    path = path_of(place)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
    return found


def drawn(place: Any) -> Drawn:
    """The outlines as they are drawn, with their frame; nothing and None where there are none."""
    path = path_of(place)
    try:
        return _drawn(str(path), path.stat().st_mtime_ns)
    except FileNotFoundError:
        return (), None


@lru_cache(maxsize=32)
def _drawn(path: str, _changed: int) -> Drawn:
    outlines = read(Path(path).read_text(encoding="utf-8"))
    frame = frame_of(outlines)
    return (areas(outlines, frame), frame) if frame is not None else ((), None)
