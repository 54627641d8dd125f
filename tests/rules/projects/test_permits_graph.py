"""Graphs of permits: what is found wrong in one, with the path; and that one without a fault cannot get stuck."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from leitai.rules.flows.permits import Fault, behind, columns, faults, order, without

SOUND = {"land": (), "planning": ("land",), "energy": (), "construction": ("planning", "energy")}
NAMES = "abcdef"


def test_a_sound_graph_has_no_fault() -> None:
    assert faults(SOUND, ("construction",)) == ()


def test_an_approval_that_nobody_grants_is_named_with_its_path_to_the_start() -> None:
    broken = SOUND | {"planning": ("land", "survey")}
    assert faults(broken, ("construction",)) == (
        Fault("missing", "planning", ("survey", "planning", "construction")),
    )
    assert faults(SOUND, ("construction", "fire")) == (Fault("missing", "", ("fire",)),)


def test_a_dead_end_is_named_with_its_path_and_with_the_way_past_it() -> None:
    broken = SOUND | {"fence": ("planning",)}
    assert faults(broken, ("construction",)) == (
        Fault("dead-end", "fence", ("land", "planning", "fence"), ("energy", "construction")),
    )


def test_permits_that_wait_for_each_other_are_named_in_a_circle() -> None:
    broken = SOUND | {"land": ("planning",)}
    assert faults(broken, ("construction",)) == (Fault("circle", "land", ("land", "planning", "land")),)
    assert faults({"a": ("a",)}, ("a",)) == (Fault("circle", "a", ("a", "a")),)


def test_two_circles_are_told_each_once() -> None:
    found = faults({"a": ("b",), "b": ("a",), "c": ("d",), "d": ("c",), "e": ("a", "c")}, ("e",))
    assert [fault.path for fault in found] == [("a", "b", "a"), ("c", "d", "c")]


def graphs(cyclic: bool = False) -> st.SearchStrategy[dict[str, tuple[str, ...]]]:
    """Small graphs; where `cyclic`, also such as wait for each other or for what is not there."""

    @st.composite
    def draw(drawn: st.DrawFn) -> dict[str, tuple[str, ...]]:
        keys = drawn(st.permutations(NAMES[: drawn(st.integers(1, 6))]))
        names = [*keys, "missing"] if cyclic else list(keys)
        found = {}
        for number, key in enumerate(keys):
            among = names if cyclic else names[:number]
            found[key] = (
                tuple(drawn(st.lists(st.sampled_from(among), unique=True, max_size=3))) if among else ()
            )
        return found

    return draw()


def reachable(needs: Mapping[str, tuple[str, ...]]) -> set[frozenset[str]]:
    """Every set of permits that can be granted in some right order: by trying them all."""
    found = {frozenset[str]()}
    open_ = [frozenset[str]()]
    while open_:
        state = open_.pop()
        for key, names in needs.items():
            more = state | {key}
            if key not in state and set(names) <= state and more not in found:
                found.add(more)
                open_.append(more)
    return found


def sound_by_trying(needs: Mapping[str, tuple[str, ...]], start: tuple[str, ...]) -> bool:
    """Whether the start can be made from every state, and only once every permit is granted."""
    states = reachable(needs)
    made = {state for state in states if set(start) <= state}
    forward = all(any(state <= one for one in made) for state in states)
    # Where the start waits for its permits, all they rest on is granted; a permit left over was gone past.
    ends = [state for state in made if not any(other < state for other in made)]
    return forward and bool(made) and all(state == set(needs) for state in ends)


@given(graphs(cyclic=True), st.data())
def test_without_a_fault_is_the_same_as_sound_by_trying_every_order(
    needs: dict[str, tuple[str, ...]], data: st.DataObject
) -> None:
    start = tuple(data.draw(st.lists(st.sampled_from(sorted(needs)), unique=True, min_size=1)))
    assert (faults(needs, start) == ()) is sound_by_trying(needs, start)


@given(graphs(cyclic=True), st.data())
def test_a_path_that_is_named_is_a_path_of_the_graph(
    needs: dict[str, tuple[str, ...]], data: st.DataObject
) -> None:
    start = tuple(data.draw(st.lists(st.sampled_from([*sorted(needs), "gone"]), unique=True, min_size=1)))
    for fault in faults(needs, start):
        for way in (fault.path, fault.past):
            for before, after in pairwise(way):
                assert before in needs[after]
        if fault.past:
            assert fault.past[-1] in start and fault.at not in fault.past


@given(graphs(), st.randoms())
def test_the_order_of_input_changes_nothing(needs: dict[str, tuple[str, ...]], chance: object) -> None:
    keys = list(needs)
    chance.shuffle(keys)  # type: ignore[attr-defined]
    turned = {key: tuple(reversed(needs[key])) for key in keys}
    assert order(turned) == order(needs) and columns(turned) == columns(needs)
    for key in needs:
        assert behind(turned, key) == behind(needs, key)


@given(graphs(), st.data())
def test_doing_without_permits_keeps_who_waits_for_whom(
    needs: dict[str, tuple[str, ...]], data: st.DataObject
) -> None:
    dropped = set(data.draw(st.lists(st.sampled_from(sorted(needs)), unique=True)))
    left = without(needs, dropped)
    assert set(left) == set(needs) - dropped
    for one, other in combinations(sorted(left), 2):
        assert (other in behind(left, one)) is (other in behind(needs, one))
        assert (one in behind(left, other)) is (one in behind(needs, other))


@given(graphs())
def test_every_permit_stands_right_of_all_it_needs(needs: dict[str, tuple[str, ...]]) -> None:
    found = columns(needs)
    at = {key: number for number, column in enumerate(found) for key in column}
    assert sorted(at) == sorted(needs) and sum(map(len, found)) == len(needs)
    assert all(at[name] < at[key] for key, names in needs.items() for name in names)
