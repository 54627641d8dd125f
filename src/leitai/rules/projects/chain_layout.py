"""Where the boxes and wires of a chain stand when it is drawn: upstream at the left, downstream at the right.

The method is the layered drawing of Sugiyama, Tagawa and Toda (1981): columns by the longest way from the left within
a tier; a wire that passes a column gets a place in it, so that it never crosses a box; the order in a column is that of
the mean place of the neighbours, a few times there and back; then heights are set by isotonic regression, each box as
near to the mean height of its neighbours as the boxes above it let it. Nothing is drawn by chance: the same chain gives
the same picture.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from .chains import TIERS, Tier

Node = tuple[str, Tier]
Edge = tuple[str, str]
SWEEPS = 4
KEPT = 256  # drawings; a chain's picture changes only with its links, and those seldom


@dataclass(frozen=True, slots=True)
class Sizes:
    """Of a box, of the room between columns and between lines, in pixels; the most boxes in a column."""

    width: int = 136
    height: int = 50
    across: int = 40
    between: int = 12
    lane: int = 10
    rows: int = 12


@dataclass(frozen=True, slots=True)
class Box:
    """A link's box: its upper left corner, in pixels, and its column from the left."""

    key: str
    x: float
    y: float
    column: int


@dataclass(frozen=True, slots=True)
class Wire:
    """A line from a link to one that it supplies, as points from left to right; `back` where it leads back."""

    source: str
    target: str
    points: tuple[tuple[float, float], ...]
    back: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chain as drawn. `tiers` has the left and right edge of each tier that has links."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    wires: tuple[Wire, ...]
    tiers: tuple[tuple[Tier, float, float], ...]


@lru_cache(maxsize=KEPT)
def layout(nodes: tuple[Node, ...], edges: tuple[Edge, ...], sizes: Sizes = Sizes()) -> Drawing:
    """Boxes and wires of a chain. Raises KeyError for an edge whose end is no node."""
    tier = dict(nodes)
    forward, back = _split(nodes, edges, tier)
    column, spans = _columns(nodes, forward, tier, sizes.rows)
    ranks, wires = _ranks(nodes, forward, column)
    near = _neighbours(wires)
    _order(ranks, near)
    middle = _heights(ranks, near, sizes)
    step = sizes.width + sizes.across
    boxes = tuple(
        Box(key, column[key] * step, middle[key] - sizes.height / 2, column[key]) for key, _tier in nodes
    )
    drawn = [_wire(way, middle, column, sizes) for way in wires]
    floor = max((box.y + sizes.height for box in boxes), default=0.0)
    floor = max([floor, *(y + sizes.lane / 2 for wire in drawn for _x, y in wire.points)])
    place = {box.key: box for box in boxes}
    for number, (source, target) in enumerate(back, 1):
        drawn.append(_back(place[source], place[target], floor + number * sizes.lane, sizes))
    width = max((box.x + sizes.width for box in boxes), default=0.0)
    tiers = tuple(
        (name, spans[name][0] * step, spans[name][1] * step + sizes.width) for name in TIERS if name in spans
    )
    return Drawing(width, floor + (len(back) + 1) * sizes.lane if back else floor, boxes, tuple(drawn), tiers)


def _split(
    nodes: Sequence[Node], edges: Sequence[Edge], tier: Mapping[str, Tier]
) -> tuple[list[Edge], list[Edge]]:
    """Edges that lead on, and those that lead back: to an earlier tier, or round in a circle."""
    rank = {name: number for number, name in enumerate(TIERS)}
    forward: list[Edge] = []
    back: list[Edge] = []
    after: dict[str, list[str]] = {key: [] for key, _tier in nodes}
    for source, target in dict.fromkeys(edges):
        leads_back = rank[tier[source]] > rank[tier[target]] or _reaches(target, source, after)
        (back if leads_back else forward).append((source, target))
        if not leads_back:
            after[source].append(target)
    return forward, back


def _reaches(start: str, end: str, after: Mapping[str, Sequence[str]]) -> bool:
    ways, seen = [start], {start}
    while ways:
        at = ways.pop()
        if at == end:
            return True
        fresh = [key for key in after[at] if key not in seen]
        seen.update(fresh)
        ways += fresh
    return False


