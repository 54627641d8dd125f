"""Two ways to count with the same formulas: exact decimals for what is published, floats for thousands of draws.

Each stage is written once, on numpy arrays whose last axis is the units. With `EXACT` they hold decimals of
forty digits, so a score has the same bytes on every machine and two equal scores are equal; with `FLOAT`
they hold float64, some hundred times faster, and serve where chance swamps the last bits anyway.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from ..exact import EXACT as CONTEXT
from ..exact import Rounding, round_to

Array: TypeAlias = npt.NDArray[Any]
Mask: TypeAlias = npt.NDArray[np.bool_]

SIGNIFICANT = 12
"""Digits of a number that a file holds for reading, and of a frame that another period may use again."""

SETTLED = 30
"""Digits that points keep of the forty they are counted with: 99.99… of a root is 100 again, and ties are ties."""

_SETTLE = np.frompyfunc(Context(prec=SETTLED, rounding=ROUND_HALF_EVEN).plus, 1, 1)
_LN = np.frompyfunc(CONTEXT.ln, 1, 1)
_EXP = np.frompyfunc(CONTEXT.exp, 1, 1)
_POWER = np.frompyfunc(CONTEXT.power, 2, 1)


@dataclass(frozen=True, slots=True)
class Numbers:
    """One of the two: how a decimal enters, and the functions that numpy does not offer for both."""

    exact: bool

    def of(self, value: Decimal) -> Any:
        """A constant."""
        return value if self.exact else float(value)

    def array(self, values: Sequence[Decimal]) -> Array:
        """A row of values, shape (units,)."""
        if not self.exact:
            return np.array([float(value) for value in values], dtype=np.float64)
        found = np.empty(len(values), dtype=object)
        found[:] = values
        return found

    def ln(self, values: Array) -> Array:
        """The natural logarithm; the values are above 0."""
        return np.asarray(_LN(values)) if self.exact else np.log(values)

    def exp(self, values: Array) -> Array:
        """e to the values."""
        return np.asarray(_EXP(values)) if self.exact else np.exp(values)

    def power(self, values: Array, exponent: Decimal) -> Array:
        """The values, above 0, to one exponent."""
        if self.exact:
            return np.asarray(_POWER(values, np.asarray(exponent, dtype=object)))
        return np.power(values, float(exponent))

    def settled(self, values: Array) -> Array:
        """Points as they are kept: decimals to thirty digits, floats as they are."""
        return np.asarray(_SETTLE(values)) if self.exact else values


EXACT = Numbers(True)
FLOAT = Numbers(False)


def printed(values: Array, decimals: int, rounding: Rounding) -> Array:
    """Floats as they would be published, in whole units of the last decimal; a half but for float dust is a half."""
    scaled = np.round(values * 10.0**decimals, 7)
    if rounding == "half-even":
        return np.asarray(np.rint(scaled))
    return np.asarray(np.copysign(np.floor(np.abs(scaled) + 0.5), scaled))


def significant(value: Decimal, digits: int = SIGNIFICANT) -> Decimal:
    """A number to so many significant digits, half to even; 0 stays 0."""
    if not value:
        return Decimal(0)
    return round_to(value, digits - 1 - value.adjusted(), "half-even")


def written(value: Decimal, digits: int = SIGNIFICANT) -> str:
    """A number as a file shows it: so many significant digits, no needless zeros."""
    found = significant(value, digits).normalize()
    if not -6 <= found.adjusted() <= digits:
        return str(found)
    return f"{found:f}" if found else "0"
