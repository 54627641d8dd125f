"""From columns to values: denominators and growth, and what stands in for a value that is missing.

docs/methods/derived.md, docs/methods/missing.md. Means and medians are of the values that are there, of all
units that are kept or of the unit's own group.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np

from .numbers import Array, Mask, Numbers
from .spec import MeasureSpec, Missing


def derived(measure: MeasureSpec, column: str, columns: Mapping[str, Array], kind: Numbers) -> Array:
    """The value of each unit: its column, per denominator, or grown since. Denominators are not 0."""
    value = columns[column]
    if measure.per is not None:
        value = value / columns[measure.per.column] * kind.of(measure.per.times)
    if measure.since is not None:
        before = columns[measure.since.column]
        if measure.since.as_ == "difference":
            value = value - before
        elif measure.since.as_ == "ratio":
            value = value / before
        else:
            value = (value - before) / abs(before) * kind.of(Decimal(100))
    return value


def needed(measure: MeasureSpec, column: str) -> tuple[tuple[str, bool], ...]:
    """The columns that a value is made of, and whether a 0 in them makes it impossible."""
    found = [(column, False)]
    if measure.per is not None:
        found.append((measure.per.column, True))
    if measure.since is not None:
        found.append((measure.since.column, measure.since.as_ != "difference"))
    return tuple(found)


def fills(policy: Missing, values: Array, there: Mask, groups: Sequence[str]) -> tuple[Array, Mask]:
    """What stands in for each missing value under a policy of means or medians, and where it can.

    `values` are decimals, shape (units,). A group without any value has nothing to give.
    """
    found, can = values.copy(), np.zeros(len(values), dtype=bool)
    if policy not in ("mean", "median", "group-mean", "group-median"):
        return found, can
    labels = np.array(groups if policy.startswith("group-") else [""] * len(groups))
    for label in np.unique(labels):
        inside = labels == label
        known = sorted(values[inside & there].tolist())
        if not known:
            continue
        middle = len(known) // 2
        if policy.endswith("mean"):
            one = sum(known, Decimal(0)) / len(known)
        else:
            one = known[middle] if len(known) % 2 else (known[middle - 1] + known[middle]) / 2
        gaps = inside & ~there
        found[gaps], can[gaps] = one, True
    return found, can
