"""Counting who is ahead of whom along the last axis, with ties kept exactly."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from .numbers import Array, Numbers
from .spec import Ties


def better_than(values: Array, against: Array | None = None) -> tuple[Array, Array]:
    """How many others have more, and how many others have the same; shapes as `values`.

    Without `against` the others are the other values of the row. With it, shape (units,), each value stands
    for one unit that has moved, and is counted among the unmoved values of the others.
    """
    if against is not None:
        ordered, count = np.sort(against), len(against)
        below, upto = (np.searchsorted(ordered, values, side) for side in ("left", "right"))
        return count - upto - (against > values), upto - below - (against == values)
    count = values.shape[-1]
    order = np.argsort(values, axis=-1, kind="stable")
    ordered = np.take_along_axis(values, order, axis=-1)
    new = np.ones(values.shape, dtype=bool)
    new[..., 1:] = ordered[..., 1:] != ordered[..., :-1]
    places = np.broadcast_to(np.arange(count), values.shape)
    first = np.maximum.accumulate(np.where(new, places, 0), axis=-1)
    last = np.ones(values.shape, dtype=bool)
    last[..., :-1] = new[..., 1:]
    end = np.minimum.accumulate(np.where(last, places, count)[..., ::-1], axis=-1)[..., ::-1]
    ahead, level = np.empty(values.shape, dtype=np.int64), np.empty(values.shape, dtype=np.int64)
    np.put_along_axis(ahead, order, count - 1 - end, axis=-1)
    np.put_along_axis(level, order, end - first, axis=-1)
    return ahead, level


def places(values: Array, ties: Ties) -> Array:
    """The place of each value in its row, 1 for the greatest; of decimals or floats, as the values are.

    Equal values share the better place (1, 2, 2, 4), the worse (1, 3, 3, 4), the mean of both, or take one
    place together without a gap after it (dense: 1, 2, 2, 3).
    """
    if ties == "dense":
        order = np.argsort(-values, axis=-1, kind="stable")
        ordered = np.take_along_axis(values, order, axis=-1)
        new = np.ones(values.shape, dtype=np.int64)
        new[..., 1:] = ordered[..., 1:] != ordered[..., :-1]
        found = np.empty(values.shape, dtype=np.int64)
        np.put_along_axis(found, order, np.cumsum(new, axis=-1), axis=-1)
        return found
    ahead, level = better_than(values)
    if ties == "better":
        return ahead + 1
    return ahead + 1 + level if ties == "worse" else ahead + 1 + level / 2


def beaten(values: Array, kind: Numbers, against: Array | None = None) -> Array:
    """The share of the others that each value beats, ties counting half; 1 where there are no others."""
    ahead, level = better_than(values, against)
    others = values.shape[-1] - 1
    if others < 1:
        return np.full(values.shape, kind.of(Decimal(1)), dtype=object if kind.exact else np.float64)
    twice = 2 * (others - ahead) - level
    return np.asarray(twice * kind.of(Decimal("0.5")) / kind.of(Decimal(others)))
