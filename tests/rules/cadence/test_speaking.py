"""The order of speaking: who is named, who comes first, and who cannot be told from who is called."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from leitai.rules.cadence.speaking import Placed, turns
from leitai.rules.regime.gatherings import SpeakingSpec


def line(unit: str, rank: int, of: int = 3, wide: int = 0, group: str = "a", **named: bool) -> Placed:
    return Placed(unit, group, rank, max(rank - wide, 1), min(rank + wide, of), of, **named)


THREE = [line("x", 1, best=True), line("y", 2), line("z", 3, worst=True)]


def said(spec: SpeakingSpec, lines: list[Placed]) -> list[tuple[int, str, str]]:
    return [(one.number, one.unit, one.kind) for one in turns(spec, lines)]


def test_best_first_or_worst_first() -> None:
    assert said(SpeakingSpec(first="best"), THREE) == [(1, "x", "experience"), (2, "z", "statement")]
    assert said(SpeakingSpec(first="worst"), THREE) == [(1, "z", "statement"), (2, "x", "experience")]


def test_only_those_are_called_whom_the_table_names() -> None:
    nobody = [line("x", 1), line("y", 2), line("z", 3)]
    assert turns(SpeakingSpec(certain=True), nobody) == ()
    assert len(turns(SpeakingSpec(certain=False, best=1, worst=1), nobody)) == 2


def test_who_is_not_called_but_might_be_is_told() -> None:
    near = [line("x", 1, wide=1), line("y", 2, wide=1), line("z", 3)]
    first, last = turns(SpeakingSpec(certain=False, best=1, worst=1), near)
    assert first.alike == ("y",)
    assert [one.text for one in first.why] == [
        "rank 1 of 3 (1–2)",
        "others not called who cannot be told from it: 1",
    ]
    assert last.alike == ("y",), "y may be third as well"


def test_among_the_named_only_the_named_are_alike() -> None:
    tied = [line("x", 1, wide=1, best=True), line("y", 1, wide=1, best=True), line("z", 2, wide=1)]
    (first,) = turns(SpeakingSpec(best=1, worst=0), tied)
    assert (first.unit, first.alike) == ("x", ("y",))


def test_groups_of_different_size_are_held_together_as_shares() -> None:
    lines = [
        line("small", 1, of=3, group="s", best=True),
        line("large", 1, of=25, group="l", best=True),
        line("small-last", 3, of=3, group="s", worst=True),
        line("large-last", 25, of=25, group="l", worst=True),
    ]
    assert [one.unit for one in turns(SpeakingSpec(best=2, worst=2), lines)] == [
        "large",
        "small",
        "large-last",
        "small-last",
    ]


def test_one_who_is_both_speaks_once_as_one_of_the_best() -> None:
    alone = [line("x", 1, of=1, best=True, worst=True)]
    assert said(SpeakingSpec(), alone) == [(1, "x", "experience")]


LINES = st.lists(
    st.builds(
        lambda unit, rank, wide, best, worst: line(f"u{unit}", rank, 9, wide, best=best, worst=worst),
        st.integers(0, 30),
        st.integers(1, 9),
        st.integers(0, 8),
        st.booleans(),
        st.booleans(),
    ),
    max_size=20,
)
SPECS = st.builds(
    SpeakingSpec,
    best=st.integers(0, 5),
    worst=st.integers(0, 5),
    certain=st.booleans(),
    first=st.sampled_from(["best", "worst"]),
)


@given(SPECS, LINES)
def test_nobody_speaks_twice_and_no_more_than_asked_for(spec: SpeakingSpec, lines: list[Placed]) -> None:
    found = turns(spec, lines)
    assert [one.number for one in found] == list(range(1, len(found) + 1))
    assert len({one.unit for one in found}) == len(found)
    assert sum(one.kind == "experience" for one in found) <= spec.best
    assert sum(one.kind == "statement" for one in found) <= spec.worst
    called = {one.unit for one in found}
    assert all(not called & set(one.alike) for one in found)


@given(SPECS, LINES, st.randoms())
def test_the_order_of_the_input_decides_nothing(spec: SpeakingSpec, lines: list[Placed], chance) -> None:  # type: ignore[no-untyped-def]
    once = list({one.unit: one for one in lines}.values())
    mixed = list(once)
    chance.shuffle(mixed)
    assert turns(spec, once) == turns(spec, mixed)
