"""Made-up years whose end is known: how often the forecast's interval holds it, also where its model is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import sqrt

import numpy as np

from .forecast import LEVEL, added_up, last_stands
from .special import Chance, Floats

MONTHS = 12
KNOWN = (3, 6, 9)
_SEASON = np.array([4, 3, 7, 8, 9, 11, 8, 8, 10, 9, 9, 14], dtype=float)  # a year of works: little in winter


@dataclass(frozen=True, slots=True)
class Kept:
    """A world, how many months of the year were known, what was promised and how often it was kept."""

    world: str
    known: int
    stated: float
    achieved: float
    error: float


def _as_assumed(chance: Chance) -> tuple[Floats, Floats | None]:
    return 1.2 * _SEASON + np.sqrt(_SEASON) * chance.standard_normal(MONTHS), _SEASON


def _even(chance: Chance) -> tuple[Floats, Floats | None]:
    return 10 + 2 * chance.standard_normal(MONTHS), None


def _skewed(chance: Chance) -> tuple[Floats, Floats | None]:
    return chance.gamma(2.0, 5.0, MONTHS), None


def _alike(chance: Chance) -> tuple[Floats, Floats | None]:
    """Neighbouring months are alike: their errors have a correlation of a half."""
    found = np.empty(MONTHS)
    last = chance.standard_normal()
    for month in range(MONTHS):
        found[month] = last
        last = 0.5 * last + sqrt(0.75) * chance.standard_normal()
    return 10 + 2 * found, None


def _season_unknown(chance: Chance) -> tuple[Floats, Floats | None]:
    """The year has its seasons, and nothing is known of last year."""
    return _SEASON + np.sqrt(_SEASON) * chance.standard_normal(MONTHS), None


def _rush(chance: Chance) -> tuple[Floats, Floats | None]:
    """What is reported doubles in the last two months."""
    found = 10 + 2 * chance.standard_normal(MONTHS)
    found[10:] *= 2
    return found, None


WORLDS: dict[str, Callable[[Chance], tuple[Floats, Floats | None]]] = {
    "last year known, as assumed": _as_assumed,
    "even months, as assumed": _even,
    "skewed months": _skewed,
    "neighbouring months alike": _alike,
    "seasons, last year unknown": _season_unknown,
    "a rush at the end": _rush,
}
ASSUMED = ("last year known, as assumed", "even months, as assumed", "level, as assumed")


def trials(chance: Chance, runs: int, level: float = LEVEL) -> Iterator[Kept]:
    """Each world with 3, 6 and 9 months known; then a figure of which the last stands."""
    for world, year in WORLDS.items():
        for known in KNOWN:
            hits = 0
            for _run in range(runs):
                parts, before = year(chance)
                rest = before[known:] if before is not None else np.ones(MONTHS - known)
                own = list(before[:known]) if before is not None else None
                found = added_up(list(parts[:known]), own, list(rest), level=level)
                assert found is not None
                hits += found.low <= parts.sum() <= found.high
            yield _kept(world, known, level, hits, runs)
    for known in (4, 6, 9):
        hits = 0
        for _run in range(runs):
            levels = 5 + np.cumsum(8 + 2 * chance.standard_normal(MONTHS))
            found = last_stands(list(levels[:known]), MONTHS - known, level=level)
            assert found is not None
            hits += found.low <= levels[-1] <= found.high
        yield _kept("level, as assumed", known, level, hits, runs)


def _kept(world: str, known: int, level: float, hits: int, runs: int) -> Kept:
    return Kept(world, known, level, hits / runs, sqrt(level * (1 - level) / runs))
