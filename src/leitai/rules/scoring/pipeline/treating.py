"""Outliers: limits found once, from the data of all units, and then applied to any values.

docs/methods/outliers.md. Winsorising follows COINr (Becker and others 2022): while both the absolute
skewness and the excess kurtosis are too large, the farthest values on the side of the tail move to the next
one, until so many have moved. Skewness and kurtosis are the sample's adjusted ones (G1, G2; Joanes and Gill
1998). The exponent of Box and Cox (1964) is the likeliest, to two decimals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np

from .numbers import Array, Numbers, significant
from .spec import Treatment

LAMBDAS = range(-200, 201)  # hundredths: the exponents tried


def limits(one: Treatment, values: Sequence[Decimal], kept: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """The numbers of a treatment: "least" and "most", "shift" or "lambda"; those of a kept frame stand."""
    found: dict[str, Decimal] = {}
    if one.by == "winsorise":
        if "shift" in kept:
            return {"shift": kept["shift"]}
        found = _winsorising(one, sorted(values))
    elif one.by == "clip":
        ordered = sorted(values)
        found = {
            "least": quantile(ordered, (one.from_ or Decimal(0)) / 100),
            "most": quantile(ordered, (one.to or Decimal(0)) / 100),
        }
    elif one.by == "box-cox":
        stated = one.lambda_
        found = {"lambda": likeliest([float(x + one.shift) for x in values]) if stated is None else stated}
    return {name: kept.get(name, significant(number)) for name, number in found.items()}


def _winsorising(one: Treatment, ordered: Sequence[Decimal]) -> dict[str, Decimal]:
    """Limits, or, where they do not help and the spec says so, none or the shift of a logarithm."""
    least, most, helped = winsorised(ordered, one.most, one.skew, one.kurtosis)
    if helped or one.otherwise == "keep":
        return {"least": least, "most": most}
    low, high = ordered[0], ordered[-1]
    if one.otherwise == "undo":
        return {"least": low, "most": high}
    return {"shift": (high - low) / 100 - low}


def applied(one: Treatment, values: Array, found: Mapping[str, Decimal], kind: Numbers) -> Array:
    """The treated values. For log and box-cox, value + shift is above 0."""
    if one.by == "winsorise" and "shift" in found:
        return kind.ln(values + kind.of(found["shift"]))
    if one.by in ("winsorise", "clip"):
        least, most = kind.of(found["least"]), kind.of(found["most"])
        return np.asarray(np.minimum(np.maximum(values, least), most))
    shifted = values + kind.of(one.shift)
    exponent = found.get("lambda", Decimal(0))
    if not exponent:
        return kind.ln(shifted)
    return np.asarray((kind.power(shifted, exponent) - kind.of(Decimal(1))) / kind.of(exponent))


def needs_positive(one: Treatment) -> bool:
    """Whether a treatment takes logarithms or powers."""
    return one.by in ("log", "box-cox")


def shape(values: Sequence[Decimal]) -> tuple[Decimal, Decimal] | None:
    """Skewness G1 and excess kurtosis G2 of a sample; None under four values or where all are alike."""
    n = len(values)
    if n < 4:
        return None
    mean = sum(values, Decimal(0)) / n
    second, third, fourth = (sum(((x - mean) ** p for x in values), Decimal(0)) / n for p in (2, 3, 4))
    if not second:
        return None
    skew = third / (second * second.sqrt()) * (Decimal(n) * (n - 1)).sqrt() / (n - 2)
    excess = fourth / (second * second) - 3
    return skew, ((n + 1) * excess + 6) * (n - 1) / (Decimal(n - 2) * (n - 3))


def winsorised(
    ordered: Sequence[Decimal], most: int, skew: Decimal, kurtosis: Decimal
) -> tuple[Decimal, Decimal, bool]:
    """The least and greatest value that remain, and whether the rest passes; `ordered` from least to greatest."""

    def passes() -> bool:
        found = shape(values)
        return found is None or abs(found[0]) < skew or found[1] < kurtosis

    values, above, below = list(ordered), 0, 0
    while above + below < most and not passes():
        found = shape(values)
        high = found is not None and found[0] >= 0
        edge = values[-1] if high else values[0]
        inner = [x for x in values if x != edge]
        if inner[0] == inner[-1]:
            break  # one value would be left, and nobody told apart
        # Those moved before stand at the edge and move again: the count is of units, not of moves.
        count = len(values) - len(inner)
        if high:
            values, above = [*inner, *[inner[-1]] * count], count
        else:
            values, below = [*[inner[0]] * count, *inner], count
    return values[0], values[-1], passes()


def quantile(ordered: Sequence[Decimal], share: Decimal) -> Decimal:
    """A quantile by straight lines between the ordered values (type 7 of Hyndman and Fan 1996)."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def likeliest(values: Sequence[float]) -> Decimal:
    """The exponent of Box and Cox that makes positive values most like normal ones, to two decimals."""
    logs = np.log(np.array(values))
    logs_sum, n = float(logs.sum()), len(values)
    best, found = -np.inf, Decimal(1)
    for step in LAMBDAS:
        exponent = step / 100
        # On values divided by their geometric mean: the powers stay in reach, the likelihood is the same.
        centred = logs - logs_sum / n
        moved = centred if not step else np.expm1(exponent * centred) / exponent
        likelihood = -n / 2 * np.log(max(float(moved.var()), 1e-300))
        if likelihood > best:
            best, found = likelihood, Decimal(step) / 100
    return found
