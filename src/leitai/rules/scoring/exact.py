"""Numbers that come out the same everywhere: decimals, one context, declared rounding.

Floats from measuring enter by their shortest text (what a person would read), so 0.1 is a tenth; from then
on sums are exact and do not depend on the order of the units.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from functools import cache
from typing import Literal

Rounding = Literal["half-up", "half-even"]
ROUNDINGS: dict[Rounding, str] = {"half-up": ROUND_HALF_UP, "half-even": ROUND_HALF_EVEN}

EXACT = Context(prec=40, rounding=ROUND_HALF_EVEN)
"""Forty digits: every product and sum of a table is exact in it; only quotients and roots round."""

ZERO = Decimal(0)
FULL = Decimal(100)


def dec(value: Decimal | float | int | str) -> Decimal:
    """A number as a decimal without needless zeros or exponents, equal for 1, 1.0, "1.00" and Decimal("1").

    Raises ValueError where it is no finite number.
    """
    try:
        found = EXACT.create_decimal(repr(float(value)) if isinstance(value, float) else value)
    except ArithmeticError:
        raise ValueError(f"{value!r} is not a number") from None
    if not found.is_finite():
        raise ValueError(f"{value!r} is not a finite number")
    found = found.normalize(EXACT)
    if found.as_tuple().exponent > 0:  # type: ignore[operator]  # a finite number's exponent is an int
        found = found.quantize(Decimal(1), context=EXACT)
    return found or ZERO


def round_to(value: Decimal, places: int, rounding: Rounding = "half-up") -> Decimal:
    """A number to so many decimals; half-up means away from zero at the half, as people round by hand.

    Zero has no sign, whichever way it was come by.
    """
    found = value.quantize(_unit(places), rounding=ROUNDINGS[rounding], context=EXACT)
    return found or found.copy_abs()


@cache
def _unit(places: int) -> Decimal:
    return Decimal(1).scaleb(-places)
