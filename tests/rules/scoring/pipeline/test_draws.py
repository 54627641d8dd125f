"""What is drawn is what was declared: readings around their values, weights in bounds, choices evenly; ties; blocks."""

from __future__ import annotations

import math

import numpy as np
import pytest

from leitai.rules.scoring.pipeline import Result, Uncertain, indices, sureness
from leitai.rules.scoring.pipeline.counting import places
from leitai.rules.scoring.pipeline.draws import BLOCK
from tests.rules.scoring.pipeline.making import chances, completed, result, spec

DRAWS = 40_000


def uncertain(text: str, table: str) -> tuple[Uncertain, Result]:
    parsed, done = spec(text), result(text, table)
    return Uncertain(done, parsed.tree, parsed.positions), done


def made(cell: str, per: str = "") -> str:
    return completed(
        f"measures: {{x: {{{per}points: {{by: given}}}}}}\nnodes: {{all: {{weigh: {{x: 1}}}}}}\n"
        f"noise: {{cells: {{x: {{{cell}}}}}}}\n"
    )


# Mean and standard deviation of what is drawn for the first unit, whose column is 20 (of 50).
KINDS = {
    "se": ("se: s", "", 20.0, 2.0),
    "error": ("error: 3", "", 20.0, 3 / math.sqrt(3)),
    "percent": ("error: 10, as: percent", "", 20.0, 2 / math.sqrt(3)),
    "binomial": ("counts: binomial", "per: {column: n}, ", 20.5 / 51, math.sqrt(20.5 * 30.5 / 51**2 / 52)),
    "poisson": ("counts: poisson", "per: {column: n, times: 100}, ", 41.0, math.sqrt(20.5) * 2),
}


@pytest.mark.parametrize("kind", KINDS)
def test_readings_are_drawn_as_declared(kind: str) -> None:
    cell, per, mean, deviation = KINDS[kind]
    one, _ = uncertain(made(cell, per), "id,x,n,s\na,20,50,2\nb,1,50,0\n")
    drawn = one.outcome(one.sample(chances(kind, 0), DRAWS)).score[:, 0]
    assert drawn.dtype == np.float64
    assert drawn.mean() == pytest.approx(mean, abs=4 * deviation / math.sqrt(DRAWS))
    assert drawn.std() == pytest.approx(deviation, rel=0.03)
    if kind in ("error", "percent"):
        assert drawn.min() > 16.99 and drawn.max() < 23.01


def test_weights_keep_to_their_bounds_and_choices_are_even() -> None:
    text = completed(
        "measures: {x: {points: {by: given}}, y: {points: {by: given}}}\n"
        "nodes: {all: {weigh: {x: 1, y: 3}}}\n"
        "noise:\n  weights: {all: {x: [1, 3]}}\n"
        "  choices: {mean: {at: [nodes, all, by], of: [arithmetic, minimum]}}\n"
    )
    one, _ = uncertain(text, "id,x,y\na,100,0\nb,50,50\n")
    assert one.factors == ("all/x", "mean")
    drawn = one.outcome(one.sample(chances("weights", 0), DRAWS)).score[:, 0]
    least = drawn == 0
    assert least.mean() == pytest.approx(0.5, abs=0.01)
    # 100 w / (w + 3) for w from 1 to 3.
    assert drawn[~least].min() == pytest.approx(25, abs=0.1) and drawn[~least].max() == pytest.approx(
        50, abs=0.1
    )


def test_a_seed_gives_the_same_draws_in_blocks_of_any_number() -> None:
    one, _ = uncertain(made("se: s"), "id,x,s\na,3,2\nb,2,2\nc,1,2\n")
    short, long = (sureness(one, chances, draws) for draws in (BLOCK, 2 * BLOCK))
    again = sureness(one, chances, BLOCK)
    assert (short.top == again.top).all() and (short.score_low == again.score_low).all()
    assert (short.score_low != long.score_low).any()


def test_draws_that_print_alike_share_a_rank_as_the_table_says() -> None:
    for ties, ranks in (
        ("better", (1, 1, 3)),
        ("worse", (2, 2, 3)),
        ("average", (1.5, 1.5, 3)),
        ("dense", (1, 1, 2)),
    ):
        text = made("se: s") + f"ranks: {{ties: {ties}}}\n"
        one, done = uncertain(text, "id,x,s\na,3.001,0\nb,3.002,0\nc,1,0\n")
        found = one.outcome(one.sample(chances("ties", 0), 3))
        assert found.rank.tolist() == [list(map(float, ranks))] * 3
        assert [float(row.rank or 0) for row in done.rows()] == list(map(float, ranks))
        assert found.ahead[0].tolist() == [0, 0, 2] and found.behind[0].tolist() == [1, 1, 0]


def test_places_on_many_rows_are_those_of_each_row() -> None:
    rows = np.random.default_rng(3).integers(0, 6, (50, 9)).astype(float)
    for row, better, worse, dense in zip(
        rows, places(rows, "better"), places(rows, "worse"), places(rows, "dense"), strict=True
    ):
        for n, value in enumerate(row):
            assert better[n] == 1 + (row > value).sum()
            assert worse[n] == (row >= value).sum()
            assert dense[n] == 1 + len({x for x in row if x > value})


def test_what_does_not_vary_has_no_index() -> None:
    one, _ = uncertain(made("se: s"), "id,x,s\na,9,1\nb,1,0\n")
    found = indices(one, chances, 256)
    assert found.factors == ("data",)
    assert found.first[0, 0] == pytest.approx(1, abs=0.2) and found.total[0, 0] == pytest.approx(1, abs=0.2)
    assert np.isnan(found.first[0, 1])
