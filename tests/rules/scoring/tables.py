"""Small tables for the tests of scoring, drawn by hypothesis: ties, gaps, errors, every way to points."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from leitai.rules.scoring import (
    Band,
    Bands,
    Cell,
    Given,
    Measure,
    Method,
    MinMax,
    Naming,
    PassFail,
    RankPoints,
    TableInputs,
    TableSpec,
    Target,
    UnitInputs,
)
from leitai.rules.scoring.change import Edition
from leitai.rules.scoring.spec import RankBy
from leitai.rules.scoring.table import compute

KEYS = ("a", "b", "c")
RISING = Bands((Band(">=", Decimal(8), Decimal(100)), Band(">=", Decimal(4), Decimal(60))), Decimal(10))
METHODS: dict[str, Method] = {
    "target": Target(cap=Decimal(120)),
    "minmax": MinMax(),
    "posts": MinMax(least=Decimal(0), most=Decimal(10)),
    "rank": RankPoints(),
    "pass": PassFail(threshold=Decimal(6)),
    "given": Given(),
    "bands": RISING,
}


def more_only(method: Method) -> bool:
    """Whether more is better by the method itself."""
    return isinstance(method, Bands | Given)


@st.composite
def specs(draw: st.DrawFn, keys: tuple[str, ...] = KEYS, rank_sets: RankBy = "bonferroni") -> TableSpec:
    """A specification of some of the measures."""
    chosen = draw(st.lists(st.sampled_from(keys), min_size=1, max_size=3, unique=True))
    measures = []
    for key in sorted(chosen):
        method = draw(st.sampled_from(list(METHODS.values())))
        better = "more" if more_only(method) else draw(st.sampled_from(["more", "less"]))
        weight = Decimal(draw(st.sampled_from([10, 20, 50])))
        minimum = draw(st.sampled_from([0, 0, 0, 5]))
        missing = draw(st.sampled_from(["exclude", "exclude", "floor"]))
        measures.append(Measure(key, method, weight, better, minimum, missing))
    naming = Naming(worst=draw(st.integers(0, 2)), worst_certain=draw(st.booleans()))
    within = draw(st.sampled_from(["group", "group", "all"]))
    ties = draw(st.sampled_from(["better", "better", "worse"]))
    return TableSpec(
        "arena", "2024-03", tuple(measures), naming=naming, within=within, ties=ties, rank_sets=rank_sets
    )


@st.composite
def cells(draw: st.DrawFn) -> Cell:
    """A reading, mostly there."""
    state = draw(st.sampled_from(["ok"] * 6 + ["missing", "late", "few"]))
    value = None if state == "missing" else Decimal(draw(st.integers(0, 20))) / 2
    se = draw(st.sampled_from([None, None, Decimal("0.5"), Decimal(2)]))
    return Cell(value, draw(st.sampled_from([3, 8])), se, Decimal(5), state)


@st.composite
def inputs(draw: st.DrawFn, spec: TableSpec) -> TableInputs:
    """Some units with their readings of the measures of a specification."""
    keys = [one.key for one in spec.measures]
    names = draw(st.lists(st.sampled_from([f"u{n}" for n in range(7)]), min_size=2, max_size=7, unique=True))
    groups = st.sampled_from(["g", "g", "g", "h"])
    return TableInputs(
        tuple(UnitInputs(name, draw(groups), {key: draw(cells()) for key in keys}) for name in sorted(names))
    )


@st.composite
def editions(draw: st.DrawFn, rank_sets: RankBy = "bonferroni") -> Edition:
    """A table with what it was computed from."""
    spec = draw(specs(rank_sets=rank_sets))
    frozen = draw(inputs(spec))
    return Edition(spec, frozen, compute(spec, frozen))


def edition(
    spec: TableSpec, values: dict[str, dict[str, object]], errors: dict[str, float] | None = None
) -> Edition:
    """A table of one group from values by unit and measure, with a standard error for each measure."""
    found = TableInputs(
        tuple(
            UnitInputs(
                unit,
                "g",
                {
                    key: value if isinstance(value, Cell) else Cell.of(value, se=(errors or {}).get(key))
                    for key, value in of.items()
                },
            )
            for unit, of in values.items()
        )
    )
    return Edition(spec, found, compute(spec, found))
