"""What holds of any index: order means nothing, the better is never behind, weights scale, reasons add up."""

from __future__ import annotations

import random
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from leitai.rules.scoring.pipeline import Uncertain, climbs, files, gap, neighbours, sureness
from leitai.rules.scoring.pipeline.flow import flow, frames, weights
from leitai.rules.scoring.pipeline.numbers import FLOAT
from leitai.rules.scoring.pipeline.treating import winsorised
from tests.rules.scoring.pipeline.making import chances, csv, data, result, scores, spec

POINTS = (
    "{by: goalposts, low: 10, high: 90}",
    "{by: min-max, equal: 50}",
    "{by: z-score, centre: 500, spread: 10, equal: 500}",
    "{by: rank}",
    "{by: percentile}",
    "{by: best, floor: 0}",
    "{by: reference, unit: u0, floor: 0}",
    "{by: target, target: 40, cap: 150}",
    "{by: best, over: range, equal: 50}",
    "{by: efficacy, bad: 10, good: 80, floor: 0}",
    "{by: pass, target: 50}",
    "{by: given}",
    "{by: bands, bands: {'<20': 10, '<60': 50, else: 90}}",
)
MEANS = ("arithmetic", "geometric", "harmonic", "median", "minimum", "borda", "copeland", "power, power: 2")
values = st.integers(1, 99)
weight = st.integers(1, 20).map(lambda n: n / 4)


@dataclass(frozen=True)
class Made:
    """A random index: its spec by weights times a number, and its rows."""

    measures: tuple[str, ...]
    means: tuple[str, str]
    weigh: tuple[float, ...]
    rows: tuple[tuple[int | None, ...], ...]

    def spec(self, times: float = 1) -> str:
        measures = "".join(f"  m{n}: {{points: {one}}}\n" for n, one in enumerate(self.measures))
        inner = ", ".join(f"m{n}: {w * times}" for n, w in enumerate(self.weigh[2:], 1))
        top, low = self.means
        return (
            f"measures:\n{measures}nodes:\n"
            f"  top: {{by: {top}, weigh: {{m0: {self.weigh[0] * times}, low: {self.weigh[1] * times}}}}}\n"
            f"  low: {{by: {low}, weigh: {{{inner}}}}}\n"
        )

    def header(self) -> list[str]:
        return ["id", *(f"m{n}" for n in range(len(self.measures)))]

    def data(self, order: random.Random | None = None) -> str:
        rows = [[f"u{n}", *("" if x is None else x for x in row)] for n, row in enumerate(self.rows)]
        if order is not None:
            order.shuffle(rows)
        return csv(self.header(), rows)


@st.composite
def made(draw: st.DrawFn, missing: bool = False, methods: tuple[str, ...] = POINTS) -> Made:
    measures = tuple(draw(st.lists(st.sampled_from(methods), min_size=3, max_size=5)))
    means = draw(st.sampled_from(MEANS)), draw(st.sampled_from(MEANS))
    weigh = tuple(draw(st.lists(weight, min_size=len(measures) + 1, max_size=len(measures) + 1)))
    count = draw(st.integers(3, 7))
    cell = st.one_of(values, values, st.none()) if missing else values
    rows = [tuple(draw(cell) for _ in measures) for _ in range(count)]
    # The first unit is the reference and every measure has a value: a table without one is a fault of its own.
    rows[0] = tuple(draw(values) for _ in measures)
    return Made(measures, means, weigh, tuple(rows))


