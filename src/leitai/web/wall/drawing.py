"""The map of the wall: a place's outlines, and its projects by light and sum, as numbers for a template.

Few projects are drawn one by one. Of thousands, those near one another are drawn together, by light, with how many
they are: so the picture weighs the same for a hundred and for ten thousand, and no red one is hidden under green ones,
for lights are drawn in the order of their gravity. The area of a mark goes with its sum.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from .geometry import Frame, Outline, Point, fit, middle, thinned

WIDTH, HEIGHT, PAD = 1000, 760, 46
ALONE, CELL = 250, 50  # so many are drawn one by one; else by cells of this width
SMALLEST, LARGEST = 7.0, 26.0  # radius of a mark, in units of the sheet
THIN = 0.8
ORDER = ("done", "none", "green", "yellow", "red")
LABELS = 40  # of more areas than these no names are written


@dataclass(frozen=True)
class Area:
    """An outline as an SVG path, with its name and where that is written."""

    name: str
    path: str
    x: float
    y: float


@dataclass(frozen=True)
class Mark:
    """One project, or `n` that lie together: where, how large, its light, their sum in yuan; `code` of a single one."""

    x: float
    y: float
    r: float
    light: str
    n: int
    yuan: Decimal
    code: str
    name: str
    slip: int


class Spot(NamedTuple):
    """A project at its point, or `n` of a light together at the middle of theirs, with their sum in yuan."""

    longitude: float
    latitude: float
    light: str
    n: int
    planned: Decimal | None
    code: str
    name: str
    slip: int


@dataclass(frozen=True)
class Sheet:
    """What is drawn. `lost`: projects that nobody gave a point; `beyond`: those whose point is not on the map."""

    width: int
    height: int
    areas: tuple[Area, ...]
    marks: tuple[Mark, ...]
    lost: int
    beyond: int


def areas(outlines: Sequence[Outline], frame: Frame) -> tuple[Area, ...]:
    """Outlines on the sheet, thinned to what can be seen."""
    found = []
    for one in outlines:
        rings = [[frame.at(*point) for point in ring] for ring in one.rings if len(ring) > 2]
        if not rings:
            continue
        largest = max(rings, key=_extent)
        x, y = middle(largest)
        path = "".join(_path(thinned(ring, THIN)) for ring in rings)
        found.append(Area(one.name if len(outlines) <= LABELS else "", path, round(x, 1), round(y, 1)))
    return tuple(found)


def _extent(ring: Sequence[Point]) -> float:
    xs, ys = [one[0] for one in ring], [one[1] for one in ring]
    return (max(xs) - min(xs)) * (max(ys) - min(ys))


def _path(ring: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring) + "Z"


def frame_of(outlines: Sequence[Outline], corners: Iterable[Point] = ()) -> Frame | None:
    """The frame of the outlines; without them that of the corners of all points; None where there are neither."""
    known: list[Point] = [point for one in outlines for ring in one.rings for point in ring] or list(corners)
    return fit(known, WIDTH, HEIGHT, PAD) if known else None


def draw(shown: tuple[Area, ...], frame: Frame | None, spots: Iterable[Spot], n: int, lost: int) -> Sheet:
    """The sheet of projects, alone or together, on drawn outlines; of `n` in all, `lost` have no point."""
    if frame is None:
        return Sheet(WIDTH, HEIGHT, (), (), lost, 0)
    inside = [one for one in spots if frame.holds(one.longitude, one.latitude)]
    rows = [
        (*frame.at(one.longitude, one.latitude), one.light, one.n, one.planned or Decimal(0), *one[5:])
        for one in inside
    ]
    return Sheet(WIDTH, HEIGHT, shown, _sized(rows), lost, n - lost - sum(one.n for one in inside))


def _sized(rows: Iterable[tuple[Any, ...]]) -> tuple[Mark, ...]:
    known = list(rows)
    most = max((row[4] for row in known), default=Decimal(0))
    found = []
    for x, y, light, n, yuan, code, name, slip in known:
        share = math.sqrt(float(yuan / most)) if most else 0.0
        r = max(SMALLEST if n == 1 else SMALLEST + 4, LARGEST * share)
        found.append(Mark(round(x, 1), round(y, 1), round(r, 1), light, n, yuan, code, name, slip))
    return tuple(sorted(found, key=lambda one: (ORDER.index(one.light), -one.r)))