def _columns(
    nodes: Sequence[Node], edges: Sequence[Edge], tier: Mapping[str, Tier], rows: int
) -> tuple[dict[str, int], dict[Tier, tuple[int, int]]]:
    """The column of each link, and the first and last column of each tier. A column has at most `rows` links."""
    before: dict[str, list[str]] = {key: [] for key, _tier in nodes}
    for source, target in edges:
        if tier[source] == tier[target]:
            before[target].append(source)
    depth: dict[str, int] = {}

    def deep(key: str) -> int:
        if key not in depth:
            depth[key] = max((deep(one) + 1 for one in before[key]), default=0)
        return depth[key]

    column: dict[str, int] = {}
    spans: dict[Tier, tuple[int, int]] = {}
    at = 0
    for name in TIERS:
        levels: dict[int, list[str]] = {}
        for key, one in nodes:
            if one == name:
                levels.setdefault(deep(key), []).append(key)
        first = at
        for level in sorted(levels):
            keys = levels[level]
            parts = -(-len(keys) // rows)
            size = -(-len(keys) // parts)
            for number, key in enumerate(keys):
                column[key] = at + number // size
            at += parts
        if levels:
            spans[name] = (first, at - 1)
    return column, spans


def _ranks(
    nodes: Sequence[Node], edges: Sequence[Edge], column: Mapping[str, int]
) -> tuple[list[list[str]], list[tuple[str, ...]]]:
    """What stands in each column, links and passing wires, and each wire as the places it goes through."""
    ranks: list[list[str]] = [[] for _ in range(max(column.values(), default=-1) + 1)]
    for key, _tier in nodes:
        ranks[column[key]].append(key)
    ways = []
    for source, target in edges:
        between = range(column[source] + 1, column[target])
        names = [f"{source}\0{target}\0{at}" for at in between]
        for at, name in zip(between, names, strict=True):
            ranks[at].append(name)
        ways.append((source, *names, target))
    return ranks, ways


Near = dict[str, tuple[list[str], list[str]]]


def _neighbours(ways: Sequence[tuple[str, ...]]) -> Near:
    """What stands before and after each place on some wire."""
    near: Near = {}
    for way in ways:
        for one, other in pairwise(way):
            near.setdefault(one, ([], []))[1].append(other)
            near.setdefault(other, ([], []))[0].append(one)
    return near


def _order(ranks: list[list[str]], near: Near) -> None:
    """Sort each column by the mean place of the neighbours before, then after, and so on."""
    place = {name: (index + 0.5) / len(rank) for rank in ranks for index, name in enumerate(rank)}
    for sweep in range(SWEEPS):
        side = sweep % 2
        for rank in ranks if side == 0 else reversed(ranks):
            want = {}
            for name in rank:
                others = near[name][side] if name in near else []
                want[name] = sum([place[one] for one in others]) / len(others) if others else place[name]
            rank.sort(key=want.__getitem__)
            # Places as shares of the column, so that columns of different lengths can be compared.
            place |= {name: (index + 0.5) / len(rank) for index, name in enumerate(rank)}


def _heights(ranks: list[list[str]], near: Near, sizes: Sizes) -> dict[str, float]:
    """The middle of each place, in pixels from above."""
    tall = {name: sizes.lane if "\0" in name else sizes.height for rank in ranks for name in rank}
    middle: dict[str, float] = {}
    for rank in ranks:
        offsets = _offsets(rank, tall, sizes)
        middle |= {name: offset - offsets[-1] / 2 for name, offset in zip(rank, offsets, strict=True)}
    sides = {name: [*before, *after] for name, (before, after) in near.items()}
    below = [_offsets(rank, tall, sizes) for rank in ranks]
    for sweep in range(SWEEPS):
        for index in range(len(ranks)) if sweep % 2 == 0 else reversed(range(len(ranks))):
            rank, offsets = ranks[index], below[index]
            want = []
            for name, offset in zip(rank, offsets, strict=True):
                others = sides.get(name, (name,))
                want.append(sum([middle[one] for one in others]) / len(others) - offset)
            for name, base, offset in zip(rank, _isotonic(want), offsets, strict=True):
                middle[name] = base + offset
    top = min((middle[name] - tall[name] / 2 for name in middle), default=0.0)
    return {name: value - top for name, value in middle.items()}


def _offsets(rank: Sequence[str], tall: Mapping[str, int], sizes: Sizes) -> list[float]:
    """How far the middle of each place lies below the first one's, at the least."""
    found = [0.0]
    for above, below in pairwise(rank):
        found.append(found[-1] + (tall[above] + tall[below]) / 2 + sizes.between)
    return found


def _isotonic(values: Sequence[float]) -> list[float]:
    """The nearest values, by squares, that never fall (pool adjacent violators)."""
    pools: list[tuple[float, int]] = []
    for value in values:
        total, count = value, 1
        while pools and pools[-1][0] / pools[-1][1] > total / count:
            more, n = pools.pop()
            total, count = total + more, count + n
        pools.append((total, count))
    return [total / count for total, count in pools for _ in range(count)]


def _wire(way: tuple[str, ...], middle: Mapping[str, float], column: Mapping[str, int], sizes: Sizes) -> Wire:
    """Out at the right of its source, through its place in each column, in at the left of its target."""
    step = sizes.width + sizes.across
    source, target, first = way[0], way[-1], column[way[0]]
    points = [(first * step + sizes.width, middle[source])]
    for number, name in enumerate(way[1:-1], 1):
        left = (first + number) * step
        points += [(left, middle[name]), (left + sizes.width, middle[name])]
    points.append((column[target] * step, middle[target]))
    return Wire(source, target, tuple(points))


def _back(source: Box, target: Box, lane: float, sizes: Sizes) -> Wire:
    """Down in the room right of its source, along below everything, up in the room left of its target."""
    out, into = source.x + sizes.width, target.x
    gap = sizes.across / 4
    points = (
        (out, source.y + sizes.height / 2),
        (out + gap, source.y + sizes.height / 2),
        (out + gap, lane),
        (into - gap, lane),
        (into - gap, target.y + sizes.height / 2),
        (into, target.y + sizes.height / 2),
    )
    return Wire(source.key, target.key, points, back=True)