@given(made(missing=True), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_lines_never_matters(one: Made, order: random.Random) -> None:
    assert files(result(one.spec(), one.data())) == files(result(one.spec(), one.data(order)))


@given(made())
@settings(deadline=None)
def test_a_dominated_unit_never_ranks_above(one: Made) -> None:
    better = tuple(x + 1 for x in one.rows[1] if x is not None)
    rows = (*one.rows, better)
    grown = Made(one.measures, one.means, one.weigh, rows)
    done = result(grown.spec(), grown.data())
    lines = {row.unit: row for row in done.rows()}
    over, under = lines[f"u{len(rows) - 1}"], lines["u1"]
    # A geometric mean of equal shares may differ in the last of forty digits: published scores do not.
    assert over.score is not None and under.score is not None and over.score >= under.score
    assert over.rank is not None and under.rank is not None and over.rank <= under.rank


@given(made(missing=True), st.sampled_from([0.25, 3, 1000]))
@settings(deadline=None)
def test_weights_scale_freely(one: Made, times: float) -> None:
    assert scores(result(one.spec(), one.data())) == scores(result(one.spec(times), one.data()))


@given(made(missing=True))
@settings(deadline=None)
def test_an_explanation_sums_to_the_gap_exactly(one: Made) -> None:
    done = result(one.spec(), one.data())
    for place, above, below in neighbours(done):
        for better, worse in ((above, place), (place, below)):
            if better is None or worse is None:
                continue
            found = gap(done, better, worse)
            published = [done.row(n).score or Decimal(0) for n in (better, worse)]
            assert sum(found.parts.values()) == found.gap == published[0] - published[1] > 0
            # What rounding leaves is at most both roundings and the parts' own: nothing is hidden in it.
            assert abs(found.parts["", "rounding"]) <= Decimal("0.0102")


@given(made(missing=True))
@settings(deadline=None)
def test_floats_and_decimals_say_the_same(one: Made) -> None:
    done = result(one.spec(), one.data())
    columns = {name: column.astype(np.float64) for name, column in done.plan.columns.items()}
    # Ties of points that floats tell apart may turn a pair under Copeland and Borda; other means are smooth.
    if {"borda", "copeland"} & set(one.means):
        return
    found = flow(done.plan, columns, weights(done.plan, FLOAT), frames(done.plan), FLOAT).total
    assert found.dtype == np.float64
    there = done.flow.there[done.plan.spec.top]
    assert np.allclose(found[there], done.flow.total[there].astype(np.float64), rtol=1e-9, atol=1e-9)


SMOOTH = tuple(one for one in POINTS if "bands" not in one)


@given(made(methods=SMOOTH))
@settings(deadline=None)
def test_a_climb_reaches_the_unit_above_and_nothing_less_does(one: Made) -> None:
    done = result(one.spec(), one.data())
    kept = done.frame()
    lines = "".join(
        f"  {key}: {{all: {{{', '.join(f'{name}: {number}' for name, number in groups['all'].items())}}}}}\n"
        for key, groups in kept.items()
    )
    frozen = one.spec() + (f"frame:\n{lines}" if kept else "")
    for way in climbs(done)[:3]:
        goal = done.row(way.above).score
        assert goal is not None

        def after(value: Decimal, unit: int = way.unit, measure: str = way.measure) -> Decimal:
            rows = [list(row) for row in one.rows]
            rows[unit][int(measure[1:])] = value
            moved = Made(one.measures, one.means, one.weigh, tuple(map(tuple, rows)))
            found = result(frozen, moved.data()).row(unit).score
            assert found is not None
            return found

        # Places of other units move when this one does, so only methods of one's own value are computed again.
        places = ("rank", "percentile")
        if not any(f"by: {word}" in points for word in places for points in one.measures) and not (
            way.unit == 0 and any("reference" in points for points in one.measures)
        ):
            assert after(way.needed) >= goal
            little = (way.needed - way.now) / 100
            assert after(way.needed - little) <= after(way.needed)
            assert after(way.now) < goal
        assert way.cost > 0


def test_climbs_come_cheapest_first_and_only_upwards() -> None:
    done = result(
        "measures: {x: {points: {by: given}}, y: {points: {by: given}}}\nnodes: {all: {weigh: {x: 1, y: 2}}}\n",
        "id,x,y\na,90,70\nb,60,60\nc,20,50\nd,10,10\n",
    )
    for first, second in pairwise(climbs(done)):
        assert first.unit != second.unit or first.cost <= second.cost
    # b is below a in both, by more than either alone can bring: no single measure lifts it.
    assert {done.row(one.unit).unit for one in climbs(done)} == {"c", "d"}


@given(made(methods=("{by: goalposts, low: 10, high: 90}", "{by: given}", "{by: target, target: 40}")))
@settings(deadline=None, max_examples=20)
def test_without_noise_every_draw_is_the_table(one: Made) -> None:
    text = one.spec() + "noise: {cells: {m0: {se: s}}}\n"
    lines = one.data().splitlines()
    table = "\n".join([f"{lines[0]},s", *(f"{line},0" for line in lines[1:])]) + "\n"
    parsed, done = spec(text), result(text, table)
    sure = sureness(Uncertain(done, parsed.tree, parsed.positions), chances, 100)
    assert (sure.low == sure.high).all()
    assert data(parsed, table).ids == tuple(f"u{n}" for n in range(len(one.rows)))


def test_winsorising_never_leaves_one_value_alone() -> None:
    rare = [Decimal(0)] * 40 + [Decimal(1)] * 2
    assert winsorised(rare, 5, Decimal(2), Decimal("3.5")) == (0, 1, False)
