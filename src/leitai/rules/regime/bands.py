"""Bands of a measure: `{"<0.5%": 100, "<1%": 90, else: 60}` as comparisons, tried from the top.

>>> parse_bands({"<0.5%": Decimal(100), "else": Decimal(60)})[0]
Band(sign='<', limit=Decimal('0.005'), points=Decimal('100'))
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from leitai.rules.kernel import N_

ELSE = "else"
_BAND = re.compile(r"(<=|>=|<|>|≤|≥)\s*(-?\d+(?:\.\d+)?)\s*(%?)")


class BandError(ValueError):
    """Bands that cannot be used; `key` is the band at fault, None when it is the whole."""

    def __init__(self, key: str | None, message: str, /, **values: object) -> None:
        super().__init__(message % values)
        self.key, self.message, self.values = key, message, values


@dataclass(frozen=True, slots=True)
class Band:
    """Values that a sign and a limit take (`limit` None: all) and the points they are worth. 1% is 0.01."""

    sign: str
    limit: Decimal | None
    points: Decimal


def parse_bands(bands: Mapping[str, Decimal]) -> tuple[Band, ...]:
    """Bands in order. Raises BandError: malformed, two directions, out of order, without a last `else`."""
    found: list[Band] = []
    for place, (key, points) in enumerate(bands.items(), start=1):
        if key == ELSE:
            if place < len(bands):
                raise BandError(key, N_("“else” takes all that is left, so it comes last"))
            found.append(Band(ELSE, None, points))
            continue
        match = _BAND.fullmatch(key.strip())
        if match is None:
            raise BandError(
                key, N_("“%(key)s” is not a band: write <0.5%%, <=10, >3, >=90%% or else"), key=key
            )
        sign = match[1].replace("≤", "<=").replace("≥", ">=")
        band = Band(sign, Decimal(match[2]) / (100 if match[3] else 1), points)
        if found:
            _follows(key, found[-1], band)
        found.append(band)
    if not found or found[-1].limit is not None:
        raise BandError(None, N_("bands end with “else”, for every value that the others leave"))
    return tuple(found)


def _follows(key: str, before: Band, band: Band) -> None:
    """A band must take something that the one before it left."""
    if before.limit is None or band.limit is None:
        return
    if before.sign[0] != band.sign[0]:
        raise BandError(key, N_("“%(key)s” looks the other way than the band before it"), key=key)
    rising = band.sign[0] == "<"
    further = band.limit > before.limit if rising else band.limit < before.limit
    if not further and not (band.limit == before.limit and len(band.sign) > len(before.sign)):
        raise BandError(
            key, N_("“%(key)s” takes nothing that the band before it left; order the bands"), key=key
        )
