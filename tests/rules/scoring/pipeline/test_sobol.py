"""Sobol indices against functions whose indices are known in closed form."""

from __future__ import annotations

import numpy as np
import pytest

from leitai.rules.scoring.pipeline import Uncertain, indices
from leitai.rules.scoring.pipeline.numbers import Array
from leitai.rules.scoring.pipeline.sobol import estimated, points
from tests.rules.scoring.pipeline.making import chances, result, spec

A, B = 7.0, 0.1


def ishigami(uniform: Array) -> Array:
    """sin x + a sin² y + b z⁴ sin x on -π…π (Ishigami and Homma 1990), and one that never varies."""
    x, y, z = (np.pi * (2 * uniform - 1)).T
    return np.stack([np.sin(x) + A * np.sin(y) ** 2 + B * z**4 * np.sin(x), 0 * x], axis=1)


def mixed(a: Array, b: Array, index: int) -> Array:
    found = a.copy()
    found[:, index] = b[:, index]
    return found


def test_the_function_of_ishigami() -> None:
    # Its variance is that of y alone, of x alone, and of x with z.
    of_y, of_x = A**2 / 8, 0.5 * (1 + B * np.pi**4 / 5) ** 2
    together = B**2 * np.pi**8 * (1 / 18 - 1 / 50)
    whole = of_y + of_x + together
    expected = {
        "first": np.array([of_x, of_y, 0]) / whole,
        "total": np.array([of_x + together, of_y, together]) / whole,
    }
    assert expected["first"] == pytest.approx([0.3139, 0.4424, 0], abs=1e-4)
    assert expected["total"] == pytest.approx([0.5576, 0.4424, 0.2437], abs=1e-4)
    base = 1024
    a, b = points(3, base, np.random.default_rng(1))
    blocks = [(a[at : at + 256], b[at : at + 256]) for at in range(0, base, 256)]
    first, total = estimated(ishigami, blocks, mixed, 3, np.zeros(2))
    assert first[:, 0] == pytest.approx(expected["first"], abs=0.02)
    assert total[:, 0] == pytest.approx(expected["total"], abs=0.02)
    assert np.isnan(first[:, 1]).all() and np.isnan(total[:, 1]).all()


def test_both_samples_fill_the_room_evenly() -> None:
    a, b = points(3, 256, np.random.default_rng(1))
    for column in (*a.T, *b.T):
        assert np.bincount((column * 16).astype(int), minlength=16).tolist() == [16] * 16
    assert not np.allclose(a, b)


def test_a_base_becomes_a_power_of_two_and_the_readings_are_one_factor() -> None:
    text = """
measures: {x: {points: {by: given}}, y: {points: {by: given}}}
nodes: {all: {weigh: {x: 1, y: 1}}}
ranks: {of: exact}
noise: {cells: {x: {se: s}}, weights: {all: {x: [1, 3]}}}
"""
    done = result(text, "id,x,s,y\na,1,1,1\nb,1,2,1\nc,5,0,1\n")
    found = indices(Uncertain(done, spec(text).tree, spec(text).positions), chances, 700)
    assert (found.base, found.factors) == (1024, ("all/x", "data"))
    # Of a unit whose points are alike the weights decide nothing; of one that is certain the readings do not.
    assert found.total[:, 0] == pytest.approx([0.0, 1.0], abs=0.05)
    assert found.total[:, 2] == pytest.approx([1.0, 0.0], abs=0.02)
