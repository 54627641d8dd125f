"""What was measured: false alarms on honest months, and abuses found; seed 2026, told in docs/methods.

Whoever changes a screen or the honest month measures again, and writes the numbers here and there.
"""

from __future__ import annotations

from math import log

from .calibrate import SCREENS, Calibration, Share
from .spoil import ABUSES

_RUNS = {  # units: months
    40: 600,
    200: 300,
    3200: 100,
}
_ALARMED = {  # units: months in which each screen raised a lead, in the order of SCREENS
    40: (0, 1, 0, 10, 10, 1, 2),
    200: (1, 0, 0, 3, 4, 0, 10),
    3200: (0, 2, 0, 1, 1, 0, 2),
}
_NAMED = {  # units: units named falsely in all months
    40: (0, 1, 0, 10, 10, 1, 2),
    200: (1, 0, 0, 3, 4, 0, 10),
    3200: (0, 2, 0, 1, 1, 0, 2),
}
_FOUND = {  # units: plays of each abuse that were reported, in the order of ABUSES
    40: (565, 455, 518, 600, 600, 586, 600, 599, 598, 598, 346, 481, 294, 448, 13),
    200: (278, 223, 259, 300, 300, 291, 300, 300, 300, 292, 147, 204, 152, 294, 265),
    3200: (78, 41, 83, 100, 100, 100, 100, 99, 98, 95, 5, 29, 54, 100, 100),
}


def _calibration(units: int) -> Calibration:
    runs = _RUNS[units]
    return Calibration(
        units,
        30,
        0.05,
        {name: Share(hits, runs) for name, hits in zip(SCREENS, _ALARMED[units], strict=True)},
        {name: Share(hits, runs * units) for name, hits in zip(SCREENS, _NAMED[units], strict=True)},
        {abuse.key: Share(hits, runs) for abuse, hits in zip(ABUSES, _FOUND[units], strict=True)},
    )


MEASURED = tuple(_calibration(units) for units in _RUNS)


def measured(units: int) -> Calibration:
    """What was measured in places of the size nearest to so many units (at least 1)."""
    return min(MEASURED, key=lambda one: abs(log(one.units / units)))
