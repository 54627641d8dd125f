"""Where something is, as a telephone tells it in a form: degrees of WGS 84, or nothing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple


class Spot(NamedTuple):
    """Degrees of WGS 84, and within how many metres, where the telephone knows."""

    latitude: float
    longitude: float
    accuracy: float | None


def spot(posted: Mapping[str, str]) -> Spot | None:
    """The place of a form's boxes `latitude`, `longitude`, `accuracy`; None where they give none on the globe."""
    latitude, longitude = _number(posted, "latitude"), _number(posted, "longitude")
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return Spot(latitude, longitude, _number(posted, "accuracy"))


def _number(posted: Mapping[str, str], name: str) -> float | None:
    try:
        found = float(posted.get(name, ""))
    except ValueError:
        return None
    return found if math.isfinite(found) else None
