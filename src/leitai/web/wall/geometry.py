"""Outlines of places as GeoJSON (RFC 7946) brings them, made small and flat enough to be drawn on a wall.

The flat map is equirectangular around the middle latitude: x = (lon - lon0) cos(lat0), y = lat0 - lat. Within a county
or a city it is off by less than a line is wide; for more than a country it would be the wrong one. Outlines are
thinned by Douglas and Peucker ("Algorithms for the reduction of the number of points", Cartographica 10, 1973).

>>> frame = fit([(118.0, 36.0), (119.0, 37.0)], 1000, 800, 0)
>>> [round(n) for n in frame.at(118.5, 36.5)]
[500, 400]
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

Point = tuple[float, float]
MOST_POINTS = 400_000
_NAMES = ("name", "NAME", "fullname", "Name", "name_zh", "name_en", "市", "区", "县")


class OutlineError(ValueError):
    """A file that cannot be drawn; its text is a plain sentence."""


@dataclass(frozen=True)
class Outline:
    """An area: its name ("" where none is said) and its rings of (longitude, latitude), outer ones and holes."""

    name: str
    rings: tuple[tuple[Point, ...], ...]


@dataclass(frozen=True)
class Frame:
    """How longitudes and latitudes lie on a sheet of `width` by `height`."""

    width: float
    height: float
    west: float
    north: float
    shrink: float
    scale: float
    left: float
    top: float

    def at(self, longitude: float, latitude: float) -> Point:
        """Where a point lies on the sheet; beyond it where it lies beyond the map."""
        x = self.left + (longitude - self.west) * self.shrink * self.scale
        return x, self.top + (self.north - latitude) * self.scale

    @property
    def corner(self) -> Point:
        """The longitude and latitude of the sheet's upper left corner."""
        return self.west - self.left / (self.shrink * self.scale), self.north + self.top / self.scale

    def degrees(self, length: float) -> Point:
        """How many degrees of longitude and of latitude a length on the sheet is."""
        return length / (self.shrink * self.scale), length / self.scale

    def holds(self, longitude: float, latitude: float) -> bool:
        """Whether a point lies on the sheet."""
        x, y = self.at(longitude, latitude)
        return 0 <= x <= self.width and 0 <= y <= self.height


def read(text: str) -> tuple[Outline, ...]:
    """The areas of a GeoJSON text: polygons, alone, in features or in collections. Raises OutlineError."""
    try:
        said = json.loads(text)
    except ValueError as fault:
        raise OutlineError(f"this is no GeoJSON: {fault}") from None
    found = tuple(_areas(said, ""))
    if not any(one.rings for one in found):
        raise OutlineError("there is no polygon in this GeoJSON")
    if sum(len(ring) for one in found for ring in one.rings) > MOST_POINTS:
        raise OutlineError(f"more than {MOST_POINTS:,} points; simplify the file first")
    return found


def _areas(said: Any, name: str) -> Iterable[Outline]:
    kind = said.get("type") if isinstance(said, dict) else None
    if kind == "FeatureCollection":
        for one in _list(said.get("features")):
            yield from _areas(one, name)
    elif kind == "Feature":
        told = said.get("properties")
        named = (
            next((str(told[key]) for key in _NAMES if told.get(key)), "") if isinstance(told, dict) else ""
        )
        yield from _areas(said.get("geometry"), named)
    elif kind == "GeometryCollection":
        for one in _list(said.get("geometries")):
            yield from _areas(one, name)
    elif kind == "Polygon":
        yield Outline(name, tuple(_ring(one) for one in _list(said.get("coordinates"))))
    elif kind == "MultiPolygon":
        parts = _list(said.get("coordinates"))
        yield Outline(name, tuple(_ring(one) for part in parts for one in _list(part)))


def _list(said: Any) -> list[Any]:
    if not isinstance(said, list):
        raise OutlineError("a list is missing where GeoJSON has one")
    return said


def _ring(said: Any) -> tuple[Point, ...]:
    found = []
    for one in _list(said):
        try:
            longitude, latitude = float(one[0]), float(one[1])
        except (TypeError, ValueError, IndexError, KeyError):
            raise OutlineError(f"not a point: {str(one)[:40]}") from None
        if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
            raise OutlineError(f"not on the globe: {longitude}, {latitude}; WGS 84 degrees are asked for")
        found.append((longitude, latitude))
    return tuple(found)


def fit(points: Iterable[Point], width: float, height: float, pad: float) -> Frame:
    """The frame in which points (longitude, latitude) fill a sheet, `pad` of its units free on every side."""
    known = list(points)
    west, east = min(one[0] for one in known), max(one[0] for one in known)
    south, north = min(one[1] for one in known), max(one[1] for one in known)
    shrink = max(math.cos(math.radians((south + north) / 2)), 0.01)
    wide, tall = (east - west) * shrink, north - south
    fits = [room / size for room, size in ((width - 2 * pad, wide), (height - 2 * pad, tall)) if size > 1e-9]
    scale = min(fits, default=1.0)
    left, top = (width - wide * scale) / 2, (height - tall * scale) / 2
    return Frame(width, height, west, north, shrink, scale, left, top)


def thinned(ring: Sequence[Point], tolerance: float) -> list[Point]:
    """A line without the points that lie within `tolerance` of it; its ends stay."""
    if len(ring) < 3:
        return list(ring)
    keep, spans = {0, len(ring) - 1}, [(0, len(ring) - 1)]
    while spans:
        first, last = spans.pop()
        (x1, y1), (x2, y2) = ring[first], ring[last]
        length = math.hypot(x2 - x1, y2 - y1)
        worst, at = 0.0, -1
        for index in range(first + 1, last):
            x, y = ring[index]
            # A closed ring begins where it ends: then how far a point is from there.
            off = (
                abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length
                if length
                else math.hypot(x - x1, y - y1)
            )
            if off > worst:
                worst, at = off, index
        if worst > tolerance:
            keep.add(at)
            spans += [(first, at), (at, last)]
    return [ring[index] for index in sorted(keep)]


def middle(ring: Sequence[Point]) -> Point:
    """The centre of gravity of a ring; of a degenerate one the mean of its points."""
    area = x = y = 0.0
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = x1 * y2 - x2 * y1
        area, x, y = area + cross, x + (x1 + x2) * cross, y + (y1 + y2) * cross
    if abs(area) < 1e-9:
        return sum(one[0] for one in ring) / len(ring), sum(one[1] for one in ring) / len(ring)
    return x / (3 * area), y / (3 * area)
