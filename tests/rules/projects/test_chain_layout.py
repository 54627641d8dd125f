"""A chain as drawn: no box covers another, no wire crosses a box, each wire goes from its supplier to its consumer."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from leitai.rules.projects.chain_layout import Drawing, Edge, Node, Sizes, layout
from leitai.rules.projects.chains import TIERS

SIZES = Sizes(rows=4)


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[Node], list[Edge]]:
    """Links in tiers with edges of every kind, also back and round."""
    count = draw(st.integers(0, 14))
    nodes: list[Node] = [(f"n{number}", draw(st.sampled_from(TIERS))) for number in range(count)]
    keys = [key for key, _tier in nodes]
    edges = (
        draw(st.lists(st.tuples(st.sampled_from(keys), st.sampled_from(keys)), max_size=25)) if keys else []
    )
    return nodes, [(one, other) for one, other in edges if one != other]


def level(drawing: Drawing) -> list[tuple[float, float, float]]:
    """Stretches of wires that pass through a column: left, right, height."""
    found = []
    for wire in drawing.wires:
        if wire.back:
            continue
        for (x1, y1), (x2, y2) in zip(wire.points[1:-1:2], wire.points[2:-1:2], strict=True):
            assert y1 == y2
            found.append((x1, x2, y1))
    return found


@given(graphs())
def test_boxes_stand_apart_and_wires_pass_beside_them(graph: tuple[list[Node], list[Edge]]) -> None:
    drawing = layout(tuple(graph[0]), tuple(graph[1]), SIZES)
    boxes = drawing.boxes
    for one in boxes:
        assert (
            0 <= one.x <= drawing.width - SIZES.width
            and -1e-6 <= one.y <= drawing.height - SIZES.height + 1e-6
        )
        for other in boxes:
            if one.column == other.column and one.key < other.key:
                assert abs(one.y - other.y) >= SIZES.height + SIZES.between - 1e-6
        for left, _right, y in level(drawing):
            if left == one.x:
                assert not one.y - 1e-6 < y < one.y + SIZES.height + 1e-6


@given(graphs())
def test_each_edge_is_drawn_once_from_its_supplier_to_its_consumer(
    graph: tuple[list[Node], list[Edge]],
) -> None:
    nodes, edges = graph
    drawing = layout(tuple(nodes), tuple(edges), SIZES)
    place = {box.key: box for box in drawing.boxes}
    assert sorted((wire.source, wire.target) for wire in drawing.wires) == sorted(set(edges))
    for wire in drawing.wires:
        source, target = place[wire.source], place[wire.target]
        assert wire.points[0] == (source.x + SIZES.width, source.y + SIZES.height / 2)
        assert wire.points[-1] == (target.x, target.y + SIZES.height / 2)
        xs = [x for x, _y in wire.points]
        assert wire.back or (xs == sorted(xs) and source.column < target.column)
        if wire.back:  # it runs below every box
            assert wire.points[2][1] >= max(box.y + SIZES.height for box in drawing.boxes)


@given(graphs())
def test_tiers_stand_from_left_to_right_and_no_column_is_too_tall(
    graph: tuple[list[Node], list[Edge]],
) -> None:
    nodes, _edges = graph
    drawing = layout(tuple(graph[0]), tuple(graph[1]), SIZES)
    spans = {tier: (left, right) for tier, left, right in drawing.tiers}
    assert [tier for tier, _left, _right in drawing.tiers] == [t for t in TIERS if t in dict(nodes).values()]
    for key, tier in nodes:
        box = next(one for one in drawing.boxes if one.key == key)
        assert spans[tier][0] <= box.x and box.x + SIZES.width <= spans[tier][1]
    for column in {box.column for box in drawing.boxes}:
        assert sum(box.column == column for box in drawing.boxes) <= SIZES.rows


def test_a_plain_chain_is_a_level_line_and_the_same_twice() -> None:
    nodes: list[Node] = [("ore", "up"), ("metal", "mid"), ("wheels", "down")]
    edges = [("ore", "metal"), ("metal", "wheels")]
    drawing = layout(tuple(nodes), tuple(edges))
    assert len({box.y for box in drawing.boxes}) == 1 and [box.column for box in drawing.boxes] == [0, 1, 2]
    assert layout.__wrapped__(tuple(nodes), tuple(edges)) == drawing


def crossings(drawing: Drawing) -> int:
    """Pairs of wires between two neighbouring columns that cross."""
    steps = [
        ((x1, y1), (x2, y2))
        for wire in drawing.wires
        if not wire.back
        for (x1, y1), (x2, y2) in zip(wire.points[::2], wire.points[1::2], strict=True)
    ]
    return sum(
        a[0][0] == b[0][0] and (a[0][1] - b[0][1]) * (a[1][1] - b[1][1]) < 0
        for index, a in enumerate(steps)
        for b in steps[index + 1 :]
    )


def test_crossed_suppliers_are_uncrossed() -> None:
    nodes: list[Node] = [("a", "up"), ("b", "up"), ("c", "up"), ("x", "mid"), ("y", "mid"), ("z", "mid")]
    assert crossings(layout(tuple(nodes), (("a", "z"), ("b", "y"), ("c", "x")))) == 0
